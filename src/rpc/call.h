/*
 * Call: one request while it is answered. Recycled from call to call; its root holds arguments,
 * result and what the handler takes, so that a warm server allocates nothing.
 */
#ifndef RPC_CALL_H
#define RPC_CALL_H

#include "rpc/generation.h"
#include "transport/address.h"
#include "transport/inbound.h"
#include "value/root.h"

enum call_answer {
    CALL_RESULT, /* the result struct as far as it is filled */
    CALL_FAILED, /* an application error with `failure` as its text */
    CALL_RAW,    /* the result struct as bytes */
    CALL_NATIVE  /* the result in the native handler's block */
};

/* Who calls, asked only when somebody wants to know. */
typedef const char *(*peer_print_fn)(const void *data, char out[ADDRESS_TEXT_SIZE]);
struct peer {
    peer_print_fn print;
    const void *data;
};

struct caller;

struct thrift_call {
    struct thrift_root root;
    const struct generation *generation;
    const struct endpoint *endpoint;
    const struct peer *peer;
    const char *peer_text;
    const char *name; /* of a method that the definition lacks; NULL: the endpoint's */
    thrift_protocol protocol;
    thrift_bytes headers;        /* of the request, as in wire/headers.h */
    thrift_buffer reply_headers; /* the same, of the reply; empty between calls */
    thrift_record *result;       /* NULL: as empty as its layout's image */
    struct thrift_root **lent; /* the root of what is both argument and result; NULL: nothing is */
    enum call_answer answer;
    thrift_bytes raw;
    const char *failure;
    struct caller *caller; /* of a call that stubs make; NULL: of one that is answered */
    uint8_t *block;        /* of a native handler's arguments and result; NULL: none */
    uint64_t deadline_ns;  /* by clock_now_ns(); 0: none */
};

/* `generation` is the caller's, and outlives the call's use of it. */
void call_init(thrift_call *call, const struct generation *generation);
void call_deinit(thrift_call *call);
/* For the next request. The root is empty. */
void call_begin(thrift_call *call, const struct generation *generation,
                const struct endpoint *endpoint, const struct inbound_message *message,
                const struct peer *peer);
/* The result struct, to be filled. NULL: a mistake is noted. */
thrift_record *call_result(thrift_call *call);
/* Everything of it is gone; some memory stays for the next. */
void call_end(thrift_call *call);

#endif
