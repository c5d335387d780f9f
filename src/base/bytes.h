/*
 * Numbers in byte order, unaligned. The network's order unless the name says little.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define BYTES_BIG16(x) __builtin_bswap16(x)
#define BYTES_BIG32(x) __builtin_bswap32(x)
#define BYTES_BIG64(x) __builtin_bswap64(x)
#define BYTES_LITTLE64(x) (x)
#define BYTES_FIRST32(x) ((x)&0xff) /* the one with the least address */
#else
#define BYTES_BIG16(x) (x)
#define BYTES_BIG32(x) (x)
#define BYTES_BIG64(x) (x)
#define BYTES_LITTLE64(x) __builtin_bswap64(x)
#define BYTES_FIRST32(x) ((x) >> 24)
#endif

static inline uint16_t load_big16(const uint8_t *from)
{
    uint16_t x;

    memcpy(&x, from, sizeof x);
    return BYTES_BIG16(x);
}

static inline uint32_t load_big32(const uint8_t *from)
{
    uint32_t x;

    memcpy(&x, from, sizeof x);
    return BYTES_BIG32(x);
}

/* The same where it is below 256, else any number that is not. A rotation, unlike a swap, leaves
 * compilers in no doubt that nothing stands above its 32 bits. */
static inline uint32_t load_small32(const uint8_t *from)
{
    uint32_t x;

    memcpy(&x, from, sizeof x);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    x = x << 8 | x >> 24;
#endif
    return x;
}

static inline uint64_t load_big64(const uint8_t *from)
{
    uint64_t x;

    memcpy(&x, from, sizeof x);
    return BYTES_BIG64(x);
}

static inline uint64_t load_little64(const uint8_t *from)
{
    uint64_t x;

    memcpy(&x, from, sizeof x);
    return BYTES_LITTLE64(x);
}

/* The number, in the machine's order, of 64 - shift bits, moved up by `shift`: its highest bit is
 * the 63rd, and what stands in memory behind it is below or gone. */
static inline uint64_t load_first64(const uint8_t *from, unsigned shift)
{
    uint64_t x;

    memcpy(&x, from, sizeof x);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    x <<= shift;
#endif
    (void)shift;
    return x;
}

static inline void store_big16(uint8_t *to, uint16_t x)
{
    x = BYTES_BIG16(x);
    memcpy(to, &x, sizeof x);
}

static inline void store_big32(uint8_t *to, uint32_t x)
{
    x = BYTES_BIG32(x);
    memcpy(to, &x, sizeof x);
}

static inline void store_big64(uint8_t *to, uint64_t x)
{
    x = BYTES_BIG64(x);
    memcpy(to, &x, sizeof x);
}

static inline void store_little64(uint8_t *to, uint64_t x)
{
    x = BYTES_LITTLE64(x);
    memcpy(to, &x, sizeof x);
}

/* Many at once; either way, since the one is the other's reverse. */
static inline void copy_little64(uint8_t *to, const uint8_t *from, size_t count)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(to, from, 8 * count);
#else
    for (size_t i = 0; i < 8 * count; i += 8) {
        uint64_t x;

        memcpy(&x, from + i, sizeof x);
        store_little64(to + i, x);
    }
#endif
}

/* What is copied at once where more than is needed may be read or written. */
#define BYTES_VECTOR 16u
#define BYTES_PAIR 32u /* two vectors: sizes of strings up to there take the same way */
#define BYTES_SHORT_MOST 48u

static inline __attribute__((always_inline)) void bytes_copy_pair(uint8_t *to, const uint8_t *from)
{
    memcpy(to, from, BYTES_VECTOR);
    memcpy(to + BYTES_VECTOR, from + BYTES_VECTOR, BYTES_VECTOR);
}

/* memcpy() of at most BYTES_SHORT_MOST bytes without a call: what comes first and what comes last,
 * which may overlap. Not a byte beside them is looked at. */
static inline __attribute__((always_inline)) void bytes_copy_short(uint8_t *to, const uint8_t *from,
                                                                   size_t size)
{
    if (size >= 16) {
        memcpy(to, from, 16);
        if (size > 32) {
            memcpy(to + 16, from + 16, 16);
        }
        memcpy(to + size - 16, from + size - 16, 16);
    } else if (size >= 8) {
        memcpy(to, from, 8);
        memcpy(to + size - 8, from + size - 8, 8);
    } else if (size >= 4) {
        memcpy(to, from, 4);
        memcpy(to + size - 4, from + size - 4, 4);
    } else if (size > 0) {
        to[0] = from[0];
        to[size / 2] = from[size / 2];
        to[size - 1] = from[size - 1];
    }
}

#endif
