/*
 * Text -> double.
 *
 * Up to 19 digits: one or two products with a power of ten of 128 bits, which always decide. More
 * digits: the first 19 and the next number above them; where these differ, big numbers decide.
 * Source: D. Lemire, "Number Parsing at a Gigabyte per Second" (2021); N. Mushtak and D. Lemire,
 * "Fast Number Parsing Without Fallback" (2023); W. Clinger, "How to Read Floating Point Numbers
 * Accurately" (1990) for the short ones.
 */
#include "base/number.h"

#include <float.h>
#include <string.h>

#include "base/big_number.h"
#include "base/digits.h"
#include "base/power_table.h"

#define MANTISSA_BITS 52
#define EXPONENT_BIAS 1023
#define EXPONENT_INFINITE 0x7ff
#define DIGITS_KEPT 19       /* what always fits 64 bits */
#define EXPONENT_MOST 100000 /* of ten: beyond it everything is zero or infinite */

/* mantissa * 10^exponent, and where the digits stand when they are more than the mantissa holds. */
struct decimal {
    uint64_t mantissa;
    int64_t exponent;
    bool negative;
    bool cut;                           /* digits follow that `mantissa` leaves out */
    const uint8_t *digits, *digits_end; /* with a point somewhere */
};

/* A double without its sign: the bits of its mantissa, and its biased exponent. */
struct binary {
    uint64_t mantissa;
    int exponent;
};

/* ---- text -> decimal ---- */

/* The digits of an exponent; NULL when there are none. Saturates. */
static const uint8_t *read_exponent(const uint8_t *at, const uint8_t *end, int64_t *exponent)
{
    bool negative = at < end && *at == '-';
    int64_t value = 0;

    if (at < end && (*at == '-' || *at == '+')) {
        at++;
    }
    if (at == end || !digits_is(*at)) {
        return NULL;
    }
    for (; at < end && digits_is(*at); at++) {
        value = value < EXPONENT_MOST ? value * 10 + (*at - '0') : value;
    }
    *exponent += negative ? -value : value;
    return at;
}

/* Takes the first 19 significant digits again, when the sum over all of them has overflowed. */
static void keep_first_digits(struct decimal *number)
{
    const uint8_t *at = number->digits;
    int kept = 0;

    number->mantissa = 0;
    while (at < number->digits_end && (*at == '0' || *at == '.')) {
        at++;
    }
    for (; at < number->digits_end; at++) {
        if (*at == '.') {
            continue;
        }
        if (kept < DIGITS_KEPT) {
            number->mantissa = number->mantissa * 10 + (uint64_t)(*at - '0');
            kept += 1;
        } else {
            number->cut = number->cut || *at != '0';
            number->exponent += 1; /* it was counted for all digits */
        }
    }
}

/* digits [ "." digits ] [ "e" exponent ]; NULL when it is not that. `strict` is JSON's grammar. */
static const uint8_t *read_decimal(const uint8_t *at, const uint8_t *end, bool strict,
                                   struct decimal *number)
{
    const uint8_t *begin = at, *point;
    ptrdiff_t count;

    at = digits_read(at, end, &number->mantissa);
    count = at - begin;
    if (strict && (count == 0 || (count > 1 && *begin == '0'))) {
        return NULL;
    }
    if (at < end && *at == '.') {
        point = ++at;
        at = digits_read(at, end, &number->mantissa);
        if (strict && at == point) {
            return NULL;
        }
        number->exponent = point - at;
        count += at - point;
    }
    number->digits = begin;
    number->digits_end = at;
    if (count == 0) {
        return NULL;
    }
    if (at < end && (*at | 0x20) == 'e') {
        at = read_exponent(at + 1, end, &number->exponent);
    }
    if (count > DIGITS_KEPT) {
        keep_first_digits(number);
    }
    return at;
}

/* ---- decimal -> double ---- */

static const struct binary infinite = {0, EXPONENT_INFINITE};

/* The significand's upper 128 bits; the second product only when the first leaves a doubt. */
static struct power significand(uint64_t mantissa, int exponent)
{
    const uint64_t doubt = UINT64_MAX >> (MANTISSA_BITS + 3);
    struct power ten = power_of_ten(exponent);
    struct power product = power_multiply(mantissa, ten.high);

    if ((product.high & doubt) == doubt) {
        uint64_t more = power_multiply(mantissa, ten.low).high;

        product.low += more;
        product.high += product.low < more;
    }
    return product;
}

static struct binary subnormal(uint64_t mantissa, int shift)
{
    if (shift >= 64) {
        return (struct binary){0, 0};
    }
    mantissa >>= shift;
    mantissa = (mantissa + (mantissa & 1)) >> 1;
    return (struct binary){mantissa & ((UINT64_C(1) << MANTISSA_BITS) - 1),
                           (int)(mantissa >> MANTISSA_BITS)};
}

/* The double nearest to mantissa * 10^exponent. */
static struct binary nearest(uint64_t mantissa, int64_t exponent)
{
    int zeros, shift, upper, ten = (int)exponent;
    struct power product;
    struct binary result;

    if (mantissa == 0 || exponent < POWER_LEAST) {
        return (struct binary){0, 0};
    }
    if (exponent > 308) {
        return infinite;
    }
    zeros = __builtin_clzll(mantissa);
    product = significand(mantissa << zeros, ten);
    upper = (int)(product.high >> 63);
    shift = upper + 64 - MANTISSA_BITS - 3;
    result.mantissa = product.high >> shift;
    result.exponent = power_log2_of_ten(ten) + 63 + upper - zeros + EXPONENT_BIAS;
    if (result.exponent <= 0) {
        return subnormal(result.mantissa, 1 - result.exponent);
    }
    /* Exactly halfway, and the even one is below. */
    if (product.low <= 1 && ten >= -4 && ten <= 23 && (result.mantissa & 3) == 1 &&
        result.mantissa << shift == product.high) {
        result.mantissa &= ~UINT64_C(1);
    }
    result.mantissa = (result.mantissa + (result.mantissa & 1)) >> 1;
    if (result.mantissa >> (MANTISSA_BITS + 1) != 0) {
        result.mantissa >>= 1;
        result.exponent += 1;
    }
    result.mantissa &= (UINT64_C(1) << MANTISSA_BITS) - 1;
    return result.exponent >= EXPONENT_INFINITE ? infinite : result;
}

/* All digits, at most BIG_DIGITS_MOST of them and one more that stands for the rest. Returns the
 * exponent of ten that belongs to the last one. */
static int64_t read_big(const struct decimal *number, struct big_number *big)
{
    const uint8_t *at = number->digits;
    int64_t kept = 0, exponent = number->exponent + DIGITS_KEPT;
    bool more = false;

    big_set(big, 0);
    while (*at == '0' || *at == '.') {
        at++;
    }
    for (; at < number->digits_end; at++) {
        if (*at == '.') {
            continue;
        }
        if (kept < BIG_DIGITS_MOST) {
            big_multiply_add(big, 10, (uint32_t)(*at - '0'));
            kept += 1;
        } else {
            more = more || *at != '0';
        }
    }
    if (more) {
        big_multiply_add(big, 10, 1);
        kept += 1;
    }
    return exponent - kept;
}

/* Compares the decimal with the number halfway between `below` and the next double. */
static int compare_halfway(const struct decimal *number, struct binary below)
{
    struct big_number digits, half;
    int64_t ten = read_big(number, &digits);
    int two = (below.exponent == 0 ? 1 : below.exponent) - EXPONENT_BIAS - MANTISSA_BITS - 1;
    uint64_t mantissa = below.mantissa | (uint64_t)(below.exponent != 0) << MANTISSA_BITS;

    big_set(&half, 2 * mantissa + 1);
    big_multiply_power_of_five(ten < 0 ? &half : &digits, (unsigned)(ten < 0 ? -ten : ten));
    two -= (int)ten;
    big_shift_left(two < 0 ? &digits : &half, (unsigned)(two < 0 ? -two : two));
    return big_compare(&digits, &half);
}

static struct binary nearest_of_many_digits(const struct decimal *number)
{
    struct binary below = nearest(number->mantissa, number->exponent);
    struct binary above = nearest(number->mantissa + 1, number->exponent);
    int order;

    if (below.exponent == above.exponent && below.mantissa == above.mantissa) {
        return below;
    }
    order = compare_halfway(number, below);
    return order < 0 || (order == 0 && below.mantissa % 2 == 0) ? below : above;
}

static double assemble(struct binary number, bool negative)
{
    uint64_t bits =
        number.mantissa | (uint64_t)number.exponent << MANTISSA_BITS | (uint64_t)negative << 63;
    double x;

    memcpy(&x, &bits, sizeof x);
    return x;
}

static double to_double(const struct decimal *number)
{
#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD == 0
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

    /* Both operands are exact, so that one operation rounds once. */
    if (number->exponent >= -22 && number->exponent <= 22 && number->mantissa >> 53 == 0 &&
        !number->cut) {
        double x = (double)number->mantissa;

        x = number->exponent < 0 ? x / tens[-number->exponent] : x * tens[number->exponent];
        return number->negative ? -x : x;
    }
#endif
    return assemble(number->cut ? nearest_of_many_digits(number)
                                : nearest(number->mantissa, number->exponent),
                    number->negative);
}

const uint8_t *number_read_json(const uint8_t *at, const uint8_t *end, double *out)
{
    struct decimal number = {.negative = at < end && *at == '-'};

    at = read_decimal(at + number.negative, end, true, &number);
    if (at != NULL) {
        *out = to_double(&number);
    }
    return at;
}

bool number_parse_double(const char *text, size_t size, double *out)
{
    const uint8_t *at = (const uint8_t *)text, *end = at + size;
    struct decimal number = {.negative = size > 0 && *at == '-'};

    at += size > 0 && (*at == '-' || *at == '+');
    at = read_decimal(at, end, false, &number);
    if (at != end) {
        return false;
    }
    *out = to_double(&number);
    return true;
}
