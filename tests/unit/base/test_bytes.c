/*
 * Numbers in byte order, at addresses that are not aligned.
 */
#include "base/bytes.h"

#include "suite.h"

static const uint8_t input[] = {0xee, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0xf8};

START_TEST(loads_in_the_networks_order)
{
    ck_assert_uint_eq(load_big16(input + 1), 0x0102);
    ck_assert_uint_eq(load_big32(input + 1), 0x01020304);
    ck_assert_uint_eq(load_big64(input + 1), UINT64_C(0x01020304050607f8));
    ck_assert_uint_eq(load_little64(input + 1), UINT64_C(0xf807060504030201));
}
END_TEST

START_TEST(stores_what_it_loads)
{
    uint8_t out[9] = {0xee};

    store_big16(out + 1, 0x0102);
    ck_assert_mem_eq(out, input, 3);
    store_big32(out + 1, 0x01020304);
    ck_assert_mem_eq(out, input, 5);
    store_big64(out + 1, UINT64_C(0x01020304050607f8));
    ck_assert_mem_eq(out, input, 9);
    store_little64(out + 1, UINT64_C(0xf807060504030201));
    ck_assert_mem_eq(out, input, 9);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, loads_in_the_networks_order);
    tcase_add_test(tests, stores_what_it_loads);
}

SUITE_MAIN("base/bytes")
