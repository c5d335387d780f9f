/*
 * Text building and quoting. Nothing here depends on the locale.
 */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

#define NAME_SIZE_MOST 64

bool text_append(thrift_buffer *text, const char *more)
{
    return buffer_append(text, more, strlen(more));
}

bool text_printf(thrift_buffer *text, const char *format, ...)
{
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size < 0 || !buffer_reserve(text, (size_t)size + 1)) {
        return false;
    }
    va_start(arguments, format);
    (void)vsnprintf((char *)text->data + text->size, (size_t)size + 1, format, arguments);
    va_end(arguments);
    text->size += (size_t)size;
    return true;
}

const char *text_end(thrift_buffer *text)
{
    if (!buffer_reserve(text, 1)) {
        return NULL;
    }
    text->data[text->size] = '\0';
    return (const char *)text->data;
}

void text_make_printable(char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < 0x20 || *text == 0x7f) {
            *text = '?';
        }
    }
}

static const char ending[] = "...\"";

static size_t quote_byte(uint8_t byte, char *out)
{
    static const char digits[] = "0123456789abcdef";

    if (byte == '"' || byte == '\\') {
        out[0] = '\\';
        out[1] = (char)byte;
        return 2;
    }
    if (byte >= 0x20 && byte < 0x7f) {
        out[0] = (char)byte;
        return 1;
    }
    memcpy(out, "\\x", 2);
    out[2] = digits[byte >> 4];
    out[3] = digits[byte & 15];
    return 4;
}

/* A sequence of several bytes that a terminal shows: no control characters of Unicode, nothing
 * without a width or that turns the direction of what follows. */
static size_t visible_sequence(const uint8_t *at, size_t left)
{
    size_t size = utf8_sequence(at, left);

    if (size < 2 || (at[0] == 0xc2 && at[1] < 0xa0)) {
        return 0;
    }
    if (size == 3 && at[0] == 0xe2 && (at[1] == 0x80 || at[1] == 0x81)) {
        bool hidden =
            at[1] == 0x80 ? (at[2] >= 0x8b && at[2] <= 0x8f) || at[2] >= 0xa8 : at[2] >= 0xa0;

        return hidden ? 0 : size;
    }
    return size == 3 && memcmp(at, "\xef\xbb\xbf", 3) == 0 ? 0 : size;
}

static const char *quote(const uint8_t *from, size_t size, bool readable,
                         char out[TEXT_QUOTED_SIZE])
{
    size_t used = 0;

    out[used++] = '"';
    for (size_t i = 0; i < size;) {
        size_t whole = readable && from[i] >= 0x80 ? visible_sequence(from + i, size - i) : 0;

        if (used + 4 + sizeof ending > TEXT_QUOTED_SIZE) {
            memcpy(out + used, ending, sizeof ending);
            return out;
        }
        if (whole > 0) {
            memcpy(out + used, from + i, whole);
            used += whole;
            i += whole;
        } else {
            used += quote_byte(from[i], out + used);
            i += 1;
        }
    }
    out[used++] = '"';
    out[used] = '\0';
    return out;
}

const char *text_quote(const void *bytes, size_t size, char out[TEXT_QUOTED_SIZE])
{
    return quote(bytes, size, false, out);
}

const char *text_quote_readable(const void *bytes, size_t size, char out[TEXT_QUOTED_SIZE])
{
    return quote(bytes, size, true, out);
}

static size_t least_of(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;

    return least < c ? least : c;
}

size_t text_distance(const char *a, const char *b, size_t most)
{
    size_t row[NAME_SIZE_MOST + 1], a_size = strlen(a), b_size = strlen(b);

    if (a_size > NAME_SIZE_MOST || b_size > NAME_SIZE_MOST) {
        return most + 1;
    }
    for (size_t j = 0; j <= b_size; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a_size; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            size_t above = row[j];

            row[j] = least_of(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[b_size] > most ? most + 1 : row[b_size];
}
