/*
 * Server, from the inside.
 */
#ifndef RPC_SERVER_H
#define RPC_SERVER_H

#include <rethrift/server.h>

#include "rpc/serving.h"
#include "rpc/worker.h"

#define SERVER_GENERATIONS_KEPT 4

struct watch;

enum server_state { SERVER_NEW, SERVER_RUNNING, SERVER_ENDED };

/* What reflection says of the last attempt. */
struct reload_memory {
    const char *outcome; /* NULL: there was none */
    char message[THRIFT_ERROR_MESSAGE_SIZE];
    uint64_t attempts, failures;
};

struct thrift_server {
    struct serving serving;
    thrift_registry *registry; /* a reference */
    bool early_handlers, every_method, keep_signals;
    void (*started)(thrift_server *server, void *data); /* NULL: nobody asks */
    thrift_schema *own_schema;                          /* of reflection; NULL: not served */
    thrift_registry *own_registry;
    struct reload_memory last_reload; /* guarded by serving.lock */
    char *default_service;            /* a copy; NULL: none given */
    struct listener *listeners, *last_listener;
    struct worker **workers;
    size_t worker_count;
    enum server_state state;
    thrift_error mistake;   /* the first of building it */
    struct watch *watch;    /* attempts reloads */
    pthread_mutex_t making; /* one next generation at a time; tells a second lock */
    uint64_t last_number;   /* of a generation; this and `kept` are guarded by `making` */
    struct kept_definition {
        uint64_t number;
        thrift_schema *schema; /* a reference; NULL: a free place */
    } kept[SERVER_GENERATIONS_KEPT];
};

/* While `making` is locked. Makes the next generation and publishes it; names that the definition
 * lacks are only reported. E_NAME (every_method), E_NOMEM. */
thrift_status server_publish(thrift_server *server, thrift_schema *schema, thrift_error *err);
/* The definition of one of the last generations; NULL when it is not kept. */
thrift_schema *server_find_kept(thrift_server *server, uint64_t number);

#endif
