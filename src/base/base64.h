/*
 * Base64 with the standard alphabet. Source: RFC 4648, section 4.
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Characters that `size` bytes take; sizes whose text would not fit size_t are the caller's care.
 */
static inline size_t base64_text_size(size_t size, bool padded)
{
    return padded ? (size + 2) / 3 * 4 : size / 3 * 4 + (size % 3 * 4 + 2) / 3;
}

/* The most bytes that `size` characters stand for. */
static inline size_t base64_bytes_most(size_t size) { return size / 4 * 3 + 3; }

/* Writes base64_text_size() characters, no NUL; returns the place behind them. */
char *base64_write(char *out, const uint8_t *bytes, size_t size, bool padded);

/* Reads text with its padding, a part of it, or none; bits that stand for nothing must be zero.
 * Writes at most base64_bytes_most(size) bytes; false when the text is not base64. */
bool base64_read(const uint8_t *text, size_t size, uint8_t *out, size_t *out_size);

#endif
