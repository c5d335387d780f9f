/*
 * The shared part of a server's loops.
 */
#include "rpc/serving.h"

void serving_init(struct serving *serving)
{
    (void)pthread_mutex_init(&serving->lock, NULL);
    atomic_init(&serving->published, 0);
    atomic_init(&serving->shutdowns, 0);
    atomic_init(&serving->connections, 0);
    atomic_init(&serving->workers, 0);
}

void serving_deinit(struct serving *serving)
{
    generation_unref(serving->current);
    (void)pthread_mutex_destroy(&serving->lock);
}

struct generation *serving_generation(struct serving *serving)
{
    struct generation *current;

    pthread_mutex_lock(&serving->lock);
    current = serving->current;
    generation_ref(current);
    pthread_mutex_unlock(&serving->lock);
    return current;
}

void serving_publish(struct serving *serving, struct generation *next)
{
    struct generation *before;

    pthread_mutex_lock(&serving->lock);
    before = serving->current;
    serving->current = next;
    atomic_store(&serving->published, next->number);
    pthread_mutex_unlock(&serving->lock);
    generation_unref(before);
}

bool serving_enter(struct serving *serving)
{
    if (atomic_fetch_add(&serving->connections, 1) < serving->limits.max_connections) {
        return true;
    }
    serving_leave(serving);
    return false;
}

void serving_leave(struct serving *serving) { atomic_fetch_sub(&serving->connections, 1); }
