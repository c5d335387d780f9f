/*
 * HTTP's reader: requests and responses split anywhere, bodies of every kind, limits, what is
 * refused and with which status.
 */
#include "transport/http.h"

#include <string.h>

#include "allocator.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "suite.h"

static thrift_bytes text(const char *of) { return (thrift_bytes){(const uint8_t *)of, strlen(of)}; }

#define HOST "Host: h\r\n"
#define LENGTH(n) "Content-Length: " n "\r\n"

/* Two messages behind each other, and what is seen of them. */
static const struct {
    enum http_kind kind;
    const char *input;
    const char *seen; /* per message: method or status, path, body, '+' when it keeps alive */
} streams[] = {
    {HTTP_REQUESTS,
     "POST /a HTTP/1.1\r\n" HOST LENGTH("5") "\r\nhelloPOST /b HTTP/1.1\r\n" HOST LENGTH(
         "0") "\r\n",
     "POST /a hello+;POST /b +;"},
    {HTTP_REQUESTS,
     "POST /a HTTP/1.1\r\n" HOST
     "Transfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n!\r\n0\r\n"
     "Trailer: t\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n",
     "POST /a hello!+;GET / +;"},
    {HTTP_REQUESTS,
     "POST * HTTP/1.0\r\nConnection: keep-alive\r\n" LENGTH(
         "2") "\r\nokOPTIONS /x HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
     "POST * ok+;OPTIONS /x ;"},
    {HTTP_REQUESTS,
     "POST /h2 HTTP/1.1\r\n" HOST "Connection: Upgrade\r\nUpgrade: h2c\r\n" LENGTH(
         "2") "\r\nokPOST /b HTTP/1.1\r\n" HOST LENGTH("1") "\r\nx",
     "POST /h2 ok+;POST /b x+;"},
    {HTTP_RESPONSES,
     "HTTP/1.1 200 OK\r\n" LENGTH("2") "\r\nokHTTP/1.1 404 Not Found\r\n" LENGTH("4") "\r\ngone",
     "200 ok+;404 gone+;"},
    {HTTP_RESPONSES,
     "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
     "2\r\nok\r\n0\r\n\r\n",
     "100 +;200 ok+;"},
    {HTTP_RESPONSES, "HTTP/1.0 200 OK\r\nX: y\r\n\r\nto the end", "200 to the end;"},
};

static void note(thrift_buffer *seen, const struct http_reader *reader, enum http_kind kind)
{
    const struct http_head *head = http_head_of(reader);
    thrift_bytes body = http_body_of(reader);
    char line[64];

    if (kind == HTTP_REQUESTS) {
        (void)snprintf(line, sizeof line, "%s %.*s ", head->method_name, (int)head->path.size,
                       (const char *)head->path.data);
    } else {
        (void)snprintf(line, sizeof line, "%u ", head->status);
    }
    ck_assert(buffer_append(seen, line, strlen(line)));
    ck_assert(buffer_append(seen, body.data, body.size));
    ck_assert(buffer_append(seen, head->keeps_alive ? "+;" : ";", head->keeps_alive ? 2 : 1));
}

static void feed(struct http_reader *reader, enum http_kind kind, thrift_bytes piece,
                 thrift_buffer *seen)
{
    thrift_error err = THRIFT_ERROR_INIT;
    enum http_event event;

    while ((event = http_next(reader, &piece, &err)) != HTTP_MORE) {
        ck_assert_msg(event != HTTP_BROKEN, "%s", err.message);
        if (event == HTTP_MESSAGE_READ) {
            note(seen, reader, kind);
        }
    }
    ck_assert_uint_eq(piece.size, 0);
}

START_TEST(split_at_every_byte)
{
    const thrift_bytes input = text(streams[_i].input);
    const thrift_limits limits = limits_in_force(NULL);

    for (size_t a = 0; a <= input.size; a++) {
        for (size_t b = a; b <= input.size; b += 1 + b % 3) {
            struct failing_allocator memory = {0};
            const thrift_allocator allocator = failing_allocator_of(&memory);
            struct http_buffers spare;
            thrift_buffer seen = THRIFT_BUFFER_INIT;
            struct http_reader *reader;

            http_buffers_init(&spare, &allocator);
            reader = http_reader_new(streams[_i].kind, &limits, &spare);
            feed(reader, streams[_i].kind, (thrift_bytes){input.data, a}, &seen);
            feed(reader, streams[_i].kind, (thrift_bytes){input.data + a, b - a}, &seen);
            feed(reader, streams[_i].kind, (thrift_bytes){input.data + b, input.size - b}, &seen);
            if (http_end(reader, NULL) == HTTP_MESSAGE_READ) {
                note(&seen, reader, streams[_i].kind);
            }
            ck_assert_uint_eq(seen.size, strlen(streams[_i].seen));
            ck_assert_mem_eq(seen.data, streams[_i].seen, seen.size);
            http_reader_free(reader);
            http_buffers_deinit(&spare);
            ck_assert_uint_eq(memory.live, 0);
            thrift_buffer_deinit(&seen);
        }
    }
}
END_TEST

#define POST "POST / HTTP/1.1\r\n" HOST

static const struct {
    const char *name, *input;
    thrift_status status;
    unsigned refusal;
} broken[] = {
    {"two lengths", POST LENGTH("5") LENGTH("5") "\r\nhello", THRIFT_E_PROTOCOL, 400},
    {"length and chunks", POST LENGTH("5") "Transfer-Encoding: chunked\r\n\r\n", THRIFT_E_PROTOCOL,
     400},
    {"a negative length", POST LENGTH("-1") "\r\n", THRIFT_E_PROTOCOL, 400},
    {"a signed length", POST LENGTH("+5") "\r\nhello", THRIFT_E_PROTOCOL, 400},
    {"a list of lengths", POST LENGTH("5,5") "\r\nhello", THRIFT_E_PROTOCOL, 400},
    {"2^64 bytes", POST LENGTH("18446744073709551616") "\r\n", THRIFT_E_PROTOCOL, 400},
    {"a chunk of 2^64", POST "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n",
     THRIFT_E_PROTOCOL, 400},
    {"a chunk size with 0x", POST "Transfer-Encoding: chunked\r\n\r\n0x10\r\n", THRIFT_E_PROTOCOL,
     400},
    {"a bare carriage return", POST "A: b\rC: d\r\n\r\n", THRIFT_E_PROTOCOL, 400},
    {"a folded line", POST "Transfer-Encoding : chunked\r\n\r\n", THRIFT_E_PROTOCOL, 400},
    {"a name with a blank", POST "A b: c\r\n\r\n", THRIFT_E_PROTOCOL, 400},
    {"another encoding", POST "Transfer-Encoding: gzip\r\n\r\n", THRIFT_E_PROTOCOL, 400},
    {"no method", "HELLO / HTTP/1.1\r\n\r\n", THRIFT_E_PROTOCOL, 400},
    {"HTTP/3", "POST / HTTP/3.0\r\n\r\n", THRIFT_E_PROTOCOL, 505},
    {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", THRIFT_E_PROTOCOL, 505},
    {"a long body",
     POST LENGTH("105") "\r\n"
                        "01234567890123456789012345678901234567890123456789012345678901234567890123"
                        "45678901234567890123"
                        "45678901234567890123456789",
     THRIFT_E_LIMIT, 413},
    {"a long path", "POST /0123456789012345678901234567890123456789012345678901234567890123456789",
     THRIFT_E_LIMIT, 431},
    {"a long line",
     POST "A: 0123456789012345678901234567890123456789012345678901234567890123456789",
     THRIFT_E_LIMIT, 431},
    {"many lines", POST "A: 1\r\nA: 2\r\nA: 3\r\nA: 4\r\nA: 5\r\n\r\n", THRIFT_E_LIMIT, 431},
    {"a chunk's extension",
     POST "Transfer-Encoding: chunked\r\n\r\n1;0123456789012345678901234567890123456789012345678901"
          "234567890123456789012345678901234567890123456789012345678901234567890123456789\r\n",
     THRIFT_E_LIMIT, 431},
};

START_TEST(broken_streams_say_why)
{
    thrift_limits limits = limits_in_force(NULL);
    struct http_buffers spare;
    struct http_reader *reader;
    thrift_bytes rest = text(broken[_i].input);
    thrift_error err = THRIFT_ERROR_INIT;
    enum http_event event = HTTP_HEAD_READ;

    limits.max_frame_size = 100;
    limits.max_header_size = 64;
    limits.max_header_count = 4;
    http_buffers_init(&spare, NULL);
    reader = http_reader_new(HTTP_REQUESTS, &limits, &spare);
    while (event == HTTP_HEAD_READ) {
        thrift_bytes byte = {rest.data, rest.size > 0};

        event = http_next(reader, &byte, &err);
        if (event == HTTP_MORE && rest.size > 1) {
            rest = (thrift_bytes){rest.data + 1, rest.size - 1};
            event = HTTP_HEAD_READ;
        } else if (event == HTTP_HEAD_READ && byte.size == 0 && rest.size > 0) {
            rest = (thrift_bytes){rest.data + 1, rest.size - 1};
        }
    }
    ck_assert_msg(event == HTTP_BROKEN, "%s: %d", broken[_i].name, (int)event);
    ck_assert_msg(err.code == broken[_i].status, "%s: %s", broken[_i].name, err.message);
    ck_assert_msg(http_refusal_of(reader) == broken[_i].refusal, "%s: %u", broken[_i].name,
                  http_refusal_of(reader));
    http_reader_free(reader);
    http_buffers_deinit(&spare);
}
END_TEST

START_TEST(heads_are_there_before_bodies)
{
    const thrift_limits limits = limits_in_force(NULL);
    thrift_bytes input = text(POST LENGTH("5") "Expect: 100-continue\r\nTrace-Id: 7\r\n\r\nhel");
    struct http_buffers spare;
    struct http_reader *reader;
    const struct http_head *head;
    thrift_bytes value;

    http_buffers_init(&spare, NULL);
    reader = http_reader_new(HTTP_REQUESTS, &limits, &spare);
    ck_assert_int_eq(http_next(reader, &input, NULL), HTTP_HEAD_READ);
    head = http_head_of(reader);
    ck_assert_int_eq(head->method, HTTP_METHOD_POST);
    ck_assert(head->has_content_length && head->content_length == 5);
    ck_assert(headers_find(head->headers, "expect", &value));
    ck_assert(headers_find(head->headers, "trace-id", &value));
    ck_assert_mem_eq(value.data, "7", 1);
    ck_assert(!http_reader_is_idle(reader));
    ck_assert_int_eq(http_next(reader, &input, NULL), HTTP_MORE);
    ck_assert_int_eq(http_end(reader, NULL), HTTP_BROKEN);
    http_reader_free(reader);
    http_buffers_deinit(&spare);
}
END_TEST

START_TEST(an_upgrade_leaves_the_rest_alone)
{
    const thrift_limits limits = limits_in_force(NULL);
    thrift_bytes input = text("GET /ws HTTP/1.1\r\n" HOST
                              "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x85rest");
    struct http_buffers spare;
    struct http_reader *reader;

    http_buffers_init(&spare, NULL);
    reader = http_reader_new(HTTP_REQUESTS, &limits, &spare);
    ck_assert_int_eq(http_next(reader, &input, NULL), HTTP_HEAD_READ);
    ck_assert_int_eq(http_next(reader, &input, NULL), HTTP_MESSAGE_READ);
    ck_assert(http_head_of(reader)->upgrades);
    ck_assert_uint_eq(input.size, 6);
    http_reader_free(reader);
    http_buffers_deinit(&spare);
}
END_TEST

START_TEST(no_memory_is_reported_and_nothing_leaks)
{
    const thrift_limits limits = limits_in_force(NULL);

    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        const thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_bytes input = text(streams[_i].input);
        struct http_buffers spare;
        struct http_reader *reader;
        thrift_error err = THRIFT_ERROR_INIT;

        http_buffers_init(&spare, &allocator);
        reader = http_reader_new(streams[_i].kind, &limits, &spare);
        while (reader != NULL && input.size > 0 && err.code == THRIFT_OK) {
            thrift_bytes byte = {input.data++, 1};

            input.size--;
            while (http_next(reader, &byte, &err) != HTTP_MORE && err.code == THRIFT_OK) {
            }
        }
        ck_assert_int_eq(reader == NULL || err.code == THRIFT_E_NOMEM, memory.count >= k);
        http_reader_free(reader);
        http_buffers_deinit(&spare);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            break;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    if (http_built()) {
        tcase_add_loop_test(tests, split_at_every_byte, 0, COUNT_OF(streams));
        tcase_add_loop_test(tests, broken_streams_say_why, 0, COUNT_OF(broken));
        tcase_add_test(tests, heads_are_there_before_bodies);
        tcase_add_test(tests, an_upgrade_leaves_the_rest_alone);
        tcase_add_loop_test(tests, no_memory_is_reported_and_nothing_leaks, 0, COUNT_OF(streams));
    }
}

SUITE_MAIN("transport/http")
