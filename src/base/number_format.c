/*
 * Double -> text: the shortest that reads back, and 17 digits.
 *
 * Shortest: R. Giulietti, "The Schubfach way to render doubles" (2020): the one or two candidates
 * of the right length inside the interval that rounds to x, from three products with a power of
 * ten. 17 digits: one product whose fraction is exact to 2^-63; where it stands nearer than that to
 * a boundary, big numbers decide.
 */
#include <string.h>

#include "base/big_number.h"
#include "base/integer.h"
#include "base/number.h"
#include "base/power_table.h"

#define MANTISSA_BITS 52
#define HIDDEN_BIT (UINT64_C(1) << MANTISSA_BITS)
#define EXPONENT_OFFSET 1075
#define TEN_TO_THE_16TH UINT64_C(10000000000000000)

/* digits * 10^exponent */
struct decimal {
    uint64_t digits;
    int exponent;
};

/* mantissa * 2^exponent; `mantissa` is not zero. */
struct binary {
    uint64_t mantissa;
    int exponent;
    bool lower_is_closer; /* a power of two: the double below is nearer than the one above */
};

static struct binary take_apart(uint64_t bits)
{
    uint64_t mantissa = bits & (HIDDEN_BIT - 1);
    int exponent = (int)(bits >> MANTISSA_BITS & 0x7ff);

    if (exponent == 0) {
        return (struct binary){mantissa, 1 - EXPONENT_OFFSET, false};
    }
    return (struct binary){mantissa | HIDDEN_BIT, exponent - EXPONENT_OFFSET,
                           mantissa == 0 && exponent > 1};
}

/* ---- shortest ---- */

/* 10^n, rounded up to 128 bits. */
static struct power power_above(int n)
{
    struct power ten = power_of_ten(n);

    if (n < POWER_ROUNDED_UP_LEAST || n > POWER_EXACT_MOST) {
        ten.low += 1;
        ten.high += ten.low == 0;
    }
    return ten;
}

/* The integer part of x * ten / 2^128; its lowest bit is set when anything was cut off. */
static uint64_t scale_to_odd(struct power ten, uint64_t x)
{
    struct power low = power_multiply(ten.low, x);
    struct power high = power_multiply(ten.high, x);
    uint64_t middle = high.low + low.high;

    return (high.high + (middle < high.low)) | (middle > 1);
}

static struct decimal shortest(struct binary x)
{
    uint64_t odd = x.mantissa & 1, four = 4 * x.mantissa;
    /* floor(log10(2^e)), or of 3/4 of it where the interval is narrower below */
    int k = (x.exponent * 1262611 - (x.lower_is_closer ? 524031 : 0)) >> 22;
    unsigned h = (unsigned)(x.exponent + power_log2_of_ten(-k) + 1);
    struct power ten = power_above(-k);
    uint64_t lower = scale_to_odd(ten, (four - 2 + x.lower_is_closer) << h) + odd;
    uint64_t value = scale_to_odd(ten, four << h);
    uint64_t upper = scale_to_odd(ten, (four + 2) << h) - odd;
    uint64_t s = value / 4;
    bool below, above;

    if (s >= 10) {
        uint64_t tens = s / 10;

        below = lower <= 40 * tens;
        above = 40 * tens + 40 <= upper;
        if (below != above) {
            return (struct decimal){tens + above, k + 1};
        }
    }
    below = lower <= 4 * s;
    above = 4 * s + 4 <= upper;
    if (below != above) {
        return (struct decimal){s + above, k};
    }
    return (struct decimal){s + (value > 4 * s + 2 || (value == 4 * s + 2 && s % 2 == 1)), k};
}

/* Integers below 2^53 are their own digits. */
static struct decimal shortest_of(struct binary x)
{
    if (x.exponent <= 0 && x.exponent > -53 &&
        (x.mantissa & ((UINT64_C(1) << -x.exponent) - 1)) == 0) {
        return (struct decimal){x.mantissa >> -x.exponent, 0};
    }
    return shortest(x);
}

static struct decimal without_zeros(struct decimal number)
{
    while (number.digits % 100 == 0) {
        number.digits /= 100;
        number.exponent += 2;
    }
    if (number.digits % 10 == 0) {
        number.digits /= 10;
        number.exponent += 1;
    }
    return number;
}

/* ---- 17 digits ---- */

/* x * 10^k against (2 * whole + 1) / 2, or against `whole` when `half` is false; exactly. */
static int compare_exactly(struct binary x, int k, uint64_t whole, bool half)
{
    struct big_number a, b;
    int two = x.exponent + k + half;

    big_set(&a, x.mantissa);
    big_set(&b, half ? 2 * whole + 1 : whole);
    big_multiply_power_of_five(k < 0 ? &b : &a, (unsigned)(k < 0 ? -k : k));
    big_shift_left(two < 0 ? &b : &a, (unsigned)(two < 0 ? -two : two));
    return big_compare(&a, &b);
}

/* Seventeen digits out of whole.fraction, which has 17 or 18 before the point; to even when x
 * stands exactly between two. */
static struct decimal round_to_17(struct binary x, int k, uint64_t whole, uint64_t fraction)
{
    const uint64_t half = UINT64_C(1) << 63;
    /* The fraction is exact to 2 units: within them a comparison has to decide. */
    bool near_whole = fraction + 2 <= 4, near_half = fraction - half + 2 <= 4;
    struct decimal number = {whole, -k};
    int order; /* of what is cut off to one half of the last digit kept */

    if (whole < 10 * TEN_TO_THE_16TH) {
        order = near_half ? compare_exactly(x, k, whole, true) : fraction < half ? -1 : 1;
    } else {
        uint64_t last = whole % 10;

        number = (struct decimal){whole / 10, 1 - k};
        if (near_whole && last + (fraction >= half) == 5) {
            order = compare_exactly(x, k, whole + (fraction >= half), false);
        } else {
            order = last < 5 ? -1 : 1;
        }
    }
    number.digits += order > 0 || (order == 0 && number.digits % 2 == 1);
    return number;
}

static struct decimal seventeen(struct binary x)
{
    int normal = __builtin_clzll(x.mantissa) - 11;
    struct binary scaled = {x.mantissa << normal, x.exponent - normal, false};
    int k = 16 - power_log10_of_two(scaled.exponent + MANTISSA_BITS);
    int shift = scaled.exponent + power_log2_of_ten(k) + 1;
    uint64_t factor = scaled.mantissa << shift;
    struct power ten = power_of_ten(k);
    struct power low = power_multiply(ten.low, factor);
    struct power high = power_multiply(ten.high, factor);
    uint64_t fraction = high.low + low.high;

    return round_to_17(x, k, high.high + (fraction < high.low), fraction);
}

/* ---- digits -> text ---- */

/* "d.ddde+XX", the point and exponent of a number whose `count` digits stand at out[0]. */
static size_t write_exponent(char *out, size_t count, int exponent, unsigned least_digits)
{
    char *at = out;

    if (count > 1) {
        memmove(out + 2, out + 1, count - 1);
        out[1] = '.';
        count += 1;
    }
    at += count;
    *at++ = 'e';
    *at++ = exponent < 0 ? '-' : '+';
    exponent = exponent < 0 ? -exponent : exponent;
    if (exponent < 10 && least_digits == 2) {
        *at++ = '0';
    }
    at += integer_write_u64(at, (uint64_t)exponent);
    return (size_t)(at - out);
}

/* How a text is laid out: from which exponents on as "1e+21". */
struct style {
    int least, most;
    unsigned exponent_digits;
};

static const struct style ecmascript = {-7, 21, 1};
static const struct style printf_17g = {-5, 17, 2};

static size_t write_decimal(char *out, struct decimal number, const struct style *style)
{
    size_t count = integer_write_u64(out, number.digits);
    int exponent = number.exponent + (int)count - 1; /* of the first digit */
    int before = exponent + 1;                       /* digits before the point */

    if (exponent <= style->least || exponent >= style->most) {
        return write_exponent(out, count, exponent, style->exponent_digits);
    }
    if (before <= 0) {
        memmove(out + 2 - before, out, count);
        memset(out, '0', (size_t)(2 - before));
        out[1] = '.';
        return count + (size_t)(2 - before);
    }
    if ((size_t)before >= count) {
        memset(out + count, '0', (size_t)before - count);
        return (size_t)before;
    }
    memmove(out + before + 1, out + before, count - (size_t)before);
    out[before] = '.';
    return count + 1;
}

static size_t write_special(char *out, uint64_t bits)
{
    const char *text = (bits & (HIDDEN_BIT - 1)) != 0 ? "nan" : bits >> 63 != 0 ? "-inf" : "inf";

    memcpy(out, text, strlen(text) + 1);
    return strlen(text);
}

static size_t format(double x, char *out, bool all_digits)
{
    uint64_t bits;
    size_t size = 0;
    struct binary binary;

    memcpy(&bits, &x, sizeof bits);
    if ((bits >> MANTISSA_BITS & 0x7ff) == 0x7ff) {
        return write_special(out, bits);
    }
    if (bits >> 63 != 0) {
        out[size++] = '-';
    }
    if (bits << 1 == 0) {
        out[size++] = '0';
    } else {
        binary = take_apart(bits & (UINT64_MAX >> 1));
        size += write_decimal(out + size,
                              without_zeros(all_digits ? seventeen(binary) : shortest_of(binary)),
                              all_digits ? &printf_17g : &ecmascript);
    }
    out[size] = '\0';
    return size;
}

size_t number_format_double(double x, char out[NUMBER_DOUBLE_SIZE])
{
    return format(x, out, false);
}

size_t number_format_17(double x, char out[NUMBER_DOUBLE_SIZE]) { return format(x, out, true); }
