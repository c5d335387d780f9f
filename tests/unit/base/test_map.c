/*
 * Tables: put, get, remove, order, keys that are prefixes of each other, allocation failures.
 */
#include "base/map.h"

#include <string.h>

#include "allocator.h"
#include "suite.h"

#define KEYS 3000

static char keys[KEYS][8];

static void make_keys(void)
{
    for (int i = 0; i < KEYS; i++) {
        (void)snprintf(keys[i], sizeof keys[i], "k%d", i);
    }
}

START_TEST(finds_what_was_put)
{
    struct map *map = map_new(NULL);

    for (size_t i = 0; i < KEYS; i++) {
        ck_assert(map_put(map, keys[i], strlen(keys[i]), keys[i]));
    }
    ck_assert_uint_eq(map_count(map), KEYS);
    for (size_t i = 0; i < KEYS; i++) {
        char copy[8];

        memcpy(copy, keys[i], sizeof copy); /* keys are equal by their bytes */
        ck_assert_ptr_eq(map_get(map, copy, strlen(copy)), keys[i]);
    }
    ck_assert_ptr_null(map_get(map, "k", 1));
    ck_assert_ptr_null(map_get(map, "k30000", 6));
    map_free(map);
    map_free(NULL);
}
END_TEST

START_TEST(the_last_value_of_a_key_holds)
{
    struct map *map = map_new(NULL);
    int one, two;

    ck_assert(map_put(map, "a", 1, &one));
    ck_assert(map_put(map, "a", 1, &two));
    ck_assert_ptr_eq(map_get(map, "a", 1), &two);
    ck_assert_uint_eq(map_count(map), 1);
    map_free(map);
}
END_TEST

START_TEST(keys_may_be_empty_or_hold_any_byte)
{
    struct map *map = map_new(NULL);
    int one, two, three;

    ck_assert(map_put(map, "", 0, &one));
    ck_assert(map_put(map, "\0", 1, &two));
    ck_assert(map_put(map, "\0a", 2, &three));
    ck_assert_ptr_eq(map_get(map, "", 0), &one);
    ck_assert_ptr_eq(map_get(map, "\0", 1), &two);
    ck_assert_ptr_eq(map_get(map, "\0a", 2), &three);
    map_free(map);
}
END_TEST

START_TEST(removed_entries_are_gone_and_the_map_can_be_used_again)
{
    struct map *map = map_new(NULL);
    int one;

    ck_assert_ptr_null(map_remove(map, "a", 1));
    ck_assert(map_put(map, "a", 1, &one));
    ck_assert_ptr_eq(map_remove(map, "a", 1), &one);
    ck_assert_ptr_null(map_get(map, "a", 1));
    ck_assert_uint_eq(map_count(map), 0);
    ck_assert(map_put(map, "a", 1, &one));
    ck_assert_ptr_eq(map_get(map, "a", 1), &one);
    map_free(map);
}
END_TEST

static void expect_next(const void *key, size_t key_size, void *value, void *data)
{
    size_t *next = data;

    ck_assert_ptr_eq(key, keys[*next]);
    ck_assert_uint_eq(key_size, strlen(keys[*next]));
    ck_assert_ptr_eq(value, keys[*next]);
    ++*next;
}

START_TEST(visits_in_order_of_insertion)
{
    struct map *map = map_new(NULL);
    size_t next = 0;

    for (size_t i = 0; i < 500; i++) {
        ck_assert(map_put(map, keys[i], strlen(keys[i]), keys[i]));
    }
    map_visit(map, expect_next, &next);
    ck_assert_uint_eq(next, 500);
    map_free(map);
}
END_TEST

/* false when an allocation failed; whatever was there before is there still. */
static bool fill(const thrift_allocator *allocator)
{
    struct map *map = map_new(allocator);
    size_t count = 0;

    if (map == NULL) {
        return false;
    }
    while (count < 400 && map_put(map, keys[count], strlen(keys[count]), keys[count])) {
        count++;
    }
    ck_assert_uint_eq(map_count(map), count);
    for (size_t i = 0; i < 400; i++) {
        ck_assert_ptr_eq(map_get(map, keys[i], strlen(keys[i])), i < count ? keys[i] : NULL);
    }
    map_free(map);
    return count == 400;
}

START_TEST(every_failed_allocation_leaves_the_map_as_before)
{
    bool done = false;

    for (size_t k = 1; !done; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_allocator allocator = failing_allocator_of(&memory);

        done = fill(&allocator);
        ck_assert_uint_eq(memory.live, 0);
        ck_assert(done || memory.count >= k);
        ck_assert_uint_lt(k, 1000);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_checked_fixture(tests, make_keys, NULL);
    tcase_add_test(tests, finds_what_was_put);
    tcase_add_test(tests, the_last_value_of_a_key_holds);
    tcase_add_test(tests, keys_may_be_empty_or_hold_any_byte);
    tcase_add_test(tests, removed_entries_are_gone_and_the_map_can_be_used_again);
    tcase_add_test(tests, visits_in_order_of_insertion);
    tcase_add_test(tests, every_failed_allocation_leaves_the_map_as_before);
}

SUITE_MAIN("base/map")
