/*
 * Place: what a name or path leads to, for reading.
 *
 * Names that the definition does not have, and steps that do not fit their type, are mistakes;
 * items and keys that are not there are merely absent.
 */
#ifndef VALUE_PLACE_H
#define VALUE_PLACE_H

#include "value/record.h"

/* `slot` is NULL where nothing is; the type is known nevertheless. */
struct place {
    const thrift_type *type;
    const void *slot;
    bool present; /* set by somebody: not a declared default */
};

/* A member's slot; its declared default (or NULL) while the union holds another member. */
static inline const void *record_read(const thrift_record *record, const struct layout_field *field)
{
    return record->layout->tagged && record_tag_const(record) != field->has
               ? field->default_slot
               : record_slot_const(record, field);
}

/* false: a mistake, noted with the record's root. */
bool place_find(const thrift_record *record, const char *path, struct place *out);

/* Notes that a struct has no such field, with what may have been meant. */
thrift_status no_such_field(const struct thrift_root *root, const struct layout *layout,
                            const char *path, const char *name, size_t size);
/* Notes that a step of the path does not read, or does not fit the type it stands on. */
thrift_status bad_step(const struct thrift_root *root, const char *path, const thrift_type *type);

#endif
