/*
 * Envelopes of each protocol.
 *
 * Source: Apache Thrift doc/specs/thrift-binary-protocol.md and thrift-compact-protocol.md,
 * "Message"; lib/cpp TBinaryProtocol.tcc (a first i32 that is not negative is the name's size of an
 * old header).
 */
#include "wire/message.h"

#include "base/buffer.h"
#include "base/error.h"
#include "wire/binary.h"
#include "wire/compact.h"
#include "wire/tjson_message.h"

#define BINARY_VERSION 0x80010000u
#define BINARY_VERSION_MASK 0xffff0000u
#define HEADER_SIZE_MOST 16u /* without the name, any protocol */

static enum wire_fault read_name(struct cursor *in, const thrift_limits *limits, thrift_bytes *out)
{
    return binary_read_string(in, limits->max_method_name_size, out);
}

static enum wire_fault read_strict(struct cursor *in, const thrift_limits *limits,
                                   struct message_header *out)
{
    uint32_t version = load_big32(in->at);
    enum wire_fault fault;

    if ((version & BINARY_VERSION_MASK) != BINARY_VERSION) {
        return WIRE_BAD_VERSION;
    }
    out->old = false;
    out->kind = (uint8_t)(version & 0xff);
    in->at += 4;
    fault = read_name(in, limits, &out->name);
    if (fault == WIRE_OK && !binary_read_i32(in, &out->sequence_id)) {
        fault = WIRE_TRUNCATED;
    }
    return fault;
}

static enum wire_fault read_old(struct cursor *in, const thrift_limits *limits,
                                struct message_header *out)
{
    enum wire_fault fault = read_name(in, limits, &out->name);
    int8_t kind;

    if (fault != WIRE_OK) {
        return fault;
    }
    if (!binary_read_i8(in, &kind) || !binary_read_i32(in, &out->sequence_id)) {
        return WIRE_TRUNCATED;
    }
    out->old = true;
    out->kind = (uint8_t)kind;
    return WIRE_OK;
}

static enum wire_fault read_binary(struct cursor *in, const thrift_limits *limits,
                                   struct message_header *out)
{
    if (!cursor_need(in, 4)) {
        return WIRE_TRUNCATED;
    }
    return *in->at & 0x80 ? read_strict(in, limits, out) : read_old(in, limits, out);
}

static enum wire_fault read_compact(struct cursor *in, const thrift_limits *limits,
                                    struct message_header *out)
{
    uint32_t sequence_id;
    enum wire_fault fault;

    if (!cursor_need(in, 2)) {
        return WIRE_TRUNCATED;
    }
    if (in->at[0] != COMPACT_PROTOCOL_ID || (in->at[1] & 0x1f) != COMPACT_VERSION) {
        return WIRE_BAD_VERSION;
    }
    out->old = false;
    out->kind = in->at[1] >> 5;
    in->at += 2;
    fault = varint_read32(in, &sequence_id);
    if (fault != WIRE_OK) {
        return fault;
    }
    out->sequence_id = (int32_t)sequence_id;
    return compact_read_string(in, limits->max_method_name_size, &out->name);
}

static thrift_status no_messages(thrift_protocol protocol, thrift_error *err)
{
    return FAIL(err, THRIFT_E_ARGUMENT, "protocol %d has no messages", (int)protocol);
}

thrift_status message_read_begin(thrift_protocol protocol, thrift_bytes *input,
                                 const thrift_limits *limits, struct message_header *out,
                                 thrift_error *err)
{
    struct cursor in = cursor_of(*input);
    struct message_header header = {0};
    enum wire_fault fault;

    if (protocol == THRIFT_BINARY) {
        fault = read_binary(&in, limits, &header);
    } else if (protocol == THRIFT_COMPACT) {
        fault = read_compact(&in, limits, &header);
    } else if (protocol == THRIFT_TJSON) {
        fault = tjson_read_message_begin(&in, limits, &header);
    } else {
        return no_messages(protocol, err);
    }
    if (fault != WIRE_OK) {
        return wire_fail(fault, &in, err);
    }
    *out = header;
    *input = (thrift_bytes){in.at, cursor_left(&in)};
    return THRIFT_OK;
}

thrift_status message_read_end(thrift_protocol protocol, thrift_bytes *input, thrift_error *err)
{
    struct cursor in = cursor_of(*input);
    enum wire_fault fault;

    if (protocol == THRIFT_BINARY || protocol == THRIFT_COMPACT) {
        return THRIFT_OK;
    }
    if (protocol != THRIFT_TJSON) {
        return no_messages(protocol, err);
    }
    fault = tjson_read_message_end(&in);
    if (fault != WIRE_OK) {
        return wire_fail(fault, &in, err);
    }
    *input = (thrift_bytes){in.at, cursor_left(&in)};
    return THRIFT_OK;
}

static uint8_t *put_bytes(uint8_t *to, thrift_bytes bytes)
{
    if (bytes.size > 0) {
        memcpy(to, bytes.data, bytes.size);
    }
    return to + bytes.size;
}

static uint8_t *write_binary(uint8_t *to, const struct message_header *header)
{
    if (!header->old) {
        to = binary_write_i32(to, (int32_t)(BINARY_VERSION | header->kind));
    }
    to = binary_write_i32(to, (int32_t)header->name.size);
    to = put_bytes(to, header->name);
    if (header->old) {
        to = binary_write_i8(to, (int8_t)header->kind);
    }
    return binary_write_i32(to, header->sequence_id);
}

static uint8_t *write_compact(uint8_t *to, const struct message_header *header)
{
    *to++ = COMPACT_PROTOCOL_ID;
    *to++ = (uint8_t)(COMPACT_VERSION | (unsigned)header->kind << 5);
    to = varint_write32(to, (uint32_t)header->sequence_id);
    to = varint_write32(to, (uint32_t)header->name.size);
    return put_bytes(to, header->name);
}

thrift_status message_write_begin(thrift_protocol protocol, const struct message_header *header,
                                  thrift_buffer *out, thrift_error *err)
{
    uint8_t *to;

    if (protocol == THRIFT_TJSON) {
        return tjson_write_message_begin(header, out) ? THRIFT_OK : FAIL_NOMEM(err);
    }
    if (protocol != THRIFT_BINARY && protocol != THRIFT_COMPACT) {
        return no_messages(protocol, err);
    }
    if (header->name.size > INT32_MAX - HEADER_SIZE_MOST) {
        return FAIL(err, THRIFT_E_LIMIT, "a method name of %zu bytes", header->name.size);
    }
    if (!buffer_reserve(out, HEADER_SIZE_MOST + header->name.size)) {
        return FAIL_NOMEM(err);
    }
    to = out->data + out->size;
    to = protocol == THRIFT_COMPACT ? write_compact(to, header) : write_binary(to, header);
    out->size = (size_t)(to - out->data);
    return THRIFT_OK;
}

thrift_status message_write_end(thrift_protocol protocol, thrift_buffer *out, thrift_error *err)
{
    if (protocol == THRIFT_TJSON) {
        return tjson_write_message_end(out) ? THRIFT_OK : FAIL_NOMEM(err);
    }
    if (protocol != THRIFT_BINARY && protocol != THRIFT_COMPACT) {
        return no_messages(protocol, err);
    }
    return THRIFT_OK;
}
