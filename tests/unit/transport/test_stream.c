/*
 * Loop, listener, stream and socket together: an echo server on real sockets.
 *
 * Covers also: connector.c, listener.c, loop.c, resolve.c, socket.c.
 */
#include "transport/stream.h"

#include <poll.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "own_address.h"
#include "suite.h"
#include "transport/connector.h"
#include "transport/listener.h"
#include "transport/socket.h"

struct server {
    struct loop *loop;
    struct listener *listener;
    thrift_buffer output;
    struct stream *last; /* loop thread only */
    atomic_int opened, closed, paused, drained;
    atomic_bool stopping;
};

struct owner {
    struct server *server;
};

static struct server *server_of(struct stream *stream)
{
    return ((struct owner *)stream_owner(stream))->server;
}

static void arrived(struct stream *stream, thrift_bytes bytes)
{
    struct server *server = server_of(stream);

    ck_assert(buffer_append(&server->output, bytes.data, bytes.size));
    if (!stream_write(stream, &server->output)) {
        stream_close(stream);
    } else if (stream_queued(stream) > 1 << 20) {
        stream_pause(stream);
        atomic_fetch_add(&server->paused, 1);
    }
}

static void ended(struct stream *stream, int sys_errno)
{
    if (sys_errno != 0 || stream_queued(stream) == 0) {
        stream_close(stream);
    }
}

static void drained(struct stream *stream)
{
    atomic_fetch_add(&server_of(stream)->drained, 1);
    stream_resume(stream);
}

static void closed(struct stream *stream)
{
    struct server *server = server_of(stream);

    server->last = server->last == stream ? NULL : server->last;
    atomic_fetch_add(&server->closed, 1);
}

static const struct stream_events echo = {arrived, ended, drained, closed};

static void accepted(void *data, int fd)
{
    struct server *server = data;
    struct stream *stream = stream_new(&echo, sizeof(struct owner), NULL);

    ck_assert_ptr_eq(stream_of(stream_owner(stream)), stream);
    ((struct owner *)stream_owner(stream))->server = server;
    atomic_fetch_add(&server->opened, 1);
    server->last = stream;
    ck_assert_int_eq(stream_open(stream, server->loop, fd, NULL), THRIFT_OK);
}

static void started(void *data)
{
    struct server *server = data;
    const struct listener_events events = {.accepted = accepted, .data = server};
    struct log silence = {0};

    ck_assert(loop_inside());
    ck_assert_int_eq(listener_start(server->listener, server->loop, &events, &silence, NULL),
                     THRIFT_OK);
}

static void woken(void *data)
{
    struct server *server = data;

    if (atomic_exchange(&server->stopping, false)) {
        listener_stop(server->listener);
        if (server->last != NULL) {
            stream_close(server->last);
        }
        loop_end(server->loop);
    }
}

static const char *start(struct server *server, const char *text)
{
    struct loop_events events = {started, woken, NULL, server};
    struct address address;
    thrift_error err = THRIFT_ERROR_INIT;

    *server = (struct server){0};
    ck_assert_int_eq(address_parse(text, &address, NULL), THRIFT_OK);
    ck_assert_msg(listener_open(&address, NULL, &server->listener, &err) == THRIFT_OK, "%s",
                  err.message);
    server->loop = loop_new(&events, NULL, NULL);
    ck_assert_ptr_nonnull(server->loop);
    ck_assert_int_eq(loop_start(server->loop, NULL), THRIFT_OK);
    return listener_address(server->listener);
}

static void stop(struct server *server)
{
    atomic_store(&server->stopping, true);
    loop_wake(server->loop);
    loop_join(server->loop);
    loop_free(server->loop);
    listener_free(server->listener);
    thrift_buffer_deinit(&server->output);
    ck_assert_int_eq(atomic_load(&server->opened), atomic_load(&server->closed));
}

static uint64_t in_ms(uint64_t ms) { return clock_now_ns() + ms * 1000000; }

static int dial(const char *text)
{
    struct address address;
    thrift_error err = THRIFT_ERROR_INIT;
    int fd = -1;

    ck_assert_int_eq(address_parse(text, &address, NULL), THRIFT_OK);
    ck_assert_msg(socket_connect(&address, in_ms(3000), &fd, &err) == THRIFT_OK, "%s", err.message);
    return fd;
}

static void receive_all(int fd, uint8_t *into, size_t size)
{
    for (size_t got = 0, more; got < size; got += more) {
        ck_assert_int_eq(socket_receive(fd, into + got, size - got, in_ms(5000), &more, NULL),
                         THRIFT_OK);
    }
}

static void wait_for(atomic_int *counter, int value)
{
    for (int i = 0; i < 3000 && atomic_load(counter) < value; i++) {
        (void)poll(NULL, 0, 1);
    }
    ck_assert_int_eq(atomic_load(counter), value);
}

/* NULL: an abstract name of this process, since such names are the whole machine's. */
static const char *const addresses[] = {"tcp://127.0.0.1:0", "tcp://[::1]:0", "tcp://localhost:0",
                                        NULL, "unix:test-stream.sock"};

static const char *address_at(int i)
{
    return addresses[i] != NULL ? addresses[i] : own_address("test-stream", "");
}

START_TEST(echoes)
{
    struct server server;
    const char *address = start(&server, address_at(_i));
    uint8_t got[5];
    size_t sent;

    for (int i = 0; i < 3; i++) {
        int fd = dial(address);

        ck_assert_int_eq(
            socket_send(fd, (thrift_bytes){(const uint8_t *)"hello", 5}, in_ms(1000), &sent, NULL),
            THRIFT_OK);
        receive_all(fd, got, 5);
        ck_assert_mem_eq(got, "hello", 5);
        ck_assert(!socket_is_stale(fd));
        socket_close(fd);
        wait_for(&server.closed, i + 1);
    }
    stop(&server);
    ck_assert_int_ne(access("test-stream.sock", F_OK), 0);
}
END_TEST

START_TEST(keeps_what_the_peer_does_not_take)
{
    enum { SIZE = 8 << 20 };
    struct server server;
    int fd = dial(start(&server, address_at(_i)));
    uint8_t *data = malloc(SIZE), *got = malloc(SIZE);
    size_t sent = 0, received = 0;
    const int little = 64 * 1024; /* the system is not to keep all of it instead of the server */

    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &little, sizeof little), 0);
    for (size_t i = 0; i < SIZE; i++) {
        data[i] = (uint8_t)(i * 7 + i / 251);
    }
    while (received < SIZE) {
        size_t part = SIZE - sent < 300000 ? SIZE - sent : 300000, out;
        struct pollfd wanted = {fd, POLLOUT, 0};

        /* Nothing is read before the server has stopped taking, so that it has to keep some. */
        if (part > 0 && poll(&wanted, 1, 100) > 0) {
            /* A deadline that has passed: send what fits. */
            (void)socket_send(fd, (thrift_bytes){data + sent, part}, 0, &out, NULL);
            sent += out;
        } else if (atomic_load(&server.paused) == 0) {
            (void)poll(NULL, 0, 1);
        } else {
            ck_assert_int_eq(
                socket_receive(fd, got + received, SIZE - received, in_ms(5000), &out, NULL),
                THRIFT_OK);
            received += out;
        }
    }
    ck_assert_mem_eq(got, data, SIZE);
    for (int i = 0; i < 3000 && atomic_load(&server.drained) == 0; i++) {
        (void)poll(NULL, 0, 1);
    }
    ck_assert_int_gt(atomic_load(&server.drained), 0);
    socket_close(fd);
    wait_for(&server.closed, 1);
    stop(&server);
    free(data);
    free(got);
}
END_TEST

START_TEST(reset_while_writing_is_survived)
{
    struct server server;
    const char *address = start(&server, "tcp://127.0.0.1:0");
    static uint8_t data[1 << 20];
    const struct linger reset = {1, 0};
    size_t sent;

    for (int i = 0; i < 10; i++) {
        int fd = dial(address);

        (void)socket_send(fd, (thrift_bytes){data, sizeof data}, in_ms(20), &sent, NULL);
        ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), 0);
        socket_close(fd);
    }
    wait_for(&server.closed, 10);
    stop(&server);
}
END_TEST

START_TEST(stops_with_an_open_connection)
{
    struct server server;
    int fd = dial(start(&server, "tcp://127.0.0.1:0"));
    uint8_t byte;
    size_t size;

    wait_for(&server.opened, 1);
    stop(&server);
    ck_assert_int_eq(socket_receive(fd, &byte, 1, in_ms(1000), &size, NULL), THRIFT_E_CLOSED);
    ck_assert(socket_is_stale(fd));
    socket_close(fd);
}
END_TEST

START_TEST(port_in_use_is_said)
{
    struct server server;
    const char *text = start(&server, "tcp://127.0.0.1:0");
    struct address address;
    struct listener *listener = NULL;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(address_parse(text, &address, NULL), THRIFT_OK);
    ck_assert_int_eq(listener_open(&address, NULL, &listener, &err), THRIFT_E_IO);
    ck_assert_msg(strstr(err.message, "cannot listen on tcp://127.0.0.1:") != NULL &&
                      strstr(err.message, "Address already in use") != NULL,
                  "%s", err.message);
    ck_assert_int_ne(err.sys_errno, 0);
    stop(&server);
}
END_TEST

static const struct {
    const char *text, *mentions;
} nowhere[] = {
    {"tcp://[::1%no-such-device]:0", "cannot listen on host '::1%no-such-device'"},
    {"tcp://192.0.2.1:0", "cannot listen on tcp://192.0.2.1:0: Cannot assign requested address"},
    {"tcp://no-such-host.invalid:0", "cannot listen on host 'no-such-host.invalid'"},
    {"unix:/nonexistent/x", "cannot listen on unix:/nonexistent/x: No such file or directory"},
};

START_TEST(where_it_cannot_listen_is_said)
{
    struct address address;
    struct listener *listener = NULL;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(address_parse(nowhere[_i].text, &address, NULL), THRIFT_OK);
    ck_assert_int_eq(listener_open(&address, NULL, &listener, &err), THRIFT_E_IO);
    ck_assert_ptr_null(listener);
    ck_assert_msg(strstr(err.message, nowhere[_i].mentions) != NULL, "%s", err.message);
}
END_TEST

START_TEST(unix_socket_replaced_only_if_dead)
{
    struct server server;
    const char *text = start(&server, "unix:test-stale.sock");
    struct address address;
    struct listener *listener = NULL;
    thrift_error err = THRIFT_ERROR_INIT;
    struct sockaddr_storage at;
    int dead;

    ck_assert_int_eq(address_parse(text, &address, NULL), THRIFT_OK);
    ck_assert_int_eq(listener_open(&address, NULL, &listener, &err), THRIFT_E_IO);
    ck_assert_ptr_nonnull(strstr(err.message, "Address already in use"));
    stop(&server);
    dead = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(dead, (struct sockaddr *)&at, address_to_unix(&address, &at)), 0);
    close(dead);
    ck_assert_int_eq(listener_open(&address, NULL, &listener, &err), THRIFT_OK);
    listener_free(listener);
    fclose(fopen("test-stale.sock", "w")); /* not a socket: never removed */
    ck_assert_int_eq(listener_open(&address, NULL, &listener, &err), THRIFT_E_IO);
    ck_assert_int_eq(unlink("test-stale.sock"), 0);
}
END_TEST

START_TEST(refused_connection_is_said)
{
    struct address address;
    thrift_error err = THRIFT_ERROR_INIT;
    int fd = -1;

    ck_assert_int_eq(address_parse("tcp://127.0.0.1:1", &address, NULL), THRIFT_OK);
    ck_assert_int_eq(socket_connect(&address, in_ms(1000), &fd, &err), THRIFT_E_CONNECT);
    ck_assert_ptr_nonnull(strstr(err.message, "tcp://127.0.0.1:1: Connection refused"));
    ck_assert_int_eq(address_parse("unix:/nonexistent/x", &address, NULL), THRIFT_OK);
    ck_assert_int_eq(socket_connect(&address, in_ms(1000), &fd, &err), THRIFT_E_CONNECT);
    ck_assert_int_eq(address_parse("tcp://no-such-host.invalid:1", &address, NULL), THRIFT_OK);
    ck_assert_int_ne(socket_connect(&address, in_ms(3000), &fd, &err), THRIFT_OK);
    ck_assert_ptr_nonnull(strstr(err.message, "no-such-host.invalid"));
    ck_assert_int_eq(fd, -1);
}
END_TEST

struct connecting {
    struct loop *loop;
    struct loop_task task;
    struct address address;
    atomic_int fd, code;
};

static void connected(void *data, int fd, const thrift_error *err)
{
    struct connecting *connecting = data;

    ck_assert_int_eq(fd < 0, err->code != THRIFT_OK);
    atomic_store(&connecting->code, (int)err->code);
    atomic_store(&connecting->fd, fd);
    loop_end(connecting->loop);
}

static void begin_connecting(struct loop_task *task)
{
    struct connecting *connecting =
        (struct connecting *)(void *)((uint8_t *)task - offsetof(struct connecting, task));
    const thrift_allocator plain = {NULL, NULL};

    ck_assert_int_eq(connector_start(connecting->loop, &connecting->address,
                                     clock_now_ns() + 1000000000, connected, connecting, &plain,
                                     NULL),
                     THRIFT_OK);
}

static void not_woken(void *data) { (void)data; }

/* Connects to an address on a loop; the descriptor, or a negated status. */
static int connect_on_loop(const char *address)
{
    struct connecting connecting = {.task.run = begin_connecting};
    const struct loop_events events = {.woken = not_woken, .data = &connecting};

    ck_assert_int_eq(address_parse(address, &connecting.address, NULL), THRIFT_OK);
    connecting.loop = loop_new(&events, NULL, NULL);
    ck_assert(loop_post(connecting.loop, &connecting.task));
    ck_assert_int_eq(loop_start(connecting.loop, NULL), THRIFT_OK);
    loop_join(connecting.loop);
    loop_free(connecting.loop);
    return connecting.fd >= 0 ? connecting.fd : -connecting.code;
}

START_TEST(a_loop_connects)
{
    const int listening = socket(AF_UNIX, SOCK_STREAM, 0);
    struct address address;
    struct sockaddr_storage at;
    int fd;

    ck_assert_int_eq(address_parse(own_address("connector", ""), &address, NULL), THRIFT_OK);
    ck_assert_int_eq(bind(listening, (struct sockaddr *)&at, address_to_unix(&address, &at)), 0);
    ck_assert_int_eq(listen(listening, 5), 0);
    fd = connect_on_loop(own_address("connector", ""));
    ck_assert_int_gt(fd, 0);
    close(fd);
    close(listening);
    ck_assert_int_eq(connect_on_loop(own_address("connector", "")), -THRIFT_E_CONNECT);
}
END_TEST

/* ---- one batch of events ---- */

/* Two streams have bytes when the loop wakes up; the first to be told closes the other, whose
 * number a third one gets at once. */
struct batch {
    struct loop *loop;
    struct loop_task task;
    struct stream *streams[3];
    int peers[3], numbers[3];
    int arrived[3], closed;
};

static struct batch *batch_of(struct stream *stream)
{
    return *(struct batch **)stream_owner(stream);
}

static const struct stream_events batch_events;

static void open_pair(struct batch *batch, int i, int number)
{
    struct stream *stream = stream_new(&batch_events, sizeof batch, NULL);
    int pair[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    if (pair[1] == number) { /* either end will do */
        pair[1] = pair[0];
        pair[0] = number;
    }
    if (number >= 0 && pair[0] != number) {
        ck_assert_int_eq(dup2(pair[0], number), number);
        close(pair[0]);
        pair[0] = number;
    }
    batch->peers[i] = pair[1];
    batch->numbers[i] = pair[0];
    batch->streams[i] = stream;
    *(struct batch **)stream_owner(stream) = batch;
    ck_assert_int_eq(stream_open(stream, batch->loop, pair[0], NULL), THRIFT_OK);
}

static void replace_the_other(struct batch *batch, int first)
{
    int other = 1 - first;

    stream_close(batch->streams[other]);
    batch->streams[other] = NULL;
    open_pair(batch, 2, batch->numbers[other]);
    ck_assert_int_eq(write(batch->peers[2], "z", 1), 1);
}

static void batch_arrived(struct stream *stream, thrift_bytes bytes)
{
    struct batch *batch = batch_of(stream);

    for (int i = 0; i < 3; i++) {
        if (batch->streams[i] == stream) {
            batch->arrived[i]++;
            ck_assert_int_eq(bytes.data[0], "xyz"[i]);
            if (i < 2) {
                replace_the_other(batch, i);
            } else {
                stream_close(batch->streams[0] != NULL ? batch->streams[0] : batch->streams[1]);
                stream_close(stream);
                loop_end(batch->loop);
            }
            return;
        }
    }
    ck_abort_msg("bytes for a stream that is closed");
}

static void batch_ended(struct stream *stream, int sys_errno)
{
    (void)stream;
    ck_abort_msg("an end that nobody made: %d", sys_errno);
}

static void batch_drained(struct stream *stream) { (void)stream; }

static void batch_closed(struct stream *stream) { batch_of(stream)->closed++; }

static const struct stream_events batch_events = {batch_arrived, batch_ended, batch_drained,
                                                  batch_closed};

static void begin_batch(struct loop_task *task)
{
    struct batch *batch = (struct batch *)(void *)((uint8_t *)task - offsetof(struct batch, task));

    for (int i = 0; i < 2; i++) {
        open_pair(batch, i, -1);
        ck_assert_int_eq(write(batch->peers[i], &"xy"[i], 1), 1); /* before the loop waits for it */
    }
}

START_TEST(a_number_used_again_gets_no_old_event)
{
    struct batch batch = {.task.run = begin_batch};
    const struct loop_events events = {.woken = not_woken, .data = &batch};

    batch.loop = loop_new(&events, NULL, NULL);
    ck_assert(loop_post(batch.loop, &batch.task));
    ck_assert_int_eq(loop_start(batch.loop, NULL), THRIFT_OK);
    loop_join(batch.loop);
    loop_free(batch.loop);
    ck_assert_int_eq(batch.arrived[0] + batch.arrived[1], 1);
    ck_assert_int_eq(batch.arrived[2], 1);
    ck_assert_int_eq(batch.closed, 3);
    for (int i = 0; i < 3; i++) {
        close(batch.peers[i]);
    }
}
END_TEST

START_TEST(receiving_ends_at_the_deadline)
{
    struct server server;
    int fd = dial(start(&server, "tcp://127.0.0.1:0"));
    uint64_t begin = clock_now_ns();
    uint8_t byte;
    size_t size;

    ck_assert_int_eq(socket_receive(fd, &byte, 1, in_ms(50), &size, NULL), THRIFT_E_DEADLINE);
    ck_assert_uint_ge(clock_now_ns() - begin, 50000000);
    socket_close(fd);
    wait_for(&server.closed, 1);
    stop(&server);
}
END_TEST

/* Valgrind keeps the descriptor limit itself: it closes what accept() gave beyond it, so that the
 * connection that waits in this test is gone. */
static bool runs_under_valgrind(void)
{
    const char *preloaded = getenv("LD_PRELOAD");

    return preloaded != NULL && strstr(preloaded, "vgpreload") != NULL;
}

START_TEST(out_of_descriptors_pauses_and_resumes)
{
    struct server server;
    const char *address = start(&server, "tcp://127.0.0.1:0");
    struct rlimit before, few;
    int first = dial(address), fd, next;
    uint8_t got[1];
    size_t sent;

    wait_for(&server.opened, 1);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    fd = dial(address); /* in the backlog or accepted */
    wait_for(&server.opened, 2);
    next = socket(AF_INET, SOCK_STREAM, 0);
    few = before;
    few.rlim_cur = (rlim_t)next + 1;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    close(next);
    next = dial(address); /* takes the last descriptor: nothing is left for accept */
    (void)poll(NULL, 0, 150);
    ck_assert_int_eq(atomic_load(&server.opened), 2);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
    wait_for(&server.opened, 3);
    ck_assert_int_eq(
        socket_send(next, (thrift_bytes){(const uint8_t *)"x", 1}, in_ms(1000), &sent, NULL),
        THRIFT_OK);
    receive_all(next, got, 1);
    socket_close(first);
    socket_close(fd);
    socket_close(next);
    wait_for(&server.closed, 3);
    stop(&server);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, echoes, 0, (int)COUNT_OF(addresses));
    tcase_add_loop_test(tests, keeps_what_the_peer_does_not_take, 0, (int)COUNT_OF(addresses));
    tcase_add_test(tests, reset_while_writing_is_survived);
    tcase_add_test(tests, stops_with_an_open_connection);
    tcase_add_test(tests, port_in_use_is_said);
    tcase_add_loop_test(tests, where_it_cannot_listen_is_said, 0, (int)COUNT_OF(nowhere));
    tcase_add_test(tests, unix_socket_replaced_only_if_dead);
    tcase_add_test(tests, refused_connection_is_said);
    tcase_add_test(tests, a_loop_connects);
    tcase_add_test(tests, a_number_used_again_gets_no_old_event);
    tcase_add_test(tests, receiving_ends_at_the_deadline);
    if (!runs_under_valgrind()) {
        tcase_add_test(tests, out_of_descriptors_pauses_and_resumes);
    }
}

SUITE_MAIN("transport/stream")
