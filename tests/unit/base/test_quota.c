/*
 * Quotas: what fits is given, what does not is refused and counted, what returns can be given
 * again.
 */
#include "base/quota.h"

#include <string.h>

#include "allocator.h"
#include "base/alloc.h"
#include "suite.h"

START_TEST(no_more_than_the_quota_is_given)
{
    struct failing_allocator memory = {0};
    thrift_allocator under = failing_allocator_of(&memory), within;
    struct quota quota;
    void *first, *second;

    quota_init(&quota, &under, 100);
    within = quota_allocator(&quota);
    first = mem_alloc(&within, 60);
    ck_assert_ptr_null(mem_alloc(&within, 41));
    ck_assert_ptr_null(mem_alloc(&within, SIZE_MAX));
    second = mem_alloc(&within, 40);
    ck_assert_ptr_nonnull(second);
    ck_assert_uint_eq(memory.live, 100);
    ck_assert_uint_eq(atomic_load(&quota.refusals), 2);
    mem_free(&within, first, 60);
    ck_assert_uint_eq(atomic_load(&quota.used), 40);
    first = mem_alloc(&within, 60);
    ck_assert_ptr_nonnull(first);
    mem_free(&within, first, 60);
    mem_free(&within, second, 40);
    ck_assert_uint_eq(atomic_load(&quota.used), 0);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(a_block_that_cannot_grow_stays)
{
    struct quota quota;
    thrift_allocator within;
    char *block, *grown;

    quota_init(&quota, NULL, 100);
    within = quota_allocator(&quota);
    block = mem_alloc(&within, 40);
    memcpy(block, "kept", 5);
    ck_assert_ptr_null(mem_resize(&within, block, 40, 61)); /* both may exist for a moment */
    ck_assert_str_eq(block, "kept");
    grown = mem_resize(&within, block, 40, 60);
    ck_assert_ptr_nonnull(grown);
    ck_assert_str_eq(grown, "kept");
    ck_assert_uint_eq(atomic_load(&quota.used), 60);
    mem_free(&within, grown, 60);
}
END_TEST

START_TEST(a_failure_below_costs_nothing)
{
    struct failing_allocator memory = {.fail_at = 1};
    thrift_allocator under = failing_allocator_of(&memory), within;
    struct quota quota;

    quota_init(&quota, &under, 100);
    within = quota_allocator(&quota);
    ck_assert_ptr_null(mem_alloc(&within, 50));
    ck_assert_uint_eq(atomic_load(&quota.used), 0);
    ck_assert_uint_eq(atomic_load(&quota.refusals), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, no_more_than_the_quota_is_given);
    tcase_add_test(tests, a_block_that_cannot_grow_stays);
    tcase_add_test(tests, a_failure_below_costs_nothing);
}

SUITE_MAIN("base/quota")
