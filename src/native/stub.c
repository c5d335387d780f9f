/*
 * Stubs: C functions made at run time that perform a call. Each is a closure of libffi around a
 * verified method; they live as long as their client, by the definition that they were made with.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "native/binding.h"
#include "native/call_interface.h"
#include "native/caller.h"
#include "rpc/native_exchange.h"
#include "schema/lookup.h"

#define NAME_SIZE 1024

struct stub {
    struct native_method method;
    ffi_cif cif;
    ffi_closure *closure;
    void *code; /* what the program calls */
};

/* All stubs of one service for one client. */
struct stubs {
    struct client_attachment attachment;
    thrift_allocator allocator;
    thrift_schema *schema; /* a reference */
    struct arena arena;
    struct stub *items;
    size_t count;
};

static void free_stubs(struct client_attachment *attachment)
{
    struct stubs *stubs = (struct stubs *)(void *)attachment;
    thrift_allocator allocator = stubs->allocator;

    for (size_t i = 0; i < stubs->count; i++) {
        if (stubs->items[i].closure != NULL) {
            ffi_closure_free(stubs->items[i].closure);
        }
    }
    arena_deinit(&stubs->arena);
    thrift_schema_unref(stubs->schema);
    mem_free(&allocator, stubs, sizeof *stubs);
}

/* ---- one call ---- */

/* The slot's struct, as the caller has it; its strings and arrays stay where they are. */
static bool copy_target(const struct native_pointer *pointer, const void *value, uint8_t *block)
{
    const void *given;

    memcpy(&given, value, sizeof given);
    if (given == NULL) {
        return false;
    }
    memcpy(block + pointer->target_offset, given, pointer->size);
    return true;
}

static const struct native_pointer *pointer_of(const struct native_method *method, size_t slot)
{
    for (uint32_t i = 0; i < method->pointer_count; i++) {
        if (method->pointers[i].slot_offset == slot * NATIVE_SLOT_SIZE) {
            return &method->pointers[i];
        }
    }
    return NULL;
}

static thrift_status copy_arguments(const struct stub *stub, void **values, uint8_t *block,
                                    thrift_error *err)
{
    const struct native_method *method = &stub->method;
    size_t count = method->method->arguments->field_count;

    for (size_t i = 0; i < count; i++) {
        const struct native_pointer *pointer = pointer_of(method, i);

        if (pointer == NULL) {
            memcpy(block + i * NATIVE_SLOT_SIZE, values[i + 1], stub->cif.arg_types[i + 1]->size);
        } else if (!copy_target(pointer, values[i + 1], block)) {
            return FAIL(err, THRIFT_E_ARGUMENT, "%s: argument %zu, \"%s\", is NULL",
                        method->method->node.name, i + 1,
                        method->method->arguments->fields[i].node.name);
        }
    }
    return THRIFT_OK;
}

/* Where the result goes, made zero; false: nowhere. */
static bool take_out(const struct stub *stub, void **values, void **out)
{
    const struct native_method *method = &stub->method;

    *out = NULL;
    if (method->method->result == NULL) {
        return true;
    }
    memcpy(out, values[stub->cif.nargs - 1], sizeof *out);
    if (*out == NULL) {
        return false;
    }
    memset(*out, 0, method->pointers[method->pointer_count - 1].size);
    return true;
}

static thrift_status settle(struct caller *caller, struct native_exchange *native,
                            thrift_status status)
{
    caller->outcome = native->outcome;
    if (status == THRIFT_OK && native->outcome != NULL) {
        status = thrift_outcome_check(native->outcome, &caller->err);
    }
    if (status == THRIFT_OK || thrift_outcome_is(caller->outcome) == THRIFT_OUTCOME_NONE) {
        thrift_outcome_free(caller->outcome);
        caller->outcome = NULL;
    }
    return status;
}

static thrift_status perform(const struct stub *stub, thrift_call *call, void **values)
{
    struct caller *caller = call->caller;
    struct native_exchange native = {.method = &stub->method, .root = &call->root};
    uint8_t *block =
        arena_alloc_aligned(&call->root.arena, stub->method.block_size + 1, NATIVE_SLOT_SIZE);
    thrift_status status;

    caller_begin(caller);
    if (block == NULL) {
        return arena_fail(&call->root.arena, &caller->err);
    }
    memset(block, 0, stub->method.block_size);
    native.block = block;
    status = copy_arguments(stub, values, block, &caller->err);
    if (status != THRIFT_OK) {
        return status;
    }
    if (!take_out(stub, values, &native.out)) {
        return FAIL(&caller->err, THRIFT_E_ARGUMENT, "%s: there is no place for the result",
                    stub->method.method->node.name);
    }
    return settle(caller, &native, native_exchange_perform(&native, caller->client, &caller->err));
}

static void run(ffi_cif *cif, void *result, void **values, void *data)
{
    thrift_call *call;
    thrift_status status = THRIFT_E_ARGUMENT;

    (void)cif;
    memcpy(&call, values[0], sizeof call);
    if (call != NULL && call->caller != NULL) {
        status = perform(data, call, values);
    }
    *(ffi_arg *)result = (ffi_arg)status;
}

/* ---- making them ---- */

static bool make_closure(struct stub *stub, const thrift_native_method *listed, struct arena *arena)
{
    if (!call_interface_prepare(&stub->cif, listed->parameters, listed->parameter_count, arena)) {
        return false;
    }
    stub->closure = ffi_closure_alloc(sizeof *stub->closure, &stub->code);
    return stub->closure != NULL &&
           ffi_prep_closure_loc(stub->closure, &stub->cif, run, stub, stub->code) == FFI_OK;
}

static thrift_status fit(struct native_preparation *preparation, const thrift_service *service,
                         const thrift_native_service *list, size_t i, struct stub *stub,
                         thrift_error *err)
{
    const thrift_native_method *listed = &list->methods[i];
    char name[NAME_SIZE];
    const struct native_signature signature = {name, listed->parameters, listed->parameter_count,
                                               list->structs};
    const thrift_method *method =
        service_find_method(service, listed->idl_name, strlen(listed->idl_name));
    bool fits;

    (void)snprintf(name, sizeof name, "%s.%s", list->idl_name, listed->idl_name);
    if (method == NULL) {
        native_finding(&preparation->findings, THRIFT_E_NAME, "native-method", name, &service->node,
                       "%s is listed, but the definition's service has no such method", name);
        return THRIFT_OK;
    }
    return native_binding_fit(preparation, &signature, method, &stub->method, &fits, err);
}

static thrift_status fit_all(struct stubs *stubs, const thrift_service *service,
                             const thrift_native_service *list, thrift_error *err)
{
    struct native_preparation preparation = {.schema = stubs->schema, .arena = &stubs->arena};
    thrift_status status = THRIFT_OK;

    for (size_t i = 0; i < list->method_count && status == THRIFT_OK; i++) {
        status = fit(&preparation, service, list, i, &stubs->items[i], err);
    }
    if (status == THRIFT_OK && preparation.finish != NULL) {
        status = preparation.finish(&preparation, err);
    }
    return status == THRIFT_OK ? native_findings_deliver(&preparation.findings, err) : status;
}

static thrift_status make_closures(struct stubs *stubs, const thrift_native_service *list,
                                   thrift_error *err)
{
    for (size_t i = 0; i < list->method_count; i++) {
        if (!make_closure(&stubs->items[i], &list->methods[i], &stubs->arena)) {
            return FAIL(err, THRIFT_E_NOMEM, "no memory for stubs that may be executed");
        }
    }
    return THRIFT_OK;
}

static thrift_status fill(struct stubs *stubs, const thrift_service *service,
                          const thrift_native_service *list, void *out_functions, thrift_error *err)
{
    thrift_status status;

    stubs->items = arena_alloc_zero(&stubs->arena, (list->method_count + 1) * sizeof *stubs->items);
    if (stubs->items == NULL) {
        return arena_fail(&stubs->arena, err);
    }
    stubs->count = list->method_count;
    status = fit_all(stubs, service, list, err);
    if (status == THRIFT_OK) {
        status = make_closures(stubs, list, err);
    }
    for (size_t i = 0; status == THRIFT_OK && i < stubs->count; i++) {
        memcpy((uint8_t *)out_functions + i * sizeof(thrift_function), &stubs->items[i].code,
               sizeof(thrift_function));
    }
    return status;
}

static const thrift_service *find_service(const struct definition_in_use *in_use,
                                          const thrift_native_service *list, thrift_error *err)
{
    const thrift_service *service = in_use->service;

    if (service != NULL && strcmp(service->node.name, list->idl_name) != 0) {
        service = thrift_schema_service(in_use->schema, list->idl_name);
    }
    if (service == NULL) {
        (void)FAIL(err, THRIFT_E_NAME, "the definition has no service \"%s\"", list->idl_name);
    }
    return service;
}

static thrift_status open_stubs(thrift_client *client, struct definition_in_use in_use,
                                const thrift_native_service *list, void *out_functions,
                                thrift_error *err)
{
    const thrift_service *service = find_service(&in_use, list, err);
    struct stubs *stubs;
    thrift_status status;

    if (service == NULL) {
        return THRIFT_E_NAME;
    }
    stubs = mem_alloc_zero(&client->allocator, 1, sizeof *stubs);
    if (stubs == NULL) {
        return FAIL_NOMEM(err);
    }
    stubs->attachment.free = free_stubs;
    stubs->allocator = client->allocator;
    stubs->schema = thrift_schema_ref(in_use.schema);
    arena_init(&stubs->arena, &stubs->allocator, SIZE_MAX);
    status = fill(stubs, service, list, out_functions, err);
    if (status == THRIFT_OK) {
        client_attach(client, &stubs->attachment);
    } else {
        free_stubs(&stubs->attachment);
    }
    return status;
}

thrift_status thrift_client_stubs(thrift_client *client, const thrift_native_service *service,
                                  void *out_functions, thrift_error *err)
{
    struct definition_in_use in_use;
    thrift_status status;

    if (client == NULL || service == NULL || out_functions == NULL) {
        return err != NULL && err->code != THRIFT_OK
                   ? err->code
                   : FAIL(err, THRIFT_E_ARGUMENT, "a client, a list and a place are needed");
    }
    in_use = client_definition_take(&client->definition);
    status = open_stubs(client, in_use, service, out_functions, err);
    thrift_schema_unref(in_use.schema);
    return status;
}
