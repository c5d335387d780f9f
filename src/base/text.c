/*
 * Text building and quoting. Nothing here depends on the locale.
 */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"

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

const char *text_quote(const void *bytes, size_t size, char out[TEXT_QUOTED_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    static const char ending[] = "...\"";
    const uint8_t *from = bytes;
    size_t used = 0;

    out[used++] = '"';
    for (size_t i = 0; i < size; i++) {
        if (used + 4 + sizeof ending > TEXT_QUOTED_SIZE) {
            memcpy(out + used, ending, sizeof ending);
            return out;
        }
        if (from[i] == '"' || from[i] == '\\') {
            out[used++] = '\\';
            out[used++] = (char)from[i];
        } else if (from[i] >= 0x20 && from[i] < 0x7f) {
            out[used++] = (char)from[i];
        } else {
            out[used++] = '\\';
            out[used++] = 'x';
            out[used++] = digits[from[i] >> 4];
            out[used++] = digits[from[i] & 15];
        }
    }
    out[used++] = '"';
    out[used] = '\0';
    return out;
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
