/*
 * Integers in text: every length, both ends of the range.
 */
#include "base/integer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"

static void check_write(int64_t x)
{
    char want[32], got[INTEGER_SIZE + 1] = {0};

    (void)snprintf(want, sizeof want, "%" PRId64, x);
    got[integer_write_i64(got, x)] = '\0';
    ck_assert_str_eq(got, want);
    (void)snprintf(want, sizeof want, "%" PRIu64, (uint64_t)x);
    got[integer_write_u64(got, (uint64_t)x)] = '\0';
    ck_assert_str_eq(got, want);
}

START_TEST(all_lengths_are_written)
{
    uint64_t ten = 1;

    for (int i = 0; i < 20; i++, ten *= 10) {
        for (int64_t d = -3; d <= 3; d++) {
            check_write((int64_t)(ten + (uint64_t)d));
            check_write(-(int64_t)(ten / 2) + d);
        }
    }
    for (int i = 0; i < 64; i++) {
        check_write((int64_t)(UINT64_C(1) << i));
        check_write((int64_t)((UINT64_C(1) << i) - 1));
    }
    for (int64_t i = 0; i < 20000; i++) {
        check_write(i);
        check_write(i * INT64_C(461168601842738));
    }
    check_write(INT64_MIN);
    check_write(INT64_MAX);
}
END_TEST

static const struct {
    const char *text;
    enum integer_fault fault;
    int64_t value;
    size_t size;
} cases[] = {
    {"0", INTEGER_OK, 0, 1},
    {"-0", INTEGER_OK, 0, 2},
    {"7,", INTEGER_OK, 7, 1},
    {"-12]", INTEGER_OK, -12, 3},
    {"9223372036854775807", INTEGER_OK, INT64_MAX, 19},
    {"-9223372036854775808", INTEGER_OK, INT64_MIN, 20},
    {"9223372036854775808", INTEGER_RANGE, 0, 0},
    {"-9223372036854775809", INTEGER_RANGE, 0, 0},
    {"18446744073709551617", INTEGER_RANGE, 0, 0},
    {"99999999999999999999", INTEGER_RANGE, 0, 0},
    {"36893488147419103233", INTEGER_RANGE, 0, 0},
    {"", INTEGER_MALFORMED, 0, 0},
    {"-", INTEGER_MALFORMED, 0, 0},
    {"+1", INTEGER_MALFORMED, 0, 0},
    {"01", INTEGER_MALFORMED, 0, 0},
    {"-01", INTEGER_MALFORMED, 0, 0},
    {"x", INTEGER_MALFORMED, 0, 0},
    {"1.5", INTEGER_OK, 1, 1}, /* the caller sees the point */
};

START_TEST(texts_are_read)
{
    const uint8_t *begin = (const uint8_t *)cases[_i].text, *at = begin;
    int64_t value = 0;

    ck_assert_msg(integer_read_i64(&at, begin + strlen(cases[_i].text), &value) == cases[_i].fault,
                  "%s", cases[_i].text);
    ck_assert_int_eq(value, cases[_i].value);
    ck_assert_uint_eq((size_t)(at - begin), cases[_i].size);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, all_lengths_are_written);
    tcase_add_loop_test(tests, texts_are_read, 0, (int)COUNT_OF(cases));
}

SUITE_MAIN("base/integer")
