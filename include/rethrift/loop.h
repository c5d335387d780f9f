/**
 * Loop: where the calls of asynchronous clients live. Either a thread of ours, or (uv.h) a
 * program's own libuv loop.
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
 * unless it is called on that thread. NULL allowed. Threads: any; for a loop of uv.h that loop's.
 */
THRIFT_API void thrift_loop_free(thrift_loop *loop);

#ifdef __cplusplus
}
#endif
#endif
