/*
 * Base64: RFC 4648's vectors, every size, every wrong character.
 */
#include "base/base64.h"

#include <string.h>

#include "suite.h"

static const struct {
    const char *bytes, *padded, *unpadded;
} cases[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xff\xef\xbf", "/++/", "/++/"},
};

static void check_text(const char *bytes, const char *text, bool padded)
{
    char written[16];
    uint8_t read[16];
    size_t size = 99;

    ck_assert_uint_eq(base64_text_size(strlen(bytes), padded), strlen(text));
    ck_assert_ptr_eq(base64_write(written, (const uint8_t *)bytes, strlen(bytes), padded),
                     written + strlen(text));
    ck_assert(memcmp(written, text, strlen(text)) == 0);
    ck_assert(base64_read((const uint8_t *)text, strlen(text), read, &size));
    ck_assert_uint_eq(size, strlen(bytes));
    ck_assert(memcmp(read, bytes, size) == 0);
}

START_TEST(vectors)
{
    check_text(cases[_i].bytes, cases[_i].padded, true);
    check_text(cases[_i].bytes, cases[_i].unpadded, false);
}
END_TEST

static const char *const wrong[] = {"=",    "Z",    "====",  "Zm9vY",     "Zg=v",
                                    "Z===", "Zm9=", "Zh==",  "Zm9v=",     "Zm 9v",
                                    "Zm9-", "Zm9_", "Zm8==", "\xc3\xa4Zg"};

START_TEST(wrong_texts)
{
    uint8_t out[16];
    size_t size = 99;

    ck_assert_msg(!base64_read((const uint8_t *)wrong[_i], strlen(wrong[_i]), out, &size), "%s",
                  wrong[_i]);
    ck_assert_uint_eq(size, 99);
}
END_TEST

START_TEST(every_character)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (int c = 0; c < 256; c++) {
        const uint8_t text[4] = {'A', (uint8_t)c, 'A', 'A'};
        uint8_t out[6];
        size_t size;

        ck_assert_int_eq(base64_read(text, 4, out, &size), c != 0 && strchr(letters, c) != NULL);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, vectors, 0, (int)COUNT_OF(cases));
    tcase_add_loop_test(tests, wrong_texts, 0, (int)COUNT_OF(wrong));
    tcase_add_test(tests, every_character);
}

SUITE_MAIN("base/base64")
