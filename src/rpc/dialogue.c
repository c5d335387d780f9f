/*
 * Requests out, replies in. Around plain messages there is nothing; a compressed stream is wrapped
 * here.
 */
#include "rpc/dialogue.h"

#include <string.h>
#include <sys/random.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "transport/http.h"
#include "transport/http_write.h"
#include "transport/websocket.h"
#include "wire/detect.h"
#include "wire/stranger.h"
#include "wire/zlib_stream.h"

#define INFLATED_SIZE ((size_t)16 * 1024)

static bool is_wrapped(const struct dialogue *dialogue)
{
    return dialogue->destination->carriage != CARRIAGE_STREAM &&
           dialogue->destination->carriage != CARRIAGE_DATAGRAMS;
}

static thrift_status init_zlib(struct dialogue *dialogue, thrift_error *err)
{
    const thrift_allocator *allocator = &dialogue->shared.allocator;

    if (!zlib_built()) {
        return FAIL(err, THRIFT_E_ARGUMENT, "this build has no zlib");
    }
    dialogue->inflater = zlib_reader_new(allocator);
    dialogue->deflater = zlib_writer_new(allocator);
    dialogue->inflated = mem_alloc(allocator, INFLATED_SIZE);
    return dialogue->inflater != NULL && dialogue->deflater != NULL && dialogue->inflated != NULL
               ? THRIFT_OK
               : FAIL_NOMEM(err);
}

static thrift_status init_http(struct dialogue *dialogue, thrift_error *err)
{
    const thrift_allocator *allocator = &dialogue->shared.allocator;

    if (!http_built()) {
        return FAIL(err, THRIFT_E_ARGUMENT, "this build has no HTTP");
    }
    dialogue->spare = mem_alloc_zero(allocator, 1, sizeof *dialogue->spare);
    if (dialogue->spare == NULL) {
        return FAIL_NOMEM(err);
    }
    http_buffers_init(dialogue->spare, allocator);
    dialogue->http = http_reader_new(HTTP_RESPONSES, &dialogue->shared.limits, dialogue->spare);
    if (dialogue->http == NULL) {
        return FAIL_NOMEM(err);
    }
    if (dialogue->destination->carriage == CARRIAGE_WEBSOCKET) {
        dialogue->websocket = mem_alloc_zero(allocator, 1, sizeof *dialogue->websocket);
        dialogue->open = false;
        dialogue->payload.allocator = dialogue->answer.allocator = *allocator;
        if (dialogue->websocket == NULL) {
            return FAIL_NOMEM(err);
        }
        websocket_reader_init(dialogue->websocket, false);
    }
    return THRIFT_OK;
}

thrift_status dialogue_init(struct dialogue *dialogue, const struct destination *destination,
                            const thrift_limits *limits, const thrift_allocator *allocator,
                            thrift_error *err)
{
    const unsigned protocols = 1u << THRIFT_BINARY | 1u << THRIFT_COMPACT | 1u << THRIFT_TJSON;

    *dialogue = (struct dialogue){.destination = destination, .open = true};
    inbound_shared_init(&dialogue->shared, limits, protocols, allocator);
    inbound_init(&dialogue->in, &dialogue->shared);
    dialogue->scratch.allocator = *allocator;
    if (destination->form.zlib && !zlib_built()) {
        return FAIL(err, THRIFT_E_ARGUMENT, "this build has no zlib");
    }
    if (destination->carriage == CARRIAGE_ZLIB) {
        return init_zlib(dialogue, err);
    }
    return destination->carriage == CARRIAGE_HTTP || destination->carriage == CARRIAGE_WEBSOCKET
               ? init_http(dialogue, err)
               : THRIFT_OK;
}

void dialogue_deinit(struct dialogue *dialogue)
{
    if (dialogue->destination == NULL) {
        return;
    }
    zlib_reader_free(dialogue->inflater);
    zlib_writer_free(dialogue->deflater);
    mem_free(&dialogue->shared.allocator, dialogue->inflated, INFLATED_SIZE);
    http_reader_free(dialogue->http);
    if (dialogue->spare != NULL) {
        http_buffers_deinit(dialogue->spare);
    }
    mem_free(&dialogue->shared.allocator, dialogue->spare, sizeof *dialogue->spare);
    mem_free(&dialogue->shared.allocator, dialogue->websocket, sizeof *dialogue->websocket);
    thrift_buffer_deinit(&dialogue->payload);
    thrift_buffer_deinit(&dialogue->answer);
    thrift_buffer_deinit(&dialogue->scratch);
    inbound_deinit(&dialogue->in);
    inbound_shared_deinit(&dialogue->shared);
    dialogue->destination = NULL;
}

/* ---- requests ---- */

thrift_status dialogue_begin(struct dialogue *dialogue, struct dialogue_request *request,
                             const struct message_header *header, thrift_buffer *out,
                             thrift_error *err)
{
    struct message_form form = dialogue->destination->form;

    form.sequence_id = header->sequence_id;
    request->out = out;
    dialogue->scratch.size = 0;
    return outbound_begin(
        &request->message, is_wrapped(dialogue) ? &dialogue->scratch : out, &form, header,
        form.header ? destination_headers(dialogue->destination) : (thrift_bytes){NULL, 0}, err);
}

static bool wrap_in_http(const struct dialogue *dialogue, thrift_buffer *out, size_t begin)
{
    const struct destination *destination = dialogue->destination;
    const struct http_request request = {
        .path = destination->path,
        .host = destination->host,
        .content_type = HTTP_THRIFT,
        /* THeader has them inside. */
        .headers =
            destination->form.header ? (thrift_bytes){NULL, 0} : destination_headers(destination),
    };

    return http_write_request(out, begin, &request);
}

static bool wrap_in_frame(const struct dialogue *dialogue, thrift_buffer *out, size_t begin)
{
    bool text = dialogue->destination->form.protocol == THRIFT_TJSON;
    uint8_t mask[4];

    return getrandom(mask, sizeof mask, 0) == (ssize_t)sizeof mask &&
           websocket_write(out, begin, text ? WEBSOCKET_TEXT : WEBSOCKET_BINARY, mask);
}

static thrift_status wrap(struct dialogue *dialogue, thrift_buffer *out, thrift_error *err)
{
    enum carriage carriage = dialogue->destination->carriage;
    thrift_bytes message = buffer_bytes(&dialogue->scratch);
    size_t begin = out->size;
    bool good;

    if (carriage == CARRIAGE_ZLIB) {
        good = zlib_write(dialogue->deflater, message, out);
    } else {
        good = buffer_append(out, message.data, message.size) &&
               (carriage == CARRIAGE_HTTP ? wrap_in_http(dialogue, out, begin)
                                          : wrap_in_frame(dialogue, out, begin));
    }
    if (!good) {
        out->size = begin;
        return FAIL_NOMEM(err);
    }
    return THRIFT_OK;
}

thrift_status dialogue_greet(struct dialogue *dialogue, thrift_buffer *out, thrift_error *err)
{
    const struct destination *destination = dialogue->destination;
    const struct http_request request = {.path = destination->path,
                                         .host = destination->host,
                                         .headers = destination_headers(destination)};
    uint8_t random[16];
    char key[25];

    if (dialogue->websocket == NULL) {
        return THRIFT_OK;
    }
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
        return FAIL(err, THRIFT_E_IO, "there are no random numbers");
    }
    websocket_key(random, key);
    if (!websocket_accept((thrift_bytes){(const uint8_t *)key, strlen(key)}, dialogue->accept)) {
        return FAIL(err, THRIFT_E_ARGUMENT, "this build has no WebSocket");
    }
    return http_write_upgrade(out, &request, key) ? THRIFT_OK : FAIL_NOMEM(err);
}

thrift_status dialogue_end(struct dialogue *dialogue, struct dialogue_request *request, size_t most,
                           thrift_error *err)
{
    thrift_status status = outbound_end(&request->message, most, err);

    return status == THRIFT_OK && is_wrapped(dialogue) ? wrap(dialogue, request->out, err) : status;
}

void dialogue_cancel(struct dialogue_request *request) { outbound_cancel(&request->message); }

/* ---- replies ---- */

thrift_status dialogue_feed(struct dialogue *dialogue, thrift_bytes bytes, thrift_error *err)
{
    if (is_wrapped(dialogue)) {
        dialogue->rest = bytes;
        return inbound_feed(&dialogue->in, (thrift_bytes){NULL, 0}, err);
    }
    return inbound_feed(&dialogue->in, bytes, err);
}

thrift_status dialogue_keep(struct dialogue *dialogue, thrift_error *err)
{
    return inbound_keep(&dialogue->in, err);
}

/* The next part of a compressed stream. false: nothing more is there, or `err`. */
static bool inflate_some(struct dialogue *dialogue, thrift_error *err)
{
    size_t size = 0;

    if (inbound_keep(&dialogue->in, err) != THRIFT_OK) {
        return false;
    }
    if (dialogue->rest.size > 0 && zlib_read(dialogue->inflater, &dialogue->rest,
                                             dialogue->inflated, INFLATED_SIZE, &size) != WIRE_OK) {
        (void)FAIL(err, THRIFT_E_PROTOCOL, "the peer's answer is not a zlib stream");
        return false;
    }
    return inbound_feed(&dialogue->in, (thrift_bytes){dialogue->inflated, size}, err) ==
               THRIFT_OK &&
           size > 0;
}

static enum dialogue_event check_form(const struct dialogue *dialogue,
                                      const struct inbound_message *message, thrift_error *err)
{
    const struct message_form *asked = &dialogue->destination->form, *got = &message->form;
    const struct detection kind = {.kind = got->header ? DETECT_HEADER : DETECT_MESSAGE,
                                   .framed = got->framed,
                                   .protocol = got->protocol};

    if (message->refused != APPLICATION_UNKNOWN) {
        (void)FAIL(err, THRIFT_E_PROTOCOL, "the peer answers in a THeader frame with %s %u",
                   message->refused == APPLICATION_INVALID_TRANSFORM ? "transform" : "protocol",
                   (unsigned)message->refused_id);
        return DIALOGUE_BROKEN;
    }
    /* In a THeader frame the reply says itself what it is. */
    if (got->header == asked->header && got->framed == asked->framed &&
        (got->header || got->protocol == asked->protocol)) {
        return DIALOGUE_REPLY;
    }
    (void)FAIL(err, THRIFT_E_PROTOCOL, "the peer answers in another way than it is asked: %s",
               detection_name(&kind));
    return DIALOGUE_BROKEN;
}

/* ---- HTTP ---- */

static enum dialogue_event refuse_status(const struct http_head *head, thrift_error *err)
{
    (void)FAIL(err, THRIFT_E_PROTOCOL, "the peer answered with HTTP %u %s", head->status,
               http_reason(head->status));
    return DIALOGUE_BROKEN;
}

static enum dialogue_event take_body(struct dialogue *dialogue, struct inbound_message *out,
                                     thrift_error *err)
{
    thrift_bytes body = http_body_of(dialogue->http);
    const struct http_head *head = http_head_of(dialogue->http);

    dialogue->closes = !head->keeps_alive;
    if (body.size == 0) {
        return DIALOGUE_DONE;
    }
    return inbound_whole(&dialogue->shared, body, out, err) == INBOUND_MESSAGE
               ? check_form(dialogue, out, err)
               : DIALOGUE_BROKEN;
}

/* http_next(); what is no response at all is named, if it is known. */
static enum http_event next_event(struct dialogue *dialogue, thrift_error *err)
{
    const bool begins = http_reader_is_idle(dialogue->http);
    const thrift_bytes first = dialogue->rest;
    enum http_event event = http_next(dialogue->http, &dialogue->rest, err);

    if (event == HTTP_BROKEN && begins) {
        const char *stranger = stranger_name(first);
        const struct detection found = detect(first, &dialogue->shared.limits);

        if (found.kind == DETECT_MESSAGE || found.kind == DETECT_HEADER) {
            (void)FAIL(err, THRIFT_E_PROTOCOL, "not HTTP: the peer answers with %s",
                       detection_name(&found));
        } else if (stranger != NULL && (first.size < 5 || memcmp(first.data, "HTTP/", 5) != 0)) {
            (void)FAIL(err, THRIFT_E_PROTOCOL, "not HTTP: this is %s", stranger);
        }
    }
    return event;
}

static enum dialogue_event next_of_http(struct dialogue *dialogue, struct inbound_message *out,
                                        thrift_error *err)
{
    for (;;) {
        switch (next_event(dialogue, err)) {
        case HTTP_MORE:
            return DIALOGUE_MORE;
        case HTTP_BROKEN:
            return DIALOGUE_BROKEN;
        case HTTP_HEAD_READ:
            if (http_head_of(dialogue->http)->status != 200) {
                return refuse_status(http_head_of(dialogue->http), err);
            }
            break;
        case HTTP_MESSAGE_READ:
            return take_body(dialogue, out, err);
        }
    }
}

/* ---- WebSocket ---- */

static enum dialogue_event check_acceptance(struct dialogue *dialogue, thrift_error *err)
{
    const struct http_head *head = http_head_of(dialogue->http);
    thrift_bytes accept;

    if (head->status != 101) {
        return refuse_status(head, err);
    }
    if (!headers_find(head->headers, "sec-websocket-accept", &accept) ||
        accept.size != strlen(dialogue->accept) ||
        memcmp(accept.data, dialogue->accept, accept.size) != 0) {
        (void)FAIL(err, THRIFT_E_PROTOCOL, "the peer does not answer as a WebSocket's server");
        return DIALOGUE_BROKEN;
    }
    return DIALOGUE_MORE;
}

/* Until it is open: false, or `err`. */
static bool open_websocket(struct dialogue *dialogue, thrift_error *err)
{
    while (!dialogue->open) {
        switch (next_event(dialogue, err)) {
        case HTTP_MORE:
        case HTTP_BROKEN:
            return false;
        case HTTP_HEAD_READ:
            if (check_acceptance(dialogue, err) != DIALOGUE_MORE) {
                return false;
            }
            break;
        case HTTP_MESSAGE_READ:
            dialogue->open = true;
            break;
        }
    }
    return true;
}

/* What a ping or a close carried goes back; of several, the last. */
static bool answer_control(struct dialogue *dialogue, enum websocket_opcode opcode)
{
    thrift_bytes payload = websocket_control(dialogue->websocket);
    uint8_t mask[4];

    dialogue->answer.size = 0;
    return getrandom(mask, sizeof mask, 0) == (ssize_t)sizeof mask &&
           buffer_append(&dialogue->answer, payload.data, payload.size) &&
           websocket_write(&dialogue->answer, 0, opcode, mask);
}

/* The payload of what has arrived goes to the stream of messages. */
static bool unwrap_frames(struct dialogue *dialogue, thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;
    enum websocket_event event = WEBSOCKET_MESSAGE;

    if (inbound_keep(&dialogue->in, err) != THRIFT_OK) {
        return false;
    }
    dialogue->payload.size = 0;
    while (dialogue->rest.size > 0 && event != WEBSOCKET_CLOSED) {
        event = websocket_next(dialogue->websocket, &dialogue->rest, &dialogue->payload, &own);
        if (event == WEBSOCKET_VIOLATION || event == WEBSOCKET_NO_MEMORY) {
            *err = own;
            return false;
        }
        if ((event == WEBSOCKET_PINGED && !answer_control(dialogue, WEBSOCKET_PONG)) ||
            (event == WEBSOCKET_CLOSED && !answer_control(dialogue, WEBSOCKET_CLOSE))) {
            (void)FAIL_NOMEM(err);
            return false;
        }
    }
    if (event == WEBSOCKET_CLOSED) {
        dialogue->rest.size = 0;
        dialogue->closes = true;
    }
    return inbound_feed(&dialogue->in, buffer_bytes(&dialogue->payload), err) == THRIFT_OK &&
           dialogue->payload.size > 0;
}

/* More bytes for the stream of messages. false: there are none, or `err`. */
static bool unwrap_some(struct dialogue *dialogue, thrift_error *err)
{
    if (dialogue->destination->carriage == CARRIAGE_ZLIB) {
        return inflate_some(dialogue, err);
    }
    return open_websocket(dialogue, err) && unwrap_frames(dialogue, err);
}

/* ---- any of them ---- */

enum dialogue_event dialogue_next(struct dialogue *dialogue, struct inbound_message *out,
                                  thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;

    if (dialogue->destination->carriage == CARRIAGE_HTTP) {
        return next_of_http(dialogue, out, err);
    }
    for (;;) {
        enum inbound_result result = inbound_next(&dialogue->in, out, err);

        if (result == INBOUND_MESSAGE) {
            return check_form(dialogue, out, err);
        }
        if (result != INBOUND_MORE) {
            return DIALOGUE_BROKEN;
        }
        if (!is_wrapped(dialogue)) {
            return DIALOGUE_MORE;
        }
        if (!unwrap_some(dialogue, &own)) {
            if (own.code != THRIFT_OK) {
                *err = own;
                return DIALOGUE_BROKEN;
            }
            return DIALOGUE_MORE;
        }
    }
}

enum dialogue_event dialogue_finish(struct dialogue *dialogue, struct inbound_message *out,
                                    thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;

    if (dialogue->destination->carriage == CARRIAGE_HTTP &&
        http_end(dialogue->http, &own) == HTTP_MESSAGE_READ) {
        return take_body(dialogue, out, err);
    }
    return DIALOGUE_MORE;
}
