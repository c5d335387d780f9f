/*
 * Text <-> double through the C library under the "C" locale of this thread alone.
 */
#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_SIZE_MOST 400

/* glibc and musl keep "C" as a constant: newlocale allocates nothing for it. */
static locale_t enter_c_locale(locale_t *out_c)
{
    *out_c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return *out_c == (locale_t)0 ? (locale_t)0 : uselocale(*out_c);
}

static void leave_c_locale(locale_t before, locale_t c)
{
    if (c != (locale_t)0) {
        uselocale(before);
        freelocale(c);
    }
}

static bool looks_decimal(const char *text, size_t size)
{
    bool digits = false;

    for (size_t i = 0; i < size; i++) {
        if (text[i] >= '0' && text[i] <= '9') {
            digits = true;
        } else if (strchr("+-.eE", text[i]) == NULL || text[i] == '\0') {
            return false;
        }
    }
    return digits;
}

bool number_parse_double(const char *text, size_t size, double *out)
{
    char copy[TEXT_SIZE_MOST];
    char *end;
    locale_t c, before;
    double x;

    if (size >= sizeof copy || !looks_decimal(text, size)) {
        return false;
    }
    memcpy(copy, text, size);
    copy[size] = '\0';
    before = enter_c_locale(&c);
    x = strtod(copy, &end);
    leave_c_locale(before, c);
    if (end != copy + size) {
        return false;
    }
    *out = x;
    return true;
}

static bool same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

static size_t format_finite(double x, char out[NUMBER_DOUBLE_SIZE])
{
    int size = 0;

    /* Any 15 digits survive a normal double, so none that reads back is shorter than these. */
    for (int digits = fpclassify(x) == FP_SUBNORMAL ? 1 : 15; digits <= 17; digits++) {
        size = snprintf(out, NUMBER_DOUBLE_SIZE, "%.*g", digits, x);
        if (same_bits(strtod(out, NULL), x)) {
            break;
        }
    }
    return (size_t)size;
}

size_t number_format_double(double x, char out[NUMBER_DOUBLE_SIZE])
{
    locale_t c, before;
    size_t size;

    if (!isfinite(x)) {
        return (size_t)snprintf(out, NUMBER_DOUBLE_SIZE, "%s",
                                isnan(x) ? "nan"
                                : x < 0  ? "-inf"
                                         : "inf");
    }
    before = enter_c_locale(&c);
    size = format_finite(x, out);
    leave_c_locale(before, c);
    return size;
}
