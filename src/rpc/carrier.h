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
    /* Is there the begin of something that a message needs? */
    bool (*is_partial)(const struct carrier *carrier);
    void (*free)(struct carrier *carrier);
};

/* Of one whole message; NULL: no memory. */
struct carrier *http_carrier_new(struct session *session);

/* "connection-broken" to the log; SESSION_CLOSE. */
enum session_verdict session_broken(const struct session *session, const thrift_error *err);

#endif
