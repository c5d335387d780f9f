/*
 * Error values: what a failure writes, places, paths, printing, and texts that do not fit.
 */
#include "base/error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

START_TEST(failure_writes_the_whole_value)
{
    thrift_error err = {THRIFT_E_IO, 5, 6, 7, 8, 9, 10, "old", "old"};

    ck_assert_int_eq(FAIL(&err, THRIFT_E_LIMIT, "%d bytes", 17), THRIFT_E_LIMIT);
    ck_assert_int_eq(err.code, THRIFT_E_LIMIT);
    ck_assert_str_eq(err.message, "17 bytes");
    ck_assert_str_eq(err.source, "");
    ck_assert_int_eq(err.sys_errno, 0);
    ck_assert_uint_eq(err.line + err.column + err.more + err.offset, 0);
}
END_TEST

START_TEST(null_is_allowed_everywhere)
{
    ck_assert_int_eq(FAIL(NULL, THRIFT_E_TYPE, "x"), THRIFT_E_TYPE);
    ck_assert_int_eq(FAIL_NOMEM(NULL), THRIFT_E_NOMEM);
    ck_assert_int_eq(error_set_errno(NULL, THRIFT_E_IO, ENOENT, "x"), THRIFT_E_IO);
    error_set_source(NULL, "x");
    error_set_place(NULL, "x", 1, 1);
    error_prepend_path(NULL, "x");
    thrift_error_clear(NULL);
    thrift_error_print(NULL, stderr);
}
END_TEST

START_TEST(a_failure_may_quote_the_one_before)
{
    thrift_error err = THRIFT_ERROR_INIT;

    FAIL(&err, THRIFT_E_IO, "inner");
    error_set_source(&err, "here");
    FAIL(&err, THRIFT_E_STATE, "%s: outer: %s", err.source, err.message);
    ck_assert_str_eq(err.message, "here: outer: inner");
}
END_TEST

START_TEST(messages_are_one_printable_line_that_fits)
{
    thrift_error err = THRIFT_ERROR_INIT;
    char longer[2 * THRIFT_ERROR_MESSAGE_SIZE];

    FAIL(&err, THRIFT_E_CORRUPT, "a\nb\x1b[31mc\x7f");
    ck_assert_str_eq(err.message, "a?b?[31mc?");
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    FAIL(&err, THRIFT_E_CORRUPT, "%s", longer);
    ck_assert_uint_eq(strlen(err.message), THRIFT_ERROR_MESSAGE_SIZE - 1);
}
END_TEST

START_TEST(system_failures_keep_number_and_text)
{
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(error_set_errno(&err, THRIFT_E_IO, ENOENT, "%s", "a.thrift"), THRIFT_E_IO);
    ck_assert_int_eq(err.sys_errno, ENOENT);
    ck_assert_str_eq(err.message, "a.thrift: No such file or directory");
}
END_TEST

START_TEST(long_sources_keep_their_end)
{
    thrift_error err = THRIFT_ERROR_INIT;
    char path[400];

    memset(path, 'd', sizeof path);
    strcpy(path + sizeof path - 10, "/x.thrift");
    error_set_place(&err, path, 3, 4);
    ck_assert_uint_eq(strlen(err.source), THRIFT_ERROR_SOURCE_SIZE - 1);
    ck_assert_mem_eq(err.source, "...ddd", 6);
    ck_assert_str_eq(err.source + THRIFT_ERROR_SOURCE_SIZE - 10, "/x.thrift");
    ck_assert_uint_eq(err.line, 3);
    ck_assert_uint_eq(err.column, 4);
}
END_TEST

START_TEST(a_cut_source_never_begins_inside_a_character)
{
    thrift_error err = THRIFT_ERROR_INIT;

    for (size_t pad = 0; pad < 3; pad++) {
        char path[400] = "";

        for (size_t i = 0; i < 60; i++) {
            strcat(path, "\xe2\x82\xac"); /* the euro sign */
        }
        strcat(path, &"xx"[2 - pad]);
        error_set_source(&err, path);
        ck_assert_mem_eq(err.source, "...\xe2", 4);
    }
}
END_TEST

static const struct {
    const char *inner, *outer, *joined;
} path_cases[] = {
    {"email", "User", "User.email"},
    {"[3].email", "users", "users[3].email"},
    {"{\"a\"}", "counts", "counts{\"a\"}"},
    {"", "args", "args"},
};

START_TEST(paths_grow_at_the_front)
{
    thrift_error err = THRIFT_ERROR_INIT;

    error_set_source(&err, path_cases[_i].inner);
    error_prepend_path(&err, path_cases[_i].outer);
    ck_assert_str_eq(err.source, path_cases[_i].joined);
}
END_TEST

START_TEST(long_paths_keep_the_innermost_name)
{
    thrift_error err = THRIFT_ERROR_INIT;
    char outer[1000];

    memset(outer, 'o', sizeof outer - 1);
    outer[sizeof outer - 1] = '\0';
    error_set_source(&err, "email");
    error_prepend_path(&err, outer);
    ck_assert_str_eq(err.source + strlen(err.source) - 8, "oo.email");
}
END_TEST

static const struct {
    thrift_error err;
    const char *text;
} print_cases[] = {
    {THRIFT_ERROR_INIT, ""},
    {{THRIFT_E_IO, 0, 0, 0, 0, 0, 0, "", "m"}, "error: m\n"},
    {{THRIFT_E_IO, 0, 0, 0, 0, 0, 0, "a.b", "m"}, "a.b: error: m\n"},
    {{THRIFT_E_IO, 0, 3, 14, 0, 0, 0, "a.thrift", "m"}, "a.thrift:3:14: error: m\n"},
    {{THRIFT_E_IO, 0, 3, 14, 0, 2, 0, "a.thrift", "m"}, "a.thrift:3:14: error: m\nand 2 more\n"},
};

START_TEST(prints_as_compilers_do)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);

    ck_assert_ptr_nonnull(to);
    thrift_error_print(&print_cases[_i].err, to);
    fclose(to);
    ck_assert_str_eq(text, print_cases[_i].text);
    free(text);
}
END_TEST

START_TEST(every_status_has_a_name_and_a_text)
{
    for (int i = THRIFT_OK; i <= THRIFT_E_APPLICATION; i++) {
        ck_assert_str_ne(thrift_status_name((thrift_status)i), "E_UNKNOWN");
        ck_assert_uint_gt(strlen(thrift_status_text((thrift_status)i)), 3);
    }
    ck_assert_str_eq(thrift_status_name(THRIFT_E_SYNTAX), "E_SYNTAX");
    ck_assert_str_eq(thrift_status_name((thrift_status)1000), "E_UNKNOWN");
    ck_assert_str_eq(thrift_status_text((thrift_status)1000), "unknown status");
    ck_assert_uint_le(sizeof(thrift_error), 1024);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, failure_writes_the_whole_value);
    tcase_add_test(tests, null_is_allowed_everywhere);
    tcase_add_test(tests, a_failure_may_quote_the_one_before);
    tcase_add_test(tests, messages_are_one_printable_line_that_fits);
    tcase_add_test(tests, system_failures_keep_number_and_text);
    tcase_add_test(tests, long_sources_keep_their_end);
    tcase_add_test(tests, a_cut_source_never_begins_inside_a_character);
    tcase_add_loop_test(tests, paths_grow_at_the_front, 0, (int)COUNT_OF(path_cases));
    tcase_add_test(tests, long_paths_keep_the_innermost_name);
    tcase_add_loop_test(tests, prints_as_compilers_do, 0, (int)COUNT_OF(print_cases));
    tcase_add_test(tests, every_status_has_a_name_and_a_text);
}

SUITE_MAIN("base/error")
