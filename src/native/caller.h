/*
 * Caller: the client's half of a thrift_call: memory for results, and what the last stub gave.
 */
#ifndef NATIVE_CALLER_H
#define NATIVE_CALLER_H

#include "rpc/call.h"
#include "rpc/client.h"

struct caller {
    thrift_client *client;
    thrift_outcome *outcome; /* what came instead of a result; NULL: nothing did */
    thrift_error err;
    struct caller_root *more; /* the newest first; NULL: none */
};

/* For the next stub: what the last one left, but for its memory, is gone. */
void caller_begin(struct caller *caller);

/* Who owns the values of a call by that definition: the call's root, or one more when that is of
 * another. NULL: no memory. */
struct thrift_root *caller_root(thrift_call *call, const thrift_schema *schema);

#endif
