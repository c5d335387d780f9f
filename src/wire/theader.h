/*
 * THeader frames: what stands between the frame's size and the message.
 *
 *     u16 magic 0x0fff, u16 flags, i32 sequence id, u16 size of the header in words, then the
 *     header: varint protocol, varint transforms, their ids, info blocks, padding; then the message
 *
 * Frames whose payload is transformed are told apart, not undone. Info blocks are passed over.
 * Source: Apache Thrift doc/specs/HeaderFormat.md, lib/cpp THeaderTransport.cpp.
 */
#ifndef WIRE_THEADER_H
#define WIRE_THEADER_H

#include <rethrift/protocol.h>

#include "wire/cursor.h"

struct theader {
    thrift_protocol protocol;
    int32_t sequence_id;
    bool transformed;
    thrift_bytes payload; /* view: the message */
};

/* `frame` is what follows the frame's size. WIRE_BAD_VERSION: another magic or protocol id. */
enum wire_fault theader_read(thrift_bytes frame, const thrift_limits *limits, struct theader *out);

#endif
