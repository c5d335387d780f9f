/*
 * The library was built without libffi: what needs it says so.
 */
#include "base/error.h"
#include "rethrift/native.h"
#include "rpc/registry.h"

thrift_status thrift_bind_function(thrift_registry *registry, const char *name,
                                   thrift_function function, const thrift_parameter *parameters,
                                   size_t parameter_count,
                                   const thrift_native_struct *const *structs, void *context)
{
    thrift_error err = THRIFT_ERROR_INIT;

    (void)name, (void)function, (void)parameters, (void)parameter_count, (void)structs,
        (void)context;
    if (registry == NULL) {
        return THRIFT_E_ARGUMENT;
    }
    (void)FAIL(&err, THRIFT_E_STATE, "the library was built without libffi");
    return registry_remember(registry, &err);
}

thrift_status thrift_client_stubs(thrift_client *client, const thrift_native_service *service,
                                  void *out_functions, thrift_error *err)
{
    (void)client, (void)service, (void)out_functions;
    return FAIL(err, THRIFT_E_STATE, "the library was built without libffi");
}

thrift_function thrift_client_function(thrift_client *client, const char *name,
                                       const thrift_parameter *parameters, size_t parameter_count,
                                       const thrift_native_struct *const *structs,
                                       thrift_error *err)
{
    (void)client, (void)name, (void)parameters, (void)parameter_count, (void)structs;
    (void)FAIL(err, THRIFT_E_STATE, "the library was built without libffi");
    return NULL;
}
