/*
 * HTTP/1.1 as a carrier of messages: bytes in any pieces become heads and bodies. No I/O.
 *
 *     while ((event = http_next(reader, &input, &err)) != HTTP_MORE) …
 *
 * HTTP_HEAD_READ comes when a head is complete, HTTP_MESSAGE_READ when its body is; a body that
 * came in one piece is a view of the input, one in pieces is put together within max_frame_size.
 * Nothing of a message is valid any more when http_next() is called after its HTTP_MESSAGE_READ.
 * Both sides use it. Without an HTTP parser in the build, http_built() is false.
 * Source: RFC 9110, RFC 9112; the parser is llhttp, in its strict mode.
 */
#ifndef TRANSPORT_HTTP_H
#define TRANSPORT_HTTP_H

#include "wire/headers.h"

enum http_kind { HTTP_REQUESTS, HTTP_RESPONSES };

enum http_event {
    HTTP_MORE, /* the input is used up */
    HTTP_HEAD_READ,
    HTTP_MESSAGE_READ,
    HTTP_BROKEN /* err: E_PROTOCOL, E_LIMIT, E_NOMEM; the stream cannot go on */
};

enum http_method { HTTP_METHOD_POST, HTTP_METHOD_GET, HTTP_METHOD_OTHER };

struct http_head {
    enum http_method method; /* of a request */
    const char *method_name;
    unsigned status; /* of a response */
    bool old;        /* HTTP/1.0 */
    bool keeps_alive;
    bool upgrades;           /* "Connection: upgrade" and an Upgrade line */
    bool has_content_length; /* else the body is chunked, or none, or goes to the end */
    uint64_t content_length;
    thrift_bytes path;    /* of a request: what stands behind the method */
    thrift_bytes headers; /* as in wire/headers.h */
};

/* Memory that readers of one owner give to each other. */
struct http_buffers {
    thrift_buffer line, path, headers, body;
};
void http_buffers_init(struct http_buffers *buffers, const thrift_allocator *allocator);
void http_buffers_deinit(struct http_buffers *buffers);

struct http_reader;

bool http_built(void);

/* `limits` are in force; they and `spare` outlive the reader. NULL: no memory. */
struct http_reader *http_reader_new(enum http_kind kind, const thrift_limits *limits,
                                    struct http_buffers *spare);
void http_reader_free(struct http_reader *reader); /* NULL allowed */

/* Moves *input behind what was used. */
enum http_event http_next(struct http_reader *reader, thrift_bytes *input, thrift_error *err);
/* The peer sends no more: HTTP_MESSAGE_READ for a response whose body goes to the end, HTTP_BROKEN
 * in the middle of anything else, HTTP_MORE between messages. */
enum http_event http_end(struct http_reader *reader, thrift_error *err);

/* From HTTP_HEAD_READ on. */
const struct http_head *http_head_of(const struct http_reader *reader);
/* From HTTP_MESSAGE_READ on. */
thrift_bytes http_body_of(const struct http_reader *reader);
/* Between two messages, with nothing kept? */
bool http_reader_is_idle(const struct http_reader *reader);
/* After HTTP_BROKEN: the status that a server answers with. */
unsigned http_refusal_of(const struct http_reader *reader);

#endif
