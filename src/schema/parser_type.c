/*
 * Types: base types, names, list, set and map, with cpp_type and annotations in both places, and
 * fbthrift's stream and sink. An explicit stack bounds the nesting.
 */
#include "schema/parser_part.h"
#include "schema/scope.h"
#include "schema/type.h"

struct type_stack {
    struct ast_type *open[NESTING_MOST];
    size_t depth;
};

static bool skip_cpp_type(struct parser *p, struct annotation_list *list)
{
    const char *text;
    size_t size;

    (void)list;
    if (!parser_is_keyword(p, KEYWORD_CPP_TYPE) || parser_peek(p, 1).kind != TOKEN_STRING) {
        return true;
    }
    parser_advance(p);
    return parse_string(p, &text, &size);
}

/* "(..)" and cpp_type behind a type. A parenthesis behind a type is always an annotation: no name
 * of a field, method or typedef has come yet. */
static bool finish_type(struct parser *p, struct ast_type *type)
{
    struct annotation_list list = {0};

    if (parser_is_keyword(p, KEYWORD_CPP_TYPE) && !skip_cpp_type(p, &list)) {
        return false;
    }
    return !parser_is(p, '(') ||
           (parse_annotations(p, &list) && finish_annotations(p, &list, &type->annotations));
}

static struct ast_type *new_type(struct parser *p, enum ast_type_kind kind)
{
    struct ast_type *type = parser_new(p, sizeof *type);

    if (type != NULL) {
        type->kind = kind;
        type->name =
            (struct ast_name){p->token.text, p->token.size, p->token.line, p->token.column};
    }
    return type;
}

static bool refuse_word(struct parser *p, const char *rule, const char *what)
{
    finding_syntax(p->findings, rule, parser_span(p), "%s", what);
    return false;
}

static bool name_kind(struct parser *p, enum ast_type_kind *out)
{
    switch (p->token.keyword) {
    case KEYWORD_LIST:
        *out = AST_TYPE_LIST;
        return true;
    case KEYWORD_SET:
        *out = AST_TYPE_SET;
        return true;
    case KEYWORD_MAP:
        *out = AST_TYPE_MAP;
        return true;
    case KEYWORD_STREAM:
    case KEYWORD_SINK:
        *out = parser_peek(p, 1).kind == '<' ? AST_TYPE_STREAM : AST_TYPE_NAME;
        return true;
    case KEYWORD_VOID:
        return refuse_word(p, "void-as-type", "void is no type; only a method can return it");
    case KEYWORD_SLIST:
        return refuse_word(p, "slist", "slist is gone from Thrift; use string");
    default:
        *out = AST_TYPE_NAME;
        return true;
    }
}

static bool refuse_container(struct parser *p, struct ast_name name)
{
    struct finding *finding = finding_syntax(p->findings, "syntax", name_span(p, name),
                                             "'%.*s' is no container", (int)name.size, name.text);
    const char *hint = scope_foreign_type(name.text, name.size);

    finding_hint(p->findings, finding, "%s",
                 hint != NULL ? hint : "containers are list<TYPE>, set<TYPE>, map<KEY, VALUE>");
    return false;
}

/* A name, or "list <" with what comes before the element. */
static bool open_type(struct parser *p, struct type_stack *stack, struct ast_type **out)
{
    struct annotation_list list = {0};
    enum ast_type_kind kind;
    struct ast_type *type;

    if (p->token.kind != TOKEN_NAME) {
        return parser_expected(p, "a type");
    }
    if (!name_kind(p, &kind)) {
        return false;
    }
    type = new_type(p, kind);
    if (type == NULL) {
        return false;
    }
    if (kind == AST_TYPE_NAME && p->token.keyword == KEYWORD_BASE) {
        type->base = type_base(p->token.text, p->token.size);
    }
    parser_advance(p);
    *out = type;
    if (kind == AST_TYPE_NAME && parser_is(p, '<')) {
        return refuse_container(p, type->name);
    }
    if (kind == AST_TYPE_NAME) {
        return type->base != NULL || parser_refer(p, &p->last_type_reference, type->name);
    }
    if (kind == AST_TYPE_STREAM && stack->depth > 0) {
        finding_syntax(p->findings, "stream-as-type", name_span(p, type->name),
                       "a stream or sink is no type; only a method can return it");
        return false;
    }
    if (stack->depth >= NESTING_MOST - 1) {
        finding_failure(p->findings, THRIFT_E_LIMIT, "nesting-too-deep", name_span(p, type->name),
                        "types are nested more than %d levels deep", NESTING_MOST);
        return false;
    }
    stack->open[stack->depth++] = type;
    *out = NULL;
    return skip_cpp_type(p, &list) && parser_expect(p, '<', "behind the name of a container");
}

/* "throws (...)" inside a stream or sink: parsed for its syntax. */
static bool skip_stream_throws(struct parser *p)
{
    struct ast_fields fields = {0};

    return !parser_take_keyword(p, KEYWORD_THROWS) || parse_fields(p, '(', "throws", &fields);
}

/* Puts a finished type into the container around it. *type is NULL when another type follows. */
static bool close_types(struct parser *p, struct type_stack *stack, struct ast_type **type)
{
    while (stack->depth > 0) {
        struct ast_type *open = stack->open[stack->depth - 1];
        bool is_stream = open->kind == AST_TYPE_STREAM;

        if (is_stream && !skip_stream_throws(p)) {
            return false;
        }
        if ((open->kind == AST_TYPE_MAP || (is_stream && parser_is(p, ','))) && open->key == NULL) {
            open->key = *type;
            *type = NULL;
            return parser_expect(p, ',', "between key and value of a map");
        }
        open->element = *type;
        if (!parser_expect(p, '>', "behind the element of a container") || !finish_type(p, open)) {
            return false;
        }
        stack->depth--;
        *type = open;
    }
    return true;
}

bool parse_type(struct parser *p, const struct ast_type **out)
{
    struct type_stack stack;
    struct ast_type *type = NULL;

    stack.depth = 0;
    do {
        if (!open_type(p, &stack, &type)) {
            return false;
        }
        if (type != NULL && (!finish_type(p, type) || !close_types(p, &stack, &type))) {
            return false;
        }
    } while (stack.depth > 0);
    *out = type;
    return true;
}
