/*
 * A decoded string's copy in an arena.
 */
#ifndef CODEC_TEXT_COPY_H
#define CODEC_TEXT_COPY_H

#include "base/inline.h"
#include "codec/policy.h"
#include "wire/cursor.h"

/* A string's copy with its NUL, of which not a byte beside it is read; `from` is in the input.
 * false: the string is long or not there, or the arena has no room. */
ALWAYS_INLINE bool text_copy_exactly(uint8_t *to, const uint8_t *to_end, const uint8_t *from,
                                     const struct cursor *in, size_t size)
{
    if (size > CODEC_MODERATE || size > (size_t)(in->end - from) || size >= (size_t)(to_end - to)) {
        return false;
    }
    if (size >= BYTES_VECTOR && size <= BYTES_PAIR) {
        memcpy(to, from, BYTES_VECTOR);
        memcpy(to + size - BYTES_VECTOR, from + size - BYTES_VECTOR, BYTES_VECTOR);
    } else if (size <= BYTES_SHORT_MOST) {
        bytes_copy_short(to, from, size);
    } else {
        memcpy(to, from, size);
    }
    to[size] = '\0';
    return true;
}

/* The same into the slop that follows every allocation, if the string is not empty. Up to
 * BYTES_PAIR bytes all sizes take the same way, where the input has so many: what no branch depends
 * on is never mispredicted. */
ALWAYS_INLINE bool text_copy(uint8_t *to, const uint8_t *to_end, const uint8_t *from,
                             const struct cursor *in, size_t size)
{
    if (RARELY(size > BYTES_PAIR || (uintptr_t)from + BYTES_PAIR > (uintptr_t)in->end)) {
        return text_copy_exactly(to, to_end, from, in, size);
    }
    if (RARELY((uintptr_t)to + size >= (uintptr_t)to_end)) {
        return false;
    }
    bytes_copy_pair(to, from);
    to[size] = '\0';
    return true;
}

#endif
