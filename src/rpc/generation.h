/*
 * Generation: a definition and the handlers resolved for it, with plans made. Immutable, counted.
 *
 * A call holds one generation from its first byte decoded to its last byte encoded; loops hold one
 * each, so that a call takes no lock and counts nothing. Dispatch is one look-up: "method" for the
 * default service, "Service:method" for all.
 */
#ifndef RPC_GENERATION_H
#define RPC_GENERATION_H

#include "base/log.h"
#include "codec/plan.h"
#include "rpc/census.h"
#include "rpc/native_method.h"
#include "rpc/registry.h"
#include "schema/descriptor.h"
#include "schema/name_index.h"
#include "value/layout.h"

/* A method of a served service, or (method NULL) what takes the calls that nothing else does. */
struct endpoint {
    const thrift_method *method;
    const char *name;   /* "UserService.getUser" */
    size_t method_size; /* of the method's name */
    struct handler handler;
    const struct native_method *native; /* of HANDLER_NATIVE */
    const struct plan *arguments, *result;
    const struct layout *result_layout;
    const struct layout_field *success; /* NULL: void */
    const struct interceptor *interceptors;
    size_t interceptor_count;
};

struct served_service {
    const thrift_service *service;
    struct endpoint rest; /* a raw "Service.*" or "*": methods that the definition lacks */
    const char *methods;  /* "createUser, getUser": for errors */
};

struct generation {
    struct reference reference;
    uint64_t number;
    uint64_t made_ns; /* of clock_now_ns() */
    struct census_entry counted;
    thrift_schema *schema;
    thrift_schema *own; /* of the server's own services; NULL: none */
    struct arena arena; /* of all that follows */
    struct name_map endpoints;
    struct served_service *services;
    size_t service_count;
    const struct served_service *unprefixed; /* the default service; NULL: none */
    struct endpoint rest;                    /* a raw "*": calls to no known service */
    const char *service_names;               /* "A, B": for errors */
};

struct generation_options {
    thrift_schema *own_schema; /* the server's own services and handlers, served by their full */
    thrift_registry *own_registry; /* names beside the program's; NULL: none */
    bool early_handlers, every_method;
    const char *default_service; /* NULL: the only one that no other extends */
    const char *former_default;  /* what it was before: stays it among several; NULL: none */
    struct census *census;       /* NULL: nobody counts */
    const struct log *log;
    const thrift_allocator *allocator;
    thrift_finding_fn on_finding; /* what does not fit native handlers; NULL: the log gets it */
    void *data;
};

/* Takes a reference of the schema; locks the registry meanwhile. NULL: E_NAME, E_TYPE, E_NOMEM. */
struct generation *generation_new(thrift_schema *schema, thrift_registry *registry, uint64_t number,
                                  const struct generation_options *options, thrift_error *err);
/* Is there a handler for this method of this service? */
bool generation_handles(const struct generation *generation, const struct served_service *served,
                        const thrift_method *method);
void generation_ref(struct generation *generation);
void generation_unref(struct generation *generation); /* NULL allowed */

/* *out_bare is the name without "Service:". When nothing is found, *out_service says whose methods
 * were looked through (NULL: no such service). */
const struct endpoint *generation_find(const struct generation *generation, thrift_bytes name,
                                       const struct served_service **out_service,
                                       thrift_bytes *out_bare);

#endif
