/*
 * Users.echo: a message in, a reply out, in memory. By a dynamic handler, by a native one through
 * its thunk and through libffi, and by hand.
 *
 *     processor IDL message|stub
 *
 * "message" is read and answered again and again; "stub" calls a server over a socket, of which the
 * calling thread's time is measured. Links the library's layers: dispatch is no public function.
 */
#include "by_hand.h"
#include "timing.h"
#include "users.h"

#include <rethrift/server.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "rpc/dispatch.h"

#define NAME "Ada Lovelace"
#define EMAIL "ada@example.org"

static thrift_status echo(thrift_call *call, const struct user *user, struct user *out)
{
    (void)call;
    *out = *user;
    return THRIFT_OK;
}

static thrift_status on_echo(thrift_call *call, const thrift_record *args, void *context)
{
    const thrift_record *user = thrift_get_record(args, "user");

    (void)context;
    return thrift_set(thrift_call_result(call), "id", thrift_get_i32(user, "id"), "name",
                      thrift_get_string(user, "name"), "email", thrift_get_string(user, "email"));
}

static const struct users functions = {echo};

static void fail(const thrift_error *err)
{
    thrift_error_print(err, stderr);
    exit(1);
}

static const char *print_peer(const void *data, char out[ADDRESS_TEXT_SIZE])
{
    (void)data;
    out[0] = '\0';
    return out;
}

struct work {
    struct dispatcher dispatcher;
    struct inbound_message message;
    struct peer peer;
    thrift_buffer reply;
};

static void answer(void *context)
{
    struct work *work = context;

    work->reply.size = 0;
    (void)dispatch(&work->dispatcher, &work->message, &work->peer, &work->reply);
    BENCH_KEEP(work->reply.data);
}

static void answer_by_hand(void *context)
{
    struct work *work = context;

    work->reply.size = by_hand(echo, work->message.bytes.data, work->message.bytes.size,
                               work->reply.data, work->reply.capacity);
    BENCH_KEEP(work->reply.data);
}

static thrift_registry *bind_as(int kind)
{
    thrift_registry *registry = thrift_registry_new();

    if (kind == 0) {
        thrift_bind(registry, "Users.echo", on_echo, NULL);
    } else if (kind == 1) {
        (void)users_bind(registry, &functions, NULL);
    } else {
        thrift_bind_function(registry, "Users.echo", (thrift_function)echo,
                             users_methods[0].parameters, users_methods[0].parameter_count,
                             users_structs, NULL);
    }
    return registry;
}

static thrift_buffer make_message(const thrift_schema *schema)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer user = THRIFT_BUFFER_INIT, body = THRIFT_BUFFER_INIT, out = THRIFT_BUFFER_INIT;
    thrift_record *record = thrift_record_new(schema, "User", &err);
    thrift_message message = {
        THRIFT_BINARY, THRIFT_MESSAGE_CALL, 7, {(const uint8_t *)"echo", 4}, {NULL, 0}};

    thrift_set(record, "id", 42, "name", NAME, "email", EMAIL);
    if (thrift_encode(record, THRIFT_BINARY, NULL, &user, &err) != THRIFT_OK ||
        !buffer_append(&body, "\x0c\0\1", 3) || !buffer_append(&body, user.data, user.size) ||
        !buffer_append(&body, "", 1)) {
        fail(&err);
    }
    message.body = buffer_bytes(&body);
    if (thrift_message_append(&message, false, &out, &err) != THRIFT_OK) {
        fail(&err);
    }
    thrift_buffer_deinit(&user);
    thrift_buffer_deinit(&body);
    thrift_record_free(record);
    return out;
}

static const char *const kinds[] = {"rethrift dynamic", "rethrift thunk", "rethrift libffi"};

static void measure_messages(thrift_schema *schema)
{
    thrift_buffer message = make_message(schema), expected = THRIFT_BUFFER_INIT;
    const struct log log = {NULL, NULL};
    thrift_error err = THRIFT_ERROR_INIT;

    for (int kind = 0; kind < 4; kind++) {
        struct work work = {
            .message = {.bytes = buffer_bytes(&message), .form = {.protocol = THRIFT_BINARY}},
            .peer = {print_peer, NULL}};
        thrift_registry *registry = bind_as(kind < 3 ? kind : 0);
        struct generation *generation = generation_new(
            schema, registry, 1, &(const struct generation_options){.log = &log}, &err);

        if (generation == NULL) {
            fail(&err);
        }
        dispatcher_init(&work.dispatcher, generation, &codec_policy_default, &log);
        (void)buffer_reserve(&work.reply, 1024);
        (kind < 3 ? answer : answer_by_hand)(&work);
        if (kind == 0) {
            (void)buffer_append(&expected, work.reply.data, work.reply.size);
        } else if (work.reply.size != expected.size ||
                   memcmp(work.reply.data, expected.data, expected.size) != 0) {
            fprintf(stderr, "reply %d differs\n", kind);
            exit(1);
        }
        bench_run(kind < 3 ? kinds[kind] : "by hand", "a", kind < 3 ? kinds[kind] + 9 : "by hand",
                  message.size, kind < 3 ? answer : answer_by_hand, &work);
        dispatcher_deinit(&work.dispatcher);
        generation_unref(generation);
        thrift_registry_free(registry);
        thrift_buffer_deinit(&work.reply);
    }
    thrift_buffer_deinit(&message);
    thrift_buffer_deinit(&expected);
}

/* ---- decode, handler, encode: no envelope, no look-up ---- */

struct converting {
    const struct native_method *method; /* how the function is called */
    thrift_native_codec *codec;
    thrift_record *memory;
    thrift_buffer in, out;
};

static void convert(void *context)
{
    struct converting *work = context;
    struct user user, result = {0, NULL, NULL};
    _Alignas(16) uint8_t block[32];
    const void *pointers[] = {&user, &result};
    thrift_error err;

    memcpy(block, &pointers[0], sizeof pointers[0]);
    memcpy(block + 16, &pointers[1], sizeof pointers[1]);
    work->out.size = 0;
    err.code = THRIFT_OK;
    if (thrift_native_decode(work->codec, &user, work->memory, THRIFT_BINARY,
                             buffer_bytes(&work->in), &err) != THRIFT_OK ||
        work->method->invoke(work->method, NULL, block) != THRIFT_OK ||
        thrift_native_encode(work->codec, &result, THRIFT_BINARY, &work->out, &err) != THRIFT_OK) {
        fail(&err);
    }
    thrift_record_reset(work->memory);
    BENCH_KEEP(work->out.data);
}

static void convert_by_hand(void *context)
{
    struct converting *work = context;

    work->out.size =
        by_hand_user(echo, work->in.data, work->in.size, work->out.data, work->out.capacity);
    BENCH_KEEP(work->out.data);
}

static const struct native_method *method_of(const struct generation *generation)
{
    const struct served_service *service;
    thrift_bytes bare;

    return generation_find(generation, (thrift_bytes){(const uint8_t *)"echo", 4}, &service, &bare)
        ->native;
}

static void measure_user(thrift_schema *schema, struct converting *work, int kind)
{
    const struct log log = {NULL, NULL};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_registry *registry = bind_as(kind);
    struct generation *generation =
        generation_new(schema, registry, 1, &(const struct generation_options){.log = &log}, &err);

    if (generation == NULL) {
        fail(&err);
    }
    work->method = method_of(generation);
    bench_run(kinds[kind], "a", kind == 1 ? "user" : "user libffi", work->in.size, convert, work);
    generation_unref(generation);
    thrift_registry_free(registry);
}

static void measure_users(thrift_schema *schema)
{
    thrift_error err = THRIFT_ERROR_INIT;
    struct converting work = {NULL, thrift_native_codec_new(schema, &user_native, NULL, &err),
                              thrift_record_new(schema, "User", &err), THRIFT_BUFFER_INIT,
                              THRIFT_BUFFER_INIT};
    const struct user user = {42, NAME, EMAIL};

    if (thrift_native_encode(work.codec, &user, THRIFT_BINARY, &work.in, &err) != THRIFT_OK ||
        !buffer_reserve(&work.out, 1024)) {
        fail(&err);
    }
    measure_user(schema, &work, 1);
    measure_user(schema, &work, 2);
    bench_run("by hand", "a", "user by hand", work.in.size, convert_by_hand, &work);
    thrift_buffer_deinit(&work.in);
    thrift_buffer_deinit(&work.out);
    thrift_record_free(work.memory);
    thrift_native_codec_free(work.codec);
}

/* ---- a stub's call beside a dynamic one ---- */

struct calling {
    thrift_client *client;
    thrift_call *call;
    thrift_record *user;
    struct users stubs;
};

static void call_stub(void *context)
{
    struct calling *calling = context;
    struct user got;

    if (calling->stubs.echo(calling->call, &(struct user){42, NAME, EMAIL}, &got) != THRIFT_OK) {
        fail(thrift_call_error(calling->call));
    }
    thrift_call_reset(calling->call);
}

static void call_dynamically(void *context)
{
    struct calling *calling = context;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *outcome =
        thrift_client_call(calling->client, "echo", THRIFT_ARGS(calling->user), &err);

    if (thrift_outcome_record(outcome, &err) == NULL) {
        fail(&err);
    }
    thrift_outcome_free(outcome);
}

static void measure_stubs(thrift_schema *schema)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_registry *registry = bind_as(1);
    thrift_server *server = thrift_server_new(schema, registry, NULL, &err);
    struct calling calling = {.client = NULL};

    if (thrift_server_listen(server, "tcp://127.0.0.1:0", &err) != THRIFT_OK ||
        thrift_server_start(server, &err) != THRIFT_OK) {
        fail(&err);
    }
    calling.client = thrift_client_open(thrift_server_address(server, 0), schema, NULL, NULL, &err);
    calling.call = thrift_call_new(calling.client, &err);
    calling.user = thrift_record_new(schema, "User", &err);
    thrift_set(calling.user, "id", 42, "name", NAME, "email", EMAIL);
    if (users_open(calling.client, &calling.stubs, &err) != THRIFT_OK) {
        fail(&err);
    }
    bench_run("rethrift dynamic", "a", "call", 0, call_dynamically, &calling);
    bench_run("rethrift stub", "a", "call", 0, call_stub, &calling);
    thrift_record_free(calling.user);
    thrift_call_free(calling.call);
    thrift_client_free(calling.client);
    thrift_server_free(server);
    thrift_registry_free(registry);
}

int main(int argc, char **argv)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = argc == 3 ? thrift_load(argv[1], &err) : NULL;

    if (schema == NULL) {
        thrift_error_print(&err, stderr);
        return 2;
    }
    if (strcmp(argv[2], "stub") == 0) {
        measure_stubs(schema);
    } else {
        measure_users(schema);
        measure_messages(schema);
    }
    thrift_schema_unref(schema);
    return 0;
}
