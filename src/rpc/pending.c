/*
 * Pending calls: begun, not waited for yet.
 */
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "rpc/exchange.h"
#include "rpc/parent.h"
#include "transport/loop.h"

struct thrift_pending {
    thrift_allocator allocator;
    struct exchange exchange;
    struct link_request request;
    struct link *link; /* a reference */
    struct link_waiter waiter;
};

static void *free_pending(thrift_pending *pending)
{
    thrift_allocator allocator = pending->allocator;

    link_unref(pending->link);
    mem_free(&allocator, pending, sizeof *pending);
    return NULL;
}

/* A link whose peer went away while it was idle is replaced once, as for a call that waits. */
static thrift_status post(thrift_pending *pending, thrift_error *err)
{
    thrift_client *client = pending->exchange.client;
    const struct link *stale = NULL;
    thrift_status status = THRIFT_E_CLOSED;

    for (int tries = 0; tries < 2 && status == THRIFT_E_CLOSED; tries++) {
        struct link *link = client_take_link(client, stale, pending->request.deadline_ns, err);

        if (link == NULL) {
            return err->code;
        }
        link_unref(pending->link);
        pending->link = link;
        stale = link;
        status = link_post(link, &pending->request, &pending->waiter, err);
    }
    return status;
}

static thrift_pending *begin(thrift_client *client, const thrift_method *method,
                             const thrift_record *arguments, thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_pending *pending;
    thrift_status status;

    if (loop_inside()) {
        (void)FAIL(err, THRIFT_E_STATE, "a handler cannot wait for a reply");
        return NULL;
    }
    pending = mem_alloc_zero(&client->allocator, 1, sizeof *pending);
    if (pending == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    pending->allocator = client->allocator;
    status = exchange_init(&pending->exchange, client, method, arguments, &own);
    if (status == THRIFT_OK) {
        status = exchange_prepare(&pending->exchange, method->arguments->schema, method, &own);
    }
    if (status == THRIFT_OK) {
        pending->request = exchange_request(&pending->exchange);
        status = post(pending, &own);
    }
    pending->exchange.arguments = NULL; /* written, not needed any more */
    if (status == THRIFT_OK) {
        return pending;
    }
    thrift_outcome_free(pending->exchange.outcome);
    if (err != NULL) {
        *err = own;
    }
    return free_pending(pending);
}

thrift_pending *thrift_client_begin(thrift_client *client, const char *method, thrift_args args,
                                    thrift_error *err)
{
    struct definition_in_use in_use;
    const thrift_method *found;
    thrift_record *record;
    thrift_pending *pending = NULL;

    if (client == NULL) {
        (void)parent_failed(err, "client");
        return NULL;
    }
    in_use = client_definition_take(&client->definition);
    found = client_find_method(&in_use, method, err);
    record = found != NULL ? client_new_arguments(found, err) : NULL;
    if (record != NULL && client_set_arguments(record, found, args, err) == THRIFT_OK) {
        pending = begin(client, found, record, err);
    }
    thrift_record_free(record);
    thrift_schema_unref(in_use.schema);
    return pending;
}

thrift_pending *thrift_client_begin_args(thrift_client *client, const thrift_record *args,
                                         thrift_error *err)
{
    const thrift_method *method;

    if (client == NULL || args == NULL) {
        (void)parent_failed(err, client == NULL ? "client" : "record of arguments");
        return NULL;
    }
    method = client_method_of(client, args, err);
    return method != NULL ? begin(client, method, args, err) : NULL;
}

thrift_outcome *thrift_pending_finish(thrift_pending *pending, thrift_error *err)
{
    thrift_outcome *outcome;

    if (pending == NULL) {
        (void)parent_failed(err, "pending call");
        return NULL;
    }
    outcome = pending->exchange.outcome;
    if (link_finish(pending->link, &pending->waiter, err) != THRIFT_OK) {
        thrift_outcome_free(outcome);
        outcome = NULL;
    }
    (void)free_pending(pending);
    return outcome;
}

void thrift_pending_free(thrift_pending *pending)
{
    if (pending != NULL) {
        link_drop(pending->link, &pending->waiter);
        thrift_outcome_free(pending->exchange.outcome);
        (void)free_pending(pending);
    }
}
