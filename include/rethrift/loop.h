/**
 * Loop: where the calls of asynchronous clients live. A thread of ours, or (uv.h) a program's own
 * libuv loop, or any other loop that can watch a descriptor.
 */
#ifndef RETHRIFT_LOOP_H
#define RETHRIFT_LOOP_H

#include <rethrift/limits.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct thrift_loop thrift_loop;

/**
 * A thread of ours that runs the calls of any number of clients, and the functions that they end
 * with: one at a time, so they should not block. NULL: E_NOMEM, E_IO. Threads: any.
 */
THRIFT_API THRIFT_NODISCARD thrift_loop *thrift_loop_new(thrift_error *err);
/**
 * The thread ends when the last client is freed that was opened with the loop; this waits for it,
 * unless it is called on that thread. An embedded loop does here what is left to do of clients that
 * are freed: a connection that is being made is waited for. NULL allowed. Threads: any; for a loop
 * of uv.h and an embedded one that loop's.
 */
THRIFT_API void thrift_loop_free(thrift_loop *loop);

/* ---- inside another event loop ---- */

/**
 * A loop without a thread, for programs that wait with poll(), epoll, select(), GLib or whatever
 * else. Each turn: wait until thrift_loop_fd() is readable, at most thrift_loop_timeout_ms(); then
 * thrift_loop_process(). Calls end inside of that, on the program's thread. Clients of this loop
 * are opened and freed on that thread, as is the loop. NULL: E_NOMEM, E_IO. Threads: any.
 */
THRIFT_API THRIFT_NODISCARD thrift_loop *thrift_loop_new_embedded(thrift_error *err);
/** To be watched for being readable; the same one always, never to be read or closed. -1: this is
 * another kind of loop, or NULL. Threads: the loop's. */
THRIFT_API int thrift_loop_fd(const thrift_loop *loop);
/** How long to wait for it; 0: not at all; -1: without end. It changes with what is started and
 * processed: ask before each wait. Threads: the loop's. */
THRIFT_API int thrift_loop_timeout_ms(const thrift_loop *loop);
/** Does what is due and never waits; nothing for another kind of loop, or when it is called from
 * inside itself. Threads: the loop's. */
THRIFT_API void thrift_loop_process(thrift_loop *loop);

#ifdef __cplusplus
}
#endif
#endif
