/*
 * Tokens of IDL text.
 *
 * The lexer is a small value: a copy of it is a way to look ahead. Comments are skipped; the last
 * documentation comment before a token comes with it. Lexical mistakes are reported here and give
 * TOKEN_BAD, of which the parser says nothing more.
 * Source: Apache Thrift compiler's accepted language, with the additions of
 * docs/reference/definitions.md.
 */
#ifndef SCHEMA_LEXER_H
#define SCHEMA_LEXER_H

#include "schema/finding.h"

enum token_kind {
    TOKEN_END = 0, /* characters of punctuation stand for themselves */
    TOKEN_NAME = 256,
    TOKEN_INTEGER,
    TOKEN_DOUBLE,
    TOKEN_STRING,
    TOKEN_BAD
};

/* Words with a meaning somewhere; most may be names elsewhere. */
enum keyword {
    KEYWORD_NONE,
    KEYWORD_NAMESPACE,
    KEYWORD_INCLUDE,
    KEYWORD_CPP_INCLUDE,
    KEYWORD_HS_INCLUDE,
    KEYWORD_PACKAGE,
    KEYWORD_CONST,
    KEYWORD_TYPEDEF,
    KEYWORD_ENUM,
    KEYWORD_SENUM,
    KEYWORD_STRUCT,
    KEYWORD_UNION,
    KEYWORD_EXCEPTION,
    KEYWORD_SERVICE,
    KEYWORD_INTERACTION,
    KEYWORD_EXTENDS,
    KEYWORD_THROWS,
    KEYWORD_REQUIRED,
    KEYWORD_OPTIONAL,
    KEYWORD_ONEWAY,
    KEYWORD_ASYNC,
    KEYWORD_IDEMPOTENT,
    KEYWORD_READONLY,
    KEYWORD_PERFORMS,
    KEYWORD_STREAM,
    KEYWORD_SINK,
    KEYWORD_VOID,
    KEYWORD_LIST,
    KEYWORD_SET,
    KEYWORD_MAP,
    KEYWORD_SLIST,
    KEYWORD_CPP_TYPE,
    KEYWORD_XSD_ALL,
    KEYWORD_XSD_OPTIONAL,
    KEYWORD_XSD_NILLABLE,
    KEYWORD_XSD_ATTRS,
    KEYWORD_BASE, /* bool, i32, …: a type everywhere */
    KEYWORD_TRUE,
    KEYWORD_FALSE,
    KEYWORD_AS,
    KEYWORD_SAFE, /* fbthrift's qualifiers of exceptions */
    KEYWORD_TRANSIENT,
    KEYWORD_STATEFUL,
    KEYWORD_PERMANENT,
    KEYWORD_CLIENT,
    KEYWORD_SERVER,
    KEYWORD_TERSE
};

struct token {
    uint16_t kind;
    uint8_t keyword; /* of TOKEN_NAME */
    bool first;      /* nothing but blanks and comments before it on its line */
    bool escaped;    /* of TOKEN_STRING: it contains backslashes */
    uint32_t line, column;
    uint32_t size;
    const char *text; /* strings: between the quotes, as written */
    int64_t integer;  /* of TOKEN_INTEGER */
    const char *doc;  /* from its slash on; NULL: none */
    uint32_t doc_size;
    uint32_t earlier_doc_size;
    const char *earlier_doc; /* the first of several; NULL: there is one at most */
};

struct lexer {
    const char *at, *end;
    const char *line_start;
    uint32_t line;
    const struct source *source;
    struct findings *findings;
};

void lexer_init(struct lexer *lexer, const struct source *source, struct findings *findings);
void lexer_next(struct lexer *lexer, struct token *out);

struct span token_span(const struct lexer *lexer, const struct token *token);
enum keyword keyword_of(const char *text, size_t size);

/* The value of a string token, NUL-terminated in `arena`; *out_size does not count the NUL. Bad
 * escapes are reported. NULL when there is no memory. */
char *lexer_string(const struct lexer *lexer, const struct token *token, struct arena *arena,
                   size_t *out_size);

#endif
