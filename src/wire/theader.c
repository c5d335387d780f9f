/*
 * THeader: the fixed part and the two numbers that decide how the payload is read.
 */
#include "wire/theader.h"

#include "wire/compact.h"

#define MAGIC 0x0fffu
#define FIXED_SIZE 10u
#define PROTOCOL_BINARY 0u
#define PROTOCOL_COMPACT 2u

enum wire_fault theader_read(thrift_bytes frame, const thrift_limits *limits, struct theader *out)
{
    struct cursor in = cursor_of(frame), head;
    uint32_t protocol, transforms;
    size_t size;

    if (!cursor_need(&in, FIXED_SIZE)) {
        return WIRE_TRUNCATED;
    }
    if (load_big16(in.at) != MAGIC) {
        return WIRE_BAD_VERSION;
    }
    out->sequence_id = (int32_t)load_big32(in.at + 4);
    size = (size_t)load_big16(in.at + 8) * 4;
    in.at += FIXED_SIZE;
    if (size > limits->max_header_size) {
        return WIRE_SIZE_LIMIT;
    }
    if (!cursor_need(&in, size)) {
        return WIRE_BAD_VALUE; /* beyond its frame: more bytes would not help */
    }
    head = (struct cursor){in.at, in.at + size, in.at}; /* R12: sees nothing else */
    in.at += size;
    if (varint_read32(&head, &protocol) != WIRE_OK ||
        varint_read32(&head, &transforms) != WIRE_OK) {
        return WIRE_BAD_VALUE;
    }
    if (protocol != PROTOCOL_BINARY && protocol != PROTOCOL_COMPACT) {
        return WIRE_BAD_VERSION;
    }
    out->protocol = protocol == PROTOCOL_BINARY ? THRIFT_BINARY : THRIFT_COMPACT;
    out->transformed = transforms > 0;
    out->payload = (thrift_bytes){in.at, cursor_left(&in)};
    return WIRE_OK;
}
