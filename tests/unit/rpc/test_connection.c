/*
 * Connections of a server and their peers: halves, pieces, resets, peers that are silent, slow,
 * greedy or strange, and calls of the system that fail. Whatever one of them does, the others are
 * answered.
 */
#include "rpc/connection.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "faulty_calls.h"
#include "server_rig.h"
#include "suite.h"
#include "transport/socket.h"
#include "wire/zlib_stream.h"

/* Not poll(): its calls are counted. */
static void pause_ms(long ms)
{
    const struct timespec time = {0, ms * 1000000};

    (void)nanosleep(&time, NULL);
}

START_TEST(byte_by_byte_and_half_closed)
{
    struct running running;
    thrift_buffer out = THRIFT_BUFFER_INIT, in = THRIFT_BUFFER_INIT;
    struct reply reply;
    int fd;

    running_start(&running);
    fd = peer_dial(&running);
    request_append(&running.fixture, running_form, "add", 1, 9, THRIFT_ARGS(1, 2), &out);
    for (size_t i = 0; i < out.size; i++) {
        peer_send(fd, out.data + i, 1);
    }
    ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
    reply = peer_receive_reply(&running, fd, "add", &in);
    ck_assert_int_eq(reply.sequence_id, 9);
    peer_expect_closed(fd);
    thrift_outcome_free(reply.outcome);
    socket_close(fd);
    thrift_buffer_deinit(&out);
    thrift_buffer_deinit(&in);
    running_stop(&running);
}
END_TEST

START_TEST(a_thousand_requests_in_one_segment)
{
    struct running running;
    thrift_buffer out = THRIFT_BUFFER_INIT, in = THRIFT_BUFFER_INIT;
    int fd;

    running_start(&running);
    fd = peer_dial(&running);
    for (int32_t i = 0; i < 1000; i++) {
        request_append(&running.fixture, running_form, "add", 1, i, THRIFT_ARGS(i, 1), &out);
    }
    peer_send(fd, out.data, out.size);
    for (int32_t i = 0; i < 1000; i++) {
        struct reply reply = peer_receive_reply(&running, fd, "add", &in);

        ck_assert_int_eq(reply.sequence_id, i);
        thrift_outcome_free(reply.outcome);
    }
    socket_close(fd);
    thrift_buffer_deinit(&out);
    thrift_buffer_deinit(&in);
    running_stop(&running);
}
END_TEST

/* A peer that asks for far more than it reads: the server stops reading it, serves the others, and
 * gives everything when the peer reads at last. */
START_TEST(replies_wait_for_the_peer)
{
    struct running running;
    thrift_buffer out = THRIFT_BUFFER_INIT, in = THRIFT_BUFFER_INIT;
    int fd, other;

    running_start(&running);
    fd = peer_dial(&running);
    other = peer_dial(&running);
    for (int32_t i = 0; i < 100; i++) {
        request_append(&running.fixture, running_form, "blob", 1, i, THRIFT_ARGS(500000), &out);
    }
    peer_send(fd, out.data, out.size);
    peer_expect_sum(&running, other, 5);
    pause_ms(50);
    ck_assert_int_lt(atomic_load(&running.fixture.calls), 60);
    for (int32_t i = 0; i < 100; i++) {
        struct reply reply = peer_receive_reply(&running, fd, "blob", &in);

        ck_assert_int_eq(reply.sequence_id, i);
        thrift_outcome_free(reply.outcome);
    }
    socket_close(fd);
    socket_close(other);
    thrift_buffer_deinit(&out);
    thrift_buffer_deinit(&in);
    running_stop(&running);
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
    running_start_with(&running, options, "tcp://127.0.0.1:0");
    fd = peer_dial(&running);
    for (int32_t i = 0; i < 100; i++) {
        request_append(&running.fixture, running_form, "blob", 1, i, THRIFT_ARGS(500000), &out);
    }
    peer_send(fd, out.data, out.size);
    running_wait_for_line(&running, "connection-stuck");
    socket_close(fd);
    thrift_buffer_deinit(&out);
    running_stop(&running);
}
END_TEST

START_TEST(resets_anywhere_leave_nothing)
{
    const struct linger reset = {1, 0};
    struct running running;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    size_t before;
    int probe;

    running_start(&running);
    request_append(&running.fixture, running_form, "blob", 1, 1, THRIFT_ARGS(1000000), &out);
    request_append(&running.fixture, running_form, "blob", 1, 2, THRIFT_ARGS(1000000), &out);
    probe = peer_dial(&running);
    peer_expect_sum(&running, probe, 1);
    before = open_descriptors();
    for (size_t at = 0; at <= out.size; at++) {
        for (int how = 0; how < 2; how++) {
            int fd = peer_dial(&running);

            peer_send(fd, out.data, at);
            if (how == 1) {
                ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
            }
            socket_close(fd);
        }
    }
    /* Some may still wait to be accepted: the count must stay where it was. */
    for (int i = 0, quiet = 0; i < 10000 && quiet < 100; i++) {
        quiet = open_descriptors() > before ? 0 : quiet + 1;
        pause_ms(2);
    }
    ck_assert_uint_eq(open_descriptors(), before);
    peer_expect_sum(&running, probe, 2);
    socket_close(probe);
    thrift_buffer_deinit(&out);
    running_stop(&running);
}
END_TEST

static const struct {
    const char *bytes;
    size_t size;
    const char *logged;
} strangers[] = {
    {"SSH-2.0-OpenSSH_9.2\r\n", 21, "not Thrift: this is SSH"},
    {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11, "not Thrift: this is a TLS handshake"},
    {"\x15\x03\x01\x00\x02\x02\x28", 7, "not Thrift: this is a TLS alert"},
    {"*1\r\n$4\r\nPING\r\n", 14, "not Thrift: this is a Redis command"},
    {"-ERR unknown command\r\n", 22, "not Thrift: this is a Redis error"},
    {"HTTP/1.1 400 Bad Request\r\n\r\n", 28, "the peer answered with HTTP 400 Bad Request"},
    {"PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n", 34, "not Thrift: this is the PROXY protocol"},
    {"\0\0\0\x40\x10\0\0\0\0\0\0\1\0\1\0\0\0\0", 18, "Kitex's TTHeader, which is not THeader"},
    {"\0\0\0\x10\x0f\xff\0\0\0\0\0\1\0\1\0\1\3\0\0\0", 20,
     "THeader's transforms cannot be undone (the first is 3)"},
    {"\0\0\0\x10\x0f\xff\0\0\0\0\0\1\0\1\5\0\0\0\0\0", 20,
     "THeader's protocol 5 is not accepted here"},
    {"\x7f\xff\xff\xff\x80\x01\x00\x01", 8, "connection-broken"},
    {"\x00\x00\x00\x08\x80\x02\x00\x01\x00\x00\x00\x00", 12, "connection-broken"},
};

START_TEST(strangers_are_closed)
{
    struct running running;
    int fd;

    running_start(&running);
    fd = peer_dial(&running);
    peer_send(fd, strangers[_i].bytes, strangers[_i].size);
    peer_expect_closed(fd);
    running_wait_for_line(&running, strangers[_i].logged);
    socket_close(fd);
    running_stop(&running);
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
    running_start_with(&running, options, "tcp://127.0.0.1:0");
    silent = peer_dial(&running);
    slow = peer_dial(&running);
    idle = peer_dial(&running);
    peer_expect_sum(&running, idle, 1);
    for (int i = 0; i < 8; i++) { /* each byte in time, the frame not */
        size_t sent;

        (void)socket_send(slow, (thrift_bytes){(const uint8_t *)"\0\0\0\x50\x80\x01\0\x01" + i, 1},
                          after_ms(100), &sent, NULL);
        pause_ms(15);
    }
    peer_expect_closed(silent);
    peer_expect_closed(slow);
    peer_expect_closed(idle);
    running_wait_for_line(&running, "connection-silent");
    running_wait_for_line(&running, "connection-slow");
    running_wait_for_line(&running, "connection-idle");
    socket_close(silent);
    socket_close(slow);
    socket_close(idle);
    running_stop(&running);
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
    running_start_with(&running, options, "tcp://127.0.0.1:0");
    first = peer_dial(&running);
    peer_expect_sum(&running, first, 1);
    second = peer_dial(&running);
    peer_expect_closed(second);
    running_wait_for_line(&running,
                          _i == 0 ? "max_connections allows" : "max_connections_per_peer allows");
    peer_expect_sum(&running, first, 2);
    socket_close(first);
    socket_close(second);
    running_stop(&running);
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
    running_start_with(&running, options, "tcp://127.0.0.1:0");
    good = peer_dial(&running);
    peer_expect_sum(&running, good, 1);
    for (int i = 0; i < PEERS; i++) {
        greedy[i] = peer_dial(&running);
        peer_send(greedy[i], claim, sizeof claim);
    }
    running_wait_for_line(&running, "no memory for");
    peer_expect_sum(&running, good, 2);
    for (int i = 0; i < PEERS; i++) {
        socket_close(greedy[i]);
    }
    socket_close(good);
    running_stop(&running);
}
END_TEST

/* ---- calls of the system that fail ---- */

#define ALWAYS UINT_MAX

static const struct fault {
    const char *name;
    unsigned calls; /* bits 1 << enum faulty_call */
    unsigned every;
    int error;
    unsigned most_calls; /* of any of them, for what is asked: more would be a spin */
} faults[] = {
    {"EINTR everywhere",
     1u << FAULTY_RECV | 1u << FAULTY_SEND | 1u << FAULTY_ACCEPT | 1u << FAULTY_POLL, 2, EINTR,
     400},
    {"EAGAIN", 1u << FAULTY_RECV | 1u << FAULTY_SEND, 2, EAGAIN, 400},
    {"one byte each time", 1u << FAULTY_RECV | 1u << FAULTY_SEND, 1, FAULTY_ONE_BYTE, 40000},
    {"ECONNABORTED", 1u << FAULTY_ACCEPT, 2, ECONNABORTED, 400},
};

static void plan_faults(const struct fault *fault)
{
    for (int call = 0; call < FAULTY_CALLS; call++) {
        bool planned = (fault->calls & 1u << call) != 0;

        faulty_call_plan((enum faulty_call)call, planned ? fault->every : 0, ALWAYS, fault->error);
    }
}

static void check_faults(const struct fault *fault)
{
    unsigned before;

    pause_ms(50); /* the ends of the connections are seen */
    before = faulty_call_count(FAULTY_RECV) + faulty_call_count(FAULTY_SEND);
    pause_ms(50);
    ck_assert_uint_eq(faulty_call_count(FAULTY_RECV) + faulty_call_count(FAULTY_SEND), before);
    for (int call = 0; call < FAULTY_CALLS; call++) {
        bool planned = (fault->calls & 1u << call) != 0;

        ck_assert_uint_le(faulty_call_count((enum faulty_call)call), fault->most_calls);
        ck_assert_msg(planned == (faulty_call_faults((enum faulty_call)call) > 0), "%s: %d",
                      fault->name, call);
    }
}

START_TEST(faults_that_pass_are_not_seen)
{
    struct running running;
    thrift_buffer in = THRIFT_BUFFER_INIT;

    running_start(&running);
    plan_faults(&faults[_i]);
    for (int32_t i = 0; i < 3; i++) {
        int fd = peer_dial(&running);
        struct reply reply;

        peer_expect_sum(&running, fd, i);
        peer_expect_sum(&running, fd, i + 100);
        peer_send_call(&running, fd, "blob", 7, THRIFT_ARGS(3000));
        reply = peer_receive_reply(&running, fd, "blob", &in);
        ck_assert_int_eq(reply.sequence_id, 7);
        thrift_outcome_free(reply.outcome);
        socket_close(fd);
    }
    check_faults(&faults[_i]);
    faulty_calls_stop();
    thrift_buffer_deinit(&in);
    running_stop(&running);
}
END_TEST

static const int shortages[] = {EMFILE, ENFILE, ENOBUFS, ENOMEM};

START_TEST(accepting_rests_while_there_is_a_shortage)
{
    struct running running;
    int fd;

    running_start(&running);
    faulty_call_plan(FAULTY_ACCEPT, 1, 2, shortages[_i]);
    fd = peer_dial(&running); /* the kernel has it; the server cannot take it yet */
    peer_expect_sum(&running, fd, 1);
    running_wait_for_line(&running, "accept-paused");
    ck_assert_uint_eq(faulty_call_faults(FAULTY_ACCEPT), 2);
    ck_assert_uint_le(faulty_call_count(FAULTY_ACCEPT), 4);
    faulty_calls_stop();
    socket_close(fd);
    running_stop(&running);
}
END_TEST

static const struct {
    enum faulty_call call;
    int error;
} losses[] = {{FAULTY_SEND, ENOBUFS},
              {FAULTY_SEND, ENOMEM},
              {FAULTY_SEND, EPIPE},
              {FAULTY_RECV, ENOMEM},
              {FAULTY_RECV, ETIMEDOUT}};

/* The test itself uses read() and write(), which do not fail. */
START_TEST(a_lost_connection_is_lost_alone)
{
    struct running running;
    thrift_buffer request = THRIFT_BUFFER_INIT;
    uint8_t bytes[64];
    int victim, other;

    running_start(&running);
    victim = peer_dial(&running);
    other = peer_dial(&running);
    peer_expect_sum(&running, other, 1);
    request_append(&running.fixture, running_form, "add", 1, 9, THRIFT_ARGS(1, 2), &request);
    faulty_call_plan(losses[_i].call, 1, 1, losses[_i].error);
    ck_assert_int_eq(fcntl(victim, F_SETFL, 0), 0);
    ck_assert_int_eq(write(victim, request.data, request.size), (ssize_t)request.size);
    ck_assert_int_le(read(victim, bytes, sizeof bytes), 0);
    ck_assert_uint_eq(faulty_call_faults(losses[_i].call), 1);
    faulty_calls_stop();
    peer_expect_sum(&running, other, 2);
    socket_close(victim);
    socket_close(other);
    thrift_buffer_deinit(&request);
    running_stop(&running);
}
END_TEST

/* ---- what peers cost ---- */

static atomic_size_t living; /* bytes */

static void *count_bytes(void *data, void *old, size_t old_size, size_t size)
{
    void *block = NULL;

    (void)data;
    if (size == 0) {
        free(old);
    } else {
        block = realloc(old, size);
    }
    if (size == 0 || block != NULL) {
        atomic_fetch_add(&living, size - (old != NULL ? old_size : 0)); /* it may wrap, and back */
    }
    return block;
}

static void start_counted(struct running *running)
{
    static const thrift_allocator counting = {count_bytes, NULL};
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;

    options.allocator = &counting;
    options.limits.struct_size = sizeof options.limits;
    options.limits.max_connections_per_peer = 5000;
    running_start_with(running, options, "tcp://127.0.0.1:0");
}

/* Until no more descriptors are open than `most`, for a while. */
static void wait_for_descriptors(size_t most)
{
    for (int i = 0, quiet = 0; i < 10000 && quiet < 50; i++) {
        quiet = open_descriptors() > most ? 0 : quiet + 1;
        pause_ms(2);
    }
    ck_assert_uint_le(open_descriptors(), most);
}

static void connect_and_reset(const struct running *running, int rounds)
{
    const struct linger reset = {1, 0};

    for (int i = 0; i < rounds; i++) {
        int fd = peer_dial(running);

        peer_send(fd, "\0\0\0\x50", i % 5 < 4 ? (size_t)i % 5 : 4); /* of the begin of a frame */
        ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
        socket_close(fd);
    }
}

START_TEST(thousands_of_resets_leave_nothing)
{
    struct running running;
    size_t descriptors, bytes;
    int probe;

    start_counted(&running);
    probe = peer_dial(&running);
    peer_expect_sum(&running, probe, 1);
    connect_and_reset(&running, 100); /* buffers to be recycled are there now */
    descriptors = open_descriptors();
    wait_for_descriptors(descriptors);
    peer_expect_sum(&running, probe, 2);
    bytes = atomic_load(&living);
    connect_and_reset(&running, 3000);
    wait_for_descriptors(descriptors);
    peer_expect_sum(&running, probe, 3);
    ck_assert_uint_le(atomic_load(&living), bytes);
    socket_close(probe);
    running_stop(&running);
    ck_assert_uint_eq(atomic_load(&living), 0);
}
END_TEST

START_TEST(claimed_frames_take_no_memory)
{
    enum { PEERS = 200 };
    static const uint8_t claim[] = {0, 0xf4, 0x24, 0}; /* 16,000,000 bytes */
    struct running running;
    int fds[PEERS], probe;
    size_t before;

    start_counted(&running);
    probe = peer_dial(&running);
    peer_expect_sum(&running, probe, 1);
    before = atomic_load(&living);
    for (int i = 0; i < PEERS; i++) {
        fds[i] = peer_dial(&running);
        peer_send(fds[i], claim, sizeof claim);
    }
    peer_expect_sum(&running, probe, 2); /* accepted later than they */
    pause_ms(50);
    ck_assert_uint_le(atomic_load(&living) - before, (size_t)PEERS * 4096);
    for (int i = 0; i < PEERS; i++) {
        socket_close(fds[i]);
    }
    socket_close(probe);
    running_stop(&running);
}
END_TEST

START_TEST(the_end_in_a_frame_is_logged_and_calls_nothing)
{
    struct running running;
    thrift_buffer request = THRIFT_BUFFER_INIT;
    int fd;

    running_start(&running);
    request_append(&running.fixture, running_form, "add", 1, 1, THRIFT_ARGS(1, 2), &request);
    fd = peer_dial(&running);
    peer_send(fd, request.data, request.size - 1);
    ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
    peer_expect_closed(fd);
    running_wait_for_line(&running, "the peer closed in the middle of a message");
    ck_assert_int_eq(atomic_load(&running.fixture.calls), 0);
    socket_close(fd);
    thrift_buffer_deinit(&request);
    running_stop(&running);
}
END_TEST

/* The loop sees data of a connection that it has never waited for. */
START_TEST(what_came_before_the_server_ran_is_answered)
{
    struct running running;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer in = THRIFT_BUFFER_INIT;
    struct reply reply;
    int fd;

    running_listen(&running, (thrift_server_options)THRIFT_SERVER_OPTIONS_INIT,
                   "tcp://127.0.0.1:0");
    fd = peer_dial(&running);
    peer_send_call(&running, fd, "add", 3, THRIFT_ARGS(1, 2));
    pause_ms(20);
    ck_assert_int_eq(thrift_server_start(running.server, &err), THRIFT_OK);
    reply = peer_receive_reply(&running, fd, "add", &in);
    ck_assert_int_eq(reply.sequence_id, 3);
    thrift_outcome_free(reply.outcome);
    thrift_buffer_deinit(&in);
    socket_close(fd);
    running_stop(&running);
}
END_TEST

/* It takes a byte now and then: nobody waits busily for it, and it has the same limit in time. */
START_TEST(a_peer_that_reads_slowly_costs_nothing)
{
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;
    struct running running;
    uint8_t byte;
    unsigned calls = 0;
    int fd;

    options.limits.struct_size = sizeof options.limits;
    options.limits.write_timeout_ms = 300;
    running_start_with(&running, options, "tcp://127.0.0.1:0");
    fd = peer_dial(&running);
    for (int32_t i = 0; i < 40; i++) {
        peer_send_call(&running, fd, "blob", i, THRIFT_ARGS(500000));
    }
    pause_ms(100);
    faulty_call_plan(FAULTY_SEND, 0, 0, 0);
    for (int i = 0; i < 1000 && !captured_log_has(&running.lines, "connection-stuck"); i++) {
        (void)recv(fd, &byte, 1, 0);
        calls = faulty_call_count(FAULTY_SEND);
        pause_ms(5);
    }
    running_wait_for_line(&running, "connection-stuck");
    ck_assert_uint_le(calls, 5);
    socket_close(fd);
    running_stop(&running);
}
END_TEST

/* ---- one peer's work beside another's ---- */

/* Oneway calls with a string that nobody knows, as a zlib stream: a thousandth of their size. */
static void append_bomb(int32_t calls, thrift_buffer *out)
{
    enum { LONG = 60000 };
    static uint8_t args[7 + LONG + 1] = {11, 0, 2, 0, 0, LONG >> 8, LONG & 0xff};
    struct zlib_writer *writer = zlib_writer_new(NULL);
    thrift_buffer call = THRIFT_BUFFER_INIT;

    request_append_raw(running_form, "fire", 4, 1, (thrift_bytes){args, sizeof args}, &call);
    for (int32_t i = 0; i < calls; i++) {
        ck_assert(zlib_write(writer, buffer_bytes(&call), out));
    }
    thrift_buffer_deinit(&call);
    zlib_writer_free(writer);
}

/* While the log is held, the loop stands still: what arrives meanwhile is one batch to it. */
static void hold(struct running *running)
{
    int fd = peer_dial(running);

    pthread_mutex_lock(&running->lines.lock);
    peer_send(fd, "SSH-2.0-OpenSSH_9.2\r\n", 21);
    pause_ms(30);
    socket_close(fd);
}

START_TEST(a_bomb_leaves_others_their_turn)
{
    enum { CALLS = 400 };
    struct running running;
    thrift_buffer bomb = THRIFT_BUFFER_INIT, in = THRIFT_BUFFER_INIT;
    struct reply reply;
    int bomber, other;

    if (!zlib_built()) {
        return;
    }
    append_bomb(CALLS, &bomb);
    ck_assert_uint_lt(bomb.size, 64 * 1024); /* read at once */
    running_start(&running);
    bomber = peer_dial(&running);
    other = peer_dial(&running);
    peer_expect_sum(&running, other, 1);
    hold(&running);
    peer_send(bomber, bomb.data, bomb.size);
    peer_send_call(&running, other, "add", 2, THRIFT_ARGS(1, 2));
    pthread_mutex_unlock(&running.lines.lock);
    reply = peer_receive_reply(&running, other, "add", &in);
    ck_assert_int_lt(atomic_load(&running.fixture.fired), CALLS / 2);
    thrift_outcome_free(reply.outcome);
    for (int i = 0; i < 20000 && atomic_load(&running.fixture.fired) < CALLS; i++) {
        pause_ms(1);
    }
    ck_assert_int_eq(atomic_load(&running.fixture.fired), CALLS);
    socket_close(bomber);
    socket_close(other);
    thrift_buffer_deinit(&bomb);
    thrift_buffer_deinit(&in);
    running_stop(&running);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, byte_by_byte_and_half_closed);
    tcase_add_test(tests, a_thousand_requests_in_one_segment);
    tcase_add_test(tests, replies_wait_for_the_peer);
    tcase_add_test(tests, a_peer_that_never_reads_is_closed);
    tcase_add_test(tests, resets_anywhere_leave_nothing);
    tcase_add_loop_test(tests, strangers_are_closed, 0, (int)COUNT_OF(strangers));
    tcase_add_test(tests, time_limits_close);
    tcase_add_loop_test(tests, connections_over_the_limit_are_closed, 0, 2);
    tcase_add_test(tests, waiting_input_stays_within_the_server_s_memory);
    tcase_add_loop_test(tests, faults_that_pass_are_not_seen, 0, (int)COUNT_OF(faults));
    tcase_add_loop_test(tests, accepting_rests_while_there_is_a_shortage, 0,
                        (int)COUNT_OF(shortages));
    tcase_add_loop_test(tests, a_lost_connection_is_lost_alone, 0, (int)COUNT_OF(losses));
    tcase_add_test(tests, thousands_of_resets_leave_nothing);
    tcase_add_test(tests, claimed_frames_take_no_memory);
    tcase_add_test(tests, the_end_in_a_frame_is_logged_and_calls_nothing);
    tcase_add_test(tests, what_came_before_the_server_ran_is_answered);
    tcase_add_test(tests, a_peer_that_reads_slowly_costs_nothing);
    tcase_add_test(tests, a_bomb_leaves_others_their_turn);
}

SUITE_MAIN("rpc/connection")
