/*
 * The values of string tokens.
 *
 * Escapes of every compiler: \r \n \t \" \' \\. fbthrift's \xHH, \uHHHH, \/ and \ before the end of
 * a line are read with a warning, because Apache's compiler refuses them.
 */
#include "base/utf8.h"
#include "schema/lexer_part.h"

static int hex_value(const char *at, size_t digits)
{
    int value = 0;

    for (size_t i = 0; i < digits; i++) {
        char c = at[i];

        if (c >= '0' && c <= '9') {
            value = 16 * value + (c - '0');
        } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
            value = 16 * value + ((c | 0x20) - 'a' + 10);
        } else {
            return -1;
        }
    }
    return value;
}

static char plain_escape(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case '"':
    case '\'':
    case '\\':
        return c;
    default:
        return '\0';
    }
}

struct unescaping {
    const struct lexer *lexer;
    struct span at; /* of the backslash */
    const char *from, *end;
    char *to;
};

/* \xHH and \uHHHH; how many bytes of the source were used, 0 when malformed. A lone surrogate has
 * no UTF-8 and is malformed. */
static size_t wide_escape(struct unescaping *u)
{
    size_t digits = u->from[1] == 'x' ? 2 : 4;
    int value;

    if ((size_t)(u->end - u->from) < 2 + digits) {
        return 0;
    }
    value = hex_value(u->from + 2, digits);
    if (value < 0 || (value >= 0xd800 && value <= 0xdfff)) {
        return 0;
    }
    if (digits == 2) {
        *u->to++ = (char)value;
    } else {
        u->to += utf8_write((uint32_t)value, (uint8_t *)u->to);
    }
    return 2 + digits;
}

static void escape(struct unescaping *u)
{
    struct findings *findings = u->lexer->findings;
    char c = u->end - u->from > 1 ? u->from[1] : '\0';
    size_t used = 0;

    if (plain_escape(c) != '\0') {
        *u->to++ = plain_escape(c);
        u->from += 2;
        return;
    }
    if (c == 'x' || c == 'u') {
        used = wide_escape(u);
    } else if (c == '/') {
        *u->to++ = c;
        used = 2;
    } else if (c == '\n') {
        used = 2; /* the text goes on in the next line, without the line's end */
    }
    if (used > 0) {
        u->from += used;
        finding_warning(findings, "dialect-escape", u->at,
                        "\\%s in a string is refused by Apache's compiler",
                        c == '\n' ? " before the end of a line" : (char[]){c, '\0'});
        return;
    }
    *u->to++ = *u->from++;
    finding_hint(findings,
                 finding_syntax(findings, "bad-escape", u->at, "unknown escape in a string"),
                 "known are \\n \\r \\t \\\" \\' \\\\; write \\\\ for a backslash");
}

char *lexer_string(const struct lexer *lexer, const struct token *token, struct arena *arena,
                   size_t *out_size)
{
    char *value = arena_alloc_aligned(arena, token->size + (size_t)1, 1);
    struct unescaping u = {.lexer = lexer,
                           .at = {lexer->source, token->line, token->column + 1, 2},
                           .from = token->text,
                           .end = token->text + token->size,
                           .to = value};

    if (value == NULL) {
        return NULL;
    }
    while (u.from < u.end) {
        const char *backslash =
            token->escaped ? memchr(u.from, '\\', (size_t)(u.end - u.from)) : NULL;
        const char *stop = backslash != NULL ? backslash : u.end;

        for (const char *at = u.from; at < stop; at++) {
            u.at.column++;
            if (*at == '\n') {
                u.at.line++;
                u.at.column = 1;
            }
        }
        memcpy(u.to, u.from, (size_t)(stop - u.from));
        u.to += stop - u.from;
        u.from = stop;
        if (backslash != NULL) {
            escape(&u);
            u.at.column += (uint32_t)(u.from - backslash);
            if (u.from[-1] == '\n') {
                u.at.line++;
                u.at.column = 1;
            }
        }
    }
    *u.to = '\0';
    *out_size = (size_t)(u.to - value);
    return value;
}
