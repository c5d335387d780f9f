/*
 * Reading whole files: contents, limits, and everything that is not a regular file.
 */
#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"

static char directory[] = "/tmp/rethrift-file-XXXXXX";
static char path[sizeof directory + 8];

static void enter(void)
{
    strcpy(directory + sizeof directory - 7, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    (void)snprintf(path, sizeof path, "%s/file", directory);
}

static void leave(void)
{
    (void)unlink(path);
    (void)rmdir(directory);
}

static void write_file(size_t size)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    for (size_t i = 0; i < size; i++) {
        fputc((int)('a' + i % 26), file);
    }
    ck_assert_int_eq(fclose(file), 0);
}

static const size_t sizes[] = {0, 1, 4095, 4096, 4097, 100000};

START_TEST(reads_all_of_it)
{
    char *text = NULL;
    size_t size = 99;

    write_file(sizes[_i]);
    ck_assert_int_eq(file_read(path, sizes[_i], &text, &size, NULL), THRIFT_OK);
    ck_assert_uint_eq(size, sizes[_i]);
    ck_assert_int_eq(text[size], '\0');
    for (size_t i = 0; i < size; i++) {
        ck_assert_int_eq(text[i], (char)('a' + i % 26));
    }
    file_release(text);
}
END_TEST

START_TEST(one_byte_over_the_limit_is_too_much)
{
    char *text = path;
    size_t size = 99;
    thrift_error err = THRIFT_ERROR_INIT;

    write_file(101);
    ck_assert_int_eq(file_read(path, 100, &text, &size, &err), THRIFT_E_LIMIT);
    ck_assert_int_eq(err.code, THRIFT_E_LIMIT);
    ck_assert_ptr_eq(text, path);
    ck_assert_uint_eq(size, 99);
}
END_TEST

START_TEST(a_size_that_the_system_does_not_know_is_read_to_the_end)
{
    char *text = NULL;
    size_t size = 0;

    ck_assert_int_eq(file_read("/proc/self/maps", 1 << 24, &text, &size, NULL), THRIFT_OK);
    ck_assert_uint_gt(size, 100);
    ck_assert_int_eq(text[size - 1], '\n');
    file_release(text);
    ck_assert_int_eq(file_read("/proc/self/maps", 100, &text, &size, NULL), THRIFT_E_LIMIT);
}
END_TEST

START_TEST(what_is_not_there_is_named)
{
    char *text = NULL;
    size_t size = 0;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(file_read("/nowhere/a.thrift", 100, &text, &size, &err), THRIFT_E_IO);
    ck_assert_int_eq(err.sys_errno, ENOENT);
    ck_assert_ptr_nonnull(strstr(err.message, "/nowhere/a.thrift"));
}
END_TEST

START_TEST(only_regular_files_are_read)
{
    char *text = NULL;
    size_t size = 0;

    ck_assert_int_eq(file_read(directory, 100, &text, &size, NULL), THRIFT_E_IO);
    ck_assert_int_eq(file_read("/dev/null", 100, &text, &size, NULL), THRIFT_E_IO);
    ck_assert_int_eq(mkfifo(path, 0600), 0); /* and a pipe without a writer does not block */
    ck_assert_int_eq(file_read(path, 100, &text, &size, NULL), THRIFT_E_IO);
    ck_assert_ptr_null(text);
}
END_TEST

START_TEST(bytes_as_text)
{
    char *text = file_text("abc", 3), *empty = file_text(NULL, 0);

    ck_assert_str_eq(text, "abc");
    ck_assert_str_eq(empty, "");
    file_release(text);
    file_release(empty);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, bytes_as_text);
    tcase_add_checked_fixture(tests, enter, leave);
    tcase_add_loop_test(tests, reads_all_of_it, 0, (int)COUNT_OF(sizes));
    tcase_add_test(tests, one_byte_over_the_limit_is_too_much);
    tcase_add_test(tests, a_size_that_the_system_does_not_know_is_read_to_the_end);
    tcase_add_test(tests, what_is_not_there_is_named);
    tcase_add_test(tests, only_regular_files_are_read);
}

SUITE_MAIN("base/file")
