/*
 * Tidying up IDL text, from the inside: the text as a list of tokens and comments, and the rules
 * about what stands between two of them.
 *
 * Items point into the text. The list owns its array of items.
 */
#ifndef SCHEMA_FORMAT_H
#define SCHEMA_FORMAT_H

#include "schema/lexer.h"

enum item_kind { ITEM_TOKEN, ITEM_LINE_COMMENT, ITEM_BLOCK_COMMENT, ITEM_END };

/* What an opening bracket opens. */
enum bracket_kind {
    BRACKET_NONE,
    BRACKET_BODY,       /* of a struct, enum, service … */
    BRACKET_VALUE,      /* [ ] or { } of a constant */
    BRACKET_PARAMETERS, /* what a method takes or throws */
    BRACKET_ANNOTATIONS,
    BRACKET_TYPE /* < > */
};

struct format_item {
    uint8_t kind;
    uint8_t keyword;
    uint8_t bracket;   /* of an opening or closing bracket */
    uint8_t broken;    /* of a bracket: a line ends behind the opening one */
    uint16_t token;    /* token kind; 0 for comments */
    uint16_t newlines; /* in the text before it, 2 for more */
    uint32_t size;     /* of the text; strings with their quotes */
    uint32_t column;   /* of the text, from 0; tabs count to the next multiple of 8 */
    uint32_t partner;  /* of a bracket: position of the other one */
    const char *text;
};

struct format_list {
    struct format_item *items; /* the last one is ITEM_END */
    size_t count;              /* without it */
    size_t capacity;
    size_t depth; /* most brackets open at a time */
    thrift_allocator allocator;
};

/* Reads the whole text into an empty list, which has its allocator. Lexical mistakes are in
 * `findings`; false when there is no memory. */
bool format_scan(const struct source *source, struct findings *findings, struct format_list *out);
void format_list_deinit(struct format_list *list);

/* Pairs brackets and says what each opens. E_SYNTAX when one has no partner, E_NOMEM. */
thrift_status format_match_brackets(struct format_list *list, struct arena *arena,
                                    thrift_error *err);

/* A space stands between items[i - 1] and items[i] when both are on one line. */
bool format_has_space(const struct format_list *list, size_t i);

/* Line ends before items[i]: 0, 1, or 2 for an empty line, when `body` is the innermost bracket. */
unsigned format_line_ends(const struct format_list *list, size_t i,
                          const struct format_item *opening);

#endif
