/*
 * A list under a lock: generations are made and freed rarely.
 */
#include "rpc/census.h"

#include <pthread.h>

#include "base/alloc.h"
#include "base/reference.h"

struct census {
    struct reference reference;
    thrift_allocator allocator;
    pthread_mutex_t lock;
    struct census_entry *first; /* the newest; guarded by the lock */
};

struct census *census_new(const thrift_allocator *allocator)
{
    struct census *census = mem_alloc_zero(allocator, 1, sizeof *census);

    if (census != NULL) {
        reference_init(&census->reference);
        census->allocator = *allocator;
        (void)pthread_mutex_init(&census->lock, NULL);
    }
    return census;
}

void census_unref(struct census *census)
{
    thrift_allocator allocator;

    if (census != NULL && reference_drop(&census->reference)) {
        allocator = census->allocator;
        (void)pthread_mutex_destroy(&census->lock);
        mem_free(&allocator, census, sizeof *census);
    }
}

void census_enter(struct census *census, struct census_entry *entry, uint64_t number)
{
    reference_take(&census->reference);
    pthread_mutex_lock(&census->lock);
    *entry = (struct census_entry){census, census->first, NULL, number};
    if (census->first != NULL) {
        census->first->previous = entry;
    }
    census->first = entry;
    pthread_mutex_unlock(&census->lock);
}

void census_leave(struct census_entry *entry)
{
    struct census *census = entry->census;

    if (census == NULL) {
        return;
    }
    pthread_mutex_lock(&census->lock);
    if (entry->next != NULL) {
        entry->next->previous = entry->previous;
    }
    if (entry->previous != NULL) {
        entry->previous->next = entry->next;
    } else {
        census->first = entry->next;
    }
    pthread_mutex_unlock(&census->lock);
    entry->census = NULL;
    census_unref(census);
}

struct census_count census_take(struct census *census)
{
    struct census_count count = {0, 0};

    pthread_mutex_lock(&census->lock);
    for (const struct census_entry *at = census->first; at != NULL; at = at->next) {
        count.live++;
        count.oldest = count.oldest == 0 || at->number < count.oldest ? at->number : count.oldest;
    }
    pthread_mutex_unlock(&census->lock);
    return count;
}
