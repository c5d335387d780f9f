/*
 * Dialogue: the client's side of a connection, without I/O. Requests become bytes, bytes become
 * replies, whatever stands around them.
 *
 *     dialogue_begin(&dialogue, &request, &header, err)   the arguments are appended to
 *     request.message.out, then                           dialogue_end(&dialogue, &request, …)
 *
 *     dialogue_feed(&dialogue, bytes)
 *     while ((event = dialogue_next(&dialogue, &message, err)) == DIALOGUE_REPLY) …
 *     dialogue_keep(&dialogue, err)                       the bytes are not needed any more
 *
 * Threads: one that writes and one that reads at a time.
 */
#ifndef RPC_DIALOGUE_H
#define RPC_DIALOGUE_H

#include "rpc/destination.h"
#include "transport/inbound.h"
#include "transport/outbound.h"

struct http_reader;
struct http_buffers;
struct websocket_reader;
struct zlib_reader;
struct zlib_writer;

struct dialogue {
    const struct destination *destination; /* outlives it */
    struct inbound_shared shared;
    struct inbound in;
    thrift_bytes rest;            /* fed, not looked at yet; of carriages */
    struct zlib_reader *inflater; /* the next three: of CARRIAGE_ZLIB */
    struct zlib_writer *deflater;
    uint8_t *inflated;
    thrift_buffer scratch;      /* a message before it is wrapped */
    struct http_reader *http;   /* of HTTP, and until a WebSocket is open */
    struct http_buffers *spare; /* of `http` */
    struct websocket_reader *websocket;
    thrift_buffer payload; /* of a WebSocket's frames */
    thrift_buffer answer;  /* to the last ping or close: to be sent between two requests */
    char accept[29];       /* what a WebSocket's server must answer */
    bool open;             /* requests may be written: false until a WebSocket is open */
    bool closes;           /* the peer will close behind the reply that was read */
};

struct dialogue_request {
    struct outbound message;
    thrift_buffer *out; /* where it goes in the end */
};

enum dialogue_event {
    DIALOGUE_REPLY,
    DIALOGUE_DONE, /* HTTP: an answer without a message, to a oneway request */
    DIALOGUE_MORE,
    DIALOGUE_BROKEN /* err: E_PROTOCOL, E_CORRUPT, E_LIMIT, E_NOMEM */
};

/* E_NOMEM, E_ARGUMENT: this build lacks what the destination needs. */
thrift_status dialogue_init(struct dialogue *dialogue, const struct destination *destination,
                            const thrift_limits *limits, const thrift_allocator *allocator,
                            thrift_error *err);
/* Also of zeroed memory, and after a failed dialogue_init(). */
void dialogue_deinit(struct dialogue *dialogue);

/* Replies have no order but that of the requests, and every request has one: one at a time. */
static inline bool dialogue_is_ordered(const struct destination *destination)
{
    return destination->carriage == CARRIAGE_HTTP;
}

/* What goes out before anything else, if anything: then nothing is written until `open`. E_NOMEM.
 */
thrift_status dialogue_greet(struct dialogue *dialogue, thrift_buffer *out, thrift_error *err);

/* On failure `out` is as before. */
thrift_status dialogue_begin(struct dialogue *dialogue, struct dialogue_request *request,
                             const struct message_header *header, thrift_buffer *out,
                             thrift_error *err);
thrift_status dialogue_end(struct dialogue *dialogue, struct dialogue_request *request, size_t most,
                           thrift_error *err);
void dialogue_cancel(struct dialogue_request *request);

thrift_status dialogue_feed(struct dialogue *dialogue, thrift_bytes bytes, thrift_error *err);
/* A reply in another form than the requests' is DIALOGUE_BROKEN. */
enum dialogue_event dialogue_next(struct dialogue *dialogue, struct inbound_message *out,
                                  thrift_error *err);
thrift_status dialogue_keep(struct dialogue *dialogue, thrift_error *err);
/* The peer sends no more: an HTTP/1.0 answer may end like this. DIALOGUE_MORE: nothing is there. */
enum dialogue_event dialogue_finish(struct dialogue *dialogue, struct inbound_message *out,
                                    thrift_error *err);

#endif
