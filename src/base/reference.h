/*
 * Reference counts of immutable shared objects.
 *
 * Taking one needs no ordering (the caller already has one); giving one back releases what this
 * thread did, and the last one acquires what all others did.
 */
#ifndef BASE_REFERENCE_H
#define BASE_REFERENCE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct reference {
    atomic_size_t count;
};

static inline void reference_init(struct reference *reference)
{
    atomic_init(&reference->count, 1);
}

static inline void reference_take(struct reference *reference)
{
    atomic_fetch_add_explicit(&reference->count, 1, memory_order_relaxed);
}

/* true for the last one: the object is the caller's to free. */
static inline bool reference_drop(struct reference *reference)
{
    /* Not a fence for the last one alone: thread sanitizers do not understand fences. */
    return atomic_fetch_sub_explicit(&reference->count, 1, memory_order_acq_rel) == 1;
}

#endif
