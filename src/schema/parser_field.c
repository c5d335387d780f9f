/*
 * Fields, of structs and of argument lists.
 */
#include "schema/parser_part.h"

/* "1:". The id stays as written; what becomes of it is the resolver's business. */
static bool parse_id(struct parser *p, struct ast_field *field)
{
    if (p->token.kind != TOKEN_INTEGER) {
        return true;
    }
    field->id = p->token.integer;
    field->id_name =
        (struct ast_name){p->token.text, p->token.size, p->token.line, p->token.column};
    parser_advance(p);
    return parser_expect(p, ':', "after the id of a field");
}

static bool begins_type(const struct token *token) { return token->kind == TOKEN_NAME; }

/* "required" and "optional" may also be names of types, then a name follows at once. */
static void parse_requiredness(struct parser *p, struct ast_field *field)
{
    struct token next;

    if (!parser_is_keyword(p, KEYWORD_REQUIRED) && !parser_is_keyword(p, KEYWORD_OPTIONAL) &&
        !parser_is_keyword(p, KEYWORD_TERSE)) {
        return;
    }
    next = parser_peek(p, 1);
    if (!begins_type(&next)) {
        return;
    }
    if (!parser_is_keyword(p, KEYWORD_TERSE)) {
        field->requiredness =
            parser_is_keyword(p, KEYWORD_REQUIRED) ? THRIFT_FIELD_REQUIRED : THRIFT_FIELD_OPTIONAL;
    } else if (parser_peek(p, 2).kind != TOKEN_NAME || parser_peek(p, 2).first) {
        return;
    }
    parser_advance(p);
}

static bool parse_xsd_attributes(struct parser *p)
{
    struct ast_fields fields = {0};

    return !parser_take_keyword(p, KEYWORD_XSD_ATTRS) || parse_fields(p, '{', "xsd_attrs", &fields);
}

static bool parse_type_and_name(struct parser *p, struct ast_field *field)
{
    if (!parse_type(p, &field->type)) {
        return false;
    }
    if (field->type->kind == AST_TYPE_STREAM) {
        finding_syntax(p->findings, "stream-as-type", name_span(p, field->type->name),
                       "a stream or sink is no type; only a method can return it");
        return false;
    }
    field->reference = parser_take(p, '&');
    return parse_any_name(p, "the name of a field", &field->name);
}

/* Default value, leftovers of XML Schema, annotations, separator. */
static bool parse_rest(struct parser *p, struct ast_field *field, struct annotation_list *list)
{
    if (parser_take(p, '=') && !parse_value(p, &field->value)) {
        return false;
    }
    (void)parser_take_keyword(p, KEYWORD_XSD_OPTIONAL);
    (void)parser_take_keyword(p, KEYWORD_XSD_NILLABLE);
    if (!parse_xsd_attributes(p) || !parse_annotations(p, list) ||
        !finish_annotations(p, list, &field->annotations)) {
        return false;
    }
    parser_skip_separator(p);
    return true;
}

static bool parse_field(struct parser *p, struct ast_fields *fields)
{
    struct ast_field *field = parser_new(p, sizeof *field);
    struct annotation_list list = {0};

    if (field == NULL || !parse_structured(p, &list)) {
        return false;
    }
    field->doc = parse_doc(p);
    if (!parse_id(p, field)) {
        return false;
    }
    parse_requiredness(p, field);
    if (!parse_type_and_name(p, field) || !parse_rest(p, field, &list)) {
        return false;
    }
    *fields->last = field;
    fields->last = &field->next;
    fields->count++;
    return true;
}

/* Goes on behind a mistake: at the next "1:" that begins a line or follows a separator, or at what
 * closes. false: the rest of the definition is given up. */
static bool skip_to_field(struct parser *p, char close, const char *before)
{
    size_t depth = 0;

    if (p->token.text == before) {
        parser_advance(p);
    }
    for (; p->token.kind != TOKEN_END && !begins_definition(p); parser_advance(p)) {
        bool fresh = p->token.first || p->last_kind == ',' || p->last_kind == ';';

        if (depth == 0 && (parser_is(p, close) || (fresh && p->token.kind == TOKEN_INTEGER &&
                                                   parser_peek(p, 1).kind == ':'))) {
            return true;
        }
        if (parser_is(p, '{') || parser_is(p, '(') || parser_is(p, '[')) {
            depth++;
        } else if (parser_is(p, '}') || parser_is(p, ')') || parser_is(p, ']')) {
            if (depth == 0) {
                return false;
            }
            depth--;
        }
    }
    return false;
}

bool parse_fields(struct parser *p, char open, const char *what, struct ast_fields *out)
{
    struct span opened = parser_span(p);
    char close = open == '(' ? ')' : '}';
    bool ok = true;

    *out = (struct ast_fields){.last = &out->first};
    if (!parser_expect(p, open, "here")) {
        return false;
    }
    while (!parser_take(p, close)) {
        if (p->token.kind == TOKEN_END || (begins_definition(p) && close == '}')) {
            return parser_missing_close(p, close, what, opened);
        }
        const char *before = p->token.text;

        if (!parse_field(p, out)) {
            ok = false;
            if (p->out_of_memory || !skip_to_field(p, close, before)) {
                return false;
            }
        }
    }
    return ok;
}
