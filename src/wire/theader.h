/*
 * THeader frames: what stands between the frame's size and the message.
 *
 *     u16 magic 0x0fff, u16 flags, i32 sequence id, u16 size of the header in words, then the
 *     header: varint protocol, varint transforms, their ids, info blocks, padding; then the message
 *
 * One transform is known, zlib, and may be there once. Of the info blocks the first is read when it
 * holds names and values; others are passed over. Padding may be anything from 0 to 4 bytes: C++
 * writes 1 to 4, Python and we 0 to 3.
 * Source: Apache Thrift doc/specs/HeaderFormat.md, lib/cpp THeaderTransport.cpp.
 */
#ifndef WIRE_THEADER_H
#define WIRE_THEADER_H

#include "wire/cursor.h"
#include "wire/headers.h"
#include "wire/message.h"

struct theader {
    thrift_protocol protocol;
    int32_t sequence_id;
    bool zlib;            /* the payload is compressed */
    thrift_bytes headers; /* a view, as in headers.h */
    thrift_bytes payload; /* a view: the message, compressed or not */
    /* Not APPLICATION_UNKNOWN: the frame is intact, but this is not spoken here (INVALID_PROTOCOL,
     * INVALID_TRANSFORM); `refused_id` says what. The members above are not set then, but for the
     * sequence id. */
    enum application_code refused;
    uint32_t refused_id;
};

/* Does a frame begin with the magic? No message of any protocol does. */
static inline bool theader_is(thrift_bytes frame)
{
    return frame.size >= 2 && frame.data[0] == 0x0f && frame.data[1] == 0xff;
}

/* `frame` is what follows the frame's size. WIRE_BAD_VERSION: another magic; WIRE_BAD_VALUE,
 * WIRE_TRUNCATED, WIRE_SIZE_LIMIT (max_header_size, max_header_count). */
enum wire_fault theader_read(thrift_bytes frame, const thrift_limits *limits, struct theader *out);

/* Appends everything before the message, the frame's size included; that is filled in by
 * theader_end(). Of `form` the first three members and `headers` are used. E_LIMIT: more headers
 * than fit; E_NOMEM. */
thrift_status theader_begin(const struct theader *form, thrift_buffer *out, thrift_error *err);
/* `begin` is where theader_begin() began. Compresses what was appended since, if that was
 * announced. E_NOMEM. */
thrift_status theader_end(thrift_buffer *out, size_t begin, bool zlib, thrift_error *err);

#endif
