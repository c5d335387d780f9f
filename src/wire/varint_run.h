/*
 * Thirty-two bytes of varints at a time: a bit for each byte that another one follows, the first
 * byte's lowest. A varint of n bytes is a run of n - 1 of them.
 */
#ifndef WIRE_VARINT_RUN_H
#define WIRE_VARINT_RUN_H

#include "base/bytes.h"
#include "base/inline.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define VARINT_RUN 32

/* The top bits of eight bytes, as one number. */
static inline uint32_t varint_top_bits(uint64_t word)
{
    word = word >> 7 & UINT64_C(0x0101010101010101);
    return (uint32_t)((word * UINT64_C(0x0102040810204080)) >> 56);
}

static inline uint32_t varint_goes_on_by_words(const uint8_t *at)
{
    uint32_t bits = 0;

    for (unsigned i = 0; i < VARINT_RUN; i += 8) {
        bits |= varint_top_bits(load_little64(at + i)) << i;
    }
    return bits;
}

static inline uint32_t varint_goes_on(const uint8_t *at)
{
#ifdef __SSE2__
    const __m128i *vectors = (const void *)at;

    return (uint32_t)_mm_movemask_epi8(_mm_loadu_si128(vectors)) |
           (uint32_t)_mm_movemask_epi8(_mm_loadu_si128(vectors + 1)) << 16;
#else
    return varint_goes_on_by_words(at);
#endif
}

/* Where so many bits in a row begin. */
static inline uint64_t varint_runs_of_2(uint64_t bits) { return bits & bits >> 1; }

static inline uint64_t varint_runs_of_4(uint64_t bits)
{
    bits &= bits >> 1;
    return bits & bits >> 2;
}

static inline uint64_t varint_runs_of_9(uint64_t bits)
{
    uint64_t eight = varint_runs_of_4(bits);

    eight &= eight >> 4;
    return eight & bits >> 8;
}

/* How many of the last are set. */
static inline unsigned varint_run_at_end(uint32_t bits)
{
    return (unsigned)__builtin_clzll(~((uint64_t)bits << 32));
}

#endif
