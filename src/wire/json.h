/*
 * JSON text under a cursor: punctuation, strings and numbers, inlined; for every dialect of it.
 *
 * White space is passed over before a token, never behind it. Readers move the cursor to the fault
 * when they fail, so that errors say where. A NUL byte stands for nothing in JSON, so that 0 can
 * mean "no character" here.
 * Not here: what tokens mean (tjson.h, codec/). Source: RFC 8259.
 */
#ifndef WIRE_JSON_H
#define WIRE_JSON_H

#include "base/digits.h"
#include "wire/cursor.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Control characters that stand in a string as they are, which JSON does not allow. */
enum json_controls {
    JSON_CONTROLS_NONE,
    JSON_CONTROLS_UNNAMED, /* but none that has a letter to be escaped with */
    JSON_CONTROLS_ANY
};

/* What stands between two quotes, as it came. */
struct json_text {
    const uint8_t *data;
    size_t size;
    bool escaped;                /* holds a backslash: json_unescape() */
    bool wide;                   /* holds a byte above 0x7f: to be checked for UTF-8 */
    enum json_controls controls; /* the worst that it holds */
};

static inline bool json_is_space(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* The next character that is not white space, without a step; 0 at the end. */
static inline uint8_t json_peek(struct cursor *in)
{
    if (in->at<in->end && * in->at> ' ') {
        return *in->at;
    }
    while (in->at < in->end && json_is_space(*in->at)) {
        in->at++;
    }
    return in->at < in->end ? *in->at : 0;
}

/* What is wrong when something else was expected at the cursor. */
static inline enum wire_fault json_fault(const struct cursor *in)
{
    return in->at < in->end ? WIRE_BAD_VALUE : WIRE_TRUNCATED;
}

static inline bool json_take(struct cursor *in, uint8_t c)
{
    if (json_peek(in) != c) {
        return false;
    }
    in->at++;
    return true;
}

static inline enum wire_fault json_need(struct cursor *in, uint8_t c)
{
    return json_take(in, c) ? WIRE_OK : json_fault(in);
}

/* ---- strings ---- */

/* The first of: a quote, a backslash, a control character, the end. Notes bytes above 0x7f. */
static inline const uint8_t *json_plain_end(const uint8_t *at, const uint8_t *end, bool *wide)
{
#if defined(__SSE2__)
    while (end - at >= 16) {
        __m128i text = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i stop = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('"')),
                                                 _mm_cmpeq_epi8(text, _mm_set1_epi8('\\'))),
                                    _mm_cmpeq_epi8(_mm_min_epu8(text, _mm_set1_epi8(0x1f)), text));
        unsigned stops = (unsigned)_mm_movemask_epi8(stop);
        unsigned high = (unsigned)_mm_movemask_epi8(text);

        if (stops != 0) {
            *wide = *wide || (high & (stops ^ (stops - 1))) != 0;
            return at + __builtin_ctz(stops);
        }
        *wide = *wide || high != 0;
        at += 16;
    }
#else
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = UINT64_C(0x8080808080808080);

    while (end - at >= 8) {
        uint64_t text = load_little64(at);
        uint64_t quote = text ^ ones * '"', slash = text ^ ones * '\\';

        /* A zero byte, or one below 0x20, somewhere; a borrow may add false ones, never hide one */
        if ((((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
             ((text - ones * 0x20) & ~text)) &
            highs) {
            break;
        }
        *wide = *wide || (text & highs) != 0;
        at += 8;
    }
#endif
    while (at < end && *at >= 0x20 && *at != '"' && *at != '\\') {
        *wide = *wide || *at >= 0x80;
        at++;
    }
    return at;
}

/* The rest of a string that is not plain to its end. */
enum wire_fault json_read_string_slow(struct cursor *in, struct json_text *out);

/* A string, its quotes not included; checked for nothing but its end. */
static inline enum wire_fault json_read_string(struct cursor *in, struct json_text *out)
{
    const uint8_t *stop;

    if (!json_take(in, '"')) {
        return json_fault(in);
    }
    out->wide = false;
    out->data = in->at;
    stop = json_plain_end(in->at, in->end, &out->wide);
    if (stop == in->end || *stop != '"') {
        return json_read_string_slow(in, out);
    }
    out->size = (size_t)(stop - in->at);
    out->escaped = false;
    out->controls = JSON_CONTROLS_NONE;
    in->at = stop + 1;
    return WIRE_OK;
}

/* WIRE_NOT_UTF8, or WIRE_BAD_VALUE for worse control characters than allowed. */
enum wire_fault json_check_text(const struct json_text *text, enum json_controls allowed);

/* Writes what the text means: at most `text->size` bytes. Unknown escapes and surrogates that are
 * no pair are WIRE_BAD_VALUE. */
enum wire_fault json_unescape(const struct json_text *text, uint8_t *out, size_t *out_size);

/* ---- numbers ---- */

enum wire_fault json_read_integer_slow(struct cursor *in, int64_t *out);

/* An integer by JSON's grammar, that nothing of a number follows. WIRE_RANGE: beyond 64 bits. */
static inline enum wire_fault json_read_integer(struct cursor *in, int64_t *out)
{
    const uint8_t *begin = in->at, *at;
    uint64_t value = 0;
    bool negative = begin < in->end && *begin == '-';

    begin += negative;
    at = digits_read(begin, in->end, &value);
    if (at - begin > 18 || at == begin || at == in->end || *begin == '0' || *at == '.' ||
        (*at | 0x20) == 'e') {
        return json_read_integer_slow(in, out);
    }
    *out = negative ? -(int64_t)value : (int64_t)value;
    in->at = at;
    return WIRE_OK;
}
/* A number by JSON's grammar; WIRE_RANGE when it is too large for a double. */
enum wire_fault json_read_double(struct cursor *in, double *out);
/* Whether what is no number only lacks its end. */
bool json_is_cut_number(const struct cursor *in);
/* "NaN", "Infinity", "-Infinity", "nan", "inf", "-inf", without quotes around them. */
bool json_special_double(const uint8_t *text, size_t size, double *out);

/* ---- anything ---- */

/* Passes over one value of any kind, checked for its grammar but not for UTF-8. `depth` arrays and
 * objects may stand in each other. */
enum wire_fault json_skip(struct cursor *in, uint32_t depth);

#endif
