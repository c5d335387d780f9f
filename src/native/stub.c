/*
 * Stubs: C functions made at run time that perform a call. Each is a closure of libffi; they live
 * as long as their client. The method that a stub calls is verified when the client's definition is
 * another than at its last call.
 */
#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "native/binding.h"
#include "native/call_interface.h"
#include "native/caller.h"
#include "native/fitted.h"
#include "rpc/native_exchange.h"

struct stub {
    struct stubs *all;
    size_t number; /* in the list */
    ffi_cif cif;
    ffi_closure *closure;
    void *code;                   /* what the program calls */
    struct fitted_method *fitted; /* guarded by the lock; NULL: not called yet */
};

/* All stubs of one service for one client. */
struct stubs {
    struct client_attachment attachment;
    thrift_allocator allocator;
    const thrift_native_service *list;
    struct arena arena;
    struct stub *items;
    size_t count;
    pthread_mutex_t lock;
};

static void free_stubs(struct client_attachment *attachment)
{
    struct stubs *stubs = (struct stubs *)(void *)attachment;
    thrift_allocator allocator = stubs->allocator;

    for (size_t i = 0; i < stubs->count; i++) {
        fitted_method_unref(stubs->items[i].fitted);
        if (stubs->items[i].closure != NULL) {
            ffi_closure_free(stubs->items[i].closure);
        }
    }
    (void)pthread_mutex_destroy(&stubs->lock);
    arena_deinit(&stubs->arena);
    mem_free(&allocator, stubs, sizeof *stubs);
}

/* ---- the method by the definition in use ---- */

static struct fitted_method *take_fitted(struct stub *stub, uint64_t number)
{
    struct fitted_method *fitted = NULL;

    pthread_mutex_lock(&stub->all->lock);
    if (stub->fitted != NULL && stub->fitted->number == number) {
        fitted = stub->fitted;
        reference_take(&fitted->reference);
    }
    pthread_mutex_unlock(&stub->all->lock);
    return fitted;
}

/* For later calls, unless another thread has been there with a newer one. */
static void keep_fitted(struct stub *stub, struct fitted_method *fitted)
{
    struct fitted_method *old = NULL;

    pthread_mutex_lock(&stub->all->lock);
    if (stub->fitted == NULL || stub->fitted->number < fitted->number) {
        old = stub->fitted;
        stub->fitted = fitted;
        reference_take(&fitted->reference);
    }
    pthread_mutex_unlock(&stub->all->lock);
    fitted_method_unref(old);
}

/* A reference of the caller's. NULL: it does not fit, or E_NOMEM. */
static struct fitted_method *fitted_for(struct stub *stub, thrift_client *client, thrift_error *err)
{
    struct definition_in_use in_use = client_definition_take(&client->definition);
    struct fitted_method *fitted = take_fitted(stub, in_use.number);

    if (fitted == NULL) {
        fitted =
            fitted_method_new(stub->all->list, stub->number, &in_use, &stub->all->allocator, err);
        if (fitted != NULL) {
            keep_fitted(stub, fitted);
        }
    }
    thrift_schema_unref(in_use.schema);
    if (fitted != NULL && fitted->err.code != THRIFT_OK) {
        *err = fitted->err;
        fitted_method_unref(fitted);
        return NULL;
    }
    return fitted;
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

/* A record, list or map that is not there. */
static bool is_absent(const struct stub *stub, size_t parameter, const void *value)
{
    uint8_t ctype = stub->all->list->methods[stub->number].parameters[parameter].ctype;
    const void *object;

    if (ctype != THRIFT_C_RECORD && ctype != THRIFT_C_LIST && ctype != THRIFT_C_MAP) {
        return false;
    }
    memcpy(&object, value, sizeof object);
    return object == NULL;
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

static thrift_status copy_arguments(const struct stub *stub, const struct native_method *method,
                                    void **values, uint8_t *block, thrift_error *err)
{
    size_t count = method->method->arguments->field_count;

    for (size_t i = 0; i < count; i++) {
        const struct native_pointer *pointer = pointer_of(method, i);

        if (pointer == NULL) {
            memcpy(block + i * NATIVE_SLOT_SIZE, values[i + 1], stub->cif.arg_types[i + 1]->size);
        }
        if (pointer != NULL ? !copy_target(pointer, values[i + 1], block)
                            : is_absent(stub, i + 1, values[i + 1])) {
            return FAIL(err, THRIFT_E_ARGUMENT, "%s: argument %zu, \"%s\", is NULL",
                        method->method->node.name, i + 1,
                        method->method->arguments->fields[i].node.name);
        }
    }
    return THRIFT_OK;
}

/* Where the result goes, made zero; false: nowhere. */
static bool take_out(const struct stub *stub, const struct native_method *method, void **values,
                     void **out)
{
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

static thrift_status perform_by(const struct stub *stub, const struct native_method *method,
                                struct thrift_root *root, struct caller *caller, void **values)
{
    struct native_exchange native = {.method = method, .root = root};
    uint8_t *block = arena_alloc_aligned(&root->arena, method->block_size + 1, NATIVE_SLOT_SIZE);
    thrift_status status;

    if (block == NULL) {
        return arena_fail(&root->arena, &caller->err);
    }
    memset(block, 0, method->block_size);
    native.block = block;
    status = copy_arguments(stub, method, values, block, &caller->err);
    if (status != THRIFT_OK) {
        return status;
    }
    if (!take_out(stub, method, values, &native.out)) {
        return FAIL(&caller->err, THRIFT_E_ARGUMENT, "%s: there is no place for the result",
                    method->method->node.name);
    }
    return settle(caller, &native, native_exchange_perform(&native, caller->client, &caller->err));
}

static thrift_status perform(struct stub *stub, thrift_call *call, void **values)
{
    struct caller *caller = call->caller;
    struct fitted_method *fitted;
    struct thrift_root *root;
    thrift_status status;

    caller_begin(caller);
    fitted = fitted_for(stub, caller->client, &caller->err);
    if (fitted == NULL) {
        return caller->err.code;
    }
    root = caller_root(call, fitted->schema);
    status = root != NULL ? perform_by(stub, &fitted->method, root, caller, values)
                          : FAIL_NOMEM(&caller->err);
    fitted_method_unref(fitted);
    return status;
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

static thrift_status make_closures(struct stubs *stubs, const thrift_native_service *list,
                                   thrift_error *err)
{
    stubs->items = arena_alloc_zero(&stubs->arena, (list->method_count + 1) * sizeof *stubs->items);
    if (stubs->items == NULL) {
        return arena_fail(&stubs->arena, err);
    }
    stubs->count = list->method_count;
    for (size_t i = 0; i < list->method_count; i++) {
        stubs->items[i].all = stubs;
        stubs->items[i].number = i;
        if (!make_closure(&stubs->items[i], &list->methods[i], &stubs->arena)) {
            return FAIL(err, THRIFT_E_NOMEM, "no memory for stubs that may be executed");
        }
    }
    return THRIFT_OK;
}

static struct stubs *stubs_new(thrift_client *client, const thrift_native_service *list,
                               thrift_error *err)
{
    struct stubs *stubs = mem_alloc_zero(&client->allocator, 1, sizeof *stubs);

    if (stubs == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    stubs->attachment.free = free_stubs;
    stubs->allocator = client->allocator;
    stubs->list = list;
    (void)pthread_mutex_init(&stubs->lock, NULL);
    arena_init(&stubs->arena, &stubs->allocator, SIZE_MAX);
    if (make_closures(stubs, list, err) != THRIFT_OK) {
        free_stubs(&stubs->attachment);
        return NULL;
    }
    return stubs;
}

static thrift_status check(thrift_client *client, const thrift_native_service *list,
                           thrift_error *err)
{
    struct definition_in_use in_use = client_definition_take(&client->definition);
    thrift_status status =
        native_list_check(in_use.schema, fitted_service(&in_use, list), list, NULL, NULL, err);

    thrift_schema_unref(in_use.schema);
    return status;
}

thrift_status thrift_client_stubs(thrift_client *client, const thrift_native_service *service,
                                  void *out_functions, thrift_error *err)
{
    struct stubs *stubs;
    thrift_status status;

    if (client == NULL || service == NULL || out_functions == NULL) {
        return err != NULL && err->code != THRIFT_OK
                   ? err->code
                   : FAIL(err, THRIFT_E_ARGUMENT, "a client, a list and a place are needed");
    }
    status = check(client, service, err);
    if (status != THRIFT_OK) {
        return status;
    }
    stubs = stubs_new(client, service, err);
    if (stubs == NULL) {
        return THRIFT_E_NOMEM;
    }
    for (size_t i = 0; i < stubs->count; i++) {
        memcpy((uint8_t *)out_functions + i * sizeof(thrift_function), &stubs->items[i].code,
               sizeof(thrift_function));
    }
    client_attach(client, &stubs->attachment);
    return THRIFT_OK;
}
