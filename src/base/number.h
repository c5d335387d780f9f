/*
 * Numbers in text. The only place that converts doubles, and never by the program's locale.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <rethrift/error.h>

/* "nan", "inf" and hexadecimal are refused; the whole text must be a decimal number of less than
 * 400 characters. What is too large for a double gives an infinity: callers that mind look. */
bool number_parse_double(const char *text, size_t size, double *out);

/* The shortest decimal that reads back as the same double; NUL-terminated, returns its size.
 * Infinities and NaN give "inf", "-inf", "nan": callers that cannot write those ask first. */
#define NUMBER_DOUBLE_SIZE 32
size_t number_format_double(double x, char out[NUMBER_DOUBLE_SIZE]);

#endif
