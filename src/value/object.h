/*
 * Object: a record, list, set or map seen alike, as a row of children. What walks over values
 * (copying apart) is written once for all of them, with an explicit stack.
 *
 * Children of a record are its fields by slot; of a map key, value, key, value … in order of
 * arrival. A NULL object has none.
 */
#ifndef VALUE_OBJECT_H
#define VALUE_OBJECT_H

#include "value/list.h"
#include "value/mapping.h"
#include "value/record.h"

static inline bool kind_is_object(thrift_kind kind) { return kind >= THRIFT_KIND_RECORD; }

static inline bool kind_is_text(thrift_kind kind)
{
    return kind == THRIFT_KIND_STRING || kind == THRIFT_KIND_BINARY;
}

static inline bool kind_is_list(thrift_kind kind)
{
    return kind == THRIFT_KIND_LIST || kind == THRIFT_KIND_SET;
}

/* The pointer in an object's slot. */
static inline const void *slot_object(const void *slot)
{
    const void *object;

    memcpy(&object, slot, sizeof object);
    return object;
}

/* Where it says whose it is; NULL there: a shared constant. */
static inline struct thrift_root **object_root(thrift_kind kind, void *object)
{
    if (kind == THRIFT_KIND_RECORD) {
        return &((thrift_record *)object)->root;
    }
    return kind == THRIFT_KIND_MAP ? &((thrift_map *)object)->root : &((thrift_list *)object)->root;
}

/* What of a field counts for its meaning: its value, the declared default or zero where the field
 * is written nevertheless, NULL where nothing is. */
static inline const void *record_meaning(const thrift_record *record,
                                         const struct layout_field *field)
{
    const void *slot;

    if (record_has(record, field)) {
        return record_slot_const(record, field);
    }
    slot = record_slot_const(record->layout->shared_empty, field); /* holds every default */
    if (record->layout->tagged || field->field->requiredness != THRIFT_FIELD_DEFAULT ||
        (field->kind == THRIFT_KIND_RECORD && slot_object(slot) == NULL)) {
        return NULL;
    }
    return slot;
}

uint32_t object_count(const thrift_type *type, const void *object);

/* The i-th child's slot and type; NULL: an absent field (the type is given nevertheless). */
const void *object_child(const thrift_type *type, const void *object, uint32_t i,
                         const thrift_type **out_type);

/* The i-th child's step of a path ("email", "[3]", `{"a"}`) before what `err` has as its source. */
void object_prepend_path(const thrift_type *type, const void *object, uint32_t i,
                         thrift_error *err);

#endif
