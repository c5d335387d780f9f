/*
 * A list with its tables against a definition, without a server.
 */
#include <string.h>

#include "base/error.h"
#include "native/binding.h"
#include "schema/lookup.h"

#define NAME_SIZE 1024

const thrift_method *native_list_method(struct native_findings *findings,
                                        const thrift_service *service,
                                        const thrift_native_service *list, size_t i)
{
    const char *name = list->methods[i].idl_name;
    const thrift_method *method = service_find_method(service, name, strlen(name));
    char element[NAME_SIZE];

    if (method == NULL) {
        (void)snprintf(element, sizeof element, "%s.%s", list->idl_name, name);
        native_finding(findings, THRIFT_E_NAME, "native-method", element, &service->node,
                       "%s is listed, but the definition's service has no such method", element);
    }
    return method;
}

static thrift_status check_method(struct native_preparation *preparation,
                                  const thrift_native_service *list, size_t i,
                                  const thrift_service *service, thrift_error *err)
{
    const thrift_native_method *listed = &list->methods[i];
    char name[NAME_SIZE];
    const struct native_signature signature = {name, listed->parameters, listed->parameter_count,
                                               list->structs};
    const thrift_method *method = native_list_method(&preparation->findings, service, list, i);
    struct native_method made;
    bool fits;

    (void)snprintf(name, sizeof name, "%s.%s", list->idl_name, listed->idl_name);
    return method != NULL ? native_binding_fit(preparation, &signature, method, &made, &fits, err)
                          : THRIFT_OK;
}

static thrift_status check(struct native_preparation *preparation, const thrift_service *service,
                           const thrift_native_service *list, thrift_error *err)
{
    thrift_status status = THRIFT_OK;

    for (size_t i = 0; i < list->method_count && status == THRIFT_OK; i++) {
        status = check_method(preparation, list, i, service, err);
    }
    if (status == THRIFT_OK && preparation->finish != NULL) {
        status = preparation->finish(preparation, err);
    }
    return status == THRIFT_OK ? native_findings_deliver(&preparation->findings, err) : status;
}

thrift_status native_list_check(const thrift_schema *schema, const thrift_service *service,
                                const thrift_native_service *list, thrift_finding_fn on_finding,
                                void *data, thrift_error *err)
{
    struct native_preparation preparation = {.schema = schema, .findings = {on_finding, data}};
    struct arena arena;
    thrift_status status;

    if (service == NULL) {
        return FAIL(err, THRIFT_E_NAME, "the definition has no service \"%s\"", list->idl_name);
    }
    arena_init(&arena, &schema->allocator, SIZE_MAX);
    preparation.arena = &arena;
    status = check(&preparation, service, list, err);
    arena_deinit(&arena);
    return status;
}

thrift_status thrift_native_check(const thrift_schema *schema, const thrift_native_service *service,
                                  thrift_finding_fn on_finding, void *data, thrift_error *err)
{
    if (schema == NULL || service == NULL) {
        return err != NULL && err->code != THRIFT_OK
                   ? err->code
                   : FAIL(err, THRIFT_E_ARGUMENT, "there is no definition or no list");
    }
    return native_list_check(schema, thrift_schema_service(schema, service->idl_name), service,
                             on_finding, data, err);
}
