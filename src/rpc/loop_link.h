/*
 * Loop link: a client's connection on a loop. Calls are started in any thread, live on the loop,
 * and end there by their function.
 *
 * A connection is made when a call waits for one, and again after it was lost. Calls that were
 * written fail with it (E_CLOSED), others wait for the next. A call that ends early, by its
 * deadline or cancelled, leaves its sequence id behind, so that a late reply is passed over; when
 * the peer has sent nothing at all since it was asked, or replies cannot be told apart, the
 * connection is given up instead.
 */
#ifndef RPC_LOOP_LINK_H
#define RPC_LOOP_LINK_H

#include "rpc/client_loop.h"
#include "rpc/exchange.h"

struct loop_link;

/* Takes a reference of the loop. The client outlives the link. E_NOMEM. */
struct loop_link *loop_link_new(thrift_client *client, thrift_loop *loop, thrift_error *err);
/*
 * All calls end with E_CANCELLED. true: the link is no more. false, on the loop's thread: it will
 * be when `gone` is called, after the return.
 */
bool loop_link_close(struct loop_link *link, void (*gone)(void *data), void *data);

/* `prepared` is copied; its outcome is taken over, its arguments are written at once. E_LIMIT,
 * E_NOMEM, and as codec_encode(); nothing is taken over then. Threads: any. */
thrift_status loop_link_start(struct loop_link *link, const struct exchange *prepared,
                              thrift_outcome_fn done, void *data, thrift_error *err);
/* E_NOMEM. Threads: any. */
thrift_status loop_link_cancel(struct loop_link *link, const void *data, thrift_error *err);

#endif
