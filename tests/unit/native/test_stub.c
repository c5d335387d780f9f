/*
 * Stubs against a server of native functions, over sockets; definitions that change meanwhile.
 *
 * Covers also: caller.c, client_function.c, fitted.c, rpc/native_exchange.c.
 */
#include <rethrift/native.h>
#include <rethrift/reload.h>
#include <rethrift/server.h>

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

#include "allocator.h"
#include "suite.h"
#include "users.h"

struct served {
    thrift_schema *schema;
    thrift_registry *registry;
    thrift_server *server;
    struct seen seen;
};

static thrift_schema *load(const char *text)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("users.thrift", text, NULL, &err);

    ck_assert_msg(schema != NULL, "%s", err.message);
    return schema;
}

static void serve(struct served *served)
{
    thrift_error err = THRIFT_ERROR_INIT;

    served->schema = load(idl);
    served->registry = thrift_registry_new();
    (void)users_bind(served->registry, &functions, &served->seen);
    served->server = thrift_server_new(served->schema, served->registry, NULL, &err);
    (void)thrift_server_listen(served->server, "tcp://127.0.0.1:0", &err);
    ck_assert_msg(thrift_server_start(served->server, &err) == THRIFT_OK, "%s", err.message);
}

static void end(struct served *served)
{
    thrift_server_free(served->server);
    thrift_registry_free(served->registry);
    thrift_schema_unref(served->schema);
}

static thrift_client *open_with(const struct served *served, const char *options,
                                const thrift_allocator *allocator)
{
    char address[128];
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_client *client;

    (void)snprintf(address, sizeof address, "%s%s", thrift_server_address(served->server, 0),
                   options);
    client = thrift_client_open(address, served->schema, "Users",
                                THRIFT_CLIENT_OPTIONS(.allocator = allocator), &err);
    ck_assert_msg(client != NULL || err.code == THRIFT_E_NOMEM, "%s", err.message);
    return client;
}

static const char *const ways[] = {"", "?transport=framed", "?protocol=compact", "?protocol=json"};

static void check_results(const struct users *stubs, thrift_call *call)
{
    struct user got;
    struct user_list list;
    int32_t numbers[] = {4, 5}, total;
    const struct number_list ids = {numbers, 2};
    const thrift_uuid id = {{1, 2, 3}};
    thrift_uuid same_id;
    const char *text;
    char *joined;

    ck_assert_msg(stubs->version(call, &text) == THRIFT_OK, "%s", thrift_call_error(call)->message);
    ck_assert_str_eq(text, "1");
    ck_assert_int_eq(stubs->get(call, 7, &got), THRIFT_OK);
    ck_assert_int_eq(got.id, 7);
    ck_assert_str_eq(got.name, "Ada");
    ck_assert(got.email == NULL);
    ck_assert_int_eq(stubs->sum(call, true, -2, 300, 70000, 5, 6.5, DOWN, &total), THRIFT_OK);
    ck_assert_int_eq(total, 70312);
    ck_assert_int_eq(
        stubs->join(call, "left", (thrift_bytes){(const uint8_t *)"right", 5}, &joined), THRIFT_OK);
    ck_assert_str_eq(joined, "leftright");
    ck_assert_int_eq(stubs->all(call, &ids, &list), THRIFT_OK);
    ck_assert_uint_eq(list.count, 2);
    ck_assert_int_eq(list.items[1].id, 5);
    ck_assert_int_eq(stubs->same(call, id, &same_id), THRIFT_OK);
    ck_assert_int_eq(same_id.bytes[2], 3);
}

/* Arguments and results without a C struct; results live in the call. */
static void check_dynamic(const struct served *served, const struct users *stubs, thrift_call *call)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *like = thrift_record_new(served->schema, "User", &err);
    const thrift_record *found;
    thrift_map *counts;

    thrift_set(like, "id", 9, "name", "Ada");
    ck_assert_msg(stubs->find(call, like, &found) == THRIFT_OK, "%s",
                  thrift_call_error(call)->message);
    thrift_record_free(like);
    ck_assert_int_eq(thrift_get_i32(found, "id"), 10);
    ck_assert_str_eq(thrift_get_string(found, "name"), "Ada");
    ck_assert_int_eq(stubs->find(call, NULL, &found), THRIFT_E_ARGUMENT);
    ck_assert_str_eq(thrift_call_error(call)->message, "find: argument 1, \"like\", is NULL");
    ck_assert_int_eq(stubs->tally(call, NULL, &counts), THRIFT_E_ARGUMENT);
}

START_TEST(calls)
{
    struct served served = {.server = NULL};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_client *client;
    thrift_call *call;
    struct users stubs;

    serve(&served);
    client = open_with(&served, ways[_i], NULL);
    call = thrift_call_new(client, &err);
    ck_assert_msg(users_open(client, &stubs, &err) == THRIFT_OK, "%s", err.message);
    for (int i = 0; i < 3; i++) {
        check_results(&stubs, call);
        check_dynamic(&served, &stubs, call);
        thrift_call_reset(call);
    }
    ck_assert_int_eq(stubs.put(call, &(struct user){9, "Ada", "a@b"}), THRIFT_OK);
    ck_assert_int_eq(served.seen.put.id, 9);
    ck_assert_int_eq(stubs.fire(call, "bang"), THRIFT_OK);
    ck_assert(thrift_call_outcome(call) == NULL);
    ck_assert_int_eq(thrift_call_error(call)->code, THRIFT_OK);
    thrift_call_free(call);
    thrift_client_free(client);
    end(&served);
}
END_TEST

static const struct {
    int32_t id;
    thrift_status status;
    thrift_outcome_kind kind;
    const char *message;
} failures[] = {
    {404, THRIFT_E_EXCEPTION, THRIFT_OUTCOME_EXCEPTION, "NotFound: not here"},
    {403, THRIFT_E_EXCEPTION, THRIFT_OUTCOME_EXCEPTION, "Denied: because"},
    {500, THRIFT_E_APPLICATION, THRIFT_OUTCOME_APPLICATION, "no user 500"},
};

START_TEST(other_answers)
{
    struct served served = {.server = NULL};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_client *client;
    thrift_call *call;
    struct users stubs;
    struct user got;

    serve(&served);
    client = open_with(&served, ways[_i], NULL);
    call = thrift_call_new(client, &err);
    ck_assert_int_eq(users_open(client, &stubs, &err), THRIFT_OK);
    for (size_t i = 0; i < COUNT_OF(failures); i++) {
        ck_assert_int_eq(stubs.get(call, failures[i].id, &got), failures[i].status);
        ck_assert_str_eq(thrift_call_error(call)->message, failures[i].message);
        ck_assert_int_eq(thrift_outcome_is(thrift_call_outcome(call)), failures[i].kind);
    }
    ck_assert_int_eq(
        thrift_get_i32(thrift_outcome_exception(thrift_call_outcome(call), NULL), "id"), 0);
    ck_assert_int_eq(stubs.put(call, &(struct user){9, "Eve", NULL}), THRIFT_E_APPLICATION);
    ck_assert_int_eq(stubs.put(call, NULL), THRIFT_E_ARGUMENT);
    ck_assert_str_eq(thrift_call_error(call)->message, "put: argument 1, \"user\", is NULL");
    ck_assert_int_eq(stubs.get(call, 1, NULL), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(stubs.get(NULL, 1, &got), THRIFT_E_ARGUMENT);
    thrift_server_shutdown(served.server);
    (void)thrift_server_wait(served.server, &err);
    ck_assert_int_ne(stubs.get(call, 1, &got), THRIFT_OK);
    ck_assert(thrift_call_outcome(call) == NULL);
    thrift_call_free(call);
    thrift_client_free(client);
    end(&served);
}
END_TEST

START_TEST(wrong_lists)
{
    struct served served = {.server = NULL};
    thrift_error err = THRIFT_ERROR_INIT;
    const thrift_native_method method = {"get", THRIFT_PARAMETERS(thrift_call *, int64_t)};
    const thrift_native_method gone = {"gone", THRIFT_PARAMETERS(thrift_call *)};
    const thrift_native_service lists[] = {{"Users", &method, 1, NULL, NULL},
                                           {"Users", &gone, 1, NULL, NULL},
                                           {"Others", &gone, 1, NULL, NULL}};
    thrift_client *client;
    thrift_function out = NULL;

    serve(&served);
    client = open_with(&served, "", NULL);
    ck_assert_int_eq(thrift_client_stubs(client, &lists[0], &out, &err), THRIFT_E_TYPE);
    ck_assert_int_eq(thrift_client_stubs(client, &lists[1], &out, &err), THRIFT_E_NAME);
    ck_assert_int_eq(thrift_client_stubs(client, &lists[2], &out, &err), THRIFT_E_NAME);
    ck_assert(out == NULL);
    ck_assert_int_eq(thrift_client_stubs(client, NULL, &out, &err), THRIFT_E_NAME);
    thrift_client_free(client);
    end(&served);
    ck_assert(thrift_call_new(NULL, &err) == NULL);
    thrift_call_free(NULL);
    thrift_call_reset(NULL);
    ck_assert_int_eq(thrift_call_error(NULL)->code, THRIFT_E_ARGUMENT);
    ck_assert(thrift_call_outcome(NULL) == NULL);
}
END_TEST

/* ---- one function ---- */

typedef thrift_status get_fn(thrift_call *call, int32_t id, struct user *out);

START_TEST(single_functions)
{
    struct served served = {.server = NULL};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_client *client;
    thrift_call *call;
    get_fn *get_user, *same_user;
    struct user got;

    serve(&served);
    client = open_with(&served, "", NULL);
    call = thrift_call_new(client, &err);
    get_user = (get_fn *)thrift_client_function(
        client, "get", THRIFT_PARAMETERS(thrift_call *, int32_t, struct user *), users_structs,
        &err);
    same_user = (get_fn *)thrift_client_function(
        client, "Users.get", THRIFT_PARAMETERS(thrift_call *, int32_t, struct user *),
        users_structs, &err);
    ck_assert_msg(get_user != NULL && same_user != NULL, "%s", err.message);
    ck_assert_int_eq(get_user(call, 7, &got), THRIFT_OK);
    ck_assert_int_eq(got.id, 7);
    ck_assert_int_eq(same_user(call, 404, &got), THRIFT_E_EXCEPTION);
    ck_assert_str_eq(thrift_call_error(call)->message, "NotFound: not here");
    thrift_call_free(call);
    thrift_client_free(client);
    end(&served);
}
END_TEST

static const struct {
    const char *name;
    thrift_native_method method; /* its parameters */
    thrift_status status;
    const char *message;
} wrong_functions[] = {
    {"get",
     {"", THRIFT_PARAMETERS(thrift_call *, int64_t, struct user *)},
     THRIFT_E_TYPE,
     "Users.get: parameter 2 (\"int64_t\") is int64_t, id is i32: write int32_t (users.thrift:8)"},
    {"gone",
     {"", THRIFT_PARAMETERS(thrift_call *)},
     THRIFT_E_NAME,
     "Users.gone is listed, but the definition's service has no such method (users.thrift:7)"},
    {"Others.get",
     {"", THRIFT_PARAMETERS(thrift_call *)},
     THRIFT_E_NAME,
     "the definition has no service \"Others\""},
    {"get",
     {"", NULL, 0},
     THRIFT_E_ARGUMENT,
     "a client, the name of a method and 1 to 16 parameters are needed"},
};

START_TEST(wrong_single_functions)
{
    struct served served = {.server = NULL};
    thrift_error err = THRIFT_ERROR_INIT;
    const thrift_native_method *method = &wrong_functions[_i].method;
    thrift_client *client;

    serve(&served);
    client = open_with(&served, "", NULL);
    ck_assert(thrift_client_function(client, wrong_functions[_i].name, method->parameters,
                                     method->parameter_count, users_structs, &err) == NULL);
    ck_assert_int_eq(err.code, wrong_functions[_i].status);
    ck_assert_str_eq(err.message, wrong_functions[_i].message);
    thrift_client_free(client);
    end(&served);
}
END_TEST

/* ---- changes under calls ---- */

struct caller_thread {
    pthread_t thread;
    const struct served *served;
    thrift_client *client; /* shared with others, as its stubs are; NULL: none */
    const struct users *stubs;
    atomic_bool stop;
    atomic_uint calls;
};

static void *call_on(void *data)
{
    struct caller_thread *own = data;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_client *client = open_with(own->served, "", NULL);
    thrift_call *call = thrift_call_new(client, &err);
    struct users stubs;
    bool fine = users_open(client, &stubs, &err) == THRIFT_OK;

    while (fine && !atomic_load(&own->stop)) {
        struct user got;

        fine = stubs.get(call, 3, &got) == THRIFT_OK && got.id == 3 && strcmp(got.name, "Ada") == 0;
        thrift_call_reset(call);
        atomic_fetch_add(&own->calls, 1);
    }
    thrift_call_free(call);
    thrift_client_free(client);
    return fine ? NULL : own;
}

static void wait_for_calls(struct caller_thread *threads, size_t count, unsigned more)
{
    for (size_t i = 0; i < count; i++) {
        unsigned before = atomic_load(&threads[i].calls);

        while (atomic_load(&threads[i].calls) < before + more) {
            (void)nanosleep(&(const struct timespec){0, 100000}, NULL);
        }
    }
}

/* Structs are wider, a method takes one more argument that the old binary does not know of … */
static const char wider_idl[] =
    "struct User { 1: required i32 id, 2: string name, 3: optional string email,\n"
    "  4: i32 age = 5, 5: list<string> tags = [\"new\"] }\n"
    "exception NotFound { 1: i32 id, 2: string why, 3: i64 when }\n"
    "exception Denied { 1: string why }\n"
    "enum Order { UP = 1, DOWN = 2, SIDE = 3 }\n"
    "struct Tally { 1: map<string, i32> counts }\n"
    "service Base { string version() }\n"
    "service Users extends Base {\n"
    "  User get(1: i32 id) throws (1: NotFound missing, 2: Denied denied),\n"
    "  void put(1: User user),\n"
    "  i32 sum(1: bool b, 2: i8 i8, 3: i16 i16, 4: i32 i32, 5: i64 i64, 6: double d, 7: Order o),\n"
    "  string join(1: string a, 2: binary b),\n"
    "  list<User> all(1: list<i32> ids),\n"
    "  uuid same(1: uuid id),\n"
    "  oneway void fire(1: string text),\n"
    "  User find(1: User like),\n"
    "  map<string, i32> tally(1: list<User> users),\n"
    "  i32 count()\n"
    "}\n";

/* … and what no longer fits, for all that the rules of compatibility may be told to allow it. */
static const char broken_idl[] =
    "struct User {\n 1: required i32 id, 2: string name, 3: optional string email,\n"
    " 4: required i32 age }\n"
    "exception NotFound { 1: i64 id, 2: string why }\n"
    "exception Denied { 1: string why }\n"
    "enum Order { UP = 1, DOWN = 2 }\n"
    "struct Tally { 1: map<string, i32> counts }\n"
    "service Base { string version() }\n"
    "service Users extends Base {\n"
    " User get(1: i32 id, 2: bool deep) throws (1: NotFound missing, 2: Denied denied),\n"
    " void put(1: User user),\n"
    " i32 sum(1: bool b, 2: i8 i8, 3: i16 i16, 4: i32 i32, 5: i64 i64, 6: double d, 7: Order o),\n"
    " string join(1: string a, 2: binary b), list<User> all(1: list<i32> ids),\n"
    " uuid same(1: uuid id), oneway void fire(1: string text), User find(1: User like),\n"
    " map<string, i32> tally(1: list<User> users) }\n";

struct told {
    thrift_reload_outcome outcome;
    size_t native_findings;
};

static void on_done(const thrift_reload *reload, void *data)
{
    struct told *told = data;

    told->outcome = reload->outcome;
    for (size_t i = 0; i < reload->finding_count; i++) {
        told->native_findings += strncmp(reload->findings[i].rule, "native-", 7) == 0;
    }
}

static thrift_status reload(struct served *served, const char *text, struct told *told,
                            thrift_error *err)
{
    thrift_schema *next = load(text);
    thrift_status status = thrift_server_reload(
        served->server, next,
        &(const thrift_reload_options){.struct_size = sizeof(thrift_reload_options),
                                       .allow_breaking = true,
                                       .done = on_done,
                                       .data = told},
        err);

    thrift_schema_unref(next);
    return status;
}

START_TEST(reloads_under_calls)
{
    struct served served = {.server = NULL};
    struct caller_thread threads[2] = {{.served = &served}, {.served = &served}};
    struct told told = {.native_findings = 0};
    thrift_error err = THRIFT_ERROR_INIT;

    serve(&served);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        ck_assert_int_eq(pthread_create(&threads[i].thread, NULL, call_on, &threads[i]), 0);
    }
    wait_for_calls(threads, COUNT_OF(threads), 20);
    ck_assert_msg(reload(&served, wider_idl, &told, &err) == THRIFT_OK, "%s", err.message);
    ck_assert_int_eq(told.outcome, THRIFT_RELOAD_PUBLISHED);
    wait_for_calls(threads, COUNT_OF(threads), 20);
    ck_assert_uint_eq(thrift_server_generation(served.server), 2);

    ck_assert_int_eq(reload(&served, broken_idl, &told, &err), THRIFT_E_TYPE);
    ck_assert_int_eq(told.outcome, THRIFT_RELOAD_FAILED);
    ck_assert_uint_eq(told.native_findings, 3);
    ck_assert_msg(strstr(err.message, "Users.get: the C function has 3 parameters, the definition "
                                      "needs 4") != NULL,
                  "%s", err.message);
    ck_assert_msg(strstr(err.message, "struct user has no member for User.age") != NULL, "%s",
                  err.message);
    wait_for_calls(threads, COUNT_OF(threads), 20);
    ck_assert_uint_eq(thrift_server_generation(served.server), 2);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        void *failed;

        atomic_store(&threads[i].stop, true);
        (void)pthread_join(threads[i].thread, &failed);
        ck_assert(failed == NULL);
    }
    end(&served);
}
END_TEST

/* The client's definition changes between two calls of one stub, and back. */
START_TEST(switched_definitions)
{
    struct served served = {.server = NULL};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *wider = load(wider_idl), *broken = load(broken_idl);
    thrift_client *client;
    thrift_call *call;
    struct users stubs;
    struct user got, before;
    const thrift_record *found;
    thrift_record *like = thrift_record_new(wider, "User", &err);
    const char *text;

    serve(&served);
    thrift_set(like, "id", 9, "name", "Ada");
    client = open_with(&served, ways[_i], NULL);
    call = thrift_call_new(client, &err);
    ck_assert_int_eq(users_open(client, &stubs, &err), THRIFT_OK);
    ck_assert_int_eq(stubs.get(call, 7, &before), THRIFT_OK);
    for (int round = 0; round < 3; round++) {
        ck_assert_int_eq(thrift_client_switch(client, wider, &err), THRIFT_OK);
        check_results(&stubs, call);
        ck_assert_int_eq(stubs.find(call, like, &found), THRIFT_OK);
        ck_assert(thrift_record_type(found) == thrift_schema_struct(wider, "User"));

        ck_assert_int_eq(thrift_client_switch(client, broken, &err), THRIFT_OK);
        ck_assert_int_eq(stubs.get(call, 7, &got), THRIFT_E_TYPE);
        ck_assert_ptr_nonnull(strstr(thrift_call_error(call)->message,
                                     "Users.get: the C function has 3 parameters, the definition "
                                     "needs 4: thrift_call *, 2 arguments, a pointer to the result "
                                     "(users.thrift:10)"));
        ck_assert_int_eq(stubs.put(call, &before), THRIFT_E_REQUIRED);
        ck_assert_ptr_nonnull(
            strstr(thrift_call_error(call)->message,
                   "struct user has no member for User.age, which is required (users.thrift:3)"));
        ck_assert(thrift_call_outcome(call) == NULL);
        ck_assert_int_eq(stubs.version(call, &text), THRIFT_OK);
        ck_assert_str_eq(text, "1");

        ck_assert_int_eq(thrift_client_switch(client, served.schema, &err), THRIFT_OK);
        check_results(&stubs, call);
        ck_assert_int_eq(thrift_get_i32(found, "id"), 10); /* until the call is reset */
        if (round == 1) {
            thrift_call_reset(call);
        } else {
            ck_assert_str_eq(before.name, "Ada");
        }
        ck_assert_int_eq(stubs.get(call, 7, &before), THRIFT_OK);
    }
    thrift_call_free(call);
    thrift_client_free(client);
    thrift_record_free(like);
    thrift_schema_unref(wider);
    thrift_schema_unref(broken);
    end(&served);
}
END_TEST

/* Stubs called by some threads while another one switches. */
static void *switch_to_and_fro(void *data)
{
    struct caller_thread *own = data;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *wider = load(wider_idl);

    while (!atomic_load(&own->stop)) {
        (void)thrift_client_switch(own->client, wider, &err);
        (void)thrift_client_switch(own->client, own->served->schema, &err);
        (void)sched_yield(); /* else the only thread that valgrind lets run */
    }
    thrift_schema_unref(wider);
    return NULL;
}

static void *call_shared(void *data)
{
    struct caller_thread *own = data;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_call *call = thrift_call_new(own->client, &err);
    bool fine = true;

    while (fine && !atomic_load(&own->stop)) {
        struct user got;

        fine = own->stubs->get(call, 3, &got) == THRIFT_OK && got.id == 3;
        if (atomic_fetch_add(&own->calls, 1) % 3 == 0) {
            thrift_call_reset(call);
        }
    }
    thrift_call_free(call);
    return fine ? NULL : own;
}

START_TEST(switches_under_calls)
{
    struct served served = {.server = NULL};
    thrift_error err = THRIFT_ERROR_INIT;
    struct users stubs;
    struct caller_thread threads[3];
    void *(*const runs[])(void *) = {call_shared, call_shared, switch_to_and_fro};
    thrift_client *client;

    serve(&served);
    client = open_with(&served, "", NULL);
    ck_assert_int_eq(users_open(client, &stubs, &err), THRIFT_OK);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        threads[i] = (struct caller_thread){.served = &served, .client = client, .stubs = &stubs};
        ck_assert_int_eq(pthread_create(&threads[i].thread, NULL, runs[i], &threads[i]), 0);
    }
    wait_for_calls(threads, 2, 200);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        void *failed;

        atomic_store(&threads[i].stop, true);
        (void)pthread_join(threads[i].thread, &failed);
        ck_assert(failed == NULL);
    }
    thrift_client_free(client);
    end(&served);
}
END_TEST

START_TEST(every_allocation_fails)
{
    struct served served = {.server = NULL};
    thrift_schema *wider = load(wider_idl);

    serve(&served);
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        const thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_client *client = open_with(&served, "", &allocator);
        thrift_call *call = client != NULL ? thrift_call_new(client, &err) : NULL;
        struct users stubs;
        struct user got;
        get_fn *single;

        if (call != NULL && users_open(client, &stubs, &err) == THRIFT_OK) {
            thrift_status status = stubs.get(call, 1, &got);

            ck_assert(status == THRIFT_OK || status == THRIFT_E_NOMEM);
            status = stubs.get(call, 404, &got);
            ck_assert(status == THRIFT_E_EXCEPTION || status == THRIFT_E_NOMEM);
            (void)thrift_client_switch(client, wider, NULL);
            status = stubs.get(call, 1, &got);
            ck_assert(status == THRIFT_OK || status == THRIFT_E_NOMEM);
            thrift_call_reset(call);
            single = (get_fn *)thrift_client_function(
                client, "get", THRIFT_PARAMETERS(thrift_call *, int32_t, struct user *),
                users_structs, NULL);
            status = single != NULL ? single(call, 2, &got) : THRIFT_E_NOMEM;
            ck_assert(status == THRIFT_OK || status == THRIFT_E_NOMEM);
            status = stubs.get(call, 2, &got);
            ck_assert(status == THRIFT_OK || status == THRIFT_E_NOMEM);
        }
        thrift_call_free(call);
        thrift_client_free(client);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            break;
        }
    }
    thrift_schema_unref(wider);
    end(&served);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, calls, 0, COUNT_OF(ways));
    tcase_add_loop_test(tests, other_answers, 0, COUNT_OF(ways));
    tcase_add_test(tests, wrong_lists);
    tcase_add_test(tests, single_functions);
    tcase_add_loop_test(tests, wrong_single_functions, 0, COUNT_OF(wrong_functions));
    tcase_add_test(tests, reloads_under_calls);
    tcase_add_loop_test(tests, switched_definitions, 0, COUNT_OF(ways));
    tcase_add_test(tests, switches_under_calls);
    tcase_add_test(tests, every_allocation_fails);
}

SUITE_MAIN("native stubs")
