/*
 * Walking a path while making it.
 */
#include "value/target.h"

#include "value/convert.h"
#include "value/mapping_index.h"
#include "value/object.h"
#include "value/open.h"
#include "value/place.h"

/* A union takes this member from now on; its place is zero when it held another one. */
static void choose(thrift_record *record, const struct layout_field *field)
{
    if (record->layout->tagged && !record_has(record, field)) {
        memset(record_slot(record, field), 0, record->layout->size - field->offset);
    }
    record_mark(record, field);
}

thrift_status record_put(thrift_record *record, const struct layout_field *field,
                         thrift_value value, const char *path)
{
    union slot slot;
    thrift_status status;

    if (value.kind == THRIFT_KIND_NONE && value.flags == 0) {
        record_clear(record, field);
        return THRIFT_OK;
    }
    status = slot_take(field->type, value, &slot);
    if (status != THRIFT_OK) {
        return slot_complain(record->root, path, field->type, value, status);
    }
    status = slot_own(record->root, field->type, &slot);
    if (status != THRIFT_OK) {
        return status;
    }
    choose(record, field);
    slot_store(field->kind, record_slot(record, field), &slot);
    return THRIFT_OK;
}

static thrift_status set_item(struct target *target, thrift_value value)
{
    union slot slot;
    thrift_status status;

    if (value.kind == THRIFT_KIND_NONE && value.flags == 0) {
        list_remove(target->in.list, target->index);
        return THRIFT_OK;
    }
    status = slot_take(target->type, value, &slot);
    if (status != THRIFT_OK) {
        return slot_complain(target->root, target->path, target->type, value, status);
    }
    status = slot_own(target->root, target->type, &slot);
    if (status == THRIFT_OK) {
        slot_store(target->type->kind, list_slot(target->in.list, target->index), &slot);
    }
    return status;
}

static thrift_status set_entry(struct target *target, thrift_value value)
{
    union slot slot;
    thrift_status status;

    if (value.kind == THRIFT_KIND_NONE && value.flags == 0) {
        mapping_remove(target->in.map, &target->key);
        return THRIFT_OK;
    }
    status = slot_take(target->type, value, &slot);
    if (status != THRIFT_OK) {
        return slot_complain(target->root, target->path, target->type, value, status);
    }
    return mapping_put(target->in.map, &target->key, &slot);
}

thrift_status target_set(struct target *target, thrift_value value)
{
    switch (target->kind) {
    case TARGET_FIELD:
        return record_put(target->in.record, target->field, value, target->path);
    case TARGET_ITEM:
        return set_item(target, value);
    case TARGET_ENTRY:
        return set_entry(target, value);
    }
    return THRIFT_E_STATE;
}

static void *open_field(thrift_record *record, const struct layout_field *field)
{
    union slot slot = {.object = NULL};
    void *object;

    /* The declared default is where an absent one begins; the old one of a union is left alone. */
    if (!record->layout->tagged || record_has(record, field)) {
        memcpy(&slot, record_slot(record, field), field->size);
    } else if (field->default_slot != NULL) {
        memcpy(&slot, field->default_slot, field->size);
    }
    object = slot_open(record->root, field->type, &slot);
    if (object != NULL) {
        choose(record, field);
        slot_store(field->kind, record_slot(record, field), &slot);
    }
    return object;
}

static bool fits(const thrift_type *type, thrift_kind kind)
{
    return kind == type->kind || (kind == THRIFT_KIND_LIST && type->kind == THRIFT_KIND_SET);
}

void *target_open(struct target *target, thrift_kind kind)
{
    if (!fits(target->type, kind)) {
        static const char *const names[] = {[THRIFT_KIND_RECORD] = "struct",
                                            [THRIFT_KIND_LIST] = "list",
                                            [THRIFT_KIND_MAP] = "map"};

        root_mistake(target->root, THRIFT_E_TYPE, target->path, "%s is no %s",
                     target->type->spelling, names[kind]);
        return NULL;
    }
    switch (target->kind) {
    case TARGET_FIELD:
        return open_field(target->in.record, target->field);
    case TARGET_ITEM:
        return slot_open(target->root, target->type, list_slot(target->in.list, target->index));
    case TARGET_ENTRY:
        return mapping_open(target->in.map, &target->key);
    }
    return NULL;
}

/* Nothing is there, not even a declared default that a path could lead into. */
static bool is_missing(const struct target *target)
{
    if (target->kind == TARGET_FIELD) {
        return !record_has(target->in.record, target->field);
    }
    return target->kind == TARGET_ENTRY &&
           mapping_position(target->in.map, &target->key) == MAPPING_NONE;
}

static bool to_field(struct target *target, thrift_record *record, const struct path_step *step)
{
    const struct layout_field *field = layout_field_named(record->layout, step->text, step->size);

    if (field == NULL) {
        no_such_field(target->root, record->layout, target->path, step->text, step->size);
        return false;
    }
    target->kind = TARGET_FIELD;
    target->in.record = record;
    target->field = field;
    target->type = field->type;
    return true;
}

static bool to_item(struct target *target, thrift_list *list, const struct path_step *step,
                    bool present_only)
{
    if (step->index >= list->count) {
        if (!present_only) {
            root_mistake(target->root, THRIFT_E_NAME, target->path,
                         "there is no item %u: the list has %u", (unsigned)step->index,
                         (unsigned)list->count);
        }
        return false;
    }
    target->kind = TARGET_ITEM;
    target->in.list = list;
    target->index = step->index;
    target->type = list->type->element;
    return true;
}

static bool to_entry(struct target *target, thrift_map *map, const struct path_step *step)
{
    if (path_key(step, map->type->key, target->scratch, &target->key) != THRIFT_OK) {
        root_mistake(target->root, THRIFT_E_TYPE, target->path, "the key is no %s",
                     map->type->key->spelling);
        return false;
    }
    target->kind = TARGET_ENTRY;
    target->in.map = map;
    target->type = map->type->element;
    return true;
}

/* Into the object at the target, where the step leads. */
static bool step_on(struct target *target, const struct path_step *step, bool present_only)
{
    static const thrift_kind kinds[] = {[PATH_FIELD] = THRIFT_KIND_RECORD,
                                        [PATH_ITEM] = THRIFT_KIND_LIST,
                                        [PATH_KEY] = THRIFT_KIND_MAP,
                                        [PATH_BAD] = THRIFT_KIND_NONE};
    void *object;

    if (!fits(target->type, kinds[step->kind])) {
        bad_step(target->root, target->path, target->type);
        return false;
    }
    if (present_only && is_missing(target)) {
        return false;
    }
    object = target_open(target, kinds[step->kind]);
    if (object == NULL) {
        return false;
    }
    if (step->kind == PATH_FIELD) {
        return to_field(target, object, step);
    }
    return step->kind == PATH_ITEM ? to_item(target, object, step, present_only)
                                   : to_entry(target, object, step);
}

bool target_find(thrift_record *record, const char *path, bool present_only, struct target *out)
{
    const char *at = path;
    struct path_step step = path_next(&at, true);

    out->path = path;
    out->root = record->root;
    if (step.kind != PATH_FIELD) {
        bad_step(record->root, path, NULL);
        return false;
    }
    if (!to_field(out, record, &step)) {
        return false;
    }
    while ((step = path_next(&at, false)).kind != PATH_END) {
        if (!step_on(out, &step, present_only)) {
            return false;
        }
    }
    return true;
}
