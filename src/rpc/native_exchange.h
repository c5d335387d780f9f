/*
 * A call with arguments and result in C memory.
 */
#ifndef RPC_NATIVE_EXCHANGE_H
#define RPC_NATIVE_EXCHANGE_H

#include "rpc/exchange.h"
#include "rpc/native_method.h"

struct native_exchange {
    const struct native_method *method;
    const uint8_t *block;     /* of the arguments */
    void *out;                /* of the result, zero; NULL: void */
    struct thrift_root *root; /* owns what the result points at */
    thrift_outcome *outcome;  /* what came instead of a result: the caller's; NULL: a result came */
};

/* Sends, waits, reads. E_STATE in a handler; what a call gives. Threads: any. */
thrift_status native_exchange_perform(struct native_exchange *native, thrift_client *client,
                                      thrift_error *err);

/* For exchange.c. */
thrift_status native_exchange_write(const struct native_exchange *native, thrift_protocol protocol,
                                    const struct codec_policy *policy, thrift_buffer *out,
                                    thrift_error *err);
thrift_status native_exchange_read(struct native_exchange *native, const thrift_client *client,
                                   const struct link_reply *reply, thrift_error *err);

#endif
