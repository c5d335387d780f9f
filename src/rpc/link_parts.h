/*
 * What the parts of a link share.
 */
#ifndef RPC_LINK_PARTS_H
#define RPC_LINK_PARTS_H

#include <pthread.h>

#include "base/reference.h"
#include "rpc/link.h"

#define LINK_READ_SIZE ((size_t)64 * 1024)

struct link {
    struct reference reference;
    thrift_allocator allocator;
    int fd;
    bool ordered;              /* one exchange at a time */
    pthread_mutex_t turn;      /* of an ordered exchange; taken before `sending` */
    pthread_mutex_t sending;   /* one message at a time; taken before `lock` */
    thrift_buffer out;         /* guarded by `sending` */
    pthread_mutex_t lock;      /* of all that follows */
    uint32_t next_sequence_id; /* counts through all 32 bits: the ids turn negative */
    struct link_waiter *waiters, *last_waiter; /* the oldest first: replies come in that order */
    bool reading;                              /* a thread reads for all */
    bool broken;
    thrift_error why;
    uint64_t used_ns;         /* when the last reply came */
    struct dialogue dialogue; /* its writing half is of the sending thread, the rest */
    uint8_t *buffer;          /* of the reading thread */
};

/* By the thread that reads, or while locked and nobody does. */
void link_answer_pings(struct link *link);
/* Has the peer closed, or sent what nobody asked for? While locked, nobody waits. */
bool link_is_stale(struct link *link);

#endif
