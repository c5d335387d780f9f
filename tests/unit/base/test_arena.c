/*
 * Arena: alignment, growth, rewind, budget, exhaustion.
 */
#include "base/arena.h"

#include "allocator.h"
#include "suite.h"

START_TEST(allocations_are_aligned_and_separate)
{
    struct arena arena;
    uint8_t *last = NULL;

    arena_init(&arena, NULL, SIZE_MAX);
    for (size_t size = 1; size < 3000; size += 7) {
        uint8_t *block = arena_alloc(&arena, size);

        ck_assert_ptr_nonnull(block);
        ck_assert_uint_eq((uintptr_t)block % 8, 0);
        memset(block, (int)(size & 0xff), size);
        ck_assert(last == NULL || last[0] == (uint8_t)((size - 7) & 0xff));
        last = block;
    }
    arena_deinit(&arena);
}
END_TEST

START_TEST(warm_arena_allocates_nothing)
{
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    struct arena arena;
    size_t cold;

    arena_init(&arena, &allocator, SIZE_MAX);
    for (int i = 0; i < 100; i++) {
        ck_assert_ptr_nonnull(arena_alloc(&arena, 1000));
    }
    arena_reset(&arena, SIZE_MAX);
    cold = memory.count;
    for (int i = 0; i < 100; i++) {
        ck_assert_ptr_nonnull(arena_alloc(&arena, 1000));
    }
    ck_assert_uint_eq(memory.count, cold);
    arena_reset(&arena, 0);
    ck_assert_uint_eq(memory.live, 0);
    arena_deinit(&arena);
}
END_TEST

START_TEST(rewind_gives_back_what_came_later)
{
    struct arena arena;
    struct arena_mark mark;
    char *kept;

    arena_init(&arena, NULL, SIZE_MAX);
    kept = arena_strdup(&arena, "kept", 4);
    mark = arena_mark(&arena);
    for (int i = 0; i < 50; i++) {
        ck_assert_ptr_nonnull(arena_alloc(&arena, 4000));
    }
    arena_rewind(&arena, mark);
    ck_assert_uint_eq(arena_used(&arena), 5);
    ck_assert_str_eq(kept, "kept");
    ck_assert_ptr_eq(arena_alloc_aligned(&arena, 1, 1), kept + 5);
    arena_deinit(&arena);
}
END_TEST

START_TEST(budget_is_a_limit_and_not_out_of_memory)
{
    struct arena arena;
    thrift_error err = THRIFT_ERROR_INIT;

    arena_init(&arena, NULL, 10000);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 8000));
    ck_assert_ptr_null(arena_alloc(&arena, 8000));
    ck_assert_int_eq(arena_fail(&arena, &err), THRIFT_E_LIMIT);
    ck_assert_ptr_null(arena_alloc(&arena, SIZE_MAX));
    arena_deinit(&arena);
}
END_TEST

START_TEST(extends_only_the_newest)
{
    struct arena arena;
    uint8_t *first, *second;

    arena_init(&arena, NULL, SIZE_MAX);
    first = arena_alloc(&arena, 16);
    ck_assert(arena_extend(&arena, first, 16, 64));
    second = arena_alloc(&arena, 16);
    ck_assert_ptr_eq(second, first + 64);
    ck_assert(!arena_extend(&arena, first, 64, 128));
    ck_assert(!arena_extend(&arena, second, 16, 1 << 20));
    arena_deinit(&arena);
}
END_TEST

START_TEST(failed_chunk_is_out_of_memory)
{
    struct failing_allocator memory = {.fail_at = 1};
    thrift_allocator allocator = failing_allocator_of(&memory);
    struct arena arena;

    arena_init(&arena, &allocator, SIZE_MAX);
    ck_assert_ptr_null(arena_alloc(&arena, 8));
    ck_assert_int_eq(arena_fail(&arena, NULL), THRIFT_E_NOMEM);
    ck_assert_ptr_nonnull(arena_alloc(&arena, 8));
    arena_deinit(&arena);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(lent_block_comes_first_and_again_after_a_reset)
{
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    struct arena arena;
    uint8_t block[256];
    struct arena_mark mark;

    arena_init(&arena, &allocator, SIZE_MAX);
    arena_lend(&arena, block, sizeof block);
    for (int round = 0; round < 3; round++) {
        uint8_t *first = arena_alloc_aligned(&arena, 100, 1);

        ck_assert_ptr_eq(first, block);
        mark = arena_mark(&arena);
        ck_assert_ptr_nonnull(arena_alloc_aligned(&arena, 1000, 1));
        ck_assert_uint_eq(arena_used(&arena), 1100);
        arena_rewind(&arena, mark);
        ck_assert_uint_eq(arena_used(&arena), 100);
        ck_assert_ptr_eq(arena_alloc_aligned(&arena, 10, 1), block + 100);
        arena_reset(&arena, SIZE_MAX);
        ck_assert_uint_eq(arena_used(&arena), 0);
    }
    ck_assert_uint_eq(memory.count, 1);
    arena_deinit(&arena);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(several_chunks_become_one)
{
    for (int fails = 0; fails < 2; fails++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        struct arena arena;
        uint8_t block[256], *last;
        size_t cold;

        arena_init(&arena, &allocator, SIZE_MAX);
        arena_lend(&arena, block, sizeof block);
        for (int i = 0; i < 30; i++) {
            ck_assert_ptr_nonnull(arena_alloc(&arena, 1000));
        }
        ck_assert_uint_gt(memory.count, 2);
        memory.fail_at = fails ? memory.count + 1 : 0; /* the one chunk */
        arena_reset(&arena, SIZE_MAX);
        ck_assert_uint_eq(arena_used(&arena), 0);
        memory.fail_at = 0;
        cold = memory.count;
        last = arena_alloc(&arena, fails ? 100 : 1000);
        for (int i = 1; i < 30 && !fails; i++) {
            ck_assert_ptr_eq(arena_alloc(&arena, 1000), last + 1000);
            last += 1000;
        }
        ck_assert_uint_eq(memory.count, cold);
        ck_assert(!fails || (last >= block && last < block + sizeof block));
        arena_deinit(&arena);
        ck_assert_uint_eq(memory.live, 0);
    }
}
END_TEST

START_TEST(a_store_hands_chunks_on)
{
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    struct arena_store store = {NULL};
    size_t cold = 0;

    for (int round = 0; round < 4; round++) {
        struct arena arena;

        arena_init(&arena, &allocator, SIZE_MAX);
        arena.store = &store;
        for (int i = 0; i < 100; i++) {
            ck_assert_ptr_nonnull(arena_alloc(&arena, 1000));
        }
        arena_deinit(&arena);
        cold = round == 1 ? memory.count : cold;
    }
    ck_assert(memory.live == 0 || memory.count == cold); /* 0: a sanitizer watches */
    ck_assert_uint_le(memory.live, ARENA_STORE_MOST);
    arena_store_deinit(&store, &allocator);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

/* What is wasted is bounded by what small allocations take, however big the arrays between are. */
START_TEST(a_big_array_makes_no_big_chunk_behind_it)
{
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    struct arena arena;
    size_t cold = 0;

    arena_init(&arena, &allocator, SIZE_MAX);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100; i++) {
            ck_assert_ptr_nonnull(arena_alloc(&arena, i == 50 ? (size_t)500000 : 100));
        }
        arena_reset(&arena, SIZE_MAX);
        cold = round == 0 ? memory.count : cold;
    }
    ck_assert_uint_eq(memory.count, cold);
    ck_assert_uint_lt(memory.peak, 500000 + 65536);
    arena_deinit(&arena);
}
END_TEST

START_TEST(copy_of_nothing_is_an_empty_text)
{
    struct arena arena;

    arena_init(&arena, NULL, SIZE_MAX);
    ck_assert_str_eq(arena_strdup(&arena, NULL, 0), "");
    arena_deinit(&arena);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, copy_of_nothing_is_an_empty_text);
    tcase_add_test(tests, lent_block_comes_first_and_again_after_a_reset);
    tcase_add_test(tests, allocations_are_aligned_and_separate);
    tcase_add_test(tests, warm_arena_allocates_nothing);
    tcase_add_test(tests, rewind_gives_back_what_came_later);
    tcase_add_test(tests, budget_is_a_limit_and_not_out_of_memory);
    tcase_add_test(tests, extends_only_the_newest);
    tcase_add_test(tests, several_chunks_become_one);
    tcase_add_test(tests, a_store_hands_chunks_on);
    tcase_add_test(tests, a_big_array_makes_no_big_chunk_behind_it);
    tcase_add_test(tests, failed_chunk_is_out_of_memory);
}

SUITE_MAIN("base/arena")
