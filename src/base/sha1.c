/*
 * SHA-1 over bytes that are all there.
 */
#include "base/sha1.h"

#include <string.h>

#include "base/bytes.h"

#define BLOCK 64u

static uint32_t rotate(uint32_t x, unsigned by) { return x << by | x >> (32 - by); }

/* RFC 3174, 5: the function and the constant of a round. */
static uint32_t mix(unsigned round, uint32_t b, uint32_t c, uint32_t d)
{
    switch (round / 20) {
    case 0:
        return ((b & c) | (~b & d)) + 0x5a827999u;
    case 1:
        return (b ^ c ^ d) + 0x6ed9eba1u;
    case 2:
        return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdcu;
    default:
        return (b ^ c ^ d) + 0xca62c1d6u;
    }
}

static void add_block(uint32_t state[5], const uint8_t *block)
{
    uint32_t w[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];

    for (unsigned i = 0; i < 16; i++) {
        w[i] = load_big32(block + (size_t)4 * i);
    }
    for (unsigned i = 16; i < 80; i++) {
        w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    }
    for (unsigned i = 0; i < 80; i++) {
        uint32_t next = rotate(a, 5) + mix(i, b, c, d) + e + w[i];

        e = d;
        d = c;
        c = rotate(b, 30);
        b = a;
        a = next;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
}

void sha1(const uint8_t *bytes, size_t size, uint8_t out[SHA1_SIZE])
{
    uint32_t state[5] = {0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u};
    uint8_t last[2 * BLOCK] = {0};
    size_t whole = size / BLOCK * BLOCK, rest = size - whole;
    size_t padded = rest + 9 <= BLOCK ? BLOCK : 2 * (size_t)BLOCK;

    for (size_t at = 0; at < whole; at += BLOCK) {
        add_block(state, bytes + at);
    }
    if (rest > 0) {
        memcpy(last, bytes + whole, rest);
    }
    last[rest] = 0x80;
    store_big64(last + padded - 8, (uint64_t)size * 8);
    for (size_t at = 0; at < padded; at += BLOCK) {
        add_block(state, last + at);
    }
    for (size_t i = 0; i < 5; i++) {
        store_big32(out + 4 * i, state[i]);
    }
}
