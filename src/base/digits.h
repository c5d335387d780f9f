/*
 * Eight decimal digits at a time, inside one word. Source: the method of D. Lemire and J. Keiser.
 */
#ifndef BASE_DIGITS_H
#define BASE_DIGITS_H

#include <stdbool.h>

#include "base/bytes.h"

static inline bool digits_is(uint8_t c) { return (uint8_t)(c - '0') <= 9; }

/* All eight bytes of a little-endian load are digits. */
static inline bool digits_are(uint64_t eight)
{
    return ((eight & UINT64_C(0xf0f0f0f0f0f0f0f0)) |
            (((eight + UINT64_C(0x0606060606060606)) & UINT64_C(0xf0f0f0f0f0f0f0f0)) >> 4)) ==
           UINT64_C(0x3333333333333333);
}

/* Their value: pairs, then fours, then all. */
static inline uint32_t digits_value(uint64_t eight)
{
    eight -= UINT64_C(0x3030303030303030);
    eight = eight * 10 + (eight >> 8);
    return (
        uint32_t)(((eight & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064) +
                   (eight >> 16 & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001)) >>
                  32);
}

/* Adds the digits at `at` to *value, which may overflow; returns the place behind them. */
static inline const uint8_t *digits_read(const uint8_t *at, const uint8_t *end, uint64_t *value)
{
    while (end - at >= 8) {
        uint64_t eight = load_little64(at);

        if (!digits_are(eight)) {
            break;
        }
        *value = *value * 100000000 + digits_value(eight);
        at += 8;
    }
    while (at < end && digits_is(*at)) {
        *value = *value * 10 + (uint64_t)(*at++ - '0');
    }
    return at;
}

#endif
