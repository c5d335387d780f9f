/*
 * The service that the tests of rpc serve and call.
 */
#include "fixture.h"

#include <string.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "codec/codec.h"
#include "suite.h"
#include "transport/outbound.h"
#include "value/record.h"

const char fixture_idl[] =
    "exception NotFound { 1: i32 id, 2: string message }\n"
    "exception Denied { 1: string why }\n"
    "struct User { 1: required i32 id, 2: required string name, 3: optional string email }\n"
    "service Base { void ping(), i32 inherited(1: i32 x) }\n"
    "service Users extends Base {\n"
    "  User get(1: i32 id) throws (1: NotFound missing, 2: Denied denied),\n"
    "  void put(1: User user),\n"
    "  i32 add(1: i32 a, 2: i32 b),\n"
    "  list<string> names(),\n"
    "  map<string, i32> counts(),\n"
    "  binary blob(1: i32 size),\n"
    "  oneway void fire(1: i32 x),\n"
    "  void unhandled(),\n"
    "  i32 fail(1: string how)\n"
    "}\n";

static struct fixture *count(void *context)
{
    struct fixture *fixture = context;

    atomic_fetch_add(&fixture->calls, 1);
    return fixture;
}

static thrift_status on_ping(thrift_call *call, const thrift_record *args, void *context)
{
    (void)call, (void)args;
    (void)count(context);
    return THRIFT_OK;
}

static thrift_status on_inherited(thrift_call *call, const thrift_record *args, void *context)
{
    (void)count(context);
    return thrift_return(call, thrift_get_i32(args, "x") + 1);
}

static thrift_status on_get(thrift_call *call, const thrift_record *args, void *context)
{
    int32_t id = thrift_get_i32(args, "id");

    (void)count(context);
    if (id == 404) {
        (void)thrift_set(thrift_call_result(call), "id", 1); /* a result that was begun */
        return thrift_throw(call, "NotFound", "id", id, "message", "no such user");
    }
    return thrift_set(thrift_call_result(call), "id", id, "name", "Ada", "email",
                      id == 1 ? "ada@example.org" : NULL);
}

static thrift_status on_put(thrift_call *call, const thrift_record *args, void *context)
{
    (void)count(context);
    return thrift_get_i32(args, "user.id") == 0 ? thrift_fail(call, "no user %d", 0) : THRIFT_OK;
}

static thrift_status on_add(thrift_call *call, const thrift_record *args, void *context)
{
    (void)count(context);
    return thrift_return(call, thrift_get_i32(args, "a") + thrift_get_i32(args, "b"));
}

static thrift_status on_names(thrift_call *call, const thrift_record *args, void *context)
{
    thrift_list *names = thrift_call_result_list(call);

    (void)args;
    (void)count(context);
    (void)thrift_list_add(names, "Ada");
    return thrift_list_add(names, thrift_call_name(call));
}

static thrift_status on_counts(thrift_call *call, const thrift_record *args, void *context)
{
    (void)args;
    (void)count(context);
    return thrift_map_put(thrift_call_result_map(call), "Ada", 1);
}

static thrift_status on_blob(thrift_call *call, const thrift_record *args, void *context)
{
    int32_t size = thrift_get_i32(args, "size");
    uint8_t *bytes = thrift_call_alloc(call, (size_t)size + 1);

    (void)count(context);
    if (bytes == NULL) {
        return THRIFT_E_NOMEM;
    }
    memset(bytes, 'x', (size_t)size);
    return thrift_return(call, ((thrift_bytes){bytes, (size_t)size}));
}

static thrift_status on_fire(thrift_call *call, const thrift_record *args, void *context)
{
    struct fixture *fixture = count(context);

    atomic_fetch_add(&fixture->fired, 1);
    return thrift_get_i32(args, "x") < 0 ? thrift_fail(call, "too small") : THRIFT_OK;
}

/* Every way to get an answer wrong. */
static thrift_status on_fail(thrift_call *call, const thrift_record *args, void *context)
{
    const char *how = thrift_get_string(args, "how");

    (void)count(context);
    if (how == NULL || strcmp(how, "nothing") == 0) {
        return THRIFT_OK; /* no result */
    }
    if (strcmp(how, "range") == 0) {
        return thrift_return(call, INT64_MAX);
    }
    if (strcmp(how, "type") == 0) {
        return thrift_return(call, "text");
    }
    if (strcmp(how, "undeclared") == 0) {
        return thrift_throw(call, "NotFound", "id", 1);
    }
    if (strcmp(how, "misread") == 0) {
        (void)thrift_get_i32(args, "hwo");
        return thrift_return(call, 1);
    }
    if (strcmp(how, "record") == 0) {
        return thrift_set(thrift_call_result(call), "id", 1);
    }
    return strcmp(how, "fail") == 0 ? thrift_fail(call, "you asked for %s", how) : THRIFT_E_IO;
}

void fixture_open(struct fixture *fixture)
{
    static const struct {
        const char *name;
        thrift_handler handler;
    } handlers[] = {{"Base.ping", on_ping},      {"Base.inherited", on_inherited},
                    {"Users.get", on_get},       {"Users.put", on_put},
                    {"Users.add", on_add},       {"Users.names", on_names},
                    {"Users.counts", on_counts}, {"Users.blob", on_blob},
                    {"Users.fire", on_fire},     {"Users.fail", on_fail}};
    thrift_error err = THRIFT_ERROR_INIT;

    memset(fixture, 0, sizeof *fixture);
    fixture->schema = thrift_load_text("users.thrift", fixture_idl, NULL, &err);
    ck_assert_msg(fixture->schema != NULL, "%s", err.message);
    fixture->registry = thrift_registry_new();
    for (size_t i = 0; i < COUNT_OF(handlers); i++) {
        ck_assert_int_eq(
            thrift_bind(fixture->registry, handlers[i].name, handlers[i].handler, fixture),
            THRIFT_OK);
    }
}

void fixture_close(struct fixture *fixture)
{
    thrift_registry_free(fixture->registry);
    thrift_schema_unref(fixture->schema);
}

/* ---- log ---- */

void captured_log_init(struct captured_log *log)
{
    memset(log, 0, sizeof *log);
    (void)pthread_mutex_init(&log->lock, NULL);
}

void captured_log_write(int level, const char *line, void *data)
{
    struct captured_log *log = data;
    size_t size = strlen(line);

    (void)level;
    pthread_mutex_lock(&log->lock);
    if (log->size + size + 2 < sizeof log->text) {
        memcpy(log->text + log->size, line, size);
        log->text[log->size + size] = '\n';
        log->size += size + 1;
    }
    pthread_mutex_unlock(&log->lock);
}

bool captured_log_has(struct captured_log *log, const char *part)
{
    bool has;

    pthread_mutex_lock(&log->lock);
    has = strstr(log->text, part) != NULL;
    pthread_mutex_unlock(&log->lock);
    return has;
}

/* ---- engine ---- */

static const char *print_peer(const void *data, char out[ADDRESS_TEXT_SIZE])
{
    (void)data;
    (void)snprintf(out, ADDRESS_TEXT_SIZE, "tcp://192.0.2.1:4711");
    return out;
}

static void connect_session(struct engine *engine)
{
    session_init(&engine->session, &engine->dispatcher, &engine->shared, print_peer);
    engine->out.size = 0;
}

void engine_reconnect(struct engine *engine)
{
    session_deinit(&engine->session);
    connect_session(engine);
}

void engine_open(struct engine *engine, const thrift_allocator *allocator)
{
    const unsigned protocols = 1u << THRIFT_BINARY | 1u << THRIFT_COMPACT;
    struct generation_options options = {.log = &engine->log, .allocator = allocator};
    thrift_limits limits = limits_in_force(NULL);
    thrift_error err = THRIFT_ERROR_INIT;

    memset(engine, 0, sizeof *engine);
    fixture_open(&engine->fixture);
    captured_log_init(&engine->lines);
    engine->log = (struct log){captured_log_write, &engine->lines};
    engine->policy = codec_policy_default;
    engine->generation =
        generation_new(engine->fixture.schema, engine->fixture.registry, 1, &options, &err);
    ck_assert_msg(engine->generation != NULL, "%s", err.message);
    dispatcher_init(&engine->dispatcher, engine->generation, &engine->policy, &engine->log);
    inbound_shared_init(&engine->shared, &limits, protocols, allocator);
    engine->shared.wires |=
        1u << THRIFT_WIRE_HTTP | 1u << THRIFT_WIRE_WEBSOCKET | 1u << THRIFT_WIRE_ZLIB;
    connect_session(engine);
}

void engine_close(struct engine *engine)
{
    session_deinit(&engine->session);
    inbound_shared_deinit(&engine->shared);
    dispatcher_deinit(&engine->dispatcher);
    generation_unref(engine->generation);
    thrift_buffer_deinit(&engine->out);
    fixture_close(&engine->fixture);
}

/* ---- messages ---- */

static const thrift_method *method_named(const struct fixture *fixture, const char *name)
{
    const char *colon = strchr(name, ':');

    return thrift_service_method(thrift_schema_service(fixture->schema, "Users"),
                                 colon != NULL ? colon + 1 : name);
}

void request_append_raw(struct wire_form form, const char *method, uint8_t kind,
                        int32_t sequence_id, thrift_bytes args, thrift_buffer *out)
{
    const struct message_header header = {
        kind, form.old, sequence_id, {(const uint8_t *)method, strlen(method)}};
    struct outbound message;

    const struct message_form stands = {.protocol = form.protocol, .framed = form.framed};

    ck_assert_int_eq(outbound_begin(&message, out, &stands, &header, (thrift_bytes){NULL, 0}, NULL),
                     THRIFT_OK);
    ck_assert(buffer_append(out, args.data, args.size));
    ck_assert_int_eq(outbound_end(&message, 1 << 30, NULL), THRIFT_OK);
}

void request_append(const struct fixture *fixture, struct wire_form form, const char *method,
                    uint8_t kind, int32_t sequence_id, thrift_args args, thrift_buffer *out)
{
    static const uint8_t stop = 0;
    const thrift_method *known = method_named(fixture, method);
    thrift_buffer body = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    if (known == NULL) {
        ck_assert(buffer_append(&body, &stop, 1));
    } else {
        const thrift_struct *type = known->arguments;
        struct thrift_root *root = root_new(layout_of(type->schema, type, &err), &err);

        for (uint32_t i = 0; i < args.count && i < type->field_count; i++) {
            ck_assert_int_eq(thrift_record_set(root->top, &type->fields[i], args.items[i]),
                             THRIFT_OK);
        }
        ck_assert_msg(codec_encode(plan_of(type->schema, type, &err), form.protocol, root->top,
                                   &codec_policy_default, &body, &err) == THRIFT_OK,
                      "%s", err.message);
        root_free(root);
    }
    request_append_raw(form, method, kind, sequence_id, buffer_bytes(&body), out);
    thrift_buffer_deinit(&body);
}

static void read_reply(const struct fixture *fixture, const char *method,
                       const struct inbound_message *message, struct reply *out)
{
    const thrift_allocator allocator = {NULL, NULL};
    const thrift_limits limits = limits_in_force(NULL);
    struct link_reply reply = {.body = message->bytes};
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(
        message_read_begin(message->form.protocol, &reply.body, &limits, &reply.header, &err),
        THRIFT_OK);
    out->sequence_id = reply.header.sequence_id;
    (void)snprintf(out->name, sizeof out->name, "%.*s", (int)reply.header.name.size,
                   (const char *)reply.header.name.data);
    out->outcome = outcome_new(fixture->schema, method_named(fixture, method), &allocator, &err);
    ck_assert(out->outcome->method != NULL || reply.header.kind == THRIFT_MESSAGE_EXCEPTION);
    ck_assert_msg(outcome_read(out->outcome, message->form.protocol, &reply, &codec_policy_default,
                               &err) == THRIFT_OK,
                  "%s", err.message);
}

struct reply reply_take(const struct fixture *fixture, const char *method, thrift_bytes *bytes)
{
    const unsigned protocols = 1u << THRIFT_BINARY | 1u << THRIFT_COMPACT;
    const thrift_limits limits = limits_in_force(NULL);
    struct inbound_shared shared;
    struct inbound in;
    struct inbound_message message;
    struct reply reply = {0};
    thrift_error err = THRIFT_ERROR_INIT;

    inbound_shared_init(&shared, &limits, protocols, NULL);
    inbound_init(&in, &shared);
    ck_assert_int_eq(inbound_feed(&in, *bytes, &err), THRIFT_OK);
    if (inbound_next(&in, &message, &err) == INBOUND_MESSAGE) {
        const uint8_t *end = message.bytes.data + message.bytes.size;

        read_reply(fixture, method, &message, &reply);
        *bytes = (thrift_bytes){end, bytes->size - (size_t)(end - bytes->data)};
    }
    inbound_deinit(&in);
    inbound_shared_deinit(&shared);
    return reply;
}
