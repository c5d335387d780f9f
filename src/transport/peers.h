/*
 * Peers: how many connections each IP address holds.
 *
 * Peers of Unix sockets have no address and are not counted. Threads: any.
 */
#ifndef TRANSPORT_PEERS_H
#define TRANSPORT_PEERS_H

#include <pthread.h>
#include <rethrift/limits.h>

struct map;
struct peer_count;

struct peers {
    pthread_mutex_t lock;
    thrift_allocator allocator; /* set before the first connection */
    struct map *counts;         /* address -> struct peer_count; NULL: nobody yet */
};

void peers_init(struct peers *peers);
/* Everybody has left. */
void peers_deinit(struct peers *peers);

/* One more connection from the peer of the socket `fd`. NULL: counted, and *out is for
 * peers_leave(), NULL for a peer without an address; else why it may not be. */
const char *peers_enter(struct peers *peers, int fd, uint32_t most, struct peer_count **out);
/* NULL allowed. */
void peers_leave(struct peers *peers, struct peer_count *count);

#endif
