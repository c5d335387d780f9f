/*
 * UUIDs in text: 8-4-4-4-12 hexadecimal digits. Source: RFC 9562, section 4.
 */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UUID_SIZE 16
#define UUID_TEXT_SIZE 36

/* Lower case, no NUL. */
void uuid_write(char out[UUID_TEXT_SIZE], const uint8_t uuid[UUID_SIZE]);

/* Both cases, with or without braces around it; false when the text is no UUID. */
bool uuid_read(const char *text, size_t size, uint8_t out[UUID_SIZE]);

#endif
