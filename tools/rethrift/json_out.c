/*
 * Writing JSON. Source: RFC 8259.
 */
#include "json_out.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void put_line(struct json_out *out)
{
    fprintf(out->file, "\n%*s", (int)(2 * out->depth), "");
}

/* What stands before a value: comma, line, key. */
static void put_head(struct json_out *out, const char *key)
{
    if (out->depth > 0) {
        if (!out->empty) {
            fputs(out->compact ? ", " : ",", out->file);
        }
        if (!out->compact) {
            put_line(out);
        }
    }
    out->empty = false;
    if (key != NULL) {
        json_string(&(struct json_out){.file = out->file, .compact = true}, NULL, key);
        fputs(": ", out->file);
    }
}

void json_begin(struct json_out *out, const char *key, char bracket)
{
    put_head(out, key);
    fputc(bracket, out->file);
    out->depth++;
    out->empty = true;
}

void json_end(struct json_out *out, char bracket)
{
    out->depth--;
    if (!out->compact && !out->empty) {
        put_line(out);
    }
    out->empty = false;
    fputc(bracket, out->file);
}

/* By the first byte; 0: none begins so. */
static size_t announced_size(unsigned char first)
{
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xc2 || first > 0xf4) {
        return 0;
    }
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* The size of the UTF-8 sequence at `at`, 0 when it is none. Source: RFC 3629, section 4. */
static size_t sequence_size(const unsigned char *at, size_t left)
{
    size_t size = announced_size(at[0]);

    if (size == 0 || size > left) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f)) {
        return 0;
    }
    return size;
}

static void put_character(FILE *file, unsigned char c)
{
    switch (c) {
    case '"':
        fputs("\\\"", file);
        break;
    case '\\':
        fputs("\\\\", file);
        break;
    case '\n':
        fputs("\\n", file);
        break;
    case '\r':
        fputs("\\r", file);
        break;
    case '\t':
        fputs("\\t", file);
        break;
    default:
        if (c < 0x20 || c == 0x7f) {
            fprintf(file, "\\u%04x", c);
        } else {
            fputc(c, file);
        }
        break;
    }
}

void json_text(struct json_out *out, const char *key, const char *text, size_t size)
{
    const unsigned char *at = (const unsigned char *)text;

    put_head(out, key);
    fputc('"', out->file);
    while (size > 0) {
        size_t step = sequence_size(at, size);

        if (step == 1) {
            put_character(out->file, *at);
        } else if (step == 0) {
            fputs("\\ufffd", out->file);
            step = 1;
        } else {
            fwrite(at, 1, step, out->file);
        }
        at += step;
        size -= step;
    }
    fputc('"', out->file);
}

void json_string(struct json_out *out, const char *key, const char *text)
{
    if (text != NULL) {
        json_text(out, key, text, strlen(text));
    }
}

void json_integer(struct json_out *out, const char *key, int64_t number)
{
    put_head(out, key);
    fprintf(out->file, "%" PRId64, number);
}

void json_real(struct json_out *out, const char *key, double number)
{
    char text[40];

    if (isnan(number) || isinf(number)) {
        json_string(out, key, isnan(number) ? "nan" : number > 0 ? "inf" : "-inf");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) { /* the program never leaves the C locale */
        double back;

        snprintf(text, sizeof text, "%.*g", digits, number);
        back = strtod(text, NULL);
        if (!(back < number) && !(back > number)) {
            break;
        }
    }
    put_head(out, key);
    fputs(text, out->file);
}

void json_boolean(struct json_out *out, const char *key, bool value)
{
    put_head(out, key);
    fputs(value ? "true" : "false", out->file);
}

void json_null(struct json_out *out, const char *key)
{
    put_head(out, key);
    fputs("null", out->file);
}

void json_bytes(struct json_out *out, const char *key, const uint8_t *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    put_head(out, key);
    fputc('"', out->file);
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t second = left > 1 ? bytes[i + 1] : 0, third = left > 2 ? bytes[i + 2] : 0;
        uint32_t group = (uint32_t)bytes[i] << 16 | second << 8 | third;

        fputc(digits[group >> 18], out->file);
        fputc(digits[group >> 12 & 63], out->file);
        fputc(left > 1 ? digits[group >> 6 & 63] : '=', out->file);
        fputc(left > 2 ? digits[group & 63] : '=', out->file);
    }
    fputc('"', out->file);
}
