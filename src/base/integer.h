/*
 * Integers in decimal text.
 */
#ifndef BASE_INTEGER_H
#define BASE_INTEGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INTEGER_SIZE 20 /* of the longest, with its sign */

/* Write the digits, no NUL; return how many characters, at most INTEGER_SIZE. */
size_t integer_write_u64(char *out, uint64_t x);
size_t integer_write_i64(char *out, int64_t x);

enum integer_fault { INTEGER_OK, INTEGER_MALFORMED, INTEGER_RANGE };

/* Reads [-]digits by the grammar of JSON ("01" and "-" are none) and moves *at behind it; what
 * follows is for the caller to judge. *at stays on failure. */
enum integer_fault integer_read_i64(const uint8_t **at, const uint8_t *end, int64_t *out);

#endif
