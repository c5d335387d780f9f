/*
 * Session: the server's side of one connection, without I/O. Bytes in, bytes out.
 *
 * Requests are answered in the order of their arrival, however many come at once. When the output
 * is full, the rest of the input waits inside. Threads: owner (one loop).
 */
#ifndef RPC_SESSION_H
#define RPC_SESSION_H

#include "rpc/dispatch.h"
#include "transport/inbound.h"

/* Output beyond this waits until the peer has read. */
#define SESSION_OUTPUT_MOST ((size_t)1 << 20)
/* Messages of so many bytes, inflated, are worked on in a row; then other connections have their
 * turn. The last one may go beyond it, up to the limit of a frame. */
#define SESSION_TURN_MOST ((size_t)256 * 1024)

enum session_verdict {
    SESSION_OPEN,
    SESSION_FULL, /* send the output, then call again later, with no further bytes */
    SESSION_CLOSE /* send the output, then close */
};

struct carrier;

struct session {
    struct inbound in;
    struct carrier *carrier; /* NULL: the messages stand on the connection by themselves */
    struct dispatcher *dispatcher;
    peer_print_fn print_peer; /* given the session */
    uint64_t now_ns;          /* when the bytes came that it is given; 0: nobody looks at a clock */
    uint64_t arrived_ns;      /* the same of the next message's first byte */
    uint32_t messages;        /* dispatched so far; it may wrap */
};

void session_init(struct session *session, struct dispatcher *dispatcher,
                  struct inbound_shared *shared, peer_print_fn print_peer);
void session_deinit(struct session *session);

/* `bytes` may be empty. Replies are appended to `out`. */
enum session_verdict session_receive(struct session *session, thrift_bytes bytes,
                                     thrift_buffer *out);
/* dispatch() of a message of this session. */
bool session_dispatch(struct session *session, const struct inbound_message *message,
                      thrift_buffer *out);
/* Is there the begin of a message, or of what carries one? */
bool session_is_partial(const struct session *session);
/* The peer will send no more: reports a message that was cut off. */
void session_end(struct session *session);

#endif
