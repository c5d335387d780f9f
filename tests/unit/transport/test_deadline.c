/*
 * Deadlines: order, restart, stop, expiry that starts again.
 */
#include "transport/deadline.h"

#include "suite.h"

static struct deadline *expired[8];
static size_t expired_count;

static void note(struct deadline *deadline) { expired[expired_count++] = deadline; }

static struct deadline_list list_of(uint32_t timeout_ms, struct deadline_list *list)
{
    expired_count = 0;
    deadline_list_init(list, timeout_ms, note);
    return *list;
}

START_TEST(expires_in_order_of_start)
{
    struct deadline_list list;
    struct deadline a = {0}, b = {0}, c = {0};

    (void)list_of(100, &list);
    deadline_start(&list, &a, 0);
    deadline_start(&list, &b, 10);
    deadline_start(&list, &c, 20);
    deadline_start(&list, &a, 30);
    ck_assert_uint_eq(deadline_next(&list), 110);
    deadline_run(&list, 109);
    ck_assert_uint_eq(expired_count, 0);
    deadline_run(&list, 120);
    ck_assert_uint_eq(expired_count, 2);
    ck_assert_ptr_eq(expired[0], &b);
    ck_assert_ptr_eq(expired[1], &c);
    deadline_stop(&a);
    deadline_stop(&a);
    ck_assert_uint_eq(deadline_next(&list), UINT64_MAX);
}
END_TEST

START_TEST(moves_between_lists)
{
    struct deadline_list first, second;
    struct deadline a = {0};

    (void)list_of(5, &first);
    (void)list_of(50, &second);
    deadline_start(&first, &a, 0);
    deadline_start(&second, &a, 0);
    ck_assert_uint_eq(deadline_next(&first), UINT64_MAX);
    deadline_run(&second, 50);
    ck_assert_uint_eq(expired_count, 1);
    ck_assert_ptr_null(a.list);
}
END_TEST

START_TEST(zero_is_off)
{
    struct deadline_list list;
    struct deadline a = {0};

    (void)list_of(0, &list);
    deadline_start(&list, &a, 0);
    ck_assert_ptr_null(a.list);
    ck_assert_uint_eq(deadline_next(&list), UINT64_MAX);
}
END_TEST

static struct deadline_list again;

static void start_again(struct deadline *deadline)
{
    expired_count++;
    deadline_start(&again, deadline, 10);
}

START_TEST(may_start_itself_again)
{
    struct deadline a = {0};

    expired_count = 0;
    deadline_list_init(&again, 1, start_again);
    deadline_start(&again, &a, 0);
    deadline_run(&again, 10);
    ck_assert_uint_eq(expired_count, 1);
    ck_assert_uint_eq(deadline_next(&again), 11);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, expires_in_order_of_start);
    tcase_add_test(tests, moves_between_lists);
    tcase_add_test(tests, zero_is_off);
    tcase_add_test(tests, may_start_itself_again);
}

SUITE_MAIN("transport/deadline")
