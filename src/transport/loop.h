/*
 * Loop: one thread with its event loop, and what its streams share: a read buffer and a timer.
 *
 * Everything is the loop thread's own business except loop_wake(), loop_post() and loop_inside().
 * libuv stays behind this header.
 */
#ifndef TRANSPORT_LOOP_H
#define TRANSPORT_LOOP_H

#include <rethrift/limits.h>

#include "transport/deadline.h"

struct loop;

/* Work for the loop thread; intrusive. */
struct loop_task {
    struct loop_task *next;
    void (*run)(struct loop_task *task);
};

struct loop_events {
    void (*started)(void *data); /* first thing on the thread; may be NULL */
    void (*woken)(void *data);   /* after loop_wake(), several together are one */
    void (*ended)(void *data);   /* last thing on the thread; may be NULL */
    void *data;
};

/* E_NOMEM, E_IO. */
struct loop *loop_new(const struct loop_events *events, const thrift_allocator *allocator,
                      thrift_error *err);
/* Not running (never started, or joined). NULL allowed. */
void loop_free(struct loop *loop);

/* On a program's own uv_loop_t, which it runs itself: loop_start(), loop_join() and loop_free() are
 * not for this one. Does not keep the program's loop running. E_NOMEM, E_IO. */
struct loop *loop_new_guest(void *uv_loop, const struct loop_events *events,
                            const thrift_allocator *allocator, thrift_error *err);
/* Loop thread: a guest keeps the program's loop running as long as somebody wants it to. */
void loop_keep_running(struct loop *loop);
void loop_let_go(struct loop *loop);
/* Loop thread, nothing of ours is open in it: frees itself once the program's loop has run again.
 */
void loop_leave(struct loop *loop);

/* Instead of loop_start(): the caller runs it. All of these on one thread. */
int loop_fd(const struct loop *loop);
int loop_timeout_ms(const struct loop *loop); /* 0: at once; -1: none */
void loop_turn(struct loop *loop, bool wait);

thrift_status loop_start(struct loop *loop, thrift_error *err);
/* Threads: any but the loop's. */
void loop_join(struct loop *loop);
/* Loop thread: nobody will join it; `ended` may free the loop. */
void loop_detach(struct loop *loop);
/* Is this the thread that loop_start() made? */
bool loop_is_own_thread(const struct loop *loop);
/* Loop thread: ends when all streams, listeners and signal watches are closed. */
void loop_end(struct loop *loop);

/* Threads: any; signal handlers too. */
void loop_wake(struct loop *loop);
/* false when the loop has ended: the task will not run. Threads: any. */
bool loop_post(struct loop *loop, struct loop_task *task);
/* Does the caller run on a loop's thread (any loop's)? */
bool loop_inside(void);

/* The loop's time, read once per wake-up. */
uint64_t loop_now_ms(const struct loop *loop);
/* Lists whose deadlines this loop runs; a few per loop. Before the start, or on the loop's thread.
 */
void loop_watch_deadlines(struct loop *loop, struct deadline_list *list);
void loop_unwatch_deadlines(struct loop *loop, struct deadline_list *list);
/* deadline_start() and the timer to go with it. */
void loop_start_deadline(struct loop *loop, struct deadline_list *list, struct deadline *deadline);

#endif
