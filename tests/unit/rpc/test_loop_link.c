/*
 * Calls on a loop: on a thread of ours and on a program's libuv loop, against our server and
 * against a peer that answers as it likes.
 *
 * Covers also: call_table.c, client_loop.c, client_start.c, loop_traffic.c.
 */
#include "rpc/loop_link.h"

#include <poll.h>
#include <rethrift/server.h>
#include <rethrift/uv.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <uv.h>

#include "allocator.h"
#include "base/bytes.h"
#include "fixture.h"
#include "own_address.h"
#include "rpc/call_table.h"
#include "suite.h"

#define PATIENCE_MS 30000

/* ---- what calls end with ---- */

struct ends {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int results, errors;
    int64_t sum;
    thrift_status last_error;
    char last_message[THRIFT_ERROR_MESSAGE_SIZE];
    int32_t last_result;
};

static void ends_init(struct ends *ends)
{
    *ends = (struct ends){.results = 0};
    (void)pthread_mutex_init(&ends->lock, NULL);
    (void)pthread_cond_init(&ends->changed, NULL);
}

static void on_end(thrift_outcome *outcome, const thrift_error *err, void *data)
{
    struct ends *ends = data;

    ck_assert((outcome != NULL) != (err != NULL));
    pthread_mutex_lock(&ends->lock);
    if (outcome != NULL) {
        ends->results++;
        ends->last_result = thrift_as_i32(thrift_outcome_result(outcome, NULL));
        ends->sum += ends->last_result;
    } else {
        ends->errors++;
        ends->last_error = err->code;
        (void)snprintf(ends->last_message, sizeof ends->last_message, "%s", err->message);
    }
    pthread_cond_signal(&ends->changed);
    pthread_mutex_unlock(&ends->lock);
    thrift_outcome_free(outcome);
}

static void wait_for(struct ends *ends, int count)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_MS / 1000;
    pthread_mutex_lock(&ends->lock);
    while (ends->results + ends->errors < count) {
        ck_assert_msg(pthread_cond_timedwait(&ends->changed, &ends->lock, &until) == 0,
                      "%d results and %d errors (%s) instead of %d", ends->results, ends->errors,
                      ends->last_message, count);
    }
    pthread_mutex_unlock(&ends->lock);
}

/* ---- against our server ---- */

struct served {
    struct fixture fixture;
    thrift_server *server;
    thrift_loop *loop;
    struct ends ends;
};

static void serve(struct served *served)
{
    thrift_error err = THRIFT_ERROR_INIT;

    fixture_open(&served->fixture);
    ends_init(&served->ends);
    served->server =
        thrift_server_new(served->fixture.schema, served->fixture.registry, NULL, &err);
    ck_assert_int_eq(thrift_server_listen(served->server, "tcp://127.0.0.1:0", &err), THRIFT_OK);
    ck_assert_int_eq(thrift_server_start(served->server, &err), THRIFT_OK);
    served->loop = thrift_loop_new(&err);
    ck_assert_msg(served->loop != NULL, "%s", err.message);
}

static void end(struct served *served)
{
    thrift_loop_free(served->loop);
    thrift_server_free(served->server);
    fixture_close(&served->fixture);
}

static thrift_client *open_on(const struct served *served, const char *options, thrift_loop *loop,
                              const thrift_allocator *allocator)
{
    char address[128];
    thrift_error err = THRIFT_ERROR_INIT;

    (void)snprintf(address, sizeof address, "%s%s", thrift_server_address(served->server, 0),
                   options);
    return thrift_client_open(
        address, served->fixture.schema, "Users",
        THRIFT_CLIENT_OPTIONS(.loop = loop, .allocator = allocator, .call_timeout_ms = PATIENCE_MS),
        &err);
}

static void start_adds(thrift_client *client, int count, struct ends *ends)
{
    thrift_error err = THRIFT_ERROR_INIT;

    for (int i = 0; i < count; i++) {
        ck_assert_msg(thrift_client_start(client, "add", THRIFT_ARGS(i, 1), on_end, ends, &err) ==
                          THRIFT_OK,
                      "%s", err.message);
    }
}

static const char *const ways[] = {"", "?transport=framed&protocol=compact", "?protocol=json",
                                   "?transport=header&compress=zlib", "?service=Users"};

START_TEST(many_calls_in_every_way)
{
    struct served served;
    thrift_client *client;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *args;

    serve(&served);
    client = open_on(&served, ways[_i], served.loop, NULL);
    start_adds(client, 300, &served.ends);
    wait_for(&served.ends, 300);
    ck_assert_int_eq(served.ends.errors, 0);
    ck_assert_int_eq(served.ends.sum, 300 * 301 / 2);
    args = thrift_client_args(client, "fire", &err);
    (void)thrift_set(args, "x", 1);
    ck_assert_int_eq(thrift_client_start_args(client, args, on_end, &served.ends, &err), THRIFT_OK);
    thrift_record_free(args);
    ck_assert_int_eq(
        thrift_client_start(client, "get", THRIFT_ARGS(404), on_end, &served.ends, &err),
        THRIFT_OK);
    wait_for(&served.ends, 302);
    ck_assert_int_eq(served.ends.errors, 0);
    /* it can wait, too, on a connection of its own */
    ck_assert_int_eq(thrift_client_do(client, "ping", THRIFT_NO_ARGS, &err), THRIFT_OK);
    ck_assert_int_eq(atomic_load(&served.fixture.fired), 1);
    thrift_client_free(client);
    end(&served);
}
END_TEST

START_TEST(mistakes_come_at_once)
{
    struct served served;
    thrift_client *client, *blocking;
    thrift_error err = THRIFT_ERROR_INIT;

    serve(&served);
    client = open_on(&served, "", served.loop, NULL);
    blocking = open_on(&served, "", NULL, NULL);
    ck_assert_int_eq(
        thrift_client_start(client, "nothing", THRIFT_NO_ARGS, on_end, &served.ends, &err),
        THRIFT_E_NAME);
    ck_assert_int_eq(
        thrift_client_start(client, "add", THRIFT_ARGS("x", 1), on_end, &served.ends, &err),
        THRIFT_E_TYPE);
    ck_assert_int_eq(
        thrift_client_start(blocking, "ping", THRIFT_NO_ARGS, on_end, &served.ends, &err),
        THRIFT_E_STATE);
    ck_assert_int_eq(thrift_client_cancel(blocking, NULL, &err), THRIFT_E_STATE);
    ck_assert_ptr_null(thrift_loop_new_uv(NULL, &err));
    ck_assert_ptr_null(thrift_client_open("udp://127.0.0.1:6831", served.fixture.schema, "Users",
                                          THRIFT_CLIENT_OPTIONS(.loop = served.loop), &err));
    thrift_client_free(client);
    thrift_client_free(blocking);
    ck_assert_int_eq(served.ends.results + served.ends.errors, 0);
    end(&served);
}
END_TEST

START_TEST(threads_share_a_loop)
{
    struct served served;
    thrift_client *clients[4];

    serve(&served);
    for (size_t i = 0; i < COUNT_OF(clients); i++) {
        clients[i] = open_on(&served, "?transport=framed", served.loop, NULL);
        start_adds(clients[i], 100, &served.ends);
    }
    thrift_loop_free(served.loop); /* the clients keep it */
    served.loop = NULL;
    wait_for(&served.ends, 400);
    ck_assert_int_eq(served.ends.results, 400);
    for (size_t i = 0; i < COUNT_OF(clients); i++) {
        thrift_client_free(clients[i]);
    }
    end(&served);
}
END_TEST

/* ---- functions that do more ---- */

struct chain {
    thrift_client *client;
    int left;
    struct ends ends;
};

static void next_link(thrift_outcome *outcome, const thrift_error *err, void *data)
{
    struct chain *chain = data;

    if (err == NULL && chain->left-- > 0) {
        thrift_outcome_free(outcome);
        ck_assert_int_eq(
            thrift_client_start(chain->client, "add", THRIFT_ARGS(1, 1), next_link, chain, NULL),
            THRIFT_OK);
        return;
    }
    thrift_client_free(chain->client); /* within its own function */
    on_end(outcome, err, &chain->ends);
}

START_TEST(functions_start_and_free)
{
    struct served served;
    struct chain chain = {.left = 50};

    serve(&served);
    ends_init(&chain.ends);
    chain.client = open_on(&served, "", served.loop, NULL);
    ck_assert_int_eq(
        thrift_client_start(chain.client, "add", THRIFT_ARGS(1, 1), next_link, &chain, NULL),
        THRIFT_OK);
    wait_for(&chain.ends, 1);
    ck_assert_int_eq(chain.ends.results, 1);
    end(&served);
}
END_TEST

START_TEST(a_loop_may_end_with_its_last_client)
{
    struct served served;
    struct chain chain = {.left = 2};

    serve(&served);
    ends_init(&chain.ends);
    chain.client = open_on(&served, "", served.loop, NULL);
    thrift_loop_free(served.loop); /* before the client, which is freed on the loop's thread */
    served.loop = NULL;
    ck_assert_int_eq(
        thrift_client_start(chain.client, "add", THRIFT_ARGS(1, 1), next_link, &chain, NULL),
        THRIFT_OK);
    wait_for(&chain.ends, 1);
    (void)poll(NULL, 0, 50); /* its thread frees what is left */
    end(&served);
}
END_TEST

/* ---- on a program's loop ---- */

static void on_end_of_guest(thrift_outcome *outcome, const thrift_error *err, void *data)
{
    struct chain *chain = data;

    on_end(outcome, err, &chain->ends);
    if (chain->ends.results + chain->ends.errors == chain->left) {
        thrift_client_free(chain->client);
    }
}

START_TEST(a_guest_of_a_program)
{
    struct served served;
    struct chain chain = {.left = 100};
    uv_loop_t uv;
    thrift_loop *guest;
    thrift_error err = THRIFT_ERROR_INIT;

    serve(&served);
    ends_init(&chain.ends);
    ck_assert_int_eq(uv_loop_init(&uv), 0);
    guest = thrift_loop_new_uv(&uv, &err);
    chain.client = open_on(&served, "?transport=framed", guest, NULL);
    for (int i = 0; i < chain.left; i++) {
        ck_assert_int_eq(thrift_client_start(chain.client, "add", THRIFT_ARGS(i, 1),
                                             on_end_of_guest, &chain, &err),
                         THRIFT_OK);
    }
    while (chain.ends.results < chain.left) {
        (void)uv_run(&uv, UV_RUN_ONCE);
    }
    (void)uv_run(&uv, UV_RUN_DEFAULT); /* ends by itself: the client is free */
    thrift_loop_free(guest);
    (void)uv_run(&uv, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(&uv), 0);
    end(&served);
}
END_TEST

/* One thread, so that allocations can be counted. */
START_TEST(allocations_may_fail)
{
    struct served served;
    uv_loop_t uv;

    serve(&served);
    ck_assert_int_eq(uv_loop_init(&uv), 0);
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        const thrift_allocator allocator = failing_allocator_of(&memory);
        struct chain chain = {.left = 2};
        thrift_loop *guest = thrift_loop_new_uv(&uv, NULL);
        int started = 0;

        ends_init(&chain.ends);
        chain.client = open_on(&served, "?transport=framed", guest, &allocator);
        for (int i = 0; i < chain.left && chain.client != NULL; i++) {
            started += thrift_client_start(chain.client, "add", THRIFT_ARGS(i, 1), on_end,
                                           &chain.ends, NULL) == THRIFT_OK;
        }
        while (chain.ends.results + chain.ends.errors < started) {
            (void)uv_run(&uv, UV_RUN_ONCE);
        }
        ck_assert_msg(chain.ends.errors == 0 || chain.ends.last_error == THRIFT_E_NOMEM ||
                          chain.ends.last_error == THRIFT_E_CLOSED,
                      "%zu: %s", k, chain.ends.last_message);
        thrift_client_free(chain.client);
        (void)uv_run(&uv, UV_RUN_DEFAULT);
        thrift_loop_free(guest);
        (void)uv_run(&uv, UV_RUN_DEFAULT);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            ck_assert_int_eq(chain.ends.results, 2);
            break;
        }
    }
    ck_assert_int_eq(uv_loop_close(&uv), 0);
    end(&served);
}
END_TEST

/* ---- against a peer that answers as it likes ---- */

#define REQUEST_SIZE 34 /* of add(): frame, strict header, two i32 fields, stop */
#define REQUESTS_MOST 64

struct far_end {
    int listening, fd;
    int count;
    int32_t ids[REQUESTS_MOST];
};

static void peer_open(struct far_end *peer, const char *name)
{
    struct address address;
    struct sockaddr_storage at;

    *peer = (struct far_end){.listening = socket(AF_UNIX, SOCK_STREAM, 0), .fd = -1};
    ck_assert_int_eq(address_parse(name, &address, NULL), THRIFT_OK);
    ck_assert_int_eq(bind(peer->listening, (struct sockaddr *)&at, address_to_unix(&address, &at)),
                     0);
    ck_assert_int_eq(listen(peer->listening, 5), 0);
}

static void peer_close(const struct far_end *peer)
{
    close(peer->fd);
    close(peer->listening);
}

static void peer_take(struct far_end *peer, int count)
{
    uint8_t request[REQUEST_SIZE];

    if (peer->fd < 0) {
        const struct timeval patience = {PATIENCE_MS / 1000, 0};

        peer->fd = accept(peer->listening, NULL, NULL);
        (void)setsockopt(peer->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    for (int i = 0; i < count; i++) {
        ck_assert_int_eq(recv(peer->fd, request, sizeof request, MSG_WAITALL), REQUEST_SIZE);
        peer->ids[peer->count++] = (int32_t)load_big32(request + 15);
    }
}

/* The i-th request is answered with i. */
static void peer_answer(struct far_end *peer, int i)
{
    uint8_t reply[] = {0,   0, 0, 23, 0x80, 1, 0, 2, 0, 0, 0, 3, 'a', 'd',
                       'd', 0, 0, 0,  0,    8, 0, 0, 0, 0, 0, 0, 0};

    store_big32(reply + 15, (uint32_t)peer->ids[i]);
    store_big32(reply + 22, (uint32_t)i);
    ck_assert_int_eq(send(peer->fd, reply, sizeof reply, MSG_NOSIGNAL), sizeof reply);
}

struct talk {
    struct fixture fixture;
    thrift_loop *loop;
    thrift_client *client;
    struct ends ends[REQUESTS_MOST];
    struct far_end peer;
};

static void talk_open(struct talk *talk, const char *name, int32_t first_id, uint32_t timeout_ms)
{
    char address[64];
    thrift_error err = THRIFT_ERROR_INIT;

    fixture_open(&talk->fixture);
    peer_open(&talk->peer, name);
    for (size_t i = 0; i < COUNT_OF(talk->ends); i++) {
        ends_init(&talk->ends[i]);
    }
    talk->loop = thrift_loop_new(&err);
    (void)snprintf(address, sizeof address, "%s?transport=framed", name);
    talk->client =
        thrift_client_open(address, talk->fixture.schema, "Users",
                           THRIFT_CLIENT_OPTIONS(.loop = talk->loop, .call_timeout_ms = timeout_ms,
                                                 .first_sequence_id = first_id),
                           &err);
    ck_assert_msg(talk->client != NULL, "%s", err.message);
}

static void talk_start(struct talk *talk, int from, int to)
{
    for (int i = from; i < to; i++) {
        ck_assert_int_eq(thrift_client_start(talk->client, "add", THRIFT_ARGS(i, i), on_end,
                                             &talk->ends[i], NULL),
                         THRIFT_OK);
    }
}

static void talk_close(struct talk *talk)
{
    thrift_client_free(talk->client);
    thrift_loop_free(talk->loop);
    peer_close(&talk->peer);
    fixture_close(&talk->fixture);
}

START_TEST(replies_in_any_order)
{
    struct talk talk;

    talk_open(&talk, own_address("any-order", ""), INT32_MAX - 5, PATIENCE_MS);
    talk_start(&talk, 0, 50);
    peer_take(&talk.peer, 50);
    ck_assert_int_eq(talk.peer.ids[10], INT32_MIN + 4);
    for (int i = 49; i >= 0; i--) {
        peer_answer(&talk.peer, i);
    }
    for (int i = 0; i < 50; i++) {
        wait_for(&talk.ends[i], 1);
        ck_assert_int_eq(talk.ends[i].last_result, i);
    }
    talk_close(&talk);
}
END_TEST

START_TEST(one_late_reply_ends_its_call_alone)
{
    struct talk talk;

    talk_open(&talk, own_address("late", ""), 0, 1000);
    talk_start(&talk, 0, 3);
    peer_take(&talk.peer, 3);
    (void)poll(NULL, 0, 20); /* the answers come later than the requests, by the loop's clock */
    peer_answer(&talk.peer, 0);
    peer_answer(&talk.peer, 2);
    wait_for(&talk.ends[0], 1);
    wait_for(&talk.ends[1], 1);
    wait_for(&talk.ends[2], 1);
    ck_assert_int_eq(talk.ends[1].last_error, THRIFT_E_DEADLINE);
    ck_assert_int_eq(talk.ends[2].last_result, 2);
    talk_start(&talk, 3, 4);
    peer_take(&talk.peer, 1); /* on the same connection */
    peer_answer(&talk.peer, 1);
    peer_answer(&talk.peer, 3);
    wait_for(&talk.ends[3], 1);
    ck_assert_int_eq(talk.ends[3].last_result, 3);
    ck_assert_int_eq(talk.ends[1].results + talk.ends[1].errors, 1);
    talk_close(&talk);
}
END_TEST

START_TEST(a_silent_peer_is_given_up)
{
    struct talk talk;

    talk_open(&talk, own_address("silent", ""), 0, 300);
    talk_start(&talk, 0, 2);
    peer_take(&talk.peer, 2);
    wait_for(&talk.ends[0], 1);
    wait_for(&talk.ends[1], 1);
    ck_assert_int_eq(talk.ends[0].last_error, THRIFT_E_DEADLINE);
    close(talk.peer.fd);
    talk.peer.fd = -1;
    talk_start(&talk, 2, 3);
    peer_take(&talk.peer, 1); /* on another connection */
    peer_answer(&talk.peer, 2);
    wait_for(&talk.ends[2], 1);
    ck_assert_int_eq(talk.ends[2].results, 1);
    talk_close(&talk);
}
END_TEST

START_TEST(calls_are_cancelled)
{
    struct talk talk;

    talk_open(&talk, own_address("cancelled", ""), 0, PATIENCE_MS);
    talk_start(&talk, 0, 3);
    peer_take(&talk.peer, 3);
    ck_assert_int_eq(thrift_client_cancel(talk.client, &talk.ends[1], NULL), THRIFT_OK);
    wait_for(&talk.ends[1], 1);
    ck_assert_int_eq(talk.ends[1].last_error, THRIFT_E_CANCELLED);
    for (int i = 0; i < 3; i++) {
        peer_answer(&talk.peer, i);
    }
    wait_for(&talk.ends[0], 1);
    wait_for(&talk.ends[2], 1);
    ck_assert_int_eq(talk.ends[0].results + talk.ends[2].results, 2);
    ck_assert_int_eq(talk.ends[1].results, 0);
    talk_start(&talk, 3, 5);
    thrift_client_free(talk.client); /* what is left ends before it returns */
    talk.client = NULL;
    ck_assert_int_eq(talk.ends[3].last_error, THRIFT_E_CANCELLED);
    ck_assert_int_eq(talk.ends[4].last_error, THRIFT_E_CANCELLED);
    talk_close(&talk);
}
END_TEST

START_TEST(a_lost_connection_ends_what_was_written)
{
    struct talk talk;
    struct far_end *peer = &talk.peer;

    talk_open(&talk, own_address("lost", ""), 0, PATIENCE_MS);
    talk_start(&talk, 0, 2);
    peer_take(peer, 2);
    peer_answer(peer, 0);
    wait_for(&talk.ends[0], 1);
    close(peer->fd);
    peer->fd = -1;
    wait_for(&talk.ends[1], 1);
    ck_assert_int_eq(talk.ends[1].last_error, THRIFT_E_CLOSED);
    talk_start(&talk, 2, 4);
    peer_take(peer, 2);
    peer->ids[2]++; /* not the id of any call but the next one's: the other is lost */
    peer_answer(peer, 2);
    wait_for(&talk.ends[3], 1);
    ck_assert_int_eq(talk.ends[3].last_result, 2);
    peer->ids[2] = 77;
    peer_answer(peer, 2);
    wait_for(&talk.ends[2], 1);
    ck_assert_int_eq(talk.ends[2].last_error, THRIFT_E_PROTOCOL);
    ck_assert_ptr_nonnull(strstr(talk.ends[2].last_message, "77"));
    talk_close(&talk);
}
END_TEST

START_TEST(nobody_is_there)
{
    struct talk talk;

    talk_open(&talk, own_address("nobody", ""), 0, PATIENCE_MS);
    close(talk.peer.listening);
    talk.peer.listening = -1;
    talk_start(&talk, 0, 2);
    wait_for(&talk.ends[0], 1);
    wait_for(&talk.ends[1], 1);
    ck_assert_int_eq(talk.ends[0].last_error, THRIFT_E_CONNECT);
    talk_close(&talk);
}
END_TEST

/* ---- the table ---- */

START_TEST(calls_are_found_by_their_ids)
{
    const thrift_allocator plain = {NULL, NULL};
    struct call_table table;
    static struct call_entry entries[300];

    call_table_init(&table, &plain);
    ck_assert_ptr_null(call_table_find(&table, 1));
    for (int i = 0; i < 300; i++) {
        entries[i].sequence_id = (int32_t)((uint32_t)(INT32_MAX - 100) + (uint32_t)i);
        ck_assert(call_table_add(&table, &entries[i]));
    }
    for (int i = 0; i < 300; i += 3) {
        ck_assert_ptr_eq(call_table_find(&table, entries[i].sequence_id), &entries[i]);
        call_table_remove(&table, &entries[i]);
        ck_assert_ptr_null(call_table_find(&table, entries[i].sequence_id));
    }
    ck_assert_uint_eq(table.count, 200);
    ck_assert_ptr_eq(table.oldest, &entries[1]);
    ck_assert_ptr_eq(table.newest, &entries[299 - (299 % 3 == 0)]);
    for (int i = 0; i < 300; i++) {
        if (i % 3 != 0) {
            call_table_remove(&table, &entries[i]);
        }
    }
    ck_assert_ptr_null(table.oldest);
    ck_assert_ptr_null(table.newest);
    call_table_deinit(&table);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, many_calls_in_every_way, 0, (int)COUNT_OF(ways));
    tcase_add_test(tests, mistakes_come_at_once);
    tcase_add_test(tests, threads_share_a_loop);
    tcase_add_test(tests, functions_start_and_free);
    tcase_add_test(tests, a_loop_may_end_with_its_last_client);
    tcase_add_test(tests, a_guest_of_a_program);
    tcase_add_test(tests, allocations_may_fail);
    tcase_add_test(tests, replies_in_any_order);
    tcase_add_test(tests, one_late_reply_ends_its_call_alone);
    tcase_add_test(tests, a_silent_peer_is_given_up);
    tcase_add_test(tests, calls_are_cancelled);
    tcase_add_test(tests, a_lost_connection_ends_what_was_written);
    tcase_add_test(tests, nobody_is_there);
    tcase_add_test(tests, calls_are_found_by_their_ids);
}

SUITE_MAIN("rpc/loop_link")
