/*
 * Growing a stack out of the caller's frame.
 */
#include "base/stack.h"

#include <string.h>

void stack_init(struct stack *stack, void *room, size_t room_size, size_t item_size,
                const thrift_allocator *allocator)
{
    *stack = (struct stack){
        .items = room, .capacity = room_size / item_size, .item_size = item_size, .room = room};
    if (allocator != NULL) {
        stack->allocator = *allocator;
    }
}

void stack_deinit(struct stack *stack)
{
    if (stack->items != stack->room) {
        mem_free(&stack->allocator, stack->items, stack->capacity * stack->item_size);
    }
    stack->items = NULL;
    stack->count = stack->capacity = 0;
}

bool stack_grow(struct stack *stack)
{
    bool own = stack->items != stack->room;
    size_t old_size = stack->capacity * stack->item_size, new_size;
    uint8_t *grown;

    if (!size_multiply(old_size, 2, &new_size)) {
        return false;
    }
    grown = mem_resize(&stack->allocator, own ? stack->items : NULL, own ? old_size : 0, new_size);
    if (grown == NULL) {
        return false;
    }
    if (!own) {
        memcpy(grown, stack->items, old_size);
    }
    stack->items = grown;
    stack->capacity *= 2;
    return true;
}
