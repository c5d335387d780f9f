/*
 * The scanner: finds where an unframed message ends, without decoding it, from bytes that come in
 * any pieces.
 *
 *     scan_begin(&scan, protocol, limits, allocator);
 *     while (scan_on(&scan, bytes of this message so far, &size, err) == THRIFT_PENDING) read more
 *
 * The bytes may move in memory between two calls, but always start with the message's first; more
 * than one message may be there. Work is linear in the bytes however they are split (R14), because
 * the place is kept. Memory is taken for nesting only (12 bytes a level), never from a size that a
 * peer claims. Invariant: at <= bytes seen.
 */
#ifndef WIRE_SCAN_H
#define WIRE_SCAN_H

#include "wire/tjson_message.h"
#include "wire/walk.h"

struct scan {
    struct walk walk;
    struct tjson_ending ending; /* of TJSON, instead of the walk */
    thrift_protocol protocol;
    thrift_limits limits; /* in force */
    thrift_allocator allocator;
    size_t at;   /* everything before it is done with */
    bool inside; /* the header is done with */
    bool ended;
};

/* `limits` may be NULL; copied. The allocator too: NULL for malloc. */
void scan_begin(struct scan *scan, thrift_protocol protocol, const thrift_limits *limits,
                const thrift_allocator *allocator);
/* Back to the begin of the next message; keeps the memory of its levels. */
void scan_again(struct scan *scan);
void scan_deinit(struct scan *scan);

/*
 * THRIFT_OK: the message is the first *out_size bytes. THRIFT_PENDING: more is needed; err and
 * *out_size untouched. Else the stream cannot be read any further: E_CORRUPT, E_PROTOCOL, E_LIMIT
 * (larger than max_frame_size, nested too deep, name too long), E_NOMEM.
 */
thrift_status scan_on(struct scan *scan, thrift_bytes so_far, size_t *out_size, thrift_error *err);

#endif
