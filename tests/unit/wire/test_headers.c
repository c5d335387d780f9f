/*
 * Headers: appended, found, counted; what may stand in HTTP.
 */
#include "wire/headers.h"

#include <string.h>

#include "allocator.h"
#include "base/buffer.h"
#include "suite.h"

static thrift_bytes text(const char *of) { return (thrift_bytes){(const uint8_t *)of, strlen(of)}; }

START_TEST(the_last_of_a_name_is_found)
{
    thrift_buffer headers = THRIFT_BUFFER_INIT;
    thrift_bytes value;

    ck_assert(headers_append(&headers, text("Trace-Id"), text("1")));
    ck_assert(headers_append(&headers, text("empty"), text("")));
    ck_assert(headers_append(&headers, text("TRACE-ID"), text("two")));
    ck_assert_uint_eq(headers_count(buffer_bytes(&headers)), 3);
    ck_assert(headers_find(buffer_bytes(&headers), "trace-id", &value));
    ck_assert_uint_eq(value.size, 3);
    ck_assert_mem_eq(value.data, "two", 3);
    ck_assert(headers_find(buffer_bytes(&headers), "empty", &value));
    ck_assert_uint_eq(value.size, 0);
    ck_assert(!headers_find(buffer_bytes(&headers), "trace", &value));
    ck_assert(!headers_find(buffer_bytes(&headers), "trace-id-2", &value));
    ck_assert(!headers_find((thrift_bytes){NULL, 0}, "trace-id", &value));
    thrift_buffer_deinit(&headers);
}
END_TEST

static const struct {
    const char *name, *value;
    bool name_valid, value_valid;
} cases[] = {
    {"Trace-Id", "any text, grü\xc3\x9f", true, true},
    {"x!#$%&'*+-.^_`|~9", "", true, true},
    {"", "a\r\nb", false, false},
    {"a b", "a\tb", false, false},
    {"a:b", "\x7f", false, false},
    {"a\n", "\x01", false, false},
    {"gr\xc3\xbc", " ", false, true},
};

START_TEST(what_fits_http)
{
    ck_assert_int_eq(header_name_valid(text(cases[_i].name)), cases[_i].name_valid);
    ck_assert_int_eq(header_value_valid(text(cases[_i].value)), cases[_i].value_valid);
    ck_assert(!header_name_valid((thrift_bytes){(const uint8_t *)"a\0", 2}));
    ck_assert(!header_value_valid((thrift_bytes){(const uint8_t *)"a\0", 2}));
}
END_TEST

START_TEST(no_memory_appends_nothing)
{
    struct failing_allocator memory = {.fail_at = 1};
    thrift_buffer headers = {.allocator = failing_allocator_of(&memory)};

    ck_assert(!headers_append(&headers, text("name"), text("value")));
    ck_assert_uint_eq(headers.size, 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, the_last_of_a_name_is_found);
    tcase_add_loop_test(tests, what_fits_http, 0, COUNT_OF(cases));
    tcase_add_test(tests, no_memory_appends_nothing);
}

SUITE_MAIN("wire/headers")
