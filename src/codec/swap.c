/*
 * Bulk byte swap: 16 or 32 bytes at a time where the processor can shuffle bytes, which is asked at
 * run time, else number by number. On big-endian machines nothing is swapped.
 */
#include "codec/swap.h"

#include "base/bytes.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAVE_SHUFFLE 1
#endif

#define PORTABLE(bits)                                                                             \
    static void portable##bits(uint8_t *to, const uint8_t *from, size_t count)                     \
    {                                                                                              \
        for (size_t i = 0; i < count; i++) {                                                       \
            store_big##bits(to + i * sizeof(uint##bits##_t),                                       \
                            load_raw##bits(from + i * sizeof(uint##bits##_t)));                    \
        }                                                                                          \
    }

static uint16_t load_raw16(const uint8_t *from)
{
    uint16_t x;

    memcpy(&x, from, sizeof x);
    return x;
}

static uint32_t load_raw32(const uint8_t *from)
{
    uint32_t x;

    memcpy(&x, from, sizeof x);
    return x;
}

static uint64_t load_raw64(const uint8_t *from)
{
    uint64_t x;

    memcpy(&x, from, sizeof x);
    return x;
}

PORTABLE(16)
PORTABLE(32)
PORTABLE(64)

#ifdef HAVE_SHUFFLE

static const uint8_t order16[16] = {1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14};
static const uint8_t order32[16] = {3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12};
static const uint8_t order64[16] = {7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8};

/* Both pass over whole vectors and return how many bytes they did. */
__attribute__((target("ssse3"))) static size_t shuffle16(uint8_t *to, const uint8_t *from,
                                                         size_t size, const uint8_t order[16])
{
    const __m128i mask = _mm_loadu_si128((const void *)order);
    size_t at = 0;

    for (; size - at >= 16; at += 16) {
        __m128i x = _mm_loadu_si128((const void *)(from + at));

        _mm_storeu_si128((void *)(to + at), _mm_shuffle_epi8(x, mask));
    }
    return at;
}

__attribute__((target("avx2"))) static size_t shuffle32(uint8_t *to, const uint8_t *from,
                                                        size_t size, const uint8_t order[16])
{
    const __m256i mask = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)order));
    size_t at = 0;

    for (; size - at >= 64; at += 64) {
        __m256i x = _mm256_loadu_si256((const void *)(from + at));
        __m256i y = _mm256_loadu_si256((const void *)(from + at + 32));

        _mm256_storeu_si256((void *)(to + at), _mm256_shuffle_epi8(x, mask));
        _mm256_storeu_si256((void *)(to + at + 32), _mm256_shuffle_epi8(y, mask));
    }
    return at;
}

static size_t shuffle(uint8_t *to, const uint8_t *from, size_t size, const uint8_t order[16])
{
    if (size < 64) {
        return 0;
    }
    if (__builtin_cpu_supports("avx2")) {
        return shuffle32(to, from, size, order);
    }
    return __builtin_cpu_supports("ssse3") ? shuffle16(to, from, size, order) : 0;
}

#else

static const uint8_t *const order16, *const order32, *const order64;

static size_t shuffle(uint8_t *to, const uint8_t *from, size_t size, const uint8_t *order)
{
    (void)to;
    (void)from;
    (void)size;
    (void)order;
    return 0;
}

#endif

void swap_copy16(void *to, const void *from, size_t count)
{
    size_t done = shuffle(to, from, 2 * count, order16);

    portable16((uint8_t *)to + done, (const uint8_t *)from + done, count - done / 2);
}

void swap_copy32(void *to, const void *from, size_t count)
{
    size_t done = shuffle(to, from, 4 * count, order32);

    portable32((uint8_t *)to + done, (const uint8_t *)from + done, count - done / 4);
}

void swap_copy64(void *to, const void *from, size_t count)
{
    size_t done = shuffle(to, from, 8 * count, order64);

    portable64((uint8_t *)to + done, (const uint8_t *)from + done, count - done / 8);
}
