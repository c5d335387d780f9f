/*
 * THeader, both halves.
 */
#include "wire/theader.h"

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "wire/compact.h"
#include "wire/zlib_stream.h"

#define MAGIC 0x0fffu
#define SIZE_SIZE 4u
#define FIXED_SIZE 10u
#define PROTOCOL_BINARY 0u
#define PROTOCOL_COMPACT 2u
#define TRANSFORM_ZLIB 1u
#define INFO_KEY_VALUE 1u
#define WORDS_MOST 16383u /* Apache's readers take no more */

/* ---- reading ---- */

static enum wire_fault read_number(struct cursor *head, uint32_t *out)
{
    return varint_read32(head, out) == WIRE_OK ? WIRE_OK : WIRE_BAD_VALUE;
}

static enum wire_fault refuse(struct theader *out, enum application_code code, uint32_t id)
{
    out->refused = code;
    out->refused_id = id;
    return WIRE_OK;
}

static enum wire_fault read_transforms(struct cursor *head, struct theader *out)
{
    uint32_t count, id = 0;
    enum wire_fault fault = read_number(head, &count);

    if (fault != WIRE_OK || count == 0) {
        return fault;
    }
    fault = read_number(head, &id);
    if (fault != WIRE_OK) {
        return fault;
    }
    if (count > 1 || id != TRANSFORM_ZLIB || !zlib_built()) {
        return refuse(out, APPLICATION_INVALID_TRANSFORM, id);
    }
    out->zlib = true;
    return WIRE_OK;
}

static enum wire_fault read_info(struct cursor *head, const thrift_limits *limits,
                                 struct theader *out)
{
    uint32_t kind, count;
    const uint8_t *begin;
    enum wire_fault fault;

    if (cursor_left(head) == 0) {
        return WIRE_OK;
    }
    fault = read_number(head, &kind);
    if (fault != WIRE_OK || kind != INFO_KEY_VALUE) {
        return fault;
    }
    fault = read_number(head, &count);
    if (fault == WIRE_OK && count > limits->max_header_count) {
        fault = WIRE_SIZE_LIMIT;
    }
    if (fault != WIRE_OK) {
        return fault;
    }
    begin = head->at;
    fault = headers_pass(head, count);
    out->headers = (thrift_bytes){begin, (size_t)(head->at - begin)};
    return fault;
}

static enum wire_fault read_head(struct cursor *head, const thrift_limits *limits,
                                 struct theader *out)
{
    uint32_t protocol;
    enum wire_fault fault = read_number(head, &protocol);

    if (fault != WIRE_OK) {
        return fault;
    }
    if (protocol != PROTOCOL_BINARY && protocol != PROTOCOL_COMPACT) {
        return refuse(out, APPLICATION_INVALID_PROTOCOL, protocol);
    }
    out->protocol = protocol == PROTOCOL_BINARY ? THRIFT_BINARY : THRIFT_COMPACT;
    fault = read_transforms(head, out);
    return fault == WIRE_OK && out->refused == APPLICATION_UNKNOWN ? read_info(head, limits, out)
                                                                   : fault;
}

enum wire_fault theader_read(thrift_bytes frame, const thrift_limits *limits, struct theader *out)
{
    struct cursor in = cursor_of(frame), head;
    size_t size;

    if (!cursor_need(&in, FIXED_SIZE)) {
        return WIRE_TRUNCATED;
    }
    if (load_big16(in.at) != MAGIC) {
        return WIRE_BAD_VERSION;
    }
    *out =
        (struct theader){.protocol = THRIFT_BINARY, .sequence_id = (int32_t)load_big32(in.at + 4)};
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
    out->payload = (thrift_bytes){in.at, cursor_left(&in)};
    return read_head(&head, limits, out);
}

/* ---- writing ---- */

static uint8_t *put_head(uint8_t *to, const struct theader *form)
{
    to = varint_write32(to, form->protocol == THRIFT_COMPACT ? PROTOCOL_COMPACT : PROTOCOL_BINARY);
    to = varint_write32(to, form->zlib);
    if (form->zlib) {
        to = varint_write32(to, TRANSFORM_ZLIB);
    }
    if (form->headers.size > 0) {
        to = varint_write32(to, INFO_KEY_VALUE);
        to = varint_write32(to, headers_count(form->headers));
        memcpy(to, form->headers.data, form->headers.size);
        to += form->headers.size;
    }
    return to;
}

thrift_status theader_begin(const struct theader *form, thrift_buffer *out, thrift_error *err)
{
    uint8_t *begin, *head, *to;

    if (form->headers.size > WORDS_MOST * 4 - 16) {
        return FAIL(err, THRIFT_E_LIMIT, "%zu bytes of headers, THeader has room for %u",
                    form->headers.size, WORDS_MOST * 4 - 16);
    }
    if (!buffer_reserve(out, SIZE_SIZE + FIXED_SIZE + 32 + form->headers.size)) {
        return FAIL_NOMEM(err);
    }
    begin = out->data + out->size;
    memset(begin, 0, SIZE_SIZE + FIXED_SIZE);
    head = begin + SIZE_SIZE + FIXED_SIZE;
    to = put_head(head, form);
    while ((to - head) % 4 != 0) {
        *to++ = 0;
    }
    store_big16(begin + SIZE_SIZE, MAGIC);
    store_big32(begin + SIZE_SIZE + 4, (uint32_t)form->sequence_id);
    store_big16(begin + SIZE_SIZE + 8, (uint16_t)((to - head) / 4));
    out->size = (size_t)(to - out->data);
    return THRIFT_OK;
}

/* Behind the header of the frame that begins at `begin`. */
static size_t payload_of(const thrift_buffer *out, size_t begin)
{
    return begin + SIZE_SIZE + FIXED_SIZE +
           (size_t)load_big16(out->data + begin + SIZE_SIZE + 8) * 4;
}

static bool compress(thrift_buffer *out, size_t from)
{
    thrift_buffer small = {.allocator = out->allocator};
    bool done = zlib_deflate((thrift_bytes){out->data + from, out->size - from}, &small);

    if (done) {
        out->size = from;
        done = buffer_append(out, small.data, small.size);
    }
    thrift_buffer_deinit(&small);
    return done;
}

thrift_status theader_end(thrift_buffer *out, size_t begin, bool zlib, thrift_error *err)
{
    if (zlib && !compress(out, payload_of(out, begin))) {
        return FAIL_NOMEM(err);
    }
    store_big32(out->data + begin, (uint32_t)(out->size - begin - SIZE_SIZE));
    return THRIFT_OK;
}
