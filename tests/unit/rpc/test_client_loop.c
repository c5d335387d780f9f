/*
 * Loops that a program runs turn by turn, with poll(); the other kinds are in test_loop_link.c.
 */
#include "rpc/client_loop.h"

#include <poll.h>
#include <pthread.h>
#include <rethrift/server.h>
#include <string.h>

#include "base/clock.h"
#include "fixture.h"
#include "own_address.h"
#include "suite.h"

#define PATIENCE_MS 30000

struct rig {
    struct fixture fixture;
    thrift_server *server;
    thrift_loop *loop;
    thrift_client *client;
    int results, errors, turns;
    int64_t sum;
    thrift_status last_error;
};

static void rig_open(struct rig *rig)
{
    thrift_error err = THRIFT_ERROR_INIT;

    *rig = (struct rig){.results = 0};
    fixture_open(&rig->fixture);
    rig->server = thrift_server_new(rig->fixture.schema, rig->fixture.registry, NULL, &err);
    ck_assert_int_eq(thrift_server_listen(rig->server, "tcp://127.0.0.1:0", &err), THRIFT_OK);
    ck_assert_int_eq(thrift_server_start(rig->server, &err), THRIFT_OK);
    rig->loop = thrift_loop_new_embedded(&err);
    ck_assert_msg(rig->loop != NULL, "%s", err.message);
}

static thrift_client *rig_client(const struct rig *rig, const char *address, uint32_t timeout_ms)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_client *client =
        thrift_client_open(address, rig->fixture.schema, "Users",
                           THRIFT_CLIENT_OPTIONS(.loop = rig->loop, .call_timeout_ms = timeout_ms,
                                                 .connect_timeout_ms = timeout_ms),
                           &err);

    ck_assert_msg(client != NULL, "%s", err.message);
    return client;
}

static void rig_close(struct rig *rig)
{
    thrift_server_free(rig->server);
    fixture_close(&rig->fixture);
}

static void on_end(thrift_outcome *outcome, const thrift_error *err, void *data)
{
    struct rig *rig = data;

    if (err == NULL) {
        rig->results++;
        rig->sum += thrift_as_i32(thrift_outcome_result(outcome, NULL));
    } else {
        rig->errors++;
        rig->last_error = err->code;
    }
    thrift_outcome_free(outcome);
}

/* What a program does that has a loop of its own. */
static void turn(struct rig *rig)
{
    struct pollfd ready = {thrift_loop_fd(rig->loop), POLLIN, 0};
    int timeout_ms = thrift_loop_timeout_ms(rig->loop);
    int events =
        poll(&ready, 1, timeout_ms < 0 || timeout_ms > PATIENCE_MS ? PATIENCE_MS : timeout_ms);

    ck_assert_msg(events > 0 || timeout_ms >= 0, "nothing happens for ever");
    thrift_loop_process(rig->loop);
    rig->turns++;
}

static void turn_until(struct rig *rig, int count)
{
    while (rig->results + rig->errors < count) {
        turn(rig);
    }
}

static void start(struct rig *rig, int count)
{
    for (int i = 0; i < count; i++) {
        ck_assert_int_eq(
            thrift_client_start(rig->client, "add", THRIFT_ARGS(i, 1), on_end, rig, NULL),
            THRIFT_OK);
    }
}

static const char *const ways[] = {"", "?transport=framed&protocol=compact", "?transport=http",
                                   "?transport=websocket", "?transport=header&compress=zlib"};

START_TEST(calls_end_in_turns)
{
    struct rig rig;
    char address[128];
    int before;

    rig_open(&rig);
    (void)snprintf(address, sizeof address, "%s%s", thrift_server_address(rig.server, 0), ways[_i]);
    rig.client = rig_client(&rig, address, PATIENCE_MS);
    start(&rig, 100);
    ck_assert_int_eq(rig.results + rig.errors, 0); /* nothing happens outside of a turn */
    turn_until(&rig, 100);
    ck_assert_int_eq(rig.results, 100);
    ck_assert_int_eq(rig.sum, 100 * 101 / 2);
    start(&rig, 1); /* the connection is there: asked, answered, perhaps a turn for nothing */
    before = rig.turns;
    turn_until(&rig, 101);
    ck_assert_int_le(rig.turns - before, 8);
    thrift_client_free(rig.client);
    thrift_loop_free(rig.loop);
    rig_close(&rig);
}
END_TEST

/* The time to wait is that of the next deadline, and turns are not taken without end before it. */
START_TEST(deadlines_are_kept)
{
    struct rig rig;
    thrift_server *silent;
    thrift_error err = THRIFT_ERROR_INIT;
    const char *address = own_address("client-loop", "");
    uint64_t begin = clock_now_ns(), waited_ms;

    rig_open(&rig);
    silent = thrift_server_new(rig.fixture.schema, rig.fixture.registry, NULL, &err);
    ck_assert_int_eq(thrift_server_listen(silent, address, &err), THRIFT_OK); /* never started */
    rig.client = rig_client(&rig, address, 200);
    start(&rig, 2);
    turn_until(&rig, 2);
    waited_ms = (clock_now_ns() - begin) / 1000000;
    ck_assert_int_eq(rig.errors, 2);
    ck_assert_int_eq(rig.last_error, THRIFT_E_DEADLINE);
    ck_assert_uint_ge(waited_ms, 195);
    ck_assert_int_le(rig.turns, 20);
    thrift_client_free(rig.client);
    thrift_loop_free(rig.loop);
    thrift_server_free(silent);
    rig_close(&rig);
}
END_TEST

static void *start_elsewhere(void *data)
{
    start(data, 50);
    return NULL;
}

START_TEST(other_threads_wake_it)
{
    struct rig rig;
    pthread_t thread;

    rig_open(&rig);
    rig.client = rig_client(&rig, thrift_server_address(rig.server, 0), PATIENCE_MS);
    ck_assert_int_eq(pthread_create(&thread, NULL, start_elsewhere, &rig), 0);
    turn_until(&rig, 50);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(rig.results, 50);
    thrift_client_free(rig.client);
    thrift_loop_free(rig.loop);
    rig_close(&rig);
}
END_TEST

static void free_everything(thrift_outcome *outcome, const thrift_error *err, void *data)
{
    struct rig *rig = data;
    thrift_client *client = rig->client;
    thrift_loop *loop = rig->loop;

    on_end(outcome, err, data);
    thrift_loop_process(loop); /* inside of itself: nothing */
    if (client != NULL) {
        rig->client = NULL;
        rig->loop = NULL;
        thrift_client_free(client);
        thrift_loop_free(loop);
    }
}

START_TEST(a_function_may_free_all)
{
    struct rig rig;

    rig_open(&rig);
    rig.client = rig_client(&rig, thrift_server_address(rig.server, 0), PATIENCE_MS);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(
            thrift_client_start(rig.client, "ping", THRIFT_NO_ARGS, free_everything, &rig, NULL),
            THRIFT_OK);
    }
    while (rig.loop != NULL) {
        turn(&rig);
    }
    ck_assert_int_eq(rig.results + rig.errors, 3);
    ck_assert_int_ge(rig.results, 1);
    rig_close(&rig);
}
END_TEST

/* Freed before anything was done: calls end with E_CANCELLED, and nothing stays behind. */
START_TEST(freed_in_either_order)
{
    struct rig rig;

    rig_open(&rig);
    rig.client = rig_client(&rig, thrift_server_address(rig.server, 0), PATIENCE_MS);
    start(&rig, 3);
    for (int i = 0; i < _i % 4; i++) {
        thrift_loop_process(rig.loop);
    }
    if (_i >= 4) {
        thrift_loop_free(rig.loop); /* the client keeps it */
    }
    thrift_client_free(rig.client);
    ck_assert_int_eq(rig.results + rig.errors, 3);
    if (_i < 4) {
        thrift_loop_free(rig.loop);
    }
    rig_close(&rig);
}
END_TEST

START_TEST(only_embedded_loops_have_a_descriptor)
{
    thrift_loop *loop = thrift_loop_new(NULL);

    ck_assert_int_eq(thrift_loop_fd(loop), -1);
    ck_assert_int_eq(thrift_loop_timeout_ms(loop), -1);
    thrift_loop_process(loop);
    ck_assert_int_eq(thrift_loop_fd(NULL), -1);
    ck_assert_int_eq(thrift_loop_timeout_ms(NULL), -1);
    thrift_loop_process(NULL);
    thrift_loop_free(loop);
    loop = thrift_loop_new_embedded(NULL);
    ck_assert_int_ge(thrift_loop_fd(loop), 0);
    thrift_loop_free(loop); /* never used */
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, calls_end_in_turns, 0, (int)COUNT_OF(ways));
    tcase_add_test(tests, deadlines_are_kept);
    tcase_add_test(tests, other_threads_wake_it);
    tcase_add_test(tests, a_function_may_free_all);
    tcase_add_loop_test(tests, freed_in_either_order, 0, 8);
    tcase_add_test(tests, only_embedded_loops_have_a_descriptor);
}

SUITE_MAIN("rpc/client_loop")
