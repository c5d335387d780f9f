/*
 * Two digits at a time from a table; the number of digits is known before the first is written.
 */
#include "base/integer.h"

#include <string.h>

#include "base/digits.h"

static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                            "25262728293031323334353637383940414243444546474849"
                            "50515253545556575859606162636465666768697071727374"
                            "75767778798081828384858687888990919293949596979899";

static const uint64_t tens[20] = {1u,
                                  10u,
                                  100u,
                                  1000u,
                                  10000u,
                                  100000u,
                                  1000000u,
                                  10000000u,
                                  100000000u,
                                  1000000000u,
                                  UINT64_C(10000000000),
                                  UINT64_C(100000000000),
                                  UINT64_C(1000000000000),
                                  UINT64_C(10000000000000),
                                  UINT64_C(100000000000000),
                                  UINT64_C(1000000000000000),
                                  UINT64_C(10000000000000000),
                                  UINT64_C(100000000000000000),
                                  UINT64_C(1000000000000000000),
                                  UINT64_C(10000000000000000000)};

static size_t count_digits(uint64_t x)
{
    unsigned bits = 64 - (unsigned)__builtin_clzll(x | 1);
    size_t guess = bits * 1233 >> 12; /* log10(2) */

    return guess + (x >= tens[guess]) + (x == 0);
}

static void put_pair(char *at, uint32_t pair) { memcpy(at, pairs + (size_t)2 * pair, 2); }

/* Eight digits, with leading zeros. */
static void put_eight(char *at, uint32_t x)
{
    uint32_t high = x / 10000, low = x % 10000;

    put_pair(at, high / 100);
    put_pair(at + 2, high % 100);
    put_pair(at + 4, low / 100);
    put_pair(at + 6, low % 100);
}

size_t integer_write_u64(char *out, uint64_t x)
{
    size_t size = count_digits(x);
    char *at = out + size;
    uint32_t rest;

    while (x >= 100000000) {
        at -= 8;
        put_eight(at, (uint32_t)(x % 100000000));
        x /= 100000000;
    }
    rest = (uint32_t)x;
    while (rest >= 100) {
        at -= 2;
        put_pair(at, rest % 100);
        rest /= 100;
    }
    if (at - out >= 2) {
        put_pair(out, rest);
    } else if (at != out) {
        *out = (char)('0' + rest);
    }
    return size;
}

size_t integer_write_i64(char *out, int64_t x)
{
    if (x < 0) {
        *out = '-';
        return 1 + integer_write_u64(out + 1, 0 - (uint64_t)x);
    }
    return integer_write_u64(out, (uint64_t)x);
}

enum integer_fault integer_read_i64(const uint8_t **at, const uint8_t *end, int64_t *out)
{
    const uint8_t *next = *at;
    bool negative = next < end && *next == '-';
    const uint8_t *begin = next += negative;
    uint64_t value = 0;

    next = digits_read(next, end, &value);
    if (next == begin || (*begin == '0' && next - begin > 1)) {
        return INTEGER_MALFORMED;
    }
    /* 19 digits never overflow 64 bits; more are out of range. */
    if (next - begin > 19 || value > (uint64_t)INT64_MAX + negative) {
        return INTEGER_RANGE;
    }
    *out = negative ? (int64_t)(0 - value) : (int64_t)value;
    *at = next;
    return INTEGER_OK;
}
