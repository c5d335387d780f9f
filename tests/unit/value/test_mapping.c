/*
 * Maps: order, duplicates, keys of every kind, the index of big ones, many readers.
 *
 * Covers also: mapping_index.c.
 */
#include "value/mapping.h"

#include <pthread.h>

#include "sample.h"
#include "value/mapping_index.h"
#include "value/record.h"

START_TEST(entries_keep_their_order)
{
    thrift_record *all = sample_new("All");
    thrift_map *counts = thrift_open_map(all, "counts");

    thrift_map_put(counts, "z", 1);
    thrift_map_put(counts, "a", 2);
    thrift_map_put(counts, "z", 3);
    ck_assert_uint_eq(thrift_map_count(counts), 2);
    ck_assert_str_eq(thrift_as_string(thrift_map_key(counts, 0)), "z");
    ck_assert_int_eq(thrift_as_i32(thrift_map_at(counts, 0)), 3);
    ck_assert_str_eq(thrift_as_string(thrift_map_key(counts, 1)), "a");
    ck_assert_int_eq(thrift_map_key(counts, 2).kind, THRIFT_KIND_NONE);
    ck_assert_int_eq(thrift_map_at(counts, 2).kind, THRIFT_KIND_NONE);
    ck_assert_int_eq(thrift_map_find(counts, THRIFT_VALUE("b")).kind, THRIFT_KIND_NONE);
    ASSERT_GOOD(all);
    thrift_record_free(all);
}
END_TEST

static const struct {
    const char *field;
    thrift_value key, other;
} keys[] = {
    {"counts", TEXT("a\0b"), TEXT("a")},
    {"places", INTEGER(-5), INTEGER(5)},
    {"by_color", TEXT("BLUE"), INTEGER(1)},
    {"sides", TRUTH(true), TRUTH(false)},
    {"owners", TEXT("550e8400-e29b-41d4-a716-446655440000"),
     TEXT("550e8400-e29b-41d4-a716-446655440001")},
    {"marks", REAL(0.0), REAL(-0.0)},
};

START_TEST(keys_of_every_kind)
{
    thrift_record *all = sample_new("All");
    thrift_map *map = thrift_open_map(all, keys[_i].field);

    if (map->type->element->kind == THRIFT_KIND_RECORD) {
        thrift_set(thrift_map_put_record(map, keys[_i].key), "city", "x");
    } else if (map->type->element->kind == THRIFT_KIND_LIST) {
        thrift_list_add(thrift_open_list(all, "by_color{BLUE}"), "x");
    } else {
        thrift_map_put_value(map, keys[_i].key, thrift_value_integer(1));
    }
    ck_assert_int_ne(thrift_map_find(map, keys[_i].key).kind, THRIFT_KIND_NONE);
    ck_assert_int_eq(thrift_map_find(map, keys[_i].other).kind, THRIFT_KIND_NONE);
    ASSERT_GOOD(all);
    thrift_record_free(all);
}
END_TEST

START_TEST(containers_as_keys)
{
    thrift_record *all = sample_new("All");
    thrift_map *odd = thrift_open_map(all, "odd");

    for (int i = 0; i < 50; i++) {
        thrift_list *key;

        thrift_unset(all, "ints");
        key = thrift_open_list(all, "ints");
        thrift_list_add(key, i % 25);
        thrift_list_add(key, 1);
        thrift_map_put(odd, key, i < 25 ? "old" : "new");
    }
    ck_assert_uint_eq(thrift_map_count(odd), 25);
    ck_assert_str_eq(
        thrift_as_string(thrift_map_find(odd, THRIFT_VALUE(thrift_get_list(all, "ints")))), "new");
    thrift_list_add(thrift_open_list(all, "ints"), 1);
    ck_assert_int_eq(thrift_map_find(odd, THRIFT_VALUE(thrift_get_list(all, "ints"))).kind,
                     THRIFT_KIND_NONE);
    ASSERT_GOOD(all);
    thrift_record_free(all);
}
END_TEST

/* As a decoder leaves them: no index yet, duplicates in. */
static void append_raw(thrift_map *map, const char *key, int32_t value)
{
    struct mapping_entry entry = mapping_entry_of(map->type);
    thrift_bytes bytes = {(const uint8_t *)key, strlen(key)};
    uint8_t *at;

    ck_assert(mapping_reserve(map, 1));
    at = (uint8_t *)map->entries + map->count++ * entry.size;
    memcpy(at, &bytes, sizeof bytes);
    memcpy(at + entry.value_offset, &value, sizeof value);
}

static const uint32_t sizes[] = {1, MAPPING_SMALL, MAPPING_SMALL + 1, 1000, 50000};

START_TEST(last_of_equal_keys_is_found)
{
    thrift_record *all = sample_new("All");
    thrift_map *counts = thrift_open_map(all, "counts");
    char(*names)[16] = calloc(sizes[_i], sizeof *names);

    for (uint32_t i = 0; i < sizes[_i]; i++) {
        snprintf(names[i], sizeof *names, "key%u", i % (sizes[_i] / 2 + 1));
        append_raw(counts, names[i], (int32_t)i);
    }
    for (uint32_t i = 0; i < sizes[_i]; i++) {
        uint32_t half = sizes[_i] / 2 + 1;
        int32_t last = (int32_t)(i % half + half < sizes[_i] ? i % half + half : i % half);
        thrift_value found = thrift_map_find(counts, THRIFT_VALUE((const char *)names[i]));

        ck_assert_int_eq(thrift_as_i32(found), last);
    }
    ck_assert_int_eq(thrift_map_find(counts, THRIFT_VALUE("key")).kind, THRIFT_KIND_NONE);
    ck_assert((atomic_load(&counts->index) != NULL) == (sizes[_i] > MAPPING_SMALL));
    thrift_record_free(all);
    free(names);
}
END_TEST

START_TEST(containers_inside)
{
    thrift_record *all = sample_new("All");
    thrift_map *deep = thrift_open_map(all, "deep"), *by_color = thrift_open_map(all, "by_color");

    thrift_map_put(thrift_map_put_map(deep, THRIFT_VALUE("a")), "b", 1);
    thrift_map_put(thrift_map_put_map(deep, THRIFT_VALUE("a")), "c", 2);
    thrift_list_add(thrift_map_put_list(by_color, THRIFT_VALUE("BLUE")), "sky");
    ck_assert_int_eq(thrift_get_i32(all, "deep{\"a\"}{\"c\"}"), 2);
    ck_assert_uint_eq(thrift_map_count(deep), 1);
    ck_assert_str_eq(thrift_get_string(all, "by_color{BLUE}[0]"), "sky");
    ASSERT_GOOD(all);
    ck_assert_ptr_null(thrift_map_put_list(NULL, THRIFT_VALUE("a")));
    ck_assert_ptr_null(thrift_map_put_map(NULL, THRIFT_VALUE("a")));
    ck_assert_ptr_null(thrift_map_put_list(deep, THRIFT_VALUE("a")));
    ASSERT_MISTAKE(all, THRIFT_E_TYPE, "holds no lists");
    thrift_record_free(all);
}
END_TEST

START_TEST(index_follows_puts_and_removals)
{
    thrift_record *all = sample_new("All");
    thrift_map *places = thrift_open_map(all, "places");

    for (int i = 0; i < 5000; i++) {
        thrift_set(thrift_map_put_record(places, THRIFT_VALUE(i)), "zip", i);
        ck_assert_int_eq(
            thrift_get_i32(thrift_as_record(thrift_map_find(places, THRIFT_VALUE(i / 2))), "zip"),
            i / 2);
    }
    thrift_unset(all, "places{17}");
    ck_assert_int_eq(thrift_map_find(places, THRIFT_VALUE(17)).kind, THRIFT_KIND_NONE);
    ck_assert_int_eq(
        thrift_get_i32(thrift_as_record(thrift_map_find(places, THRIFT_VALUE(4999))), "zip"), 4999);
    ck_assert_uint_eq(thrift_map_count(places), 4999);
    thrift_record_reset(all);
    ck_assert_ptr_null(atomic_load(&all->root->indexes));
    thrift_record_free(all);
}
END_TEST

static void *look_up(void *data)
{
    const thrift_map *map = data;
    int64_t sum = 0;

    for (int i = 0; i < 2000; i++) {
        sum += thrift_as_i32(thrift_map_find(map, THRIFT_VALUE(i)));
    }
    return (void *)(intptr_t)sum;
}

START_TEST(readers_may_build_the_index_at_once)
{
    for (int round = 0; round < 20; round++) {
        thrift_record *all = sample_new("All");
        thrift_map *counts = thrift_open_map(all, "places");
        pthread_t threads[4];

        for (int i = 0; i < 2000; i++) {
            struct mapping_entry entry = mapping_entry_of(counts->type);

            ck_assert(mapping_reserve(counts, 1));
            memset((uint8_t *)counts->entries + counts->count * entry.size, 0, entry.size);
            memcpy((uint8_t *)counts->entries + counts->count++ * entry.size, &i, sizeof i);
        }
        for (size_t i = 0; i < COUNT_OF(threads); i++) {
            ck_assert_int_eq(pthread_create(&threads[i], NULL, look_up, counts), 0);
        }
        for (size_t i = 0; i < COUNT_OF(threads); i++) {
            pthread_join(threads[i], NULL);
        }
        ck_assert_ptr_nonnull(atomic_load(&counts->index));
        thrift_record_free(all);
    }
}
END_TEST

START_TEST(misuse_is_a_mistake)
{
    thrift_record *all = sample_new("All");
    thrift_map *counts = thrift_open_map(all, "counts");
    const thrift_map *shared = thrift_get_map(all, "table");

    ck_assert_int_eq(thrift_map_put(NULL, 1, 1), THRIFT_E_ARGUMENT);
    ck_assert_ptr_null(thrift_map_put_record(NULL, THRIFT_VALUE(1)));
    ck_assert_uint_eq(thrift_map_count(NULL), 0);
    ck_assert_int_eq(thrift_map_find(NULL, THRIFT_VALUE(1)).kind, THRIFT_KIND_NONE);
    ck_assert_int_eq(thrift_map_key(NULL, 0).kind, THRIFT_KIND_NONE);
    ck_assert_int_eq(thrift_map_find(&mapping_shared_empty, THRIFT_VALUE(1)).kind,
                     THRIFT_KIND_NONE);
    ck_assert_int_eq(thrift_map_put((thrift_map *)(uintptr_t)shared, "x", NULL), THRIFT_E_STATE);
    ASSERT_GOOD(all);
    ck_assert_ptr_null(thrift_map_put_record(counts, THRIFT_VALUE("x")));
    ASSERT_MISTAKE(all, THRIFT_E_TYPE, "map<string, i32> holds no structs");
    thrift_record_reset(all);
    counts = thrift_open_map(all, "counts");
    ck_assert_int_eq(thrift_map_put(counts, 1, 1), THRIFT_E_TYPE);
    ASSERT_MISTAKE(all, THRIFT_E_TYPE, "an integer does not fit string");
    thrift_record_reset(all);
    counts = thrift_open_map(all, "counts");
    ck_assert_int_eq(thrift_map_put(counts, "a", "b"), THRIFT_E_TYPE);
    ck_assert_int_eq(thrift_map_put(counts, "a", NULL), THRIFT_E_TYPE);
    ck_assert_uint_eq(thrift_map_count(counts), 0);
    thrift_record_free(all);
}
END_TEST

START_TEST(without_memory_for_an_index_it_searches)
{
    for (size_t k = 1; k < 12; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_schema *schema = sample_load(sample_text, &allocator);
        thrift_record *all = thrift_record_new(schema, "All", NULL);
        thrift_map *places = thrift_open_map(all, "places");

        for (int i = 0; i < 100; i++) {
            thrift_map_put_record(places, THRIFT_VALUE(i));
        }
        mapping_index_drop(places);
        memory.fail_at = memory.count + k;
        memory.fail_onward = true;
        ck_assert_int_eq(thrift_map_find(places, THRIFT_VALUE(50)).kind, THRIFT_KIND_RECORD);
        ASSERT_GOOD(all);
        thrift_record_free(all);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, entries_keep_their_order);
    tcase_add_loop_test(tests, keys_of_every_kind, 0, COUNT_OF(keys));
    tcase_add_test(tests, containers_as_keys);
    tcase_add_loop_test(tests, last_of_equal_keys_is_found, 0, COUNT_OF(sizes));
    tcase_add_test(tests, containers_inside);
    tcase_add_test(tests, index_follows_puts_and_removals);
    tcase_add_test(tests, readers_may_build_the_index_at_once);
    tcase_add_test(tests, misuse_is_a_mistake);
    tcase_add_test(tests, without_memory_for_an_index_it_searches);
}

SUITE_MAIN("value/mapping")
