/*
 * Three bytes, four characters: by tables, one look-up for each character.
 */
#include "base/base64.h"

#define NONE 0xffu

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* clang-format off */
static const uint8_t values[256] = {
#define N4 NONE, NONE, NONE, NONE
#define N16 N4, N4, N4, N4
    N16, N16, /* 0x00 */
    N4, N4, NONE, NONE, NONE, 62, NONE, NONE, NONE, 63,
    52, 53, 54, 55, 56, 57, 58, 59, 60, 61, NONE, NONE, N4, /* 0x30 */
    NONE, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, NONE, N4,
    NONE, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, /* 0x60 */
    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, NONE, N4,
    N16, N16, N16, N16, N16, N16, N16, N16, /* 0x80 */
};
/* clang-format on */

char *base64_write(char *out, const uint8_t *bytes, size_t size, bool padded)
{
    uint32_t group;

    for (; size >= 3; size -= 3, bytes += 3, out += 4) {
        group = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
        out[0] = alphabet[group >> 18];
        out[1] = alphabet[group >> 12 & 63];
        out[2] = alphabet[group >> 6 & 63];
        out[3] = alphabet[group & 63];
    }
    if (size == 0) {
        return out;
    }
    group = (uint32_t)bytes[0] << 16 | (size == 2 ? (uint32_t)bytes[1] << 8 : 0);
    *out++ = alphabet[group >> 18];
    *out++ = alphabet[group >> 12 & 63];
    if (size == 2) {
        *out++ = alphabet[group >> 6 & 63];
    } else if (padded) {
        *out++ = '=';
    }
    if (padded) {
        *out++ = '=';
    }
    return out;
}

/* Only a last group of four may be padded, so by one or two. */
static size_t without_padding(const uint8_t *text, size_t size)
{
    size_t most = size >= 2 ? 2 : 0;

    for (size_t i = 0; i < most && size % 4 != 1 && text[size - 1] == '='; i++) {
        size -= 1;
    }
    return size;
}

/* What is left behind the last whole group: two characters for a byte, three for two. */
static bool read_rest(const uint8_t *text, size_t size, uint8_t **out)
{
    uint32_t group = 0, bad = 0;

    if (size == 1) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        bad |= values[text[i]];
        group |= (uint32_t)values[text[i]] << (18 - 6 * i);
    }
    if (bad > 63 || (group & (size == 2 ? 0xffffu : 0xffu)) != 0) {
        return false;
    }
    for (size_t i = 0; i + 1 < size; i++) {
        *(*out)++ = (uint8_t)(group >> (16 - 8 * i));
    }
    return true;
}

bool base64_read(const uint8_t *text, size_t size, uint8_t *out, size_t *out_size)
{
    uint8_t *at = out;
    uint32_t bad = 0;

    size = without_padding(text, size);
    for (; size >= 4; size -= 4, text += 4, at += 3) {
        uint8_t a = values[text[0]], b = values[text[1]], c = values[text[2]], d = values[text[3]];

        bad |= (uint32_t)(a | b | c | d);
        at[0] = (uint8_t)(a << 2 | b >> 4);
        at[1] = (uint8_t)(b << 4 | c >> 2);
        at[2] = (uint8_t)(c << 6 | d);
    }
    if (bad > 63 || !read_rest(text, size, &at)) {
        return false;
    }
    *out_size = (size_t)(at - out);
    return true;
}
