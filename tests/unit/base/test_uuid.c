/*
 * UUIDs in text.
 */
#include "base/uuid.h"

#include <string.h>

#include "suite.h"

static const uint8_t uuid[16] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                                 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};

static const struct {
    const char *text;
    bool good;
} cases[] = {
    {"00112233-4455-6677-8899-aabbccddeeff", true},
    {"00112233-4455-6677-8899-AABBCCDDEEFF", true},
    {"{00112233-4455-6677-8899-aabbccddeeff}", true},
    {"00112233-4455-6677-8899-aabbccddeef", false},
    {"00112233-4455-6677-8899-aabbccddeeff0", false},
    {"001122334455-6677-8899-aabbccddeeff00", false},
    {"0011223344-55-6677-8899-aabbccddeeff", false},
    {"00112233-4455-6677-8899-aabbccddeefg", false},
    {"00112233-4455-6677-8899-aabbccddee-f", false},
    {"{00112233-4455-6677-8899-aabbccddeeff)", false},
    {"", false},
};

START_TEST(texts)
{
    uint8_t got[16] = {0};

    ck_assert_msg(uuid_read(cases[_i].text, strlen(cases[_i].text), got) == cases[_i].good, "%s",
                  cases[_i].text);
    ck_assert_int_eq(memcmp(got, uuid, 16) == 0, cases[_i].good); /* untouched on failure */
}
END_TEST

START_TEST(is_written_in_lower_case)
{
    char text[UUID_TEXT_SIZE];

    uuid_write(text, uuid);
    ck_assert(memcmp(text, cases[0].text, UUID_TEXT_SIZE) == 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, texts, 0, (int)COUNT_OF(cases));
    tcase_add_test(tests, is_written_in_lower_case);
}

SUITE_MAIN("base/uuid")
