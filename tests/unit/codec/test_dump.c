/*
 * Dump: the text of each kind of value; that any bytes end it.
 */
#include "fixture.h"

static char *dump(thrift_protocol protocol, thrift_bytes input, thrift_status *status)
{
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);

    ck_assert_ptr_nonnull(to);
    *status = thrift_dump(protocol, input, to, NULL);
    ck_assert_int_eq(fclose(to), 0);
    return text;
}

static const struct {
    thrift_protocol protocol;
    thrift_bytes bytes;
    const char *text;
} cases[] = {
    {THRIFT_BINARY, BYTES(0), "{\n}\n"},
    {THRIFT_BINARY,
     BYTES(8, 0, 1, 0, 0, 0, 7, 2, 0, 2, 1, 11, 0, 3, 0, 0, 0, 2, 'a', 0, 12, 0, 4, 0, 4, 0xff,
           0xff, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0),
     "{\n  1: i32 7\n  2: bool true\n  3: string (2) \"a\\x00\"\n  4: struct {\n  }\n"
     "  -1: double 1.5\n}\n"},
    {THRIFT_BINARY,
     BYTES(15, 0, 1, 6, 0, 0, 0, 2, 0, 1, 0, 2, 13, 0, 2, 3, 3, 0, 0, 0, 1, 5, 6, 14, 0, 3, 0, 0, 0,
           0, 0, 0),
     "{\n  1: list <i16>[2] [\n    1\n    2\n  ]\n  2: map <i8, i8>[1] [\n    5\n    -> 6\n  ]\n"
     "  3: set [0]\n}\n"},
    {THRIFT_COMPACT, BYTES(0x11, 0x12, 0x15, 2, 0),
     "{\n  1: bool true\n  2: bool false\n"
     "  3: i32 1\n}\n"},
    {THRIFT_COMPACT, BYTES(0x82, 0x21, 1, 4, 'e', 'c', 'h', 'o', 0),
     "call \"echo\", sequence id 1\n{\n}\n"},
    {THRIFT_BINARY, BYTES(0, 0), "{\n}\n{\n}\n"},
    {THRIFT_BINARY,
     BYTES(16, 0, 1, 0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc,
           0xdd, 0xee, 0xff, 10, 0, 2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 3, 0, 3,
           0x80, 0),
     "{\n  1: uuid 00112233-4455-6677-8899-aabbccddeeff\n  2: i64 -1\n  3: i8 -128\n}\n"},
    {THRIFT_TJSON, BYTES('{', '}'), "{}\n"},
};

START_TEST(text_of_values)
{
    thrift_status status;
    char *text = dump(cases[_i].protocol, cases[_i].bytes, &status);

    ck_assert_int_eq(status, THRIFT_OK);
    ck_assert_str_eq(text, cases[_i].text);
    free(text);
}
END_TEST

static const struct {
    const char *file;
    thrift_protocol protocol;
} files[] = {{"Every-full.binary", THRIFT_BINARY},
             {"Every-full.compact", THRIFT_COMPACT},
             {"Ids-ids.node.binary", THRIFT_BINARY},
             {"Ids-ids.node.compact", THRIFT_COMPACT}};

START_TEST(what_ends_early_is_shown_up_to_there)
{
    thrift_bytes bytes = vector_of(files[_i].file);
    thrift_status status;

    for (size_t size = 1; size < bytes.size; size++) {
        uint8_t *exact = malloc(size);
        char *text;

        ck_assert_ptr_nonnull(exact);
        memcpy(exact, bytes.data, size);
        text = dump(files[_i].protocol, (thrift_bytes){exact, size}, &status);
        ck_assert_int_eq(status, THRIFT_E_TRUNCATED);
        ck_assert_int_eq(text[0], '{');
        free(text);
        free(exact);
    }
    vector_free(bytes);
}
END_TEST

START_TEST(every_bit_may_flip)
{
    thrift_bytes bytes = vector_of(files[_i].file);
    thrift_status status;

    for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
        uint8_t *at = (uint8_t *)(uintptr_t)&bytes.data[bit / 8];

        *at = (uint8_t)(*at ^ 1u << bit % 8);
        free(dump(files[_i].protocol, bytes, &status));
        ck_assert(status == THRIFT_OK || status == THRIFT_E_TRUNCATED ||
                  status == THRIFT_E_CORRUPT || status == THRIFT_E_LIMIT ||
                  status == THRIFT_E_PROTOCOL);
        *at = (uint8_t)(*at ^ 1u << bit % 8);
    }
    vector_free(bytes);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, text_of_values, 0, COUNT_OF(cases));
    tcase_add_loop_test(tests, what_ends_early_is_shown_up_to_there, 0, COUNT_OF(files));
    tcase_add_loop_test(tests, every_bit_may_flip, 0, COUNT_OF(files));
}

SUITE_MAIN("codec/dump")
