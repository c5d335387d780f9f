/*
 * Text for people: building it, quoting what a peer or a file said, guessing what was meant.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <rethrift/buffer.h>
#include <stdarg.h>

/* Appends; the buffer is not NUL-terminated. false when there is no memory. */
bool text_append(thrift_buffer *text, const char *more);
bool text_printf(thrift_buffer *text, const char *format, ...) THRIFT_PRINTF(2, 3);
/* NUL-terminates behind `size` and returns the characters; NULL when there is no memory. */
const char *text_end(thrift_buffer *text);

/* Replaces control characters by '?' in place. */
void text_make_printable(char *text);

/* Peer's bytes as a quoted, escaped, shortened C-like literal: "ab\x00c…". Returns `out`. */
#define TEXT_QUOTED_SIZE 80
const char *text_quote(const void *bytes, size_t size, char out[TEXT_QUOTED_SIZE]);
/* The same for a person who wants to read it: UTF-8 that can be seen stays as it is. */
const char *text_quote_readable(const void *bytes, size_t size, char out[TEXT_QUOTED_SIZE]);

/* Levenshtein distance, capped: returns `most` + 1 when it is larger. Names up to 64 bytes. */
size_t text_distance(const char *a, const char *b, size_t most);

#endif
