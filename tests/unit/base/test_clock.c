/*
 * Monotonic time: in nanoseconds, and never backwards.
 */
#include "base/clock.h"

#include <time.h>

#include "suite.h"

START_TEST(never_goes_back)
{
    uint64_t last = clock_now_ns();

    ck_assert_uint_gt(last, 0);
    for (int i = 0; i < 10000; i++) {
        uint64_t now = clock_now_ns();

        ck_assert_uint_ge(now, last);
        last = now;
    }
}
END_TEST

START_TEST(counts_nanoseconds)
{
    struct timespec nap = {0, 20 * 1000 * 1000};
    uint64_t before = clock_now_ns();

    nanosleep(&nap, NULL);
    ck_assert_uint_ge(clock_now_ns() - before, 19u * 1000 * 1000);
    ck_assert_uint_lt(clock_now_ns() - before, UINT64_C(20) * 1000 * 1000 * 1000);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, never_goes_back);
    tcase_add_test(tests, counts_nanoseconds);
}

SUITE_MAIN("base/clock")
