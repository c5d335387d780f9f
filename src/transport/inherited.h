/*
 * Inherited sockets: those that systemd, or whoever started the process, has opened already.
 *
 * Source: sd_listen_fds(3): LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES; descriptors from 3 on.
 */
#ifndef TRANSPORT_INHERITED_H
#define TRANSPORT_INHERITED_H

#include <rethrift/error.h>
#include <sys/types.h>

#define INHERITED_FIRST 3
#define INHERITED_MOST 256

/* Descriptors that are meant for this process, by ascending number; of that name only, unless it is
 * empty. Returns how many, at most INHERITED_MOST. */
int inherited_sockets(const char *name, int out_fds[INHERITED_MOST]);

/* Makes an open descriptor fit for a loop: non-blocking, not inherited any further. E_ARGUMENT: not
 * a listening stream socket nor a datagram socket. */
thrift_status inherited_prepare(int fd, bool *out_datagrams, thrift_error *err);

#endif
