/*
 * Text: building, quoting, making printable, guessing.
 */
#include "base/text.h"

#include <string.h>

#include "allocator.h"
#include "suite.h"

START_TEST(builds_piece_by_piece)
{
    thrift_buffer text = THRIFT_BUFFER_INIT;

    for (int i = 0; i < 200; i++) {
        ck_assert(text_append(&text, "ab") && text_printf(&text, "%03d,", i));
    }
    ck_assert_uint_eq(text.size, 1200);
    ck_assert_uint_eq(strlen(text_end(&text)), 1200);
    ck_assert_mem_eq(text.data + 1194, "ab199,", 6);
    ck_assert_uint_eq(text.size, 1200); /* the NUL is behind the text */
    thrift_buffer_deinit(&text);
}
END_TEST

START_TEST(an_empty_text_can_be_ended)
{
    thrift_buffer text = THRIFT_BUFFER_INIT;

    ck_assert_str_eq(text_end(&text), "");
    thrift_buffer_deinit(&text);
}
END_TEST

START_TEST(failed_growth_leaves_the_text)
{
    struct failing_allocator memory = {.fail_at = 2};
    thrift_buffer text = {NULL, 0, 0, failing_allocator_of(&memory)};

    ck_assert(text_append(&text, "abc"));
    ck_assert(!text_printf(&text, "%0300d", 1));
    ck_assert_str_eq(text_end(&text), "abc");
    thrift_buffer_deinit(&text);
    memory.fail_at = memory.count + 1;
    ck_assert_ptr_null(text_end(&text));
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(control_characters_become_question_marks)
{
    char text[] = "a\tb\nc\x7f\x1b\xc3\xa9";

    text_make_printable(text);
    ck_assert_str_eq(text, "a?b?c??\xc3\xa9");
}
END_TEST

static const struct {
    thrift_bytes bytes;
    const char *quoted;
} quote_cases[] = {
    {{NULL, 0}, "\"\""},
    {{(const uint8_t *)"ab c", 4}, "\"ab c\""},
    {{(const uint8_t *)"a\"\\", 3}, "\"a\\\"\\\\\""},
    {{(const uint8_t *)"\0\n\x7f\xff", 4}, "\"\\x00\\x0a\\x7f\\xff\""},
};

START_TEST(quotes_as_a_literal)
{
    char out[TEXT_QUOTED_SIZE];

    ck_assert_str_eq(text_quote(quote_cases[_i].bytes.data, quote_cases[_i].bytes.size, out),
                     quote_cases[_i].quoted);
}
END_TEST

START_TEST(quotes_what_can_be_read)
{
    static const struct {
        const char *bytes, *quoted;
    } cases[] = {{"Zo\u00eb", "\"Zo\u00eb\""},
                 {"\u4e2d\u6587 \U0001f600", "\"\u4e2d\u6587 \U0001f600\""},
                 {"\xff\xc3", "\"\\xff\\xc3\""},
                 {"a\"\n", "\"a\\\"\\x0a\""},
                 {"\xc2\x9b", "\"\\xc2\\x9b\""},
                 {"\u202e\u200b\u2066\ufeff",
                  "\"\\xe2\\x80\\xae\\xe2\\x80\\x8b\\xe2\\x81\\xa6\\xef\\xbb\\xbf\""},
                 {"\u2013\u2026", "\"\u2013\u2026\""}};
    char out[TEXT_QUOTED_SIZE], many[400];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ck_assert_str_eq(text_quote_readable(cases[i].bytes, strlen(cases[i].bytes), out),
                         cases[i].quoted);
    }
    for (size_t i = 0; i + 4 <= sizeof many; i += 4) {
        memcpy(many + i, "\U0001f600", 4);
    }
    for (size_t size = 0; size <= sizeof many; size++) {
        size_t length = strlen(text_quote_readable(many, size, out));

        ck_assert_uint_lt(length, TEXT_QUOTED_SIZE);
        ck_assert_int_eq(out[length - 1], '"');
    }
}
END_TEST

START_TEST(quotes_of_any_size_fit)
{
    uint8_t bytes[300];
    char out[TEXT_QUOTED_SIZE];

    for (int fill = 0; fill < 2; fill++) {
        memset(bytes, fill == 0 ? 'x' : 0, sizeof bytes);
        for (size_t size = 0; size <= sizeof bytes; size++) {
            size_t length = strlen(text_quote(bytes, size, out));

            ck_assert_uint_lt(length, TEXT_QUOTED_SIZE);
            ck_assert_int_eq(out[length - 1], '"');
        }
    }
    ck_assert_str_eq(out + strlen(out) - 4, "...\"");
}
END_TEST

static const struct {
    const char *a, *b;
    size_t most, distance;
} distance_cases[] = {
    {"", "", 3, 0},
    {"abc", "abc", 3, 0},
    {"UserID", "UserId", 3, 1},
    {"getUser", "gteUser", 3, 2},
    {"", "abc", 3, 3},
    {"abc", "", 3, 3},
    {"kitten", "sitting", 3, 3},
    {"abc", "xyz", 2, 3},
    {"abc", "abcd", 0, 1},
};

START_TEST(counts_edits)
{
    ck_assert_uint_eq(
        text_distance(distance_cases[_i].a, distance_cases[_i].b, distance_cases[_i].most),
        distance_cases[_i].distance);
    ck_assert_uint_eq(
        text_distance(distance_cases[_i].b, distance_cases[_i].a, distance_cases[_i].most),
        distance_cases[_i].distance);
}
END_TEST

START_TEST(names_that_are_too_long_are_far_apart)
{
    char name[66];

    memset(name, 'n', sizeof name);
    name[64] = '\0';
    ck_assert_uint_eq(text_distance(name, name, 2), 0);
    name[64] = 'n';
    name[65] = '\0';
    ck_assert_uint_eq(text_distance(name, "n", 2), 3);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, builds_piece_by_piece);
    tcase_add_test(tests, an_empty_text_can_be_ended);
    tcase_add_test(tests, failed_growth_leaves_the_text);
    tcase_add_test(tests, control_characters_become_question_marks);
    tcase_add_loop_test(tests, quotes_as_a_literal, 0, (int)COUNT_OF(quote_cases));
    tcase_add_test(tests, quotes_of_any_size_fit);
    tcase_add_test(tests, quotes_what_can_be_read);
    tcase_add_loop_test(tests, counts_edits, 0, (int)COUNT_OF(distance_cases));
    tcase_add_test(tests, names_that_are_too_long_are_far_apart);
}

SUITE_MAIN("base/text")
