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
#include "rpc/destination.h"
#include "rpc/link.h"
#include "rpc/options.h"
#include "rpc/outcome.h"
#include "rpc/parent.h"
#include "schema/lookup.h"
#include "transport/loop.h"
#include "transport/outbound.h"
#include "value/record.h"

#define CONNECT_TIMEOUT_MS 3000
#define CALL_TIMEOUT_MS 30000
#define NAME_SIZE 512

struct thrift_client {
    thrift_allocator allocator;
    thrift_limits limits; /* in force */
    struct codec_policy policy;
    struct destination destination;
    thrift_schema *schema;         /* a reference */
    const thrift_service *service; /* NULL: the definition has none */
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

static bool is_extended(const thrift_schema *schema, const thrift_service *service)
{
    for (size_t i = 0; i < schema->service_count; i++) {
        if (schema->services[i]->parent == service) {
            return true;
        }
    }
    return false;
}

/* The only service of the root file that no other extends; NULL when there is none. */
static thrift_status find_only_service(thrift_client *client, thrift_error *err)
{
    const thrift_schema *schema = client->schema;

    for (size_t i = 0; i < schema->service_count; i++) {
        const thrift_service *service = schema->services[i];

        if (service->node.file != &schema->files[0] || is_extended(schema, service)) {
            continue;
        }
        if (client->service != NULL) {
            return FAIL(err, THRIFT_E_NAME,
                        "the definition has several services, say which: \"%s\", \"%s\" …",
                        client->service->node.name, service->node.name);
        }
        client->service = service;
    }
    return THRIFT_OK;
}

static thrift_status find_service(thrift_client *client, const char *name, thrift_error *err)
{
    if (name == NULL) {
        return find_only_service(client, err);
    }
    client->service = thrift_schema_service(client->schema, name);
    return client->service != NULL
               ? THRIFT_OK
               : FAIL(err, THRIFT_E_NAME, "the definition has no service \"%s\"", name);
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
    client->schema = thrift_schema_ref(schema);
    status = destination_parse(address, &client->destination, err);
    if (status == THRIFT_OK) {
        status = find_service(client, service, err);
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
        link_unref(client->link);
        thrift_schema_unref(client->schema);
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

static thrift_status write_request(int32_t sequence_id, thrift_buffer *out, void *data,
                                   thrift_error *err)
{
    const struct exchange *exchange = data;
    const thrift_client *client = exchange->client;
    const char *prefix = client->destination.service;
    char name[NAME_SIZE];
    struct message_header header = {
        .kind = exchange->oneway ? THRIFT_MESSAGE_ONEWAY : THRIFT_MESSAGE_CALL,
        .sequence_id = sequence_id,
    };
    struct message_form form;
    struct outbound message;
    thrift_status status;
    int size = snprintf(name, sizeof name, "%s%s%s", prefix, prefix[0] != '\0' ? ":" : "",
                        exchange->method);

    if (size < 0 || (size_t)size >= sizeof name) {
        return FAIL(err, THRIFT_E_NAME, "the method's name is too long");
    }
    header.name = (thrift_bytes){(const uint8_t *)name, (size_t)size};
    form = (struct message_form){.protocol = client->destination.protocol,
                                 .framed = client->destination.framed};
    status = outbound_begin(&message, out, &form, &header, (thrift_bytes){NULL, 0}, err);
    if (status != THRIFT_OK) {
        return status;
    }
    if (exchange->plan != NULL) {
        status = codec_encode(exchange->plan, client->destination.protocol, exchange->arguments,
                              &client->policy, out, err);
    } else if (!buffer_append(out, exchange->raw.data, exchange->raw.size)) {
        status = FAIL_NOMEM(err);
    }
    if (status != THRIFT_OK) {
        outbound_cancel(&message);
        return status;
    }
    return outbound_end(&message, client->policy.limits->max_frame_size, err);
}

static thrift_status read_reply(const struct link_reply *reply, void *data, thrift_error *err)
{
    const struct exchange *exchange = data;

    return outcome_read(exchange->outcome, exchange->client->destination.protocol, reply,
                        &exchange->client->policy, err);
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

/* Takes nothing over; the outcome is the caller's. */
static thrift_outcome *perform(struct exchange *exchange, const thrift_method *method,
                               thrift_error *err)
{
    thrift_client *client = exchange->client;
    thrift_error own = THRIFT_ERROR_INIT;

    if (loop_inside()) {
        (void)FAIL(err, THRIFT_E_STATE,
                   "a handler cannot wait for a reply: it would stop its loop for everybody");
        return NULL;
    }
    exchange->outcome = outcome_new(client->schema, method, &client->allocator, err);
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

static const thrift_method *find_method(const thrift_client *client, const char *name,
                                        thrift_error *err)
{
    const thrift_method *method;
    char quoted[TEXT_QUOTED_SIZE];

    if (client->service == NULL || name == NULL) {
        (void)FAIL(err, THRIFT_E_NAME, "the definition has no service to call");
        return NULL;
    }
    method = service_find_method(client->service, name, strlen(name));
    if (method == NULL) {
        (void)FAIL(err, THRIFT_E_NAME, "%s has no method %s", client->service->node.name,
                   text_quote(name, strlen(name), quoted));
    }
    return method;
}

static thrift_outcome *send_record(thrift_client *client, const thrift_method *method,
                                   const thrift_record *arguments, thrift_error *err)
{
    struct exchange exchange = {
        .client = client,
        .method = method->node.name,
        .plan = plan_of(client->schema, method->arguments, err),
        .arguments = arguments,
        .oneway = method->oneway,
    };

    if (exchange.plan == NULL || root_first_mistake(arguments->root, err) != THRIFT_OK) {
        return NULL;
    }
    return perform(&exchange, method, err);
}

static thrift_record *new_arguments(const thrift_client *client, const thrift_method *method,
                                    thrift_error *err)
{
    const struct layout *layout = layout_of(client->schema, method->arguments, err);
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
    const thrift_method *found;
    thrift_record *record;
    thrift_outcome *outcome = NULL;

    if (client == NULL) {
        (void)parent_failed(err, "client");
        return NULL;
    }
    found = find_method(client, method, err);
    record = found != NULL ? new_arguments(client, found, err) : NULL;
    if (record != NULL && set_arguments(record, found, args, err) == THRIFT_OK) {
        outcome = send_record(client, found, record, err);
    }
    thrift_record_free(record);
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
    const thrift_method *found;

    if (client == NULL) {
        (void)parent_failed(err, "client");
        return NULL;
    }
    found = find_method(client, method, err);
    return found != NULL ? new_arguments(client, found, err) : NULL;
}

/* The method whose arguments these are. */
static const thrift_method *method_of(const thrift_client *client, const thrift_record *args)
{
    for (const thrift_service *at = client->service; at != NULL; at = at->parent) {
        for (size_t i = 0; i < at->method_count; i++) {
            if (at->methods[i].arguments == thrift_record_type(args)) {
                return &at->methods[i];
            }
        }
    }
    return NULL;
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
    const thrift_method *known;

    if (client == NULL) {
        (void)parent_failed(err, "client");
        return NULL;
    }
    if (method == NULL || (args.data == NULL && args.size > 0)) {
        (void)FAIL(err, THRIFT_E_ARGUMENT, "a method and its arguments are needed");
        return NULL;
    }
    if (protocol != client->destination.protocol) {
        (void)FAIL(err, THRIFT_E_ARGUMENT, "the client speaks another protocol");
        return NULL;
    }
    known = client->service != NULL ? service_find_method(client->service, method, strlen(method))
                                    : NULL;
    exchange.oneway = known != NULL && known->oneway;
    return perform(&exchange, NULL, err);
}
