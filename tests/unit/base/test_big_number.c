/*
 * Big numbers: carries across words, orders, and the largest powers that conversions need.
 */
#include "base/big_number.h"

#include "suite.h"

START_TEST(setting_drops_leading_zeros)
{
    struct big_number x;

    big_set(&x, 0);
    ck_assert_uint_eq(x.count, 0);
    big_set(&x, UINT32_MAX);
    ck_assert_uint_eq(x.count, 1);
    big_set(&x, UINT64_C(1) << 32);
    ck_assert_uint_eq(x.count, 2);
}
END_TEST

START_TEST(products_carry)
{
    struct big_number x, y;

    big_set(&x, UINT64_MAX);
    big_multiply_add(&x, UINT32_MAX, UINT32_MAX); /* = 2^64 * (2^32 - 1) */
    big_set(&y, UINT32_MAX);
    big_shift_left(&y, 64);
    ck_assert_int_eq(big_compare(&x, &y), 0);
    big_multiply_add(&x, 1, 1);
    ck_assert_int_eq(big_compare(&x, &y), 1);
    ck_assert_int_eq(big_compare(&y, &x), -1);
}
END_TEST

START_TEST(ten_is_two_times_five)
{
    for (unsigned n = 0; n < 1075; n++) {
        struct big_number x, y;

        big_set(&x, 1);
        big_set(&y, 1);
        big_multiply_power_of_five(&x, n);
        big_shift_left(&x, n);
        for (unsigned i = 0; i < n; i++) {
            big_multiply_add(&y, 10, 0);
        }
        ck_assert_int_eq(big_compare(&x, &y), 0);
        big_shift_left(&x, 33);
        ck_assert_int_eq(big_compare(&y, &x), -1);
    }
}
END_TEST

START_TEST(nothing_stays_nothing)
{
    struct big_number x;

    big_set(&x, 0);
    big_shift_left(&x, 4000);
    big_multiply_power_of_five(&x, 100);
    ck_assert_uint_eq(x.count, 0);
    big_multiply_add(&x, 10, 7);
    ck_assert_uint_eq(x.count, 1);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, setting_drops_leading_zeros);
    tcase_add_test(tests, products_carry);
    tcase_add_test(tests, ten_is_two_times_five);
    tcase_add_test(tests, nothing_stays_nothing);
}

SUITE_MAIN("base/big_number")
