/*
 * Walking a path over values, and over types alone where values end.
 */
#include "value/place.h"

#include "base/text.h"
#include "value/mapping_index.h"
#include "value/object.h"
#include "value/path.h"

#define TYPING_ERRORS 2

/* The field whose name is nearest, when it is near. */
static const char *nearest_name(const struct layout *layout, const char *name)
{
    const char *nearest = NULL;
    size_t least = TYPING_ERRORS + 1;

    for (uint32_t slot = 0; slot < layout->field_count; slot++) {
        const char *candidate = layout->fields[slot].field->node.name;
        size_t distance = text_distance(name, candidate, TYPING_ERRORS);

        if (distance < least) {
            least = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

thrift_status no_such_field(const struct thrift_root *root, const struct layout *layout,
                            const char *path, const char *name, size_t size)
{
    char quoted[TEXT_QUOTED_SIZE], given[64];
    const char *nearest = NULL;

    text_quote(name, size, quoted);
    if (size < sizeof given) {
        memcpy(given, name, size);
        given[size] = '\0';
        nearest = nearest_name(layout, given);
    }
    if (nearest != NULL) {
        return root_mistake(root, THRIFT_E_NAME, path, "%s has no field %s; did you mean \"%s\"?",
                            layout->type->full_name, quoted, nearest);
    }
    return root_mistake(root, THRIFT_E_NAME, path, "%s has no field %s", layout->type->full_name,
                        quoted);
}

thrift_status bad_step(const struct thrift_root *root, const char *path, const thrift_type *type)
{
    return root_mistake(root, THRIFT_E_NAME, path, "the path does not lead into %s",
                        type != NULL ? type->spelling : "a struct");
}

/* One record's field; `record` is NULL where the path has left the values. */
static bool step_field(const struct thrift_root *root, const thrift_record *record,
                       const struct layout *layout, const char *path, const struct path_step *step,
                       struct place *place)
{
    const struct layout_field *field = layout_field_named(layout, step->text, step->size);

    if (field == NULL) {
        no_such_field(root, layout, path, step->text, step->size);
        return false;
    }
    place->type = field->type;
    place->slot = record != NULL ? record_read(record, field) : NULL;
    place->present = place->present && record != NULL && record_has(record, field);
    return true;
}

static void step_item(const thrift_list *list, const struct path_step *step, struct place *place)
{
    bool there = list != NULL && step->index < list->count;

    place->slot = there ? list_slot_const(list, step->index) : NULL;
    place->present = place->present && there;
    place->type = place->type->element;
}

static bool step_key(const struct thrift_root *root, const thrift_map *map, const char *path,
                     const struct path_step *step, struct place *place)
{
    char scratch[PATH_SCRATCH_SIZE];
    union slot key;
    uint32_t position = MAPPING_NONE;

    if (path_key(step, place->type->key, scratch, &key) != THRIFT_OK) {
        root_mistake(root, THRIFT_E_TYPE, path, "the key is no %s", place->type->key->spelling);
        return false;
    }
    if (map != NULL) {
        position = mapping_position(map, &key);
    }
    place->slot = position != MAPPING_NONE
                      ? object_child(place->type, map, 2 * position + 1, &place->type)
                      : NULL;
    place->present = place->present && position != MAPPING_NONE;
    place->type = position != MAPPING_NONE ? place->type : place->type->element;
    return true;
}

/* From one place to the next. */
static bool step_on(const struct thrift_root *root, const char *path, const struct path_step *step,
                    struct place *place)
{
    const thrift_type *type = place->type;
    const void *object =
        place->slot != NULL && kind_is_object(type->kind) ? slot_object(place->slot) : NULL;

    if (step->kind == PATH_FIELD && type->kind == THRIFT_KIND_RECORD) {
        return step_field(root, object, layout_made(type->record), path, step, place);
    }
    if (step->kind == PATH_ITEM && kind_is_list(type->kind)) {
        step_item(object, step, place);
        return true;
    }
    if (step->kind == PATH_KEY && type->kind == THRIFT_KIND_MAP) {
        return step_key(root, object, path, step, place);
    }
    bad_step(root, path, type);
    return false;
}

bool place_find(const thrift_record *record, const char *path, struct place *out)
{
    const char *at = path;
    struct path_step step = path_next(&at, true);
    struct place place = {.present = true};

    if (step.kind != PATH_FIELD) {
        bad_step(record->root, path, NULL);
        return false;
    }
    if (!step_field(record->root, record, record->layout, path, &step, &place)) {
        return false;
    }
    while ((step = path_next(&at, false)).kind != PATH_END) {
        if (!step_on(record->root, path, &step, &place)) {
            return false;
        }
    }
    *out = place;
    return true;
}
