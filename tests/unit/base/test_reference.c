/*
 * Reference counts: the last one, and only the last one, frees.
 */
#include "base/reference.h"

#include <pthread.h>

#include "suite.h"

START_TEST(the_last_one_is_told)
{
    struct reference reference;

    reference_init(&reference);
    reference_take(&reference);
    ck_assert(!reference_drop(&reference));
    ck_assert(reference_drop(&reference));
}
END_TEST

static void *take_and_drop(void *data)
{
    size_t *last = NULL;

    for (int i = 0; i < 100000; i++) {
        reference_take(data);
        last = reference_drop(data) ? data : last;
    }
    return last;
}

START_TEST(threads_never_see_a_last_one_while_another_holds_it)
{
    struct reference reference;
    pthread_t threads[4];

    reference_init(&reference);
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, take_and_drop, &reference), 0);
    }
    for (size_t i = 0; i < COUNT_OF(threads); i++) {
        void *last = &reference;

        ck_assert_int_eq(pthread_join(threads[i], &last), 0);
        ck_assert_ptr_null(last);
    }
    ck_assert(reference_drop(&reference));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, the_last_one_is_told);
    tcase_add_test(tests, threads_never_see_a_last_one_while_another_holds_it);
}

SUITE_MAIN("base/reference")
