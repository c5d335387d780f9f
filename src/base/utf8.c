/*
 * UTF-8: eight ASCII bytes at a time, then one sequence at a time.
 */
#include "base/utf8.h"

#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

/* RFC 3629, section 4: Syntax of UTF-8. */
size_t utf8_sequence(const uint8_t *at, size_t left)
{
    uint8_t lead = at[0];
    uint8_t low = 0x80, high = 0xbf;
    size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;

    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xc2 || lead > 0xf4 || size > left) {
        return 0;
    }
    switch (lead) {
    case 0xe0:
        low = 0xa0;
        break;
    case 0xed:
        high = 0x9f;
        break;
    case 0xf0:
        low = 0x90;
        break;
    case 0xf4:
        high = 0x8f;
        break;
    default:
        break;
    }
    if (at[1] < low || at[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return size;
}

size_t utf8_check(const void *bytes, size_t size)
{
    const uint8_t *data = bytes;
    size_t at = 0;

    while (at < size) {
        uint64_t eight;
        size_t step;

        if (size - at >= sizeof eight) {
            memcpy(&eight, data + at, sizeof eight);
            if ((eight & HIGH_BITS) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        step = utf8_sequence(data + at, size - at);
        if (step == 0) {
            return at;
        }
        at += step;
    }
    return size;
}

size_t utf8_write(uint32_t code_point, uint8_t out[4])
{
    if (code_point < 0x80) {
        out[0] = (uint8_t)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (uint8_t)(0xc0 | code_point >> 6);
        out[1] = (uint8_t)(0x80 | (code_point & 0x3f));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (uint8_t)(0xe0 | code_point >> 12);
        out[1] = (uint8_t)(0x80 | (code_point >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (code_point & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | code_point >> 18);
    out[1] = (uint8_t)(0x80 | (code_point >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (code_point >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (code_point & 0x3f));
    return 4;
}
