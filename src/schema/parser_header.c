/*
 * Headers: include, namespace, package. They may stand anywhere between definitions.
 */
#include "schema/parser_part.h"

/* A string's content that fills a file name; NUL bytes cannot come from text. */
static bool parse_path(struct parser *p, struct ast_include *include)
{
    size_t size;

    if (p->token.kind != TOKEN_STRING) {
        return parser_expected(p, "the name of a file in quotes");
    }
    include->line = p->token.line;
    include->column = p->token.column;
    include->size = p->token.size + 2;
    if (!parse_string(p, &include->path, &size)) {
        return false;
    }
    if (strlen(include->path) != size) {
        finding_error(p->findings, "bad-include",
                      (struct span){p->lexer.source, include->line, include->column, include->size},
                      "the name of a file cannot contain a NUL byte");
        include->cpp = true; /* nothing to load */
    }
    return true;
}

static bool parse_alias(struct parser *p, struct ast_include *include)
{
    struct ast_name name;

    if (!parse_any_name(p, "the alias of an include", &name)) {
        return false;
    }
    include->alias = arena_strdup(p->keep, name.text, name.size);
    p->out_of_memory = p->out_of_memory || include->alias == NULL;
    return !p->out_of_memory;
}

static bool expected_path(struct parser *p)
{
    (void)parser_expected_hint(p, "the name of a file in quotes", "write include \"name.thrift\"");
    while (p->token.kind != TOKEN_END && !p->token.first) { /* the rest of the line is lost */
        parser_advance(p);
    }
    return true;
}

/* include "x.thrift", include "x.thrift" as y, include y "x.thrift" */
static bool parse_include(struct parser *p, bool cpp)
{
    struct ast_include *include = parser_new(p, sizeof *include);

    parser_advance(p);
    if (include == NULL) {
        return false;
    }
    if (p->token.kind != TOKEN_STRING &&
        !(p->token.kind == TOKEN_NAME && parser_peek(p, 1).kind == TOKEN_STRING)) {
        return expected_path(p);
    }
    if (p->token.kind == TOKEN_NAME && !parse_alias(p, include)) {
        return false;
    }
    include->cpp = cpp;
    if (!parse_path(p, include) ||
        (parser_take_keyword(p, KEYWORD_AS) && !parse_alias(p, include))) {
        return false;
    }
    *p->file->last_include = include;
    p->file->last_include = &include->next;
    p->file->include_count++;
    return true;
}

static bool parse_dotted(struct parser *p, const char *what, const char **out)
{
    struct ast_name name;
    size_t size;

    if (p->token.kind == TOKEN_STRING) {
        return parse_string(p, out, &size);
    }
    if (!parse_any_name(p, what, &name)) {
        return false;
    }
    *out = arena_strdup(p->keep, name.text, name.size);
    p->out_of_memory = p->out_of_memory || *out == NULL;
    return !p->out_of_memory;
}

static bool parse_namespace(struct parser *p)
{
    struct ast_namespace *namespace = parser_new(p, sizeof *namespace);
    struct annotation_list list = {0};
    struct ast_annotations annotations = {NULL, 0};

    if (namespace == NULL) {
        return false;
    }
    namespace->content.line = p->token.line;
    namespace->content.column = p->token.column;
    parser_advance(p);
    if (parser_take(p, '*')) {
        namespace->content.scope = "*";
    } else if (!parse_dotted(p, "a language or '*'", &namespace->content.scope)) {
        return false;
    }
    if (!parse_dotted(p, "a namespace", &namespace->content.name) || !parse_annotations(p, &list) ||
        !finish_annotations(p, &list, &annotations)) {
        return false;
    }
    namespace->content.annotations = annotations.items;
    namespace->content.annotation_count = annotations.count;
    *p->file->last_namespace = namespace;
    p->file->last_namespace = &namespace->next;
    p->file->namespace_count++;
    return true;
}

static bool begins_package(const struct parser *p)
{
    uint16_t next;

    if (!parser_is_keyword(p, KEYWORD_PACKAGE)) {
        return false;
    }
    next = parser_peek(p, 1).kind;
    return next == TOKEN_STRING || next == ';';
}

/* fbthrift's package "a.b/c": says nothing about the wire. */
static bool parse_package(struct parser *p)
{
    const char *text;
    size_t size;

    p->file->fbthrift = true;
    parser_advance(p);
    return p->token.kind != TOKEN_STRING || parse_string(p, &text, &size);
}

bool parse_header(struct parser *p, bool *out_taken)
{
    bool ok = true;

    *out_taken = true;
    if (parser_is_keyword(p, KEYWORD_INCLUDE)) {
        ok = parse_include(p, false);
    } else if (parser_is_keyword(p, KEYWORD_CPP_INCLUDE) ||
               parser_is_keyword(p, KEYWORD_HS_INCLUDE)) {
        ok = parse_include(p, true);
    } else if (parser_is_keyword(p, KEYWORD_NAMESPACE)) {
        ok = parse_namespace(p);
    } else if (begins_package(p)) {
        ok = parse_package(p);
    } else {
        *out_taken = false;
        return true;
    }
    parser_skip_separator(p);
    return ok;
}
