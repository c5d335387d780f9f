/*
 * Calls that a program makes through stubs.
 */
#include "native/caller.h"

#include <rethrift/native.h>

#include "base/alloc.h"
#include "base/error.h"

#define KEPT_MEMORY ((size_t)1 << 20)

/* What the functions of handlers see of a call that nobody asked them to answer. */
static const struct endpoint no_endpoint = {.name = "a call of a client"};

/* Values by a definition that came between two resets: a root has one definition. */
struct caller_root {
    struct caller_root *next;
    struct thrift_root root;
};

struct client_call {
    thrift_call call;
    struct caller caller;
    thrift_allocator allocator;
};

thrift_call *thrift_call_new(thrift_client *client, thrift_error *err)
{
    struct definition_in_use in_use;
    struct client_call *made;

    if (client == NULL) {
        if (err == NULL || err->code == THRIFT_OK) {
            (void)FAIL(err, THRIFT_E_ARGUMENT, "there is no client");
        }
        return NULL;
    }
    made = mem_alloc_zero(&client->allocator, 1, sizeof *made);
    if (made == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    in_use = client_definition_take(&client->definition);
    root_init(&made->call.root, in_use.schema);
    thrift_schema_unref(in_use.schema);
    made->allocator = client->allocator;
    made->call.endpoint = &no_endpoint;
    made->call.caller = &made->caller;
    made->caller.client = client;
    return &made->call;
}

void caller_begin(struct caller *caller)
{
    thrift_outcome_free(caller->outcome);
    caller->outcome = NULL;
    thrift_error_clear(&caller->err);
}

struct thrift_root *caller_root(thrift_call *call, const thrift_schema *schema)
{
    struct client_call *own = (struct client_call *)(void *)call;
    struct caller_root *more = own->caller.more;

    if (call->root.schema == schema) {
        return &call->root;
    }
    while (more != NULL && more->root.schema != schema) {
        more = more->next;
    }
    if (more == NULL) {
        more = mem_alloc_zero(&own->allocator, 1, sizeof *more);
        if (more == NULL) {
            return NULL;
        }
        root_init(&more->root, schema);
        more->next = own->caller.more;
        own->caller.more = more;
    }
    return &more->root;
}

static void free_more(struct client_call *own)
{
    struct caller_root *next;

    for (struct caller_root *more = own->caller.more; more != NULL; more = next) {
        next = more->next;
        root_deinit(&more->root);
        mem_free(&own->allocator, more, sizeof *more);
    }
    own->caller.more = NULL;
}

void thrift_call_reset(thrift_call *call)
{
    struct client_call *own = (struct client_call *)(void *)call;

    if (call != NULL && call->caller != NULL) {
        caller_begin(call->caller);
        root_reset(&call->root, KEPT_MEMORY);
        if (own->caller.more != NULL) {
            root_use_schema(&call->root, own->caller.more->root.schema);
            free_more(own);
        }
    }
}

void thrift_call_free(thrift_call *call)
{
    struct client_call *own = (struct client_call *)(void *)call;
    thrift_allocator allocator;

    if (call != NULL && call->caller != NULL) {
        allocator = own->allocator;
        caller_begin(call->caller);
        free_more(own);
        root_deinit(&call->root);
        mem_free(&allocator, own, sizeof *own);
    }
}

const thrift_error *thrift_call_error(const thrift_call *call)
{
    static const thrift_error none = {.code = THRIFT_E_ARGUMENT, .message = "there is no call"};

    return call != NULL && call->caller != NULL ? &call->caller->err : &none;
}

const thrift_outcome *thrift_call_outcome(const thrift_call *call)
{
    return call != NULL && call->caller != NULL ? call->caller->outcome : NULL;
}
