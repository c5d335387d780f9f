/*
 * Connector: connects to an address without keeping the loop waiting, on libuv's pool of threads.
 */
#ifndef TRANSPORT_CONNECTOR_H
#define TRANSPORT_CONNECTOR_H

#include "transport/address.h"
#include "transport/loop.h"

/* On the loop's thread, once. `fd` is the receiver's; -1: `err` says why. */
typedef void (*connected_fn)(void *data, int fd, const thrift_error *err);

/* Loop thread. `address` is copied. E_NOMEM, E_IO; `connected` does not come then. */
thrift_status connector_start(struct loop *loop, const struct address *address,
                              uint64_t deadline_ns, connected_fn connected, void *data,
                              const thrift_allocator *allocator, thrift_error *err);

#endif
