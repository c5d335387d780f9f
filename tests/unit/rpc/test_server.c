/*
 * Servers on real sockets: life and end, hostile peers, drain, rebinding, options.
 *
 * Covers also: connection.c, worker.c, serving.c.
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
#include "fixture.h"
#include "own_address.h"
#include "suite.h"
#include "transport/socket.h"

static const struct wire_form framed = {THRIFT_BINARY, true, false};

struct running {
    struct fixture fixture;
    struct captured_log lines;
    thrift_server *server;
    struct address address;
};

static void start_with(struct running *running, thrift_server_options options, const char *address)
{
    thrift_error err = THRIFT_ERROR_INIT;

    fixture_open(&running->fixture);
    captured_log_init(&running->lines);
    options.log = captured_log_write;
    options.data = &running->lines;
    running->server =
        thrift_server_new(running->fixture.schema, running->fixture.registry, &options, &err);
    ck_assert_msg(running->server != NULL, "%s", err.message);
    ck_assert_msg(thrift_server_listen(running->server, address, &err) == THRIFT_OK, "%s",
                  err.message);
    ck_assert_msg(thrift_server_start(running->server, &err) == THRIFT_OK, "%s", err.message);
    ck_assert_int_eq(
        address_parse(thrift_server_address(running->server, 0), &running->address, NULL),
        THRIFT_OK);
}

static void start(struct running *running)
{
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;

    start_with(running, options, "tcp://127.0.0.1:0");
}

static void stop(struct running *running)
{
    thrift_server_shutdown(running->server);
    ck_assert_int_eq(thrift_server_wait(running->server, NULL), THRIFT_OK);
    thrift_server_free(running->server);
    fixture_close(&running->fixture);
}

static uint64_t in_ms(uint64_t ms) { return clock_now_ns() + ms * 1000000; }

static int dial_address(const struct address *address)
{
    thrift_error err = THRIFT_ERROR_INIT;
    int fd = -1;

    ck_assert_msg(socket_connect(address, in_ms(3000), &fd, &err) == THRIFT_OK, "%s", err.message);
    return fd;
}

static int dial(const struct running *running) { return dial_address(&running->address); }

static void send_all(int fd, const void *data, size_t size)
{
    size_t sent;

    ck_assert_int_eq(socket_send(fd, (thrift_bytes){data, size}, in_ms(5000), &sent, NULL),
                     THRIFT_OK);
}

static void send_call(const struct running *running, int fd, const char *method, int32_t id,
                      thrift_args args)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;

    request_append(&running->fixture, framed, method, 1, id, args, &out);
    send_all(fd, out.data, out.size);
    thrift_buffer_deinit(&out);
}

/* Reads until there is one reply more. */
static struct reply receive_reply(const struct running *running, int fd, const char *method,
                                  thrift_buffer *in)
{
    for (;;) {
        thrift_bytes bytes = buffer_bytes(in);
        struct reply reply = reply_take(&running->fixture, method, &bytes);
        size_t size;

        if (reply.outcome != NULL) {
            buffer_consume(in, in->size - bytes.size);
            return reply;
        }
        ck_assert(buffer_reserve(in, 65536));
        ck_assert_int_eq(socket_receive(fd, in->data + in->size, 65536, in_ms(5000), &size, NULL),
                         THRIFT_OK);
        in->size += size;
    }
}

static void expect_sum(const struct running *running, int fd, int32_t id)
{
    thrift_buffer in = THRIFT_BUFFER_INIT;
    struct reply reply;

    send_call(running, fd, "add", id, THRIFT_ARGS(id, 1));
    reply = receive_reply(running, fd, "add", &in);
    ck_assert_int_eq(reply.sequence_id, id);
    ck_assert_int_eq(thrift_as_i32(thrift_outcome_result(reply.outcome, NULL)), id + 1);
    thrift_outcome_free(reply.outcome);
    thrift_buffer_deinit(&in);
}

static void expect_closed(int fd)
{
    uint8_t bytes[256];
    size_t size;
    thrift_status status;

    do {
        status = socket_receive(fd, bytes, sizeof bytes, in_ms(5000), &size, NULL);
    } while (status == THRIFT_OK);
    ck_assert_int_eq(status, THRIFT_E_CLOSED);
}

static size_t open_descriptors(void)
{
    size_t count = 0;

    for (int fd = 0; fd < 1024; fd++) {
        count += fcntl(fd, F_GETFD) >= 0;
    }
    return count;
}

static void wait_for_line(struct running *running, const char *part)
{
    for (int i = 0; i < 5000 && !captured_log_has(&running->lines, part); i++) {
        (void)poll(NULL, 0, 1);
    }
    ck_assert_msg(captured_log_has(&running->lines, part), "no \"%s\" in\n%s", part,
                  running->lines.text);
}

START_TEST(many_connections_on_several_loops)
{
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;
    struct running running;
    int fds[50];

    options.loops = 3;
    start_with(&running, options, _i == 0 ? "tcp://127.0.0.1:0" : own_address("test-server", ""));
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        fds[i] = dial(&running);
    }
    for (int32_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < COUNT_OF(fds); i++) {
            expect_sum(&running, fds[i], round);
        }
    }
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        socket_close(fds[i]);
    }
    stop(&running);
}
END_TEST

START_TEST(byte_by_byte_and_half_closed)
{
    struct running running;
    thrift_buffer out = THRIFT_BUFFER_INIT, in = THRIFT_BUFFER_INIT;
    struct reply reply;
    int fd;

    start(&running);
    fd = dial(&running);
    request_append(&running.fixture, framed, "add", 1, 9, THRIFT_ARGS(1, 2), &out);
    for (size_t i = 0; i < out.size; i++) {
        send_all(fd, out.data + i, 1);
    }
    ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
    reply = receive_reply(&running, fd, "add", &in);
    ck_assert_int_eq(reply.sequence_id, 9);
    expect_closed(fd);
    thrift_outcome_free(reply.outcome);
    socket_close(fd);
    thrift_buffer_deinit(&out);
    thrift_buffer_deinit(&in);
    stop(&running);
}
END_TEST

START_TEST(a_thousand_requests_in_one_segment)
{
    struct running running;
    thrift_buffer out = THRIFT_BUFFER_INIT, in = THRIFT_BUFFER_INIT;
    int fd;

    start(&running);
    fd = dial(&running);
    for (int32_t i = 0; i < 1000; i++) {
        request_append(&running.fixture, framed, "add", 1, i, THRIFT_ARGS(i, 1), &out);
    }
    send_all(fd, out.data, out.size);
    for (int32_t i = 0; i < 1000; i++) {
        struct reply reply = receive_reply(&running, fd, "add", &in);

        ck_assert_int_eq(reply.sequence_id, i);
        thrift_outcome_free(reply.outcome);
    }
    socket_close(fd);
    thrift_buffer_deinit(&out);
    thrift_buffer_deinit(&in);
    stop(&running);
}
END_TEST

/* A peer that asks for far more than it reads: the server stops reading it, serves the others, and
 * gives everything when the peer reads at last. */
START_TEST(replies_wait_for_the_peer)
{
    struct running running;
    thrift_buffer out = THRIFT_BUFFER_INIT, in = THRIFT_BUFFER_INIT;
    int fd, other;

    start(&running);
    fd = dial(&running);
    other = dial(&running);
    for (int32_t i = 0; i < 100; i++) {
        request_append(&running.fixture, framed, "blob", 1, i, THRIFT_ARGS(500000), &out);
    }
    send_all(fd, out.data, out.size);
    expect_sum(&running, other, 5);
    (void)poll(NULL, 0, 50);
    ck_assert_int_lt(atomic_load(&running.fixture.calls), 60);
    for (int32_t i = 0; i < 100; i++) {
        struct reply reply = receive_reply(&running, fd, "blob", &in);

        ck_assert_int_eq(reply.sequence_id, i);
        thrift_outcome_free(reply.outcome);
    }
    socket_close(fd);
    socket_close(other);
    thrift_buffer_deinit(&out);
    thrift_buffer_deinit(&in);
    stop(&running);
}
END_TEST

START_TEST(a_peer_that_never_reads_is_closed)
{
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;
    struct running running;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    int fd;

    options.limits.struct_size = sizeof options.limits;
    options.limits.write_timeout_ms = 100;
    start_with(&running, options, "tcp://127.0.0.1:0");
    fd = dial(&running);
    for (int32_t i = 0; i < 100; i++) {
        request_append(&running.fixture, framed, "blob", 1, i, THRIFT_ARGS(500000), &out);
    }
    send_all(fd, out.data, out.size);
    wait_for_line(&running, "connection-stuck");
    socket_close(fd);
    thrift_buffer_deinit(&out);
    stop(&running);
}
END_TEST

START_TEST(resets_anywhere_leave_nothing)
{
    const struct linger reset = {1, 0};
    struct running running;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    size_t before;
    int probe;

    start(&running);
    request_append(&running.fixture, framed, "blob", 1, 1, THRIFT_ARGS(1000000), &out);
    request_append(&running.fixture, framed, "blob", 1, 2, THRIFT_ARGS(1000000), &out);
    probe = dial(&running);
    expect_sum(&running, probe, 1);
    before = open_descriptors();
    for (size_t at = 0; at <= out.size; at++) {
        for (int how = 0; how < 2; how++) {
            int fd = dial(&running);

            send_all(fd, out.data, at);
            if (how == 1) {
                ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
            }
            socket_close(fd);
        }
    }
    /* Some may still wait to be accepted: the count must stay where it was. */
    for (int i = 0, quiet = 0; i < 10000 && quiet < 100; i++) {
        quiet = open_descriptors() > before ? 0 : quiet + 1;
        (void)poll(NULL, 0, 2);
    }
    ck_assert_uint_eq(open_descriptors(), before);
    expect_sum(&running, probe, 2);
    socket_close(probe);
    thrift_buffer_deinit(&out);
    stop(&running);
}
END_TEST

static const struct {
    const char *bytes;
    size_t size;
    const char *logged;
} strangers[] = {
    {"SSH-2.0-OpenSSH_9.2\r\n", 21, "not Thrift: this is SSH"},
    {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11, "connection-broken"},
    {"\x7f\xff\xff\xff\x80\x01\x00\x01", 8, "connection-broken"},
    {"\x00\x00\x00\x08\x80\x02\x00\x01\x00\x00\x00\x00", 12, "connection-broken"},
};

START_TEST(strangers_are_closed)
{
    struct running running;
    int fd;

    start(&running);
    fd = dial(&running);
    send_all(fd, strangers[_i].bytes, strangers[_i].size);
    expect_closed(fd);
    wait_for_line(&running, strangers[_i].logged);
    socket_close(fd);
    stop(&running);
}
END_TEST

START_TEST(time_limits_close)
{
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;
    struct running running;
    int silent, slow, idle;

    options.limits.struct_size = sizeof options.limits;
    options.limits.first_byte_timeout_ms = 50;
    options.limits.frame_timeout_ms = 80;
    options.limits.idle_timeout_ms = 120;
    start_with(&running, options, "tcp://127.0.0.1:0");
    silent = dial(&running);
    slow = dial(&running);
    idle = dial(&running);
    expect_sum(&running, idle, 1);
    for (int i = 0; i < 8; i++) { /* each byte in time, the frame not */
        size_t sent;

        (void)socket_send(slow, (thrift_bytes){(const uint8_t *)"\0\0\0\x50\x80\x01\0\x01" + i, 1},
                          in_ms(100), &sent, NULL);
        (void)poll(NULL, 0, 15);
    }
    expect_closed(silent);
    expect_closed(slow);
    expect_closed(idle);
    wait_for_line(&running, "connection-silent");
    wait_for_line(&running, "connection-slow");
    wait_for_line(&running, "connection-idle");
    socket_close(silent);
    socket_close(slow);
    socket_close(idle);
    stop(&running);
}
END_TEST

START_TEST(connections_over_the_limit_are_closed)
{
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;
    struct running running;
    int first, second;

    options.limits.struct_size = sizeof options.limits;
    if (_i == 0) {
        options.limits.max_connections = 1;
    } else {
        options.limits.max_connections_per_peer = 1;
    }
    start_with(&running, options, "tcp://127.0.0.1:0");
    first = dial(&running);
    expect_sum(&running, first, 1);
    second = dial(&running);
    expect_closed(second);
    wait_for_line(&running, _i == 0 ? "max_connections allows" : "max_connections_per_peer allows");
    expect_sum(&running, first, 2);
    socket_close(first);
    socket_close(second);
    stop(&running);
}
END_TEST

/* Half a frame each: whoever comes when the memory is used up is closed, the others go on. */
START_TEST(waiting_input_stays_within_the_server_s_memory)
{
    enum { PEERS = 8, HALF = 100000 };
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;
    static const uint8_t claim[HALF] = {0, 0x0f, 0, 0, 0x80, 1, 0, 1};
    struct running running;
    int good, greedy[PEERS];

    options.limits.struct_size = sizeof options.limits;
    options.limits.max_server_memory = 4 * HALF;
    start_with(&running, options, "tcp://127.0.0.1:0");
    good = dial(&running);
    expect_sum(&running, good, 1);
    for (int i = 0; i < PEERS; i++) {
        greedy[i] = dial(&running);
        send_all(greedy[i], claim, sizeof claim);
    }
    wait_for_line(&running, "no memory for");
    expect_sum(&running, good, 2);
    for (int i = 0; i < PEERS; i++) {
        socket_close(greedy[i]);
    }
    socket_close(good);
    stop(&running);
}
END_TEST

START_TEST(draining_answers_what_was_read)
{
    struct running running;
    thrift_buffer out = THRIFT_BUFFER_INIT, in = THRIFT_BUFFER_INIT;
    struct reply reply;
    int idle, busy;

    start(&running);
    idle = dial(&running);
    busy = dial(&running);
    expect_sum(&running, idle, 1);
    expect_sum(&running, busy, 1);
    request_append(&running.fixture, framed, "add", 1, 2, THRIFT_ARGS(1, 2), &out);
    send_all(busy, out.data, out.size - 1);
    (void)poll(NULL, 0, 50);
    thrift_server_shutdown(running.server);
    expect_closed(idle);
    send_all(busy, out.data + out.size - 1, 1);
    reply = receive_reply(&running, busy, "add", &in);
    ck_assert_int_eq(reply.sequence_id, 2);
    thrift_outcome_free(reply.outcome);
    expect_closed(busy);
    socket_close(idle);
    socket_close(busy);
    ck_assert_int_eq(thrift_server_wait(running.server, NULL), THRIFT_OK);
    thrift_server_free(running.server);
    fixture_close(&running.fixture);
    thrift_buffer_deinit(&out);
    thrift_buffer_deinit(&in);
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
    start_with(&running, options, "tcp://127.0.0.1:0");
    fd = dial(&running);
    send_all(fd, "\0\0\0\x50\x80\x01", 6); /* never ends */
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

    start(&running);
    fd = dial(&running);
    expect_sum(&running, fd, 1);
    thrift_server_free(running.server);
    expect_closed(fd);
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

    start(&running);
    fd = dial(&running);
    ck_assert_int_eq(thrift_bind(running.fixture.registry, "Users.unhandled", on_new, NULL),
                     THRIFT_OK);
    send_call(&running, fd, "unhandled", 1, THRIFT_NO_ARGS);
    reply = receive_reply(&running, fd, "unhandled", &in);
    ck_assert_int_eq(thrift_outcome_application_code(reply.outcome), 6);
    thrift_outcome_free(reply.outcome);
    ck_assert_int_eq(thrift_server_rebind(running.server, NULL), THRIFT_OK);
    ck_assert_uint_eq(thrift_server_generation(running.server), 2);
    send_call(&running, fd, "unhandled", 2, THRIFT_NO_ARGS);
    reply = receive_reply(&running, fd, "unhandled", &in);
    ck_assert_int_eq(thrift_outcome_is(reply.outcome), THRIFT_OUTCOME_RESULT);
    thrift_outcome_free(reply.outcome);
    ck_assert_int_eq(thrift_bind(running.fixture.registry, "Users.misspelt", on_new, NULL),
                     THRIFT_OK);
    ck_assert_int_eq(thrift_server_rebind(running.server, NULL), THRIFT_E_NAME);
    ck_assert_uint_eq(thrift_server_generation(running.server), 2);
    socket_close(fd);
    thrift_buffer_deinit(&in);
    stop(&running);
}
END_TEST

static const struct {
    thrift_server_options options;
    const char *mentions;
} refused[] = {
    {{.workers = 1}, "\"workers\""},
    {{.tls_key = "x"}, "\"tls_key\""},
    {{.limits = {.call_timeout_ms = 1}}, "call_timeout_ms"},
    {{.loops = 1000}, "loops"},
    {{.protocols = 1u << THRIFT_PLAIN_JSON}, "protocols"},
    {{.default_service = "Nobody"}, "Nobody"},
    {{.every_method = true}, "Users.unhandled"},
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
    fd = dial_address(&address);
    expect_sum(running, fd, 3);
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
    wait_for_line(&running, "datagram-broken");
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
    stop(&running);
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
    start_with(&running, options, "tcp://127.0.0.1:0");
    fd = dial(&running);
    expect_sum(&running, fd, 1);
    socket_close(fd);
    fd = dial(&running);
    send_all(fd, "\x82\x21\x01\x04ping\0", 9);
    expect_closed(fd);
    socket_close(fd);
    wait_for_line(&running, "unframed compact, which is not accepted here");
    fd = dial(&running);
    send_all(fd, "POST / HTTP/1.1\r\n\r\n", 19);
    expect_closed(fd);
    socket_close(fd);
    wait_for_line(&running, "HTTP, which is not accepted here");
    stop(&running);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, many_connections_on_several_loops, 0, 2);
    tcase_add_test(tests, byte_by_byte_and_half_closed);
    tcase_add_test(tests, a_thousand_requests_in_one_segment);
    tcase_add_test(tests, replies_wait_for_the_peer);
    tcase_add_test(tests, a_peer_that_never_reads_is_closed);
    tcase_add_test(tests, resets_anywhere_leave_nothing);
    tcase_add_loop_test(tests, strangers_are_closed, 0, (int)COUNT_OF(strangers));
    tcase_add_test(tests, every_kind_of_address_at_once);
    tcase_add_test(tests, a_wire_can_be_fixed);
    tcase_add_test(tests, time_limits_close);
    tcase_add_loop_test(tests, connections_over_the_limit_are_closed, 0, 2);
    tcase_add_test(tests, waiting_input_stays_within_the_server_s_memory);
    tcase_add_test(tests, draining_answers_what_was_read);
    tcase_add_loop_test(tests, draining_ends_by_its_limit_and_by_a_second_order, 0, 2);
    tcase_add_test(tests, freeing_ends_at_once);
    tcase_add_test(tests, started_is_told_when_signals_are_handled);
    tcase_add_loop_test(tests, run_ends_by_signal_and_restores_dispositions, 0, 2);
    tcase_add_test(tests, binding_while_serving_holds_from_the_next_generation);
    tcase_add_loop_test(tests, options_that_cannot_be_are_refused, 0, (int)COUNT_OF(refused));
    tcase_add_test(tests, mistakes_come_back_where_it_runs);
}

SUITE_MAIN("rpc/server")
