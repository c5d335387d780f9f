/*
 * UTF-8 validation. Source: RFC 3629, section 4 (no surrogates, no overlong forms, <= U+10FFFF).
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <rethrift/error.h>

/* The offset of the first byte that is not part of valid UTF-8; `size` when all is well. */
size_t utf8_check(const void *bytes, size_t size);

/* The size of the valid sequence at `at`, of which `left` > 0 bytes are there; 0: none. */
size_t utf8_sequence(const uint8_t *at, size_t left);

/* Writes one code point (<= 0x10ffff), returns its 1 to 4 bytes. */
size_t utf8_write(uint32_t code_point, uint8_t out[4]);

#endif
