/*
 * Calls on a loop, as programs start them.
 */
#include "base/error.h"
#include "rpc/loop_link.h"
#include "rpc/parent.h"
#include "value/record.h"

static thrift_status check(const thrift_client *client, thrift_error *err)
{
    if (client == NULL) {
        return parent_failed(err, "client");
    }
    return client->loop_link != NULL
               ? THRIFT_OK
               : FAIL(err, THRIFT_E_STATE,
                      "the client has no loop: set thrift_client_options.loop");
}

static thrift_status start(thrift_client *client, const thrift_method *method,
                           const thrift_record *args, thrift_outcome_fn done, void *data,
                           thrift_error *err)
{
    struct exchange exchange = {.outcome = NULL};
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_status status = exchange_init(&exchange, client, method, args, &own);

    if (status == THRIFT_OK) {
        status = exchange_prepare(&exchange, method->arguments->schema, method, &own);
    }
    if (status == THRIFT_OK) {
        status = loop_link_start(client->loop_link, &exchange, done, data, &own);
    }
    if (status != THRIFT_OK) {
        thrift_outcome_free(exchange.outcome);
        if (err != NULL) {
            *err = own;
        }
    }
    return status;
}

thrift_status thrift_client_start(thrift_client *client, const char *method, thrift_args args,
                                  thrift_outcome_fn done, void *data, thrift_error *err)
{
    struct definition_in_use in_use;
    const thrift_method *found;
    thrift_record *record;
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_status status = check(client, err);

    if (status != THRIFT_OK) {
        return status;
    }
    in_use = client_definition_take(&client->definition);
    found = client_find_method(&in_use, method, &own);
    record = found != NULL ? client_new_arguments(found, &own) : NULL;
    if (record != NULL && client_set_arguments(record, found, args, &own) == THRIFT_OK) {
        (void)start(client, found, record, done, data, &own);
    }
    thrift_record_free(record);
    thrift_schema_unref(in_use.schema);
    if (own.code != THRIFT_OK && err != NULL) {
        *err = own;
    }
    return own.code;
}

thrift_status thrift_client_start_args(thrift_client *client, const thrift_record *args,
                                       thrift_outcome_fn done, void *data, thrift_error *err)
{
    const thrift_method *method;
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_status status = check(client, err);

    if (status != THRIFT_OK) {
        return status;
    }
    if (args == NULL) {
        return parent_failed(err, "record of arguments");
    }
    method = client_method_of(client, args, &own);
    if (method != NULL) {
        (void)start(client, method, args, done, data, &own);
    }
    if (own.code != THRIFT_OK && err != NULL) {
        *err = own;
    }
    return own.code;
}

thrift_status thrift_client_cancel(thrift_client *client, const void *data, thrift_error *err)
{
    thrift_status status = check(client, err);

    return status == THRIFT_OK ? loop_link_cancel(client->loop_link, data, err) : status;
}
