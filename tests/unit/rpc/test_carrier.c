/*
 * Streams of messages in WebSocket and in zlib: every form, split anywhere, full outputs, control
 * frames, what ends them.
 *
 * Covers also: websocket_carrier.c, zlib_carrier.c.
 */
#include "rpc/carrier.h"

#include <string.h>

#include "allocator.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "fixture.h"
#include "rpc/origins.h"
#include "suite.h"
#include "transport/http.h"
#include "transport/websocket.h"
#include "wire/zlib_stream.h"

static const uint8_t mask[4] = {1, 2, 3, 4};

#define UPGRADE(more)                                                                              \
    "GET /chat HTTP/1.1\r\nHost: here:80\r\nUpgrade: websocket\r\nConnection: keep-alive, "        \
    "Upgrade\r\n" more "\r\n"
#define KEY "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"

enum kind { WEBSOCKET, ZLIB };

static const struct {
    enum kind kind;
    enum websocket_opcode opcode;
    struct wire_form form;
} streams[] = {
    {WEBSOCKET, WEBSOCKET_BINARY, {THRIFT_BINARY, false, false}},
    {WEBSOCKET, WEBSOCKET_BINARY, {THRIFT_COMPACT, true, false}},
    {WEBSOCKET, WEBSOCKET_TEXT, {THRIFT_BINARY, true, false}},
    {ZLIB, 0, {THRIFT_BINARY, false, false}},
    {ZLIB, 0, {THRIFT_BINARY, false, true}},
    {ZLIB, 0, {THRIFT_COMPACT, true, false}},
};

/* The client's bytes: a handshake if there is one, then a call in each frame or flush. */
static void build(const struct engine *engine, size_t i, const char *method, int32_t number,
                  int count, thrift_buffer *out)
{
    const thrift_value value = THRIFT_VALUE(number);
    struct zlib_writer *writer = streams[i].kind == ZLIB ? zlib_writer_new(NULL) : NULL;
    static const char handshake[] = UPGRADE(KEY VERSION);

    if (streams[i].kind == WEBSOCKET) {
        ck_assert(buffer_append(out, handshake, sizeof handshake - 1));
    }
    for (int32_t id = 0; id < count; id++) {
        thrift_buffer call = THRIFT_BUFFER_INIT;

        request_append(&engine->fixture, streams[i].form, method, 1, id, (thrift_args){&value, 1},
                       &call);
        if (writer != NULL) {
            ck_assert(zlib_write(writer, buffer_bytes(&call), out));
        } else {
            size_t begin = out->size;

            ck_assert(buffer_append(out, call.data, call.size));
            ck_assert(websocket_write(out, begin, streams[i].opcode, mask));
        }
        thrift_buffer_deinit(&call);
    }
    zlib_writer_free(writer);
}

/* What the server said, without what carries it. */
static thrift_buffer unwrap(size_t i, thrift_bytes said)
{
    thrift_buffer plain = THRIFT_BUFFER_INIT;
    struct websocket_reader reader;
    const char *end;

    if (streams[i].kind == ZLIB) {
        struct zlib_reader *zlib = zlib_reader_new(NULL);
        size_t size = 1;

        while (said.size > 0 || size > 0) {
            ck_assert(buffer_reserve(&plain, 100000));
            ck_assert_int_eq(zlib_read(zlib, &said, plain.data + plain.size, 100000, &size),
                             WIRE_OK);
            plain.size += size;
        }
        zlib_reader_free(zlib);
        return plain;
    }
    ck_assert_mem_eq(said.data, "HTTP/1.1 101 ", 13);
    end = strstr((const char *)said.data, "\r\n\r\n");
    ck_assert(strstr((const char *)said.data, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != NULL);
    said = (thrift_bytes){(const uint8_t *)end + 4,
                          said.size - (size_t)(end + 4 - (const char *)said.data)};
    websocket_reader_init(&reader, false);
    while (said.size > 0) {
        ck_assert_int_eq(websocket_next(&reader, &said, &plain, NULL), WEBSOCKET_MESSAGE);
        ck_assert_int_eq(reader.kind, streams[i].opcode);
    }
    return plain;
}

static void check_replies(const struct engine *engine, size_t i, const char *method, int count)
{
    thrift_buffer plain = unwrap(i, buffer_bytes(&engine->out));
    thrift_bytes rest = buffer_bytes(&plain);

    for (int32_t id = 0; id < count; id++) {
        struct reply reply = reply_take(&engine->fixture, method, &rest);

        ck_assert_msg(reply.outcome != NULL, "reply %d of %d", (int)id, count);
        ck_assert_int_eq(reply.sequence_id, id);
        ck_assert_int_eq(thrift_outcome_is(reply.outcome), THRIFT_OUTCOME_RESULT);
        thrift_outcome_free(reply.outcome);
    }
    ck_assert_uint_eq(rest.size, 0);
    thrift_buffer_deinit(&plain);
}

static bool is_built(size_t i) { return streams[i].kind == ZLIB ? zlib_built() : http_built(); }

START_TEST(calls_in_any_pieces)
{
    struct engine engine;
    thrift_buffer bytes = THRIFT_BUFFER_INIT;

    if (!is_built((size_t)_i)) {
        return;
    }
    engine_open(&engine, NULL);
    build(&engine, (size_t)_i, "get", 1, 3, &bytes);
    for (size_t step = 1; step <= bytes.size; step += step < 10 ? 1 : 37) {
        engine_reconnect(&engine);
        for (size_t at = 0; at < bytes.size; at += step) {
            size_t size = bytes.size - at < step ? bytes.size - at : step;

            ck_assert_int_eq(session_receive(&engine.session, (thrift_bytes){bytes.data + at, size},
                                             &engine.out),
                             SESSION_OPEN);
        }
        ck_assert(!session_is_partial(&engine.session));
        check_replies(&engine, (size_t)_i, "get", 3);
    }
    thrift_buffer_deinit(&bytes);
    engine_close(&engine);
}
END_TEST

START_TEST(a_full_output_stops_reading)
{
    struct engine engine;
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    enum session_verdict verdict;
    int rounds = 0;

    if (!is_built((size_t)_i)) {
        return;
    }
    engine_open(&engine, NULL);
    build(&engine, (size_t)_i, "blob", 700000, 5, &bytes);
    verdict = session_receive(&engine.session, buffer_bytes(&bytes), &engine.out);
    while (verdict == SESSION_FULL) {
        rounds++;
        verdict = session_receive(&engine.session, (thrift_bytes){NULL, 0}, &engine.out);
    }
    ck_assert_int_eq(verdict, SESSION_OPEN);
    ck_assert_int_ge(rounds, streams[_i].kind == ZLIB ? 0 : 3);
    check_replies(&engine, (size_t)_i, "blob", 5);
    thrift_buffer_deinit(&bytes);
    engine_close(&engine);
}
END_TEST

static const struct {
    const char *request, *said, *logged;
} handshakes[] = {
    {UPGRADE(KEY VERSION), "HTTP/1.1 101 ", NULL},
    {UPGRADE(KEY VERSION "Origin: http://here:80\r\n"), "HTTP/1.1 101 ", NULL},
    {UPGRADE(KEY VERSION "Origin: http://evil.example\r\n"), "HTTP/1.1 403 ", "another site"},
    {UPGRADE(KEY VERSION "Origin: http://here:80.evil\r\n"), "HTTP/1.1 403 ", "another site"},
    {UPGRADE(KEY VERSION "Origin: null\r\n"), "HTTP/1.1 403 ", "another site"},
    {UPGRADE(VERSION), "HTTP/1.1 400 ", "no key"},
    {UPGRADE("Sec-WebSocket-Key: short\r\n" VERSION), "HTTP/1.1 400 ", "no key"},
    {UPGRADE(KEY "Sec-WebSocket-Version: 8\r\n"), "HTTP/1.1 426 ", "13"},
    {UPGRADE(KEY), "HTTP/1.1 426 ", "13"},
};

START_TEST(handshakes_are_checked)
{
    struct engine engine;
    const thrift_bytes request = {(const uint8_t *)handshakes[_i].request,
                                  strlen(handshakes[_i].request)};

    if (!http_built()) {
        return;
    }
    engine_open(&engine, NULL);
    ck_assert_int_eq(session_receive(&engine.session, request, &engine.out), SESSION_OPEN);
    ck_assert_uint_gt(engine.out.size, strlen(handshakes[_i].said));
    ck_assert_mem_eq(engine.out.data, handshakes[_i].said, strlen(handshakes[_i].said));
    ck_assert(handshakes[_i].logged == NULL ||
              captured_log_has(&engine.lines, handshakes[_i].logged));
    engine_close(&engine);
}
END_TEST

static const struct {
    const char *name;
    thrift_bytes frame;
    thrift_bytes said; /* last */
    enum session_verdict verdict;
} controls[] = {
    {"ping", BYTES(0x89, 0x82, 0, 0, 0, 0, 'h', 'i'), BYTES(0x8a, 2, 'h', 'i'), SESSION_OPEN},
    {"pong", BYTES(0x8a, 0x80, 0, 0, 0, 0), BYTES('\r', '\n', '\r', '\n'), SESSION_OPEN},
    {"close", BYTES(0x88, 0x82, 0, 0, 0, 0, 3, 0xe8), BYTES(0x88, 2, 3, 0xe8), SESSION_CLOSE},
    {"no mask", BYTES(0x82, 0x00), BYTES(0x88, 2, 3, 0xea), SESSION_CLOSE},
    {"no message", BYTES(0x82, 0x84, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff),
     BYTES('\r', '\n', '\r', '\n'), SESSION_CLOSE},
    {"HTTP inside", BYTES(0x82, 0x84, 0, 0, 0, 0, 'G', 'E', 'T', ' '),
     BYTES('\r', '\n', '\r', '\n'), SESSION_CLOSE},
};

/* A list replaces the server's own host. */
START_TEST(pages_of_listed_sites_may_connect)
{
    static const char *const list[] = {"http://evil.example", NULL};
    struct origins origins;
    struct engine engine;
    const thrift_bytes request = {(const uint8_t *)handshakes[_i].request,
                                  strlen(handshakes[_i].request)};
    bool listed = strstr(handshakes[_i].request, "http://evil.example\r") != NULL;

    if (!http_built()) {
        return;
    }
    engine_open(&engine, NULL);
    ck_assert_int_eq(origins_init(&origins, list, NULL, NULL), THRIFT_OK);
    engine.dispatcher.origins = &origins;
    (void)session_receive(&engine.session, request, &engine.out);
    ck_assert_mem_eq(engine.out.data, listed ? "HTTP/1.1 101 " : "HTTP/1.1 403 ", 13);
    engine_close(&engine);
    origins_deinit(&origins);
}
END_TEST

START_TEST(control_frames)
{
    static const char handshake[] = UPGRADE(KEY VERSION);
    struct engine engine;

    if (!http_built()) {
        return;
    }
    engine_open(&engine, NULL);
    ck_assert_int_eq(
        session_receive(&engine.session,
                        (thrift_bytes){(const uint8_t *)handshake, sizeof handshake - 1},
                        &engine.out),
        SESSION_OPEN);
    ck_assert_msg(session_receive(&engine.session, controls[_i].frame, &engine.out) ==
                      controls[_i].verdict,
                  "%s", controls[_i].name);
    ck_assert_mem_eq(engine.out.data + engine.out.size - controls[_i].said.size,
                     controls[_i].said.data, controls[_i].said.size);
    engine_close(&engine);
}
END_TEST

START_TEST(no_zlib_stream)
{
    static const uint8_t garbage[] = {0x78, 0x9c, 0xff, 0xff, 0xff};
    struct engine engine;

    if (!zlib_built()) {
        return;
    }
    engine_open(&engine, NULL);
    ck_assert_int_eq(
        session_receive(&engine.session, (thrift_bytes){garbage, sizeof garbage}, &engine.out),
        SESSION_CLOSE);
    ck_assert(captured_log_has(&engine.lines, "connection-broken"));
    engine_close(&engine);
}
END_TEST

/* A megabyte of zeros in a kilobyte is refused at its first frame; one long string at the limit of
 * a frame, in memory that its limit bounds. */
START_TEST(bombs_have_the_limits_of_messages)
{
    static const uint8_t zeros[1 << 20];
    static const uint8_t call[] = {0x80, 1, 0, 1, 0,  0, 0, 4, 'p',  'i', 'n', 'g',
                                   0,    0, 0, 1, 11, 0, 9, 0, 0xf0, 0,   0};
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    struct zlib_writer *writer;
    struct engine engine;
    thrift_buffer bomb = THRIFT_BUFFER_INIT;

    if (!zlib_built()) {
        return;
    }
    writer = zlib_writer_new(NULL);
    engine_open(&engine, &allocator);
    engine.shared.limits.max_frame_size = 300000;
    if (_i != 0) {
        ck_assert(zlib_write(writer, (thrift_bytes){call, sizeof call}, &bomb));
    }
    for (int i = 0; i < 16; i++) {
        ck_assert(zlib_write(writer, (thrift_bytes){zeros, sizeof zeros}, &bomb));
    }
    ck_assert_uint_lt(bomb.size, 100000);
    ck_assert_int_eq(session_receive(&engine.session, buffer_bytes(&bomb), &engine.out),
                     SESSION_CLOSE);
    ck_assert_uint_lt(memory.peak, 2 * 1024 * 1024);
    zlib_writer_free(writer);
    thrift_buffer_deinit(&bomb);
    engine_close(&engine);
}
END_TEST

START_TEST(no_memory_closes)
{
    if (!is_built((size_t)_i)) {
        return;
    }
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        struct engine engine;
        thrift_buffer bytes = THRIFT_BUFFER_INIT;
        enum session_verdict verdict = SESSION_OPEN;
        bool failed;

        engine_open(&engine, &allocator);
        build(&engine, (size_t)_i, "get", 1, 2, &bytes);
        memory.count = 0;
        memory.fail_at = k;
        for (size_t at = 0; at < bytes.size && verdict == SESSION_OPEN; at += 10) {
            size_t size = bytes.size - at < 10 ? bytes.size - at : 10;

            verdict = session_receive(&engine.session, (thrift_bytes){bytes.data + at, size},
                                      &engine.out);
        }
        failed = memory.count >= k;
        memory.fail_at = 0;
        thrift_buffer_deinit(&bytes);
        engine_close(&engine);
        ck_assert_uint_eq(memory.live, 0);
        if (!failed) {
            ck_assert_int_eq(verdict, SESSION_OPEN);
            break;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, calls_in_any_pieces, 0, COUNT_OF(streams));
    tcase_add_loop_test(tests, a_full_output_stops_reading, 0, COUNT_OF(streams));
    tcase_add_loop_test(tests, pages_of_listed_sites_may_connect, 1, 5);
    tcase_add_loop_test(tests, handshakes_are_checked, 0, COUNT_OF(handshakes));
    tcase_add_loop_test(tests, control_frames, 0, COUNT_OF(controls));
    tcase_add_test(tests, no_zlib_stream);
    tcase_add_loop_test(tests, bombs_have_the_limits_of_messages, 0, 2);
    tcase_add_loop_test(tests, no_memory_closes, 0, COUNT_OF(streams));
}

SUITE_MAIN("rpc/carrier")
