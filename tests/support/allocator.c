/*
 * Counts exactly: every block given back must name the size it was taken with.
 */
#include "allocator.h"

#include <stdlib.h>

static void *allocate(void *data, void *old, size_t old_size, size_t size)
{
    struct failing_allocator *memory = data;
    void *block;

    if (size == 0) {
        memory->live -= old_size;
        free(old);
        return NULL;
    }
    memory->count++;
    if (memory->fail_at != 0 && (memory->count == memory->fail_at ||
                                 (memory->fail_onward && memory->count > memory->fail_at))) {
        return NULL;
    }
    block = realloc(old, size);
    if (block != NULL) {
        memory->live += size - (old != NULL ? old_size : 0);
        memory->peak = memory->live > memory->peak ? memory->live : memory->peak;
    }
    return block;
}

thrift_allocator failing_allocator_of(struct failing_allocator *memory)
{
    return (thrift_allocator){allocate, memory};
}
