/*
 * Dispatch: deadlines of calls, and what interceptors see of them. What becomes of all other calls
 * is in test_session.c.
 */
#include "rpc/dispatch.h"

#include <rethrift/server.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "fixture.h"
#include "suite.h"
#include "wire/headers.h"

#define MS UINT64_C(1000000)

static const struct wire_form framed = {THRIFT_BINARY, true, false};

/* ---- what is seen ---- */

struct seen {
    int calls, before, after;
    int sleep_ms; /* of the handler */
    int64_t left_before, left_inside, left_after;
    thrift_status outcome;
    uint64_t duration_ns;
    char order[32];
};

static void note(struct seen *seen, const char *what)
{
    strncat(seen->order, what, sizeof seen->order - strlen(seen->order) - 1);
}

static thrift_status ping(thrift_call *call, const thrift_record *args, void *context)
{
    struct seen *seen = context;
    const struct timespec pause = {0, seen->sleep_ms * (long)MS};

    (void)args;
    seen->calls++;
    seen->left_inside = thrift_call_time_left_ms(call);
    (void)nanosleep(&pause, NULL);
    return THRIFT_OK;
}

static thrift_status before(thrift_call *call, void *context)
{
    struct seen *seen = context;

    seen->before++;
    seen->left_before = thrift_call_time_left_ms(call);
    note(seen, "b");
    return THRIFT_OK;
}

static void after(const thrift_call *call, thrift_status outcome, uint64_t duration_ns,
                  void *context)
{
    struct seen *seen = context;

    seen->after++;
    seen->left_after = thrift_call_time_left_ms(call);
    seen->outcome = outcome;
    seen->duration_ns = duration_ns;
    note(seen, "a");
}

static thrift_status before_inner(thrift_call *call, void *context)
{
    note(context, "B");
    return strstr(thrift_call_name(call), "inherited") != NULL ? thrift_fail(call, "refused")
                                                               : THRIFT_OK;
}

static void after_inner(const thrift_call *call, thrift_status outcome, uint64_t duration_ns,
                        void *context)
{
    (void)call, (void)outcome, (void)duration_ns;
    note(context, "A");
}

/* An engine whose ping is ours, and seen. */
static void open_seen(struct engine *engine, struct seen *seen)
{
    struct generation_options options = {0};
    thrift_error err = THRIFT_ERROR_INIT;
    struct generation *next;

    engine_open(engine, NULL);
    options.log = &engine->log;
    (void)thrift_bind(engine->fixture.registry, "Base.ping", ping, seen);
    (void)thrift_intercept(engine->fixture.registry, "*", before, after, seen);
    (void)thrift_intercept(engine->fixture.registry, "Base.*", before_inner, after_inner, seen);
    next = generation_new(engine->fixture.schema, engine->fixture.registry, 2, &options, &err);
    ck_assert_msg(next != NULL, "%s", err.message);
    dispatcher_use(&engine->dispatcher, next);
    generation_unref(next);
}

/* ---- deadlines ---- */

static const struct {
    uint32_t timeout_ms; /* of the server */
    const char *told;    /* the header's value; NULL: none */
    uint32_t ago_ms;     /* the message came */
    int sleep_ms;
    bool runs, answered;
    int64_t most_left; /* -1: it has no deadline */
} deadlines[] = {
    {0, NULL, 90000, 1, true, true, -1},
    {10000, NULL, 0, 0, true, true, 10000},
    {10000, NULL, 6000, 0, true, true, 4000},
    {20, NULL, 0, 30, true, false, 20},
    {20, NULL, 21, 0, false, false, 0},
    {0, "20", 21, 0, false, false, 0},
    {0, "20", 0, 30, true, false, 20},
    {0, "5000", 0, 0, true, true, 5000},
    {10000, "5000", 0, 0, true, true, 5000}, /* the shorter one */
    {10000, "50000", 0, 0, true, true, 10000},
    {0, "soon", 0, 0, true, true, -1}, /* means nothing */
    {0, "5000ms", 0, 0, true, true, -1},
    {0, "-1", 0, 0, true, true, -1},
    {0, "99999999999", 0, 0, true, true, -1},
    {10000, "0", 0, 0, true, true, 10000},
};

static thrift_buffer headers_of(const char *told)
{
    static const char name[] = "Client_Timeout";
    thrift_buffer headers = THRIFT_BUFFER_INIT;

    if (told != NULL) {
        ck_assert(headers_append(&headers, (thrift_bytes){(const uint8_t *)name, sizeof name - 1},
                                 (thrift_bytes){(const uint8_t *)told, strlen(told)}));
    }
    return headers;
}

static const char *print_nobody(const void *data, char out[ADDRESS_TEXT_SIZE])
{
    (void)data;
    out[0] = '\0';
    return out;
}

static void check_reply(const struct engine *engine, thrift_bytes *replies, bool answered)
{
    struct reply reply = reply_take(&engine->fixture, "ping", replies);
    thrift_error err = THRIFT_ERROR_INIT;

    if (answered) {
        ck_assert_int_eq(thrift_outcome_is(reply.outcome), THRIFT_OUTCOME_RESULT);
    } else {
        ck_assert_int_eq(thrift_outcome_application_code(reply.outcome), 6);
        (void)thrift_outcome_check(reply.outcome, &err);
        ck_assert_str_eq(err.message, "deadline exceeded");
    }
    thrift_outcome_free(reply.outcome);
}

START_TEST(deadlines_of_calls)
{
    struct seen seen = {.sleep_ms = deadlines[_i].sleep_ms};
    struct engine engine;
    thrift_buffer request = THRIFT_BUFFER_INIT, headers = headers_of(deadlines[_i].told);
    const struct peer nobody = {print_nobody, NULL};
    struct inbound_message message = {.form = {.protocol = THRIFT_BINARY}};
    thrift_bytes replies;

    open_seen(&engine, &seen);
    engine.dispatcher.call_timeout_ms = deadlines[_i].timeout_ms;
    engine.dispatcher.arrived_ns =
        deadlines[_i].ago_ms != 0 ? clock_now_ns() - deadlines[_i].ago_ms * MS : 0;
    request_append(&engine.fixture, (struct wire_form){THRIFT_BINARY, false, false}, "ping", 1, 7,
                   THRIFT_NO_ARGS, &request);
    message.bytes = buffer_bytes(&request);
    message.headers = buffer_bytes(&headers);
    ck_assert(dispatch(&engine.dispatcher, &message, &nobody, &engine.out));
    replies = buffer_bytes(&engine.out);
    check_reply(&engine, &replies, deadlines[_i].answered);
    ck_assert_int_eq(seen.calls, deadlines[_i].runs);
    ck_assert_str_eq(seen.order, "bBAa");
    ck_assert_int_eq(seen.outcome, deadlines[_i].answered ? THRIFT_OK : THRIFT_E_DEADLINE);
    ck_assert_uint_ge(seen.duration_ns, (uint64_t)seen.sleep_ms * MS);
    ck_assert_int_le(seen.left_before, deadlines[_i].most_left);
    ck_assert_int_ge(seen.left_before, deadlines[_i].most_left - 1000);
    if (!deadlines[_i].answered) {
        ck_assert_int_eq(seen.left_after, 0);
    }
    thrift_buffer_deinit(&request);
    thrift_buffer_deinit(&headers);
    engine_close(&engine);
}
END_TEST

/* The second waits for the first, and is not begun when its time is over. */
START_TEST(waiting_counts)
{
    struct seen seen = {.sleep_ms = 30};
    struct engine engine;
    thrift_buffer requests = THRIFT_BUFFER_INIT;
    thrift_bytes replies;

    open_seen(&engine, &seen);
    engine.dispatcher.call_timeout_ms = 20;
    engine.session.now_ns = clock_now_ns();
    request_append(&engine.fixture, framed, "ping", 1, 1, THRIFT_NO_ARGS, &requests);
    request_append(&engine.fixture, framed, "ping", 1, 2, THRIFT_NO_ARGS, &requests);
    ck_assert_int_eq(session_receive(&engine.session, buffer_bytes(&requests), &engine.out),
                     SESSION_OPEN);
    replies = buffer_bytes(&engine.out);
    check_reply(&engine, &replies, false);
    check_reply(&engine, &replies, false);
    ck_assert_int_eq(seen.calls, 1);
    ck_assert_int_eq(seen.after, 2);
    thrift_buffer_deinit(&requests);
    engine_close(&engine);
}
END_TEST

/* A message that comes in pieces is as old as its first byte; the one behind it is not. */
START_TEST(pieces_count_from_the_first)
{
    struct seen seen = {.calls = 0};
    struct engine engine;
    thrift_buffer requests = THRIFT_BUFFER_INIT;
    const uint64_t now = clock_now_ns();
    thrift_bytes replies;

    open_seen(&engine, &seen);
    engine.dispatcher.call_timeout_ms = 60000;
    request_append(&engine.fixture, framed, "ping", 1, 1, THRIFT_NO_ARGS, &requests);
    request_append(&engine.fixture, framed, "ping", 1, 2, THRIFT_NO_ARGS, &requests);
    for (size_t i = 0; i < 3; i++) {
        const thrift_bytes piece = {requests.data + i, i < 2 ? 1 : requests.size - 2};

        engine.session.now_ns = i < 2 ? now - (61 - i) * 1000 * MS : now;
        ck_assert_int_eq(session_receive(&engine.session, piece, &engine.out), SESSION_OPEN);
    }
    replies = buffer_bytes(&engine.out);
    check_reply(&engine, &replies, false);
    check_reply(&engine, &replies, true);
    ck_assert_int_eq(seen.calls, 1);
    thrift_buffer_deinit(&requests);
    engine_close(&engine);
}
END_TEST

/* Oneway: late or not, nothing is said; interceptors know. */
START_TEST(late_oneway_calls)
{
    struct seen seen = {.calls = 0};
    struct engine engine;
    thrift_buffer request = THRIFT_BUFFER_INIT;

    open_seen(&engine, &seen);
    engine.dispatcher.call_timeout_ms = 20;
    engine.session.now_ns = clock_now_ns() - 30 * MS;
    request_append(&engine.fixture, framed, "fire", 4, 1, THRIFT_ARGS(1), &request);
    ck_assert_int_eq(session_receive(&engine.session, buffer_bytes(&request), &engine.out),
                     SESSION_OPEN);
    ck_assert_uint_eq(engine.out.size, 0);
    ck_assert_int_eq(atomic_load(&engine.fixture.fired), 0);
    ck_assert_int_eq(seen.outcome, THRIFT_E_DEADLINE);
    thrift_buffer_deinit(&request);
    engine_close(&engine);
}
END_TEST

/* ---- interceptors ---- */

/* In order, and back; an inner one that refuses is seen by the outer. */
START_TEST(interceptors_nest)
{
    struct seen seen = {.calls = 0};
    struct engine engine;
    thrift_buffer requests = THRIFT_BUFFER_INIT;
    thrift_bytes replies;
    struct reply reply;
    thrift_error err = THRIFT_ERROR_INIT;

    open_seen(&engine, &seen);
    request_append(&engine.fixture, framed, "inherited", 1, 1, THRIFT_ARGS(1), &requests);
    ck_assert_int_eq(session_receive(&engine.session, buffer_bytes(&requests), &engine.out),
                     SESSION_OPEN);
    replies = buffer_bytes(&engine.out);
    reply = reply_take(&engine.fixture, "inherited", &replies);
    (void)thrift_outcome_check(reply.outcome, &err);
    ck_assert_str_eq(err.message, "refused");
    thrift_outcome_free(reply.outcome);
    ck_assert_str_eq(seen.order, "bBAa");
    ck_assert_int_eq(seen.outcome, THRIFT_E_APPLICATION);
    ck_assert_int_eq(seen.left_before, -1);
    ck_assert_int_eq(atomic_load(&engine.fixture.calls), 0);
    ck_assert_int_eq(thrift_call_time_left_ms(NULL), -1);
    thrift_buffer_deinit(&requests);
    engine_close(&engine);
}
END_TEST

/* ---- over sockets ---- */

static const struct {
    const char *scheme, *options;
} ways[] = {
    {"tcp", ""},
    {"tcp", "?transport=framed"},
    {"tcp", "?transport=header"},
    {"tcp", "?transport=header&protocol=compact&header.client_timeout=300"},
    {"http", ""},
    {"http", "?header.client_timeout=300"},
};

START_TEST(deadlines_of_a_server)
{
    const bool told = strstr(ways[_i].options, "client_timeout") != NULL;
    const thrift_limits limits = {.struct_size = sizeof limits, .call_timeout_ms = told ? 0 : 300};
    struct seen seen = {.sleep_ms = 0};
    struct fixture fixture;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_server *server;
    thrift_client *client;
    char address[160];

    fixture_open(&fixture);
    (void)thrift_bind(fixture.registry, "Base.ping", ping, &seen);
    server = thrift_server_new(fixture.schema, fixture.registry,
                               THRIFT_SERVER_OPTIONS(.limits = limits), &err);
    ck_assert_msg(server != NULL, "%s", err.message);
    (void)thrift_server_listen(server, "tcp://127.0.0.1:0", &err);
    ck_assert_int_eq(thrift_server_start(server, &err), THRIFT_OK);
    (void)snprintf(address, sizeof address, "%s%s%s", ways[_i].scheme,
                   strchr(thrift_server_address(server, 0), ':'), ways[_i].options);
    client = thrift_client_open(address, fixture.schema, "Users", NULL, &err);
    ck_assert_msg(client != NULL, "%s", err.message);
    for (int sleep_ms = 600; sleep_ms >= 0; sleep_ms -= 600) { /* the connection goes on */
        thrift_outcome *outcome;

        seen.sleep_ms = sleep_ms;
        outcome = thrift_client_call(client, "ping", THRIFT_NO_ARGS, &err);
        (void)thrift_outcome_check(outcome, &err);
        ck_assert_str_eq(err.message, sleep_ms > 0 ? "deadline exceeded" : "");
        thrift_outcome_free(outcome);
        thrift_error_clear(&err);
    }
    ck_assert_int_eq(seen.calls, 2);
    thrift_client_free(client);
    thrift_server_free(server);
    fixture_close(&fixture);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, deadlines_of_calls, 0, COUNT_OF(deadlines));
    tcase_add_test(tests, waiting_counts);
    tcase_add_test(tests, pieces_count_from_the_first);
    tcase_add_test(tests, late_oneway_calls);
    tcase_add_test(tests, interceptors_nest);
    tcase_add_loop_test(tests, deadlines_of_a_server, 0, COUNT_OF(ways));
}

SUITE_MAIN("rpc/dispatch")
