/*
 * Unknown fields: kept in order beside any number of records, copied along, gone with a reset.
 */
#include "value/unknown.h"

#include "sample.h"

static void keep(thrift_record *record, int16_t id, const char *text)
{
    struct unknown_field field = {id, 11, 1, {(const uint8_t *)text, strlen(text)}};

    ck_assert(unknown_keep(record, &field));
}

START_TEST(kept_in_order_and_copied)
{
    thrift_record *node = sample_new("Node");
    thrift_record *copy;
    int16_t id = 0;

    ck_assert_uint_eq(thrift_unknown_count(node), 0);
    keep(node, 9, "nine");
    keep(thrift_open_record(node, "next"), 7, "seven");
    keep(node, -3, "");
    copy = thrift_record_copy(node, NULL);
    thrift_record_free(node);
    ck_assert_uint_eq(thrift_unknown_count(copy), 2);
    ck_assert_mem_eq(thrift_unknown_at(copy, 0, &id).data, "nine", 4);
    ck_assert_int_eq(id, 9);
    ck_assert_uint_eq(thrift_unknown_at(copy, 1, &id).size, 0);
    ck_assert_int_eq(id, -3);
    ck_assert_ptr_null(thrift_unknown_at(copy, 2, &id).data);
    ck_assert_mem_eq(thrift_unknown_at(thrift_get_record(copy, "next"), 0, NULL).data, "seven", 5);
    thrift_record_reset(copy);
    ck_assert_uint_eq(thrift_unknown_count(copy), 0);
    ck_assert_uint_eq(thrift_unknown_count(NULL), 0);
    ck_assert_ptr_null(thrift_unknown_at(NULL, 0, NULL).data);
    thrift_record_free(copy);
}
END_TEST

START_TEST(many_records)
{
    thrift_record *node = sample_new("Node");
    thrift_list *kids = thrift_open_list(node, "kids");

    for (int16_t i = 0; i < 3000; i++) {
        thrift_record *kid = thrift_list_add_record(kids);

        for (int16_t n = 0; n < i % 4; n++) {
            keep(kid, n, "x");
        }
    }
    for (size_t i = 0; i < 3000; i++) {
        ck_assert_uint_eq(thrift_unknown_count(thrift_list_record(kids, i)), i % 4);
    }
    thrift_record_free(node);
}
END_TEST

START_TEST(no_memory_leaves_what_was_there)
{
    for (size_t k = 1; k < 6; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_schema *schema = sample_load(sample_text, &allocator);
        thrift_record *node = thrift_record_new(schema, "Node", NULL);
        static char big[5000];
        struct unknown_field field = {1, 11, 1, {(const uint8_t *)big, sizeof big}};
        size_t kept = 0;

        memory.fail_at = memory.count + k;
        memory.fail_onward = true;
        while (kept < 100 && unknown_keep(node, &field)) {
            kept++;
        }
        ck_assert_uint_lt(kept, 100);
        ck_assert_uint_eq(thrift_unknown_count(node), kept);
        thrift_record_free(node);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, kept_in_order_and_copied);
    tcase_add_test(tests, many_records);
    tcase_add_test(tests, no_memory_leaves_what_was_there);
}

SUITE_MAIN("value/unknown")
