/*
 * Exchange: a call on its way: what is written, and where the reply goes.
 */
#ifndef RPC_EXCHANGE_H
#define RPC_EXCHANGE_H

#include "codec/plan.h"
#include "rpc/client.h"
#include "rpc/outcome.h"

struct native_exchange;

struct exchange {
    thrift_client *client;
    const char *method;
    const struct plan *plan;        /* of the arguments; NULL: raw */
    const thrift_record *arguments; /* NULL: raw */
    thrift_bytes raw;
    bool oneway;
    struct native_exchange *native; /* C arguments and result; NULL: none */
    thrift_outcome *outcome;        /* made by exchange_prepare(); the caller's */
};

/* A call of `method` with these arguments: the first mistake in them, E_NOMEM. */
thrift_status exchange_init(struct exchange *exchange, thrift_client *client,
                            const thrift_method *method, const thrift_record *arguments,
                            thrift_error *err);
/* Makes the outcome. `schema` is the method's; `method` NULL: raw. E_STATE on a loop thread,
 * E_NOMEM. */
thrift_status exchange_prepare(struct exchange *exchange, const thrift_schema *schema,
                               const thrift_method *method, thrift_error *err);

/* Appends the request with this sequence id. */
thrift_status exchange_write(struct exchange *exchange, struct dialogue *dialogue,
                             int32_t sequence_id, thrift_buffer *out, thrift_error *err);
/* How a link writes and reads it; `data` is the exchange. */
struct link_request exchange_request(struct exchange *exchange);

/* Sends, waits, reads. */
thrift_status exchange_perform(struct exchange *exchange, thrift_error *err);

#endif
