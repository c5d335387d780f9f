/*
 * Lists and sets: adding, reading, C arrays, growth, misuse.
 */
#include "value/list.h"

#include "sample.h"
#include "value/record.h"

START_TEST(items_keep_their_order_while_growing)
{
    thrift_record *all = sample_new("All");
    thrift_list *ints = thrift_open_list(all, "ints");
    const int32_t *items;

    for (int i = 0; i < 10000; i++) {
        ck_assert_int_eq(thrift_list_add(ints, i), THRIFT_OK);
        /* Something else in the arena, so that the items must move now and then. */
        ck_assert(i % 1000 != 0 || thrift_set(all, "text", "between") == THRIFT_OK);
    }
    items = thrift_list_i32s(thrift_get_list(all, "ints"));
    ck_assert_uint_eq(thrift_list_count(ints), 10000);
    for (int i = 0; i < 10000; i++) {
        ck_assert_int_eq(items[i], i);
        ck_assert_int_eq(thrift_as_i32(thrift_list_at(ints, (size_t)i)), i);
    }
    ck_assert_int_eq(thrift_list_at(ints, 10000).kind, THRIFT_KIND_NONE);
    thrift_record_free(all);
}
END_TEST

START_TEST(arrays_only_of_their_own_width)
{
    thrift_record *all = sample_new("All");

    sample_fill(all);
    thrift_list_add(thrift_open_list(all, "ints"), 5);
    ck_assert_ptr_null(thrift_list_i32s(NULL));
    ck_assert(thrift_list_doubles(thrift_get_list(all, "doubles"))[1] == 0.5);
    ck_assert(thrift_list_i64s(thrift_get_list(all, "grid[0]"))[0] == 9);
    ck_assert_int_eq(thrift_list_i32s(thrift_get_list(all, "ints"))[0], 5);
    ASSERT_GOOD(all);
    ck_assert_ptr_null(thrift_list_i64s(thrift_get_list(all, "ints")));
    ASSERT_MISTAKE(all, THRIFT_E_TYPE, "list<i32> holds no i64s");
    thrift_record_free(all);
}
END_TEST

START_TEST(nested_objects_are_built_in_place)
{
    thrift_record *all = sample_new("All");
    thrift_list *rows = thrift_open_list(all, "rows");
    thrift_list *grid = thrift_open_list(all, "grid");
    thrift_list *homes = thrift_open_list(all, "homes");
    thrift_record *home = thrift_list_add_record(homes);

    thrift_map_put(thrift_list_add_map(rows), "x", 1.5);
    thrift_list_add(thrift_list_add_list(grid), 1);
    thrift_set(home, "city", "Ulm");
    thrift_list_add(homes, home);
    thrift_set(home, "city", "Bonn");
    ck_assert_str_eq(thrift_get_string(thrift_list_record(homes, 0), "city"), "Bonn");
    ck_assert_str_eq(thrift_get_string(thrift_list_record(homes, 1), "city"), "Ulm");
    ck_assert_ptr_null(thrift_list_record(homes, 2));
    ASSERT_GOOD(all);
    thrift_record_free(all);
}
END_TEST

START_TEST(copies_of_whole_lists)
{
    thrift_record *all = sample_new("All");
    thrift_record *other = sample_new("All");

    sample_fill(other);
    thrift_set(all, "homes", thrift_get_list(other, "homes"));
    ASSERT_MISTAKE(all, THRIFT_OK, "");
    thrift_list_add(thrift_open_list(all, "grid"), thrift_get_list(other, "grid[0]"));
    thrift_record_free(other);
    ck_assert_str_eq(thrift_get_string(all, "homes[0].city"), "Wien");
    ck_assert(thrift_get_i64(all, "grid[0][0]") == 9);
    thrift_set(all, "numbers", thrift_get_list(all, "ints"));
    ck_assert(!thrift_has(all, "numbers"));
    thrift_list_add(thrift_open_list(all, "ints"), 1);
    thrift_set(all, "numbers", thrift_get_list(all, "ints"));
    ASSERT_MISTAKE(all, THRIFT_E_TYPE, "list<i32> does not fit set<i32>");
    thrift_record_free(all);
}
END_TEST

START_TEST(misuse_is_a_mistake)
{
    thrift_record *all = sample_new("All");
    thrift_list *tags = thrift_open_list(all, "tags");
    const thrift_list *shared = thrift_get_list(all, "words");

    ck_assert_int_eq(thrift_list_add(NULL, 1), THRIFT_E_ARGUMENT);
    ck_assert_ptr_null(thrift_list_add_record(NULL));
    ck_assert_uint_eq(thrift_list_count(NULL), 0);
    ck_assert_int_eq(thrift_list_at(NULL, 0).kind, THRIFT_KIND_NONE);
    ck_assert_uint_eq(thrift_list_count(&list_shared_empty), 0);
    ck_assert_ptr_null(thrift_list_i32s(&list_shared_empty));
    /* What only a cast makes possible. */
    ck_assert_int_eq(thrift_list_add((thrift_list *)(uintptr_t)shared, "x"), THRIFT_E_STATE);
    ck_assert_uint_eq(thrift_list_count(shared), 2);
    ASSERT_GOOD(all);
    ck_assert_int_eq(thrift_list_add(tags, NULL), THRIFT_E_TYPE);
    ck_assert_ptr_null(thrift_list_add_record(tags));
    ck_assert_ptr_null(thrift_list_add_list(tags));
    ck_assert_ptr_null(thrift_list_add_map(tags));
    ck_assert_uint_eq(thrift_list_count(tags), 0);
    ASSERT_MISTAKE(all, THRIFT_E_TYPE, "nothing does not fit string");
    thrift_record_free(all);
}
END_TEST

START_TEST(reserve_and_remove)
{
    thrift_record *all = sample_new("All");
    thrift_list *ints = list_make(all->root, thrift_open_list(all, "ints")->type, 3);

    ck_assert_uint_eq(ints->capacity, 3);
    for (int i = 0; i < 4; i++) {
        thrift_list_add(ints, i);
    }
    list_remove(ints, 1);
    list_remove(ints, 2);
    ck_assert_uint_eq(ints->count, 2);
    ck_assert_int_eq(thrift_list_i32s(ints)[1], 2);
    ck_assert(!list_reserve(ints, UINT32_MAX));
    ck_assert_uint_eq(ints->count, 2);
    thrift_record_free(all);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, items_keep_their_order_while_growing);
    tcase_add_test(tests, arrays_only_of_their_own_width);
    tcase_add_test(tests, nested_objects_are_built_in_place);
    tcase_add_test(tests, copies_of_whole_lists);
    tcase_add_test(tests, misuse_is_a_mistake);
    tcase_add_test(tests, reserve_and_remove);
}

SUITE_MAIN("value/list")
