/*
 * Text -> double: what is a number, the nearest double (against strtod, which is right in the
 * libraries tested with), and the same under a locale with a comma.
 */
#include "base/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static void check_like_strtod(const char *text)
{
    double got = 0;

    ck_assert_msg(number_parse_double(text, strlen(text), &got), "%s", text);
    ck_assert_msg(bits_of(got) == bits_of(strtod(text, NULL)), "%s: %a, strtod %a", text, got,
                  strtod(text, NULL));
}

static const char *const hard_cases[] = {
    "0",
    "-0",
    "1",
    "-1",
    "0.1",
    "123456789012345678901234567890",
    "1e22",
    "1e23",
    "8.5e22",
    "9007199254740993",
    "9007199254740992.999999999999999999999999999999999999",
    "9007199254740993.00000000000000000000000000000000000000000000000000001",
    "2.2250738585072011e-308",
    "2.2250738585072012e-308",
    "2.2250738585072014e-308",
    "4.9406564584124654e-324",
    "2.4703282292062327e-324",
    "2.4703282292062328e-324",
    "2.470328229206232720882843964341106861825299013071623822127928412503377536351043e-324",
    "1e-323",
    "1e-400",
    "0e999999999999",
    "1.7976931348623157e308",
    "1.7976931348623158e308",
    "1.797693134862315807e308",
    "1.7976931348623159e308",
    "1e308",
    "1e309",
    "1e99999999999999999999",
    "1e-99999999999999999999",
    "0.000000000000000000000000000000000000000000000000000000000001",
    "00000000000000000000000000000000000000000000000000000000000000001.5",
    "6.02214076e23",
    "0.500000000000000166533453693773481063544750213623046875",
    "3.50000000000000000000000000000001",
    "1090544144181609348835077142190",
    "7.2057594037927933e16",
    "6929495644600919.5",
    "3.7455744005952583e15",
    "5e-324",
    "18446744073709551615",
    "18446744073709551616",
    "9999999999999999999",
    "99999999999999999999",
    "1.00000000000000011102230246251565404236316680",
    "1.00000000000000011102230246251565404236316681",
    "179769313486231580793728971405303415e273",
};

START_TEST(hard_cases_are_right) { check_like_strtod(hard_cases[_i]); }
END_TEST

/* A number halfway between two doubles is written out in full, then moved up and down in its last
 * digits; nothing but all of its digits decides. */
static void check_halfway(uint64_t bits)
{
    char text[1200];
    long double step = (long double)of_bits(bits + 1) - (long double)of_bits(bits);
    int size = snprintf(text, sizeof text, "%.1100Lg", (long double)of_bits(bits) + step / 2);

    check_like_strtod(text);
    if (strchr(text, 'e') == NULL && strchr(text, '.') != NULL) {
        strcpy(text + size, "1");
        check_like_strtod(text);
        strcpy(text + size, "000000000000000000000000000000000000000000001");
        check_like_strtod(text);
        text[size - 1] = (char)(text[size - 1] - 1);
        strcpy(text + size, "999999999999999999999999999999999");
        check_like_strtod(text);
    }
}

START_TEST(halfway_cases_round_to_even)
{
    uint64_t state = 0x9e3779b97f4a7c15;

    for (int i = 0; i < 5000; i++) {
        uint64_t bits = next_random(&state) & INT64_MAX;

        if (isfinite(of_bits(bits + 1))) {
            check_halfway(bits);
        }
        /* with a small exponent: all digits stand behind or before the point */
        check_halfway((bits & 0xfffffffffffff) | (uint64_t)(950 + i % 160) << 52);
        check_halfway(bits & 0xfffffffffffff); /* subnormal */
    }
}
END_TEST

START_TEST(random_digits_read_like_strtod)
{
    uint64_t state = 88172645463325252;
    char text[64];

    for (int i = 0; i < 100000; i++) {
        uint64_t digits = next_random(&state) >> (next_random(&state) % 64);
        int exponent = (int)(next_random(&state) % 700) - 350;

        (void)snprintf(text, sizeof text, "%llue%d", (unsigned long long)digits, exponent);
        check_like_strtod(text);
        (void)snprintf(text, sizeof text, "%llu.%04llu%llu", (unsigned long long)digits % 100000,
                       (unsigned long long)(digits >> 40) % 10000,
                       (unsigned long long)next_random(&state));
        check_like_strtod(text);
    }
}
END_TEST

START_TEST(many_digits_read_like_strtod)
{
    uint64_t state = 42;
    char text[2100];

    for (int i = 0; i < 1000; i++) {
        size_t size = 20 + (size_t)(next_random(&state) % 2000);
        size_t point = (size_t)(next_random(&state) % size);

        for (size_t k = 0; k < size; k++) {
            text[k] = (char)('0' + (i % 7 == 0 && k > 25 ? 0 : next_random(&state) % 10));
        }
        text[point] = '.';
        (void)snprintf(text + size, sizeof text - size, "e%d",
                       (int)(next_random(&state) % 800) - 400 - (int)point);
        check_like_strtod(text);
    }
}
END_TEST

static const struct {
    const char *text;
    int size; /* of the number; 0: none */
} grammar_cases[] = {
    {"0", 1},    {"-0", 2},    {"0.5", 3}, {"1e5", 3},          {"1E+5", 4}, {"1.25e-3x", 7},
    {"12,", 2},  {"12.5]", 4}, {"0}", 1},  {"1 ", 1},           {"-1.0", 4}, {"1.", 0},
    {"1.e5", 0}, {"1e", 0},    {"1e+", 0}, {"01", 0},           {"-01", 0},  {"+1", 0},
    {".5", 0},   {"-", 0},     {"", 0},    {"NaN", 0},          {"inf", 0},  {"0x10", 1},
    {"-.5", 0},  {"1e5.5", 3}, {"--1", 0}, {"12345678901", 11}, {"00", 0},
};

START_TEST(grammar_is_json)
{
    const uint8_t *text = (const uint8_t *)grammar_cases[_i].text;
    double x = 99;
    const uint8_t *end = number_read_json(text, text + strlen(grammar_cases[_i].text), &x);

    if (grammar_cases[_i].size == 0) {
        ck_assert_msg(end == NULL, "%s", grammar_cases[_i].text);
        ck_assert(x >= 99 && x <= 99);
    } else {
        ck_assert_msg(end == text + grammar_cases[_i].size, "%s", grammar_cases[_i].text);
    }
}
END_TEST

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

static bool same_bits(double a, double b) { return bits_of(a) == bits_of(b); }

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
    number_format_17(2.5, text);
    ck_assert_str_eq(text, "2.5");
    (void)snprintf(localised, sizeof localised, "%.1f", 1.5);
    ck_assert_str_eq(localised, "1,5"); /* the program's own locale is untouched */
    setlocale(LC_NUMERIC, "C");
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, hard_cases_are_right, 0, (int)COUNT_OF(hard_cases));
    tcase_add_test(tests, halfway_cases_round_to_even);
    tcase_add_test(tests, random_digits_read_like_strtod);
    tcase_add_test(tests, many_digits_read_like_strtod);
    tcase_add_loop_test(tests, grammar_is_json, 0, (int)COUNT_OF(grammar_cases));
    tcase_add_loop_test(tests, parses_decimals_and_nothing_else, 0, (int)COUNT_OF(parse_cases));
    tcase_add_test(tests, the_text_ends_where_its_size_says);
    tcase_add_test(tests, a_comma_locale_changes_nothing);
}

SUITE_MAIN("base/number")
