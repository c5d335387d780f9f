/*
 * A build without an HTTP parser: peers that speak HTTP are refused by name.
 */
#include "transport/http.h"

#include "base/error.h"

bool http_built(void) { return false; }

void http_buffers_init(struct http_buffers *buffers, const thrift_allocator *allocator)
{
    (void)allocator;
    *buffers = (struct http_buffers){.line = THRIFT_BUFFER_INIT};
}

void http_buffers_deinit(struct http_buffers *buffers) { (void)buffers; }

struct http_reader *http_reader_new(enum http_kind kind, const thrift_limits *limits,
                                    struct http_buffers *spare)
{
    (void)kind, (void)limits, (void)spare;
    return NULL;
}

void http_reader_free(struct http_reader *reader) { (void)reader; }

enum http_event http_next(struct http_reader *reader, thrift_bytes *input, thrift_error *err)
{
    (void)input;
    return http_end(reader, err);
}

enum http_event http_end(struct http_reader *reader, thrift_error *err)
{
    (void)reader;
    (void)FAIL(err, THRIFT_E_PROTOCOL, "this build has no HTTP");
    return HTTP_BROKEN;
}

const struct http_head *http_head_of(const struct http_reader *reader)
{
    static const struct http_head none;

    (void)reader;
    return &none;
}

thrift_bytes http_body_of(const struct http_reader *reader)
{
    (void)reader;
    return (thrift_bytes){NULL, 0};
}

bool http_reader_is_idle(const struct http_reader *reader) { return reader != NULL; }

unsigned http_refusal_of(const struct http_reader *reader) { return reader != NULL ? 500 : 501; }
