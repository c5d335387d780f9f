/*
 * Roots: on the caller's memory, recycled without allocating, the first mistake.
 */
#include "value/root.h"

#include "sample.h"
#include "value/record.h"

START_TEST(warm_root_allocates_nothing)
{
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    thrift_schema *schema = sample_load(sample_text, &allocator);
    thrift_record *all = thrift_record_new(schema, "All", NULL);
    size_t warm = 0;

    for (int round = 0; round < 5; round++) {
        sample_fill(all);
        ASSERT_GOOD(all);
        thrift_record_reset(all);
        ck_assert(!thrift_has(all, "id"));
        ck_assert(round < 2 || memory.count == warm);
        warm = memory.count;
    }
    thrift_record_free(all);
    thrift_schema_unref(schema);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(small_record_is_one_allocation)
{
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    thrift_schema *schema = sample_load(sample_text, &allocator);
    thrift_record *address = thrift_record_new(schema, "Address", NULL), *second;
    size_t before = memory.count;

    second = thrift_record_new(schema, "Address", NULL);
    thrift_set(second, "city", "Oslo", "zip", 7);
    ck_assert_uint_eq(memory.count, before + 1);
    thrift_record_free(address);
    thrift_record_free(second);
    thrift_schema_unref(schema);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(embedded_root_owns_records)
{
    thrift_schema *schema = sample_schema(), *other = sample_schema();
    const struct layout *layout = layout_of(schema, thrift_schema_struct(schema, "Address"), NULL);
    struct thrift_root root;
    thrift_record *record;

    root_init(&root, schema);
    thrift_schema_unref(schema);
    for (int round = 0; round < 3; round++) {
        record = record_make(&root, layout);
        thrift_set(record, "city", "Oslo");
        ck_assert_int_eq(thrift_check(record, NULL), THRIFT_OK);
        thrift_record_free(record);
        ck_assert_int_eq(thrift_check(record, NULL), THRIFT_E_STATE);
        root_reset(&root, 4096);
    }
    root_use_schema(&root, other);
    root_use_schema(&root, other);
    thrift_schema_unref(other);
    root_deinit(&root);
}
END_TEST

START_TEST(budget_is_a_limit)
{
    thrift_record *all = sample_new("All");

    all->root->arena.budget = 100000;
    for (int i = 0; i < 100000; i++) {
        thrift_list_add(thrift_open_list(all, "tags"), "some text");
    }
    ASSERT_MISTAKE(all, THRIFT_E_LIMIT, "more than 100000 bytes");
    thrift_record_reset(all);
    ck_assert(all->root->arena.budget == SIZE_MAX);
    thrift_record_free(all);
}
END_TEST

START_TEST(first_mistake_is_kept)
{
    thrift_schema *schema = sample_schema();
    struct thrift_root root;
    thrift_error err = THRIFT_ERROR_INIT;

    root_init(&root, schema);
    ck_assert_int_eq(root_status(&root), THRIFT_OK);
    ck_assert_int_eq(root_first_mistake(&root, &err), THRIFT_OK);
    ck_assert_int_eq(root_mistake(&root, THRIFT_E_NAME, "a.b", "first %d", 1), THRIFT_E_NAME);
    ck_assert_int_eq(root_mistake(&root, THRIFT_E_TYPE, NULL, "second"), THRIFT_E_NAME);
    ck_assert_int_eq(root_first_mistake(&root, &err), THRIFT_E_NAME);
    ck_assert_str_eq(err.message, "first 1");
    ck_assert_str_eq(err.source, "a.b");
    ck_assert_int_eq(root_mistake(NULL, THRIFT_E_TYPE, NULL, "nobody's"), THRIFT_E_TYPE);
    root_deinit(&root);
    root_free(NULL);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, warm_root_allocates_nothing);
    tcase_add_test(tests, small_record_is_one_allocation);
    tcase_add_test(tests, embedded_root_owns_records);
    tcase_add_test(tests, budget_is_a_limit);
    tcase_add_test(tests, first_mistake_is_kept);
}

SUITE_MAIN("value/root")
