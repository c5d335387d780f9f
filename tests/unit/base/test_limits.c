/*
 * Limits: zero is the default, what is given holds, older and shorter structs are understood.
 */
#include "base/limits.h"

#include <stddef.h>

#include "suite.h"

START_TEST(nothing_given_is_the_documented_defaults)
{
    thrift_limits limits = limits_in_force(NULL);

    ck_assert_uint_eq(limits.struct_size, sizeof limits);
    ck_assert_uint_eq(limits.max_frame_size, 16384000);
    ck_assert_uint_eq(limits.max_message_memory, 64u << 20);
    ck_assert_uint_eq(limits.max_string_size, 16384000);
    ck_assert_uint_eq(limits.max_struct_depth, 64);
    ck_assert_uint_eq(limits.max_depth, 128);
    ck_assert_uint_eq(limits.max_header_size, 64u << 10);
    ck_assert_uint_eq(limits.max_header_count, 100);
    ck_assert_uint_eq(limits.max_connections, 10000);
    ck_assert_uint_eq(limits.frame_timeout_ms, 30000);
    ck_assert_uint_eq(limits.write_timeout_ms, 60000);
    ck_assert_uint_eq(limits.first_byte_timeout_ms, 0);
    ck_assert_uint_eq(limits.idle_timeout_ms, 0);
    ck_assert_uint_eq(limits.call_timeout_ms, 0);
    ck_assert_uint_eq(limits.max_file_size, 32u << 20);
    ck_assert_uint_eq(limits.max_include_depth, 64);
}
END_TEST

START_TEST(what_is_given_holds)
{
    thrift_limits given = THRIFT_LIMITS_INIT;
    thrift_limits limits;

    given.max_frame_size = 1000;
    given.idle_timeout_ms = 5;
    limits = limits_in_force(&given);
    ck_assert_uint_eq(limits.max_frame_size, 1000);
    ck_assert_uint_eq(limits.max_string_size, 1000); /* follows the frame */
    ck_assert_uint_eq(limits.idle_timeout_ms, 5);
    ck_assert_uint_eq(limits.max_depth, 128);
}
END_TEST

START_TEST(a_struct_inside_options_needs_no_size_of_its_own)
{
    struct {
        size_t struct_size;
        thrift_limits limits;
    } options = {.struct_size = sizeof options, .limits.max_depth = 5};

    ck_assert_uint_eq(limits_in_force(&options.limits).max_depth, 5);
}
END_TEST

START_TEST(members_that_an_older_header_lacks_are_defaults)
{
    thrift_limits given = {.max_frame_size = 1000, .max_include_depth = 3};

    given.struct_size = offsetof(thrift_limits, max_include_depth);
    ck_assert_uint_eq(limits_in_force(&given).max_frame_size, 1000);
    ck_assert_uint_eq(limits_in_force(&given).max_include_depth, 64);
    given.struct_size = sizeof given + 64; /* a newer header: what we know holds */
    ck_assert_uint_eq(limits_in_force(&given).max_include_depth, 3);
    ck_assert_uint_eq(limits_in_force(&given).struct_size, sizeof given);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, nothing_given_is_the_documented_defaults);
    tcase_add_test(tests, what_is_given_holds);
    tcase_add_test(tests, a_struct_inside_options_needs_no_size_of_its_own);
    tcase_add_test(tests, members_that_an_older_header_lacks_are_defaults);
}

SUITE_MAIN("base/limits")
