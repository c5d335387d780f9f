/*
 * xxHash, and nothing else of it anywhere.
 */
#include "base/hash.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#define XXH_INLINE_ALL
/* xxhash.h is not written for our warning set. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wcast-align"
#pragma GCC diagnostic ignored "-Wswitch-enum"
#pragma GCC diagnostic ignored "-Wunused-macros"
#include <xxhash.h>
#pragma GCC diagnostic pop

#define FINGERPRINT_SEED_LOW UINT64_C(0)
#define FINGERPRINT_SEED_HIGH UINT64_C(0x7265746872696674)

/* Set once; two threads that race store two seeds of which the first stays. */
static uint64_t process_seed(void)
{
    static _Atomic uint64_t seed;
    uint64_t now = atomic_load_explicit(&seed, memory_order_relaxed);

    if (now == 0) {
        uint64_t fresh = 0;

        if (getrandom(&fresh, sizeof fresh, GRND_NONBLOCK) != (ssize_t)sizeof fresh) {
            fresh = (uint64_t)(uintptr_t)&seed;
        }
        fresh |= 1;
        if (atomic_compare_exchange_strong(&seed, &now, fresh)) {
            now = fresh;
        }
    }
    return now;
}

uint64_t hash_bytes(const void *bytes, size_t size)
{
    return XXH3_64bits_withSeed(bytes, size, process_seed());
}

void hash_fingerprint(const void *bytes, size_t size, char out[HASH_FINGERPRINT_SIZE])
{
    XXH128_hash_t low = XXH3_128bits_withSeed(bytes, size, FINGERPRINT_SEED_LOW);
    XXH128_hash_t high = XXH3_128bits_withSeed(bytes, size, FINGERPRINT_SEED_HIGH);

    (void)snprintf(out, HASH_FINGERPRINT_SIZE, "%016llx%016llx%016llx%016llx",
                   (unsigned long long)low.high64, (unsigned long long)low.low64,
                   (unsigned long long)high.high64, (unsigned long long)high.low64);
}

void hash_wide(const void *bytes, size_t size, uint8_t out[HASH_WIDE_SIZE])
{
    XXH128_canonical_t canonical;

    XXH128_canonicalFromHash(&canonical, XXH3_128bits_withSeed(bytes, size, FINGERPRINT_SEED_LOW));
    memcpy(out, canonical.digest, HASH_WIDE_SIZE);
}
