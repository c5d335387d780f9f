/*
 * Framing, reading half. Source: Apache Thrift doc/specs/thrift-rpc.md, "Framed vs. unframed".
 */
#include "transport/inbound.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/text.h"
#include "transport/http_write.h"
#include "wire/compact.h"
#include "wire/stranger.h"
#include "wire/zlib_stream.h"

#define FRAME_HEAD_SIZE 4u
#define SPARE_SIZE_MOST ((size_t)4 << 20)
/* Kept out of inbound_next(), which then needs few registers for the next frame. */
#define SELDOM static __attribute__((noinline))

/* Arithmetic on a null pointer is undefined even when it adds nothing. */
static const thrift_bytes nothing = {(const uint8_t *)"", 0};

void inbound_shared_init(struct inbound_shared *shared, const thrift_limits *limits,
                         unsigned protocols, const thrift_allocator *allocator)
{
    *shared =
        (struct inbound_shared){.limits = *limits, .protocols = protocols, .wires = INBOUND_WIRES};
    if (allocator != NULL) {
        shared->allocator = *allocator;
    }
    shared->spare.allocator = shared->inflated.allocator = shared->unwrapped.allocator =
        shared->allocator;
    http_buffers_init(&shared->http, &shared->allocator);
}

static void free_scan(const thrift_allocator *allocator, struct scan *scan)
{
    if (scan != NULL) {
        scan_deinit(scan);
        mem_free(allocator, scan, sizeof *scan);
    }
}

void inbound_shared_deinit(struct inbound_shared *shared)
{
    thrift_buffer_deinit(&shared->spare);
    thrift_buffer_deinit(&shared->inflated);
    thrift_buffer_deinit(&shared->unwrapped);
    http_buffers_deinit(&shared->http);
    free_scan(&shared->allocator, shared->idle);
    shared->idle = NULL;
}

void inbound_init(struct inbound *in, struct inbound_shared *shared)
{
    *in = (struct inbound){.shared = shared, .kind = DETECT_MORE};
    in->partial.allocator = shared->allocator;
}

/* The larger one stays, unless it is huge. */
static void give_buffer_back(struct inbound *in)
{
    struct inbound_shared *shared = in->shared;

    in->partial.size = 0;
    if (in->partial.capacity > shared->spare.capacity && in->partial.capacity <= SPARE_SIZE_MOST) {
        thrift_buffer smaller = shared->spare;

        shared->spare = in->partial;
        in->partial = smaller;
    }
    thrift_buffer_deinit(&in->partial);
}

static void give_scan_back(struct inbound *in)
{
    if (in->scan != NULL && in->shared->idle == NULL) {
        in->shared->idle = in->scan;
    } else {
        free_scan(&in->shared->allocator, in->scan);
    }
    in->scan = NULL;
}

void inbound_deinit(struct inbound *in)
{
    give_buffer_back(in);
    give_scan_back(in);
}

static thrift_status keep_bytes(struct inbound *in, thrift_bytes bytes, thrift_error *err)
{
    if (in->partial.capacity == 0) {
        in->partial = in->shared->spare;
        in->shared->spare = (thrift_buffer){.allocator = in->shared->allocator};
    }
    if (buffer_append(&in->partial, bytes.data, bytes.size)) {
        return THRIFT_OK;
    }
    return FAIL(err, THRIFT_E_NOMEM, "no memory for %zu bytes of a message that is not whole yet",
                in->partial.size + bytes.size);
}

thrift_status inbound_feed(struct inbound *in, thrift_bytes bytes, thrift_error *err)
{
    in->shared->at = 0;
    if (in->partial.size == 0) {
        in->shared->window = bytes.data != NULL ? bytes : nothing;
        return THRIFT_OK;
    }
    if (keep_bytes(in, bytes, err) != THRIFT_OK) {
        return THRIFT_E_NOMEM;
    }
    in->shared->window = buffer_bytes(&in->partial);
    return THRIFT_OK;
}

thrift_status inbound_keep(struct inbound *in, thrift_error *err)
{
    thrift_bytes rest = {in->shared->window.data + in->shared->at,
                         in->shared->window.size - in->shared->at};
    thrift_status status = THRIFT_OK;

    if (in->partial.size > 0) {
        buffer_consume(&in->partial, in->shared->at);
    } else if (rest.size > 0) {
        status = keep_bytes(in, rest, err);
    }
    if (in->partial.size == 0) {
        give_buffer_back(in);
    }
    in->shared->window = nothing;
    in->shared->at = 0;
    return status;
}

static bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

/* "HTTP/1.1 400 …": the status says more than the protocol's name. */
static bool answers_with_status(thrift_bytes rest)
{
    return rest.size >= 12 && memcmp(rest.data, "HTTP/", 5) == 0 && rest.data[8] == ' ' &&
           is_digit(rest.data[9]) && is_digit(rest.data[10]) && is_digit(rest.data[11]);
}

static thrift_status refuse_peer(const struct detection *found, thrift_bytes rest,
                                 thrift_error *err)
{
    char quoted[TEXT_QUOTED_SIZE];
    const char *stranger = stranger_name(rest);

    if (found->kind != DETECT_UNKNOWN && found->kind != DETECT_TLS) {
        return FAIL(err, THRIFT_E_PROTOCOL, "the peer speaks %s, which is not accepted here",
                    detection_name(found));
    }
    if (answers_with_status(rest)) {
        unsigned status = rest.data[9] * 100u + rest.data[10] * 10u + rest.data[11] - '0' * 111u;
        const char *reason = http_reason(status);

        return FAIL(err, THRIFT_E_PROTOCOL, "the peer answered with HTTP %u%s%s", status,
                    reason[0] != '\0' ? " " : "", reason);
    }
    if (stranger != NULL) {
        return FAIL(err, THRIFT_E_PROTOCOL, "not Thrift: this is %s", stranger);
    }
    return FAIL(err, THRIFT_E_PROTOCOL, "not Thrift: the peer begins with %s",
                text_quote(rest.data, rest.size < 16 ? rest.size : 16, quoted));
}

static thrift_wire wire_of(const struct detection *found)
{
    if (found->kind == DETECT_HTTP || found->kind == DETECT_ZLIB) {
        return found->kind == DETECT_HTTP ? THRIFT_WIRE_HTTP : THRIFT_WIRE_ZLIB;
    }
    if (found->kind == DETECT_HEADER) {
        return THRIFT_WIRE_HEADER;
    }
    return found->framed ? THRIFT_WIRE_FRAMED : THRIFT_WIRE_UNFRAMED;
}

static bool accepts(const struct inbound_shared *shared, const struct detection *found)
{
    bool wire = (shared->wires & 1u << wire_of(found)) != 0;

    switch (found->kind) {
    case DETECT_MESSAGE:
        return wire && (shared->protocols & 1u << found->protocol) != 0;
    case DETECT_HEADER: /* says itself what is inside */
    case DETECT_HTTP:
    case DETECT_ZLIB:
        return wire;
    case DETECT_MORE:
    case DETECT_TLS:
    case DETECT_UNKNOWN:
        break;
    }
    return false;
}

/* One protocol and one way of framing are all that is accepted: what is not known to be something
 * else is that. */
static bool is_fixed(const struct inbound_shared *shared, struct detection *out)
{
    const unsigned one = shared->protocols;

    *out = (struct detection){.kind = DETECT_MESSAGE,
                              .framed = shared->wires == 1u << THRIFT_WIRE_FRAMED,
                              .protocol = one == 1u << THRIFT_BINARY    ? THRIFT_BINARY
                                          : one == 1u << THRIFT_COMPACT ? THRIFT_COMPACT
                                                                        : THRIFT_TJSON};
    return one == 1u << out->protocol &&
           (out->framed || shared->wires == 1u << THRIFT_WIRE_UNFRAMED);
}

static struct detection find_out(const struct inbound_shared *shared, thrift_bytes rest)
{
    struct detection found = detect(rest, &shared->limits), fixed;

    if (found.kind == DETECT_UNKNOWN && stranger_name(rest) == NULL && is_fixed(shared, &fixed)) {
        return fixed;
    }
    return found;
}

SELDOM enum inbound_result learn(struct inbound *in, thrift_bytes rest, thrift_error *err)
{
    const struct detection found = find_out(in->shared, rest);

    in->kind = (uint8_t)found.kind;
    in->protocol = (uint8_t)found.protocol;
    in->framed = found.framed || found.kind == DETECT_HEADER;
    if (found.kind == DETECT_MORE) {
        return INBOUND_MORE;
    }
    const bool carrier = found.kind == DETECT_HTTP || found.kind == DETECT_ZLIB;

    if (!accepts(in->shared, &found) || (carrier && in->carried)) {
        (void)refuse_peer(&found, rest, err);
        return INBOUND_BROKEN;
    }
    return carrier ? INBOUND_CARRIER : INBOUND_MESSAGE;
}

static enum inbound_result broken(enum wire_fault fault, thrift_bytes frame, thrift_error *err)
{
    struct cursor at = cursor_of(frame);

    (void)wire_fail(fault, &at, err);
    return INBOUND_BROKEN;
}

/* Keeps what was inflated before from growing without need. */
static enum wire_fault inflate_payload(struct inbound_shared *shared, thrift_bytes payload,
                                       thrift_bytes *out)
{
    enum wire_fault fault;

    if (shared->inflated.capacity > SPARE_SIZE_MOST) {
        thrift_buffer_deinit(&shared->inflated);
    }
    shared->inflated.size = 0;
    fault = zlib_inflate(payload, shared->limits.max_frame_size, &shared->inflated);
    *out = buffer_bytes(&shared->inflated);
    return fault;
}

static enum inbound_result open_header(struct inbound_shared *shared, thrift_bytes frame,
                                       struct inbound_message *out, thrift_error *err)
{
    struct theader header = {.protocol = THRIFT_BINARY};
    enum wire_fault fault = theader_read(frame, &shared->limits, &header);

    if (fault != WIRE_OK) {
        return broken(fault == WIRE_TRUNCATED ? WIRE_BAD_VALUE : fault, frame, err);
    }
    out->form = (struct message_form){.protocol = header.protocol,
                                      .framed = true,
                                      .header = true,
                                      .sequence_id = header.sequence_id};
    out->refused = header.refused;
    out->refused_id = header.refused_id;
    if (out->refused == APPLICATION_UNKNOWN && (shared->protocols & 1u << header.protocol) == 0) {
        out->refused = APPLICATION_INVALID_PROTOCOL;
        out->refused_id = header.protocol == THRIFT_COMPACT ? 2 : 0;
    }
    if (out->refused != APPLICATION_UNKNOWN) {
        return INBOUND_MESSAGE;
    }
    out->bytes = header.payload;
    out->headers = header.headers;
    out->form.zlib = header.zlib;
    fault = header.zlib ? inflate_payload(shared, header.payload, &out->bytes) : WIRE_OK;
    if (fault == WIRE_NO_MEMORY) {
        return broken(fault, frame, err);
    }
    if (fault != WIRE_OK) {
        out->form.zlib = false;
        out->refused = APPLICATION_INVALID_TRANSFORM;
        out->refused_id = 1;
    }
    return INBOUND_MESSAGE;
}

/* A frame in a frame: what the inner one has in it, if that is a THeader frame. */
static bool unwrap_nested(thrift_bytes *frame)
{
    thrift_bytes inner = {frame->data + FRAME_HEAD_SIZE, frame->size - FRAME_HEAD_SIZE};

    if (frame->size <= FRAME_HEAD_SIZE || load_big32(frame->data) != inner.size ||
        !theader_is(inner)) {
        return false;
    }
    *frame = inner;
    return true;
}

/* A frame on a connection of THeader frames: with such a header, or without. */
SELDOM enum inbound_result open_frame(struct inbound *in, struct inbound_message *out,
                                      thrift_error *err)
{
    thrift_bytes frame = out->bytes;
    uint8_t first = frame.data[0];
    thrift_protocol protocol = THRIFT_BINARY;

    if (theader_is(frame)) {
        return open_header(in->shared, frame, out, err);
    }
    if (unwrap_nested(&frame)) {
        enum inbound_result result = open_header(in->shared, frame, out, err);

        out->form.nested = true;
        return result;
    }
    if (first == '[' || first == COMPACT_PROTOCOL_ID) {
        protocol = first == '[' ? THRIFT_TJSON : THRIFT_COMPACT;
    }
    out->form = (struct message_form){.protocol = protocol, .framed = true};
    if ((in->shared->protocols & 1u << protocol) != 0) {
        return INBOUND_MESSAGE;
    }
    (void)refuse_peer(
        &(const struct detection){.kind = DETECT_MESSAGE, .framed = true, .protocol = protocol},
        frame, err);
    return INBOUND_BROKEN;
}

SELDOM enum inbound_result refuse_size(uint32_t size, size_t most, thrift_error *err)
{
    if (size == 0 || size > INT32_MAX) {
        (void)FAIL(err, THRIFT_E_CORRUPT, "a frame claims %d bytes", (int)(int32_t)size);
    } else {
        (void)FAIL(err, THRIFT_E_LIMIT, "a frame claims %u bytes, the limit is %zu", (unsigned)size,
                   most);
    }
    return INBOUND_BROKEN;
}

static enum inbound_result next_frame(struct inbound *in, thrift_bytes rest,
                                      struct inbound_message *out, thrift_error *err)
{
    const size_t most = in->shared->limits.max_frame_size;
    uint32_t size;

    if (rest.size < FRAME_HEAD_SIZE) {
        return INBOUND_MORE;
    }
    size = load_big32(rest.data);
    if (size == 0 || size > INT32_MAX || size > most) {
        return refuse_size(size, most, err);
    }
    if (size > rest.size - FRAME_HEAD_SIZE) {
        return INBOUND_MORE;
    }
    out->bytes = (thrift_bytes){rest.data + FRAME_HEAD_SIZE, size};
    in->shared->at += FRAME_HEAD_SIZE + size;
    return in->kind == DETECT_HEADER ? open_frame(in, out, err) : INBOUND_MESSAGE;
}

static bool take_scan(struct inbound *in)
{
    struct inbound_shared *shared = in->shared;

    if (in->scan != NULL) {
        return true;
    }
    in->scan = shared->idle;
    shared->idle = NULL;
    if (in->scan != NULL && in->scan->protocol == (thrift_protocol)in->protocol) {
        scan_again(in->scan);
        return true;
    }
    free_scan(&shared->allocator, in->scan);
    in->scan = mem_alloc_zero(&shared->allocator, 1, sizeof *in->scan);
    if (in->scan != NULL) {
        scan_begin(in->scan, (thrift_protocol)in->protocol, &shared->limits, &shared->allocator);
    }
    return in->scan != NULL;
}

SELDOM enum inbound_result next_unframed(struct inbound *in, thrift_bytes rest,
                                         struct inbound_message *out, thrift_error *err)
{
    size_t size;
    thrift_status status;

    if (rest.size == 0) {
        return INBOUND_MORE;
    }
    if (!take_scan(in)) {
        (void)FAIL_NOMEM(err);
        return INBOUND_BROKEN;
    }
    status = scan_on(in->scan, rest, &size, err);
    if (status == THRIFT_PENDING) {
        return INBOUND_MORE;
    }
    give_scan_back(in);
    if (status != THRIFT_OK) {
        return INBOUND_BROKEN;
    }
    out->bytes = (thrift_bytes){rest.data, size};
    in->shared->at += size;
    return INBOUND_MESSAGE;
}

enum inbound_result inbound_next(struct inbound *in, struct inbound_message *out, thrift_error *err)
{
    thrift_bytes rest = {in->shared->window.data + in->shared->at,
                         in->shared->window.size - in->shared->at};

    if (in->kind == DETECT_MORE) {
        enum inbound_result learnt = rest.size > 0 ? learn(in, rest, err) : INBOUND_MORE;

        if (learnt != INBOUND_MESSAGE) {
            return learnt;
        }
    }
    *out = (struct inbound_message){
        .form = {.protocol = (thrift_protocol)in->protocol, .framed = in->framed}};
    return in->framed ? next_frame(in, rest, out, err) : next_unframed(in, rest, out, err);
}

thrift_bytes inbound_leave(struct inbound *in, thrift_buffer *own)
{
    struct inbound_shared *shared = in->shared;
    thrift_bytes rest = {shared->window.data + shared->at, shared->window.size - shared->at};

    *own = in->partial;
    inbound_init(in, shared);
    shared->window = nothing;
    shared->at = 0;
    return rest;
}

static enum inbound_result not_whole(thrift_error *err)
{
    (void)FAIL(err, THRIFT_E_CORRUPT, "no whole message");
    return INBOUND_BROKEN;
}

enum inbound_result inbound_whole(struct inbound_shared *shared, thrift_bytes whole,
                                  struct inbound_message *out, thrift_error *err)
{
    const struct detection found = detect(whole, &shared->limits);
    const bool framed = found.kind == DETECT_HEADER || found.framed;

    if (found.kind == DETECT_MORE || found.kind == DETECT_HTTP || found.kind == DETECT_ZLIB) {
        return not_whole(err);
    }
    if (!accepts(shared, &found)) {
        (void)refuse_peer(&found, whole, err);
        return INBOUND_BROKEN;
    }
    *out = (struct inbound_message){.bytes = whole,
                                    .form = {.protocol = found.protocol, .framed = framed}};
    if (!framed) {
        return INBOUND_MESSAGE;
    }
    if (load_big32(whole.data) != whole.size - FRAME_HEAD_SIZE) {
        return not_whole(err);
    }
    out->bytes = (thrift_bytes){whole.data + FRAME_HEAD_SIZE, whole.size - FRAME_HEAD_SIZE};
    return found.kind == DETECT_HEADER ? open_header(shared, out->bytes, out, err)
                                       : INBOUND_MESSAGE;
}
