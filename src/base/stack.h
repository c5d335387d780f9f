/*
 * A stack of equal items for work that must not recurse: the first ones stand in the caller's
 * frame, further ones are allocated.
 *
 *     struct frame room[16];
 *     struct stack stack;
 *     stack_init(&stack, room, sizeof room, sizeof room[0], allocator);
 */
#ifndef BASE_STACK_H
#define BASE_STACK_H

#include "base/alloc.h"

struct stack {
    uint8_t *items;
    size_t count, capacity, item_size;
    const void *room; /* the caller's; not to be freed */
    thrift_allocator allocator;
};

void stack_init(struct stack *stack, void *room, size_t room_size, size_t item_size,
                const thrift_allocator *allocator);
void stack_deinit(struct stack *stack);
/* false: no memory. */
bool stack_grow(struct stack *stack);

/* The new item, not initialised; NULL: no memory. Pointers to other items are void afterwards. */
static inline void *stack_push(struct stack *stack)
{
    if (stack->count == stack->capacity && !stack_grow(stack)) {
        return NULL;
    }
    return stack->items + stack->item_size * stack->count++;
}

/* NULL when empty. */
static inline void *stack_top(const struct stack *stack)
{
    return stack->count > 0 ? stack->items + stack->item_size * (stack->count - 1) : NULL;
}

static inline void *stack_at(const struct stack *stack, size_t i)
{
    return stack->items + stack->item_size * i;
}

static inline void stack_pop(struct stack *stack) { stack->count--; }

#endif
