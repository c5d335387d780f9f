/*
 * Services and their methods, and fbthrift's interactions, whose syntax is the same.
 */
#include "schema/parser_part.h"

static struct ast_name token_name(const struct parser *p)
{
    return (struct ast_name){p->token.text, p->token.size, p->token.line, p->token.column};
}

/* A word that qualifies a method, rather than being the type of one that is named by it. */
static bool qualifies(const struct parser *p)
{
    return parser_peek(p, 1).kind == TOKEN_NAME && parser_peek(p, 2).kind != '(';
}

static void parse_qualifiers(struct parser *p, struct ast_method *method)
{
    for (;;) {
        switch (p->token.kind == TOKEN_NAME ? p->token.keyword : 0) {
        case KEYWORD_ASYNC:
            if (!qualifies(p)) {
                return;
            }
            finding_hint(p->findings,
                         finding_warning(p->findings, "async", parser_span(p),
                                         "'async' is an old word for 'oneway'"),
                         "write 'oneway'");
            method->oneway = token_name(p);
            break;
        case KEYWORD_ONEWAY:
            method->oneway = token_name(p);
            break;
        case KEYWORD_IDEMPOTENT:
        case KEYWORD_READONLY:
            if (!qualifies(p)) {
                return;
            }
            break;
        default:
            return;
        }
        parser_advance(p);
    }
}

/* One part of a result: void or a type. Streams, sinks and interactions are kept apart. */
static bool parse_result_part(struct parser *p, struct ast_method *method)
{
    const struct ast_type *type;

    if (parser_take_keyword(p, KEYWORD_VOID)) {
        return true;
    }
    if (!parse_type(p, &type)) {
        return false;
    }
    if (type->kind == AST_TYPE_STREAM) {
        method->unservable = true;
    } else {
        method->result = type;
    }
    return true;
}

/* "i32", "void", "i32, stream<i32>", "Interaction, i32" */
static bool parse_result(struct parser *p, struct ast_method *method)
{
    size_t parts = 0;

    do {
        if (!parse_result_part(p, method)) {
            return false;
        }
        parts++;
    } while (parser_take(p, ','));
    method->unservable = method->unservable || parts > 1;
    return true;
}

static bool parse_throws(struct parser *p, struct ast_method *method)
{
    method->throws.last = &method->throws.first;
    if (!parser_is_keyword(p, KEYWORD_THROWS)) {
        return true;
    }
    method->throws_name = token_name(p);
    parser_advance(p);
    return parse_fields(p, '(', "throws", &method->throws);
}

static bool parse_method_body(struct parser *p, struct ast_method *method,
                              struct annotation_list *list)
{
    if (!parse_result(p, method) || !parse_method_name(p, &method->name) ||
        !parse_fields(p, '(', "the arguments", &method->arguments) || !parse_throws(p, method) ||
        !parse_annotations(p, list) || !finish_annotations(p, list, &method->annotations)) {
        return false;
    }
    parser_skip_separator(p);
    return true;
}

static bool parse_method(struct parser *p, struct ast_definition *definition)
{
    struct ast_method *method = parser_new(p, sizeof *method);
    struct annotation_list list = {0};

    if (method == NULL || !parse_structured(p, &list)) {
        return false;
    }
    method->doc = parse_doc(p);
    parse_qualifiers(p, method);
    if (!parse_method_body(p, method, &list)) {
        return false;
    }
    *definition->as.service.last = method;
    definition->as.service.last = &method->next;
    definition->as.service.count++;
    return true;
}

/* fbthrift's "performs X;" */
static bool parse_performs(struct parser *p, bool *out_taken)
{
    struct ast_name name;

    *out_taken = parser_is_keyword(p, KEYWORD_PERFORMS) && parser_peek(p, 1).kind == TOKEN_NAME &&
                 parser_peek(p, 2).kind != '(';
    if (!*out_taken) {
        return true;
    }
    finding_warning(p->findings, "not-servable", parser_span(p),
                    "interactions cannot be served: they have no form on Apache's wire");
    parser_advance(p);
    if (!parse_any_name(p, "the name of an interaction", &name)) {
        return false;
    }
    parser_skip_separator(p);
    return true;
}

/* Goes on behind a mistake at the next line, or at the brace that closes the service. */
static bool skip_to_method(struct parser *p, const char *before)
{
    size_t depth = 0;

    if (p->token.text == before) {
        parser_advance(p);
    }
    for (; p->token.kind != TOKEN_END && !begins_definition(p); parser_advance(p)) {
        if (depth == 0 && (parser_is(p, '}') || (p->token.first && p->token.kind == TOKEN_NAME &&
                                                 p->token.keyword != KEYWORD_THROWS))) {
            return true;
        }
        if (parser_is(p, '{') || parser_is(p, '(')) {
            depth++;
        } else if ((parser_is(p, '}') || parser_is(p, ')')) && depth > 0) {
            depth--;
        }
    }
    return false;
}

static bool parse_methods(struct parser *p, struct ast_definition *definition)
{
    struct span opened = parser_span(p);
    bool ok = true;

    if (!parser_expect(p, '{', "before the methods of a service")) {
        return false;
    }
    while (!parser_take(p, '}')) {
        const char *before = p->token.text;
        bool taken;

        if (p->token.kind == TOKEN_END || begins_definition(p)) {
            return parser_missing_close(p, '}', "a service", opened);
        }
        if (!parse_performs(p, &taken) || (!taken && !parse_method(p, definition))) {
            ok = false;
            if (p->out_of_memory || !skip_to_method(p, before)) {
                return false;
            }
        }
    }
    return ok;
}

bool parse_service(struct parser *p, struct ast_definition *definition)
{
    definition->as.service.last = &definition->as.service.first;
    if (parser_take_keyword(p, KEYWORD_EXTENDS) &&
        !parse_any_name(p, "the name of a service", &definition->as.service.parent)) {
        return false;
    }
    return parse_methods(p, definition);
}
