/*
 * Strangers: protocols that are not Thrift's, told by their first bytes, so that an error can name
 * them.
 */
#ifndef WIRE_STRANGER_H
#define WIRE_STRANGER_H

#include <rethrift/buffer.h>

/* "a TLS handshake", "a Redis command" …; NULL: nothing that is known here. */
const char *stranger_name(thrift_bytes first);

#endif
