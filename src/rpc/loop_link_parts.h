/*
 * What the parts of a loop link share: its calls, its connection.
 */
#ifndef RPC_LOOP_LINK_PARTS_H
#define RPC_LOOP_LINK_PARTS_H

#include <stddef.h>

#include "rpc/call_table.h"
#include "rpc/loop_link.h"
#include "transport/stream.h"

struct loop_call {
    struct call_entry entry; /* first; of a call that was written */
    struct loop_call *next;  /* of one that was not */
    struct deadline deadline;
    struct loop_link *link;
    struct exchange exchange;
    thrift_buffer arguments;
    thrift_outcome_fn done; /* NULL: it has ended, only its reply is still to come */
    void *data;
    uint64_t written_ms;
    bool written;
};

/* Calls in the order of their start. */
struct call_queue {
    struct loop_call *first, **end;
};

struct loop_link {
    thrift_client *client;
    thrift_loop *handle; /* a reference */
    struct loop *loop;
    pthread_mutex_t lock; /* of the next five */
    struct call_queue started;
    bool awake;      /* the task is on its way */
    uint32_t living; /* calls that have not ended */
    bool gone;
    pthread_cond_t gone_changed;
    struct loop_task task, close_task, end_task;
    /* of the loop's thread */
    struct call_queue waiting;
    struct call_table written;
    uint32_t abandoned;
    uint32_t next_sequence_id;
    struct deadline_list deadlines;
    struct dialogue dialogue;
    struct stream *stream; /* NULL: none, or connecting */
    uint32_t streams;      /* that are not closed yet */
    bool watching, connecting, closing, ending;
    uint64_t received_ms;
    thrift_buffer out;
    void (*tell_gone)(void *data); /* NULL: a thread waits */
    void *gone_data;
};

struct stream_owner {
    struct loop_link *link; /* which may have another stream by now */
};

static inline void queue_init(struct call_queue *queue)
{
    queue->first = NULL;
    queue->end = &queue->first;
}

static inline void queue_add(struct call_queue *queue, struct loop_call *call)
{
    call->next = NULL;
    *queue->end = call;
    queue->end = &call->next;
}

static inline void queue_remove(struct call_queue *queue, struct loop_call *call)
{
    struct loop_call **at = &queue->first;

    while (*at != call) {
        at = &(*at)->next;
    }
    *at = call->next;
    if (queue->end == &call->next) {
        queue->end = at;
    }
}

static inline struct loop_call *queue_take(struct call_queue *queue)
{
    struct loop_call *call = queue->first;

    if (call != NULL) {
        queue_remove(queue, call);
    }
    return call;
}

static inline struct loop_call *call_of(struct call_entry *entry)
{
    return (struct loop_call *)(void *)entry;
}

static inline struct loop_call *call_of_deadline(struct deadline *deadline)
{
    return (struct loop_call *)(void *)((uint8_t *)deadline - offsetof(struct loop_call, deadline));
}

/* ---- loop_traffic.c: loop thread ---- */

/* The function gets the outcome when there is no error. The call itself stays. */
void loop_tell(struct loop_link *link, struct loop_call *call, const thrift_error *err);
/* The same, of a call that is in no list any more: it is gone. */
void loop_end_call(struct loop_link *link, struct loop_call *call, const thrift_error *err);
void loop_free_call(struct loop_link *link, struct loop_call *call);
/* All that was written is lost; E_CLOSED whatever the reason, when `closed`. */
void loop_lose_connection(struct loop_link *link, const thrift_error *why, bool closed);
void loop_fail_waiting(struct loop_link *link, const thrift_error *why);
/* Writes what waits, as far as the peer takes it. */
void loop_write_waiting(struct loop_link *link);
extern const struct stream_events loop_stream_events;

/* ---- loop_link.c: loop thread ---- */

/* Connects or writes, if anything waits. */
void loop_pump(struct loop_link *link);
/* Ends it when it is closing and nothing is open any more. */
void loop_finish_if_gone(struct loop_link *link);

#endif
