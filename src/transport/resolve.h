/*
 * Names to addresses, within a deadline.
 */
#ifndef TRANSPORT_RESOLVE_H
#define TRANSPORT_RESOLVE_H

#include <netdb.h>

#include "transport/address.h"

/* The addresses of a TCP address's host; release with freeaddrinfo(). A number resolves at once; a
 * name on a thread of its own, which is left behind when the deadline passes. E_CONNECT,
 * E_DEADLINE, E_NOMEM. */
thrift_status resolve_host(const struct address *address, uint64_t deadline_ns,
                           struct addrinfo **out, thrift_error *err);

#endif
