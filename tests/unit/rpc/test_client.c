/*
 * Clients against our server, and against a peer that does everything wrong.
 *
 * Covers also: client_arguments.c, client_call.c, destination.c, dialogue.c, exchange.c, link.c,
 * link_exchange.c, link_pings.c, outcome.c, pending.c.
 */
#include <rethrift/client.h>
#include <rethrift/server.h>

#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "fixture.h"
#include "own_address.h"
#include "suite.h"
#include "transport/http.h"
#include "transport/socket.h"
#include "transport/websocket.h"

/* ---- against our server ---- */

struct served {
    struct fixture fixture;
    thrift_server *server;
};

static void serve(struct served *served)
{
    thrift_error err = THRIFT_ERROR_INIT;

    fixture_open(&served->fixture);
    served->server =
        thrift_server_new(served->fixture.schema, served->fixture.registry, NULL, &err);
    ck_assert_int_eq(thrift_server_listen(served->server, "tcp://127.0.0.1:0", &err), THRIFT_OK);
    ck_assert_int_eq(thrift_server_start(served->server, &err), THRIFT_OK);
}

static void end(struct served *served)
{
    thrift_server_free(served->server);
    fixture_close(&served->fixture);
}

static thrift_client *open_with(struct served *served, const char *options)
{
    char address[128];
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_client *client;

    (void)snprintf(address, sizeof address, "%s%s", thrift_server_address(served->server, 0),
                   options);
    client = thrift_client_open(address, served->fixture.schema, "Users", NULL, &err);
    ck_assert_msg(client != NULL, "%s", err.message);
    return client;
}

static const char *const ways[] = {"",
                                   "?transport=framed",
                                   "?protocol=compact",
                                   "?protocol=compact&transport=framed",
                                   "?transport=header&header.trace=42",
                                   "?transport=framed&transport=header",
                                   "?compress=zlib&transport=header&protocol=compact",
                                   "?transport=zlib",
                                   "?transport=http&path=/service&header.x-trace=1",
                                   "?protocol=binary-old",
                                   "?protocol=binary-old&transport=framed",
                                   "?transport=http&protocol=json",
                                   "?transport=websocket",
                                   "?transport=websocket&protocol=json",
                                   "?service=Users",
                                   "?service=Users&protocol=compact"};

START_TEST(calls_in_every_way)
{
    struct served served;
    thrift_client *client;
    thrift_outcome *out;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *args;

    serve(&served);
    client = open_with(&served, ways[_i]);
    ck_assert_msg(thrift_client_do(client, "ping", THRIFT_NO_ARGS, &err) == THRIFT_OK, "%s",
                  err.message);
    out = thrift_client_call(client, "get", THRIFT_ARGS(1), &err);
    ck_assert_str_eq(thrift_get_string(thrift_outcome_record(out, &err), "email"),
                     "ada@example.org");
    thrift_outcome_free(out);
    out = thrift_client_call(client, "get", THRIFT_ARGS(404), &err);
    ck_assert_int_eq(thrift_outcome_is(out), THRIFT_OUTCOME_EXCEPTION);
    ck_assert_ptr_nonnull(thrift_outcome_exception(out, NULL));
    ck_assert_ptr_null(thrift_outcome_exception(out, "Denied"));
    ck_assert_int_eq(thrift_get_i32(thrift_outcome_exception(out, "NotFound"), "id"), 404);
    ck_assert_int_eq(thrift_outcome_check(out, &err), THRIFT_E_EXCEPTION);
    ck_assert_str_eq(err.message, "NotFound: no such user");
    thrift_outcome_free(out);
    ck_assert_int_eq(thrift_client_do(client, "unhandled", THRIFT_NO_ARGS, &err),
                     THRIFT_E_APPLICATION);
    ck_assert_int_eq(thrift_client_do(client, "fire", THRIFT_ARGS(3), &err), THRIFT_OK);
    args = thrift_client_args(client, "add", &err);
    (void)thrift_set(args, "a", 40, "b", 2);
    out = thrift_client_send(client, args, &err);
    ck_assert_int_eq(thrift_as_i32(thrift_outcome_result(out, &err)), 42);
    ck_assert_int_eq(atomic_load(&served.fixture.fired), 1);
    thrift_record_free(args);
    thrift_outcome_free(out);
    out = thrift_client_call(client, "blob", THRIFT_ARGS(1000000), &err);
    ck_assert_uint_eq(thrift_as_bytes(thrift_outcome_result(out, &err)).size, 1000000);
    thrift_client_free(client);
    end(&served);
    ck_assert_uint_eq(thrift_as_bytes(thrift_outcome_result(out, &err)).data[999999], 'x');
    thrift_outcome_free(out);
}
END_TEST

static thrift_status on_unhandled(thrift_call *call, const thrift_record *args, void *context)
{
    const char *trace = thrift_call_header(call, "Trace-Id"),
               *user = thrift_call_header(call, "user");

    (void)args, (void)context;
    return trace != NULL && strcmp(trace, "42") == 0 && user != NULL && strcmp(user, "Ada") == 0
               ? THRIFT_OK
               : thrift_fail(call, "trace-id %s, user %s", trace != NULL ? trace : "none",
                             user != NULL ? user : "none");
}

static const char *const ways_with_headers[] = {
    "?transport=header&header.trace-id=42&header.user=Ada",
    "?transport=header&compress=zlib&protocol=compact&header.trace-id=42&header.user=Ada",
    "?transport=http&header.trace-id=42&header.user=Ada",
    "?transport=http&transport=header&header.trace-id=42&header.user=Ada"};

START_TEST(headers_of_the_address_reach_the_handler)
{
    struct served served;
    thrift_client *client;
    thrift_error err = THRIFT_ERROR_INIT;

    serve(&served);
    ck_assert_int_eq(thrift_bind(served.fixture.registry, "Users.unhandled", on_unhandled, NULL),
                     THRIFT_OK);
    ck_assert_int_eq(thrift_server_rebind(served.server, &err), THRIFT_OK);
    client = open_with(&served, ways_with_headers[_i]);
    for (int i = 0; i < 2; i++) { /* with each call */
        ck_assert_msg(thrift_client_do(client, "unhandled", THRIFT_NO_ARGS, &err) == THRIFT_OK,
                      "%s", err.message);
    }
    thrift_client_free(client);
    end(&served);
}
END_TEST

START_TEST(mistakes_are_found_before_a_byte_leaves)
{
    struct served served;
    thrift_client *client;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *user;

    serve(&served);
    client = open_with(&served, "");
    user = thrift_record_new(served.fixture.schema, "User", &err);
    ck_assert_int_eq(thrift_client_do(client, "nothing", THRIFT_NO_ARGS, &err), THRIFT_E_NAME);
    ck_assert_int_eq(thrift_client_do(client, "get", THRIFT_NO_ARGS, &err), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_client_do(client, "get", THRIFT_ARGS("x"), &err), THRIFT_E_TYPE);
    ck_assert_int_eq(thrift_client_do(client, "get", THRIFT_ARGS(INT64_MAX), &err), THRIFT_E_RANGE);
    ck_assert_int_eq(thrift_client_do(client, "put", THRIFT_ARGS(user), &err), THRIFT_E_REQUIRED);
    ck_assert_ptr_null(thrift_client_send(client, user, &err));
    ck_assert_int_eq(err.code, THRIFT_E_TYPE);
    ck_assert_int_eq(thrift_client_do(client, "ping", THRIFT_NO_ARGS, &err), THRIFT_OK);
    ck_assert_int_eq(atomic_load(&served.fixture.calls), 1);
    thrift_record_free(user);
    thrift_client_free(client);
    end(&served);
}
END_TEST

struct caller {
    thrift_client *client;
    int32_t first;
    int failures;
};

static void *call_often(void *data)
{
    struct caller *caller = data;

    for (int32_t i = caller->first; i < caller->first + 200; i++) {
        thrift_outcome *out = thrift_client_call(caller->client, "add", THRIFT_ARGS(i, 1), NULL);

        caller->failures += thrift_as_i32(thrift_outcome_result(out, NULL)) != i + 1;
        thrift_outcome_free(out);
    }
    return NULL;
}

START_TEST(threads_share_a_connection)
{
    struct served served;
    thrift_client *client;
    struct caller callers[8];
    pthread_t threads[COUNT_OF(callers)];

    serve(&served);
    client = open_with(&served, ways[_i]);
    for (size_t i = 0; i < COUNT_OF(callers); i++) {
        callers[i] = (struct caller){client, (int32_t)i * 1000, 0};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, call_often, &callers[i]), 0);
    }
    for (size_t i = 0; i < COUNT_OF(callers); i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert_int_eq(callers[i].failures, 0);
    }
    thrift_client_free(client);
    end(&served);
}
END_TEST

START_TEST(sequence_ids_turn_negative)
{
    struct served served;
    thrift_client *client;
    thrift_error err = THRIFT_ERROR_INIT;
    char address[128];

    serve(&served);
    (void)snprintf(address, sizeof address, "%s%s", thrift_server_address(served.server, 0),
                   ways[_i]);
    client = thrift_client_open(address, served.fixture.schema, "Users",
                                THRIFT_CLIENT_OPTIONS(.first_sequence_id = INT32_MAX - 2), &err);
    for (int i = 0; i < 6; i++) {
        ck_assert_msg(thrift_client_do(client, "ping", THRIFT_NO_ARGS, &err) == THRIFT_OK, "%d: %s",
                      i, err.message);
    }
    thrift_client_free(client);
    end(&served);
}
END_TEST

START_TEST(calls_are_pipelined)
{
    struct served served;
    thrift_client *client;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_pending *pending[500], *dropped;
    thrift_record *args;

    serve(&served);
    client = open_with(&served, ways[_i]);
    for (int i = 0; i < (int)COUNT_OF(pending); i++) {
        pending[i] = i % 7 == 0 ? thrift_client_begin(client, "fire", THRIFT_ARGS(i), &err)
                                : thrift_client_begin(client, "add", THRIFT_ARGS(i, 1), &err);
        ck_assert_msg(pending[i] != NULL, "%s", err.message);
    }
    for (int i = (int)COUNT_OF(pending) - 1; i >= 0; i--) { /* the last first */
        thrift_outcome *out = thrift_pending_finish(pending[i], &err);

        ck_assert_msg(out != NULL, "%d: %s", i, err.message);
        ck_assert_int_eq(thrift_as_i32(thrift_outcome_result(out, &err)), i % 7 == 0 ? 0 : i + 1);
        thrift_outcome_free(out);
    }
    args = thrift_client_args(client, "add", &err);
    (void)thrift_set(args, "a", 40, "b", 2);
    pending[0] = thrift_client_begin_args(client, args, &err);
    thrift_record_free(args);
    ck_assert_int_eq(thrift_client_do(client, "ping", THRIFT_NO_ARGS, &err), THRIFT_OK);
    thrift_outcome *out = thrift_pending_finish(pending[0], &err);
    ck_assert_int_eq(thrift_as_i32(thrift_outcome_result(out, &err)), 42);
    thrift_outcome_free(out);
    /* a dropped one costs the connection, not the client */
    dropped = thrift_client_begin(client, "add", THRIFT_ARGS(1, 1), &err);
    pending[0] = thrift_client_begin(client, "add", THRIFT_ARGS(1, 1), &err);
    thrift_pending_free(dropped);
    out = thrift_pending_finish(pending[0], &err);
    /* over HTTP the reply was there already */
    ck_assert_int_eq(out != NULL, strstr(ways[_i], "=http") != NULL);
    ck_assert(out != NULL || err.code == THRIFT_E_CLOSED);
    thrift_outcome_free(out);
    ck_assert_int_eq(thrift_client_do(client, "ping", THRIFT_NO_ARGS, &err), THRIFT_OK);
    ck_assert_ptr_null(thrift_client_begin(client, "add", THRIFT_ARGS(1), &err));
    ck_assert_int_eq(err.code, THRIFT_E_ARGUMENT);
    ck_assert_ptr_null(thrift_pending_finish(NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_ARGUMENT);
    thrift_pending_free(NULL);
    thrift_client_free(client);
    end(&served);
}
END_TEST

START_TEST(datagrams_carry_oneway_calls)
{
    struct fixture fixture;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_server *server;
    thrift_client *client;
    char address[128];

    fixture_open(&fixture);
    server = thrift_server_new(fixture.schema, fixture.registry, NULL, &err);
    ck_assert_int_eq(thrift_server_listen(server, "udp://127.0.0.1:0", &err), THRIFT_OK);
    ck_assert_int_eq(thrift_server_start(server, &err), THRIFT_OK);
    (void)snprintf(address, sizeof address, "%s?protocol=compact",
                   thrift_server_address(server, 0));
    client = thrift_client_open(address, fixture.schema, "Users", NULL, &err);
    ck_assert_msg(client != NULL, "%s", err.message);
    ck_assert_int_eq(thrift_client_do(client, "fire", THRIFT_ARGS(3), &err), THRIFT_OK);
    ck_assert_int_eq(thrift_client_do(client, "ping", THRIFT_NO_ARGS, &err), THRIFT_E_ARGUMENT);
    for (int i = 0; i < 500 && atomic_load(&fixture.fired) == 0; i++) {
        (void)poll(NULL, 0, 10);
    }
    ck_assert_int_eq(atomic_load(&fixture.fired), 1);
    thrift_client_free(client);
    thrift_server_free(server);
    fixture_close(&fixture);
}
END_TEST

static thrift_status call_from_handler(thrift_call *call, const thrift_record *args, void *context)
{
    thrift_error err = THRIFT_ERROR_INIT;

    (void)args;
    return thrift_client_do(context, "ping", THRIFT_NO_ARGS, &err) == THRIFT_E_STATE
               ? THRIFT_OK
               : thrift_fail(call, "it did not say E_STATE");
}

START_TEST(a_handler_may_not_wait)
{
    struct served served;
    thrift_client *client;
    thrift_error err = THRIFT_ERROR_INIT;

    serve(&served);
    client = open_with(&served, "");
    ck_assert_int_eq(
        thrift_bind(served.fixture.registry, "Users.unhandled", call_from_handler, client),
        THRIFT_OK);
    ck_assert_int_eq(thrift_server_rebind(served.server, &err), THRIFT_OK);
    ck_assert_msg(thrift_client_do(client, "unhandled", THRIFT_NO_ARGS, &err) == THRIFT_OK, "%s",
                  err.message);
    thrift_client_free(client);
    end(&served);
}
END_TEST

START_TEST(reconnects_when_the_server_comes_back)
{
    struct served served;
    thrift_client *client;
    thrift_error err = THRIFT_ERROR_INIT;
    char address[64];
    thrift_server *next;

    serve(&served);
    client = open_with(&served, "");
    (void)snprintf(address, sizeof address, "%s", thrift_server_address(served.server, 0));
    ck_assert_int_eq(thrift_client_do(client, "ping", THRIFT_NO_ARGS, &err), THRIFT_OK);
    thrift_server_free(served.server);
    (void)poll(NULL, 0, 20); /* idle long enough to look before sending */
    ck_assert_int_eq(thrift_client_do(client, "ping", THRIFT_NO_ARGS, &err), THRIFT_E_CONNECT);
    next = thrift_server_new(served.fixture.schema, served.fixture.registry, NULL, &err);
    ck_assert_int_eq(thrift_server_listen(next, address, &err), THRIFT_OK);
    ck_assert_int_eq(thrift_server_start(next, &err), THRIFT_OK);
    ck_assert_msg(thrift_client_do(client, "ping", THRIFT_NO_ARGS, &err) == THRIFT_OK, "%s",
                  err.message);
    served.server = next;
    thrift_client_free(client);
    end(&served);
}
END_TEST

/* ---- against a peer with a script ---- */

struct script {
    const char *name;
    thrift_bytes answer; /* to the first request, which is add() with sequence id 1 */
    bool close;          /* afterwards */
    thrift_status status;
    const char *mentions;
    const char *options; /* of the address; NULL: none */
};

#define HEAD(kind, id, letter) 0x80, 1, 0, kind, 0, 0, 0, 3, letter, 'd', 'd', 0, 0, 0, id

static const struct script scripts[] = {
    {"good", BYTES(HEAD(2, 1, 'a'), 8, 0, 0, 0, 0, 0, 3, 0), false, THRIFT_OK, NULL},
    {"closes at once", {NULL, 0}, true, THRIFT_E_CLOSED, "closed"},
    {"closes in the middle", BYTES(HEAD(2, 1, 'a'), 8, 0, 0), true, THRIFT_E_CLOSED, "closed"},
    {"another sequence id", BYTES(HEAD(2, 9, 'a'), 8, 0, 0, 0, 0, 0, 3, 0), false,
     THRIFT_E_PROTOCOL, "sequence id 9"},
    {"another method", BYTES(HEAD(2, 1, 'x'), 8, 0, 0, 0, 0, 0, 3, 0), false, THRIFT_E_PROTOCOL,
     "\"xdd\""},
    {"no result", BYTES(HEAD(2, 1, 'a'), 0), false, THRIFT_E_APPLICATION, "no result"},
    {"malformed exception", BYTES(HEAD(3, 1, 'a'), 11, 0, 1, 0xff, 0xff, 0xff, 0xff, 0), false,
     THRIFT_E_CORRUPT, ""},
    {"empty exception", BYTES(HEAD(3, 1, 'a'), 0), false, THRIFT_E_APPLICATION, "without a text"},
    {"a call", BYTES(HEAD(1, 1, 'a'), 0), false, THRIFT_E_PROTOCOL, "no reply"},
    {"two gigabytes", BYTES(0x7f, 0xff, 0xff, 0xff, 0x80, 1, 0, 2), false, THRIFT_E_PROTOCOL, ""},
    {"framed", BYTES(0, 0, 0, 23, HEAD(2, 1, 'a'), 8, 0, 0, 0, 0, 0, 3, 0), false,
     THRIFT_E_PROTOCOL, "framed binary"},
    {"HTTP", BYTES('H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '4', '0', '0', ' ', 'B', 'a', 'd'),
     false, THRIFT_E_PROTOCOL, "the peer answered with HTTP 400 Bad Request"},
    {"HTTP, no status", BYTES('H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '4', 'x', '0', '\r'),
     false, THRIFT_E_PROTOCOL, "this is an HTTP response"},
    {"TLS", BYTES(0x15, 3, 1, 0, 2, 2, 70), false, THRIFT_E_PROTOCOL, "TLS"},
    {"Redis", BYTES('-', 'E', 'R', 'R', ' ', 'u', 'n', 'k', 'n', 'o', 'w', 'n'), false,
     THRIFT_E_PROTOCOL, "Redis"},
    {"THeader",
     BYTES(0, 0, 0, 37, 0x0f, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, HEAD(2, 1, 'a'), 8, 0, 0, 0,
           0, 0, 3, 0),
     false, THRIFT_E_PROTOCOL, "THeader frames"},
    {"THeader, transform 3",
     BYTES(0, 0, 0, 16, 0x0f, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 3, 0, 0, 0), false,
     THRIFT_E_PROTOCOL, "in a THeader frame with transform 3", "?transport=header"},
    {"THeader, protocol 5",
     BYTES(0, 0, 0, 16, 0x0f, 0xff, 0, 0, 0, 0, 0, 1, 0, 1, 5, 0, 0, 0, 0, 0), false,
     THRIFT_E_PROTOCOL, "in a THeader frame with protocol 5", "?transport=header"},
    {"old header to an old one",
     BYTES(0, 0, 0, 3, 'a', 'd', 'd', 2, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0, 3, 0), false, THRIFT_OK,
     NULL, "?protocol=binary-old"},
    {"framed, not THeader", BYTES(0, 0, 0, 23, HEAD(2, 1, 'a'), 8, 0, 0, 0, 0, 0, 3, 0), false,
     THRIFT_E_PROTOCOL, "another way than it is asked: framed binary", "?transport=header"},
    {"compact, not binary", BYTES(0x82, 0x41, 1, 3, 'a', 'd', 'd', 5, 0, 6, 0), false,
     THRIFT_E_PROTOCOL, "another way than it is asked: unframed compact"},
    {"Redis to HTTP", BYTES('-', 'E', 'R', 'R', ' ', 'u', 'n', 'k', 'n', 'o', 'w', 'n'), false,
     THRIFT_E_PROTOCOL, "not HTTP: this is a Redis error", "?transport=http"},
    {"TLS to HTTP", BYTES(0x15, 3, 1, 0, 2, 2, 70), false, THRIFT_E_PROTOCOL,
     "not HTTP: this is a TLS alert", "?transport=http"},
    {"Thrift to HTTP", BYTES(0, 0, 0, 23, HEAD(2, 1, 'a'), 8, 0, 0, 0, 0, 0, 3, 0), false,
     THRIFT_E_PROTOCOL, "not HTTP: the peer answers with framed binary", "?transport=http"},
    {"TLS to WebSocket", BYTES(0x15, 3, 1, 0, 2, 2, 70), false, THRIFT_E_PROTOCOL,
     "not HTTP: this is a TLS alert", "?transport=websocket"},
    {"HTTP to WebSocket",
     BYTES('H', 'T', 'T', 'P', '/', '1', '.', '1', ' ', '4', '0', '3', ' ', 'N', 'o', '\r', '\n',
           '\r', '\n'),
     false, THRIFT_E_PROTOCOL, "HTTP 403 Forbidden", "?transport=websocket"},
    {"never", {NULL, 0}, false, THRIFT_E_DEADLINE, "in time"},
};

struct scripted_peer {
    const struct script *script;
    int listening;
    int connections;
};

static void *play(void *data)
{
    struct scripted_peer *peer = data;
    uint8_t request[256];
    int fd = accept(peer->listening, NULL, NULL);

    peer->connections++;
    ck_assert_int_gt(recv(fd, request, sizeof request, 0), 0);
    if (peer->script->answer.size > 0) {
        ck_assert_int_eq(
            send(fd, peer->script->answer.data, peer->script->answer.size, MSG_NOSIGNAL),
            (ssize_t)peer->script->answer.size);
    }
    if (!peer->script->close) {
        (void)recv(fd, request, sizeof request, 0); /* until the client goes */
    }
    close(fd);
    return NULL;
}

START_TEST(a_peer_with_a_script)
{
    const struct script *script = &scripts[_i];
    struct scripted_peer peer = {script, socket(AF_UNIX, SOCK_STREAM, 0), 0};
    struct fixture fixture;
    struct address address;
    struct sockaddr_storage at;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_client *client;
    thrift_status status;
    uint64_t begin;
    pthread_t thread;
    char url[128];

    fixture_open(&fixture);
    ck_assert_int_eq(address_parse(own_address("test-script", ""), &address, NULL), THRIFT_OK);
    ck_assert_int_eq(bind(peer.listening, (struct sockaddr *)&at, address_to_unix(&address, &at)),
                     0);
    ck_assert_int_eq(listen(peer.listening, 5), 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, play, &peer), 0);
    (void)snprintf(url, sizeof url, "%s%s", own_address("test-script", ""),
                   script->options != NULL ? script->options : "");
    client = thrift_client_open(url, fixture.schema, NULL,
                                THRIFT_CLIENT_OPTIONS(.call_timeout_ms = 500, .connect_late = true),
                                &err);
    ck_assert_ptr_nonnull(client);
    begin = clock_now_ns();
    status = thrift_client_do(client, "add", THRIFT_ARGS(1, 2), &err);
    ck_assert_msg(status == script->status, "%s: %s %s", script->name, thrift_status_name(status),
                  err.message);
    ck_assert_uint_lt(clock_now_ns() - begin, (uint64_t)3000 * 1000000);
    ck_assert_msg(status == THRIFT_OK || strstr(err.message, script->mentions) != NULL, "%s: %s",
                  script->name, err.message);
    thrift_client_free(client);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(peer.connections, 1); /* nothing was sent again */
    close(peer.listening);
    fixture_close(&fixture);
}
END_TEST

/* ---- against a WebSocket's server that pings ---- */

struct pinging_peer {
    int listening;
    atomic_int pongs; /* with the right text */
    atomic_int connections;
    char head[512]; /* of the last handshake */
};

static void take_bytes(int fd, uint8_t *into, size_t size)
{
    for (size_t got = 0; got < size;) {
        ssize_t more = recv(fd, into + got, size - got, 0);

        ck_assert_int_gt(more, 0);
        got += (size_t)more;
    }
}

static void shake_hands(struct pinging_peer *peer, int fd)
{
    static const char field[] = "Sec-WebSocket-Key: ";
    char accept_key[WEBSOCKET_ACCEPT_SIZE + 1], answer[256];
    const char *key;
    size_t size = 0;

    while (strstr(peer->head, "\r\n\r\n") == NULL) {
        take_bytes(fd, (uint8_t *)peer->head + size, 1);
        peer->head[++size] = '\0';
    }
    key = strstr(peer->head, field) + sizeof field - 1;
    ck_assert(websocket_accept((thrift_bytes){(const uint8_t *)key, 24}, accept_key));
    size = (size_t)snprintf(answer, sizeof answer,
                            "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Accept: %s\r\n\r\n",
                            accept_key);
    ck_assert_int_eq(send(fd, answer, size, MSG_NOSIGNAL), (ssize_t)size);
}

/* A client's frame: unmasked payload of less than 126 bytes, NUL-terminated; its opcode. */
static uint8_t take_frame(int fd, uint8_t payload[127])
{
    uint8_t head[6];

    take_bytes(fd, head, sizeof head);
    ck_assert_uint_ge(head[1], 0x80);
    take_bytes(fd, payload, head[1] & 0x7f);
    for (int i = 0; i < (head[1] & 0x7f); i++) {
        payload[i] ^= head[2 + (i & 3)];
    }
    payload[head[1] & 0x7f] = '\0';
    return head[0] & 0x0f;
}

/* Asks twice for a pong before each of two answers, and once between them. */
static void *ping_and_answer(void *data)
{
    static const uint8_t ping[] = {0x89, 2, 'h', 'i'};
    struct pinging_peer *peer = data;
    uint8_t reply[] = {0x82, 23, HEAD(2, 1, 'a'), 8, 0, 0, 0, 0, 0, 3, 0}, payload[127];
    int fd = accept(peer->listening, NULL, NULL);

    atomic_fetch_add(&peer->connections, 1);
    shake_hands(peer, fd);
    for (uint8_t id = 1; id <= 2; id++) {
        ck_assert_uint_eq(take_frame(fd, payload), WEBSOCKET_BINARY);
        for (int i = 0; i < 3; i++) {
            ck_assert_int_eq(send(fd, ping, sizeof ping, MSG_NOSIGNAL), (ssize_t)sizeof ping);
            if (i == 2) {
                break; /* it comes when the next call looks at the connection */
            }
            ck_assert_uint_eq(take_frame(fd, payload), WEBSOCKET_PONG);
            ck_assert_str_eq((const char *)payload, "hi");
            atomic_fetch_add(&peer->pongs, 1);
        }
        reply[2 + 14] = id;
        ck_assert_int_eq(send(fd, reply, sizeof reply, MSG_NOSIGNAL), (ssize_t)sizeof reply);
        ck_assert_uint_eq(take_frame(fd, payload), WEBSOCKET_PONG);
        atomic_fetch_add(&peer->pongs, 1);
        ck_assert_int_eq(send(fd, ping, sizeof ping, MSG_NOSIGNAL), (ssize_t)sizeof ping);
        if (id == 1) { /* idle: answered before the next request */
            ck_assert_uint_eq(take_frame(fd, payload), WEBSOCKET_PONG);
            atomic_fetch_add(&peer->pongs, 1);
        }
    }
    (void)recv(fd, payload, sizeof payload, 0); /* until the client goes */
    close(fd);
    return NULL;
}

static void count_result(thrift_outcome *outcome, const thrift_error *err, void *data)
{
    ck_assert_msg(outcome != NULL, "%s", err->message);
    thrift_outcome_free(outcome);
    atomic_fetch_add((atomic_int *)data, 1);
}

/* Waits for the result here, or on the loop. */
static void add_somehow(thrift_client *client, bool on_loop)
{
    atomic_int results = 0;
    thrift_error err = THRIFT_ERROR_INIT;

    if (!on_loop) {
        ck_assert_msg(thrift_client_do(client, "add", THRIFT_ARGS(1, 2), &err) == THRIFT_OK, "%s",
                      err.message);
        return;
    }
    ck_assert_int_eq(
        thrift_client_start(client, "add", THRIFT_ARGS(1, 2), count_result, &results, &err),
        THRIFT_OK);
    for (int i = 0; i < 5000 && atomic_load(&results) == 0; i++) {
        (void)poll(NULL, 0, 1);
    }
    ck_assert_int_eq(atomic_load(&results), 1);
}

START_TEST(pings_are_answered)
{
    thrift_loop *loop = _i == 1 ? thrift_loop_new(NULL) : NULL;

    struct pinging_peer peer = {.listening = socket(AF_UNIX, SOCK_STREAM, 0)};
    struct fixture fixture;
    struct address address;
    struct sockaddr_storage at;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_client *client;
    pthread_t thread;

    if (!http_built()) {
        thrift_loop_free(loop);
        return;
    }
    fixture_open(&fixture);
    ck_assert_int_eq(address_parse(own_address("test-ping", ""), &address, NULL), THRIFT_OK);
    ck_assert_int_eq(bind(peer.listening, (struct sockaddr *)&at, address_to_unix(&address, &at)),
                     0);
    ck_assert_int_eq(listen(peer.listening, 5), 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, ping_and_answer, &peer), 0);
    client = thrift_client_open(own_address("test-ping", "?transport=websocket&header.user=Ada"),
                                fixture.schema, NULL, THRIFT_CLIENT_OPTIONS(.loop = loop), &err);
    ck_assert_msg(client != NULL, "%s", err.message);
    for (int i = 0; i < 2; i++) {
        add_somehow(client, _i == 1);
        (void)poll(NULL, 0, 50);
    }
    thrift_client_free(client);
    thrift_loop_free(loop);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_ge(atomic_load(&peer.pongs), 7);
    ck_assert_int_eq(atomic_load(&peer.connections), 1);
    ck_assert_msg(strstr(peer.head, "\r\nuser: Ada\r\n") != NULL, "%s", peer.head);
    close(peer.listening);
    fixture_close(&fixture);
}
END_TEST

static const struct {
    const char *address, *service;
    thrift_status status;
    const char *mentions;
} refused[] = {
    {"nowhere", "Users", THRIFT_E_ARGUMENT, "begins with"},
    {"tcp://127.0.0.1:1", "Users", THRIFT_E_CONNECT, "Connection refused"},
    {"tcp://127.0.0.1:1", "Nobody", THRIFT_E_NAME, "Nobody"},
    {"tcp://127.0.0.1:1?protocol=xml", "Users", THRIFT_E_ARGUMENT,
     "binary, binary-old, compact, json"},
    {"tcp://127.0.0.1:1?transport=tcp", "Users", THRIFT_E_ARGUMENT, "buffered, framed, header"},
    {"tcp://127.0.0.1:1?transport=header&protocol=json", "Users", THRIFT_E_ARGUMENT, "no place"},
    {"tcp://127.0.0.1:1?compress=gzip", "Users", THRIFT_E_ARGUMENT, "zlib, none"},
    {"http://127.0.0.1:1?compress=zlib", "Users", THRIFT_E_ARGUMENT, "stream or THeader"},
    {"tcp://127.0.0.1:1?path=/x", "Users", THRIFT_E_ARGUMENT, "needs HTTP"},
    {"tcp://127.0.0.1:1?header.a=b", "Users", THRIFT_E_ARGUMENT, "transport=header"},
    {"tcp://127.0.0.1:1?transport=header&header.a b=c", "Users", THRIFT_E_ARGUMENT, "header's"},
    {"http://127.0.0.1:1/a b", "Users", THRIFT_E_ARGUMENT, "path"},
    {"http://127.0.0.1:x/", "Users", THRIFT_E_ARGUMENT, "port"},
    {"udp://127.0.0.1:1/x", "Users", THRIFT_E_ARGUMENT, "udp://"},
    {"tcp://127.0.0.1:1?colour=red", "Users", THRIFT_E_ARGUMENT, "colour"},
    {"tcp://127.0.0.1:1?service=", "Users", THRIFT_E_ARGUMENT, "service"},
    {"tcp://a:1,tcp://b:1", "Users", THRIFT_E_ARGUMENT, "several addresses"},
};

START_TEST(opening_fails_with_reasons)
{
    struct fixture fixture;
    thrift_error err = THRIFT_ERROR_INIT;

    fixture_open(&fixture);
    ck_assert_ptr_null(
        thrift_client_open(refused[_i].address, fixture.schema, refused[_i].service, NULL, &err));
    ck_assert_int_eq(err.code, refused[_i].status);
    ck_assert_msg(strstr(err.message, refused[_i].mentions) != NULL, "%s", err.message);
    /* whoever goes on without a client gets the same */
    ck_assert_int_eq(thrift_client_do(NULL, "ping", THRIFT_NO_ARGS, &err), refused[_i].status);
    fixture_close(&fixture);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, calls_in_every_way, 0, (int)COUNT_OF(ways));
    tcase_add_loop_test(tests, headers_of_the_address_reach_the_handler, 0,
                        COUNT_OF(ways_with_headers));
    tcase_add_loop_test(tests, pings_are_answered, 0, 2);
    tcase_add_test(tests, mistakes_are_found_before_a_byte_leaves);
    tcase_add_loop_test(tests, threads_share_a_connection, 0, (int)COUNT_OF(ways));
    tcase_add_loop_test(tests, sequence_ids_turn_negative, 0, (int)COUNT_OF(ways));
    tcase_add_loop_test(tests, calls_are_pipelined, 0, (int)COUNT_OF(ways));
    tcase_add_test(tests, datagrams_carry_oneway_calls);
    tcase_add_test(tests, a_handler_may_not_wait);
    tcase_add_test(tests, reconnects_when_the_server_comes_back);
    tcase_add_loop_test(tests, a_peer_with_a_script, 0, (int)COUNT_OF(scripts));
    tcase_add_loop_test(tests, opening_fails_with_reasons, 0, (int)COUNT_OF(refused));
}

SUITE_MAIN("rpc/client")
