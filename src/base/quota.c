/*
 * Counting before asking: a block that grows counts twice for the moment in which it may move.
 */
#include "base/quota.h"

#include "base/alloc.h"

static bool take(struct quota *quota, size_t size)
{
    size_t before = atomic_fetch_add_explicit(&quota->used, size, memory_order_relaxed);

    if (size <= quota->most && before <= quota->most - size) {
        return true;
    }
    atomic_fetch_sub_explicit(&quota->used, size, memory_order_relaxed);
    atomic_fetch_add_explicit(&quota->refusals, 1, memory_order_relaxed);
    return false;
}

static void give_back(struct quota *quota, size_t size)
{
    atomic_fetch_sub_explicit(&quota->used, size, memory_order_relaxed);
}

static void *allocate(void *data, void *old, size_t old_size, size_t size)
{
    struct quota *quota = data;
    void *block;

    if (size == 0) {
        mem_free(&quota->under, old, old_size);
        give_back(quota, old_size);
        return NULL;
    }
    if (!take(quota, size)) {
        return NULL;
    }
    block = old != NULL ? mem_resize(&quota->under, old, old_size, size)
                        : mem_alloc(&quota->under, size);
    give_back(quota, block != NULL ? old_size : size);
    return block;
}

void quota_init(struct quota *quota, const thrift_allocator *under, size_t most)
{
    quota->under = under != NULL ? *under : (thrift_allocator){NULL, NULL};
    quota->most = most;
    atomic_init(&quota->used, 0);
    atomic_init(&quota->refusals, 0);
}

thrift_allocator quota_allocator(struct quota *quota)
{
    return (thrift_allocator){allocate, quota};
}
