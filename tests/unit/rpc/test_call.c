/*
 * Call: parts of the arguments that are answered as they came.
 */
#include "rpc/call.h"

#include <rethrift/client.h>
#include <rethrift/server.h>

#include "own_address.h"
#include "suite.h"

static const char idl[] =
    "struct Part { 1: string text, 2: list<i32> numbers }\n"
    "struct Whole { 1: Part part, 2: list<Part> parts, 3: map<string, Part> named }\n"
    "struct Any { 1: Whole whole, 2: list<Part> parts, 3: map<string, Part> named }\n"
    "service S { Whole given(1: Whole value), list<Part> parts(1: Whole value),\n"
    "  map<string, Part> named(1: Whole value), Whole changed(1: Whole value),\n"
    "  Whole second(1: Whole value, 2: Whole other),\n"
    "  Whole refused(1: Whole value) }\n";

static thrift_status give(thrift_call *call, const thrift_record *arguments, void *context)
{
    (void)context;
    return thrift_return(call, thrift_get_record(arguments, "value"));
}

static thrift_status give_parts(thrift_call *call, const thrift_record *arguments, void *context)
{
    (void)context;
    return thrift_return(call, thrift_get_list(arguments, "value.parts"));
}

static thrift_status give_named(thrift_call *call, const thrift_record *arguments, void *context)
{
    (void)context;
    return thrift_return(call, thrift_get_map(arguments, "value.named"));
}

/* What is written in the answer, however deep, is not written in the arguments. */
static thrift_status change(thrift_call *call, const thrift_record *arguments, void *context)
{
    thrift_record *result;

    (void)context;
    (void)thrift_return(call, thrift_get_record(arguments, "value"));
    result = thrift_call_result(call);
    (void)thrift_set(result, "part.text", "changed", "parts[0].text", "changed");
    (void)thrift_list_add(thrift_open_list(result, "part.numbers"), 4);
    ck_assert_str_eq(thrift_get_string(arguments, "value.part.text"), "one");
    ck_assert_str_eq(thrift_get_string(arguments, "value.parts[0].text"), "two");
    ck_assert_uint_eq(thrift_list_count(thrift_get_list(arguments, "value.part.numbers")), 3);
    return THRIFT_OK;
}

static thrift_status give_the_second(thrift_call *call, const thrift_record *arguments,
                                     void *context)
{
    (void)context;
    (void)thrift_return(call, thrift_get_record(arguments, "value"));
    return thrift_return(call, thrift_get_record(arguments, "other"));
}

/* One of another type, then the right one. */
static thrift_status be_refused(thrift_call *call, const thrift_record *arguments, void *context)
{
    (void)context;
    ck_assert_int_eq(thrift_return(call, thrift_get_record(arguments, "value.part")),
                     THRIFT_E_TYPE);
    return thrift_return(call, thrift_get_record(arguments, "value"));
}

static const struct {
    const char *name;
    thrift_handler handler;
} methods[] = {
    {"S.given", give},     {"S.parts", give_parts},       {"S.named", give_named},
    {"S.changed", change}, {"S.second", give_the_second}, {"S.refused", be_refused},
};

struct talk {
    thrift_schema *schema;
    thrift_registry *registry;
    thrift_server *server;
    thrift_client *client;
    thrift_record *whole, *other; /* equal at first */
};

static thrift_record *make_whole(thrift_schema *schema)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *whole = thrift_record_new(schema, "Whole", &err);

    (void)thrift_set(whole, "part.text", "one");
    for (int i = 1; i <= 3; i++) {
        (void)thrift_list_add(thrift_open_list(whole, "part.numbers"), i);
    }
    (void)thrift_set(thrift_list_add_record(thrift_open_list(whole, "parts")), "text", "two");
    ck_assert_int_eq(thrift_set(whole, "named{\"a\"}.text", "three"), THRIFT_OK);
    return whole;
}

static void talk_open(struct talk *talk)
{
    thrift_error err = THRIFT_ERROR_INIT;

    talk->schema = thrift_load_text("call.thrift", idl, NULL, &err);
    talk->registry = thrift_registry_new();
    for (size_t i = 0; i < COUNT_OF(methods); i++) {
        ck_assert_int_eq(thrift_bind(talk->registry, methods[i].name, methods[i].handler, NULL),
                         THRIFT_OK);
    }
    talk->server = thrift_server_new(talk->schema, talk->registry, NULL, &err);
    (void)thrift_server_listen(talk->server, own_address("test-call", ""), &err);
    ck_assert_msg(thrift_server_start(talk->server, &err) == THRIFT_OK, "%s", err.message);
    talk->client = thrift_client_open(own_address("test-call", ""), talk->schema, "S", NULL, &err);
    talk->whole = make_whole(talk->schema);
    talk->other = make_whole(talk->schema);
}

static void talk_close(struct talk *talk)
{
    thrift_record_free(talk->whole);
    thrift_record_free(talk->other);
    thrift_client_free(talk->client);
    thrift_server_free(talk->server);
    thrift_registry_free(talk->registry);
    thrift_schema_unref(talk->schema);
}

static thrift_record *in_member(const struct talk *talk, const char *member, thrift_value value)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *any = thrift_record_new(talk->schema, "Any", &err);

    ck_assert_int_eq(thrift_set(any, member, value), THRIFT_OK);
    return any;
}

/* The method answers that value; the member of Any is the one that it fits. */
static void expect(const struct talk *talk, const char *method, thrift_args arguments,
                   const char *member, thrift_value value)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *out = thrift_client_call(talk->client, method, arguments, &err);
    thrift_record *got, *wanted = in_member(talk, member, value);

    ck_assert_msg(thrift_outcome_check(out, &err) == THRIFT_OK, "%s: %s", method, err.message);
    got = in_member(talk, member, thrift_outcome_result(out, &err));
    ck_assert_msg(thrift_record_equal(got, wanted), "%s", method);
    thrift_record_free(got);
    thrift_record_free(wanted);
    thrift_outcome_free(out);
}

START_TEST(arguments_are_answered)
{
    struct talk talk;

    talk_open(&talk);
    for (int i = 0; i < 2; i++) { /* the call's memory is used again */
        expect(&talk, "given", THRIFT_ARGS(talk.whole), "whole", THRIFT_VALUE(talk.whole));
        expect(&talk, "parts", THRIFT_ARGS(talk.whole), "parts",
               THRIFT_VALUE(thrift_get_list(talk.whole, "parts")));
        expect(&talk, "named", THRIFT_ARGS(talk.whole), "named",
               THRIFT_VALUE(thrift_get_map(talk.whole, "named")));
    }
    talk_close(&talk);
}
END_TEST

START_TEST(a_written_answer_is_a_copy)
{
    struct talk talk;

    talk_open(&talk);
    (void)thrift_set(talk.other, "part.text", "changed", "parts[0].text", "changed");
    (void)thrift_list_add(thrift_open_list(talk.other, "part.numbers"), 4);
    expect(&talk, "changed", THRIFT_ARGS(talk.whole), "whole", THRIFT_VALUE(talk.other));
    talk_close(&talk);
}
END_TEST

START_TEST(the_last_answer_holds)
{
    struct talk talk;

    talk_open(&talk);
    (void)thrift_set(talk.other, "part.text", "another");
    expect(&talk, "second", THRIFT_ARGS(talk.whole, talk.other), "whole", THRIFT_VALUE(talk.other));
    talk_close(&talk);
}
END_TEST

/* A mistake is the end of the call, but not of the arguments. */
START_TEST(a_part_of_another_type_is_refused)
{
    struct talk talk;
    thrift_error err = THRIFT_ERROR_INIT;

    talk_open(&talk);
    ck_assert_int_eq(thrift_client_do(talk.client, "refused", THRIFT_ARGS(talk.whole), &err),
                     THRIFT_E_APPLICATION);
    expect(&talk, "given", THRIFT_ARGS(talk.whole), "whole", THRIFT_VALUE(talk.whole));
    talk_close(&talk);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, arguments_are_answered);
    tcase_add_test(tests, a_written_answer_is_a_copy);
    tcase_add_test(tests, the_last_answer_holds);
    tcase_add_test(tests, a_part_of_another_type_is_refused);
}

SUITE_MAIN("call")
