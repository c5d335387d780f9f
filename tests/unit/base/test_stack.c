/*
 * Stack: from the caller's frame to the heap and back, without memory.
 */
#include "base/stack.h"

#include "allocator.h"
#include "suite.h"

START_TEST(keeps_order_when_it_grows)
{
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    size_t room[4];
    struct stack stack;

    stack_init(&stack, room, sizeof room, sizeof room[0], &allocator);
    ck_assert_ptr_null(stack_top(&stack));
    for (size_t i = 0; i < 100; i++) {
        size_t *item = stack_push(&stack);

        ck_assert_ptr_nonnull(item);
        *item = i;
        ck_assert(i >= 4 || memory.count == 0);
    }
    ck_assert_uint_eq(*(size_t *)stack_at(&stack, 3), 3);
    for (size_t i = 100; i-- > 0; stack_pop(&stack)) {
        ck_assert_uint_eq(*(size_t *)stack_top(&stack), i);
    }
    stack_deinit(&stack);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(push_without_memory_changes_nothing)
{
    struct failing_allocator memory = {.fail_at = 1};
    thrift_allocator allocator = failing_allocator_of(&memory);
    size_t room[1], *first;
    struct stack stack;

    stack_init(&stack, room, sizeof room, sizeof room[0], &allocator);
    first = stack_push(&stack);
    ck_assert_ptr_nonnull(first);
    *first = 7;
    ck_assert_ptr_null(stack_push(&stack));
    ck_assert_uint_eq(stack.count, 1);
    ck_assert_uint_eq(*(size_t *)stack_top(&stack), 7);
    stack_deinit(&stack);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, keeps_order_when_it_grows);
    tcase_add_test(tests, push_without_memory_changes_nothing);
}

SUITE_MAIN("base/stack")
