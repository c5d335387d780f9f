/*
 * Names to positions and to pointers, small and large.
 */
#include "schema/name_index.h"

#include <stdio.h>

#include "schema/descriptor.h"
#include "suite.h"

static const size_t counts[] = {0, 1, 8, 9, 1000};

static thrift_symbol *make_symbols(struct arena *arena, size_t count)
{
    thrift_symbol *symbols = arena_alloc_zero(arena, (count + 1) * sizeof *symbols);
    char name[24];

    for (size_t i = 0; i < count; i++) {
        (void)snprintf(name, sizeof name, "n%zu", i);
        symbols[i].node.name = arena_strdup(arena, name, strlen(name));
    }
    return symbols;
}

START_TEST(positions)
{
    struct arena arena;
    struct name_index index;
    size_t count = counts[_i];
    thrift_symbol *symbols;

    arena_init(&arena, NULL, SIZE_MAX);
    symbols = make_symbols(&arena, count);
    ck_assert(name_index_init(&index, &arena, NAME_ITEMS(symbols, count)));
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(name_index_add(&index, NAME_ITEMS(symbols, count), i), NAME_NONE);
    }
    for (size_t i = 0; i < count; i++) {
        const char *name = symbols[i].node.name;

        ck_assert_uint_eq(name_index_find(&index, NAME_ITEMS(symbols, count), name, strlen(name)),
                          i);
    }
    ck_assert_uint_eq(name_index_find(&index, NAME_ITEMS(symbols, count), "absent", 6), NAME_NONE);
    arena_deinit(&arena);
}
END_TEST

START_TEST(same_name_twice)
{
    struct arena arena;
    struct name_index index;
    size_t count = counts[_i];
    thrift_symbol *symbols;

    arena_init(&arena, NULL, SIZE_MAX);
    symbols = make_symbols(&arena, count);
    symbols[count - 1].node.name = symbols[0].node.name;
    ck_assert(name_index_init(&index, &arena, NAME_ITEMS(symbols, count)));
    for (size_t i = 0; i < count; i++) {
        size_t first = name_index_add(&index, NAME_ITEMS(symbols, count), i);

        ck_assert_uint_eq(first, i == count - 1 ? 0 : NAME_NONE);
    }
    arena_deinit(&arena);
}
END_TEST

START_TEST(any_map)
{
    struct arena arena;
    struct name_map map = {.capacity = 0};
    thrift_symbol *symbols;

    arena_init(&arena, NULL, SIZE_MAX);
    map.arena = &arena;
    symbols = make_symbols(&arena, 1000);
    ck_assert_ptr_null(name_map_get(&map, "n0", 2));
    for (size_t i = 0; i < 1000; i++) {
        const char *name = symbols[i].node.name;

        ck_assert_ptr_eq(name_map_add(&map, name, strlen(name), &symbols[i]), &symbols[i]);
    }
    ck_assert_ptr_eq(name_map_add(&map, "n7", 2, &symbols[0]), &symbols[7]);
    ck_assert_ptr_eq(name_map_get(&map, "n999", 4), &symbols[999]);
    ck_assert_ptr_null(name_map_get(&map, "n1000", 5));
    ck_assert_uint_eq(map.count, 1000);
    arena_deinit(&arena);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, positions, 0, COUNT_OF(counts));
    tcase_add_loop_test(tests, same_name_twice, 2, COUNT_OF(counts));
    tcase_add_test(tests, any_map);
}

SUITE_MAIN("name_index")
