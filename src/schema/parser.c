/*
 * The parser's hands: tokens, names, and going on after a mistake.
 */
#include "schema/parser.h"

#include <stdio.h>

#include "schema/bidirectional.h"
#include "schema/doc_comment.h"
#include "schema/parser_part.h"

#define FOUND_SIZE_MOST 40

void parser_advance(struct parser *p)
{
    p->last_kind = p->token.kind;
    lexer_next(&p->lexer, &p->token);
}

bool parser_is(const struct parser *p, char punctuation)
{
    return p->token.kind == (unsigned char)punctuation;
}

bool parser_is_keyword(const struct parser *p, enum keyword keyword)
{
    return p->token.kind == TOKEN_NAME && p->token.keyword == keyword;
}

bool parser_take(struct parser *p, char punctuation)
{
    if (!parser_is(p, punctuation)) {
        return false;
    }
    parser_advance(p);
    return true;
}

bool parser_take_keyword(struct parser *p, enum keyword keyword)
{
    if (!parser_is_keyword(p, keyword)) {
        return false;
    }
    parser_advance(p);
    return true;
}

struct token parser_peek(const struct parser *p, size_t distance)
{
    struct lexer ahead = p->lexer;
    struct token token = p->token;

    while (distance-- > 0) {
        lexer_next(&ahead, &token);
    }
    return token;
}

struct span parser_span(const struct parser *p) { return token_span(&p->lexer, &p->token); }

struct span name_span(const struct parser *p, struct ast_name name)
{
    return (struct span){p->lexer.source, name.line, name.column, name.size};
}

static void describe(const struct token *token, char out[FOUND_SIZE_MOST + 8])
{
    const char *what = token->kind == TOKEN_END      ? "the end of the file"
                       : token->kind == TOKEN_STRING ? "a string"
                                                     : NULL;

    if (what != NULL) {
        (void)snprintf(out, FOUND_SIZE_MOST + 8, "%s", what);
    } else {
        (void)snprintf(out, FOUND_SIZE_MOST + 8, "'%.*s'",
                       token->size < FOUND_SIZE_MOST ? (int)token->size : FOUND_SIZE_MOST,
                       token->text);
    }
}

bool parser_expected(struct parser *p, const char *what)
{
    return parser_expected_hint(p, what, NULL);
}

bool parser_expected_hint(struct parser *p, const char *what, const char *hint)
{
    char found[FOUND_SIZE_MOST + 8];
    struct finding *finding;

    if (p->token.kind == TOKEN_BAD) {
        return false;
    }
    describe(&p->token, found);
    finding =
        finding_syntax(p->findings, "syntax", parser_span(p), "expected %s, found %s", what, found);
    if (hint != NULL) {
        finding_hint(p->findings, finding, "%s", hint);
    }
    return false;
}

bool parser_expect(struct parser *p, char punctuation, const char *after)
{
    char what[64];

    if (parser_take(p, punctuation)) {
        return true;
    }
    (void)snprintf(what, sizeof what, "'%c' %s", punctuation, after);
    return parser_expected(p, what);
}

bool parser_missing_close(struct parser *p, char close, const char *what, struct span opened)
{
    struct finding *finding = finding_syntax(p->findings, "missing-brace", parser_span(p),
                                             "expected '%c' at the end of %s", close, what);

    finding_note(finding, opened, "it begins here");
    finding_hint(p->findings, finding,
                 p->token.kind == TOKEN_END ? "write '%c' at the end" : "write '%c' before this",
                 close);
    return false;
}

void parser_skip_separator(struct parser *p)
{
    if (!parser_take(p, ',')) {
        (void)parser_take(p, ';');
    }
}

void *parser_new(struct parser *p, size_t size)
{
    void *block = arena_alloc_zero(p->scratch, size);

    p->out_of_memory = p->out_of_memory || block == NULL;
    return block;
}

bool parser_refer(struct parser *p, struct ast_reference ***last, struct ast_name name)
{
    struct ast_reference *reference;

    if (*last == NULL) {
        return true;
    }
    reference = parser_new(p, sizeof *reference);
    if (reference == NULL) {
        return false;
    }
    reference->name = name;
    **last = reference;
    *last = &reference->next;
    return true;
}

bool parse_any_name(struct parser *p, const char *what, struct ast_name *out)
{
    if (p->token.kind != TOKEN_NAME) {
        return parser_expected(p, what);
    }
    *out = (struct ast_name){p->token.text, p->token.size, p->token.line, p->token.column};
    parser_advance(p);
    return true;
}

/* Words that Apache's and ThriftPy2's grammars both keep for themselves. */
static bool is_reserved(uint8_t keyword)
{
    switch (keyword) {
    case KEYWORD_NAMESPACE:
    case KEYWORD_INCLUDE:
    case KEYWORD_CONST:
    case KEYWORD_TYPEDEF:
    case KEYWORD_ENUM:
    case KEYWORD_STRUCT:
    case KEYWORD_UNION:
    case KEYWORD_EXCEPTION:
    case KEYWORD_SERVICE:
    case KEYWORD_EXTENDS:
    case KEYWORD_THROWS:
    case KEYWORD_REQUIRED:
    case KEYWORD_OPTIONAL:
    case KEYWORD_ONEWAY:
    case KEYWORD_VOID:
    case KEYWORD_LIST:
    case KEYWORD_SET:
    case KEYWORD_MAP:
    case KEYWORD_BASE:
    case KEYWORD_TRUE:
    case KEYWORD_FALSE:
        return true;
    default:
        return false;
    }
}

static bool refuse_word(struct parser *p)
{
    finding_hint(p->findings,
                 finding_syntax(p->findings, "reserved-word", parser_span(p),
                                "'%.*s' is a word of the language, not a name", (int)p->token.size,
                                p->token.text),
                 "give it another name");
    return false;
}

bool parse_method_name(struct parser *p, struct ast_name *out)
{
    if (p->token.kind == TOKEN_NAME && is_reserved(p->token.keyword) && p->file->fbthrift &&
        parser_peek(p, 1).kind == '(') {
        finding_hint(p->findings,
                     finding_warning(p->findings, "reserved-word", parser_span(p),
                                     "'%.*s' is a word of the language; Apache's compiler refuses "
                                     "it as a name",
                                     (int)p->token.size, p->token.text),
                     "give it another name");
        return parse_any_name(p, "the name of a method", out);
    }
    return parse_new_name(p, "the name of a method", out);
}

bool parse_new_name(struct parser *p, const char *what, struct ast_name *out)
{
    if (p->token.kind == TOKEN_NAME && is_reserved(p->token.keyword)) {
        return refuse_word(p);
    }
    return parse_any_name(p, what, out);
}

bool parse_string(struct parser *p, const char **out, size_t *out_size)
{
    *out = lexer_string(&p->lexer, &p->token, p->keep, out_size);
    if (*out == NULL) {
        p->out_of_memory = true;
        return false;
    }
    parser_advance(p);
    return true;
}

const char *parse_doc(struct parser *p)
{
    const char *doc = NULL;

    if (p->token.doc != NULL &&
        !doc_comment_clean(p->keep, p->token.doc, p->token.doc_size, &doc)) {
        p->out_of_memory = true;
    }
    return doc;
}

/* A comment at the top documents the file when a header follows it, or another such comment. */
static void take_file_doc(struct parser *p)
{
    const struct token *token = &p->token;
    bool header = parser_is_keyword(p, KEYWORD_NAMESPACE) ||
                  parser_is_keyword(p, KEYWORD_INCLUDE) ||
                  parser_is_keyword(p, KEYWORD_CPP_INCLUDE);
    const char *comment = token->earlier_doc != NULL ? token->earlier_doc : token->doc;
    uint32_t size = token->earlier_doc != NULL ? token->earlier_doc_size : token->doc_size;

    if (comment != NULL && (header || token->earlier_doc != NULL) &&
        !doc_comment_clean(p->keep, comment, size, &p->file->doc)) {
        p->out_of_memory = true;
    }
}

/* Skips to what looks like the beginning of the next definition. */
static void recover(struct parser *p)
{
    while (p->token.kind != TOKEN_END && !begins_definition(p)) {
        parser_advance(p);
    }
}

bool parse_source(struct source *source, struct arena *keep, struct arena *scratch,
                  struct findings *findings)
{
    struct parser p = {.keep = keep, .scratch = scratch, .findings = findings};

    p.file = source->ast = arena_alloc_zero(scratch, sizeof *p.file);
    if (p.file == NULL) {
        return false;
    }
    p.file->last_include = &p.file->includes;
    p.file->last_namespace = &p.file->namespaces;
    p.file->last_definition = &p.file->definitions;
    check_bidirectional(source, findings);
    lexer_init(&p.lexer, source, findings);
    lexer_next(&p.lexer, &p.token);
    take_file_doc(&p);
    while (p.token.kind != TOKEN_END && !p.out_of_memory && !findings->out_of_memory) {
        const char *before = p.token.text;

        if (!parse_definition(&p)) {
            if (p.token.text == before) {
                parser_advance(&p);
            }
            recover(&p);
        }
    }
    return !p.out_of_memory && !findings->out_of_memory;
}
