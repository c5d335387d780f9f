/*
 * Worker: one loop of a server with its connections, its recycled call and its buffers.
 */
#ifndef RPC_WORKER_H
#define RPC_WORKER_H

#include "rpc/connection.h"
#include "rpc/serving.h"
#include "rpc/session.h"
#include "transport/listener.h"

/* The first worker accepts for all of them, and outlives the others' loops. */
struct worker_chief {
    struct worker *const *workers;
    size_t worker_count;
    struct listener *listeners;  /* a chain */
    bool signals;                /* SIGTERM and SIGINT drain, SIGHUP calls `hangup` */
    void (*hangup)(void *data);  /* NULL: SIGHUP is not handled */
    void (*started)(void *data); /* accepts, and signals are handled; may be NULL */
    void *data;
};

struct worker {
    struct serving *serving;
    struct loop *loop;
    struct dispatcher dispatcher;
    struct inbound_shared shared;
    thrift_buffer out; /* empty between two events */
    struct deadline_list lists[CONNECTION_LISTS];
    struct connection connections; /* a ring */
    struct deadline_list drain_list;
    struct deadline drain;
    bool draining;     /* listeners are closed */
    bool closing_idle; /* the grace is over */
    bool ended;
    struct worker_chief chief; /* workers NULL: not the chief */
    struct signals *signals;
    size_t turn; /* of the next connection */
};

/* E_NOMEM, E_IO. */
struct worker *worker_new(struct serving *serving, thrift_error *err);
/* Not running. NULL allowed. */
void worker_free(struct worker *worker);
/* Before the start. */
void worker_make_chief(struct worker *worker, const struct worker_chief *chief);

thrift_status worker_start(struct worker *worker, thrift_error *err);
/* Blocks until its loop has ended. */
void worker_join(struct worker *worker);
/* Look at the shared state: something was published or ordered. Threads: any, signal handlers too.
 */
void worker_wake(struct worker *worker);

/* Loop thread: between two calls, change to what is published; and end when all is done. */
void worker_take_generation(struct worker *worker);
void worker_finish_if_empty(struct worker *worker);

#endif
