/*
 * Link: a client's connection, shared by its threads.
 *
 * Requests of several threads go out behind each other. One of the waiting threads reads for all:
 * it hands replies to those who wait for them by sequence id, and when it has its own, the next one
 * reads. So a thread alone pays for no hand-over, and no further thread is needed.
 *
 * After a time-out, a malformed reply or a reply that nobody waits for, the stream's state is not
 * known: the link is broken for all, and the next request makes a new one. Nothing is sent twice.
 */
#ifndef RPC_LINK_H
#define RPC_LINK_H

#include <pthread.h>

#include "rpc/dialogue.h"

struct link;

/* One reply, for the one that waits. */
struct link_reply {
    struct message_header header;
    thrift_protocol protocol; /* a THeader peer may answer in another than it was asked in */
    thrift_bytes body;        /* behind the header; view into `message` or the link's memory */
    thrift_buffer message;    /* the waiting one's copy, when another thread read it */
};

/* Reads a reply while its bytes are there; for the thread that waits for it. */
typedef thrift_status (*link_reply_fn)(const struct link_reply *reply, void *data,
                                       thrift_error *err);

struct link_request {
    const char *method; /* that the reply must name */
    bool oneway;        /* no reply is waited for */
    uint64_t deadline_ns;
    /* Appends the message with this sequence id. */
    thrift_status (*write)(struct dialogue *dialogue, int32_t sequence_id, thrift_buffer *out,
                           void *data, thrift_error *err);
    link_reply_fn read;
    void *data;
};

/* `first_id`: of the first request. E_CONNECT, E_DEADLINE, E_NOMEM. */
struct link *link_open(const struct destination *destination, int32_t first_id,
                       const thrift_limits *limits, const thrift_allocator *allocator,
                       uint64_t deadline_ns, thrift_error *err);
void link_ref(struct link *link);
void link_unref(struct link *link); /* NULL allowed */

/* Can it be used for another request? Looks for a peer that closed when it was idle a while. */
bool link_is_usable(struct link *link);

/* Is it a reply at all, and to this method? E_PROTOCOL. */
thrift_status link_check_reply(const struct message_header *header, const char *method,
                               thrift_error *err);

/* A request that waits for its reply; in its owner's memory. */
struct link_waiter {
    struct link_waiter *next, *previous;
    int32_t sequence_id;
    const struct link_request *request;
    enum link_waiting { LINK_WAITING, LINK_ANSWERED, LINK_LOST } state;
    bool posted; /* its owner does other things: whoever reads the reply does so for it */
    struct link_reply reply;
    thrift_error err;
    pthread_cond_t changed;
};

/*
 * Pipelining: post, post, …, finish, finish, … What is posted is sent when somebody waits for a
 * reply, or when there is much of it. Each waiter that was posted without failure is finished or
 * dropped, in any order; the request and the waiter stay where they are until then.
 * link_post() fails with E_CLOSED, when the link is broken, and as request->write does.
 */
thrift_status link_post(struct link *link, const struct link_request *request,
                        struct link_waiter *waiter, thrift_error *err);
thrift_status link_finish(struct link *link, struct link_waiter *waiter, thrift_error *err);
/* Nobody wants the reply: unless it is there, the link is given up. */
void link_drop(struct link *link, struct link_waiter *waiter);

/* Sends, waits, reads. *out_sent: whether any byte went out. Threads: any. */
thrift_status link_exchange(struct link *link, const struct link_request *request, bool *out_sent,
                            thrift_error *err);

#endif
