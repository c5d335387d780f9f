/*
 * Binding one function whose type is known only at run time: called through libffi, with a call
 * interface that is prepared when the generation is made.
 */
#include <string.h>

#include "base/error.h"
#include "native/binding.h"
#include "native/call_interface.h"
#include "rpc/registry.h"

struct function_binding {
    struct native_binding binding;
    thrift_function function;
    const thrift_parameter *parameters; /* a copy */
    size_t parameter_count;
    const thrift_native_struct *const *structs;
    const char *name; /* a copy */
};

struct function_method {
    struct native_method method;
    ffi_cif cif;
    thrift_function function;
};

static thrift_status invoke(const struct native_method *method, thrift_call *call, void *block)
{
    const struct function_method *own = (const struct function_method *)(const void *)method;
    ffi_cif *cif = (ffi_cif *)(uintptr_t)&own->cif; /* only read */
    void *values[CALL_INTERFACE_MOST];
    ffi_arg result = 0;

    uint8_t *slot = block;

    values[0] = &call;
    for (void **value = values + 1, **end = values + cif->nargs; value < end; value++) {
        *value = slot;
        slot += NATIVE_SLOT_SIZE;
    }
    ffi_call(cif, own->function, &result, values);
    return (thrift_status)(int)result;
}

static thrift_status prepare(const struct native_binding *binding,
                             struct native_preparation *preparation, const thrift_method *method,
                             const struct native_method **out, thrift_error *err)
{
    const struct function_binding *own = (const struct function_binding *)(const void *)binding;
    const struct native_signature signature = {own->name, own->parameters, own->parameter_count,
                                               own->structs};
    struct function_method *made = arena_alloc_zero(preparation->arena, sizeof *made);
    bool fits = false;
    thrift_status status;

    if (made == NULL) {
        return arena_fail(preparation->arena, err);
    }
    status = native_binding_fit(preparation, &signature, method, &made->method, &fits, err);
    if (fits && !call_interface_prepare(&made->cif, own->parameters, own->parameter_count,
                                        preparation->arena)) {
        return arena_fail(preparation->arena, err);
    }
    made->method.invoke = invoke;
    made->function = own->function;
    *out = fits ? &made->method : NULL;
    return status;
}

static thrift_status bind(thrift_registry *registry, const struct function_binding *given,
                          void *context)
{
    size_t size = given->parameter_count * sizeof *given->parameters;
    size_t name_size = strlen(given->name) + 1;
    struct function_binding *binding = registry_alloc(registry, sizeof *binding);
    thrift_parameter *parameters = registry_alloc(registry, size);
    char *name = registry_alloc(registry, name_size);

    if (binding == NULL || parameters == NULL || name == NULL) {
        return THRIFT_E_NOMEM;
    }
    *binding = *given;
    binding->parameters = memcpy(parameters, given->parameters, size);
    binding->name = memcpy(name, given->name, name_size);
    return registry_bind_native(registry, name, &binding->binding, context);
}

thrift_status thrift_bind_function(thrift_registry *registry, const char *name,
                                   thrift_function function, const thrift_parameter *parameters,
                                   size_t parameter_count,
                                   const thrift_native_struct *const *structs, void *context)
{
    const struct function_binding given = {{prepare},       function, parameters,
                                           parameter_count, structs,  name};
    thrift_error err = THRIFT_ERROR_INIT;

    if (registry == NULL) {
        return THRIFT_E_ARGUMENT;
    }
    if (name == NULL || strchr(name, '*') != NULL || function == NULL || parameters == NULL ||
        parameter_count == 0 || parameter_count > CALL_INTERFACE_MOST) {
        (void)FAIL(&err, THRIFT_E_ARGUMENT,
                   "a function is bound by the name of one method, with 1 to %u parameters",
                   CALL_INTERFACE_MOST);
        return registry_remember(registry, &err);
    }
    return bind(registry, &given, context);
}
