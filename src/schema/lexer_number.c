/*
 * Numbers: decimal with leading zeros, 0x, fbthrift's 0b and 0o, each with a sign; doubles with or
 * without digits on either side of the point.
 */
#include "schema/lexer_part.h"

static int digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static const char *skip_digits(const char *at)
{
    while (is_digit(*at)) {
        at++;
    }
    return at;
}

/* The end of the fraction and exponent that follow the digits before `at`; `at` when none does. */
static const char *skip_fraction(const char *at)
{
    const char *exponent;

    if (*at == '.') {
        at = skip_digits(at + 1);
    }
    if (*at == 'e' || *at == 'E') {
        exponent = at + 1 + (at[1] == '+' || at[1] == '-');
        if (is_digit(*exponent)) {
            at = skip_digits(exponent);
        }
    }
    return at;
}

static int base_of(const char *at)
{
    static const struct {
        char letter;
        int base;
    } prefixes[] = {{'x', 16}, {'X', 16}, {'b', 2}, {'B', 2}, {'o', 8}, {'O', 8}};

    for (size_t i = 0; at[0] == '0' && i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (at[1] == prefixes[i].letter && digit_value(at[2]) < prefixes[i].base) {
            return prefixes[i].base;
        }
    }
    return 10;
}

/* Digits as a magnitude; false when it needs more than 64 bits. */
static bool read_digits(const char **at, int base, uint64_t *out)
{
    bool fits = true;

    for (*out = 0; digit_value(**at) < base; (*at)++) {
        fits = fits && !__builtin_mul_overflow(*out, (uint64_t)base, out) &&
               !__builtin_add_overflow(*out, (uint64_t)digit_value(**at), out);
    }
    return fits;
}

/* A hexadecimal number may name all 64 bits. */
static bool apply_sign(uint64_t magnitude, bool negative, int base, int64_t *out)
{
    uint64_t most = negative ? (uint64_t)INT64_MAX + 1 : base == 10 ? INT64_MAX : UINT64_MAX;

    *out = (int64_t)(negative ? 0 - magnitude : magnitude);
    return magnitude <= most;
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* "1e", "1.5e+", "0x": begun, but not a number; where it ends. NULL when it is one. */
static const char *unfinished(const char *digits, const char *at)
{
    const char *next = at + 1 + (at[0] != '\0' && (at[1] == '+' || at[1] == '-'));

    if ((*at == 'e' || *at == 'E') && !is_word(*next)) {
        return next;
    }
    return at == digits + 1 && *digits == '0' && (*at == 'x' || *at == 'X') ? at + 1 : NULL;
}

void lexer_number(struct lexer *lexer, struct token *out)
{
    const char *at = lexer->at;
    bool negative = *at == '-', fits;
    const char *digits = at + (*at == '-' || *at == '+');
    int base = base_of(digits);
    uint64_t magnitude;

    at = base == 10 ? digits : digits + 2;
    fits = read_digits(&at, base, &magnitude);
    out->kind = TOKEN_INTEGER;
    if (base == 10 && skip_fraction(at) != at) {
        out->kind = TOKEN_DOUBLE;
        at = skip_fraction(at);
    } else if (!fits || !apply_sign(magnitude, negative, base, &out->integer)) {
        out->integer = negative ? INT64_MIN : INT64_MAX;
        finding_error(lexer->findings, "integer-too-large",
                      lexer_span(lexer, lexer->at, (size_t)(at - lexer->at)),
                      "this integer does not fit 64 bits");
    }
    if (unfinished(digits, at) != NULL) {
        at = unfinished(digits, at);
        finding_syntax(lexer->findings, "bad-number",
                       lexer_span(lexer, lexer->at, (size_t)(at - lexer->at)), "this is no number");
    }
    out->size = (uint32_t)(at - out->text);
    lexer->at = at;
}
