/*
 * Writing JSON to a stream, piece by piece: indented for files, on one line for parts of a text.
 *
 * Keys are NULL inside of arrays. What is not UTF-8 becomes U+FFFD.
 */
#ifndef TOOL_JSON_OUT_H
#define TOOL_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct json_out {
    FILE *file;
    bool compact;
    unsigned depth;
    bool empty; /* nothing yet in what was opened last */
};

void json_begin(struct json_out *out, const char *key, char bracket); /* '{' or '[' */
void json_end(struct json_out *out, char bracket);                    /* '}' or ']' */
void json_text(struct json_out *out, const char *key, const char *text, size_t size);
/* Nothing at all when text is NULL. */
void json_string(struct json_out *out, const char *key, const char *text);
void json_integer(struct json_out *out, const char *key, int64_t number);
/* "inf", "-inf" and "nan" are strings. */
void json_real(struct json_out *out, const char *key, double number);
void json_boolean(struct json_out *out, const char *key, bool value);
void json_null(struct json_out *out, const char *key);
/* As base64. */
void json_bytes(struct json_out *out, const char *key, const uint8_t *bytes, size_t size);

#endif
