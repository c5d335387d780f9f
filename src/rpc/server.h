/*
 * Server, from the inside.
 */
#ifndef RPC_SERVER_H
#define RPC_SERVER_H

#include <rethrift/server.h>

#include "rpc/serving.h"
#include "rpc/worker.h"

enum server_state { SERVER_NEW, SERVER_RUNNING, SERVER_ENDED };

struct thrift_server {
    struct serving serving;
    thrift_registry *registry; /* a reference */
    bool early_handlers, every_method, keep_signals;
    char *default_service; /* a copy; NULL: none given */
    struct listener *listeners, *last_listener;
    struct worker **workers;
    size_t worker_count;
    enum server_state state;
    thrift_error mistake;   /* the first of building it */
    pthread_mutex_t making; /* one next generation at a time */
    uint64_t last_number;   /* of a generation; guarded by `making` */
};

/* Makes the next generation and publishes it. While `making` is locked. */
thrift_status server_publish(thrift_server *server, thrift_schema *schema, thrift_error *err);

#endif
