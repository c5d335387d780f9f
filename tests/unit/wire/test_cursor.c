/*
 * The cursor: what is left, what is needed, which counts can be true, and faults in words.
 */
#include "wire/cursor.h"

#include <string.h>

#include "base/limits.h"
#include "suite.h"

START_TEST(knows_what_is_left)
{
    const uint8_t bytes[] = {1, 2, 3};
    struct cursor in = cursor_of((thrift_bytes){bytes, sizeof bytes});
    uint8_t next = 0;

    ck_assert(cursor_need(&in, 3) && !cursor_need(&in, 4) && !cursor_need(&in, SIZE_MAX));
    ck_assert(cursor_peek(&in, &next) && next == 1);
    in.at += 2;
    ck_assert_uint_eq(cursor_left(&in), 1);
    ck_assert_uint_eq(cursor_offset(&in), 2);
    in.at++;
    ck_assert(!cursor_peek(&in, &next) && next == 1);
    ck_assert(cursor_need(&in, 0) && !cursor_need(&in, 1));
}
END_TEST

START_TEST(nothing_is_a_cursor_too)
{
    struct cursor in = cursor_of((thrift_bytes){NULL, 0});

    ck_assert_uint_eq(cursor_left(&in), 0);
    ck_assert_ptr_nonnull(in.at);
}
END_TEST

static const struct {
    const char *name;
    uint32_t count, least;
    enum wire_fault fault;
} count_cases[] = {
    {"none", 0, 100, WIRE_OK},
    {"all that is left", 10, 1, WIRE_OK},
    {"one more", 11, 1, WIRE_TRUNCATED},
    {"by size", 3, 4, WIRE_TRUNCATED},
    {"what no frame holds", 1000, 20, WIRE_SIZE_LIMIT},
    {"a product beyond 32 bits", 0x40000000, 4, WIRE_SIZE_LIMIT},
    {"over the count itself", 5001, 0, WIRE_SIZE_LIMIT},
    {"values of no size", 5000, 0, WIRE_OK},
};

START_TEST(counts_are_compared_with_what_is_left)
{
    const uint8_t bytes[10] = {0};
    struct cursor in = cursor_of((thrift_bytes){bytes, sizeof bytes});
    thrift_limits limits = limits_in_force(NULL);

    limits.max_frame_size = 10000;
    limits.max_container_count = 5000;
    ck_assert_msg(wire_count_check(&in, count_cases[_i].count, count_cases[_i].least, &limits) ==
                      count_cases[_i].fault,
                  "%s", count_cases[_i].name);
}
END_TEST

START_TEST(every_fault_has_a_status_and_a_sentence)
{
    const uint8_t bytes[10] = {0};
    struct cursor in = cursor_of((thrift_bytes){bytes, sizeof bytes});

    in.at += 7;
    for (int i = WIRE_OK; i <= WIRE_NO_MEMORY; i++) {
        enum wire_fault fault = (enum wire_fault)i;
        thrift_error err = THRIFT_ERROR_INIT;

        ck_assert((wire_fault_status(fault) == THRIFT_OK) == (fault == WIRE_OK));
        ck_assert_int_eq(wire_fail(fault, &in, &err), wire_fault_status(fault));
        ck_assert_ptr_nonnull(strstr(err.message, wire_fault_text(fault)));
        ck_assert_ptr_nonnull(strstr(err.message, "at byte 7"));
        ck_assert_uint_eq(err.offset, 7);
        ck_assert_int_eq(wire_fail(fault, &in, NULL), wire_fault_status(fault));
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, knows_what_is_left);
    tcase_add_test(tests, nothing_is_a_cursor_too);
    tcase_add_loop_test(tests, counts_are_compared_with_what_is_left, 0,
                        (int)COUNT_OF(count_cases));
    tcase_add_test(tests, every_fault_has_a_status_and_a_sentence);
}

SUITE_MAIN("wire/cursor")
