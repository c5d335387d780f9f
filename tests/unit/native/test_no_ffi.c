/*
 * Without libffi: what needs it says so, when it is asked and when a server is made.
 */
#include <rethrift/native.h>
#include <rethrift/server.h>

#include "suite.h"

static const char idl[] = "service Numbers { i32 twice(1: i32 number) }\n";

#define NUMBERS(METHOD) METHOD(twice, thrift_call *, int32_t, int32_t *)
THRIFT_SERVICE(numbers, "Numbers", NUMBERS, NULL);

static thrift_status twice(thrift_call *call, int32_t number, int32_t *out)
{
    (void)call;
    *out = 2 * number;
    return THRIFT_OK;
}

START_TEST(functions_are_refused)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("numbers.thrift", idl, NULL, &err);
    thrift_registry *registry = thrift_registry_new();

    ck_assert_int_eq(thrift_bind_function(registry, "Numbers.twice", (thrift_function)twice,
                                          numbers_methods[0].parameters,
                                          numbers_methods[0].parameter_count, NULL, NULL),
                     THRIFT_E_STATE);
    ck_assert(thrift_server_new(schema, registry, NULL, &err) == NULL);
    ck_assert_int_eq(err.code, THRIFT_E_STATE);
    ck_assert_str_eq(err.message, "the library was built without libffi");
    thrift_registry_free(registry);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(stubs_are_refused)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("numbers.thrift", idl, NULL, &err);
    thrift_client *client = thrift_client_open("tcp://127.0.0.1:1", schema, NULL, NULL, &err);
    struct numbers functions = {NULL};

    ck_assert_int_eq(numbers_open(client, &functions, &err), THRIFT_E_STATE);
    ck_assert_str_eq(err.message, "the library was built without libffi");
    ck_assert(functions.twice == NULL);
    thrift_error_clear(&err);
    ck_assert(thrift_client_function(client, "twice", numbers_methods[0].parameters,
                                     numbers_methods[0].parameter_count, NULL, &err) == NULL);
    ck_assert_int_eq(err.code, THRIFT_E_STATE);
    thrift_client_free(client);
    thrift_schema_unref(schema);
}
END_TEST

/* Functions that are listed need no libffi. */
START_TEST(lists_are_served)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("numbers.thrift", idl, NULL, &err);
    thrift_registry *registry = thrift_registry_new();
    thrift_server *server;
    thrift_client *client;
    thrift_outcome *outcome;

    (void)numbers_bind(registry, &(struct numbers){twice}, NULL);
    server = thrift_server_new(schema, registry, NULL, &err);
    ck_assert_int_eq(thrift_server_listen(server, "tcp://127.0.0.1:0", &err), THRIFT_OK);
    ck_assert_int_eq(thrift_server_start(server, &err), THRIFT_OK);
    client = thrift_client_open(thrift_server_address(server, 0), schema, NULL, NULL, &err);
    outcome = thrift_client_call(client, "twice", THRIFT_ARGS(21), &err);
    ck_assert_int_eq(thrift_as_i32(thrift_outcome_result(outcome, &err)), 42);
    thrift_outcome_free(outcome);
    thrift_client_free(client);
    thrift_server_free(server);
    thrift_registry_free(registry);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, functions_are_refused);
    tcase_add_test(tests, stubs_are_refused);
    tcase_add_test(tests, lists_are_served);
}

SUITE_MAIN("native without libffi")
