/*
 * Calls that wait: arguments into a message, one exchange over the link, the reply as an outcome.
 *
 * A link that is broken, or whose peer closed while nothing was asked, is replaced by the next
 * call. A request of which a byte went out is never sent again.
 */
#include <string.h>

#include "base/error.h"
#include "rpc/exchange.h"
#include "rpc/parent.h"
#include "schema/lookup.h"
#include "transport/loop.h"

/* Takes nothing over; the outcome is the caller's. `schema` is the method's, and the caller's. */
static thrift_outcome *perform(struct exchange *exchange, const thrift_schema *schema,
                               const thrift_method *method, thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;

    if (loop_inside()) {
        (void)FAIL(err, THRIFT_E_STATE,
                   "a handler cannot wait for a reply: it would stop its loop for everybody");
        return NULL;
    }
    if (exchange_prepare(exchange, schema, method, err) != THRIFT_OK) {
        return NULL;
    }
    if (exchange_perform(exchange, &own) != THRIFT_OK) {
        thrift_outcome_free(exchange->outcome);
        if (err != NULL) {
            *err = own;
        }
        return NULL;
    }
    return exchange->outcome;
}

/* By the definition that the arguments are of. */
static thrift_outcome *send_record(thrift_client *client, const thrift_method *method,
                                   const thrift_record *arguments, thrift_error *err)
{
    struct exchange exchange;

    return exchange_init(&exchange, client, method, arguments, err) == THRIFT_OK
               ? perform(&exchange, method->arguments->schema, method, err)
               : NULL;
}

thrift_outcome *thrift_client_call(thrift_client *client, const char *method, thrift_args args,
                                   thrift_error *err)
{
    struct definition_in_use in_use;
    const thrift_method *found;
    thrift_record *record;
    thrift_outcome *outcome = NULL;

    if (client == NULL) {
        (void)parent_failed(err, "client");
        return NULL;
    }
    in_use = client_definition_take(&client->definition);
    found = client_find_method(&in_use, method, err);
    record = found != NULL ? client_new_arguments(found, err) : NULL;
    if (record != NULL && client_set_arguments(record, found, args, err) == THRIFT_OK) {
        outcome = send_record(client, found, record, err);
    }
    thrift_record_free(record);
    thrift_schema_unref(in_use.schema);
    return outcome;
}

thrift_status thrift_client_do(thrift_client *client, const char *method, thrift_args args,
                               thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_outcome *outcome;
    thrift_status status;

    if (client == NULL) {
        return parent_failed(err, "client");
    }
    outcome = thrift_client_call(client, method, args, &own);
    status = outcome != NULL ? thrift_outcome_check(outcome, &own) : own.code;
    thrift_outcome_free(outcome);
    if (status != THRIFT_OK && err != NULL) {
        *err = own;
    }
    return status;
}

thrift_record *thrift_client_args(thrift_client *client, const char *method, thrift_error *err)
{
    struct definition_in_use in_use;
    const thrift_method *found;
    thrift_record *record;

    if (client == NULL) {
        (void)parent_failed(err, "client");
        return NULL;
    }
    in_use = client_definition_take(&client->definition);
    found = client_find_method(&in_use, method, err);
    record = found != NULL ? client_new_arguments(found, err) : NULL;
    thrift_schema_unref(in_use.schema);
    return record;
}

thrift_outcome *thrift_client_send(thrift_client *client, const thrift_record *args,
                                   thrift_error *err)
{
    const thrift_method *method;

    if (client == NULL || args == NULL) {
        (void)parent_failed(err, client == NULL ? "client" : "record of arguments");
        return NULL;
    }
    method = client_method_of(client, args, err);
    return method != NULL ? send_record(client, method, args, err) : NULL;
}

thrift_outcome *thrift_client_call_raw(thrift_client *client, const char *method,
                                       thrift_protocol protocol, thrift_bytes args,
                                       thrift_error *err)
{
    struct exchange exchange = {.client = client, .method = method, .raw = args};
    struct definition_in_use in_use;
    const thrift_method *known;
    thrift_outcome *outcome;

    if (client == NULL) {
        (void)parent_failed(err, "client");
        return NULL;
    }
    if (method == NULL || (args.data == NULL && args.size > 0)) {
        (void)FAIL(err, THRIFT_E_ARGUMENT, "a method and its arguments are needed");
        return NULL;
    }
    if (protocol != client->destination.form.protocol) {
        (void)FAIL(err, THRIFT_E_ARGUMENT, "the client speaks another protocol");
        return NULL;
    }
    in_use = client_definition_take(&client->definition);
    known =
        in_use.service != NULL ? service_find_method(in_use.service, method, strlen(method)) : NULL;
    exchange.oneway = known != NULL && known->oneway;
    outcome = perform(&exchange, in_use.schema, NULL, err);
    thrift_schema_unref(in_use.schema);
    return outcome;
}
