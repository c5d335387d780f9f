/*
 * Source lines for people, and names of files.
 */
#include "schema/source.h"

#include "suite.h"

static const struct {
    const char *line;
    uint32_t column, caret;
    const char *excerpt;
} lines[] = {
    {"struct S {}\nnext", 8, 7, "struct S {}"},
    {"a\tb", 3, 2, "a\tb"},
    {"a\x01\x1b[31m\x7f", 2, 1, "a??[31m?"},
    {"\xff\xc3\xa9", 2, 1, "?\xc3\xa9"},
    {"a\xe2\x80\xae z", 1, 0, "a? z"},
    {"end\r\n", 4, 3, "end"},
    {"", 1, 0, ""},
};

START_TEST(excerpt)
{
    struct source source = {.text = lines[_i].line, .size = strlen(lines[_i].line)};
    char out[EXCERPT_SIZE];
    uint32_t caret = 99;

    source_excerpt(&source, source.text, lines[_i].column, out, &caret);
    ck_assert_str_eq(out, lines[_i].excerpt);
    ck_assert_uint_eq(caret, lines[_i].caret);
}
END_TEST

START_TEST(long_line)
{
    static char text[100001];
    struct source source = {.text = text, .size = sizeof text - 1};
    char out[EXCERPT_SIZE];
    uint32_t caret;

    memset(text, 'a', sizeof text - 1);
    text[50000] = '!';
    ck_assert_uint_lt(source_excerpt(&source, text, 50001, out, &caret), EXCERPT_SIZE);
    ck_assert_int_eq(out[caret], '!');
}
END_TEST

static const struct {
    const char *path, *prefix;
    bool is_thrift;
} names[] = {{"../idl/shared.thrift", "shared", true},
             {"a.b.thrift", "a.b", true},
             {"plain", "plain", false},
             {"x.thrift/passwd", "passwd", false}};

START_TEST(name)
{
    struct arena arena;

    arena_init(&arena, NULL, SIZE_MAX);
    ck_assert_str_eq(source_prefix(&arena, names[_i].path), names[_i].prefix);
    ck_assert(source_is_thrift(names[_i].path) == names[_i].is_thrift);
    arena_deinit(&arena);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, excerpt, 0, COUNT_OF(lines));
    tcase_add_test(tests, long_line);
    tcase_add_loop_test(tests, name, 0, COUNT_OF(names));
}

SUITE_MAIN("source")
