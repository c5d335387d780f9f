/*
 * llhttp's callbacks, turned into events.
 *
 * Bytes that are neither head nor body (chunk sizes, trailers, reasons) are counted too, so that
 * none of them can go on for ever.
 */
#include "transport/http.h"

#include <llhttp.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"

#define FRAME_HEAD_SIZE 4u
#define OVERHEAD_PER_BYTE 16u /* of a body that comes in chunks of one byte */
#define SPARE_SIZE_MOST ((size_t)4 << 20)

struct http_reader {
    llhttp_t parser;
    const thrift_limits *limits;
    struct http_buffers *spare, own;
    struct http_head head;
    thrift_bytes view; /* of the body in the input: not in own.body yet */
    size_t overhead;   /* bytes of this message that are not its body */
    uint32_t header_count;
    uint32_t name_size; /* in own.line */
    enum http_event event;
    enum { AT_BEGIN, IN_HEAD, IN_BODY, AT_END } place;
    unsigned refusal;
    thrift_status fault; /* of a callback */
    const char *fault_text;
};

bool http_built(void) { return true; }

/* ---- buffers ---- */

void http_buffers_init(struct http_buffers *buffers, const thrift_allocator *allocator)
{
    const thrift_buffer empty = {.allocator = allocator != NULL ? *allocator
                                                                : (thrift_allocator){NULL, NULL}};

    *buffers = (struct http_buffers){empty, empty, empty, empty};
}

void http_buffers_deinit(struct http_buffers *buffers)
{
    thrift_buffer_deinit(&buffers->line);
    thrift_buffer_deinit(&buffers->path);
    thrift_buffer_deinit(&buffers->headers);
    thrift_buffer_deinit(&buffers->body);
}

static void take_buffers(struct http_reader *reader)
{
    const thrift_allocator allocator = reader->spare->line.allocator;

    reader->own = *reader->spare;
    http_buffers_init(reader->spare, &allocator);
}

static void give_buffers_back(struct http_reader *reader)
{
    struct http_buffers *own = &reader->own;

    own->line.size = own->path.size = own->headers.size = own->body.size = 0;
    if (own->body.capacity > SPARE_SIZE_MOST) {
        thrift_buffer_deinit(&own->body);
    }
    if (reader->spare->line.capacity == 0 && reader->spare->body.capacity == 0) {
        *reader->spare = *own;
        http_buffers_init(own, &reader->spare->line.allocator);
    }
    http_buffers_deinit(own);
}

/* ---- callbacks ---- */

static struct http_reader *of(llhttp_t *parser) { return parser->data; }

static int fail(struct http_reader *reader, thrift_status status, unsigned refusal,
                const char *text)
{
    reader->fault = status;
    reader->refusal = refusal;
    reader->fault_text = text;
    return HPE_USER;
}

static int keep(struct http_reader *reader, thrift_buffer *where, const char *at, size_t size)
{
    if (reader->place == IN_BODY) {
        return 0; /* a trailer: counted, not kept */
    }
    if (where->size + size > reader->limits->max_header_size) {
        return fail(reader, THRIFT_E_LIMIT, 431, "a line longer than max_header_size");
    }
    return buffer_append(where, at, size) ? 0 : fail(reader, THRIFT_E_NOMEM, 503, "out of memory");
}

static int on_begin(llhttp_t *parser)
{
    of(parser)->place = IN_HEAD;
    take_buffers(of(parser));
    return 0;
}

static int on_url(llhttp_t *parser, const char *at, size_t size)
{
    return keep(of(parser), &of(parser)->own.path, at, size);
}

static int on_line(llhttp_t *parser, const char *at, size_t size)
{
    return keep(of(parser), &of(parser)->own.line, at, size);
}

static int on_name_end(llhttp_t *parser)
{
    of(parser)->name_size = (uint32_t)of(parser)->own.line.size;
    return 0;
}

static int on_value_end(llhttp_t *parser)
{
    struct http_reader *reader = of(parser);
    thrift_buffer *line = &reader->own.line;
    const thrift_bytes name = {line->data, reader->name_size};
    const thrift_bytes value = {line->data != NULL ? line->data + reader->name_size : NULL,
                                line->size - reader->name_size};

    if (reader->place == IN_BODY) {
        return 0;
    }
    if (++reader->header_count > reader->limits->max_header_count) {
        return fail(reader, THRIFT_E_LIMIT, 431, "more lines than max_header_count");
    }
    if (!headers_append(&reader->own.headers, name, value)) {
        return fail(reader, THRIFT_E_NOMEM, 503, "out of memory");
    }
    line->size = 0;
    return 0;
}

static void describe(struct http_reader *reader)
{
    llhttp_t *parser = &reader->parser;
    uint8_t method = llhttp_get_method(parser);
    thrift_bytes length;

    reader->head = (struct http_head){
        .method = HTTP_METHOD_OTHER,
        .status = (unsigned)llhttp_get_status_code(parser),
        .old = llhttp_get_http_major(parser) == 1 && llhttp_get_http_minor(parser) == 0,
        .keeps_alive = llhttp_should_keep_alive(parser) != 0,
        .upgrades = llhttp_get_upgrade(parser) != 0 && method != HTTP_CONNECT,
        .content_length = parser->content_length,
        .path = buffer_bytes(&reader->own.path),
        .headers = buffer_bytes(&reader->own.headers),
    };
    reader->head.has_content_length = headers_find(reader->head.headers, "content-length", &length);
    if (llhttp_get_type(parser) == HTTP_REQUEST) {
        reader->head.method_name = llhttp_method_name((llhttp_method_t)method);
        if (method == HTTP_POST || method == HTTP_GET) {
            reader->head.method = method == HTTP_POST ? HTTP_METHOD_POST : HTTP_METHOD_GET;
        }
    }
}

static int on_head(llhttp_t *parser)
{
    struct http_reader *reader = of(parser);

    describe(reader);
    reader->place = IN_BODY;
    reader->event = HTTP_HEAD_READ;
    return HPE_PAUSED;
}

static int flush_view(struct http_reader *reader)
{
    thrift_bytes view = reader->view;

    reader->view = (thrift_bytes){NULL, 0};
    return buffer_append(&reader->own.body, view.data, view.size)
               ? 0
               : fail(reader, THRIFT_E_NOMEM, 503, "no memory for a body that is not whole yet");
}

static int on_body(llhttp_t *parser, const char *at, size_t size)
{
    struct http_reader *reader = of(parser);
    size_t most = reader->limits->max_frame_size + FRAME_HEAD_SIZE;

    if (size > most - reader->own.body.size - reader->view.size) {
        return fail(reader, THRIFT_E_LIMIT, 413, "a body larger than max_frame_size");
    }
    if (reader->view.size > 0 && flush_view(reader) != 0) {
        return HPE_USER;
    }
    reader->view = (thrift_bytes){(const uint8_t *)at, size};
    return 0;
}

static int on_complete(llhttp_t *parser)
{
    struct http_reader *reader = of(parser);

    reader->place = AT_END;
    reader->event = HTTP_MESSAGE_READ;
    if (reader->own.body.size > 0 && reader->view.size > 0 && flush_view(reader) != 0) {
        return HPE_USER;
    }
    return HPE_PAUSED;
}

static const llhttp_settings_t callbacks = {
    .on_message_begin = on_begin,
    .on_url = on_url,
    .on_header_field = on_line,
    .on_header_field_complete = on_name_end,
    .on_header_value = on_line,
    .on_header_value_complete = on_value_end,
    .on_headers_complete = on_head,
    .on_body = on_body,
    .on_message_complete = on_complete,
};

/* ---- the reader ---- */

struct http_reader *http_reader_new(enum http_kind kind, const thrift_limits *limits,
                                    struct http_buffers *spare)
{
    struct http_reader *reader = mem_alloc_zero(&spare->line.allocator, 1, sizeof *reader);

    if (reader != NULL) {
        llhttp_init(&reader->parser, kind == HTTP_REQUESTS ? HTTP_REQUEST : HTTP_RESPONSE,
                    &callbacks);
        reader->parser.data = reader;
        reader->limits = limits;
        reader->spare = spare;
        http_buffers_init(&reader->own, &spare->line.allocator);
    }
    return reader;
}

void http_reader_free(struct http_reader *reader)
{
    if (reader != NULL) {
        thrift_allocator allocator = reader->spare->line.allocator;

        give_buffers_back(reader);
        mem_free(&allocator, reader, sizeof *reader);
    }
}

static void restart(struct http_reader *reader)
{
    give_buffers_back(reader);
    reader->view = (thrift_bytes){NULL, 0};
    reader->overhead = 0;
    reader->header_count = reader->name_size = 0;
    reader->place = AT_BEGIN;
}

static enum http_event broken(struct http_reader *reader, llhttp_errno_t code, thrift_error *err)
{
    if (reader->fault != THRIFT_OK) { /* llhttp knows only which callback it was */
        (void)FAIL(err, reader->fault, "HTTP: %s", reader->fault_text);
        return HTTP_BROKEN;
    }
    reader->refusal = code == HPE_INVALID_VERSION || code == HPE_PAUSED_H2_UPGRADE ? 505 : 400;
    (void)FAIL(err, THRIFT_E_PROTOCOL, "not HTTP/1.1: %s",
               code == HPE_PAUSED_H2_UPGRADE ? "this is HTTP/2"
                                             : llhttp_get_error_reason(&reader->parser));
    return HTTP_BROKEN;
}

/* Neither lines nor chunk sizes may outweigh the body without end. */
static bool is_bounded(struct http_reader *reader, size_t used, size_t body)
{
    size_t most = 2 * reader->limits->max_header_size + OVERHEAD_PER_BYTE * body;

    reader->overhead += used;
    return reader->overhead - body <= most;
}

static enum http_event settle(struct http_reader *reader, llhttp_errno_t code, size_t used,
                              thrift_error *err)
{
    if (code == HPE_OK || code == HPE_PAUSED) {
        if (!is_bounded(reader, used, reader->own.body.size + reader->view.size)) {
            code = (llhttp_errno_t)fail(reader, THRIFT_E_LIMIT, 431,
                                        "more beside the body than max_header_size");
        }
    }
    if (code == HPE_PAUSED) {
        llhttp_resume(&reader->parser);
        return reader->event;
    }
    if (code == HPE_OK && (reader->view.size == 0 || flush_view(reader) == 0)) {
        return HTTP_MORE;
    }
    return broken(reader, code == HPE_OK ? HPE_USER : code, err);
}

enum http_event http_next(struct http_reader *reader, thrift_bytes *input, thrift_error *err)
{
    const char *begin = input->data != NULL ? (const char *)input->data : "";
    llhttp_errno_t code;
    size_t used;

    if (reader->place == AT_END) {
        restart(reader);
    }
    if (input->size == 0 && reader->place != IN_BODY) {
        return HTTP_MORE;
    }
    code = llhttp_execute(&reader->parser, begin, input->size);
    if (code == HPE_PAUSED_UPGRADE) { /* to something that was not agreed to: go on */
        llhttp_resume_after_upgrade(&reader->parser);
        code = llhttp_execute(&reader->parser, begin, input->size);
    }
    used = code == HPE_OK ? input->size : (size_t)(llhttp_get_error_pos(&reader->parser) - begin);
    *input = (thrift_bytes){(const uint8_t *)begin + used, input->size - used};
    return settle(reader, code, used, err);
}

enum http_event http_end(struct http_reader *reader, thrift_error *err)
{
    llhttp_errno_t code;

    if (reader->place == AT_BEGIN || reader->place == AT_END) {
        return HTTP_MORE;
    }
    code = llhttp_finish(&reader->parser);
    if (code == HPE_PAUSED || (code == HPE_OK && reader->place == AT_END)) {
        return HTTP_MESSAGE_READ;
    }
    reader->refusal = 400;
    (void)FAIL(err, THRIFT_E_TRUNCATED, "the peer closed in the middle of an HTTP message");
    return HTTP_BROKEN;
}

const struct http_head *http_head_of(const struct http_reader *reader) { return &reader->head; }

thrift_bytes http_body_of(const struct http_reader *reader)
{
    return reader->own.body.size > 0 ? buffer_bytes(&reader->own.body) : reader->view;
}

bool http_reader_is_idle(const struct http_reader *reader)
{
    return reader->place == AT_BEGIN || reader->place == AT_END;
}

unsigned http_refusal_of(const struct http_reader *reader) { return reader->refusal; }
