/*
 * Bytes in text forms: as they are, as hexadecimal digits, as base64. In pieces of any size.
 */
#ifndef TOOL_BYTES_FORM_H
#define TOOL_BYTES_FORM_H

#include <rethrift/buffer.h>
#include <stdio.h>

enum bytes_form { FORM_RAW, FORM_HEX, FORM_BASE64 };

/* "raw", "hex", "base64". false: none of them. */
bool bytes_form_named(const char *name, enum bytes_form *out);

/* Between two pieces; starts as {0}. */
struct bytes_reading {
    unsigned held, bits; /* of digits that are no whole byte yet */
    uint64_t at;         /* characters read */
};

/* The text of `size` bytes at `data` becomes what it stands for, in place; blanks and line ends
 * between digits are passed over, and padding ends one text of several. `*out_size`: bytes made. */
bool bytes_decode(enum bytes_form form, struct bytes_reading *reading, uint8_t *data, size_t size,
                  size_t *out_size, thrift_error *err);
/* false: the text ends within a byte. */
bool bytes_decode_end(enum bytes_form form, const struct bytes_reading *reading, thrift_error *err);

/* All pieces but the last have a multiple of this size in base64: lines. */
#define BYTES_PIECE 48u
bool bytes_write(FILE *to, enum bytes_form form, thrift_bytes piece, bool first);
/* Text forms end with a newline. */
bool bytes_write_end(FILE *to, enum bytes_form form);

#endif
