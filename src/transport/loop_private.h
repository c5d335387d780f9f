/*
 * Loop, as streams, listeners and signal watches see it: with libuv.
 */
#ifndef TRANSPORT_LOOP_PRIVATE_H
#define TRANSPORT_LOOP_PRIVATE_H

#include <pthread.h>
#include <uv.h>

#include "transport/loop.h"

#define LOOP_READ_SIZE ((size_t)64 * 1024)

struct loop {
    uv_loop_t *uv; /* `own`, or a program's */
    uv_loop_t own;
    uv_async_t async;
    uv_timer_t timer; /* runs while a deadline does, for the earliest of them */
    uint64_t timer_at_ms;
    struct deadline_list *lists; /* by their `next` */
    struct loop_events events;
    thrift_allocator allocator;
    pthread_t thread;
    bool running;
    uint32_t keepers;     /* of a guest: loop_keep_running() */
    uint8_t closing;      /* handles of a guest whose close is under way */
    pthread_mutex_t lock; /* of the next two */
    struct loop_task *tasks, **tasks_end;
    bool ended;
    uint8_t *read_buffer; /* shared by all streams: one of them reads at a time */
};

/* libuv's negative codes are negated errno values. */
thrift_status loop_fail(thrift_error *err, int uv_status, const char *what);

#endif
