/*
 * Outcome: what a call gave. Its own root, so that it outlives client, connection and schema.
 */
#ifndef RPC_OUTCOME_H
#define RPC_OUTCOME_H

#include <rethrift/client.h>

#include "codec/policy.h"
#include "rpc/link.h"
#include "value/root.h"

struct thrift_outcome {
    struct thrift_root root;
    thrift_outcome_kind kind;
    const thrift_method *method; /* NULL: a raw call */
    const thrift_record *result; /* the result struct, of RESULT and EXCEPTION */
    const thrift_field *thrown;  /* of EXCEPTION: the field that is set */
    int32_t code;                /* of APPLICATION */
    const char *text;
    thrift_bytes raw;
    thrift_allocator allocator;
};

/* Empty, for a method of the schema; `method` NULL for a raw call. NULL: E_NOMEM. */
thrift_outcome *outcome_new(const thrift_schema *schema, const thrift_method *method,
                            const thrift_allocator *allocator, thrift_error *err);
/* Reads what came back. E_CORRUPT, E_NOMEM, … */
thrift_status outcome_read(thrift_outcome *outcome, thrift_protocol protocol,
                           const struct link_reply *reply, const struct codec_policy *policy,
                           thrift_error *err);

#endif
