/*
 * JSON handlers and calls, over sockets; which handler wins where several are bound; interceptors.
 *
 * Covers also: json_call.c, value/json_member.c.
 */
#include <rethrift/json.h>
#include <rethrift/server.h>

#include <jansson.h>
#include <string.h>

#include "suite.h"

static const char idl[] =
    "struct User { 1: required i32 id, 2: string name, 3: optional string email }\n"
    "exception NotFound { 1: i32 id }\n"
    "service Users {\n"
    "  User get(1: i32 id) throws (1: NotFound missing),\n"
    "  list<i32> numbers(1: map<string, i32> of),\n"
    "  void put(1: User user),\n"
    "  oneway void fire(1: i32 id),\n"
    "  string other()\n"
    "}\n";

struct seen {
    int puts, before, after;
    thrift_status outcome;
    uint64_t duration_ns;
    char name[64];
};

static json_t *get(thrift_call *call, json_t *args, void *context)
{
    int id = (int)json_integer_value(json_object_get(args, "id"));

    (void)context;
    switch (id) {
    case 404:
        thrift_throw(call, "NotFound", "id", id);
        return NULL;
    case 500:
        thrift_fail(call, "no user %d", id);
        return json_null();
    case 501:
        return NULL;
    case 502:
        return json_pack("{s:i,s:s}", "id", id, "nmae", "Ada");
    case 503:
        return json_string("Ada");
    default:
        return json_pack("{s:i,s:s}", "id", id, "name", "Ada");
    }
}

static json_t *numbers(thrift_call *call, json_t *args, void *context)
{
    json_t *list = json_array(), *value;
    const char *key;

    (void)call, (void)context;
    json_object_foreach(json_object_get(args, "of"), key, value) { json_array_append(list, value); }
    return list;
}

static json_t *put(thrift_call *call, json_t *args, void *context)
{
    struct seen *seen = context;

    (void)call;
    seen->puts += json_is_string(json_object_get(json_object_get(args, "user"), "name"));
    return json_null();
}

static thrift_status other(thrift_call *call, const thrift_record *args, void *context)
{
    (void)args;
    return thrift_return(call, (const char *)context);
}

static thrift_status raw(thrift_call *call, thrift_bytes args, void *context)
{
    (void)call, (void)args, (void)context;
    return THRIFT_E_STATE;
}

static thrift_status before(thrift_call *call, void *context)
{
    struct seen *seen = context;

    seen->before++;
    (void)snprintf(seen->name, sizeof seen->name, "%s %s", thrift_call_name(call),
                   thrift_method_name(thrift_call_method(call)));
    return THRIFT_OK;
}

static void after(const thrift_call *call, thrift_status outcome, uint64_t duration_ns,
                  void *context)
{
    struct seen *seen = context;

    (void)call;
    seen->after++;
    seen->outcome = outcome;
    seen->duration_ns = duration_ns;
}

struct served {
    thrift_schema *schema;
    thrift_registry *registry;
    thrift_server *server;
    thrift_client *client;
    struct seen seen;
};

static void serve(struct served *served)
{
    thrift_error err = THRIFT_ERROR_INIT;

    served->schema = thrift_load_text("users.thrift", idl, NULL, &err);
    served->registry = thrift_registry_new();
    thrift_bind_raw(served->registry, "*", raw, NULL);
    thrift_bind(served->registry, "Users.*", other, (void *)(uintptr_t) "rest");
    thrift_bind_json(served->registry, "Users.get", get, NULL);
    thrift_bind_json(served->registry, "Users.numbers", numbers, NULL);
    thrift_bind_json(served->registry, "Users.put", put, &served->seen);
    thrift_bind_json(served->registry, "Users.fire", put, &served->seen);
    thrift_intercept(served->registry, "*", before, after, &served->seen);
    served->server = thrift_server_new(served->schema, served->registry, NULL, &err);
    (void)thrift_server_listen(served->server, "tcp://127.0.0.1:0", &err);
    ck_assert_msg(thrift_server_start(served->server, &err) == THRIFT_OK, "%s", err.message);
    served->client = thrift_client_open(thrift_server_address(served->server, 0), served->schema,
                                        NULL, NULL, &err);
    ck_assert_msg(served->client != NULL, "%s", err.message);
}

static void end(struct served *served)
{
    thrift_client_free(served->client);
    thrift_server_free(served->server);
    thrift_registry_free(served->registry);
    thrift_schema_unref(served->schema);
}

static void expect(struct served *served, const char *method, const char *args, const char *result)
{
    thrift_error err = THRIFT_ERROR_INIT;
    json_t *given = args != NULL ? json_loads(args, 0, NULL) : NULL;
    thrift_outcome *outcome = thrift_client_call_json(served->client, method, given, &err);
    json_t *got = thrift_outcome_json(outcome, &err);
    char *text =
        got != NULL ? json_dumps(got, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS) : NULL;

    ck_assert_msg(text != NULL ? strcmp(text, result) == 0 : strcmp(err.message, result) == 0,
                  "%s: %s", method, text != NULL ? text : err.message);
    free(text);
    json_decref(got);
    json_decref(given);
    thrift_outcome_free(outcome);
}

START_TEST(trees_both_ways)
{
    struct served served = {.server = NULL};

    serve(&served);
    expect(&served, "get", "{\"id\": 7}", "{\"id\":7,\"name\":\"Ada\"}");
    expect(&served, "numbers", "{\"of\": {\"a\": 1, \"b\": -2}}", "[1,-2]");
    expect(&served, "put", "{\"user\": {\"id\": 1, \"name\": \"Ada\"}}", "null");
    expect(&served, "fire", "{\"id\": 1}", "null");
    expect(&served, "get", "{\"id\": 404}", "NotFound");
    expect(&served, "get", "{\"id\": 500}", "no user 500");
    expect(&served, "get", "{\"id\": 501}", "Internal error");
    expect(&served, "get", "{\"id\": 502}", "Internal error");
    expect(&served, "get", "{\"id\": 503}", "Internal error");
    expect(&served, "get", "{\"id\": \"x\"}", "\"x\" is no i32");
    ck_assert_int_eq(served.seen.puts, 1);
    end(&served);
}
END_TEST

/* Exactly, then the service's rest, then the rest. */
START_TEST(the_most_exact_wins)
{
    struct served served = {.server = NULL};
    thrift_error err = THRIFT_ERROR_INIT;

    serve(&served);
    expect(&served, "other", NULL, "\"rest\"");
    (void)thrift_unbind(served.registry, "Users.*");
    ck_assert_int_eq(thrift_server_rebind(served.server, &err), THRIFT_OK);
    expect(&served, "other", NULL, "Internal error");
    expect(&served, "get", "{\"id\": 7}", "{\"id\":7,\"name\":\"Ada\"}");
    end(&served);
}
END_TEST

START_TEST(interceptors_see_calls)
{
    struct served served = {.server = NULL};

    serve(&served);
    expect(&served, "get", "{\"id\": 500}", "no user 500");
    ck_assert_int_eq(served.seen.before, 1);
    ck_assert_int_eq(served.seen.after, 1);
    ck_assert_int_eq(served.seen.outcome, THRIFT_E_APPLICATION);
    ck_assert_uint_gt(served.seen.duration_ns, 0);
    ck_assert_str_eq(served.seen.name, "Users.get get");
    end(&served);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, trees_both_ways);
    tcase_add_test(tests, the_most_exact_wins);
    tcase_add_test(tests, interceptors_see_calls);
}

SUITE_MAIN("rpc/json_handler")
