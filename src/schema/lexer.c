/*
 * Tokens: blanks, comments, names, punctuation. Numbers are in lexer_number.c, the values of
 * strings in lexer_string.c.
 *
 * Invariant: at <= end, and *end is NUL, so that one byte may always be looked at.
 */
#include "schema/lexer.h"

#include "schema/lexer_part.h"

enum { CLASS_OTHER, CLASS_BLANK, CLASS_NAME, CLASS_DIGIT, CLASS_PUNCTUATION };

#define N CLASS_NAME
#define D CLASS_DIGIT
#define P CLASS_PUNCTUATION
#define B CLASS_BLANK
/* Characters by what they begin or continue; '.' only continues a name. */
static const uint8_t classes[256] = {
    ['\t'] = B, ['\r'] = B, ['\v'] = B, ['\f'] = B, [' '] = B, ['0'] = D, ['1'] = D, ['2'] = D,
    ['3'] = D,  ['4'] = D,  ['5'] = D,  ['6'] = D,  ['7'] = D, ['8'] = D, ['9'] = D, ['_'] = N,
    ['a'] = N,  ['b'] = N,  ['c'] = N,  ['d'] = N,  ['e'] = N, ['f'] = N, ['g'] = N, ['h'] = N,
    ['i'] = N,  ['j'] = N,  ['k'] = N,  ['l'] = N,  ['m'] = N, ['n'] = N, ['o'] = N, ['p'] = N,
    ['q'] = N,  ['r'] = N,  ['s'] = N,  ['t'] = N,  ['u'] = N, ['v'] = N, ['w'] = N, ['x'] = N,
    ['y'] = N,  ['z'] = N,  ['A'] = N,  ['B'] = N,  ['C'] = N, ['D'] = N, ['E'] = N, ['F'] = N,
    ['G'] = N,  ['H'] = N,  ['I'] = N,  ['J'] = N,  ['K'] = N, ['L'] = N, ['M'] = N, ['N'] = N,
    ['O'] = N,  ['P'] = N,  ['Q'] = N,  ['R'] = N,  ['S'] = N, ['T'] = N, ['U'] = N, ['V'] = N,
    ['W'] = N,  ['X'] = N,  ['Y'] = N,  ['Z'] = N,  ['{'] = P, ['}'] = P, ['('] = P, [')'] = P,
    ['['] = P,  [']'] = P,  ['<'] = P,  ['>'] = P,  [','] = P, [';'] = P, [':'] = P, ['='] = P,
    ['*'] = P,  ['&'] = P,  ['@'] = P,
};
#undef N
#undef D
#undef P
#undef B

static uint8_t class_of(char c) { return classes[(unsigned char)c]; }

void lexer_init(struct lexer *lexer, const struct source *source, struct findings *findings)
{
    *lexer = (struct lexer){.at = source->text,
                            .end = source->text + source->size,
                            .line = 1,
                            .source = source,
                            .findings = findings};
    if (source->size >= 3 && memcmp(source->text, "\xef\xbb\xbf", 3) == 0) {
        lexer->at += 3; /* a byte order mark */
    }
    lexer->line_start = lexer->at;
}

struct span lexer_span(const struct lexer *lexer, const char *at, size_t size)
{
    return (struct span){lexer->source, lexer->line, (uint32_t)(at - lexer->line_start) + 1,
                         (uint32_t)size};
}

struct span token_span(const struct lexer *lexer, const struct token *token)
{
    uint32_t size = token->kind == TOKEN_STRING ? 1 : token->size;

    return (struct span){lexer->source, token->line, token->column, size};
}

void lexer_newline(struct lexer *lexer, const char *newline)
{
    lexer->line++;
    lexer->line_start = newline + 1;
}

static void skip_line(struct lexer *lexer)
{
    const char *newline = memchr(lexer->at, '\n', (size_t)(lexer->end - lexer->at));

    lexer->at = newline != NULL ? newline : lexer->end;
}

/* From the slash on. A comment that begins with two stars and has something between them and its
 * end documents what follows. */
static bool skip_comment(struct lexer *lexer, struct token *out)
{
    struct span opened = lexer_span(lexer, lexer->at, 2);
    const char *begin = lexer->at, *at = begin + 2;

    for (;; at++) {
        if (at >= lexer->end) {
            lexer->at = lexer->end;
            finding_hint(lexer->findings,
                         finding_syntax(lexer->findings, "unterminated-comment", opened,
                                        "this comment is never closed"),
                         "close it with */");
            return false;
        }
        if (*at == '\n') {
            lexer_newline(lexer, at);
        } else if (*at == '*' && at[1] == '/') {
            break;
        }
    }
    lexer->at = at + 2;
    if (begin[2] == '*' && at > begin + 2 && strspn(begin + 2, "*") < (size_t)(at - begin - 2)) {
        if (out->earlier_doc == NULL) {
            out->earlier_doc = out->doc;
            out->earlier_doc_size = out->doc_size;
        }
        out->doc = begin;
        out->doc_size = (uint32_t)(lexer->at - begin);
    }
    return true;
}

/* Stops at the first character of a token; false after a comment that never ends. */
static bool skip_blanks(struct lexer *lexer, struct token *out)
{
    for (;;) {
        char c = *lexer->at;

        if (class_of(c) == CLASS_BLANK) {
            lexer->at++;
        } else if (c == '\n') {
            lexer_newline(lexer, lexer->at++);
            out->first = true;
        } else if (c == '#' || (c == '/' && lexer->at[1] == '/')) {
            skip_line(lexer);
        } else if (c == '/' && lexer->at[1] == '*') {
            uint32_t line = lexer->line;

            if (!skip_comment(lexer, out)) {
                return false;
            }
            out->first = out->first || lexer->line != line;
        } else {
            return true;
        }
    }
}

static void lex_name(struct lexer *lexer, struct token *out)
{
    const char *at = lexer->at;
    uint8_t class;

    do {
        at++;
        class = class_of(*at);
    } while (class == CLASS_NAME || class == CLASS_DIGIT || *at == '.');
    while (at[-1] == '.') {
        at--; /* a dot belongs to a name only between two parts of it */
    }
    out->kind = TOKEN_NAME;
    out->text = lexer->at;
    out->size = (uint32_t)(at - lexer->at);
    out->keyword = (uint8_t)keyword_of(out->text, out->size);
    lexer->at = at;
    if (out->size > IDENTIFIER_SIZE_MOST) {
        finding_failure(lexer->findings, THRIFT_E_LIMIT, "name-too-long",
                        (struct span){lexer->source, out->line, out->column, 1},
                        "a name has more than %d bytes", IDENTIFIER_SIZE_MOST);
        out->size = IDENTIFIER_SIZE_MOST;
    }
}

static void lex_string(struct lexer *lexer, struct token *out)
{
    struct span opened = lexer_span(lexer, lexer->at, 1);
    char quote = *lexer->at;
    const char *at = lexer->at + 1;

    out->text = at;
    for (; at < lexer->end && *at != quote; at++) {
        if (*at == '\\') {
            out->escaped = true;
            at += at + 1 < lexer->end && at[1] != '\n';
        } else if (*at == '\n') {
            lexer_newline(lexer, at);
        }
    }
    out->size = (uint32_t)(at - out->text);
    if (at >= lexer->end) {
        lexer->at = lexer->end;
        out->kind = TOKEN_BAD;
        finding_hint(lexer->findings,
                     finding_syntax(lexer->findings, "unterminated-string", opened,
                                    "this string is never closed"),
                     "close it with %c", quote);
        return;
    }
    out->kind = TOKEN_STRING;
    lexer->at = at + 1;
    if (lexer->line != opened.line) {
        finding_warning(lexer->findings, "multi-line-string", opened,
                        "this string spans lines, which Apache's compiler refuses");
    }
}

/* A run of characters that begin nothing: one finding. */
static void lex_bad(struct lexer *lexer, struct token *out)
{
    const char *at = lexer->at;
    unsigned char c = (unsigned char)*at;

    while (at < lexer->end && class_of(*at) == CLASS_OTHER && *at != '\n' && *at != '#' &&
           *at != '/' && *at != '"' && *at != '\'') {
        at++;
    }
    at += at == lexer->at;
    out->kind = TOKEN_BAD;
    out->size = (uint32_t)(at - lexer->at);
    if (c == 0) {
        finding_syntax(lexer->findings, "nul-byte", lexer_span(lexer, lexer->at, out->size),
                       "a NUL byte is no part of a definition");
    } else if (c >= 0x80) {
        finding_hint(lexer->findings,
                     finding_syntax(lexer->findings, "bad-character",
                                    lexer_span(lexer, lexer->at, out->size),
                                    "only ASCII may stand outside of strings and comments"),
                     "names are made of A-Z, a-z, 0-9, _ and begin with no digit");
    } else {
        finding_syntax(lexer->findings, "bad-character", lexer_span(lexer, lexer->at, out->size),
                       "unexpected character %s%c%s", c > 0x20 && c < 0x7f ? "'" : "",
                       c > 0x20 && c < 0x7f ? c : '?', c > 0x20 && c < 0x7f ? "'" : "");
    }
    lexer->at = at;
}

static bool begins_number(const char *at)
{
    if (*at == '+' || *at == '-') {
        at++;
    }
    return class_of(*at) == CLASS_DIGIT || (*at == '.' && class_of(at[1]) == CLASS_DIGIT);
}

static void lex_token(struct lexer *lexer, struct token *out)
{
    char c = *lexer->at;

    out->line = lexer->line;
    out->column = (uint32_t)(lexer->at - lexer->line_start) + 1;
    out->text = lexer->at;
    switch (class_of(c)) {
    case CLASS_NAME:
        lex_name(lexer, out);
        return;
    case CLASS_PUNCTUATION:
        out->kind = (unsigned char)c;
        out->size = 1;
        lexer->at++;
        return;
    default:
        break;
    }
    if (begins_number(lexer->at)) {
        lexer_number(lexer, out);
    } else if (c == '"' || c == '\'') {
        lex_string(lexer, out);
    } else {
        lex_bad(lexer, out);
    }
}

void lexer_next(struct lexer *lexer, struct token *out)
{
    *out = (struct token){.kind = TOKEN_END, .first = lexer->at == lexer->line_start};
    if (skip_blanks(lexer, out) && lexer->at < lexer->end) {
        lex_token(lexer, out);
        return;
    }
    out->kind = TOKEN_END;
    out->line = lexer->line;
    out->column = (uint32_t)(lexer->at - lexer->line_start) + 1;
    out->text = lexer->end;
    out->first = true;
}
