/*
 * Dispatch: one request message in, its reply out. No I/O, no clock.
 *
 * Every outcome of a call is decided here: what is answered, what is only logged, and whether the
 * connection can be used any longer. Threads: owner (one loop).
 */
#ifndef RPC_DISPATCH_H
#define RPC_DISPATCH_H

#include "base/log.h"
#include "codec/policy.h"
#include "rpc/call.h"
#include "transport/inbound.h"
#include "wire/message_head.h"

struct origins;

/* What one loop needs for its calls; recycled from call to call. */
struct dispatcher {
    struct generation *generation; /* a reference */
    const struct codec_policy *policy;
    const struct log *log;
    thrift_call call;
    const struct endpoint *last;   /* that was called; of the generation; NULL: none */
    struct message_head last_head; /* of its request */
    thrift_buffer *carried;   /* not NULL: gets the headers of the reply, as in wire/headers.h */
    uint32_t call_timeout_ms; /* from a message's first byte to its answer; 0: no deadline */
    uint64_t arrived_ns;      /* when the first byte of the message came; 0: now */
    bool refusing;            /* "shutting down" is all that is answered */
    bool ending;              /* the connections close: the answers of HTTP say so */
    const struct origins *origins; /* whose pages may call over HTTP; NULL: no list */
};

/* Takes a reference of the generation. */
void dispatcher_init(struct dispatcher *dispatcher, struct generation *generation,
                     const struct codec_policy *policy, const struct log *log);
void dispatcher_deinit(struct dispatcher *dispatcher);
/* Between two calls. */
void dispatcher_use(struct dispatcher *dispatcher, struct generation *generation);

/* Appends what is to be sent, if anything. false: the connection is to be closed after that. */
bool dispatch(struct dispatcher *dispatcher, const struct inbound_message *message,
              const struct peer *peer, thrift_buffer *out);

#endif
