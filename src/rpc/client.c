/*
 * The client: arguments into a message, one exchange over the link, the reply as an outcome.
 *
 * A link that is broken, or whose peer closed while nothing was asked, is replaced by the next
 * call. A request of which a byte went out is never sent again.
 */
#include <rethrift/client.h>

#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/text.h"
#include "codec/codec.h"
#include "rpc/client_definition.h"
#include "rpc/destination.h"
#include "rpc/follower.h"
#include "rpc/link.h"
#include "rpc/options.h"
#include "rpc/outcome.h"
#include "rpc/parent.h"
#include "schema/lookup.h"
#include "transport/loop.h"
#include "value/record.h"

#define CONNECT_TIMEOUT_MS 3000
#define CALL_TIMEOUT_MS 30000
#define NAME_SIZE 512

struct thrift_client {
    thrift_allocator allocator;
    thrift_limits limits; /* in force */
    struct codec_policy policy;
    struct destination destination;
    struct client_definition definition;
    char *address;             /* a copy of the text */
    struct follower *follower; /* guarded by the lock; NULL: none */
    uint32_t connect_timeout_ms, call_timeout_ms;
    int32_t first_sequence_id;
    pthread_mutex_t lock;
    struct link *link; /* guarded by the lock; NULL: none yet */
};

/* ---- opening ---- */

static thrift_status check_options(const thrift_client_options *options, thrift_error *err)
{
    if (options->tls_ca != NULL || options->tls_certificate != NULL || options->tls_key != NULL) {
        return FAIL(err, THRIFT_E_ARGUMENT, "TLS is not supported yet");
    }
    return THRIFT_OK;
}

static void use_options(thrift_client *client, const thrift_client_options *options)
{
    thrift_codec_options codec = options->codec;

    if (options->allocator != NULL) {
        client->allocator = *options->allocator;
    }
    client->limits = limits_in_force(options->limits.struct_size != 0 ? &options->limits : NULL);
    codec.struct_size = sizeof codec; /* the client's options say how much of it there is */
    (void)codec_policy_of(&codec, &client->policy);
    if (codec.limits == NULL) {
        client->policy.limits = &client->limits;
    }
    client->connect_timeout_ms =
        options->connect_timeout_ms != 0 ? options->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    client->call_timeout_ms =
        options->call_timeout_ms != 0 ? options->call_timeout_ms : CALL_TIMEOUT_MS;
    client->first_sequence_id = options->first_sequence_id != 0 ? options->first_sequence_id : 1;
}

static uint64_t after_ms(uint64_t now_ns, uint32_t ms) { return now_ns + (uint64_t)ms * 1000000; }

/* The link to use, as a reference of the caller's; a new one when `stale` is still the client's, or
 * the client's is no good. */
static struct link *take_link(thrift_client *client, const struct link *stale, uint64_t deadline_ns,
                              thrift_error *err)
{
    uint64_t connect_by = after_ms(clock_now_ns(), client->connect_timeout_ms);
    struct link *link;

    pthread_mutex_lock(&client->lock);
    if (client->link != NULL && (client->link == stale || !link_is_usable(client->link))) {
        link_unref(client->link);
        client->link = NULL;
    }
    if (client->link == NULL) {
        client->link =
            link_open(&client->destination, client->first_sequence_id, &client->limits,
                      &client->allocator, connect_by < deadline_ns ? connect_by : deadline_ns, err);
    }
    link = client->link;
    if (link != NULL) {
        link_ref(link);
    }
    pthread_mutex_unlock(&client->lock);
    return link;
}

static thrift_status connect_now(thrift_client *client, thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;
    struct link *link = take_link(client, NULL, UINT64_MAX, &own);

    link_unref(link);
    if (link == NULL && err != NULL) {
        *err = own;
    }
    return own.code;
}

static bool copy_address(thrift_client *client, const char *address)
{
    client->address = mem_alloc(&client->allocator, strlen(address) + 1);
    if (client->address != NULL) {
        memcpy(client->address, address, strlen(address) + 1);
    }
    return client->address != NULL;
}

thrift_client *thrift_client_open(const char *address, thrift_schema *schema, const char *service,
                                  const thrift_client_options *options, thrift_error *err)
{
    thrift_client_options given;
    thrift_client *client;
    thrift_status status;

    if (schema == NULL) {
        (void)parent_failed(err, "schema");
        return NULL;
    }
    OPTIONS_COPY(&given, options);
    if (check_options(&given, err) != THRIFT_OK) {
        return NULL;
    }
    client = mem_alloc_zero(given.allocator, 1, sizeof *client);
    if (client == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    use_options(client, &given);
    (void)pthread_mutex_init(&client->lock, NULL);
    status = client_definition_init(&client->definition, schema, service, err);
    if (status == THRIFT_OK) {
        status = destination_parse(address, &client->destination, err);
    }
    if (status == THRIFT_OK && !copy_address(client, address)) {
        status = FAIL_NOMEM(err);
    }
    if (status == THRIFT_OK && !given.connect_late) {
        status = connect_now(client, err);
    }
    if (status != THRIFT_OK) {
        thrift_client_free(client);
        return NULL;
    }
    return client;
}

void thrift_client_free(thrift_client *client)
{
    thrift_allocator allocator;

    if (client != NULL) {
        allocator = client->allocator;
        follower_free(client->follower);
        if (client->address != NULL) {
            mem_free(&allocator, client->address, strlen(client->address) + 1);
        }
        link_unref(client->link);
        client_definition_deinit(&client->definition);
        (void)pthread_mutex_destroy(&client->lock);
        mem_free(&allocator, client, sizeof *client);
    }
}

/* ---- one exchange ---- */

/* A call on its way: what is written and where the reply goes. */
struct exchange {
    thrift_client *client;
    const char *method;
    const struct plan *plan;        /* of the arguments; NULL: raw */
    const thrift_record *arguments; /* NULL: raw */
    thrift_bytes raw;
    bool oneway;
    thrift_outcome *outcome;
};

static thrift_status write_request(struct dialogue *dialogue, int32_t sequence_id,
                                   thrift_buffer *out, void *data, thrift_error *err)
{
    const struct exchange *exchange = data;
    const thrift_client *client = exchange->client;
    const char *prefix = client->destination.service;
    char name[NAME_SIZE];
    struct message_header header = {
        .kind = exchange->oneway ? THRIFT_MESSAGE_ONEWAY : THRIFT_MESSAGE_CALL,
        .sequence_id = sequence_id,
    };
    struct dialogue_request request;
    thrift_status status;
    int size = snprintf(name, sizeof name, "%s%s%s", prefix, prefix[0] != '\0' ? ":" : "",
                        exchange->method);

    if (size < 0 || (size_t)size >= sizeof name) {
        return FAIL(err, THRIFT_E_NAME, "the method's name is too long");
    }
    header.name = (thrift_bytes){(const uint8_t *)name, (size_t)size};
    status = dialogue_begin(dialogue, &request, &header, out, err);
    if (status != THRIFT_OK) {
        return status;
    }
    if (exchange->plan != NULL) {
        status = codec_encode(exchange->plan, client->destination.form.protocol,
                              exchange->arguments, &client->policy, request.message.out, err);
    } else if (!buffer_append(request.message.out, exchange->raw.data, exchange->raw.size)) {
        status = FAIL_NOMEM(err);
    }
    if (status != THRIFT_OK) {
        dialogue_cancel(&request);
        return status;
    }
    return dialogue_end(dialogue, &request, client->policy.limits->max_frame_size, err);
}

static thrift_status read_reply(const struct link_reply *reply, void *data, thrift_error *err)
{
    const struct exchange *exchange = data;

    if (exchange->plan == NULL && reply->protocol != exchange->client->destination.form.protocol) {
        return FAIL(err, THRIFT_E_PROTOCOL,
                    "the peer answers in another protocol than it is asked");
    }
    return outcome_read(exchange->outcome, reply->protocol, reply, &exchange->client->policy, err);
}

static thrift_status exchange_over(struct exchange *exchange, thrift_error *err)
{
    thrift_client *client = exchange->client;
    const struct link_request request = {
        .name = {(const uint8_t *)exchange->method, strlen(exchange->method)},
        .oneway = exchange->oneway,
        .deadline_ns = after_ms(clock_now_ns(), client->call_timeout_ms),
        .write = write_request,
        .read = read_reply,
        .data = exchange,
    };
    struct link *link = take_link(client, NULL, request.deadline_ns, err);
    bool sent = false;
    thrift_status status;

    if (link == NULL) {
        return err->code;
    }
    status = link_exchange(link, &request, &sent, err);
    if (status == THRIFT_E_CLOSED && !sent) {
        struct link *next = take_link(client, link, request.deadline_ns, err);

        link_unref(link);
        link = next;
        status = link != NULL ? link_exchange(link, &request, &sent, err) : err->code;
    }
    link_unref(link);
    return status;
}

/* Takes nothing over; the outcome is the caller's. `schema` is the method's, and the caller's. */
static thrift_outcome *perform(struct exchange *exchange, const thrift_schema *schema,
                               const thrift_method *method, thrift_error *err)
{
    thrift_client *client = exchange->client;
    thrift_error own = THRIFT_ERROR_INIT;

    if (loop_inside()) {
        (void)FAIL(err, THRIFT_E_STATE,
                   "a handler cannot wait for a reply: it would stop its loop for everybody");
        return NULL;
    }
    exchange->outcome = outcome_new(schema, method, &client->allocator, err);
    if (exchange->outcome == NULL) {
        return NULL;
    }
    if (exchange->oneway) {
        exchange->outcome->kind = THRIFT_OUTCOME_RESULT;
    }
    if (exchange_over(exchange, &own) != THRIFT_OK) {
        thrift_outcome_free(exchange->outcome);
        if (err != NULL) {
            *err = own;
        }
        return NULL;
    }
    return exchange->outcome;
}

/* ---- for programs ---- */

static const thrift_method *find_method(const struct definition_in_use *in_use, const char *name,
                                        thrift_error *err)
{
    const thrift_method *method;
    char quoted[TEXT_QUOTED_SIZE];

    if (in_use->service == NULL || name == NULL) {
        (void)FAIL(err, THRIFT_E_NAME, "the definition has no service to call");
        return NULL;
    }
    method = service_find_method(in_use->service, name, strlen(name));
    if (method == NULL) {
        (void)FAIL(err, THRIFT_E_NAME, "%s has no method %s", in_use->service->node.name,
                   text_quote(name, strlen(name), quoted));
    }
    return method;
}

/* By the definition that the arguments are of. */
static thrift_outcome *send_record(thrift_client *client, const thrift_method *method,
                                   const thrift_record *arguments, thrift_error *err)
{
    const thrift_schema *schema = method->arguments->schema;
    struct exchange exchange = {
        .client = client,
        .method = method->node.name,
        .plan = plan_of(schema, method->arguments, err),
        .arguments = arguments,
        .oneway = method->oneway,
    };

    if (exchange.plan == NULL || root_first_mistake(arguments->root, err) != THRIFT_OK) {
        return NULL;
    }
    return perform(&exchange, schema, method, err);
}

static thrift_record *new_arguments(const thrift_method *method, thrift_error *err)
{
    const struct layout *layout = layout_of(method->arguments->schema, method->arguments, err);
    struct thrift_root *root = layout != NULL ? root_new(layout, err) : NULL;

    return root != NULL ? root->top : NULL;
}

static thrift_status set_arguments(thrift_record *record, const thrift_method *method,
                                   thrift_args args, thrift_error *err)
{
    const thrift_struct *declared = method->arguments;

    if (args.count != declared->field_count) {
        return FAIL(err, THRIFT_E_ARGUMENT, "%s takes %u arguments, %zu are given",
                    method->node.name, (unsigned)declared->field_count, args.count);
    }
    for (uint32_t i = 0; i < declared->field_count; i++) {
        (void)thrift_record_set(record, &declared->fields[i], args.items[i]);
    }
    return THRIFT_OK;
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
    found = find_method(&in_use, method, err);
    record = found != NULL ? new_arguments(found, err) : NULL;
    if (record != NULL && set_arguments(record, found, args, err) == THRIFT_OK) {
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
    found = find_method(&in_use, method, err);
    record = found != NULL ? new_arguments(found, err) : NULL;
    thrift_schema_unref(in_use.schema);
    return record;
}

/* The method whose arguments these are, in the client's service as the record's definition has it:
 * the client may have been switched since the record was made. */
static const thrift_method *method_of(thrift_client *client, const thrift_record *args)
{
    struct definition_in_use in_use = client_definition_take(&client->definition);
    const thrift_struct *type = thrift_record_type(args);
    const thrift_service *service = in_use.service;
    const thrift_method *found = NULL;

    if (service != NULL && type->schema != in_use.schema) {
        service = thrift_schema_service(type->schema, service->node.name);
    }
    for (; service != NULL && found == NULL; service = service->parent) {
        for (size_t i = 0; i < service->method_count; i++) {
            found = service->methods[i].arguments == type ? &service->methods[i] : found;
        }
    }
    thrift_schema_unref(in_use.schema);
    return found;
}

thrift_outcome *thrift_client_send(thrift_client *client, const thrift_record *args,
                                   thrift_error *err)
{
    const thrift_method *method;

    if (client == NULL || args == NULL) {
        (void)parent_failed(err, client == NULL ? "client" : "record of arguments");
        return NULL;
    }
    method = method_of(client, args);
    if (method == NULL) {
        (void)FAIL(err, THRIFT_E_TYPE, "the record is not one of thrift_client_args()");
        return NULL;
    }
    return send_record(client, method, args, err);
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

/* ---- changing the definition ---- */

thrift_status thrift_client_switch(thrift_client *client, thrift_schema *schema, thrift_error *err)
{
    if (client == NULL || schema == NULL) {
        return parent_failed(err, client == NULL ? "client" : "schema");
    }
    return client_definition_switch(&client->definition, schema, false, err);
}

thrift_schema *thrift_client_schema(const thrift_client *client)
{
    thrift_client *mutable = (thrift_client *)(uintptr_t)client; /* for its lock alone */

    return client != NULL ? client_definition_take(&mutable->definition).schema : NULL;
}

thrift_status thrift_client_follow(thrift_client *client, thrift_follow source,
                                   const thrift_reload_options *options, thrift_error *err)
{
    thrift_status status = THRIFT_OK;

    if (client == NULL) {
        return parent_failed(err, "client");
    }
    pthread_mutex_lock(&client->lock);
    if (client->follower != NULL) {
        status = FAIL(err, THRIFT_E_STATE, "the client follows its definition already");
    } else {
        const thrift_client_options asking = {
            .struct_size = sizeof asking,
            .connect_timeout_ms = client->connect_timeout_ms,
            .call_timeout_ms = client->call_timeout_ms,
            .limits = client->limits,
            .allocator = &client->allocator,
        };
        thrift_error own = THRIFT_ERROR_INIT;

        client->follower =
            follower_new(&(struct follower_options){&client->definition, client->address, &asking,
                                                    &client->allocator, source, options},
                         &own);
        status = own.code;
        if (status != THRIFT_OK && err != NULL) {
            *err = own;
        }
    }
    pthread_mutex_unlock(&client->lock);
    return status;
}
