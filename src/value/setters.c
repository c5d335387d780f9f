/*
 * Writing fields by name, path and handle. Mistakes are noted with the root, whose first one is
 * what every setter returns.
 */
#include "value/convert.h"
#include "value/place.h"
#include "value/target.h"

/* Somebody else's, or nobody's. */
static thrift_status unwritable(const thrift_record *record)
{
    return record == NULL ? THRIFT_E_ARGUMENT : THRIFT_E_STATE;
}

static void set_path(thrift_record *record, const char *path, thrift_value value)
{
    struct target target;
    bool removes = value.kind == THRIFT_KIND_NONE && value.flags == 0;

    if (path == NULL) {
        root_mistake(record->root, THRIFT_E_ARGUMENT, NULL, "a name is NULL");
    } else if (target_find(record, path, removes, &target)) {
        target_set(&target, value);
    }
}

thrift_status thrift_set_fields(thrift_record *record, thrift_fields fields)
{
    if (record == NULL || record->root == NULL) {
        return unwritable(record);
    }
    for (size_t i = 0; i < fields.count; i++) {
        const char *name = fields.items[i].name;
        const struct layout_field *field =
            name != NULL ? layout_field_named(record->layout, name, strlen(name)) : NULL;

        if (field != NULL) {
            record_put(record, field, fields.items[i].value, name);
        } else {
            set_path(record, name, fields.items[i].value);
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
