#!/usr/bin/env python3
"""Writes src/base/power_table.c: 128 bits of every power of ten that a double's text may need.

usage: tools/generate_powers.py > src/base/power_table.c
"""

LEAST, MOST = -342, 344

HEAD = """/*
 * Powers of ten, {least} to {most}: the upper 128 bits of 5^n, the highest bit set.
 * Made by tools/generate_powers.py; rounding is described in power_table.h.
 */
#include "base/power_table.h"

#define P(high, low)                                                                               \\
    {{                                                                                              \\
        UINT64_C(0x##high), UINT64_C(0x##low)                                                      \\
    }}

/* clang-format off */
const struct power power_table[POWER_MOST - POWER_LEAST + 1] = {{"""


def significand(n):
    """5^n scaled to [2^127, 2^128): cut, but rounded up from -27 to -1."""
    if n >= 0:
        five = 5**n
        shift = five.bit_length() - 128
        return five >> shift if shift > 0 else five << -shift
    five = 5**-n
    bits = 127 + five.bit_length()
    scaled = (1 << bits) // five
    if scaled >= 1 << 128:
        scaled = (1 << (bits - 1)) // five
    return scaled + 1 if n >= -27 else scaled


def main():
    print(HEAD.format(least=LEAST, most=MOST))
    for n in range(LEAST, MOST + 1, 2):
        pair = [significand(i) for i in range(n, min(n + 2, MOST + 1))]
        entries = ["P(%016x, %016x)," % (x >> 64, x & (1 << 64) - 1) for x in pair]
        print("    " + " ".join(entries) + (" /* 1e%d */" % n if n % 10 == 0 else ""))
    print("};")
    print("/* clang-format on */")


if __name__ == "__main__":
    main()
