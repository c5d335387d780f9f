/*
 * Carriers: what stands around messages on connections that do not begin with one. HTTP carries a
 * message in each body; WebSocket and zlib carry a stream of them.
 *
 * A session has one when its first bytes ask for it, and gives it all further bytes.
 */
#ifndef RPC_CARRIER_H
#define RPC_CARRIER_H

#include "rpc/session.h"

struct carrier {
    /* As session_receive(). It may put another carrier into its place and free itself. */
    enum session_verdict (*receive)(struct session *session, thrift_bytes bytes,
                                    thrift_buffer *out);
    /* Of a stream of messages: wraps the reply that stands in `out` from `begin` on. */
    bool (*wrap)(struct carrier *carrier, thrift_buffer *out, size_t begin);
    /* Is there the begin of something that a message needs? */
    bool (*is_partial)(const struct carrier *carrier);
    void (*free)(struct carrier *carrier);
    thrift_buffer waiting; /* input behind a full output */
};

/* NULL: no memory. */
struct carrier *http_carrier_new(struct session *session);
struct carrier *websocket_carrier_new(struct session *session);
struct carrier *zlib_carrier_new(struct session *session);

/* A receive() made of `work`, which moves *input behind what it used, all of it unless its verdict
 * is SESSION_FULL: the rest waits. */
typedef enum session_verdict (*carrier_work_fn)(struct session *session, thrift_bytes *input,
                                                thrift_buffer *out);
enum session_verdict carrier_receive(struct session *session, thrift_bytes bytes,
                                     thrift_buffer *out, carrier_work_fn work);

/* The session's messages in `bytes`, which may be empty, answered into `out`, each wrapped. */
enum session_verdict session_answer(struct session *session, thrift_bytes bytes,
                                    thrift_buffer *out);
/* "connection-broken" to the log; SESSION_CLOSE. */
enum session_verdict session_broken(const struct session *session, const thrift_error *err);

#endif
