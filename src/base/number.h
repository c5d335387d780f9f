/*
 * Doubles in text: the only place that converts them, exactly, and never by the program's locale.
 *
 * Every text reads as the double nearest to it (halfway: the even one), however many digits it has.
 * Integers: integer.h.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <rethrift/error.h>

/* "nan", "inf" and hexadecimal are refused; the whole text must be a decimal number. One that is
 * too large for a double gives an infinity. */
bool number_parse_double(const char *text, size_t size, double *out);

/* Reads the number that begins at `at` by the grammar of JSON ("1.", ".5", "+1", "01" are none).
 * Returns the place behind it, NULL when there is no number. Too large: an infinity. */
const uint8_t *number_read_json(const uint8_t *at, const uint8_t *end, double *out);

#define NUMBER_DOUBLE_SIZE 32

/* The shortest decimal that reads back as the same double, of these the nearest; NUL-terminated,
 * returns its size. Written as ECMAScript does ("0.1", "1e+21", "1e-7"), save that minus zero is
 * "-0". Infinities and NaN give "inf", "-inf", "nan": callers that cannot write those ask first. */
size_t number_format_double(double x, char out[NUMBER_DOUBLE_SIZE]);

/* 17 significant digits, trailing zeros left out: what printf("%.17g") writes. */
size_t number_format_17(double x, char out[NUMBER_DOUBLE_SIZE]);

#endif
