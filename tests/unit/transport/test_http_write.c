/*
 * HTTP's heads: put before bodies, with headers, byte for byte.
 */
#include "transport/http_write.h"

#include <string.h>

#include "allocator.h"
#include "base/buffer.h"
#include "suite.h"

static thrift_bytes text(const char *of) { return (thrift_bytes){(const uint8_t *)of, strlen(of)}; }

#define TYPES "Content-Type: application/x-thrift\r\nX-Content-Type-Options: nosniff\r\n"

static const struct {
    struct http_response response;
    const char *body, *expected;
} cases[] = {
    {{.status = 200}, "body", "HTTP/1.1 200 OK\r\n" TYPES "Content-Length: 4\r\n\r\nbody"},
    {{.status = 200, .old = true},
     "",
     "HTTP/1.1 200 OK\r\n" TYPES "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n"},
    {{.status = 413, .content_type = "text/plain", .closes = true, .old = true},
     "no",
     "HTTP/1.1 413 Content Too Large\r\nContent-Type: text/plain\r\n"
     "X-Content-Type-Options: nosniff\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"},
};

START_TEST(responses)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;

    ck_assert(buffer_append(&out, "before", 6));
    ck_assert(buffer_append(&out, cases[_i].body, strlen(cases[_i].body)));
    ck_assert(http_write_response(&out, 6, &cases[_i].response));
    ck_assert_uint_eq(out.size, 6 + strlen(cases[_i].expected));
    ck_assert_mem_eq(out.data + 6, cases[_i].expected, out.size - 6);
    thrift_buffer_deinit(&out);
}
END_TEST

START_TEST(requests_with_headers)
{
    static const char expected[] = "POST /users HTTP/1.1\r\nHost: h:1\r\nContent-Type: a/b\r\n"
                                   "Accept: a/b\r\nUser-Agent: rethrift\r\nContent-Length: 2\r\n"
                                   "Trace: 7\r\nEmpty: \r\n\r\nok";
    thrift_buffer out = THRIFT_BUFFER_INIT, headers = THRIFT_BUFFER_INIT;
    struct http_request request = {"/users", "h:1", "a/b", {NULL, 0}};

    ck_assert(headers_append(&headers, text("Trace"), text("7")));
    ck_assert(headers_append(&headers, text("Empty"), text("")));
    request.headers = buffer_bytes(&headers);
    ck_assert(buffer_append(&out, "ok", 2));
    ck_assert(http_write_request(&out, 0, &request));
    ck_assert_uint_eq(out.size, sizeof expected - 1);
    ck_assert_mem_eq(out.data, expected, out.size);
    thrift_buffer_deinit(&headers);
    thrift_buffer_deinit(&out);
}
END_TEST

START_TEST(no_memory_changes_nothing)
{
    struct failing_allocator memory = {.fail_at = 2};
    thrift_buffer out = {.allocator = failing_allocator_of(&memory)};
    static const uint8_t body[300];

    ck_assert(buffer_append(&out, body, 250));
    ck_assert(!http_write_response(&out, 0, &(const struct http_response){.status = 200}));
    ck_assert_uint_eq(out.size, 250);
    thrift_buffer_deinit(&out);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, responses, 0, COUNT_OF(cases));
    tcase_add_test(tests, requests_with_headers);
    tcase_add_test(tests, no_memory_changes_nothing);
}

SUITE_MAIN("transport/http_write")
