/*
 * The shared part of a server's loops.
 */
#include "rpc/serving.h"

void serving_init(struct serving *serving)
{
    (void)pthread_mutex_init(&serving->lock, NULL);
    peers_init(&serving->peers);
    atomic_init(&serving->published, 0);
    atomic_init(&serving->shutdowns, 0);
    atomic_init(&serving->connections, 0);
    atomic_init(&serving->workers, 0);
}

void serving_deinit(struct serving *serving)
{
    generation_unref(serving->current);
    peers_deinit(&serving->peers);
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

const char *serving_enter(struct serving *serving, int fd, struct peer_count **out)
{
    const char *why = NULL;

    if (atomic_fetch_add(&serving->connections, 1) >= serving->limits.max_connections) {
        why = "as many connections as max_connections allows are open already";
    } else {
        why = peers_enter(&serving->peers, fd, serving->limits.max_connections_per_peer, out);
    }
    if (why != NULL) {
        atomic_fetch_sub(&serving->connections, 1);
    }
    return why;
}

void serving_leave(struct serving *serving, struct peer_count *peer)
{
    peers_leave(&serving->peers, peer);
    atomic_fetch_sub(&serving->connections, 1);
}
