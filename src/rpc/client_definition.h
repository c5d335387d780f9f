/*
 * The definition that a client calls by. It may be switched between two calls; a call holds the one
 * that it began with. Threads: any, for everything but init and deinit.
 */
#ifndef RPC_CLIENT_DEFINITION_H
#define RPC_CLIENT_DEFINITION_H

#include <pthread.h>

#include "base/log.h"
#include "schema/descriptor.h"

struct client_definition {
    pthread_mutex_t lock;
    thrift_schema *schema;         /* a reference; guarded by the lock, as the rest */
    const thrift_service *service; /* NULL: the definition has none */
    uint64_t number;               /* of this definition, counted from 1 */
};

/* What a call holds: give the schema back with thrift_schema_unref(). */
struct definition_in_use {
    thrift_schema *schema;
    const thrift_service *service;
    uint64_t number;
};

/* On zeroed memory. `service` NULL: the only one of the root file that no other extends. Takes a
 * reference of the schema, also when it fails. E_NAME. */
thrift_status client_definition_init(struct client_definition *definition, thrift_schema *schema,
                                     const char *service, thrift_error *err);
void client_definition_deinit(struct client_definition *definition);

struct definition_in_use client_definition_take(struct client_definition *definition);
uint64_t client_definition_number(struct client_definition *definition);

/* The service is found again by its name. `rehearse`: only whether it is there. E_NAME. */
thrift_status client_definition_switch(struct client_definition *definition, thrift_schema *next,
                                       bool rehearse, thrift_error *err);

#endif
