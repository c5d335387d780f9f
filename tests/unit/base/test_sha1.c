/*
 * SHA-1: RFC 3174's own cases, the sizes around a block, RFC 6455's handshake.
 */
#include "base/sha1.h"

#include <stdio.h>
#include <string.h>

#include "suite.h"

static const struct {
    const char *text;
    size_t times;
    const char *digest;
} cases[] = {
    {"", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    {"abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
     "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
    {"a", 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
    {"0123456701234567012345670123456701234567012345670123456701234567", 10,
     "dea356a2cddd90c7a7ecedc5ebb563934f460452"},
    {"a", 55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"},
    {"a", 56, "c2db330f6083854c99d4b5bfb6e8f29f201be699"},
    {"a", 63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5"},
    {"a", 64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"},
    {"dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11", 1,
     "b37a4f2cc0624f1690f64606cf385945b2bec4ea"},
};

START_TEST(digests)
{
    static char text[1000001];
    size_t size = strlen(cases[_i].text);
    uint8_t digest[SHA1_SIZE];
    char hex[2 * SHA1_SIZE + 1];

    for (size_t i = 0; i < cases[_i].times; i++) {
        memcpy(text + i * size, cases[_i].text, size);
    }
    sha1((const uint8_t *)text, size * cases[_i].times, digest);
    for (size_t i = 0; i < SHA1_SIZE; i++) {
        (void)snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    }
    ck_assert_str_eq(hex, cases[_i].digest);
}
END_TEST

static void add_tests(TCase *tests) { tcase_add_loop_test(tests, digests, 0, COUNT_OF(cases)); }

SUITE_MAIN("base/sha1")
