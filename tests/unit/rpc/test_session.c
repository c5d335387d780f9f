/*
 * Sessions: every outcome of a call, in every wire form; streams split anywhere; pipelining.
 *
 * Covers also: outcome.c.
 */
#include "rpc/session.h"

#include <string.h>

#include "allocator.h"
#include "base/buffer.h"
#include "codec/codec.h"
#include "fixture.h"
#include "suite.h"

static const struct wire_form forms[] = {
    {THRIFT_BINARY, true, false}, {THRIFT_BINARY, false, false}, {THRIFT_BINARY, true, true},
    {THRIFT_BINARY, false, true}, {THRIFT_COMPACT, true, false}, {THRIFT_COMPACT, false, false},
};

enum expected { SILENCE, RESULT, EXCEPTION, APPLICATION };

static const struct {
    const char *method;
    uint8_t kind;
    int32_t number;   /* the first argument, when it is an integer */
    const char *text; /* the first argument, when it is text */
    enum expected expected;
    int32_t code;         /* of an application error */
    const char *mentions; /* in its text; NULL: anything */
    const char *logged;   /* NULL: anything */
    enum session_verdict verdict;
} cases[] = {
    {"ping", 1, 0, NULL, RESULT, 0, NULL, NULL, SESSION_OPEN},
    {"get", 1, 1, NULL, RESULT, 0, NULL, NULL, SESSION_OPEN},
    {"inherited", 1, 1, NULL, RESULT, 0, NULL, NULL, SESSION_OPEN},
    {"Users:get", 1, 1, NULL, RESULT, 0, NULL, NULL, SESSION_OPEN},
    {"Base:ping", 1, 0, NULL, RESULT, 0, NULL, NULL, SESSION_OPEN},
    {"names", 1, 0, NULL, RESULT, 0, NULL, NULL, SESSION_OPEN},
    {"counts", 1, 0, NULL, RESULT, 0, NULL, NULL, SESSION_OPEN},
    {"get", 1, 404, NULL, EXCEPTION, 0, NULL, NULL, SESSION_OPEN},
    /* a call sent as oneway and the other way round: the definition decides */
    {"get", 4, 1, NULL, RESULT, 0, NULL, NULL, SESSION_OPEN},
    {"fire", 4, 1, NULL, SILENCE, 0, NULL, NULL, SESSION_OPEN},
    {"fire", 1, 1, NULL, SILENCE, 0, NULL, NULL, SESSION_OPEN},
    {"fire", 4, -1, NULL, SILENCE, 0, NULL, "too small", SESSION_OPEN},
    {"nothing", 1, 0, NULL, APPLICATION, 1, "Users has: get, put, add", "method-unknown",
     SESSION_OPEN},
    {"nothing", 4, 0, NULL, SILENCE, 0, NULL, "method-unknown", SESSION_OPEN},
    {"Get", 1, 0, NULL, APPLICATION, 1, "unknown method", NULL, SESSION_OPEN},
    {"Nobody:get", 1, 0, NULL, APPLICATION, 1, "there are: Base, Users", NULL, SESSION_OPEN},
    {"Users:nothing", 1, 0, NULL, APPLICATION, 1, "Users has: ", NULL, SESSION_OPEN},
    {"Base:get", 1, 0, NULL, APPLICATION, 1, "Base has: ping, inherited", NULL, SESSION_OPEN},
    {"unhandled", 1, 0, NULL, APPLICATION, 6, "Users.unhandled is not implemented", NULL,
     SESSION_OPEN},
    {"fail", 1, 0, "fail", APPLICATION, 6, "you asked for fail", NULL, SESSION_OPEN},
    {"fail", 1, 0, "status", APPLICATION, 6, "Internal error", "E_IO", SESSION_OPEN},
    {"fail", 1, 0, "nothing", APPLICATION, 6, "Internal error", "no result", SESSION_OPEN},
    {"fail", 1, 0, "range", APPLICATION, 6, "Internal error", "success", SESSION_OPEN},
    {"fail", 1, 0, "type", APPLICATION, 6, "Internal error", "success", SESSION_OPEN},
    {"fail", 1, 0, "undeclared", APPLICATION, 6, "Internal error",
     "Users.fail does not throw \"NotFound\"", SESSION_OPEN},
    {"fail", 1, 0, "misread", APPLICATION, 6, "Internal error", "hwo", SESSION_OPEN},
    {"fail", 1, 0, "record", APPLICATION, 6, "Internal error", "does not return a struct",
     SESSION_OPEN},
    {"get", 2, 1, NULL, APPLICATION, 2, NULL, "message-unexpected", SESSION_CLOSE},
    {"get", 3, 1, NULL, APPLICATION, 2, NULL, "message-unexpected", SESSION_CLOSE},
};

static const char *bare_of(const char *method)
{
    const char *colon = strchr(method, ':');

    return colon != NULL ? colon + 1 : method;
}

static void append_case(const struct engine *engine, size_t i, struct wire_form form,
                        int32_t sequence_id, thrift_buffer *out)
{
    const thrift_value argument =
        cases[i].text != NULL ? THRIFT_VALUE(cases[i].text) : THRIFT_VALUE(cases[i].number);

    request_append(&engine->fixture, form, cases[i].method, cases[i].kind, sequence_id,
                   (thrift_args){&argument, 1}, out);
}

static void check_case(const struct engine *engine, size_t i, int32_t sequence_id,
                       thrift_bytes *replies)
{
    thrift_error err = THRIFT_ERROR_INIT;
    struct reply reply;

    if (cases[i].expected == SILENCE) {
        return;
    }
    reply = reply_take(&engine->fixture, cases[i].method, replies);
    ck_assert_msg(reply.outcome != NULL, "%s: no reply", cases[i].method);
    ck_assert_int_eq(reply.sequence_id, sequence_id);
    ck_assert_str_eq(reply.name, bare_of(cases[i].method));
    ck_assert_msg((int)thrift_outcome_is(reply.outcome) == (int)cases[i].expected, "%s: %d",
                  cases[i].method, (int)thrift_outcome_is(reply.outcome));
    ck_assert_int_eq(thrift_outcome_application_code(reply.outcome), cases[i].code);
    (void)thrift_outcome_check(reply.outcome, &err);
    ck_assert_msg(cases[i].mentions == NULL || strstr(err.message, cases[i].mentions) != NULL,
                  "%s: %s", cases[i].method, err.message);
    thrift_outcome_free(reply.outcome);
}

/* Again and again: what is remembered of the last request changes nothing. */
START_TEST(every_outcome)
{
    struct engine engine;

    engine_open(&engine, NULL);
    for (size_t f = 0; f < 3 * COUNT_OF(forms); f++) {
        thrift_buffer request = THRIFT_BUFFER_INIT;
        thrift_bytes replies;

        if (f % 3 == 0 || cases[_i].verdict != SESSION_OPEN) {
            engine_reconnect(&engine);
        }
        engine.out.size = 0;
        append_case(&engine, (size_t)_i, forms[f / 3], (int32_t)f - 2, &request);
        ck_assert_int_eq(session_receive(&engine.session, buffer_bytes(&request), &engine.out),
                         cases[_i].verdict);
        replies = buffer_bytes(&engine.out);
        check_case(&engine, (size_t)_i, (int32_t)f - 2, &replies);
        ck_assert_uint_eq(replies.size, 0);
        ck_assert_msg(cases[_i].logged == NULL || captured_log_has(&engine.lines, cases[_i].logged),
                      "%s", engine.lines.text);
        thrift_buffer_deinit(&request);
    }
    engine_close(&engine);
}
END_TEST

/* All cases that leave the connection alive, behind each other. */
static thrift_buffer all_requests(const struct engine *engine, struct wire_form form)
{
    thrift_buffer requests = THRIFT_BUFFER_INIT;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (cases[i].verdict == SESSION_OPEN) {
            append_case(engine, i, form, (int32_t)i, &requests);
        }
    }
    return requests;
}

static void receive_open(struct engine *engine, const uint8_t *data, size_t size)
{
    ck_assert_int_eq(session_receive(&engine->session, (thrift_bytes){data, size}, &engine->out),
                     SESSION_OPEN);
}

START_TEST(split_at_every_byte)
{
    struct engine engine;
    thrift_buffer requests, whole = THRIFT_BUFFER_INIT;

    engine_open(&engine, NULL);
    engine.log.write = NULL;
    requests = all_requests(&engine, forms[_i]);
    ck_assert_int_eq(session_receive(&engine.session, buffer_bytes(&requests), &whole),
                     SESSION_OPEN);
    for (size_t at = 0; at <= requests.size; at++) {
        engine_reconnect(&engine);
        receive_open(&engine, requests.data, at);
        receive_open(&engine, requests.data + at, requests.size - at);
        ck_assert_uint_eq(engine.out.size, whole.size);
        ck_assert_mem_eq(engine.out.data, whole.data, whole.size);
    }
    engine_reconnect(&engine);
    for (size_t at = 0; at < requests.size; at++) {
        receive_open(&engine, requests.data + at, 1);
    }
    ck_assert_uint_eq(engine.out.size, whole.size);
    ck_assert_mem_eq(engine.out.data, whole.data, whole.size);
    thrift_buffer_deinit(&requests);
    thrift_buffer_deinit(&whole);
    engine_close(&engine);
}
END_TEST

START_TEST(a_thousand_at_once_are_answered_in_order)
{
    struct engine engine;
    thrift_buffer requests = THRIFT_BUFFER_INIT;
    thrift_bytes replies;

    engine_open(&engine, NULL);
    for (int32_t i = 0; i < 1000; i++) {
        request_append(&engine.fixture, forms[_i], "add", 1, i, THRIFT_ARGS(i, 1), &requests);
    }
    receive_open(&engine, requests.data, requests.size);
    replies = buffer_bytes(&engine.out);
    for (int32_t i = 0; i < 1000; i++) {
        struct reply reply = reply_take(&engine.fixture, "add", &replies);

        ck_assert_int_eq(reply.sequence_id, i);
        ck_assert_int_eq(thrift_as_i32(thrift_outcome_result(reply.outcome, NULL)), i + 1);
        thrift_outcome_free(reply.outcome);
    }
    ck_assert_uint_eq(replies.size, 0);
    thrift_buffer_deinit(&requests);
    engine_close(&engine);
}
END_TEST

START_TEST(full_output_makes_input_wait)
{
    struct engine engine;
    thrift_buffer requests = THRIFT_BUFFER_INIT;
    enum session_verdict verdict;
    int rounds = 0;
    size_t total = 0;

    engine_open(&engine, NULL);
    for (int32_t i = 0; i < 10; i++) {
        request_append(&engine.fixture, forms[_i], "blob", 1, i, THRIFT_ARGS(700000), &requests);
    }
    verdict = session_receive(&engine.session, buffer_bytes(&requests), &engine.out);
    while (verdict == SESSION_FULL) {
        ck_assert_uint_le(engine.out.size, SESSION_OUTPUT_MOST + 800000);
        total += engine.out.size;
        engine.out.size = 0;
        rounds++;
        verdict = session_receive(&engine.session, (thrift_bytes){NULL, 0}, &engine.out);
    }
    ck_assert_int_eq(verdict, SESSION_OPEN);
    ck_assert_int_ge(rounds, 4);
    ck_assert_uint_gt(total + engine.out.size, 7000000);
    ck_assert_int_eq(atomic_load(&engine.fixture.calls), 10);
    thrift_buffer_deinit(&requests);
    engine_close(&engine);
}
END_TEST

/* Arguments of put(), binary, that cannot be taken; the path that the peer is told. */
static const struct {
    thrift_bytes args;
    const char *path;
} malformed[] = {
    {BYTES(12, 0, 1, 8, 0, 1, 0, 0, 0, 5, 0, 0), "user.name"}, /* required, missing */
    {BYTES(12, 0, 1, 8, 0, 1, 0, 0, 0, 5, 11, 0, 2, 0xff, 0xff, 0xff, 0xff, 0, 0), "user.name"},
    {BYTES(12, 0, 1, 8, 0, 1, 0, 0, 0, 5, 11, 0, 2, 0, 0, 0, 200, 0, 0), "user.name"},
    {BYTES(12, 0, 1, 8, 0, 1, 0, 0, 0, 5, 11, 0, 2, 0, 0, 0, 1, 'A', 0, 0, 7, 7), "behind"},
    {BYTES(12, 0, 1, 8, 0, 1, 0, 0), "user"}, /* cut off */
};

START_TEST(malformed_arguments_of_a_frame)
{
    const struct wire_form form = forms[0];
    struct engine engine;
    thrift_buffer request = THRIFT_BUFFER_INIT;
    thrift_bytes replies;
    thrift_error err = THRIFT_ERROR_INIT;
    struct reply reply;

    engine_open(&engine, NULL);
    request_append_raw(form, "put", 1, 7, malformed[_i].args, &request);
    request_append(&engine.fixture, form, "ping", 1, 8, THRIFT_NO_ARGS, &request);
    receive_open(&engine, request.data, request.size);
    replies = buffer_bytes(&engine.out);
    reply = reply_take(&engine.fixture, "put", &replies);
    ck_assert_int_eq(reply.sequence_id, 7);
    ck_assert_int_eq(thrift_outcome_application_code(reply.outcome), 7);
    ck_assert_int_eq(thrift_outcome_check(reply.outcome, &err), THRIFT_E_APPLICATION);
    ck_assert_msg(strstr(err.message, malformed[_i].path) != NULL, "%s", err.message);
    thrift_outcome_free(reply.outcome);
    reply = reply_take(&engine.fixture, "ping", &replies);
    ck_assert_int_eq(thrift_outcome_is(reply.outcome), THRIFT_OUTCOME_RESULT);
    thrift_outcome_free(reply.outcome);
    ck_assert_int_eq(atomic_load(&engine.fixture.calls), 1);
    thrift_buffer_deinit(&request);
    engine_close(&engine);
}
END_TEST

START_TEST(unframed_with_a_known_end_lives)
{
    struct engine engine;
    thrift_buffer request = THRIFT_BUFFER_INIT;
    thrift_bytes replies;
    struct reply reply;

    engine_open(&engine, NULL);
    request_append_raw(forms[1], "put", 1, 7, malformed[0].args, &request);
    receive_open(&engine, request.data, request.size);
    replies = buffer_bytes(&engine.out);
    reply = reply_take(&engine.fixture, "put", &replies);
    ck_assert_int_eq(thrift_outcome_application_code(reply.outcome), 7);
    thrift_outcome_free(reply.outcome);
    thrift_buffer_deinit(&request);
    engine_close(&engine);
}
END_TEST

static const struct {
    const char *name;
    thrift_bytes bytes;
} unreadable[] = {
    {"frame too long", BYTES(0x7f, 0xff, 0xff, 0xff, 0x80, 1, 0, 1)},
    {"another version", BYTES(0, 0, 0, 8, 0x80, 2, 0, 1, 0, 0, 0, 0)},
    {"SSH", BYTES('S', 'S', 'H', '-', '2', '.', '0', '-', 'O', 'p', 'e')},
    {"TLS", BYTES(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3)},
    {"noise", BYTES(0xde, 0xad, 0xbe, 0xef, 0xde, 0xad, 0xbe, 0xef, 0xde, 0xad, 0xbe, 0xef)},
    {"a frame with its header cut short", BYTES(0, 0, 0, 6, 0x80, 1, 0, 1, 0, 0)},
    {"unframed with a negative size inside", BYTES(0x80, 1, 0, 1, 0, 0, 0, 3, 'g', 'e', 't', 0, 0,
                                                   0, 1, 11, 0, 9, 0xff, 0xff, 0xff, 0xff, 0)},
};

START_TEST(unreadable_streams_get_nothing)
{
    struct engine engine;

    engine_open(&engine, NULL);
    ck_assert_msg(session_receive(&engine.session, unreadable[_i].bytes, &engine.out) ==
                      SESSION_CLOSE,
                  "%s", unreadable[_i].name);
    ck_assert_uint_eq(engine.out.size, 0);
    ck_assert_uint_gt(engine.lines.size, 0);
    ck_assert_int_eq(atomic_load(&engine.fixture.calls), 0);
    engine_close(&engine);
}
END_TEST

START_TEST(cut_off_message_is_reported)
{
    struct engine engine;
    thrift_buffer request = THRIFT_BUFFER_INIT;

    engine_open(&engine, NULL);
    request_append(&engine.fixture, forms[_i], "get", 1, 1, THRIFT_ARGS(1), &request);
    for (size_t at = 0; at < request.size; at++) {
        engine_reconnect(&engine);
        memset(engine.lines.text, 0, sizeof engine.lines.text);
        engine.lines.size = 0;
        receive_open(&engine, request.data, at);
        session_end(&engine.session);
        ck_assert_int_eq(captured_log_has(&engine.lines, "middle of a message"), at > 0);
    }
    ck_assert_int_eq(atomic_load(&engine.fixture.calls), 0);
    thrift_buffer_deinit(&request);
    engine_close(&engine);
}
END_TEST

START_TEST(reply_over_the_limit_becomes_an_error)
{
    struct engine engine;
    thrift_buffer request = THRIFT_BUFFER_INIT;
    thrift_bytes replies;
    thrift_limits limits;
    struct reply reply;

    engine_open(&engine, NULL);
    limits = *engine.policy.limits;
    limits.max_frame_size = 1000;
    engine.policy.limits = &limits;
    request_append(&engine.fixture, forms[_i], "blob", 1, 1, THRIFT_ARGS(2000), &request);
    receive_open(&engine, request.data, request.size);
    replies = buffer_bytes(&engine.out);
    reply = reply_take(&engine.fixture, "blob", &replies);
    ck_assert_int_eq(thrift_outcome_application_code(reply.outcome), 6);
    ck_assert(captured_log_has(&engine.lines, "the limit is 1000"));
    thrift_outcome_free(reply.outcome);
    thrift_buffer_deinit(&request);
    engine_close(&engine);
}
END_TEST

/* A warm session, whatever is asked: no allocation at all. */
START_TEST(warm_calls_allocate_nothing)
{
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    struct engine engine;
    thrift_buffer requests;
    size_t warm;

    engine_open(&engine, &allocator);
    engine.out.allocator = allocator;
    requests = all_requests(&engine, forms[_i]);
    for (int round = 0; round < 3; round++) {
        engine.out.size = 0;
        warm = memory.count;
        receive_open(&engine, requests.data, requests.size);
        ck_assert(round == 0 || memory.count == warm);
    }
    thrift_buffer_deinit(&requests);
    engine_close(&engine);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static thrift_status before_count(thrift_call *call, void *context)
{
    const char *name = thrift_method_name(thrift_call_method(call));

    (*(int *)context)++;
    return strcmp(name, "get") == 0 ? thrift_throw(call, "Denied", "why", "no token") : THRIFT_OK;
}

static void after_count(const thrift_call *call, thrift_status outcome, uint64_t duration_ns,
                        void *context)
{
    (void)outcome, (void)duration_ns;
    ck_assert_str_eq(thrift_call_peer(call), "tcp://192.0.2.1:4711");
    (*(int *)context) += 100;
}

START_TEST(interceptors_see_and_refuse)
{
    struct engine engine;
    struct generation_options options = {0};
    struct generation *next;
    thrift_buffer requests = THRIFT_BUFFER_INIT;
    thrift_bytes replies;
    int seen = 0;
    struct reply reply;

    engine_open(&engine, NULL);
    options.log = &engine.log;
    ck_assert_int_eq(
        thrift_intercept(engine.fixture.registry, "Users.*", before_count, after_count, &seen),
        THRIFT_OK);
    next = generation_new(engine.fixture.schema, engine.fixture.registry, 2, &options, NULL);
    dispatcher_use(&engine.dispatcher, next);
    generation_unref(next);
    request_append(&engine.fixture, forms[0], "get", 1, 1, THRIFT_ARGS(1), &requests);
    request_append(&engine.fixture, forms[0], "add", 1, 2, THRIFT_ARGS(1, 2), &requests);
    request_append(&engine.fixture, forms[0], "ping", 1, 3, THRIFT_NO_ARGS, &requests);
    receive_open(&engine, requests.data, requests.size);
    replies = buffer_bytes(&engine.out);
    reply = reply_take(&engine.fixture, "get", &replies);
    ck_assert_str_eq(thrift_get_string(thrift_outcome_exception(reply.outcome, "Denied"), "why"),
                     "no token");
    thrift_outcome_free(reply.outcome);
    reply = reply_take(&engine.fixture, "add", &replies);
    ck_assert_int_eq(thrift_as_i32(thrift_outcome_result(reply.outcome, NULL)), 3);
    thrift_outcome_free(reply.outcome);
    ck_assert_int_eq(seen, 303); /* ping is one of Users, too */
    ck_assert_int_eq(atomic_load(&engine.fixture.calls), 2);
    thrift_buffer_deinit(&requests);
    engine_close(&engine);
}
END_TEST

START_TEST(refusing_says_so)
{
    struct engine engine;
    thrift_buffer request = THRIFT_BUFFER_INIT;
    thrift_bytes replies;
    thrift_error err = THRIFT_ERROR_INIT;
    struct reply reply;

    engine_open(&engine, NULL);
    engine.dispatcher.refusing = true;
    request_append(&engine.fixture, forms[_i], "fire", 4, 1, THRIFT_ARGS(1), &request);
    request_append(&engine.fixture, forms[_i], "get", 1, 2, THRIFT_ARGS(1), &request);
    receive_open(&engine, request.data, request.size);
    replies = buffer_bytes(&engine.out);
    reply = reply_take(&engine.fixture, "get", &replies);
    ck_assert_int_eq(reply.sequence_id, 2);
    (void)thrift_outcome_check(reply.outcome, &err);
    ck_assert_str_eq(err.message, "shutting down");
    thrift_outcome_free(reply.outcome);
    thrift_buffer_deinit(&request);
    engine_close(&engine);
}
END_TEST

/* Decoding, handlers and encoding with every allocation failing once: a reply or a closed
 * connection, never a leak; the next call works. */
START_TEST(every_allocation_may_fail)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        struct engine engine;
        thrift_buffer requests;
        enum session_verdict verdict;
        bool ended;

        engine_open(&engine, &allocator);
        engine.out.allocator = allocator;
        engine.dispatcher.call.root.arena.allocator = allocator;
        requests = all_requests(&engine, forms[_i]);
        memory.fail_at = memory.count + k;
        verdict = session_receive(&engine.session, buffer_bytes(&requests), &engine.out);
        ck_assert_int_ne(verdict, SESSION_FULL);
        ended = memory.count < memory.fail_at;
        memory.fail_at = 0;
        engine_reconnect(&engine);
        receive_open(&engine, requests.data, requests.size);
        thrift_buffer_deinit(&requests);
        engine_close(&engine);
        ck_assert_uint_eq(memory.live, 0);
        if (ended) {
            ck_assert_uint_gt(k, 2);
            break;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    const int all = (int)COUNT_OF(forms);

    tcase_add_loop_test(tests, every_outcome, 0, (int)COUNT_OF(cases));
    tcase_add_loop_test(tests, split_at_every_byte, 0, all);
    tcase_add_loop_test(tests, a_thousand_at_once_are_answered_in_order, 0, all);
    tcase_add_loop_test(tests, full_output_makes_input_wait, 0, all);
    tcase_add_loop_test(tests, malformed_arguments_of_a_frame, 0, (int)COUNT_OF(malformed));
    tcase_add_test(tests, unframed_with_a_known_end_lives);
    tcase_add_loop_test(tests, unreadable_streams_get_nothing, 0, (int)COUNT_OF(unreadable));
    tcase_add_loop_test(tests, cut_off_message_is_reported, 0, all);
    tcase_add_loop_test(tests, reply_over_the_limit_becomes_an_error, 0, all);
    tcase_add_loop_test(tests, warm_calls_allocate_nothing, 0, all);
    tcase_add_test(tests, interceptors_see_and_refuse);
    tcase_add_loop_test(tests, refusing_says_so, 0, all);
    tcase_add_loop_test(tests, every_allocation_may_fail, 0, all);
}

SUITE_MAIN("rpc/session")
