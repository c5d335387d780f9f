/*
 * UTF-8 validation. Source: RFC 3629, section 4 (no surrogates, no overlong forms, <= U+10FFFF).
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <rethrift/error.h>

/* The offset of the first byte that is not part of valid UTF-8; `size` when all is well. */
size_t utf8_check(const void *bytes, size_t size);

/* Writes one code point (<= 0x10ffff), returns its 1 to 4 bytes. */
size_t utf8_write(uint32_t code_point, uint8_t out[4]);

#endif
