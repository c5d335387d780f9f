/*
 * Numbers in byte order, unaligned. The network's order unless the name says little.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define BYTES_BIG16(x) __builtin_bswap16(x)
#define BYTES_BIG32(x) __builtin_bswap32(x)
#define BYTES_BIG64(x) __builtin_bswap64(x)
#define BYTES_LITTLE64(x) (x)
#else
#define BYTES_BIG16(x) (x)
#define BYTES_BIG32(x) (x)
#define BYTES_BIG64(x) (x)
#define BYTES_LITTLE64(x) __builtin_bswap64(x)
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

#endif
