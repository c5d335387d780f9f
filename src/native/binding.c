/*
 * Binding a service's functions, which are called by the thunk that THRIFT_SERVICE emits.
 */
#include "native/binding.h"

#include <string.h>

#include "base/error.h"
#include "rpc/registry.h"
#include "schema/lookup.h"

/* One function of a service in a registry. */
struct function_binding {
    struct native_binding binding;
    const thrift_native_service *service;
    const void *functions; /* a copy of the program's */
    size_t number;         /* of the method */
    char *name;            /* "UserService.getUser" */
};

/* The same in a generation. */
struct function_method {
    struct native_method method;
    thrift_native_call_fn call;
    const void *functions;
    size_t number;
};

struct prepared {
    struct native_tables tables;
    const thrift_native_struct *const *checked; /* the list that was checked last */
};

static thrift_status finish(struct native_preparation *preparation, thrift_error *err)
{
    struct prepared *prepared = preparation->tables;

    return native_tables_finish(&prepared->tables, err);
}

struct native_tables *native_tables_of(struct native_preparation *preparation)
{
    struct prepared *prepared = preparation->tables;

    if (prepared == NULL) {
        prepared = arena_alloc_zero(preparation->arena, sizeof *prepared);
        if (prepared == NULL) {
            return NULL;
        }
        native_tables_init(&prepared->tables, preparation->schema, preparation->arena,
                           &preparation->findings);
        preparation->tables = prepared;
        preparation->finish = finish;
    }
    return &prepared->tables;
}

thrift_status native_binding_fit(struct native_preparation *preparation,
                                 const struct native_signature *signature,
                                 const thrift_method *method, struct native_method *out, bool *fits,
                                 thrift_error *err)
{
    struct native_tables *tables = native_tables_of(preparation);
    struct prepared *prepared = preparation->tables;

    if (tables == NULL) {
        return arena_fail(preparation->arena, err);
    }
    if (prepared->checked != signature->structs) {
        prepared->checked = signature->structs;
        native_signature_check_structs(tables, signature->structs);
    }
    *fits = native_signature_fit(tables, signature, method, out);
    return tables->out_of_memory ? arena_fail(preparation->arena, err) : THRIFT_OK;
}

/* ---- one function ---- */

static thrift_status invoke(const struct native_method *method, thrift_call *call, void *block)
{
    const struct function_method *own = (const struct function_method *)(const void *)method;

    return own->call(own->number, own->functions, call, block);
}

static thrift_status prepare(const struct native_binding *binding,
                             struct native_preparation *preparation, const thrift_method *method,
                             const struct native_method **out, thrift_error *err)
{
    const struct function_binding *own = (const struct function_binding *)(const void *)binding;
    const thrift_native_method *listed = &own->service->methods[own->number];
    const struct native_signature signature = {own->name, listed->parameters,
                                               listed->parameter_count, own->service->structs};
    struct function_method *made = arena_alloc_zero(preparation->arena, sizeof *made);
    bool fits = false;
    thrift_status status;

    if (made == NULL) {
        return arena_fail(preparation->arena, err);
    }
    status = native_binding_fit(preparation, &signature, method, &made->method, &fits, err);
    made->method.invoke = invoke;
    made->call = own->service->call;
    made->functions = own->functions;
    made->number = own->number;
    *out = fits ? &made->method : NULL;
    return status;
}

/* ---- a service ---- */

static const void *copy_functions(thrift_registry *registry, const thrift_native_service *service,
                                  const void *functions)
{
    size_t size = service->method_count * sizeof(thrift_function);
    void *copy = registry_alloc(registry, size);

    return copy != NULL ? memcpy(copy, functions, size) : NULL;
}

static bool is_given(const void *functions, size_t number)
{
    thrift_function function;

    memcpy(&function, (const uint8_t *)functions + number * sizeof function, sizeof function);
    return function != NULL;
}

static thrift_status bind_function(thrift_registry *registry, const thrift_native_service *service,
                                   const void *functions, size_t number, void *context)
{
    struct function_binding *binding = registry_alloc(registry, sizeof *binding);
    const char *method = service->methods[number].idl_name;
    size_t size = strlen(service->idl_name) + 1 + strlen(method) + 1;

    if (binding == NULL) {
        return THRIFT_E_NOMEM;
    }
    *binding = (struct function_binding){
        {prepare}, service, functions, number, registry_alloc(registry, size)};
    if (binding->name == NULL) {
        return THRIFT_E_NOMEM;
    }
    (void)snprintf(binding->name, size, "%s.%s", service->idl_name, method);
    return registry_bind_native(registry, binding->name, &binding->binding, context);
}

thrift_status thrift_bind_native(thrift_registry *registry, const thrift_native_service *service,
                                 const void *functions, void *context)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_status status = THRIFT_OK;
    const void *copy;

    if (registry == NULL) {
        return THRIFT_E_ARGUMENT;
    }
    if (service == NULL || functions == NULL) {
        (void)FAIL(&err, THRIFT_E_ARGUMENT, "no native service or no functions are given");
        return registry_remember(registry, &err);
    }
    copy = copy_functions(registry, service, functions);
    if (copy == NULL) {
        return THRIFT_E_NOMEM;
    }
    for (size_t i = 0; i < service->method_count && status == THRIFT_OK; i++) {
        if (is_given(functions, i)) {
            status = bind_function(registry, service, copy, i, context);
        }
    }
    return status;
}
