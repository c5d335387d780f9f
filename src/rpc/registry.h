/*
 * Registry, from the inside: what a name is bound to.
 *
 * Shared by count: the program's reference, and one for each server. A lock guards the bindings;
 * whoever reads several of them together holds it.
 */
#ifndef RPC_REGISTRY_H
#define RPC_REGISTRY_H

#include <rethrift/registry.h>

enum handler_kind { HANDLER_NONE, HANDLER_DYNAMIC, HANDLER_RAW };

struct handler {
    enum handler_kind kind;
    union {
        thrift_handler dynamic;
        thrift_raw_handler raw;
    } run;
    void *context;
};

struct interceptor {
    thrift_before_fn before; /* NULL: none */
    thrift_after_fn after;   /* NULL: none */
    void *context;
};

void registry_ref(thrift_registry *registry);

void registry_lock(thrift_registry *registry);
void registry_unlock(thrift_registry *registry);

/* The rest: while locked. HANDLER_NONE when the name is not bound. */
struct handler registry_find(const thrift_registry *registry, const char *name);
typedef void (*registry_visit_fn)(const char *name, void *data);
void registry_visit(const thrift_registry *registry, registry_visit_fn visit, void *data);

/* Interceptors in the order of their making; NULL behind the last. */
const struct interceptor *registry_interceptor(const thrift_registry *registry, size_t i,
                                               const char **out_name);

#endif
