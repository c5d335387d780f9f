/*
 * Validating: every rule kept and broken, on values, items, keys and values of maps, nested
 * structs; where it was; rules that there are not.
 *
 * Covers also: rule.c.
 */
#include "value/validate.h"

#include "allocator.h"
#include "suite.h"

static const char definition[] =
    "enum Color { RED = 1, GREEN = 2 }\n"
    "struct Inner { 1: optional i32 n (vt.gt = '0') }\n"
    "struct V {\n"
    " 1: optional i32 over (vt.gt = '3'), 2: optional i64 most (vt.le = '-5'),\n"
    " 3: optional double part (vt.ge = '0', vt.lt = '1.5'), 4: optional i8 same (vt.const = '7'),\n"
    " 5: optional i16 of (vt.in = '1', vt.in = '3'), 6: optional i16 none (vt.not_in = '4'),\n"
    " 7: optional string email (vt.contains = '@', vt.min_size = '3', vt.max_size = '5'),\n"
    " 8: optional string ends (vt.prefix = 'a', vt.suffix = 'z', vt.not_contains = 'm'),\n"
    " 9: optional bool yes (vt.const = 'true'), 10: optional Color color (vt.defined_only = "
    "'true'),\n"
    " 11: optional Color red (vt.const = 'Color.RED'),\n"
    " 12: optional list<i32> items (vt.max_size = '2', vt.elem.gt = '0'),\n"
    " 13: optional map<string, i32> sums (vt.key.min_size = '1', vt.value.lt = '9'),\n"
    " 14: optional list<Inner> inners, 15: optional Inner skipped (vt.skip = 'true'),\n"
    " 16: optional list<list<i32>> table (vt.elem.elem.le = '9', vt.elem.min_size = '1'),\n"
    " 17: optional string word (vt.in = 'on', vt.in = 'off'), 18: optional i32 odd (vt.pattern = "
    "'x'),\n"
    " 19: optional i32 misfit (vt.prefix = 'x'), 20: optional i32 number (vt.gt = 'seven'),\n"
    " 21: i32 zero (vt.ge = '0'), 22: optional binary raw (vt.max_size = '1') }\n"
    "struct N { 1: optional i32 there (vt.not_nil = 'true') }\n";

static const struct {
    const char *path;
    thrift_kind kind; /* of what is set */
    int64_t integer;
    double real;
    const char *text;
    thrift_status status;
} cases[] = {
    {"over", THRIFT_KIND_I64, 4, 0, NULL, THRIFT_OK},
    {"over", THRIFT_KIND_I64, 3, 0, NULL, THRIFT_E_RANGE},
    {"most", THRIFT_KIND_I64, -5, 0, NULL, THRIFT_OK},
    {"most", THRIFT_KIND_I64, -4, 0, NULL, THRIFT_E_RANGE},
    {"part", THRIFT_KIND_DOUBLE, 0, 0, NULL, THRIFT_OK},
    {"part", THRIFT_KIND_DOUBLE, 0, 1.5, NULL, THRIFT_E_RANGE},
    {"part", THRIFT_KIND_DOUBLE, 0, -0.25, NULL, THRIFT_E_RANGE},
    {"same", THRIFT_KIND_I64, 7, 0, NULL, THRIFT_OK},
    {"same", THRIFT_KIND_I64, -7, 0, NULL, THRIFT_E_RANGE},
    {"of", THRIFT_KIND_I64, 3, 0, NULL, THRIFT_OK},
    {"of", THRIFT_KIND_I64, 2, 0, NULL, THRIFT_E_RANGE},
    {"none", THRIFT_KIND_I64, 3, 0, NULL, THRIFT_OK},
    {"none", THRIFT_KIND_I64, 4, 0, NULL, THRIFT_E_RANGE},
    {"email", THRIFT_KIND_STRING, 0, 0, "a@b", THRIFT_OK},
    {"email", THRIFT_KIND_STRING, 0, 0, "abc", THRIFT_E_RANGE},
    {"email", THRIFT_KIND_STRING, 0, 0, "a@", THRIFT_E_RANGE},
    {"email", THRIFT_KIND_STRING, 0, 0, "a@bcde", THRIFT_E_RANGE},
    {"ends", THRIFT_KIND_STRING, 0, 0, "a-z", THRIFT_OK},
    {"ends", THRIFT_KIND_STRING, 0, 0, "b-z", THRIFT_E_RANGE},
    {"ends", THRIFT_KIND_STRING, 0, 0, "a-y", THRIFT_E_RANGE},
    {"ends", THRIFT_KIND_STRING, 0, 0, "amz", THRIFT_E_RANGE},
    {"yes", THRIFT_KIND_BOOL, 1, 0, NULL, THRIFT_OK},
    {"yes", THRIFT_KIND_BOOL, 0, 0, NULL, THRIFT_E_RANGE},
    {"color", THRIFT_KIND_I64, 2, 0, NULL, THRIFT_OK},
    {"color", THRIFT_KIND_I64, 3, 0, NULL, THRIFT_E_RANGE},
    {"red", THRIFT_KIND_I64, 1, 0, NULL, THRIFT_OK},
    {"red", THRIFT_KIND_I64, 2, 0, NULL, THRIFT_E_RANGE},
    {"items[0]", THRIFT_KIND_I64, 1, 0, NULL, THRIFT_OK},
    {"items[0]", THRIFT_KIND_I64, 0, 0, NULL, THRIFT_E_RANGE},
    {"sums{\"k\"}", THRIFT_KIND_I64, 8, 0, NULL, THRIFT_OK},
    {"sums{\"k\"}", THRIFT_KIND_I64, 9, 0, NULL, THRIFT_E_RANGE},
    {"sums{\"\"}", THRIFT_KIND_I64, 8, 0, NULL, THRIFT_E_RANGE},
    {"inners[0].n", THRIFT_KIND_I64, 1, 0, NULL, THRIFT_OK},
    {"inners[0].n", THRIFT_KIND_I64, 0, 0, NULL, THRIFT_E_RANGE},
    {"skipped.n", THRIFT_KIND_I64, 0, 0, NULL, THRIFT_OK},
    {"table[0][0]", THRIFT_KIND_I64, 9, 0, NULL, THRIFT_OK},
    {"table[0][0]", THRIFT_KIND_I64, 10, 0, NULL, THRIFT_E_RANGE},
    {"word", THRIFT_KIND_STRING, 0, 0, "off", THRIFT_OK},
    {"word", THRIFT_KIND_STRING, 0, 0, "of", THRIFT_E_RANGE},
    {"odd", THRIFT_KIND_I64, 1, 0, NULL, THRIFT_E_ARGUMENT},
    {"misfit", THRIFT_KIND_I64, 1, 0, NULL, THRIFT_E_ARGUMENT},
    {"number", THRIFT_KIND_I64, 1, 0, NULL, THRIFT_E_ARGUMENT},
    {"zero", THRIFT_KIND_I64, -1, 0, NULL, THRIFT_E_RANGE},
    {"raw", THRIFT_KIND_STRING, 0, 0, "ab", THRIFT_E_RANGE},
};

static thrift_schema *load(const thrift_allocator *allocator)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("test.thrift", definition,
                                             THRIFT_LOAD_OPTIONS(.allocator = allocator), &err);

    ck_assert_msg(schema != NULL, "%u: %s", err.line, err.message);
    return schema;
}

static thrift_value value_of(int i)
{
    return cases[i].kind == THRIFT_KIND_STRING   ? thrift_value_string(cases[i].text)
           : cases[i].kind == THRIFT_KIND_DOUBLE ? thrift_value_real(cases[i].real)
           : cases[i].kind == THRIFT_KIND_BOOL   ? thrift_value_bool(cases[i].integer != 0)
                                                 : thrift_value_integer(cases[i].integer);
}

/* What a path leads into must be there: an item to be changed. */
static void make_room(thrift_record *record)
{
    thrift_list_add(thrift_open_list(record, "items"), 5);
    thrift_list_add_record(thrift_open_list(record, "inners"));
    thrift_list_add(thrift_list_add_list(thrift_open_list(record, "table")), 1);
}

START_TEST(each_rule)
{
    thrift_schema *schema = load(NULL);
    thrift_record *record = thrift_record_new(schema, "V", NULL);
    thrift_error err = THRIFT_ERROR_INIT;

    make_room(record);
    ck_assert_int_eq(validate_record(record, &err), THRIFT_OK);
    ck_assert_int_eq(thrift_set(record, cases[_i].path, value_of(_i)), THRIFT_OK);
    ck_assert_msg(validate_record(record, &err) == cases[_i].status, "%s: %s: %s", cases[_i].path,
                  thrift_status_name(err.code), err.message);
    ck_assert_str_eq(err.source, cases[_i].status == THRIFT_OK ? "" : cases[_i].path);
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(sizes_count_what_is_there)
{
    thrift_schema *schema = load(NULL);
    thrift_record *record = thrift_record_new(schema, "V", NULL);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_list *items = thrift_open_list(record, "items");

    for (int i = 1; i <= 3; i++) {
        thrift_list_add(items, i);
        ck_assert_int_eq(validate_record(record, &err), i <= 2 ? THRIFT_OK : THRIFT_E_RANGE);
    }
    ck_assert_str_eq(err.source, "items");
    thrift_record_free(record);
    record = thrift_record_new(schema, "V", NULL);
    thrift_error_clear(&err);
    thrift_list_add_list(thrift_open_list(record, "table"));
    ck_assert_int_eq(validate_record(record, &err), THRIFT_E_RANGE);
    ck_assert_str_eq(err.source, "table[0]");
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(absent_and_not_nil)
{
    thrift_schema *schema = load(NULL);
    thrift_record *record = thrift_record_new(schema, "N", NULL);
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(validate_record(record, &err), THRIFT_E_REQUIRED);
    ck_assert_str_eq(err.source, "there");
    ck_assert_int_eq(thrift_set(record, "there", 0), THRIFT_OK);
    ck_assert_int_eq(validate_record(record, NULL), THRIFT_OK);
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, each_rule, 0, (int)COUNT_OF(cases));
    tcase_add_test(tests, sizes_count_what_is_there);
    tcase_add_test(tests, absent_and_not_nil);
}

SUITE_MAIN("value/validate")
