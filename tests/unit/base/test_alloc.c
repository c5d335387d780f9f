/*
 * Allocation: overflow-checked sizes, the caller's allocator, exact sizes on release.
 */
#include "base/alloc.h"

#include "allocator.h"
#include "suite.h"

static const struct {
    size_t a, b, sum, product;
    bool sum_fits, product_fits;
} size_cases[] = {
    {0, 0, 0, 0, true, true},
    {3, 4, 7, 12, true, true},
    {SIZE_MAX, 0, SIZE_MAX, 0, true, true},
    {SIZE_MAX, 1, 0, SIZE_MAX, false, true},
    {SIZE_MAX, 2, 0, 0, false, false},
    {SIZE_MAX / 2 + 1, 2, SIZE_MAX / 2 + 3, 0, true, false},
    {SIZE_MAX / 2, 2, SIZE_MAX / 2 + 2, SIZE_MAX - 1, true, true},
};

START_TEST(sizes_are_checked_for_overflow)
{
    size_t sum = 77, product = 77;

    ck_assert(size_add(size_cases[_i].a, size_cases[_i].b, &sum) == size_cases[_i].sum_fits);
    ck_assert(size_multiply(size_cases[_i].a, size_cases[_i].b, &product) ==
              size_cases[_i].product_fits);
    ck_assert_uint_eq(sum, size_cases[_i].sum_fits ? size_cases[_i].sum : 77);
    ck_assert_uint_eq(product, size_cases[_i].product_fits ? size_cases[_i].product : 77);
}
END_TEST

START_TEST(blocks_come_from_and_return_to_the_caller)
{
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    uint8_t *block = mem_alloc(&allocator, 10);
    uint8_t *zero = mem_alloc_zero(&allocator, 5, 4);

    ck_assert_uint_eq(memory.live, 30);
    for (size_t i = 0; i < 20; i++) {
        ck_assert_uint_eq(zero[i], 0);
    }
    block = mem_resize(&allocator, block, 10, 100);
    ck_assert_uint_eq(memory.live, 120);
    mem_free(&allocator, block, 100);
    mem_free(&allocator, zero, 20);
    mem_free(&allocator, NULL, 0);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(no_allocator_is_malloc)
{
    thrift_allocator empty = {NULL, NULL};
    uint8_t *block = mem_alloc(NULL, 0); /* nothing is still a block of its own */

    ck_assert_ptr_nonnull(block);
    block = mem_resize(&empty, block, 0, 50);
    ck_assert_ptr_nonnull(block);
    mem_free(NULL, block, 50);
}
END_TEST

START_TEST(empty_blocks_are_counted_alike_both_ways)
{
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    void *block = mem_alloc(&allocator, 0);

    mem_free(&allocator, block, 0);
    ck_assert_uint_eq(memory.live, 0);
    block = mem_alloc(&allocator, 8);
    block = mem_resize(&allocator, block, 8, 0);
    block = mem_resize(&allocator, block, 0, 8);
    mem_free(&allocator, block, 8);
    ck_assert_uint_eq(memory.live, 0);
    block = mem_alloc_zero(&allocator, 0, 8);
    ck_assert_ptr_nonnull(block);
    mem_free(&allocator, block, 0);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(overflow_and_exhaustion_give_null)
{
    struct failing_allocator memory = {.fail_at = 1};
    thrift_allocator allocator = failing_allocator_of(&memory);

    ck_assert_ptr_null(mem_alloc_zero(&allocator, SIZE_MAX, 2));
    ck_assert_uint_eq(memory.count, 0);
    ck_assert_ptr_null(mem_alloc_zero(&allocator, 4, 2));
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, sizes_are_checked_for_overflow, 0, (int)COUNT_OF(size_cases));
    tcase_add_test(tests, blocks_come_from_and_return_to_the_caller);
    tcase_add_test(tests, no_allocator_is_malloc);
    tcase_add_test(tests, empty_blocks_are_counted_alike_both_ways);
    tcase_add_test(tests, overflow_and_exhaustion_give_null);
}

SUITE_MAIN("base/alloc")
