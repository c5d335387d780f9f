/*
 * Memory through the caller's allocator, with sizes checked for overflow.
 *
 * An allocator is a value: NULL or {NULL, NULL} is malloc. Blocks are aligned for any type.
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <rethrift/limits.h>

/* All return NULL when there is no memory or the size overflows. */
void *mem_alloc(const thrift_allocator *allocator, size_t size);
void *mem_alloc_zero(const thrift_allocator *allocator, size_t count, size_t size);
void *mem_resize(const thrift_allocator *allocator, void *old, size_t old_size, size_t new_size);
void mem_free(const thrift_allocator *allocator, void *block, size_t size); /* NULL allowed */

/* false on overflow; *out untouched then. */
static inline bool size_add(size_t a, size_t b, size_t *out)
{
    size_t sum;

    if (__builtin_add_overflow(a, b, &sum)) {
        return false;
    }
    *out = sum;
    return true;
}

static inline bool size_multiply(size_t a, size_t b, size_t *out)
{
    size_t product;

    if (__builtin_mul_overflow(a, b, &product)) {
        return false;
    }
    *out = product;
    return true;
}

#endif
