/*
 * Servers on real sockets: life and end, drain, rebinding, options.
 *
 * Covers also: worker.c, serving.c.
 */
#include <rethrift/server.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "own_address.h"
#include "server_rig.h"
#include "suite.h"
#include "transport/http.h"
#include "transport/socket.h"

START_TEST(many_connections_on_several_loops)
{
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;
    struct running running;
    int fds[50];

    options.loops = 3;
    running_start_with(&running, options,
                       _i == 0 ? "tcp://127.0.0.1:0" : own_address("test-server", ""));
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        fds[i] = peer_dial(&running);
    }
    for (int32_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < COUNT_OF(fds); i++) {
            peer_expect_sum(&running, fds[i], round);
        }
    }
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        socket_close(fds[i]);
    }
    running_stop(&running);
}
END_TEST

START_TEST(draining_answers_what_was_read)
{
    struct running running;
    thrift_buffer out = THRIFT_BUFFER_INIT, in = THRIFT_BUFFER_INIT;
    struct reply reply;
    int idle, busy;

    running_start(&running);
    idle = peer_dial(&running);
    busy = peer_dial(&running);
    peer_expect_sum(&running, idle, 1);
    peer_expect_sum(&running, busy, 1);
    request_append(&running.fixture, running_form, "add", 1, 2, THRIFT_ARGS(1, 2), &out);
    peer_send(busy, out.data, out.size - 1);
    (void)poll(NULL, 0, 50);
    thrift_server_shutdown(running.server);
    peer_expect_closed(idle);
    peer_send(busy, out.data + out.size - 1, 1);
    reply = peer_receive_reply(&running, busy, "add", &in);
    ck_assert_int_eq(reply.sequence_id, 2);
    thrift_outcome_free(reply.outcome);
    peer_expect_closed(busy);
    socket_close(idle);
    socket_close(busy);
    ck_assert_int_eq(thrift_server_wait(running.server, NULL), THRIFT_OK);
    thrift_server_free(running.server);
    fixture_close(&running.fixture);
    thrift_buffer_deinit(&out);
    thrift_buffer_deinit(&in);
}
END_TEST

/* The request began before the server was to end: its answer says that it is the last. */
START_TEST(draining_tells_http_clients)
{
    static const char request[] = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 23\r\n\r\n"
                                  "[1,\"ping\",1,1,{}]       ";
    struct running running;
    char answer[1024] = "";
    size_t size = 0, got;
    int fd;

    if (!http_built()) {
        return;
    }
    running_start(&running);
    fd = peer_dial(&running);
    peer_send(fd, request, sizeof request - 9);
    (void)poll(NULL, 0, 50);
    thrift_server_shutdown(running.server);
    (void)poll(NULL, 0, 100);
    peer_send(fd, request + sizeof request - 9, 8);
    while (socket_receive(fd, (uint8_t *)answer + size, sizeof answer - 1 - size, after_ms(5000),
                          &got, NULL) == THRIFT_OK) {
        size += got;
    }
    ck_assert_msg(strncmp(answer, "HTTP/1.1 ", 9) == 0, "%s", answer);
    ck_assert_msg(strstr(answer, "\r\nConnection: close\r\n") != NULL, "%s", answer);
    socket_close(fd);
    ck_assert_int_eq(thrift_server_wait(running.server, NULL), THRIFT_OK);
    thrift_server_free(running.server);
    fixture_close(&running.fixture);
}
END_TEST

START_TEST(draining_ends_by_its_limit_and_by_a_second_order)
{
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;
    struct running running;
    uint64_t begin;
    int fd;

    options.loops = 2;
    options.limits.struct_size = sizeof options.limits;
    options.limits.drain_timeout_ms = _i == 0 ? 100 : 60000;
    running_start_with(&running, options, "tcp://127.0.0.1:0");
    fd = peer_dial(&running);
    peer_send(fd, "\0\0\0\x50\x80\x01", 6); /* never ends */
    (void)poll(NULL, 0, 50);
    begin = clock_now_ns();
    thrift_server_shutdown(running.server);
    if (_i == 1) {
        (void)poll(NULL, 0, 50);
        thrift_server_shutdown(running.server);
    }
    ck_assert_int_eq(thrift_server_wait(running.server, NULL), THRIFT_OK);
    ck_assert_uint_lt(clock_now_ns() - begin, (uint64_t)3000 * 1000000);
    socket_close(fd);
    thrift_server_free(running.server);
    fixture_close(&running.fixture);
}
END_TEST

START_TEST(freeing_ends_at_once)
{
    struct running running;
    int fd;

    running_start(&running);
    fd = peer_dial(&running);
    peer_expect_sum(&running, fd, 1);
    thrift_server_free(running.server);
    peer_expect_closed(fd);
    socket_close(fd);
    fixture_close(&running.fixture);
}
END_TEST

static void *send_signal(void *data)
{
    (void)poll(NULL, 0, 100);
    (void)kill(getpid(), *(int *)data);
    return NULL;
}

static volatile sig_atomic_t seen;
static void on_own_signal(int number) { seen = number; }

static void stop_by_signal(thrift_server *server, void *data)
{
    (void)server;
    (void)kill(getpid(), *(const int *)data);
}

/* Whoever waits for `started` may end the program at once. */
START_TEST(started_is_told_when_signals_are_handled)
{
    struct fixture fixture;
    struct sigaction own = {.sa_handler = on_own_signal};
    int number = SIGTERM;
    thrift_error err = THRIFT_ERROR_INIT;

    fixture_open(&fixture);
    ck_assert_int_eq(sigaction(number, &own, NULL), 0);
    seen = 0;
    ck_assert_int_eq(thrift_serve(fixture.schema, fixture.registry, "tcp://127.0.0.1:0",
                                  THRIFT_SERVER_OPTIONS(.started = stop_by_signal, .data = &number),
                                  &err),
                     THRIFT_OK);
    ck_assert_int_eq(seen, 0);
    fixture_close(&fixture);
}
END_TEST

START_TEST(run_ends_by_signal_and_restores_dispositions)
{
    struct fixture fixture;
    struct sigaction own = {.sa_handler = on_own_signal}, now;
    int number = _i == 0 ? SIGTERM : SIGINT;
    thrift_error err = THRIFT_ERROR_INIT;
    pthread_t thread;

    fixture_open(&fixture);
    ck_assert_int_eq(sigaction(number, &own, NULL), 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, send_signal, &number), 0);
    ck_assert_msg(thrift_serve(fixture.schema, fixture.registry, "tcp://127.0.0.1:0", NULL, &err) ==
                      THRIFT_OK,
                  "%s", err.message);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(seen, 0);
    ck_assert_int_eq(sigaction(number, NULL, &now), 0);
    ck_assert(now.sa_handler == on_own_signal);
    fixture_close(&fixture);
}
END_TEST

static thrift_status on_new(thrift_call *call, const thrift_record *args, void *context)
{
    (void)args, (void)context;
    return thrift_call_generation(call) == 2 ? THRIFT_OK : thrift_fail(call, "wrong generation");
}

START_TEST(binding_while_serving_holds_from_the_next_generation)
{
    struct running running;
    thrift_buffer in = THRIFT_BUFFER_INIT;
    struct reply reply;
    int fd;

    running_start(&running);
    fd = peer_dial(&running);
    ck_assert_int_eq(thrift_bind(running.fixture.registry, "Users.unhandled", on_new, NULL),
                     THRIFT_OK);
    peer_send_call(&running, fd, "unhandled", 1, THRIFT_NO_ARGS);
    reply = peer_receive_reply(&running, fd, "unhandled", &in);
    ck_assert_int_eq(thrift_outcome_application_code(reply.outcome), 6);
    thrift_outcome_free(reply.outcome);
    ck_assert_int_eq(thrift_server_rebind(running.server, NULL), THRIFT_OK);
    ck_assert_uint_eq(thrift_server_generation(running.server), 2);
    peer_send_call(&running, fd, "unhandled", 2, THRIFT_NO_ARGS);
    reply = peer_receive_reply(&running, fd, "unhandled", &in);
    ck_assert_int_eq(thrift_outcome_is(reply.outcome), THRIFT_OUTCOME_RESULT);
    thrift_outcome_free(reply.outcome);
    ck_assert_int_eq(thrift_bind(running.fixture.registry, "Users.misspelt", on_new, NULL),
                     THRIFT_OK);
    ck_assert_int_eq(thrift_server_rebind(running.server, NULL), THRIFT_E_NAME);
    ck_assert_uint_eq(thrift_server_generation(running.server), 2);
    socket_close(fd);
    thrift_buffer_deinit(&in);
    running_stop(&running);
}
END_TEST

static const char *const wrong_origins[] = {"https://app.example", "app.example", NULL};

static const struct {
    thrift_server_options options;
    const char *mentions;
} refused[] = {
    {{.workers = 1}, "\"workers\""},
    {{.tls_key = "x"}, "\"tls_key\""},
    {{.loops = 1000}, "loops"},
    {{.protocols = 1u << THRIFT_PLAIN_JSON}, "protocols"},
    {{.default_service = "Nobody"}, "Nobody"},
    {{.every_method = true}, "Users.unhandled"},
    {{.origins = wrong_origins}, "\"app.example\""},
};

START_TEST(options_that_cannot_be_are_refused)
{
    struct fixture fixture;
    thrift_server_options options = refused[_i].options;
    thrift_error err = THRIFT_ERROR_INIT;

    fixture_open(&fixture);
    options.struct_size = sizeof options;
    ck_assert_ptr_null(thrift_server_new(fixture.schema, fixture.registry, &options, &err));
    ck_assert_msg(strstr(err.message, refused[_i].mentions) != NULL, "%s", err.message);
    fixture_close(&fixture);
}
END_TEST

/* "range" is answered with an application error, too, but by the handler. */
START_TEST(strings_are_limited)
{
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;
    struct running running;
    thrift_buffer in = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    options.limits.struct_size = sizeof options.limits;
    options.limits.max_string_size = 5;
    running_start_with(&running, options, "tcp://127.0.0.1:0");
    for (int more = 0; more < 2; more++) {
        int fd = peer_dial(&running);
        struct reply reply;

        peer_send_call(&running, fd, "fail", 1, THRIFT_ARGS(more ? "ranges" : "range"));
        reply = peer_receive_reply(&running, fd, "fail", &in);
        ck_assert_int_eq(thrift_outcome_check(reply.outcome, &err), THRIFT_E_APPLICATION);
        ck_assert_msg((strstr(err.message, "how") != NULL) == (more == 1), "%s", err.message);
        ck_assert_int_eq(atomic_load(&running.fixture.calls), 1);
        thrift_outcome_free(reply.outcome);
        socket_close(fd);
    }
    thrift_buffer_deinit(&in);
    running_stop(&running);
}
END_TEST

START_TEST(mistakes_come_back_where_it_runs)
{
    struct fixture fixture;
    thrift_error first = THRIFT_ERROR_INIT, err = THRIFT_ERROR_INIT;
    thrift_server *server;

    fixture_open(&fixture);
    server = thrift_server_new(fixture.schema, fixture.registry, NULL, &err);
    ck_assert_int_eq(thrift_server_run(server, &err), THRIFT_E_STATE);
    ck_assert_int_eq(thrift_server_listen(server, "tcp://nowhere", &first), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_server_run(server, &err), THRIFT_E_ARGUMENT);
    ck_assert_str_eq(err.message, first.message);
    ck_assert_int_eq(thrift_server_wait(server, &err), THRIFT_E_STATE);
    thrift_server_free(server);
    /* nothing to stand on: the first failure stays */
    thrift_error_clear(&err);
    ck_assert_ptr_null(thrift_load("/nonexistent.thrift", &err));
    first = err;
    ck_assert_int_eq(thrift_serve(NULL, fixture.registry, "tcp://127.0.0.1:0", NULL, &err),
                     first.code);
    ck_assert_str_eq(err.message, first.message);
    fixture_close(&fixture);
}
END_TEST

static int bound_socket(void)
{
    const struct sockaddr_un nameless = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(fd, (const struct sockaddr *)&nameless, sizeof(sa_family_t)), 0);
    ck_assert_int_eq(listen(fd, 8), 0);
    return fd;
}

static void expect_sum_at(const struct running *running, const char *text)
{
    struct address address;
    int fd;

    ck_assert_int_eq(address_parse(text, &address, NULL), THRIFT_OK);
    fd = peer_dial_address(&address);
    peer_expect_sum(running, fd, 3);
    socket_close(fd);
}

/* The dual socket by either family, an abstract name, a descriptor that was open before. */
START_TEST(every_kind_of_address_at_once)
{
    const char *abstract = own_address("test-of-addresses", "");
    char inherited[ADDRESS_TEXT_SIZE], text[ADDRESS_TEXT_SIZE];
    struct running running = {.server = NULL};
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;
    const thrift_value number = THRIFT_VALUE(1);
    thrift_buffer datagram = THRIFT_BUFFER_INIT;
    struct address udp;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int sender = socket(AF_INET, SOCK_DGRAM, 0);

    fixture_open(&running.fixture);
    captured_log_init(&running.lines);
    options.log = captured_log_write;
    options.data = &running.lines;
    running.server =
        thrift_server_new(running.fixture.schema, running.fixture.registry, &options, NULL);
    (void)snprintf(inherited, sizeof inherited, "fd:%d", bound_socket());
    ck_assert_int_eq(thrift_server_listen(running.server, "tcp://[::]:0", NULL), THRIFT_OK);
    ck_assert_int_eq(thrift_server_listen(running.server, abstract, NULL), THRIFT_OK);
    ck_assert_int_eq(thrift_server_listen(running.server, inherited, NULL), THRIFT_OK);
    ck_assert_int_eq(thrift_server_listen(running.server, "udp://127.0.0.1:0", NULL), THRIFT_OK);
    ck_assert_int_eq(thrift_server_start(running.server, NULL), THRIFT_OK);

    ck_assert_int_eq(address_parse(thrift_server_address(running.server, 0), &udp, NULL),
                     THRIFT_OK);
    (void)snprintf(text, sizeof text, "tcp://127.0.0.1:%u", (unsigned)udp.port);
    expect_sum_at(&running, text);
    (void)snprintf(text, sizeof text, "tcp://[::1]:%u", (unsigned)udp.port);
    expect_sum_at(&running, text);
    expect_sum_at(&running, abstract);
    expect_sum_at(&running, thrift_server_address(running.server, 2));

    ck_assert_int_eq(address_parse(thrift_server_address(running.server, 3), &udp, NULL),
                     THRIFT_OK);
    ck_assert_int_eq(udp.kind, ADDRESS_UDP);
    to.sin_port = htons(udp.port);
    ck_assert_int_eq(sendto(sender, "noise", 5, 0, (struct sockaddr *)&to, sizeof to), 5);
    running_wait_for_line(&running, "datagram-broken");
    request_append(&running.fixture, (struct wire_form){THRIFT_COMPACT, false, false}, "fire", 4, 1,
                   (thrift_args){&number, 1}, &datagram);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(
            sendto(sender, datagram.data, datagram.size, 0, (struct sockaddr *)&to, sizeof to),
            (ssize_t)datagram.size);
    }
    for (int i = 0; i < 500 && atomic_load(&running.fixture.fired) < 3; i++) {
        (void)poll(NULL, 0, 10);
    }
    ck_assert_int_eq(atomic_load(&running.fixture.fired), 3);
    thrift_buffer_deinit(&datagram);
    socket_close(sender);
    running_stop(&running);
}
END_TEST

/* One protocol in one way of framing: nothing else is spoken, and what else comes is named. */
START_TEST(a_wire_can_be_fixed)
{
    struct running running;
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;
    int fd;

    options.protocols = 1u << THRIFT_BINARY;
    options.wires = 1u << THRIFT_WIRE_FRAMED;
    running_start_with(&running, options, "tcp://127.0.0.1:0");
    fd = peer_dial(&running);
    peer_expect_sum(&running, fd, 1);
    socket_close(fd);
    fd = peer_dial(&running);
    peer_send(fd, "\x82\x21\x01\x04ping\0", 9);
    peer_expect_closed(fd);
    socket_close(fd);
    running_wait_for_line(&running, "unframed compact, which is not accepted here");
    fd = peer_dial(&running);
    peer_send(fd, "POST / HTTP/1.1\r\n\r\n", 19);
    peer_expect_closed(fd);
    socket_close(fd);
    running_wait_for_line(&running, "HTTP, which is not accepted here");
    running_stop(&running);
}
END_TEST

/* The list is copied, and each loop has it. */
START_TEST(pages_of_listed_sites_may_call)
{
    static const char request[] = "POST / HTTP/1.1\r\nHost: h\r\nOrigin: https://app.example\r\n"
                                  "Connection: close\r\nContent-Length: 17\r\n\r\n"
                                  "[1,\"ping\",1,1,{}]";
    char item[] = "https://app.example";
    const char *list[] = {item, NULL};
    struct running running;
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;

    if (!http_built()) {
        return;
    }
    options.loops = 2;
    options.origins = list;
    running_start_with(&running, options, "tcp://127.0.0.1:0");
    memset(item, 'x', sizeof item - 1);
    for (int i = 0; i < 4; i++) {
        char answer[1024] = "";
        size_t size = 0, got;
        int fd = peer_dial(&running);

        peer_send(fd, request, sizeof request - 1);
        while (socket_receive(fd, (uint8_t *)answer + size, sizeof answer - 1 - size,
                              after_ms(5000), &got, NULL) == THRIFT_OK &&
               got > 0) {
            size += got;
        }
        ck_assert_msg(strncmp(answer, "HTTP/1.1 200 ", 13) == 0, "%s", answer);
        ck_assert_msg(strstr(answer, "\r\nAccess-Control-Allow-Origin: https://app.example\r\n") !=
                          NULL,
                      "%s", answer);
        socket_close(fd);
    }
    running_stop(&running);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, pages_of_listed_sites_may_call);
    tcase_add_loop_test(tests, many_connections_on_several_loops, 0, 2);
    tcase_add_test(tests, every_kind_of_address_at_once);
    tcase_add_test(tests, a_wire_can_be_fixed);
    tcase_add_test(tests, draining_answers_what_was_read);
    tcase_add_test(tests, draining_tells_http_clients);
    tcase_add_loop_test(tests, draining_ends_by_its_limit_and_by_a_second_order, 0, 2);
    tcase_add_test(tests, freeing_ends_at_once);
    tcase_add_test(tests, started_is_told_when_signals_are_handled);
    tcase_add_loop_test(tests, run_ends_by_signal_and_restores_dispositions, 0, 2);
    tcase_add_test(tests, binding_while_serving_holds_from_the_next_generation);
    tcase_add_loop_test(tests, options_that_cannot_be_are_refused, 0, (int)COUNT_OF(refused));
    tcase_add_test(tests, strings_are_limited);
    tcase_add_test(tests, mistakes_come_back_where_it_runs);
}

SUITE_MAIN("rpc/server")
