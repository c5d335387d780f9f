/*
 * Socket: the blocking client's side of a connection, with deadlines.
 *
 * Deadlines are points of clock_now_ns(). Threads: one sender and one receiver at a time.
 */
#ifndef TRANSPORT_SOCKET_H
#define TRANSPORT_SOCKET_H

#include <rethrift/buffer.h>

#include "transport/address.h"

/* Tries all addresses of the name. E_CONNECT, E_DEADLINE, E_NOMEM. */
thrift_status socket_connect(const struct address *address, uint64_t deadline_ns, int *out_fd,
                             thrift_error *err);
void socket_close(int fd); /* -1 allowed */
/* Ends both directions: whoever reads or writes is woken. The descriptor stays. */
void socket_finish(int fd);

/* All of it, or failure: E_CLOSED, E_DEADLINE, E_IO. *out_sent: how much went out, in any case. */
thrift_status socket_send(int fd, thrift_bytes bytes, uint64_t deadline_ns, size_t *out_sent,
                          thrift_error *err);
/* At least one byte. E_CLOSED when the peer sends no more. */
thrift_status socket_receive(int fd, uint8_t *into, size_t room, uint64_t deadline_ns,
                             size_t *out_size, thrift_error *err);

/* Has the peer closed, or sent what nobody asked for? Such a connection is not used again. */
bool socket_is_stale(int fd);

#endif
