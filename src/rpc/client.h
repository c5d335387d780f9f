/*
 * Client, from the inside.
 */
#ifndef RPC_CLIENT_H
#define RPC_CLIENT_H

#include <pthread.h>
#include <rethrift/client.h>

#include "base/clock.h"
#include "codec/policy.h"
#include "rpc/client_definition.h"
#include "rpc/link.h"

struct follower;
struct loop_link;

/* What a layer above hangs on a client; goes with it. */
struct client_attachment {
    struct client_attachment *next;
    void (*free)(struct client_attachment *attachment);
};

struct thrift_client {
    thrift_allocator allocator;
    thrift_limits limits; /* in force */
    struct codec_policy policy;
    struct destination destination;
    struct client_definition definition;
    char *address;             /* a copy of the text */
    struct follower *follower; /* guarded by the lock; NULL: none */
    uint32_t connect_timeout_ms, call_timeout_ms;
    int32_t first_sequence_id;
    pthread_mutex_t lock;
    struct link *link;                     /* guarded by the lock; NULL: none yet */
    struct client_attachment *attachments; /* guarded by the lock */
    struct loop_link *loop_link;           /* NULL: the client has no loop */
};

/* Threads: any. */
void client_attach(thrift_client *client, struct client_attachment *attachment);

/* The link to use, as a reference of the caller's; a new one when `stale` is still the client's, or
 * the client's is no good. */
struct link *client_take_link(thrift_client *client, const struct link *stale, uint64_t deadline_ns,
                              thrift_error *err);

static inline uint64_t client_after_ms(uint32_t ms)
{
    return clock_now_ns() + (uint64_t)ms * 1000000;
}

/* ---- arguments ---- */

/* By the definition in use. E_NAME. */
const thrift_method *client_find_method(const struct definition_in_use *in_use, const char *name,
                                        thrift_error *err);
/* A record of the caller's; with `args` in it. */
thrift_record *client_new_arguments(const thrift_method *method, thrift_error *err);
thrift_status client_set_arguments(thrift_record *record, const thrift_method *method,
                                   thrift_args args, thrift_error *err);
/* The method whose arguments these are; E_TYPE. */
const thrift_method *client_method_of(thrift_client *client, const thrift_record *args,
                                      thrift_error *err);

#endif
