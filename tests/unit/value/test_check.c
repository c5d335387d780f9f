/*
 * Checking: required fields, unions, enums, each with its path; mistakes first.
 */
#include "sample.h"
#include "value/record.h"

static void nothing(thrift_record *holder) { thrift_set(holder, "choice.number", 1); }

static void no_choice(thrift_record *holder) { (void)holder; }

static void empty_choice(thrift_record *holder) { thrift_open_record(holder, "choice"); }

static void strict(thrift_record *holder)
{
    nothing(holder);
    thrift_set(holder, "strict.id", 1);
}

static void strict_without_id(thrift_record *holder)
{
    nothing(holder);
    thrift_open_record(holder, "strict");
}

static void in_list(thrift_record *holder)
{
    strict(holder);
    for (int i = 0; i < 3; i++) {
        thrift_set(thrift_list_add_record(thrift_open_list(holder, "many")), "id", i);
    }
    thrift_open_record(holder, "many[2].more");
}

static void in_map(thrift_record *holder)
{
    strict(holder);
    thrift_map_put_record(thrift_open_map(holder, "named"), THRIFT_VALUE("a\"b"));
}

static void mistaken(thrift_record *holder) { thrift_get_i32(holder, "nothing"); }

static const struct {
    void (*make)(thrift_record *holder);
    thrift_status status;
    const char *path;
} cases[] = {
    {strict, THRIFT_OK, ""},
    {no_choice, THRIFT_E_REQUIRED, "choice"},
    {empty_choice, THRIFT_E_REQUIRED, "strict.id"},
    {nothing, THRIFT_E_REQUIRED, "strict.id"}, /* would be written empty */
    {strict_without_id, THRIFT_E_REQUIRED, "strict.id"},
    {in_list, THRIFT_E_REQUIRED, "many[2].more.id"},
    {in_map, THRIFT_E_REQUIRED, "named{\"a\\\"b\"}.id"},
    {mistaken, THRIFT_E_NAME, "nothing"},
};

START_TEST(finding_has_its_path)
{
    thrift_record *holder = sample_new("Holder");
    thrift_error err = THRIFT_ERROR_INIT;

    cases[_i].make(holder);
    ck_assert_int_eq(thrift_check(holder, &err), cases[_i].status);
    ck_assert_int_eq(err.code, cases[_i].status);
    ck_assert_str_eq(err.source, cases[_i].path);
    thrift_record_free(holder);
}
END_TEST

START_TEST(unknown_symbols_are_found)
{
    thrift_record *all = sample_new("All");
    thrift_error err = THRIFT_ERROR_INIT;

    thrift_set(all, "color", 77);
    ck_assert_int_eq(thrift_check(all, &err), THRIFT_E_RANGE);
    ck_assert_str_eq(err.source, "color");
    ck_assert_str_eq(err.message, "77 is no symbol of Color");
    ck_assert_int_eq(thrift_get_i32(all, "color"), 77);
    ck_assert_ptr_null(thrift_get_string(all, "color"));
    thrift_set(all, "color", "RED");
    ASSERT_GOOD(all);
    thrift_list_add(thrift_open_list(all, "by_color{77}"), "x");
    ck_assert_int_eq(thrift_check(all, &err), THRIFT_E_RANGE);
    ck_assert_str_eq(err.source, "by_color{77}");
    thrift_record_free(all);
}
END_TEST

START_TEST(empty_unions_are_left_out_where_they_may)
{
    thrift_record *all = sample_new("All");
    thrift_record *holder = sample_new("Holder");
    thrift_error err = THRIFT_ERROR_INIT;

    thrift_open_record(all, "choice");
    ASSERT_GOOD(all);
    thrift_set(holder, "strict.id", 1);
    thrift_open_record(holder, "choice");
    ck_assert_int_eq(thrift_check(holder, &err), THRIFT_E_CORRUPT);
    ck_assert_str_eq(err.source, "choice");
    thrift_record_free(all);
    thrift_record_free(holder);
}
END_TEST

START_TEST(null_is_no_record) { ck_assert_int_eq(thrift_check(NULL, NULL), THRIFT_E_ARGUMENT); }
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, finding_has_its_path, 0, COUNT_OF(cases));
    tcase_add_test(tests, unknown_symbols_are_found);
    tcase_add_test(tests, empty_unions_are_left_out_where_they_may);
    tcase_add_test(tests, null_is_no_record);
}

SUITE_MAIN("value/check")
