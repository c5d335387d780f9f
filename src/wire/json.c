/*
 * JSON tokens where the inlined path ends: escapes, numbers, special doubles.
 */
#include "wire/json.h"

#include <math.h>

#include "base/integer.h"
#include "base/number.h"
#include "base/utf8.h"

/* ---- strings ---- */

/* Those with a letter, "\\n" and the like, are escaped by every writer. */
static enum json_controls control_of(uint8_t c)
{
    return c >= 0x20                             ? JSON_CONTROLS_NONE
           : c >= '\b' && c <= '\r' && c != '\v' ? JSON_CONTROLS_ANY
                                                 : JSON_CONTROLS_UNNAMED;
}

enum wire_fault json_read_string_slow(struct cursor *in, struct json_text *out)
{
    const uint8_t *at = out->data;

    out->escaped = false;
    out->controls = JSON_CONTROLS_NONE;
    for (;;) {
        at = json_plain_end(at, in->end, &out->wide);
        if (at == in->end || (*at == '\\' && in->end - at < 2)) {
            in->at = in->end;
            return WIRE_TRUNCATED;
        }
        if (*at == '"') {
            break;
        }
        enum json_controls found = control_of(*at);

        out->escaped = out->escaped || *at == '\\';
        out->controls = found > out->controls ? found : out->controls;
        at += *at == '\\' ? 2 : 1;
    }
    out->size = (size_t)(at - out->data);
    in->at = at + 1;
    return WIRE_OK;
}

enum wire_fault json_check_text(const struct json_text *text, enum json_controls allowed)
{
    if (text->controls > allowed) {
        return WIRE_BAD_VALUE;
    }
    return text->wide && utf8_check(text->data, text->size) != text->size ? WIRE_NOT_UTF8 : WIRE_OK;
}

/* Four hexadecimal digits; above 0xffff when there are none. */
static uint32_t read_hex(const uint8_t *at, const uint8_t *end)
{
    uint32_t value = 0;

    if (end - at < 4) {
        return UINT32_MAX;
    }
    for (int i = 0; i < 4; i++) {
        uint8_t c = at[i], letter = c | 0x20;

        if (c >= '0' && c <= '9') {
            value = value << 4 | (uint32_t)(c - '0');
        } else if (letter >= 'a' && letter <= 'f') {
            value = value << 4 | (uint32_t)(letter - 'a' + 10);
        } else {
            return UINT32_MAX;
        }
    }
    return value;
}

/* \uXXXX, or the two of a surrogate pair; `*at` stands behind the "u". UINT32_MAX: neither. */
static uint32_t read_code_point(const uint8_t **at, const uint8_t *end)
{
    uint32_t first = read_hex(*at, end), second;

    if (first > 0xffff || (first & 0xfc00) == 0xdc00) {
        return UINT32_MAX;
    }
    *at += 4;
    if ((first & 0xfc00) != 0xd800) {
        return first;
    }
    if (end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u') {
        return UINT32_MAX;
    }
    second = read_hex(*at + 2, end);
    if (second > 0xffff || (second & 0xfc00) != 0xdc00) {
        return UINT32_MAX;
    }
    *at += 6;
    return 0x10000 + ((first & 0x3ff) << 10 | (second & 0x3ff));
}

/* What one letter behind a backslash means; 0 for none. */
static uint8_t simple_escape(uint8_t letter)
{
    switch (letter) {
    case '"':
    case '\\':
    case '/':
        return letter;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return 0;
    }
}

enum wire_fault json_unescape(const struct json_text *text, uint8_t *out, size_t *out_size)
{
    const uint8_t *at = text->data, *end = at + text->size;
    uint8_t *to = out;

    while (at < end) {
        uint8_t simple;

        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        if (end - at < 2) {
            return WIRE_BAD_VALUE;
        }
        simple = simple_escape(at[1]);
        if (simple != 0) {
            *to++ = simple;
            at += 2;
        } else if (at[1] == 'u') {
            uint32_t code_point;

            at += 2;
            code_point = read_code_point(&at, end);
            if (code_point == UINT32_MAX) {
                return WIRE_BAD_VALUE;
            }
            to += utf8_write(code_point, to);
        } else {
            return WIRE_BAD_VALUE;
        }
    }
    *out_size = (size_t)(to - out);
    return WIRE_OK;
}

/* ---- numbers ---- */

enum wire_fault json_read_integer_slow(struct cursor *in, int64_t *out)
{
    const uint8_t *at;
    enum integer_fault fault;
    int64_t x;

    (void)json_peek(in);
    at = in->at;
    fault = integer_read_i64(&at, in->end, &x);
    if (fault != INTEGER_OK) {
        bool cut = in->at == in->end || (*in->at == '-' && in->end - in->at == 1);

        return fault == INTEGER_RANGE ? WIRE_RANGE : cut ? WIRE_TRUNCATED : WIRE_BAD_VALUE;
    }
    if (at < in->end && (*at == '.' || (*at | 0x20) == 'e')) {
        return WIRE_BAD_VALUE;
    }
    *out = x;
    in->at = at;
    return WIRE_OK;
}

bool json_is_cut_number(const struct cursor *in)
{
    const uint8_t *at = in->at;

    if (at == in->end || (*at != '-' && (*at < '0' || *at > '9'))) {
        return at == in->end;
    }
    while (at < in->end && ((*at >= '0' && *at <= '9') || *at == '-' || *at == '+' || *at == '.' ||
                            (*at | 0x20) == 'e')) {
        at++;
    }
    return at == in->end;
}

enum wire_fault json_read_double(struct cursor *in, double *out)
{
    const uint8_t *behind;
    double x;

    (void)json_peek(in);
    behind = number_read_json(in->at, in->end, &x);
    if (behind == NULL) {
        return json_is_cut_number(in) ? WIRE_TRUNCATED : WIRE_BAD_VALUE;
    }
    if (isinf(x)) {
        return WIRE_RANGE;
    }
    *out = x;
    in->at = behind;
    return WIRE_OK;
}

static bool is_text(const uint8_t *text, size_t size, const char *word)
{
    return size == strlen(word) && memcmp(text, word, size) == 0;
}

bool json_special_double(const uint8_t *text, size_t size, double *out)
{
    bool negative = size > 0 && text[0] == '-';
    const uint8_t *word = text + negative;
    size_t left = size - negative;

    if (is_text(word, left, "Infinity") || is_text(word, left, "inf")) {
        *out = negative ? -HUGE_VAL : HUGE_VAL;
        return true;
    }
    if (!negative && (is_text(word, left, "NaN") || is_text(word, left, "nan"))) {
        *out = (double)NAN;
        return true;
    }
    return false;
}
