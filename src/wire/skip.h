/*
 * Skipping: one whole value, of which only the type code is known.
 */
#ifndef WIRE_SKIP_H
#define WIRE_SKIP_H

#include <rethrift/protocol.h>

#include "wire/cursor.h"

/* How deep the skipped value stands in what surrounds it: both limits count on from there. */
struct skip_depth {
    uint32_t structs, any;
};

/* Binary and compact. The cursor moves behind the value, or to where the fault is. A bool that is a
 * field of compact has no bytes: do not skip it. */
enum wire_fault skip_value(thrift_protocol protocol, struct cursor *in, uint8_t type,
                           struct skip_depth depth, const thrift_limits *limits);

/* The same for `count` values of one type, which are elements of a container: depth.any > 0. */
enum wire_fault skip_elements(thrift_protocol protocol, struct cursor *in, uint8_t type,
                              uint32_t count, struct skip_depth depth, const thrift_limits *limits);

#endif
