/*
 * Lists and sets: making and growing.
 */
#include "value/list.h"

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
