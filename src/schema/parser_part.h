/*
 * What the files of the parser share. A function that returns false has met a mistake that is
 * among the findings, or has no memory (p->out_of_memory); the parser then looks for the next
 * definition.
 */
#ifndef SCHEMA_PARSER_PART_H
#define SCHEMA_PARSER_PART_H

#include "schema/lexer.h"
#include "schema/parser.h"

struct parser {
    struct lexer lexer;
    struct token token; /* the current one, not yet taken */
    struct arena *keep, *scratch;
    struct findings *findings;
    struct ast_file *file;
    uint16_t last_kind; /* of the token taken last */
    bool out_of_memory;
    struct ast_reference **last_type_reference, **last_value_reference; /* NULL: not collected */
};

/* -- tokens: parser.c -- */
void parser_advance(struct parser *p);
/* Takes the token when it is this punctuation. */
bool parser_take(struct parser *p, char punctuation);
bool parser_take_keyword(struct parser *p, enum keyword keyword);
/* The same, or a finding: "expected ..., found ...". */
bool parser_expect(struct parser *p, char punctuation, const char *after);
bool parser_is(const struct parser *p, char punctuation);
bool parser_is_keyword(const struct parser *p, enum keyword keyword);
/* The token after the current one, or `distance` tokens after it. */
struct token parser_peek(const struct parser *p, size_t distance);
/* Always returns false. */
bool parser_expected(struct parser *p, const char *what);
bool parser_expected_hint(struct parser *p, const char *what, const char *hint); /* NULL: none */
/* "expected '}' at the end of a struct"; returns false. */
bool parser_missing_close(struct parser *p, char close, const char *what, struct span opened);
struct span parser_span(const struct parser *p);
struct span name_span(const struct parser *p, struct ast_name name);
/* A comma or semicolon, if there is one. */
void parser_skip_separator(struct parser *p);
/* Zeroed memory of the load; NULL sets out_of_memory. */
void *parser_new(struct parser *p, size_t size);

/* Appends to a list of references when it is being collected. */
bool parser_refer(struct parser *p, struct ast_reference ***last, struct ast_name name);

/* A name that may be any word (fields, symbols, keys), or none of the language's own. */
bool parse_any_name(struct parser *p, const char *what, struct ast_name *out);
bool parse_new_name(struct parser *p, const char *what, struct ast_name *out);
/* As parse_new_name(), but fbthrift's methods may have any name. */
bool parse_method_name(struct parser *p, struct ast_name *out);
/* The text of the current string token, in the schema's arena; takes the token. */
bool parse_string(struct parser *p, const char **out, size_t *out_size);
/* The documentation comment before the current token, cleaned; NULL when there is none. */
const char *parse_doc(struct parser *p);

/* -- annotations: parser_annotation.c -- */
struct annotation_item;
struct annotation_list {
    struct annotation_item *first, **last;
    uint32_t count;
};
/* "@Name{...}" any number of times. */
bool parse_structured(struct parser *p, struct annotation_list *list);
/* "(key = "value", ...)" if it is there. */
bool parse_annotations(struct parser *p, struct annotation_list *list);
bool finish_annotations(struct parser *p, const struct annotation_list *list,
                        struct ast_annotations *out);

/* -- parser_type.c, parser_value.c, parser_field.c -- */
bool parse_type(struct parser *p, const struct ast_type **out);
bool parse_value(struct parser *p, const struct ast_value **out);
/* From the bracket that opens them ("{" or "(") to the one that closes. */
bool parse_fields(struct parser *p, char open, const char *what, struct ast_fields *out);

/* -- parser_definition.c, parser_service.c, parser_header.c -- */
bool parse_definition(struct parser *p);
bool parse_service(struct parser *p, struct ast_definition *definition);
/* Takes a header if there is one: *out_taken. */
bool parse_header(struct parser *p, bool *out_taken);
/* The keyword begins a definition or header (so a broken one ends before it). */
bool begins_definition(const struct parser *p);

#endif
