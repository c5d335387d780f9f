/*
 * UTF-8: what is valid, where it stops being so, at every alignment; every code point there and
 * back.
 */
#include "base/utf8.h"

#include <string.h>

#include "suite.h"

static const struct {
    const char *name;
    thrift_bytes bytes;
    size_t valid; /* bytes before the first bad one */
} cases[] = {
    {"empty", {NULL, 0}, 0},
    {"ascii", BYTES('a', 0, 0x7f), 3},
    {"two bytes", BYTES(0xc2, 0x80, 0xdf, 0xbf), 4},
    {"three bytes", BYTES(0xe0, 0xa0, 0x80, 0xef, 0xbf, 0xbf), 6},
    {"four bytes", BYTES(0xf0, 0x90, 0x80, 0x80, 0xf4, 0x8f, 0xbf, 0xbf), 8},
    {"overlong two", BYTES('a', 0xc0, 0x80), 1},
    {"overlong two, second", BYTES('a', 0xc1, 0xbf), 1},
    {"overlong three", BYTES(0xe0, 0x9f, 0xbf), 0},
    {"overlong four", BYTES(0xf0, 0x8f, 0xbf, 0xbf), 0},
    {"last before the surrogates", BYTES(0xed, 0x9f, 0xbf), 3},
    {"surrogate", BYTES(0xed, 0xa0, 0x80), 0},
    {"above U+10FFFF", BYTES(0xf4, 0x90, 0x80, 0x80), 0},
    {"no such lead", BYTES(0xf5, 0x80, 0x80, 0x80), 0},
    {"0xff", BYTES('a', 'b', 0xff), 2},
    {"continuation alone", BYTES(0x80), 0},
    {"cut after one", BYTES('a', 0xc3), 1},
    {"cut after two", BYTES(0xe2, 0x82), 0},
    {"cut after three", BYTES(0xf0, 0x9f, 0x98), 0},
    {"bad second", BYTES(0xe2, 0x28, 0xa1), 0},
    {"bad third", BYTES(0xe2, 0x82, 0x28), 0},
    {"bad fourth", BYTES(0xf0, 0x9f, 0x98, 0x28), 0},
};

START_TEST(finds_the_first_bad_byte_at_every_alignment)
{
    for (size_t before = 0; before < 20; before++) {
        uint8_t text[64];
        size_t size = before + cases[_i].bytes.size;

        memset(text, 'x', sizeof text);
        if (cases[_i].bytes.size > 0) {
            memcpy(text + before, cases[_i].bytes.data, cases[_i].bytes.size);
        }
        ck_assert_msg(utf8_check(text, size) == before + cases[_i].valid, "%s behind %zu",
                      cases[_i].name, before);
    }
}
END_TEST

START_TEST(every_code_point_is_valid_but_the_surrogates)
{
    uint32_t wrong = 0;

    for (uint32_t point = 0; point <= 0x10ffff; point++) {
        uint8_t bytes[4];
        size_t size = utf8_write(point, bytes);
        bool surrogate = point >= 0xd800 && point <= 0xdfff;

        wrong += utf8_check(bytes, size) != (surrogate ? 0 : size);
    }
    ck_assert_uint_eq(wrong, 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, finds_the_first_bad_byte_at_every_alignment, 0,
                        (int)COUNT_OF(cases));
    tcase_add_test(tests, every_code_point_is_valid_but_the_surrogates);
}

SUITE_MAIN("base/utf8")
