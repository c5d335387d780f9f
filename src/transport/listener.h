/*
 * Listeners: open sockets that accept connections on a loop.
 *
 * Opening binds and listens at once, so that a port in use is the caller's error; accepting begins
 * with listener_start(). A UDP socket receives instead. When descriptors run out, accepting pauses
 * instead of spinning.
 */
#ifndef TRANSPORT_LISTENER_H
#define TRANSPORT_LISTENER_H

#include <rethrift/buffer.h>

#include "base/log.h"
#include "transport/address.h"
#include "transport/loop.h"

struct listener;

/* On the loop. */
struct listener_events {
    /* `fd` is non-blocking and the receiver's. */
    void (*accepted)(void *data, int fd);
    /* One datagram, theirs until the return. */
    void (*received)(void *data, thrift_bytes datagram, const char *peer);
    void *data;
};

/* One per address that the name has, or per inherited socket; *out_first is a chain. E_ARGUMENT,
 * E_IO, E_NOMEM. */
thrift_status listener_open(const struct address *address, const thrift_allocator *allocator,
                            struct listener **out_first, thrift_error *err);
struct listener *listener_next(const struct listener *listener);
void listener_chain(struct listener *last, struct listener *more);
/* With the real port; lives as long as the listener. */
const char *listener_address(const struct listener *listener);

/* Loop thread. */
thrift_status listener_start(struct listener *listener, struct loop *loop,
                             const struct listener_events *events, const struct log *log,
                             thrift_error *err);
/* Loop thread: refuses new connections from now on; a Unix path is gone. */
void listener_stop(struct listener *listener);
/* Never started, or its loop has ended. NULL allowed. */
void listener_free(struct listener *listener);

#endif
