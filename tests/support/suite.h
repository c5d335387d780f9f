/*
 * One Check program per module: a file of tests declares its cases, SUITE_MAIN runs them.
 */
#ifndef SUPPORT_SUITE_H
#define SUPPORT_SUITE_H

#include <check.h>
#include <rethrift/buffer.h>

/* ck_assert_double_eq() compares exactly, and that is what the tests mean by it. */
#pragma GCC diagnostic ignored "-Wfloat-equal"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define BYTES(...)                                                                                 \
    {                                                                                              \
        (const uint8_t[]){__VA_ARGS__}, sizeof(const uint8_t[]) { __VA_ARGS__ }                    \
    }

/* static void add_tests(TCase *tests) { tcase_add_test(…); tcase_add_loop_test(…); } */
#define SUITE_MAIN(name)                                                                           \
    int main(void)                                                                                 \
    {                                                                                              \
        Suite *suite = suite_create(name);                                                         \
        TCase *tests = tcase_create("all");                                                        \
        SRunner *runner;                                                                           \
        int failed;                                                                                \
                                                                                                   \
        tcase_set_timeout(tests, 60);                                                              \
        add_tests(tests);                                                                          \
        suite_add_tcase(suite, tests);                                                             \
        runner = srunner_create(suite);                                                            \
        srunner_run_all(runner, CK_NORMAL);                                                        \
        failed = srunner_ntests_failed(runner);                                                    \
        srunner_free(runner);                                                                      \
        return failed != 0;                                                                        \
    }

#endif
