/*
 * Printing: what a person sees, to the letter.
 */
#include "sample.h"
#include "value/record.h"

static void assert_prints(const thrift_record *record, const char *expected)
{
    char text[4096] = "";
    FILE *to = fmemopen(text, sizeof text, "w");

    thrift_record_print(record, to);
    fclose(to);
    ck_assert_str_eq(text, expected);
}

START_TEST(every_kind)
{
    thrift_record *all = sample_new("All");

    thrift_set(all, "flag", true, "tiny", -1, "small", 2, "id", 3, "big", 4, "real", 0.1, "text",
               "a\"b\nc", "uid", "550E8400-E29B-41D4-A716-446655440000", "color", "RED");
    thrift_set(all, "raw", ((thrift_bytes){(const uint8_t *)"\xff\0", 2}), "tint", 99,
               "address.city", "Oslo", "counts{a}", 1, "counts{b}", 2, "choice.number", 5);
    thrift_list_add(thrift_open_list(all, "tags"), "x");
    thrift_list_add(thrift_open_list(all, "tags"), "y");
    thrift_open_list(all, "numbers");
    thrift_set(thrift_list_add_record(thrift_open_list(all, "homes")), "zip", 1);
    thrift_list_add_record(thrift_open_list(all, "homes"));
    thrift_set(all, "places{7}.city", "Graz");
    thrift_list_add(thrift_list_add_list(thrift_open_list(all, "grid")), 9);
    assert_prints(all, "All {\n"
                       "  flag: true\n"
                       "  tiny: -1\n"
                       "  small: 2\n"
                       "  id: 3\n"
                       "  big: 4\n"
                       "  real: 0.1\n"
                       "  text: \"a\\\"b\\x0ac\"\n"
                       "  raw: \"\\xff\\x00\"\n"
                       "  uid: 550e8400-e29b-41d4-a716-446655440000\n"
                       "  color: RED\n"
                       "  address: Address {\n"
                       "    city: \"Oslo\"\n"
                       "  }\n"
                       "  tags: [\"x\", \"y\"]\n"
                       "  numbers: []\n"
                       "  counts: {\"a\": 1, \"b\": 2}\n"
                       "  places: {\n"
                       "    7: Address {\n"
                       "      city: \"Graz\"\n"
                       "    }\n"
                       "  }\n"
                       "  homes: [\n"
                       "    Address {\n"
                       "      zip: 1\n"
                       "    }\n"
                       "    Address {\n"
                       "    }\n"
                       "  ]\n"
                       "  grid: [\n"
                       "    [9]\n"
                       "  ]\n"
                       "  choice: Choice {\n"
                       "    number: 5\n"
                       "  }\n"
                       "  tint: 99\n"
                       "}\n");
    thrift_record_free(all);
}
END_TEST

START_TEST(nothing_to_print)
{
    thrift_record *empty = sample_new("Empty");

    assert_prints(NULL, "");
    thrift_record_print(empty, NULL);
    assert_prints(empty, "Empty {}\n");
    thrift_record_free(empty);
}
END_TEST

/* The text grows with the value, not with its depth's square. */
START_TEST(deep_values_stay_narrow)
{
    const long depth = 3000, widest = 2 * 64 + 16;
    thrift_record *root = sample_new("Node"), *inner = root;
    FILE *to = tmpfile();

    ck_assert_ptr_nonnull(to);
    for (long i = 0; i < depth; i++) {
        inner = thrift_open_record(inner, "next");
        ck_assert_ptr_nonnull(inner);
    }
    thrift_record_print(root, to);
    ck_assert_int_gt(ftell(to), 64 * depth);
    ck_assert_int_lt(ftell(to), 2 * widest * depth);
    fclose(to);
    thrift_record_free(root);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, every_kind);
    tcase_add_test(tests, nothing_to_print);
    tcase_add_test(tests, deep_values_stay_narrow);
}

SUITE_MAIN("value/print")
