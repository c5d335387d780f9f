/*
 * Listeners: open sockets that accept connections on a loop.
 *
 * Opening binds and listens at once, so that a port in use is the caller's error; accepting begins
 * with listener_start(). When descriptors run out, accepting pauses instead of spinning.
 */
#ifndef TRANSPORT_LISTENER_H
#define TRANSPORT_LISTENER_H

#include "base/log.h"
#include "transport/address.h"
#include "transport/loop.h"

struct listener;

/* `fd` is non-blocking and the receiver's. */
typedef void (*listener_accept_fn)(void *data, int fd);

/* One per address that the name has; *out_first is a chain. E_ARGUMENT, E_IO, E_NOMEM. */
thrift_status listener_open(const struct address *address, const thrift_allocator *allocator,
                            struct listener **out_first, thrift_error *err);
struct listener *listener_next(const struct listener *listener);
void listener_chain(struct listener *last, struct listener *more);
/* With the real port; lives as long as the listener. */
const char *listener_address(const struct listener *listener);

/* Loop thread. */
thrift_status listener_start(struct listener *listener, struct loop *loop,
                             listener_accept_fn accepted, void *data, const struct log *log,
                             thrift_error *err);
/* Loop thread: refuses new connections from now on; a Unix path is gone. */
void listener_stop(struct listener *listener);
/* Never started, or its loop has ended. NULL allowed. */
void listener_free(struct listener *listener);

#endif
