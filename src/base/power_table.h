/*
 * The table under both directions of text <-> double, and the arithmetic on its entries.
 *
 * power_table[n - POWER_LEAST] holds the upper 128 bits of 5^n with the highest bit set, cut off
 * below, except from 5^-27 to 5^-1, which are rounded up (that is what the detection of halfway
 * cases in number.c relies on). Exact from POWER_EXACT_LEAST to POWER_EXACT_MOST.
 */
#ifndef BASE_POWER_TABLE_H
#define BASE_POWER_TABLE_H

#include <stdint.h>

#define POWER_LEAST (-342)
#define POWER_MOST 344
#define POWER_EXACT_LEAST 0
#define POWER_EXACT_MOST 55
#define POWER_ROUNDED_UP_LEAST (-27)

struct power {
    uint64_t high, low;
};

extern const struct power power_table[POWER_MOST - POWER_LEAST + 1];

static inline struct power power_of_ten(int n) { return power_table[n - POWER_LEAST]; }

/* The whole product of two numbers of 64 bits. */
static inline struct power power_multiply(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;

    return (struct power){(uint64_t)(product >> 64), (uint64_t)product};
#else
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t low = a0 * b0;
    uint64_t cross = a1 * b0 + (low >> 32);
    uint64_t middle = a0 * b1 + (uint32_t)cross;

    return (struct power){a1 * b1 + (cross >> 32) + (middle >> 32), middle << 32 | (uint32_t)low};
#endif
}

/* floor(log2(10^n)) for |n| <= 1233; floor(log10(2^n)) for |n| <= 1650. */
static inline int power_log2_of_ten(int n) { return (int)((int64_t)n * 1741647 >> 19); }
static inline int power_log10_of_two(int n) { return (int)((int64_t)n * 1262611 >> 22); }

#endif
