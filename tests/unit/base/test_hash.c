/*
 * Hashes: equal for equal bytes, seeded for tables, fixed for ever for fingerprints.
 */
#include "base/hash.h"

#include <string.h>

#include "suite.h"

START_TEST(equal_bytes_hash_equally)
{
    char a[] = "getUser", b[] = "getUser";

    ck_assert_uint_eq(hash_bytes(a, 7), hash_bytes(b, 7));
    ck_assert_uint_ne(hash_bytes(a, 7), hash_bytes(a, 6));
    ck_assert_uint_ne(hash_bytes("getUser", 7), hash_bytes("getUsfr", 7));
    ck_assert_uint_eq(hash_bytes(NULL, 0), hash_bytes("", 0));
}
END_TEST

/* The first is XXH3-128 of nothing as its specification gives it, and the same with our seed. */
static const struct {
    const char *text, *fingerprint;
} fingerprint_cases[] = {
    {"", "99aa06d3014798d86001c324468d497f5724bb7ad60ead281c26ee38298a4919"},
    {"struct User {}", "948bb01edd9e35abcf34d3bacf232b243c246feaa4fdb01d63dd699df6c498d2"},
    {"service S { void ping() }\n",
     "af8c8b98a0b39997d952d5528776b41b072be61c303f7e3ec188bc13d767cfb3"},
};

START_TEST(fingerprints_are_the_same_for_ever)
{
    char fingerprint[HASH_FINGERPRINT_SIZE];

    hash_fingerprint(fingerprint_cases[_i].text, strlen(fingerprint_cases[_i].text), fingerprint);
    ck_assert_str_eq(fingerprint, fingerprint_cases[_i].fingerprint);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, equal_bytes_hash_equally);
    tcase_add_loop_test(tests, fingerprints_are_the_same_for_ever, 0,
                        (int)COUNT_OF(fingerprint_cases));
}

SUITE_MAIN("base/hash")
