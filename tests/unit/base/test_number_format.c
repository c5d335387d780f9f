/*
 * Double -> text: 17 digits against printf, the shortest against printf and strtod.
 *
 * Covers also: power_table.c.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "suite.h"

static uint64_t bits_of(double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double of_bits(uint64_t bits)
{
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void check_17(double x)
{
    char want[64], got[NUMBER_DOUBLE_SIZE];
    size_t size = number_format_17(x, got);

    (void)snprintf(want, sizeof want, "%.17g", x);
    ck_assert_msg(strcmp(got, want) == 0, "%a: %s, printf %s", x, got, want);
    ck_assert_uint_eq(size, strlen(got));
}

static size_t count_digits(const char *text)
{
    size_t count = 0, zeros = 0;

    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text >= '1' && *text <= '9') {
            count += zeros + 1;
            zeros = 0;
        } else if (*text == '0' && count > 0) {
            zeros += 1;
        }
    }
    return count;
}

/* It reads back, and printf finds no shorter text that does, nor a nearer one of that length. */
static void check_shortest(double x)
{
    char got[NUMBER_DOUBLE_SIZE], other[64];
    size_t size = number_format_double(x, got);
    int digits = (int)count_digits(got);

    ck_assert_msg(bits_of(strtod(got, NULL)) == bits_of(x), "%a: %s", x, got);
    ck_assert_uint_eq(size, strlen(got));
    if (digits > 1) {
        (void)snprintf(other, sizeof other, "%.*e", digits - 2, x);
        ck_assert_msg(bits_of(strtod(other, NULL)) != bits_of(x), "%s is shorter than %s", other,
                      got);
    }
    (void)snprintf(other, sizeof other, "%.*e", digits - 1, x);
    if (bits_of(strtod(other, NULL)) == bits_of(x)) {
        long double a = strtold(got, NULL) - (long double)x;
        long double b = strtold(other, NULL) - (long double)x;

        ck_assert_msg(fabsl(a) <= fabsl(b) * 1.0001L, "%s is nearer than %s", other, got);
    }
}

START_TEST(random_bit_patterns)
{
    uint64_t state = 0x2545f4914f6cdd1d;

    for (int i = 0; i < 200000; i++) {
        double x = of_bits(next_random(&state));

        if (isfinite(x)) {
            check_17(x);
            if (i % 4 == 0) {
                check_shortest(x);
            }
        }
    }
}
END_TEST

START_TEST(every_exponent)
{
    for (uint64_t exponent = 0; exponent < 2047; exponent++) {
        static const uint64_t mantissas[] = {
            0, 1, 2, 0x8000000000000, 0xffffffffffffe, 0xfffffffffffff, 0x5555555555555};
        for (size_t i = 0; i < COUNT_OF(mantissas); i++) {
            double x = of_bits(exponent << 52 | mantissas[i]);

            check_17(x);
            check_17(-x);
            if (bits_of(x) != 0) {
                check_shortest(x);
            }
        }
    }
}
END_TEST

START_TEST(short_decimals_and_ties)
{
    uint64_t state = 7;

    for (int i = 0; i < 50000; i++) {
        uint64_t r = next_random(&state);
        double x = (double)(int64_t)(r >> 12) / 1048576.0; /* many digits, some ties */

        check_17(x);
        check_17((double)(r >> 10) * 0.5);
        check_17((double)((r >> 7) | 1) * 4); /* integers of 18 digits and more */
        check_17((double)(r % 1000000) / 1000);
        check_shortest((double)(r % 100000000) / 10000);
        check_shortest(x);
    }
    for (int i = 1; i < 1100; i++) { /* exact powers of two */
        check_17(ldexp(1, -i));
        check_17(ldexp(3, -i));
    }
}
END_TEST

static const struct {
    double x;
    const char *shortest, *seventeen;
} cases[] = {
    {0.0, "0", "0"},
    {-0.0, "-0", "-0"},
    {1, "1", "1"},
    {-1.5, "-1.5", "-1.5"},
    {0.1, "0.1", "0.10000000000000001"},
    {100, "100", "100"},
    {123456789012345680.0, "123456789012345680", "1.2345678901234568e+17"},
    {1e16, "10000000000000000", "10000000000000000"},
    {1e20, "100000000000000000000", "1e+20"},
    {1e21, "1e+21", "1e+21"},
    {1.5e300, "1.5e+300", "1.5000000000000001e+300"},
    {1e-6, "0.000001", "9.9999999999999995e-07"},
    {1e-7, "1e-7", "9.9999999999999995e-08"},
    {0.0001, "0.0001", "0.0001"},
    {DBL_TRUE_MIN, "5e-324", "4.9406564584124654e-324"},
    {DBL_MIN, "2.2250738585072014e-308", "2.2250738585072014e-308"},
    {DBL_MAX, "1.7976931348623157e+308", "1.7976931348623157e+308"},
    {9007199254740993.0, "9007199254740992", "9007199254740992"},
    {2e23, "2e+23", "1.9999999999999998e+23"},
    {HUGE_VAL, "inf", "inf"},
    {-HUGE_VAL, "-inf", "-inf"},
    {(double)NAN, "nan", "nan"},
};

START_TEST(known_texts)
{
    char text[NUMBER_DOUBLE_SIZE];

    number_format_double(cases[_i].x, text);
    ck_assert_str_eq(text, cases[_i].shortest);
    number_format_17(cases[_i].x, text);
    ck_assert_str_eq(text, cases[_i].seventeen);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, random_bit_patterns);
    tcase_add_test(tests, every_exponent);
    tcase_add_test(tests, short_decimals_and_ties);
    tcase_add_loop_test(tests, known_texts, 0, (int)COUNT_OF(cases));
}

SUITE_MAIN("base/number_format")
