/*
 * Inbound: a stream's bytes, in any pieces, become messages.
 *
 *     inbound_feed(&in, bytes, err)
 *     while (inbound_next(&in, &message, err) == INBOUND_MESSAGE) …
 *     inbound_keep(&in, err)                       what is left of the bytes is not the caller's
 *
 * The first bytes decide framing and protocol. A framed message is a frame; an unframed one ends
 * where the scanner finds its end. Behind a first THeader frame each frame says for itself what it
 * is, as Apache's servers have it. A message that came in one piece is a view of the bytes given;
 * one in pieces is put together in a buffer that grows with what arrived, never with what a length
 * claims (T3, T4), and is given back when nothing is left: an idle connection keeps no memory.
 * Work is linear in the bytes however they are split (R14). Threads: owner.
 */
#ifndef TRANSPORT_INBOUND_H
#define TRANSPORT_INBOUND_H

#include "transport/form.h"
#include "transport/http.h"
#include "wire/detect.h"
#include "wire/scan.h"
#include "wire/theader.h"

/* What the streams of one owner share; outlives them. One stream is fed at a time: from
 * inbound_feed() to inbound_keep(). */
struct inbound_shared {
    thrift_limits limits; /* in force */
    unsigned protocols;   /* accepted: bits 1 << thrift_protocol */
    unsigned wires;       /* accepted: bits 1 << thrift_wire; INBOUND_WIRES to begin with */
    thrift_allocator allocator;
    thrift_buffer spare;      /* a buffer given back, for the next who needs one */
    thrift_buffer inflated;   /* of the last THeader frame that was compressed */
    thrift_buffer unwrapped;  /* what a carrier took out, while it is worked on */
    struct http_buffers http; /* buffers that HTTP's readers gave back */
    struct scan *idle;        /* a scan given back */
    thrift_bytes window;      /* while one of them is fed: what next() reads from */
    size_t at;                /* in the window: where the next message begins */
};

struct inbound {
    struct inbound_shared *shared;
    thrift_buffer partial; /* the begin of a message, from earlier bytes */
    struct scan *scan;     /* of the unframed message that is under way */
    uint8_t kind;          /* enum detect_kind; the next two are of DETECT_MESSAGE */
    uint8_t protocol;      /* thrift_protocol */
    bool framed;
    bool carried; /* by HTTP, WebSocket or zlib: no other carrier begins inside */
};

/* The wires that an inbound stream undoes by itself. */
#define INBOUND_WIRES                                                                              \
    (1u << THRIFT_WIRE_UNFRAMED | 1u << THRIFT_WIRE_FRAMED | 1u << THRIFT_WIRE_HEADER)

enum inbound_result {
    INBOUND_MESSAGE,
    INBOUND_CARRIER, /* HTTP or a zlib stream begins, which is accepted: inbound_leave() */
    INBOUND_MORE,
    INBOUND_BROKEN /* err: E_PROTOCOL, E_CORRUPT, E_LIMIT, E_NOMEM; the stream cannot go on */
};

struct inbound_message {
    thrift_bytes bytes; /* the envelope and its body; until the next call of inbound_…() */
    struct message_form form;
    thrift_bytes headers;          /* as in wire/headers.h; as long as `bytes` */
    enum application_code refused; /* as in struct theader: there is no message then */
    uint32_t refused_id;
};

void inbound_shared_init(struct inbound_shared *shared, const thrift_limits *limits,
                         unsigned protocols, const thrift_allocator *allocator);
void inbound_shared_deinit(struct inbound_shared *shared);

void inbound_init(struct inbound *in, struct inbound_shared *shared);
void inbound_deinit(struct inbound *in);

/* E_NOMEM. */
thrift_status inbound_feed(struct inbound *in, thrift_bytes bytes, thrift_error *err);
enum inbound_result inbound_next(struct inbound *in, struct inbound_message *out,
                                 thrift_error *err);
thrift_status inbound_keep(struct inbound *in, thrift_error *err);
/* After INBOUND_CARRIER: all bytes so far are the caller's. `own` gets the memory that they stand
 * in, if it is this stream's; the stream is as new. */
thrift_bytes inbound_leave(struct inbound *in, thrift_buffer *own);
/* `whole` is one message and nothing else, in whatever form: the body of a carrier. */
enum inbound_result inbound_whole(struct inbound_shared *shared, thrift_bytes whole,
                                  struct inbound_message *out, thrift_error *err);
/* What inbound_next() found out; DETECT_MORE: nothing yet. */
static inline enum detect_kind inbound_kind(const struct inbound *in)
{
    return (enum detect_kind)in->kind;
}
/* After inbound_keep(): is there the begin of a message, or more? */
static inline bool inbound_is_partial(const struct inbound *in) { return in->partial.size > 0; }

#endif
