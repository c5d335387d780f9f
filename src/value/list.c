/*
 * Lists and sets: making and growing, items by position.
 */
#include "value/list.h"

#include "value/convert.h"
#include "value/object.h"
#include "value/open.h"

const thrift_list list_shared_empty = {NULL, NULL, NULL, 0, 0};

thrift_list *list_make(struct thrift_root *root, const thrift_type *type, uint32_t capacity)
{
    thrift_list *list = arena_alloc(&root->arena, sizeof *list);

    if (list == NULL) {
        return NULL;
    }
    *list = (thrift_list){type, root, NULL, 0, 0};
    return capacity == 0 || list_reserve(list, capacity) ? list : NULL;
}

bool list_reserve(thrift_list *list, uint32_t more)
{
    return slots_reserve(&list->root->arena, &list->items, list->count, &list->capacity, more,
                         slot_size(list->type->element->kind));
}

size_t thrift_list_count(const thrift_list *list) { return list != NULL ? list->count : 0; }

thrift_value thrift_list_at(const thrift_list *list, size_t i)
{
    if (list == NULL || i >= list->count) {
        return thrift_value_none(NULL);
    }
    return slot_value(list->type->element, list_slot_const(list, i), list->root);
}

static void misread(const thrift_list *list, const char *wanted)
{
    root_mistake(list->root, THRIFT_E_TYPE, NULL, "%s holds no %s", list->type->spelling, wanted);
}

const thrift_record *thrift_list_record(const thrift_list *list, size_t i)
{
    if (list == NULL || i >= list->count) {
        return NULL;
    }
    if (list->type->element->kind != THRIFT_KIND_RECORD) {
        misread(list, "structs");
        return NULL;
    }
    return slot_object(list_slot_const(list, i));
}

/* The items, when they are of that kind. */
static const void *items_of(const thrift_list *list, thrift_kind kind, thrift_kind also,
                            const char *wanted)
{
    thrift_kind held;

    if (list == NULL || list->type == NULL) {
        return NULL;
    }
    held = list->type->element->kind;
    if (held == kind || held == also) {
        return list->items;
    }
    misread(list, wanted);
    return NULL;
}

const int32_t *thrift_list_i32s(const thrift_list *list)
{
    return items_of(list, THRIFT_KIND_I32, THRIFT_KIND_ENUM, "i32s");
}

const int64_t *thrift_list_i64s(const thrift_list *list)
{
    return items_of(list, THRIFT_KIND_I64, THRIFT_KIND_I64, "i64s");
}

const double *thrift_list_doubles(const thrift_list *list)
{
    return items_of(list, THRIFT_KIND_DOUBLE, THRIFT_KIND_DOUBLE, "doubles");
}

/* Room for one more item, not yet counted; NULL: noted. */
static void *next_slot(thrift_list *list)
{
    if (!list_reserve(list, 1)) {
        root_no_memory(list->root);
        return NULL;
    }
    return list_slot(list, list->count);
}

thrift_status thrift_list_add_value(thrift_list *list, thrift_value value)
{
    union slot slot;
    thrift_status status;
    void *at;

    if (list == NULL || list->root == NULL) {
        return list == NULL ? THRIFT_E_ARGUMENT : THRIFT_E_STATE;
    }
    status = slot_take(list->type->element, value, &slot);
    if (status != THRIFT_OK) {
        return slot_complain(list->root, "item of a list", list->type->element, value, status);
    }
    status = slot_own(list->root, list->type->element, &slot);
    if (status != THRIFT_OK) {
        return status;
    }
    at = next_slot(list);
    if (at == NULL) {
        return root_status(list->root);
    }
    slot_store(list->type->element->kind, at, &slot);
    list->count++;
    return root_status(list->root);
}

/* A new empty object at the end. */
static void *add_object(thrift_list *list)
{
    void *object = object_make(list->root, list->type->element);
    void *at = object != NULL ? next_slot(list) : NULL;

    if (at == NULL) {
        return NULL;
    }
    memcpy(at, &object, sizeof object);
    list->count++;
    return object;
}

thrift_record *thrift_list_add_record(thrift_list *list)
{
    if (list == NULL || list->root == NULL) {
        return NULL;
    }
    if (list->type->element->kind != THRIFT_KIND_RECORD) {
        misread(list, "structs");
        return NULL;
    }
    return add_object(list);
}

thrift_list *thrift_list_add_list(thrift_list *list)
{
    if (list == NULL || list->root == NULL) {
        return NULL;
    }
    if (!kind_is_list(list->type->element->kind)) {
        misread(list, "lists");
        return NULL;
    }
    return add_object(list);
}

thrift_map *thrift_list_add_map(thrift_list *list)
{
    if (list == NULL || list->root == NULL) {
        return NULL;
    }
    if (list->type->element->kind != THRIFT_KIND_MAP) {
        misread(list, "maps");
        return NULL;
    }
    return add_object(list);
}

void list_remove(thrift_list *list, uint32_t i)
{
    size_t size = slot_size(list->type->element->kind);

    list->count--;
    memmove(list_slot(list, i), list_slot(list, i + 1), (list->count - i) * size);
}
