/*
 * The server's side of WebSocket: a stream of messages in frames, each reply in one, of the kind
 * that the request had. Where the peer's messages end does not matter.
 */
#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"
#include "rpc/carrier.h"
#include "transport/websocket.h"

struct websocket_carrier {
    struct carrier carrier;
    struct websocket_reader reader;
    const struct inbound *in; /* the session's */
};

static struct websocket_carrier *of(struct carrier *carrier)
{
    return (struct websocket_carrier *)(void *)carrier;
}

static bool wrap(struct carrier *carrier, thrift_buffer *out, size_t begin)
{
    enum websocket_opcode kind =
        of(carrier)->reader.kind == WEBSOCKET_TEXT ? WEBSOCKET_TEXT : WEBSOCKET_BINARY;

    return out->size == begin || websocket_write(out, begin, kind, NULL);
}

/* A ping's or a close's payload goes back. */
static bool return_control(struct websocket_carrier *socket, enum websocket_opcode opcode,
                           thrift_buffer *out)
{
    thrift_bytes payload = websocket_control(&socket->reader);
    size_t begin = out->size;

    return buffer_append(out, payload.data, payload.size) &&
           websocket_write(out, begin, opcode, NULL);
}

static enum session_verdict answer_event(struct session *session, enum websocket_event event,
                                         const thrift_error *err, thrift_buffer *out)
{
    struct websocket_carrier *socket = of(session->carrier);

    switch (event) {
    case WEBSOCKET_MORE:
    case WEBSOCKET_MESSAGE:
        break;
    case WEBSOCKET_PINGED:
        return return_control(socket, WEBSOCKET_PONG, out) ? SESSION_OPEN : SESSION_CLOSE;
    case WEBSOCKET_CLOSED:
        (void)return_control(socket, WEBSOCKET_CLOSE, out);
        return SESSION_CLOSE;
    case WEBSOCKET_VIOLATION:
        (void)websocket_write_close(out, WEBSOCKET_PROTOCOL_ERROR, NULL);
        return session_broken(session, err);
    case WEBSOCKET_NO_MEMORY:
        return session_broken(session, err);
    }
    return SESSION_OPEN;
}

static enum session_verdict work(struct session *session, thrift_bytes *input, thrift_buffer *out)
{
    struct websocket_carrier *socket = of(session->carrier);
    thrift_buffer *payload = &session->in.shared->unwrapped;
    /* what waited inside for the output */
    enum session_verdict verdict = session_answer(session, (thrift_bytes){NULL, 0}, out);

    while (verdict == SESSION_OPEN && input->size > 0) {
        thrift_error err = THRIFT_ERROR_INIT;
        enum websocket_event event;

        payload->size = 0;
        event = websocket_next(&socket->reader, input, payload, &err);
        verdict = session_answer(session, buffer_bytes(payload), out);
        if (verdict != SESSION_CLOSE && event != WEBSOCKET_MORE) {
            enum session_verdict other = answer_event(session, event, &err, out);

            verdict = other != SESSION_OPEN ? other : verdict;
        }
    }
    return verdict;
}

static enum session_verdict receive(struct session *session, thrift_bytes bytes, thrift_buffer *out)
{
    return carrier_receive(session, bytes, out, work);
}

static bool is_partial(const struct carrier *carrier)
{
    const struct websocket_carrier *socket =
        (const struct websocket_carrier *)(const void *)carrier;

    return carrier->waiting.size > 0 || !websocket_reader_is_idle(&socket->reader) ||
           inbound_is_partial(socket->in);
}

static void free_carrier(struct carrier *carrier)
{
    thrift_allocator allocator = carrier->waiting.allocator;

    thrift_buffer_deinit(&carrier->waiting);
    mem_free(&allocator, carrier, sizeof(struct websocket_carrier));
}

struct carrier *websocket_carrier_new(struct session *session)
{
    const thrift_allocator *allocator = &session->in.shared->allocator;
    struct websocket_carrier *socket = mem_alloc_zero(allocator, 1, sizeof *socket);

    if (socket == NULL) {
        return NULL;
    }
    socket->carrier = (struct carrier){receive, wrap, is_partial, free_carrier, THRIFT_BUFFER_INIT};
    socket->carrier.waiting.allocator = *allocator;
    socket->in = &session->in;
    websocket_reader_init(&socket->reader, true);
    return &socket->carrier;
}
