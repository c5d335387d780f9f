/*
 * Registry, from the inside: what a name is bound to.
 *
 * Shared by count: the program's reference, and one for each server. A lock guards the bindings;
 * whoever reads several of them together holds it.
 */
#ifndef RPC_REGISTRY_H
#define RPC_REGISTRY_H

#include <rethrift/registry.h>

struct native_binding;

enum handler_kind { HANDLER_NONE, HANDLER_DYNAMIC, HANDLER_RAW, HANDLER_NATIVE };

struct handler {
    enum handler_kind kind;
    union {
        thrift_handler dynamic;
        thrift_raw_handler raw;
        const struct native_binding *native; /* lives as long as the registry */
    } run;
    void *context;
    /* What a dynamic handler stands for, e.g. a JSON handler, as any function. NULL: itself. */
    void (*inner)(void);
};

struct interceptor {
    thrift_before_fn before; /* NULL: none */
    thrift_after_fn after;   /* NULL: none */
    void *context;
};

void registry_ref(thrift_registry *registry);

/* As thrift_bind(): `handler` adapts `inner`, and finds it in the call's endpoint. */
thrift_status registry_bind_adapted(thrift_registry *registry, const char *name,
                                    thrift_handler handler, void (*inner)(void), void *context);
/* As thrift_bind(); the binding is memory of registry_alloc(). */
thrift_status registry_bind_native(thrift_registry *registry, const char *name,
                                   const struct native_binding *binding, void *context);
/* Zeroed, as long as the registry lives. NULL: E_NOMEM, which the registry remembers. Threads: any.
 */
void *registry_alloc(thrift_registry *registry, size_t size);
/* Keeps a mistake, when it is the first; returns its code. Threads: any. */
thrift_status registry_remember(thrift_registry *registry, const thrift_error *mistake);

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
