/*
 * Bulk byte swap: every count around the vectors' sizes, at every alignment, for every width.
 */
#include "codec/swap.h"

#include "suite.h"

#include "base/bytes.h"

#define MOST 70u

START_TEST(swaps_each_number)
{
    uint8_t from[8 * MOST + 8], to[8 * MOST + 9];

    for (size_t i = 0; i < sizeof from; i++) {
        from[i] = (uint8_t)(i * 7 + 1);
    }
    for (size_t count = 0; count <= MOST; count++) {
        for (size_t shift = 0; shift < 8; shift++) {
            size_t width = (size_t)_i;

            memset(to, 0xee, sizeof to);
            if (width == 2) {
                swap_copy16(to, from + shift, count);
            } else if (width == 4) {
                swap_copy32(to, from + shift, count);
            } else {
                swap_copy64(to, from + shift, count);
            }
            for (size_t i = 0; i < count; i++) {
                if (width == 2) {
                    uint16_t x;

                    memcpy(&x, to + 2 * i, sizeof x);
                    ck_assert_uint_eq(x, load_big16(from + shift + 2 * i));
                } else if (width == 4) {
                    uint32_t x;

                    memcpy(&x, to + 4 * i, sizeof x);
                    ck_assert_uint_eq(x, load_big32(from + shift + 4 * i));
                } else {
                    uint64_t x;

                    memcpy(&x, to + 8 * i, sizeof x);
                    ck_assert_uint_eq(x, load_big64(from + shift + 8 * i));
                }
            }
            ck_assert_uint_eq(to[width * count], 0xee);
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, swaps_each_number, 2, 3);
    tcase_add_loop_test(tests, swaps_each_number, 4, 5);
    tcase_add_loop_test(tests, swaps_each_number, 8, 9);
}

SUITE_MAIN("codec/swap")
