/*
 * Convert: a thrift_value into a slot of a declared type, and back. The rules of what fits where
 * stand here and nowhere else.
 */
#ifndef VALUE_CONVERT_H
#define VALUE_CONVERT_H

#include "value/layout.h"
#include "value/root.h"

/* thrift_value.flags of a value that fits nothing: a non-NULL void *, an unsigned beyond i64. */
#define VALUE_UNUSABLE 1u

/* The slot's value; strings and containers are borrowed from it. `root` keeps later mistakes. */
thrift_value slot_value(const thrift_type *type, const void *slot, const struct thrift_root *root);

/*
 * The other way: checked, strings and objects still borrowed. E_TYPE, E_RANGE, E_NAME (an enum has
 * no such symbol); *out is written on success only. A value of kind none is E_TYPE.
 */
thrift_status slot_take(const thrift_type *type, thrift_value value, union slot *out);

/* What slot_take() refused, as a mistake of the root: `path` says where. Returns as
 * root_mistake(). */
thrift_status slot_complain(const struct thrift_root *root, const char *path,
                            const thrift_type *type, thrift_value value, thrift_status status);

/* Makes the root the owner of what slot_take() borrowed. On failure (E_NOMEM, E_LIMIT, or what does
 * not fit when it comes from another schema) the mistake is noted. */
thrift_status slot_own(struct thrift_root *root, const thrift_type *type, union slot *slot);

/* The members of a slot that its kind uses. */
static inline void slot_store(thrift_kind kind, void *to, const union slot *from)
{
    switch (slot_size(kind)) {
    case 1:
        memcpy(to, from, 1);
        break;
    case 2:
        memcpy(to, from, 2);
        break;
    case 4:
        memcpy(to, from, 4);
        break;
    case 8:
        memcpy(to, from, 8);
        break;
    default:
        memcpy(to, from, 16);
        break;
    }
}

#endif
