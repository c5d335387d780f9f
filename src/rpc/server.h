/*
 * Server, from the inside.
 */
#ifndef RPC_SERVER_H
#define RPC_SERVER_H

#include <rethrift/server.h>

#include "rpc/reload.h"
#include "rpc/serving.h"
#include "rpc/worker.h"

#define SERVER_GENERATIONS_KEPT 4

struct watch;

enum server_state { SERVER_NEW, SERVER_RUNNING, SERVER_ENDED };

/* What the program wants to know of publications; guarded by reloads.making. */
struct publication_hooks {
    thrift_publishing_fn before; /* NULL: none */
    thrift_published_fn after;   /* NULL: none */
    void *data;
};

struct thrift_server {
    struct serving serving;
    thrift_registry *registry; /* a reference */
    bool early_handlers, every_method, keep_signals;
    void (*started)(thrift_server *server, void *data); /* NULL: nobody asks */
    thrift_schema *own_schema;                          /* of reflection; NULL: not served */
    thrift_registry *own_registry;
    char *default_service; /* a copy; NULL: none given */
    struct listener *listeners, *last_listener;
    struct worker **workers;
    size_t worker_count;
    enum server_state state;
    thrift_error mistake; /* the first of building it */
    struct watch *watch;  /* attempts reloads */
    struct reload_target reloads;
    struct census *census;
    struct publication_hooks hooks;
    bool crowded;         /* too many generations live, and the log knows; guarded by the lock */
    uint64_t last_number; /* of a generation; this and `kept` are guarded by reloads.making */
    struct kept_definition {
        uint64_t number;
        thrift_schema *schema; /* a reference; NULL: a free place */
    } kept[SERVER_GENERATIONS_KEPT];
};

/* A builder keeps its first mistake. Returns its code; `err` gets a copy. */
thrift_status server_remember(thrift_server *server, const thrift_error *mistake,
                              thrift_error *err);

/* The first generation, and what later ones need; before any worker is made. E_NAME, E_NOMEM. */
thrift_status server_begin_generations(thrift_server *server, thrift_schema *schema,
                                       thrift_error *err);
void server_end_generations(thrift_server *server);

#endif
