/*
 * Target: what a name or path leads to, for writing. What stands in between is made.
 */
#ifndef VALUE_TARGET_H
#define VALUE_TARGET_H

#include "value/list.h"
#include "value/mapping.h"
#include "value/path.h"
#include "value/record.h"

enum target_kind { TARGET_FIELD, TARGET_ITEM, TARGET_ENTRY };

struct target {
    enum target_kind kind;
    const char *path; /* as the program gave it */
    const thrift_type *type;
    struct thrift_root *root; /* never NULL */
    union {
        thrift_record *record;
        thrift_list *list;
        thrift_map *map;
    } in;
    const struct layout_field *field;
    uint32_t index; /* of an item */
    union slot key; /* of an entry; borrowed */
    char scratch[PATH_SCRATCH_SIZE];
};

/* Everything on the way is made, unless `present_only`: then false where something is missing.
 * Mistakes are noted, and false, too. */
bool target_find(thrift_record *record, const char *path, bool present_only, struct target *out);

/* Kind none removes: the field becomes absent, the item or entry is taken out. */
thrift_status target_set(struct target *target, thrift_value value);
/* The record, list (or set) or map there, made or copied so that it can be written. NULL: noted. */
void *target_open(struct target *target, thrift_kind kind);

/* The same for a field that is known: what target_set() does there. `path` is for mistakes. */
thrift_status record_put(thrift_record *record, const struct layout_field *field,
                         thrift_value value, const char *path);

#endif
