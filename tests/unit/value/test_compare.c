/*
 * Equality, order and hash: what means the same is equal, whatever its order; no memory.
 *
 * Covers also: canonical.c, object.c.
 */
#include "value/compare.h"

#include <math.h>

#include "sample.h"
#include "value/canonical.h"
#include "value/record.h"

static void set_numbers(thrift_record *all, const char *digits)
{
    for (; *digits != '\0'; digits++) {
        thrift_list_add(thrift_open_list(all, "numbers"), *digits - '0');
    }
}

static void set_sets(thrift_record *all, const char *digits)
{
    thrift_list *inner = NULL;

    for (; *digits != '\0'; digits++) {
        if (inner == NULL || *digits == '/') {
            inner = thrift_list_add_list(thrift_open_list(all, "sets"));
        }
        if (*digits != '/') {
            thrift_list_add(inner, *digits - '0');
        }
    }
}

static void set_ints(thrift_record *all, const char *digits)
{
    for (; *digits != '\0'; digits++) {
        thrift_list_add(thrift_open_list(all, "ints"), *digits - '0');
    }
}

static void set_counts(thrift_record *all, const char *pairs)
{
    for (; pairs[0] != '\0'; pairs += 2) {
        char key[2] = {pairs[0], '\0'};

        thrift_map_put(thrift_open_map(all, "counts"), key, pairs[1] - '0');
    }
}

static void set_double(thrift_record *all, const char *text)
{
    thrift_set(all, "real",
               strcmp(text, "nan") == 0  ? (double)NAN
               : strcmp(text, "-0") == 0 ? -0.0
                                         : text[0] - '0');
}

static void set_text(thrift_record *all, const char *text) { thrift_set(all, "text", text); }

static const struct {
    const char *name;
    void (*set)(thrift_record *all, const char *text);
    const char *a, *b;
    int order; /* of a to b */
} pairs[] = {
    {"sets without order", set_numbers, "1234", "4321", 0},
    {"sets without duplicates", set_numbers, "11234", "4321", 0},
    {"sets that differ", set_numbers, "1234", "4325", -1},
    {"set of fewer", set_numbers, "123", "1234", -1},
    {"sets of sets", set_sets, "12/34", "43/21", 0},
    {"sets of sets that differ", set_sets, "12/34", "43/22", -1},
    {"empty inner sets", set_sets, "1/", "1", -1},
    {"lists with order", set_ints, "12", "21", -1},
    {"list that goes on", set_ints, "12", "123", -1},
    {"maps without order", set_counts, "a1b2", "b2a1", 0},
    {"maps of other values", set_counts, "a1b2", "b1a2", -1},
    {"maps of other keys", set_counts, "a1", "b1", -1},
    {"NaN is itself", set_double, "nan", "nan", 0},
    {"zeros differ", set_double, "-0", "0", -1},
    {"text", set_text, "a", "b", -1},
    {"text that goes on", set_text, "a", "aa", -1},
    {"default is as unset", set_text, "", NULL, 0},
    {"bytes above ASCII", set_text, "z", "\xc3\xa4", -1},
};

START_TEST(values_compare)
{
    thrift_record *a = sample_new("All");
    thrift_record *b = thrift_record_new(a->layout->all->schema, "All", NULL);
    int order;

    pairs[_i].set(a, pairs[_i].a);
    pairs[_i].set(b, pairs[_i].b);
    order = thrift_record_compare(a, b);
    ck_assert_msg((order > 0) - (order < 0) == pairs[_i].order, "%s: %d", pairs[_i].name, order);
    order = thrift_record_compare(b, a);
    ck_assert_msg((order > 0) - (order < 0) == -pairs[_i].order, "%s turned", pairs[_i].name);
    ck_assert(thrift_record_equal(a, b) == (pairs[_i].order == 0));
    ck_assert((thrift_record_hash(a) == thrift_record_hash(b)) == (pairs[_i].order == 0));
    ASSERT_GOOD(a);
    thrift_record_free(a);
    thrift_record_free(b);
}
END_TEST

START_TEST(presence_counts_where_it_is_written)
{
    thrift_record *a = sample_new("All");
    thrift_record *b = thrift_record_new(a->layout->all->schema, "All", NULL);

    thrift_set(a, "limit", 42, "id", 0, "text", "");
    thrift_open_list(a, "tags");
    ck_assert(thrift_record_equal(a, b));
    thrift_set(a, "note", "none");
    ck_assert(!thrift_record_equal(a, b));
    thrift_set(b, "note", "none");
    ck_assert(thrift_record_equal(a, b));
    thrift_open_record(a, "address");
    ck_assert(!thrift_record_equal(a, b));
    thrift_record_free(a);
    thrift_record_free(b);
}
END_TEST

START_TEST(types_come_first)
{
    thrift_record *address = sample_new("Address");
    thrift_record *node = thrift_record_new(address->layout->all->schema, "Node", NULL);

    ck_assert_int_lt(thrift_record_compare(address, node), 0);
    ck_assert_int_gt(thrift_record_compare(node, address), 0);
    ck_assert_int_gt(thrift_record_compare(node, NULL), 0);
    ck_assert(thrift_record_equal(NULL, NULL));
    ck_assert(!thrift_record_equal(NULL, node));
    ck_assert_uint_eq(thrift_record_hash(NULL), 0);
    thrift_record_free(address);
    thrift_record_free(node);
}
END_TEST

START_TEST(numbers_order_as_their_canonical_bytes)
{
    static const double numbers[] = {-HUGE_VAL, -1e300, -1.5, -5e-324, -0.0,    0.0,
                                     5e-324,    0.5,    1,    1e300,   HUGE_VAL};
    static const thrift_type type = {.kind = THRIFT_KIND_DOUBLE};

    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        for (size_t j = 0; j < COUNT_OF(numbers); j++) {
            thrift_buffer a = THRIFT_BUFFER_INIT, b = THRIFT_BUFFER_INIT;
            int order = 99, bytes;

            ck_assert(canonical_write(&type, &numbers[i], &a));
            ck_assert(canonical_write(&type, &numbers[j], &b));
            compare_slots(&type, &numbers[i], &numbers[j], NULL, &order);
            bytes = memcmp(a.data, b.data, 8);
            ck_assert_int_eq((order > 0) - (order < 0), (i > j) - (i < j));
            ck_assert_int_eq((bytes > 0) - (bytes < 0), (i > j) - (i < j));
            thrift_buffer_deinit(&a);
            thrift_buffer_deinit(&b);
        }
    }
}
END_TEST

START_TEST(no_memory_is_a_mistake)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_schema *schema = sample_load(sample_text, &allocator);
        thrift_record *a = thrift_record_new(schema, "All", NULL);
        thrift_record *b = thrift_record_new(schema, "All", NULL);
        bool equal, enough;

        set_sets(a, "12/34/567");
        set_sets(b, "43/21/675");
        memory.fail_at = memory.count + k;
        equal = thrift_record_equal(a, b);
        thrift_record_hash(a);
        enough = memory.count < memory.fail_at;
        memory.fail_at = 0;
        ck_assert_int_eq(thrift_check(a, NULL), enough ? THRIFT_OK : THRIFT_E_NOMEM);
        ck_assert(equal || !enough);
        thrift_record_free(a);
        thrift_record_free(b);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (enough) {
            ck_assert_uint_gt(k, 2);
            return;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, values_compare, 0, COUNT_OF(pairs));
    tcase_add_test(tests, presence_counts_where_it_is_written);
    tcase_add_test(tests, types_come_first);
    tcase_add_test(tests, numbers_order_as_their_canonical_bytes);
    tcase_add_test(tests, no_memory_is_a_mistake);
}

SUITE_MAIN("value/compare")
