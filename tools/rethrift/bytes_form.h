/*
 * Bytes of files and of the standard streams: as they are, as hexadecimal digits, as base64.
 */
#ifndef TOOL_BYTES_FORM_H
#define TOOL_BYTES_FORM_H

#include <rethrift/buffer.h>
#include <stdio.h>

enum bytes_form { FORM_RAW, FORM_HEX, FORM_BASE64 };

/* "raw", "hex", "base64". false: none of them. */
bool bytes_form_named(const char *name, enum bytes_form *out);

/* All of a file, "-" being the standard input. false: err says why. */
bool bytes_read(const char *path, thrift_buffer *out, thrift_error *err);
/* Text in place to what it stands for; blanks and line ends between digits are passed over. */
bool bytes_decode(enum bytes_form form, thrift_buffer *bytes, thrift_error *err);
/* Text forms end with a newline. */
bool bytes_write(FILE *to, enum bytes_form form, thrift_bytes bytes);

#endif
