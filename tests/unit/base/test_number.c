/*
 * Doubles in text: what is a number, the shortest text, and the same under a locale with a comma.
 */
#include "base/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

static const struct {
    const char *text;
    bool valid;
    double value;
} parse_cases[] = {
    {"0", true, 0},
    {"-0.0", true, -0.0},
    {"1.5", true, 1.5},
    {"+1.5", true, 1.5},
    {".5", true, 0.5},
    {"5.", true, 5},
    {"1e3", true, 1000},
    {"1E-3", true, 0.001},
    {"9007199254740993", true, 9007199254740992.0},
    {"1.7976931348623157e308", true, DBL_MAX},
    {"5e-324", true, 4.9406564584124654e-324},
    {"1e999", true, HUGE_VAL},
    {"-1e999", true, -HUGE_VAL},
    {"", false, 0},
    {"-", false, 0},
    {".", false, 0},
    {"e5", false, 0},
    {"1e", false, 0},
    {"1,5", false, 0},
    {"1.5.2", false, 0},
    {"--1", false, 0},
    {" 1", false, 0},
    {"1 ", false, 0},
    {"0x10", false, 0},
    {"nan", false, 0},
    {"inf", false, 0},
    {"1_000", false, 0},
};

static bool same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

START_TEST(parses_decimals_and_nothing_else)
{
    double x = 77;

    ck_assert_msg(number_parse_double(parse_cases[_i].text, strlen(parse_cases[_i].text), &x) ==
                      parse_cases[_i].valid,
                  "%s", parse_cases[_i].text);
    ck_assert_msg(same_bits(x, parse_cases[_i].valid ? parse_cases[_i].value : 77), "%s gave %.17g",
                  parse_cases[_i].text, x);
}
END_TEST

START_TEST(the_text_ends_where_its_size_says)
{
    double x = 0;

    ck_assert(number_parse_double("1.55", 3, &x) && same_bits(x, 1.5));
    ck_assert(!number_parse_double("1\0002", 3, &x));
}
END_TEST

static const struct {
    double value;
    const char *text;
} format_cases[] = {
    {0, "0"},
    {-0.0, "-0"},
    {1, "1"},
    {0.1, "0.1"},
    {0.30000000000000004, "0.30000000000000004"},
    {1e23, "1e+23"},
    {-5.2098523, "-5.2098523"},
    {123456789012345680.0, "1.2345678901234568e+17"},
    {DBL_MAX, "1.7976931348623157e+308"},
    {DBL_MIN, "2.2250738585072014e-308"},
    {4.9406564584124654e-324, "5e-324"},
    {1.5e-310, "1.5e-310"},
    {HUGE_VAL, "inf"},
    {-HUGE_VAL, "-inf"},
    {(double)NAN, "nan"},
};

START_TEST(formats_the_shortest_that_reads_back)
{
    char text[NUMBER_DOUBLE_SIZE];
    double back;

    ck_assert_uint_eq(number_format_double(format_cases[_i].value, text),
                      strlen(format_cases[_i].text));
    ck_assert_str_eq(text, format_cases[_i].text);
    if (isfinite(format_cases[_i].value)) {
        ck_assert(number_parse_double(text, strlen(text), &back));
        ck_assert(same_bits(back, format_cases[_i].value));
    }
}
END_TEST

START_TEST(any_bits_read_back_as_themselves)
{
    uint64_t state = 88172645463325252u;

    for (int i = 0; i < 20000; i++) {
        char text[NUMBER_DOUBLE_SIZE];
        double x, back = 0;

        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        memcpy(&x, &state, sizeof x);
        if (isfinite(x)) {
            size_t size = number_format_double(x, text);

            ck_assert(number_parse_double(text, size, &back));
            ck_assert_msg(same_bits(x, back), "%s", text);
        }
    }
}
END_TEST

/* The build makes a locale "comma" and says so; elsewhere there is nothing to test it with. */
START_TEST(a_comma_locale_changes_nothing)
{
    char text[NUMBER_DOUBLE_SIZE], localised[16];
    double x = 0;

    if (setlocale(LC_NUMERIC, "comma") == NULL) {
        ck_assert_ptr_null(getenv("RETHRIFT_TEST_COMMA_LOCALE"));
        return;
    }
    (void)snprintf(localised, sizeof localised, "%.1f", 1.5);
    ck_assert_str_eq(localised, "1,5");
    ck_assert(number_parse_double("1.5", 3, &x) && same_bits(x, 1.5));
    ck_assert(!number_parse_double("1,5", 3, &x));
    number_format_double(2.5, text);
    ck_assert_str_eq(text, "2.5");
    (void)snprintf(localised, sizeof localised, "%.1f", 1.5);
    ck_assert_str_eq(localised, "1,5"); /* the program's own locale is untouched */
    setlocale(LC_NUMERIC, "C");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, parses_decimals_and_nothing_else, 0, (int)COUNT_OF(parse_cases));
    tcase_add_test(tests, the_text_ends_where_its_size_says);
    tcase_add_loop_test(tests, formats_the_shortest_that_reads_back, 0,
                        (int)COUNT_OF(format_cases));
    tcase_add_test(tests, any_bits_read_back_as_themselves);
    tcase_add_test(tests, a_comma_locale_changes_nothing);
}

SUITE_MAIN("base/number")
