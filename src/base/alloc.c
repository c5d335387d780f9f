/*
 * The default allocator, and the one place where a size becomes memory outside arenas.
 */
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

static void *allocate(const thrift_allocator *allocator, void *old, size_t old_size, size_t size)
{
    if (allocator != NULL && allocator->fn != NULL) {
        return allocator->fn(allocator->data, old, old_size, size);
    }
    if (size == 0) {
        free(old);
        return NULL;
    }
    return realloc(old, size);
}

void *mem_alloc(const thrift_allocator *allocator, size_t size)
{
    return allocate(allocator, NULL, 0, size > 0 ? size : 1);
}

void *mem_alloc_zero(const thrift_allocator *allocator, size_t count, size_t size)
{
    size_t total;
    void *block;

    if (!size_multiply(count, size, &total)) {
        return NULL;
    }
    block = mem_alloc(allocator, total);
    if (block != NULL) {
        memset(block, 0, total);
    }
    return block;
}

void *mem_resize(const thrift_allocator *allocator, void *old, size_t old_size, size_t new_size)
{
    if (old != NULL && old_size == 0) {
        old_size = 1; /* as mem_alloc() counted it */
    }
    return allocate(allocator, old, old_size, new_size > 0 ? new_size : 1);
}

void mem_free(const thrift_allocator *allocator, void *block, size_t size)
{
    if (block != NULL) {
        (void)allocate(allocator, block, size > 0 ? size : 1, 0);
    }
}
