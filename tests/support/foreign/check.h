/*
 * As much of Check's interface as the unit tests use, for machines that have no Check: the first
 * failure of a test ends the program with its place. tools/test foreign builds with it.
 */
#ifndef FOREIGN_CHECK_H
#define FOREIGN_CHECK_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CK_NORMAL 0
#define FOREIGN_TESTS_MOST 256

typedef void (*foreign_test)(int _i);

typedef struct TCase {
    struct {
        const char *name;
        foreign_test run;
        int begin, end;
    } tests[FOREIGN_TESTS_MOST];
    int count;
    void (*setup)(void), (*teardown)(void);
} TCase;

/* One of each is enough: a program is one suite of one case. */
typedef struct Suite {
    const char *name;
    TCase *tests;
} Suite;
typedef Suite SRunner;

static inline TCase *tcase_create(const char *name)
{
    (void)name;
    return calloc(1, sizeof(TCase));
}

static inline Suite *suite_create(const char *name)
{
    Suite *suite = calloc(1, sizeof *suite);

    suite->name = name;
    return suite;
}

static inline void foreign_add(TCase *tests, const char *name, foreign_test run, int begin, int end)
{
    if (tests->count == FOREIGN_TESTS_MOST) {
        fprintf(stderr, "more tests than FOREIGN_TESTS_MOST\n");
        exit(1);
    }
    tests->tests[tests->count].name = name;
    tests->tests[tests->count].run = run;
    tests->tests[tests->count].begin = begin;
    tests->tests[tests->count].end = end;
    tests->count += 1;
}

static inline void foreign_fixture(TCase *tests, void (*setup)(void), void (*teardown)(void))
{
    tests->setup = setup;
    tests->teardown = teardown;
}

static inline int foreign_run(const Suite *suite)
{
    const TCase *tests = suite->tests;
    int count = 0;

    for (int test = 0; test < tests->count; test++) {
        for (int i = tests->tests[test].begin; i < tests->tests[test].end; i++, count++) {
            if (tests->setup != NULL) {
                tests->setup();
            }
            tests->tests[test].run(i);
            if (tests->teardown != NULL) {
                tests->teardown();
            }
        }
    }
    printf("%s: %d tests passed\n", suite->name, count);
    return count;
}

#define START_TEST(name) static void name(int _i __attribute__((unused)))
#define END_TEST
#define tcase_add_test(tests, test) foreign_add(tests, #test, test, 0, 1)
#define tcase_add_loop_test(tests, test, begin, end)                                               \
    foreign_add(tests, #test, test, (int)(begin), (int)(end))
#define tcase_add_checked_fixture(tests, setup, teardown) foreign_fixture(tests, setup, teardown)
#define tcase_set_timeout(tests, seconds) ((void)(tests))
#define suite_add_tcase(suite, tests_) ((suite)->tests = (tests_))
#define srunner_create(suite) (suite)
#define srunner_run_all(runner, how) ((void)foreign_run(runner))
#define srunner_ntests_failed(runner) 0
#define srunner_free(runner) (free((runner)->tests), free(runner))

#define ck_abort_msg(...)                                                                          \
    do {                                                                                           \
        fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                                            \
        fprintf(stderr, __VA_ARGS__);                                                              \
        fprintf(stderr, "\n");                                                                     \
        exit(1);                                                                                   \
    } while (0)
#define ck_assert_msg(condition, ...)                                                              \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            ck_abort_msg(__VA_ARGS__);                                                             \
        }                                                                                          \
    } while (0)
#define ck_assert(condition) ck_assert_msg(condition, "%s", #condition)

#define FOREIGN_COMPARE(type, format, a, operator, b)                                              \
    do {                                                                                           \
        type foreign_a = (type)(a), foreign_b = (type)(b);                                         \
        ck_assert_msg(foreign_a operator foreign_b, "%s " #operator" %s: " format ", " format, #a, \
                      #b, foreign_a, foreign_b);                                                   \
    } while (0)
#define ck_assert_int_eq(a, b) FOREIGN_COMPARE(intmax_t, "%jd", a, ==, b)
#define ck_assert_int_ne(a, b) FOREIGN_COMPARE(intmax_t, "%jd", a, !=, b)
#define ck_assert_int_lt(a, b) FOREIGN_COMPARE(intmax_t, "%jd", a, <, b)
#define ck_assert_int_le(a, b) FOREIGN_COMPARE(intmax_t, "%jd", a, <=, b)
#define ck_assert_int_gt(a, b) FOREIGN_COMPARE(intmax_t, "%jd", a, >, b)
#define ck_assert_int_ge(a, b) FOREIGN_COMPARE(intmax_t, "%jd", a, >=, b)
#define ck_assert_uint_eq(a, b) FOREIGN_COMPARE(uintmax_t, "%ju", a, ==, b)
#define ck_assert_uint_ne(a, b) FOREIGN_COMPARE(uintmax_t, "%ju", a, !=, b)
#define ck_assert_uint_lt(a, b) FOREIGN_COMPARE(uintmax_t, "%ju", a, <, b)
#define ck_assert_uint_le(a, b) FOREIGN_COMPARE(uintmax_t, "%ju", a, <=, b)
#define ck_assert_uint_gt(a, b) FOREIGN_COMPARE(uintmax_t, "%ju", a, >, b)
#define ck_assert_uint_ge(a, b) FOREIGN_COMPARE(uintmax_t, "%ju", a, >=, b)
#define ck_assert_double_eq(a, b) FOREIGN_COMPARE(double, "%.17g", a, ==, b)

#define FOREIGN_POINTERS(a, operator, b)                                                           \
    do {                                                                                           \
        const void *foreign_a = (a), *foreign_b = (b);                                             \
        ck_assert_msg(foreign_a operator foreign_b, "%s " #operator" %s", #a, #b);                 \
    } while (0)
#define ck_assert_ptr_eq(a, b) FOREIGN_POINTERS(a, ==, b)
#define ck_assert_ptr_ne(a, b) FOREIGN_POINTERS(a, !=, b)
#define ck_assert_ptr_null(a) FOREIGN_POINTERS(a, ==, NULL)
#define ck_assert_ptr_nonnull(a) FOREIGN_POINTERS(a, !=, NULL)

static inline int foreign_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

#define FOREIGN_STRINGS(a, same, b)                                                                \
    do {                                                                                           \
        const char *foreign_a = (a), *foreign_b = (b);                                             \
        ck_assert_msg(foreign_same(foreign_a, foreign_b) == (same), "%s, %s: \"%s\", \"%s\"", #a,  \
                      #b, foreign_a != NULL ? foreign_a : "(null)",                                \
                      foreign_b != NULL ? foreign_b : "(null)");                                   \
    } while (0)
#define ck_assert_str_eq(a, b) FOREIGN_STRINGS(a, 1, b)
#define ck_assert_str_ne(a, b) FOREIGN_STRINGS(a, 0, b)
#define ck_assert_pstr_eq(a, b) FOREIGN_STRINGS(a, 1, b)
#define ck_assert_mem_eq(a, b, size)                                                               \
    ck_assert_msg(memcmp(a, b, size) == 0, "%s, %s: other bytes", #a, #b)

#endif
