/*
 * List: a list or a set, its items dense in one array of slots.
 *
 * Invariant: `items` has room for `capacity` slots of the element's kind; NULL when that is 0.
 */
#ifndef VALUE_LIST_H
#define VALUE_LIST_H

#include "value/layout.h"
#include "value/root.h"

struct thrift_list {
    const thrift_type *type;  /* of the list: kind list or set, and the element */
    struct thrift_root *root; /* NULL: a shared constant */
    void *items;
    uint32_t count, capacity;
};

/* The empty list or set that stands for every one: read-only, of no type. */
extern const thrift_list list_shared_empty;

/* A new empty list with room for `capacity` items. NULL: arena_fail() says why. */
thrift_list *list_make(struct thrift_root *root, const thrift_type *type, uint32_t capacity);
/* Room for `more` items behind `count`. false: arena_fail() says why, the list is as before. */
bool list_reserve(thrift_list *list, uint32_t more);
void list_remove(thrift_list *list, uint32_t i);

static inline void *list_slot(thrift_list *list, size_t i)
{
    return (uint8_t *)list->items + i * slot_size(list->type->element->kind);
}

static inline const void *list_slot_const(const thrift_list *list, size_t i)
{
    return (const uint8_t *)list->items + i * slot_size(list->type->element->kind);
}

#endif
