/*
 * Writing fields by name, path and handle. Mistakes are noted with the root, whose first one is
 * what every setter returns.
 */
#include "value/convert.h"
#include "value/copy.h"
#include "value/names.h"
#include "value/place.h"
#include "value/target.h"

/* What is set most, without a detour; false: nothing done, record_put() decides. */
static inline bool put_common(thrift_record *record, const struct layout_field *field,
                              const thrift_value *value)
{
    void *slot = record_slot(record, field);
    thrift_bytes bytes;

    if (record->layout->tagged || value->flags != 0) {
        return false;
    }
    if (field->kind == THRIFT_KIND_STRING && value->kind == THRIFT_KIND_STRING) {
        bytes = value->as.bytes;
        if (!copy_bytes(record->root, &bytes)) {
            return false;
        }
        memcpy(slot, &bytes, sizeof bytes);
    } else if (field->kind == THRIFT_KIND_I32 && value->kind == THRIFT_KIND_I64 &&
               value->as.integer == (int32_t)value->as.integer) {
        *(int32_t *)slot = (int32_t)value->as.integer;
    } else if (field->kind == THRIFT_KIND_I64 && value->kind == THRIFT_KIND_I64) {
        *(int64_t *)slot = value->as.integer;
    } else {
        return false;
    }
    record_presence(record)[field->has / 64] |= UINT64_C(1) << (field->has % 64);
    return true;
}

/* Somebody else's, or nobody's. */
static thrift_status unwritable(const thrift_record *record)
{
    return record == NULL ? THRIFT_E_ARGUMENT : THRIFT_E_STATE;
}

static __attribute__((noinline)) void set_path(thrift_record *record, const char *path,
                                               thrift_value value)
{
    struct target target;
    bool removes = value.kind == THRIFT_KIND_NONE && value.flags == 0;

    if (path == NULL) {
        root_mistake(record->root, THRIFT_E_ARGUMENT, NULL, "a name is NULL");
    } else if (target_find(record, path, removes, &target)) {
        target_set(&target, value);
    }
}

/* The field of that name; names come in the order of the definition more often than not. */
static inline const struct layout_field *look_up(const struct layout *layout, const char *name,
                                                 uint32_t guess)
{
    if (guess < layout->field_count && names_is(&layout->fields[guess], name)) {
        return &layout->fields[guess];
    }
    return names_look_up(layout, name);
}

thrift_status thrift_set_fields(thrift_record *record, thrift_fields fields)
{
    uint32_t guess = 0;

    if (record == NULL || record->root == NULL) {
        return unwritable(record);
    }
    for (size_t i = 0; i < fields.count; i++) {
        const thrift_named_value *item = &fields.items[i];
        const struct layout_field *field =
            item->name != NULL ? look_up(record->layout, item->name, guess) : NULL;

        if (field == NULL) {
            set_path(record, item->name, item->value);
            continue;
        }
        guess = field->slot + 1;
        if (!put_common(record, field, &item->value)) {
            record_put(record, field, item->value, item->name);
        }
    }
    return root_status(record->root);
}

thrift_status thrift_record_set(thrift_record *record, const thrift_field *field,
                                thrift_value value)
{
    const struct layout_field *place;

    if (record == NULL || record->root == NULL) {
        return unwritable(record);
    }
    if (field == NULL) {
        return root_mistake(record->root, THRIFT_E_ARGUMENT, NULL, "the field is NULL");
    }
    place = record_field_of(record, field);
    if (place != NULL) {
        record_put(record, place, value, field->node.name);
    }
    return root_status(record->root);
}

void thrift_unset(thrift_record *record, const char *name)
{
    if (record != NULL && record->root != NULL) {
        set_path(record, name, thrift_value_none(NULL));
    }
}

static void *open_at(thrift_record *record, const char *name, thrift_kind kind)
{
    struct target target;

    if (record == NULL || record->root == NULL) {
        return NULL;
    }
    if (name == NULL) {
        root_mistake(record->root, THRIFT_E_ARGUMENT, NULL, "a name is NULL");
        return NULL;
    }
    return target_find(record, name, false, &target) ? target_open(&target, kind) : NULL;
}

thrift_record *thrift_open_record(thrift_record *record, const char *name)
{
    return open_at(record, name, THRIFT_KIND_RECORD);
}

thrift_list *thrift_open_list(thrift_record *record, const char *name)
{
    return open_at(record, name, THRIFT_KIND_LIST);
}

thrift_map *thrift_open_map(thrift_record *record, const char *name)
{
    return open_at(record, name, THRIFT_KIND_MAP);
}
