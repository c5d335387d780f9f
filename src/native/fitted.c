/*
 * Fitting one method of a list: in an arena of its own, with no more tables than it uses.
 */
#include "native/fitted.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "native/binding.h"
#include "schema/lookup.h"

#define NAME_SIZE 1024

const thrift_service *fitted_service(const struct definition_in_use *in_use,
                                     const thrift_native_service *list)
{
    const thrift_service *service = in_use->service;

    return service != NULL && strcmp(service->node.name, list->idl_name) == 0
               ? service
               : thrift_schema_service(in_use->schema, list->idl_name);
}

/* Unlike native_binding_fit() it does not mind tables that this method has no use for. */
static bool fit_signature(struct native_tables *tables, const thrift_native_service *list, size_t i,
                          const thrift_method *method, struct native_method *out)
{
    const thrift_native_method *listed = &list->methods[i];
    char name[NAME_SIZE];
    const struct native_signature signature = {name, listed->parameters, listed->parameter_count,
                                               list->structs};

    (void)snprintf(name, sizeof name, "%s.%s", list->idl_name, listed->idl_name);
    (void)native_signature_fit(tables, &signature, method, out);
    return !tables->out_of_memory;
}

/* THRIFT_OK also when there are findings. */
static thrift_status fit(struct native_preparation *preparation, const thrift_service *service,
                         const thrift_native_service *list, size_t i, struct native_method *out,
                         thrift_error *err)
{
    struct native_tables *tables = native_tables_of(preparation);
    const thrift_method *method = native_list_method(&preparation->findings, service, list, i);

    if (tables == NULL || (method != NULL && !fit_signature(tables, list, i, method, out))) {
        return arena_fail(preparation->arena, err);
    }
    return preparation->finish(preparation, err);
}

static thrift_status fill(struct fitted_method *fitted, const struct definition_in_use *in_use,
                          const thrift_native_service *list, size_t i, thrift_error *err)
{
    struct native_preparation preparation = {.schema = fitted->schema, .arena = &fitted->arena};
    const thrift_service *service = fitted_service(in_use, list);
    thrift_status status;

    if (service == NULL) {
        (void)FAIL(&fitted->err, THRIFT_E_NAME, "the definition has no service \"%s\"",
                   list->idl_name);
        return THRIFT_OK;
    }
    status = fit(&preparation, service, list, i, &fitted->method, err);
    if (status == THRIFT_OK) {
        (void)native_findings_deliver(&preparation.findings, &fitted->err);
    }
    return status;
}

struct fitted_method *fitted_method_new(const thrift_native_service *list, size_t i,
                                        const struct definition_in_use *in_use,
                                        const thrift_allocator *allocator, thrift_error *err)
{
    struct fitted_method *fitted = mem_alloc_zero(allocator, 1, sizeof *fitted);

    if (fitted == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    reference_init(&fitted->reference);
    fitted->allocator = *allocator;
    fitted->schema = thrift_schema_ref(in_use->schema);
    fitted->number = in_use->number;
    arena_init(&fitted->arena, allocator, SIZE_MAX);
    if (fill(fitted, in_use, list, i, err) != THRIFT_OK) {
        fitted_method_unref(fitted);
        return NULL;
    }
    return fitted;
}

void fitted_method_unref(struct fitted_method *fitted)
{
    thrift_allocator allocator;

    if (fitted != NULL && reference_drop(&fitted->reference)) {
        allocator = fitted->allocator;
        arena_deinit(&fitted->arena);
        thrift_schema_unref(fitted->schema);
        mem_free(&allocator, fitted, sizeof *fitted);
    }
}
