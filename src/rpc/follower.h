/*
 * Follower: keeps a client's definition in step with files, or with what its server serves.
 */
#ifndef RPC_FOLLOWER_H
#define RPC_FOLLOWER_H

#include <rethrift/reload.h>

#include "rpc/client_definition.h"

struct follower;

struct follower_options {
    struct client_definition *definition; /* outlives the follower, as the rest */
    const char *address;                  /* of the server */
    const thrift_client_options *client;  /* how to ask it */
    const thrift_allocator *allocator;
    thrift_follow source;
    const thrift_reload_options *reload; /* copied; may be NULL */
};

/* Follows at once, on a thread of its own. NULL: E_STATE (no files), E_ARGUMENT, E_NOMEM, E_IO. */
struct follower *follower_new(const struct follower_options *options, thrift_error *err);
void follower_free(struct follower *follower); /* stops it; NULL allowed */

#endif
