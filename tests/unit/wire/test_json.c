/*
 * JSON text: strings, numbers, skipping and writing.
 *
 * Covers also: json_skip.c, json_writer.c.
 */
#include "wire/json.h"

#include <math.h>
#include <stdlib.h>

#include "allocator.h"
#include "suite.h"
#include "wire/json_writer.h"

/* A copy of exactly the text's size, so that reading too far is seen. */
static struct cursor cursor_on(const char *text)
{
    size_t size = strlen(text);
    uint8_t *copy = malloc(size > 0 ? size : 1);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, size);
    return cursor_of((thrift_bytes){copy, size});
}

static void release(struct cursor in) { free((void *)(uintptr_t)in.begin); }

static const struct {
    const char *text;
    enum wire_fault read, check, unescape;
    const char *want; /* unescaped */
    size_t behind;    /* of what was read, when it was */
} strings[] = {
    {"\"\"", WIRE_OK, WIRE_OK, WIRE_OK, "", 2},
    {"  \"abc\",", WIRE_OK, WIRE_OK, WIRE_OK, "abc", 7},
    {"\"0123456789abcdef0123456789abcdef\"x", WIRE_OK, WIRE_OK, WIRE_OK,
     "0123456789abcdef0123456789abcdef", 34},
    {"\"0123456789abcde\\n123456789\"", WIRE_OK, WIRE_OK, WIRE_OK, "0123456789abcde\n123456789",
     28},
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", WIRE_OK, WIRE_OK, WIRE_OK, "\"\\/\b\f\n\r\t", 18},
    {"\"\\u0041\\u00e9\\u20ac\\ud83d\\ude00\"", WIRE_OK, WIRE_OK, WIRE_OK,
     "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 32},
    {"\"\xc3\xa9\"", WIRE_OK, WIRE_OK, WIRE_OK, "\xc3\xa9", 4},
    {"\"0123456789abcdef\xff\"", WIRE_OK, WIRE_NOT_UTF8, WIRE_OK, "0123456789abcdef\xff", 19},
    {"\"\xc0\x80\"", WIRE_OK, WIRE_NOT_UTF8, WIRE_OK, "\xc0\x80", 4},
    {"\"a\tb\"", WIRE_OK, WIRE_BAD_VALUE, WIRE_OK, "a\tb", 5},
    {"\"\\x\"", WIRE_OK, WIRE_OK, WIRE_BAD_VALUE, NULL, 4},
    {"\"\\u00g0\"", WIRE_OK, WIRE_OK, WIRE_BAD_VALUE, NULL, 8},
    {"\"\\u00\"", WIRE_OK, WIRE_OK, WIRE_BAD_VALUE, NULL, 6},
    {"\"\\ud800x\"", WIRE_OK, WIRE_OK, WIRE_BAD_VALUE, NULL, 9},
    {"\"\\ud800\\u0041\"", WIRE_OK, WIRE_OK, WIRE_BAD_VALUE, NULL, 14},
    {"\"\\udc00\"", WIRE_OK, WIRE_OK, WIRE_BAD_VALUE, NULL, 8},
    {"\"abc", WIRE_TRUNCATED, 0, 0, NULL, 0},
    {"\"abc\\\"", WIRE_TRUNCATED, 0, 0, NULL, 0},
    {"\"abc\\", WIRE_TRUNCATED, 0, 0, NULL, 0},
    {"\"", WIRE_TRUNCATED, 0, 0, NULL, 0},
    {"", WIRE_TRUNCATED, 0, 0, NULL, 0},
    {"x", WIRE_BAD_VALUE, 0, 0, NULL, 0},
};

START_TEST(strings_are_read)
{
    struct cursor in = cursor_on(strings[_i].text);
    struct json_text text;
    uint8_t out[64];
    size_t size = 0;

    ck_assert_int_eq(json_read_string(&in, &text), strings[_i].read);
    if (strings[_i].read == WIRE_OK) {
        ck_assert_uint_eq(cursor_offset(&in), strings[_i].behind);
        ck_assert_int_eq(json_check_text(&text, JSON_CONTROLS_NONE), strings[_i].check);
        ck_assert_int_eq(json_unescape(&text, out, &size), strings[_i].unescape);
        if (strings[_i].want != NULL) {
            ck_assert_uint_eq(size, strlen(strings[_i].want));
            ck_assert(memcmp(out, strings[_i].want, size) == 0);
        }
    }
    release(in);
}
END_TEST

/* Every place for the first special character, whatever vectors it falls into. */
START_TEST(ends_are_found_at_every_place)
{
    static const char specials[] = {'"', '\\', '\x1f', '\0', '\n'};

    for (size_t size = 1; size < 40; size++) {
        for (size_t at = 0; at < size; at++) {
            for (size_t s = 0; s < sizeof specials; s++) {
                uint8_t *text = malloc(size);
                bool wide = false;

                memset(text, 'a', size);
                text[at] = (uint8_t)specials[s];
                ck_assert_ptr_eq(json_plain_end(text, text + size, &wide), text + at);
                ck_assert(!wide);
                if (at > 0) {
                    text[at - 1] = 0x80;
                    ck_assert_ptr_eq(json_plain_end(text, text + size, &wide), text + at);
                    ck_assert(wide);
                }
                free(text);
            }
        }
    }
}
END_TEST

static const struct {
    const char *text;
    enum wire_fault fault;
    int64_t value;
    size_t behind;
} integers[] = {
    {"0", WIRE_OK, 0, 1},
    {"7,", WIRE_OK, 7, 1},
    {" -12]", WIRE_OK, -12, 4},
    {"123456789012345678,", WIRE_OK, 123456789012345678, 18},
    {"9223372036854775807}", WIRE_OK, INT64_MAX, 19},
    {"-9223372036854775808}", WIRE_OK, INT64_MIN, 20},
    {"9223372036854775808}", WIRE_RANGE, 0, 0},
    {"01", WIRE_BAD_VALUE, 0, 0},
    {"1.0", WIRE_BAD_VALUE, 0, 0},
    {"1e3", WIRE_BAD_VALUE, 0, 0},
    {"0e3", WIRE_BAD_VALUE, 0, 0},
    {"+1", WIRE_BAD_VALUE, 0, 0},
    {"\"1\"", WIRE_BAD_VALUE, 0, 0},
    {"", WIRE_TRUNCATED, 0, 0},
    {"-", WIRE_TRUNCATED, 0, 0},
    {"-x", WIRE_BAD_VALUE, 0, 0},
};

START_TEST(integers_are_read)
{
    struct cursor in = cursor_on(integers[_i].text);
    int64_t x = 0;

    ck_assert_msg(json_read_integer(&in, &x) == integers[_i].fault, "%s", integers[_i].text);
    ck_assert_int_eq(x, integers[_i].value);
    if (integers[_i].fault == WIRE_OK) {
        ck_assert_uint_eq(cursor_offset(&in), integers[_i].behind);
    }
    release(in);
}
END_TEST

/* A number that only lacks its end is cut, not wrong. */
START_TEST(doubles_are_cut)
{
    static const char *const cut[] = {"", "-", "1.", "-0.", "1e", "1e+", "1.5e-"};
    static const char *const wrong[] = {"1.x", "-x", "x", "1e,", "+"};
    double x;

    for (size_t i = 0; i < COUNT_OF(cut); i++) {
        struct cursor in = cursor_on(cut[i]);

        ck_assert_msg(json_read_double(&in, &x) == WIRE_TRUNCATED, "%s", cut[i]);
        release(in);
    }
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct cursor in = cursor_on(wrong[i]);

        ck_assert_msg(json_read_double(&in, &x) == WIRE_BAD_VALUE, "%s", wrong[i]);
        release(in);
    }
}
END_TEST

START_TEST(doubles_are_read)
{
    struct cursor in = cursor_on(" -1.5e3,1e999 x");
    double x = 0;

    ck_assert_int_eq(json_read_double(&in, &x), WIRE_OK);
    ck_assert(x >= -1500 && x <= -1500);
    ck_assert(json_take(&in, ','));
    ck_assert_int_eq(json_read_double(&in, &x), WIRE_RANGE);
    in.at += 5;
    ck_assert_int_eq(json_read_double(&in, &x), WIRE_BAD_VALUE);
    ck_assert(json_special_double((const uint8_t *)"-inf", 4, &x) && isinf(x) && x < 0);
    ck_assert(json_special_double((const uint8_t *)"NaN", 3, &x) && isnan(x));
    ck_assert(!json_special_double((const uint8_t *)"-NaN", 4, &x));
    ck_assert(!json_special_double((const uint8_t *)"", 0, &x));
    release(in);
}
END_TEST

static const struct {
    const char *text;
    enum wire_fault fault;
    size_t behind; /* or the place of the fault */
} skips[] = {
    {"null,", WIRE_OK, 4},
    {" true", WIRE_OK, 5},
    {"-1.5e3]", WIRE_OK, 6},
    {"1e999", WIRE_OK, 5},
    {"\"a\\\"b\"", WIRE_OK, 6},
    {"{}", WIRE_OK, 2},
    {"[ ]", WIRE_OK, 3},
    {"[[[[]]]]", WIRE_OK, 8},
    {"{\"a\":[1,{\"b\":null}],\"c\":{}} x", WIRE_OK, 27},
    {"[[[[[]]]]]", WIRE_DEPTH_LIMIT, 5},
    {"", WIRE_TRUNCATED, 0},
    {"tru", WIRE_TRUNCATED, 3},
    {"[1,", WIRE_TRUNCATED, 3},
    {"{\"a\":1", WIRE_TRUNCATED, 6},
    {"[-", WIRE_TRUNCATED, 1},
    {"[1.", WIRE_TRUNCATED, 1},
    {"[1.5e+", WIRE_TRUNCATED, 1},
    {"[1.]", WIRE_BAD_VALUE, 1},
    {"trux", WIRE_BAD_VALUE, 0},
    {"[1,]", WIRE_BAD_VALUE, 3},
    {"[0,-0,-12,123456789012345678901234567890]", WIRE_OK, 41},
    {"[01]", WIRE_BAD_VALUE, 1},
    {"[-]", WIRE_BAD_VALUE, 1},
    {"{\"a\":1,}", WIRE_BAD_VALUE, 7},
    {"{1:2}", WIRE_BAD_VALUE, 1},
    {"[1}", WIRE_BAD_VALUE, 2},
    {"{\"a\":1]", WIRE_BAD_VALUE, 6},
    {"{\"a\" 1}", WIRE_BAD_VALUE, 5},
    {"nan", WIRE_BAD_VALUE, 0},
    {"]", WIRE_BAD_VALUE, 0},
};

START_TEST(anything_is_skipped)
{
    struct cursor in = cursor_on(skips[_i].text);

    ck_assert_msg(json_skip(&in, 4) == skips[_i].fault, "%s", skips[_i].text);
    ck_assert_msg(cursor_offset(&in) == skips[_i].behind, "%s: %d", skips[_i].text,
                  (int)cursor_offset(&in));
    release(in);
}
END_TEST

START_TEST(depth_has_its_own_limit)
{
    char text[4001];
    struct cursor in;

    memset(text, '[', 4000);
    text[4000] = '\0';
    in = cursor_on(text);
    ck_assert_int_eq(json_skip(&in, UINT32_MAX), WIRE_DEPTH_LIMIT);
    release(in);
}
END_TEST

static thrift_bytes bytes_of(const char *text, size_t size)
{
    return (thrift_bytes){(const uint8_t *)text, size};
}

START_TEST(texts_are_escaped)
{
    static const char text[] = "plain \"q\" \\ \b\f\n\r\t\x01\x1f\x7f / \xc3\xa9 and more than one "
                               "vector of it \"";
    static const char want[] = "\"plain \\\"q\\\" \\\\ \\b\\f\\n\\r\\t\\u0001\\u001f\x7f / "
                               "\xc3\xa9 and more than one vector of it \\\"\"";
    thrift_buffer buffer = THRIFT_BUFFER_INIT;
    struct json_writer out;

    json_writer_begin(&out, &buffer);
    ck_assert_int_eq(json_write_text(&out, bytes_of(text, sizeof text - 1)), WIRE_OK);
    json_writer_end(&out);
    ck_assert_uint_eq(buffer.size, sizeof want - 1);
    ck_assert(memcmp(buffer.data, want, buffer.size) == 0);
    thrift_buffer_deinit(&buffer);
}
END_TEST

START_TEST(what_is_written_is_read_again)
{
    for (int c = 0; c < 128; c++) {
        for (size_t size = 1; size < 36; size += 3) {
            char text[40], back[80];
            thrift_buffer buffer = THRIFT_BUFFER_INIT;
            struct json_writer out;
            struct json_text read;
            struct cursor in;
            size_t back_size = 0;

            memset(text, 'x', sizeof text);
            text[size - 1] = (char)c;
            json_writer_begin(&out, &buffer);
            ck_assert_int_eq(json_write_text(&out, bytes_of(text, size)), WIRE_OK);
            json_writer_end(&out);
            in = cursor_of((thrift_bytes){buffer.data, buffer.size});
            ck_assert_int_eq(json_read_string(&in, &read), WIRE_OK);
            ck_assert_int_eq(json_check_text(&read, JSON_CONTROLS_NONE), WIRE_OK);
            ck_assert_int_eq(json_unescape(&read, (uint8_t *)back, &back_size), WIRE_OK);
            ck_assert(back_size == size && memcmp(back, text, size) == 0);
            thrift_buffer_deinit(&buffer);
        }
    }
}
END_TEST

START_TEST(control_characters_are_allowed_by_degree)
{
    for (char c = 1; c < 0x20; c++) {
        const char raw[] = {'"', 'a', c, '"', '\0'};
        bool has_letter = strchr("\b\t\n\f\r", c) != NULL;
        struct cursor in = cursor_on(raw);
        struct json_text text;

        ck_assert_int_eq(json_read_string(&in, &text), WIRE_OK);
        ck_assert_int_eq(json_check_text(&text, JSON_CONTROLS_NONE), WIRE_BAD_VALUE);
        ck_assert_int_eq(json_check_text(&text, JSON_CONTROLS_UNNAMED),
                         has_letter ? WIRE_BAD_VALUE : WIRE_OK);
        ck_assert_int_eq(json_check_text(&text, JSON_CONTROLS_ANY), WIRE_OK);
        release(in);
    }
}
END_TEST

START_TEST(writing_fails_cleanly)
{
    struct failing_allocator memory = {.fail_at = 1, .fail_onward = true};
    thrift_buffer buffer = {NULL, 0, 0, failing_allocator_of(&memory)};
    thrift_buffer text = THRIFT_BUFFER_INIT;
    struct json_writer out;

    json_writer_begin(&out, &buffer);
    ck_assert_int_eq(json_write_text(&out, bytes_of("x", 1)), WIRE_NO_MEMORY);
    ck_assert_int_eq(json_write_base64(&out, bytes_of("x", 1), true), WIRE_NO_MEMORY);
    json_writer_end(&out);
    ck_assert_uint_eq(buffer.size, 0);
    json_writer_begin(&out, &text);
    ck_assert_int_eq(json_write_text(&out, bytes_of("a\xff", 2)), WIRE_NOT_UTF8);
    ck_assert_int_eq(json_write_text_unchecked(&out, bytes_of("\xff", 1)), WIRE_OK);
    thrift_buffer_deinit(&buffer);
    thrift_buffer_deinit(&text);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, strings_are_read, 0, (int)COUNT_OF(strings));
    tcase_add_test(tests, ends_are_found_at_every_place);
    tcase_add_loop_test(tests, integers_are_read, 0, (int)COUNT_OF(integers));
    tcase_add_test(tests, doubles_are_read);
    tcase_add_test(tests, doubles_are_cut);
    tcase_add_loop_test(tests, anything_is_skipped, 0, (int)COUNT_OF(skips));
    tcase_add_test(tests, depth_has_its_own_limit);
    tcase_add_test(tests, texts_are_escaped);
    tcase_add_test(tests, what_is_written_is_read_again);
    tcase_add_test(tests, control_characters_are_allowed_by_degree);
    tcase_add_test(tests, writing_fails_cleanly);
}

SUITE_MAIN("wire/json")
