/**
 * Asynchronous clients on a program's own libuv loop: optional, included by nobody else.
 */
#ifndef RETHRIFT_UV_H
#define RETHRIFT_UV_H

#include <rethrift/loop.h>

#ifdef __cplusplus
extern "C" {
#endif

struct uv_loop_s;

/**
 * Calls live on `loop`, an uv_loop_t that the program runs and closes. Functions that calls end
 * with run on its thread. A client keeps uv_run() going until it is freed; the memory is given back
 * when uv_run() has run once more after thrift_loop_free(). Clients of this loop are opened and
 * freed on its thread. NULL: E_NOMEM, E_IO. Threads: the loop's.
 */
THRIFT_API THRIFT_NODISCARD thrift_loop *thrift_loop_new_uv(struct uv_loop_s *loop,
                                                            thrift_error *err);

#ifdef __cplusplus
}
#endif
#endif
