/*
 * A server that runs beside the test, and peers of it.
 */
#include "server_rig.h"

#include <fcntl.h>
#include <poll.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "suite.h"
#include "transport/socket.h"

const struct wire_form running_form = {THRIFT_BINARY, true, false};

void running_listen(struct running *running, thrift_server_options options, const char *address)
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
    ck_assert_int_eq(
        address_parse(thrift_server_address(running->server, 0), &running->address, NULL),
        THRIFT_OK);
}

void running_start_with(struct running *running, thrift_server_options options, const char *address)
{
    thrift_error err = THRIFT_ERROR_INIT;

    running_listen(running, options, address);
    ck_assert_msg(thrift_server_start(running->server, &err) == THRIFT_OK, "%s", err.message);
}

void running_start(struct running *running)
{
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;

    running_start_with(running, options, "tcp://127.0.0.1:0");
}

void running_stop(struct running *running)
{
    thrift_server_shutdown(running->server);
    ck_assert_int_eq(thrift_server_wait(running->server, NULL), THRIFT_OK);
    thrift_server_free(running->server);
    fixture_close(&running->fixture);
}

uint64_t after_ms(uint64_t ms) { return clock_now_ns() + ms * 1000000; }

int peer_dial_address(const struct address *address)
{
    thrift_error err = THRIFT_ERROR_INIT;
    int fd = -1;

    ck_assert_msg(socket_connect(address, after_ms(3000), &fd, &err) == THRIFT_OK, "%s",
                  err.message);
    return fd;
}

int peer_dial(const struct running *running) { return peer_dial_address(&running->address); }

void peer_send(int fd, const void *data, size_t size)
{
    size_t sent;

    ck_assert_int_eq(socket_send(fd, (thrift_bytes){data, size}, after_ms(5000), &sent, NULL),
                     THRIFT_OK);
}

void peer_send_call(const struct running *running, int fd, const char *method, int32_t id,
                    thrift_args args)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;

    request_append(&running->fixture, running_form, method, 1, id, args, &out);
    peer_send(fd, out.data, out.size);
    thrift_buffer_deinit(&out);
}

/* Reads until there is one reply more. */
struct reply peer_receive_reply(const struct running *running, int fd, const char *method,
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
        ck_assert_int_eq(
            socket_receive(fd, in->data + in->size, 65536, after_ms(5000), &size, NULL), THRIFT_OK);
        in->size += size;
    }
}

void peer_expect_sum(const struct running *running, int fd, int32_t id)
{
    thrift_buffer in = THRIFT_BUFFER_INIT;
    struct reply reply;

    peer_send_call(running, fd, "add", id, THRIFT_ARGS(id, 1));
    reply = peer_receive_reply(running, fd, "add", &in);
    ck_assert_int_eq(reply.sequence_id, id);
    ck_assert_int_eq(thrift_as_i32(thrift_outcome_result(reply.outcome, NULL)), id + 1);
    thrift_outcome_free(reply.outcome);
    thrift_buffer_deinit(&in);
}

void peer_expect_closed(int fd)
{
    uint8_t bytes[256];
    size_t size;
    thrift_status status;

    do {
        status = socket_receive(fd, bytes, sizeof bytes, after_ms(5000), &size, NULL);
    } while (status == THRIFT_OK);
    ck_assert_int_eq(status, THRIFT_E_CLOSED);
}

size_t open_descriptors(void)
{
    size_t count = 0;

    for (int fd = 0; fd < 1024; fd++) {
        count += fcntl(fd, F_GETFD) >= 0;
    }
    return count;
}

void running_wait_for_line(struct running *running, const char *part)
{
    for (int i = 0; i < 5000 && !captured_log_has(&running->lines, part); i++) {
        (void)poll(NULL, 0, 1);
    }
    ck_assert_msg(captured_log_has(&running->lines, part), "no \"%s\" in\n%s", part,
                  running->lines.text);
}
