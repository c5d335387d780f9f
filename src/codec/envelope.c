/*
 * The public functions for messages as tools see them: whatever stands around a message is
 * recognised and taken off, or put on.
 */
#include <rethrift/codec.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/limits.h"
#include "wire/detect.h"
#include "wire/message.h"
#include "wire/scan.h"
#include "wire/theader.h"

#define FRAME_HEAD 4u

static thrift_status more(thrift_error *err)
{
    return FAIL(err, THRIFT_E_TRUNCATED, "the message is not wholly there");
}

/* `message` is exactly one message. */
static thrift_status take_apart(thrift_bytes message, thrift_protocol protocol,
                                const thrift_limits *limits, thrift_message *out, thrift_error *err)
{
    struct message_header header;
    thrift_bytes body = message;
    thrift_status status = message_read_begin(protocol, &body, limits, &header, err);

    if (status == THRIFT_E_TRUNCATED) { /* the frame ends before its message */
        return FAIL(err, THRIFT_E_CORRUPT, "a message longer than its frame");
    }
    if (status != THRIFT_OK) {
        return status;
    }
    if (!message_kind_valid(header.kind)) {
        return FAIL(err, THRIFT_E_CORRUPT, "message type %u", (unsigned)header.kind);
    }
    while (protocol == THRIFT_TJSON && body.size > 0 && body.data[body.size - 1] != ']') {
        body.size--; /* white space behind the end */
    }
    body.size -= protocol == THRIFT_TJSON && body.size > 0;
    *out = (thrift_message){.protocol = protocol,
                            .kind = (thrift_message_kind)header.kind,
                            .sequence_id = header.sequence_id,
                            .name = header.name,
                            .body = body};
    return THRIFT_OK;
}

static thrift_status next_unframed(thrift_bytes *input, thrift_protocol protocol,
                                   const thrift_limits *limits, thrift_message *out,
                                   thrift_error *err)
{
    struct scan scan;
    size_t size = 0;
    thrift_status status;

    scan_begin(&scan, protocol, limits, NULL);
    status = scan_on(&scan, *input, &size, err);
    scan_deinit(&scan);
    if (status == THRIFT_PENDING) {
        return more(err);
    }
    if (status == THRIFT_OK) {
        status = take_apart((thrift_bytes){input->data, size}, protocol, limits, out, err);
    }
    if (status == THRIFT_OK) {
        *input = (thrift_bytes){input->data + size, input->size - size};
    }
    return status;
}

static thrift_status next_theader(thrift_bytes frame, const thrift_limits *limits,
                                  thrift_message *out, thrift_error *err)
{
    struct theader header;
    struct cursor at = cursor_of(frame);
    enum wire_fault fault = theader_read(frame, limits, &header);

    if (fault != WIRE_OK) {
        return wire_fail(fault == WIRE_TRUNCATED ? WIRE_BAD_VALUE : fault, &at, err);
    }
    if (header.refused == APPLICATION_INVALID_PROTOCOL) {
        return FAIL(err, THRIFT_E_PROTOCOL, "THeader's protocol %u", (unsigned)header.refused_id);
    }
    if (header.zlib || header.refused != APPLICATION_UNKNOWN) {
        return FAIL(err, THRIFT_E_PROTOCOL, "a THeader payload that is transformed");
    }
    return take_apart(header.payload, header.protocol, limits, out, err);
}

static thrift_status next_framed(thrift_bytes *input, const struct detection *found,
                                 const thrift_limits *limits, thrift_message *out,
                                 thrift_error *err)
{
    uint32_t size = load_big32(input->data); /* detection saw it */
    thrift_bytes frame = {input->data + FRAME_HEAD, size};
    thrift_status status;

    if (size > limits->max_frame_size) {
        return FAIL(err, THRIFT_E_LIMIT, "a frame of %u bytes", (unsigned)size);
    }
    if (size > input->size - FRAME_HEAD) {
        return more(err);
    }
    status = found->kind == DETECT_HEADER ? next_theader(frame, limits, out, err)
                                          : take_apart(frame, found->protocol, limits, out, err);
    if (status == THRIFT_OK) {
        *input = (thrift_bytes){frame.data + size, input->size - FRAME_HEAD - size};
    }
    return status;
}

thrift_status thrift_message_next(thrift_bytes *input, thrift_message *out_message,
                                  const thrift_limits *limits, thrift_error *err)
{
    const thrift_limits in_force = limits_in_force(limits);
    struct detection found = detect(*input, &in_force);

    switch (found.kind) {
    case DETECT_MORE:
        return more(err);
    case DETECT_MESSAGE:
        return found.framed ? next_framed(input, &found, &in_force, out_message, err)
                            : next_unframed(input, found.protocol, &in_force, out_message, err);
    case DETECT_HEADER:
        return next_framed(input, &found, &in_force, out_message, err);
    case DETECT_HTTP:
    case DETECT_ZLIB:
    case DETECT_TLS:
    case DETECT_UNKNOWN:
        break;
    }
    return FAIL(err, THRIFT_E_PROTOCOL, "no message but %s", detection_name(&found));
}

static thrift_status append(const thrift_message *message, thrift_buffer *out, thrift_error *err)
{
    struct message_header header = {
        .kind = (uint8_t)message->kind, .sequence_id = message->sequence_id, .name = message->name};
    thrift_status status = message_write_begin(message->protocol, &header, out, err);

    if (status == THRIFT_OK && !buffer_append(out, message->body.data, message->body.size)) {
        status = FAIL_NOMEM(err);
    }
    return status == THRIFT_OK ? message_write_end(message->protocol, out, err) : status;
}

thrift_status thrift_message_append(const thrift_message *message, bool framed, thrift_buffer *out,
                                    thrift_error *err)
{
    static const uint8_t no_size[FRAME_HEAD];
    size_t before = out->size, head = framed ? FRAME_HEAD : 0;
    thrift_status status;

    if (!buffer_append(out, no_size, head)) {
        return FAIL_NOMEM(err);
    }
    status = append(message, out, err);
    if (status == THRIFT_OK && framed && out->size - before - head > INT32_MAX) {
        status = FAIL(err, THRIFT_E_LIMIT, "a frame of more than 2 GiB");
    }
    if (status != THRIFT_OK) {
        out->size = before;
    } else if (framed) {
        store_big32(out->data + before, (uint32_t)(out->size - before - head));
    }
    return status;
}
