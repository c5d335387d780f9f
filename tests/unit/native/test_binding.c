/*
 * Native handlers behind a session: every kind of parameter and result, thunks and libffi, in every
 * protocol; exceptions; what happens when a definition changes.
 *
 * Covers also: call_interface.c, function.c, no_ffi.c, signature.c, thrown.c.
 */
#include "native/binding.h"

#include <string.h>

#include "allocator.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "rpc/outcome.h"
#include "rpc/session.h"
#include "suite.h"
#include "users.h"

/* ---- an engine ---- */

struct engine {
    thrift_schema *schema;
    thrift_registry *registry;
    struct generation *generation;
    struct dispatcher dispatcher;
    struct codec_policy policy;
    struct log log;
    struct seen seen;
};

static thrift_schema *load(const char *text)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("users.thrift", text, NULL, &err);

    ck_assert_msg(schema != NULL, "%s", err.message);
    return schema;
}

static struct generation *generation_of(struct engine *engine, thrift_schema *schema,
                                        const thrift_allocator *allocator, thrift_error *err)
{
    return generation_new(schema, engine->registry, 1,
                          &(const struct generation_options){
                              .log = &engine->log, .allocator = allocator, .early_handlers = true},
                          err);
}

/* By libffi, from the same list. */
static void bind_by_ffi(struct engine *engine)
{
    for (size_t i = 0; i < users_native.method_count; i++) {
        const thrift_native_method *method = &users_native.methods[i];
        thrift_function function;
        char name[64];

        memcpy(&function, (const uint8_t *)&functions + i * sizeof function, sizeof function);
        (void)snprintf(name, sizeof name, "Users.%s", method->idl_name);
        ck_assert_int_eq(thrift_bind_function(engine->registry, name, function, method->parameters,
                                              method->parameter_count, users_native.structs,
                                              &engine->seen),
                         THRIFT_OK);
    }
}

static void engine_open(struct engine *engine, bool by_ffi)
{
    thrift_error err = THRIFT_ERROR_INIT;

    *engine = (struct engine){.schema = load(idl), .policy = codec_policy_default};
    engine->registry = thrift_registry_new();
    if (by_ffi) {
        bind_by_ffi(engine);
    } else {
        ck_assert_int_eq(users_bind(engine->registry, &functions, &engine->seen), THRIFT_OK);
    }
    engine->generation = generation_of(engine, engine->schema, NULL, &err);
    ck_assert_msg(engine->generation != NULL, "%s", err.message);
    dispatcher_init(&engine->dispatcher, engine->generation, &engine->policy, &engine->log);
}

static void engine_close(struct engine *engine)
{
    dispatcher_deinit(&engine->dispatcher);
    generation_unref(engine->generation);
    thrift_registry_free(engine->registry);
    thrift_schema_unref(engine->schema);
}

static const char *print_peer(const void *data, char out[ADDRESS_TEXT_SIZE])
{
    (void)data;
    out[0] = '\0';
    return out;
}

/* Calls and reads the outcome; NULL: nothing was answered. */
static thrift_outcome *call(struct engine *engine, const char *method, thrift_args args,
                            thrift_protocol protocol)
{
    const thrift_method *declared =
        thrift_service_method(thrift_schema_service(engine->schema, "Users"), method);
    thrift_error err = THRIFT_ERROR_INIT;
    const struct plan *plan = plan_of(engine->schema, declared->arguments, &err);
    struct thrift_root *root = plan != NULL ? root_new(plan->layout, &err) : NULL;
    thrift_buffer body = THRIFT_BUFFER_INIT, request = THRIFT_BUFFER_INIT,
                  reply = THRIFT_BUFFER_INIT;
    thrift_message message = {
        protocol, THRIFT_MESSAGE_CALL, 1, {(const uint8_t *)method, strlen(method)}, {NULL, 0}};
    const struct peer peer = {print_peer, NULL};
    thrift_outcome *outcome = NULL;
    thrift_bytes rest;

    if (root == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < args.count; i++) {
        thrift_record_set(root->top, &declared->arguments->fields[i], args.items[i]);
    }
    ck_assert_msg(thrift_encode(root->top, protocol, NULL, &body, &err) == THRIFT_OK, "%s: %s",
                  err.source, err.message);
    message.body = buffer_bytes(&body);
    ck_assert_int_eq(thrift_message_append(&message, false, &request, &err), THRIFT_OK);
    (void)dispatch(
        &engine->dispatcher,
        &(struct inbound_message){.bytes = buffer_bytes(&request), .form = {.protocol = protocol}},
        &peer, &reply);
    rest = buffer_bytes(&reply);
    if (rest.size > 0) {
        struct link_reply answer = {.header = {.kind = 0}};

        ck_assert_int_eq(message_read_begin(protocol, &rest, &limits_default, &answer.header, &err),
                         THRIFT_OK);
        answer.body = rest;
        outcome = outcome_new(engine->schema, declared, &engine->schema->allocator, &err);
        ck_assert_msg(outcome_read(outcome, protocol, &answer, &codec_policy_default, &err) ==
                          THRIFT_OK,
                      "%s", err.message);
    }
    thrift_buffer_deinit(&body);
    thrift_buffer_deinit(&request);
    thrift_buffer_deinit(&reply);
    root_free(root);
    return outcome;
}

static const thrift_protocol protocols[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON};

/* ---- the tests: half of the loop by thunks, half by libffi ---- */

#define ROUNDS (2 * COUNT_OF(protocols))
#define PROTOCOL protocols[_i / 2]

static void check_text(thrift_outcome *outcome, const char *text)
{
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_str_eq(thrift_as_string(thrift_outcome_result(outcome, &err)), text);
    thrift_outcome_free(outcome);
}

START_TEST(results)
{
    struct engine engine;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *outcome;
    thrift_uuid id = {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};

    engine_open(&engine, (_i & 1) != 0);
    check_text(call(&engine, "version", THRIFT_NO_ARGS, PROTOCOL), "1");
    outcome = call(&engine, "get", THRIFT_ARGS(7), PROTOCOL);
    ck_assert_int_eq(thrift_get_i32(thrift_outcome_record(outcome, &err), "id"), 7);
    ck_assert_str_eq(thrift_get_string(thrift_outcome_record(outcome, &err), "name"), "Ada");
    ck_assert(!thrift_has(thrift_outcome_record(outcome, &err), "email"));
    thrift_outcome_free(outcome);
    outcome = call(&engine, "sum", THRIFT_ARGS(true, -2, 300, 70000, 5, 6.5, "DOWN"), PROTOCOL);
    ck_assert_int_eq(thrift_as_i32(thrift_outcome_result(outcome, &err)), 70312);
    thrift_outcome_free(outcome);
    check_text(call(&engine, "join", THRIFT_ARGS("left", "right"), PROTOCOL), "leftright");
    outcome = call(&engine, "same", THRIFT_ARGS(id), PROTOCOL);
    ck_assert_int_eq(thrift_as_uuid(thrift_outcome_result(outcome, &err)).bytes[15], 16);
    thrift_outcome_free(outcome);
    engine_close(&engine);
}
END_TEST

START_TEST(records_and_lists)
{
    struct engine engine;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *user, *ids;
    thrift_outcome *outcome;

    engine_open(&engine, (_i & 1) != 0);
    user = thrift_record_new(engine.schema, "User", &err);
    thrift_set(user, "id", 9, "name", "Ada", "email", "a@b");
    outcome = call(&engine, "put", THRIFT_ARGS(user), PROTOCOL);
    ck_assert_int_eq(thrift_outcome_is(outcome), THRIFT_OUTCOME_RESULT);
    ck_assert_int_eq(engine.seen.put.id, 9);
    thrift_outcome_free(outcome);
    thrift_record_free(user);

    const thrift_method *all_method =
        thrift_service_method(thrift_schema_service(engine.schema, "Users"), "all");
    struct thrift_root *root =
        root_new(layout_of(engine.schema, all_method->arguments, &err), &err);

    ids = root->top;
    thrift_list_add(thrift_open_list(ids, "ids"), 3);
    thrift_list_add(thrift_open_list(ids, "ids"), 5);
    outcome = call(&engine, "all", THRIFT_ARGS(thrift_open_list(ids, "ids")), PROTOCOL);
    const thrift_list *list = thrift_as_list(thrift_outcome_result(outcome, &err));
    ck_assert_uint_eq(thrift_list_count(list), 2);
    ck_assert_int_eq(thrift_get_i32(thrift_list_record(list, 1), "id"), 5);
    thrift_outcome_free(outcome);
    root_free(root);
    ck_assert(call(&engine, "fire", THRIFT_ARGS("bang"), PROTOCOL) == NULL);
    ck_assert_str_eq(engine.seen.text, "bang");
    engine_close(&engine);
}
END_TEST

/* Parameters and results without a C struct. */
START_TEST(dynamic_parameters)
{
    struct engine engine;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *user;
    thrift_outcome *outcome;
    const thrift_method *method;
    struct thrift_root *root;
    thrift_list *users;

    engine_open(&engine, (_i & 1) != 0);
    user = thrift_record_new(engine.schema, "User", &err);
    thrift_set(user, "id", 9, "name", "Ada");
    outcome = call(&engine, "find", THRIFT_ARGS(user), PROTOCOL);
    ck_assert_int_eq(thrift_get_i32(thrift_outcome_record(outcome, &err), "id"), 10);
    ck_assert_str_eq(thrift_get_string(thrift_outcome_record(outcome, &err), "name"), "Ada");
    thrift_outcome_free(outcome);
    method = thrift_service_method(thrift_schema_service(engine.schema, "Users"), "tally");
    root = root_new(layout_of(engine.schema, method->arguments, &err), &err);
    users = thrift_open_list(root->top, "users");
    thrift_set(thrift_list_add_record(users), "id", 1, "name", "Ada");
    thrift_set(thrift_list_add_record(users), "id", 2, "name", "Ada");
    outcome = call(&engine, "tally", THRIFT_ARGS(users), PROTOCOL);
    ck_assert_int_eq(thrift_as_i32(thrift_map_find(
                         thrift_as_map(thrift_outcome_result(outcome, &err)), THRIFT_VALUE("Ada"))),
                     2);
    thrift_outcome_free(outcome);
    root_free(root);
    /* no result, and a mistake on the way to one */
    for (int id = 404; id <= 500; id += 96) {
        thrift_set(user, "id", id);
        outcome = call(&engine, "find", THRIFT_ARGS(user), PROTOCOL);
        ck_assert_int_eq(thrift_outcome_application_code(outcome), 6);
        thrift_outcome_free(outcome);
    }
    thrift_record_free(user);
    engine_close(&engine);
}
END_TEST

static const struct {
    int32_t id;
    thrift_outcome_kind kind;
    const char *text;
} failures[] = {
    {404, THRIFT_OUTCOME_EXCEPTION, "NotFound: not here"},
    {403, THRIFT_OUTCOME_EXCEPTION, "Denied: because"},
    {500, THRIFT_OUTCOME_APPLICATION, "no user 500"},
    {501, THRIFT_OUTCOME_APPLICATION, "Internal error"},
    {502, THRIFT_OUTCOME_APPLICATION, "Internal error"},
};

START_TEST(other_answers)
{
    struct engine engine;

    engine_open(&engine, (_i & 1) != 0);
    for (size_t i = 0; i < COUNT_OF(failures); i++) {
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_outcome *outcome = call(&engine, "get", THRIFT_ARGS(failures[i].id), PROTOCOL);

        ck_assert_int_eq(thrift_outcome_is(outcome), failures[i].kind);
        (void)thrift_outcome_check(outcome, &err);
        ck_assert_str_eq(err.message, failures[i].text);
        thrift_outcome_free(outcome);
    }
    engine_close(&engine);
}
END_TEST

/* A required result that is NULL is no result. */
START_TEST(no_result)
{
    struct engine engine;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *outcome;

    engine_open(&engine, false);
    engine.dispatcher.generation = engine.generation;
    ck_assert_int_eq(users_bind(engine.registry, &functions, NULL), THRIFT_OK);
    struct generation *next = generation_of(&engine, engine.schema, NULL, &err);
    dispatcher_use(&engine.dispatcher, next);
    generation_unref(next);
    outcome = call(&engine, "version", THRIFT_NO_ARGS, THRIFT_BINARY);
    ck_assert_int_eq(thrift_outcome_application_code(outcome), 6);
    thrift_outcome_free(outcome);
    engine_close(&engine);
}
END_TEST

/* ---- changed definitions ---- */

static const struct {
    const char *text;
    thrift_status status;
    const char *mentions[3];
    uint32_t line;
} changes[] = {
    {"struct User { 1: required i32 id, 2: string name, 3: optional string email,\n"
     "  4: i32 age = 5 }\n"
     "exception NotFound { 1: i32 id, 2: string why, 3: i32 more }\n"
     "service Users { User get(1: i32 id) throws (1: NotFound missing) }",
     THRIFT_OK,
     {NULL},
     0},
    {"struct User {\n 1: required i64 id,\n 2: string name, 3: optional string email,\n"
     " 4: required i32 age }\n"
     "exception NotFound { 1: i32 id }\n"
     "service Users {\n User get(1: i64 id),\n void put(1: User user, 2: bool b) }",
     THRIFT_E_TYPE,
     {"Users.get: parameter 2 (\"int32_t\") is int32_t, id is i64: write int64_t (users.thrift:7)",
      "Users.put: the C function has 2 parameters, the definition needs 3", NULL},
     7},
};

START_TEST(changed_definitions)
{
    struct engine engine;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = load(changes[_i].text);
    struct generation *next;

    engine_open(&engine, false);
    next = generation_of(&engine, schema, NULL, &err);
    ck_assert_int_eq(err.code, changes[_i].status);
    for (size_t i = 0; changes[_i].mentions[i] != NULL; i++) {
        ck_assert_msg(strstr(err.message, changes[_i].mentions[i]) != NULL, "%s", err.message);
    }
    ck_assert_uint_eq(err.line, changes[_i].line);
    generation_unref(next);
    thrift_schema_unref(schema);
    engine_close(&engine);
}
END_TEST

START_TEST(every_allocation_fails)
{
    struct engine engine;

    engine_open(&engine, true);
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        const thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_error err = THRIFT_ERROR_INIT;
        struct generation *made = generation_of(&engine, engine.schema, &allocator, &err);

        ck_assert(made != NULL || err.code == THRIFT_E_NOMEM);
        generation_unref(made);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            ck_assert(err.code == THRIFT_OK);
            break;
        }
    }
    engine_close(&engine);
}
END_TEST

START_TEST(wrong_uses)
{
    thrift_registry *registry = thrift_registry_new();
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(thrift_bind_native(NULL, &users_native, &functions, NULL), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_bind_native(registry, NULL, &functions, NULL), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_registry_check(registry, &err), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_bind_function(registry, "Users.*", (thrift_function)fire,
                                          THRIFT_PARAMETERS(thrift_call *), NULL, NULL),
                     THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_throw_native(NULL, &user_native, &err), THRIFT_E_ARGUMENT);
    thrift_registry_free(registry);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, results, 0, ROUNDS);
    tcase_add_loop_test(tests, records_and_lists, 0, ROUNDS);
    tcase_add_loop_test(tests, dynamic_parameters, 0, ROUNDS);
    tcase_add_loop_test(tests, other_answers, 0, ROUNDS);
    tcase_add_test(tests, no_result);
    tcase_add_loop_test(tests, changed_definitions, 0, COUNT_OF(changes));
    tcase_add_test(tests, every_allocation_fails);
    tcase_add_test(tests, wrong_uses);
}

SUITE_MAIN("native binding")
