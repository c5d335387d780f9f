/*
 * Constant values: numbers, strings, names, lists, maps, and fbthrift's typed literals
 * "T{field = value}". An explicit stack bounds the nesting.
 */
#include "base/number.h"
#include "schema/parser_part.h"

struct open_value {
    struct ast_value *value;
    struct ast_value **last;
    char close; /* ']' or '}' */
};

struct value_stack {
    struct open_value open[NESTING_MOST];
    size_t depth;
};

static struct ast_value *new_value(struct parser *p, enum ast_value_kind kind)
{
    struct ast_value *value = parser_new(p, sizeof *value);

    if (value != NULL) {
        value->kind = (uint16_t)kind;
        value->name =
            (struct ast_name){p->token.text, p->token.size, p->token.line, p->token.column};
    }
    return value;
}

static bool read_double(struct parser *p, struct ast_value *value)
{
    if (!number_parse_double(p->token.text, p->token.size, &value->as.real)) {
        finding_syntax(p->findings, "bad-number", parser_span(p), "this is no number");
        return false;
    }
    return true;
}

/* Everything but containers; takes the token. */
static bool parse_scalar(struct parser *p, struct ast_value **out)
{
    struct ast_value *value;

    switch (p->token.kind) {
    case TOKEN_INTEGER:
        *out = value = new_value(p, AST_VALUE_INTEGER);
        if (value != NULL) {
            value->as.integer = p->token.integer;
            parser_advance(p);
        }
        return value != NULL;
    case TOKEN_DOUBLE:
        *out = value = new_value(p, AST_VALUE_DOUBLE);
        if (value == NULL || !read_double(p, value)) {
            return false;
        }
        parser_advance(p);
        return true;
    case TOKEN_STRING:
        *out = value = new_value(p, AST_VALUE_STRING);
        return value != NULL && parse_string(p, &value->as.text, &value->size);
    case TOKEN_NAME:
        *out = value = new_value(p, AST_VALUE_NAME);
        if (value != NULL) {
            parser_advance(p);
        }
        return value != NULL;
    default:
        return parser_expected(p, "a value");
    }
}

static bool open_container(struct parser *p, struct value_stack *stack, struct ast_value *value,
                           char close)
{
    if (stack->depth >= NESTING_MOST) {
        finding_failure(p->findings, THRIFT_E_LIMIT, "nesting-too-deep", parser_span(p),
                        "values are nested more than %d levels deep", NESTING_MOST);
        return false;
    }
    stack->open[stack->depth++] = (struct open_value){value, &value->first, close};
    parser_advance(p);
    return true;
}

/* Reads one value or opens one container: *out is NULL then. */
static bool open_value(struct parser *p, struct value_stack *stack, struct ast_value **out)
{
    struct ast_value *value;

    *out = NULL;
    if (parser_is(p, '[') || parser_is(p, '{')) {
        bool is_list = parser_is(p, '[');

        value = new_value(p, is_list ? AST_VALUE_LIST : AST_VALUE_MAP);
        return value != NULL && open_container(p, stack, value, is_list ? ']' : '}');
    }
    value = NULL;
    if (!parse_scalar(p, &value) || value == NULL) {
        return false;
    }
    if (value->kind == AST_VALUE_NAME && parser_is(p, '{')) {
        value->kind = AST_VALUE_MAP;
        value->literal = true;
        return open_container(p, stack, value, '}');
    }
    *out = value;
    return value->kind != AST_VALUE_NAME || parser_refer(p, &p->last_value_reference, value->name);
}

static void append(struct open_value *open, struct ast_value *value)
{
    *open->last = value;
    open->last = &value->next;
    open->value->count++;
}

/* What comes between two values of what is open; the key of a map is followed by its value. */
static bool separate(struct parser *p, struct open_value *open)
{
    bool is_key = open->close == '}' && open->value->count % 2 == 1;

    if (!is_key) {
        parser_skip_separator(p);
        return true;
    }
    return parser_take(p, '=') || parser_expect(p, ':', "between key and value of a map");
}

/* "name =" in a typed literal: the key is what a string would be in a map. */
static bool parse_literal_key(struct parser *p, struct value_stack *stack)
{
    struct open_value *open = &stack->open[stack->depth - 1];
    struct ast_value *key;

    if (!open->value->literal || open->value->count % 2 == 1 || p->token.kind != TOKEN_NAME) {
        return true;
    }
    key = new_value(p, AST_VALUE_STRING);
    if (key == NULL) {
        return false;
    }
    key->as.text = arena_strdup(p->keep, p->token.text, p->token.size);
    key->size = p->token.size;
    p->out_of_memory = p->out_of_memory || key->as.text == NULL;
    parser_advance(p);
    append(open, key);
    return !p->out_of_memory && separate(p, open);
}

/* Puts a finished value into what is open around it, and closes what ends with it. *value stays
 * the outermost value once nothing is open. */
static bool close_values(struct parser *p, struct value_stack *stack, struct ast_value **value)
{
    while (stack->depth > 0) {
        struct open_value *open = &stack->open[stack->depth - 1];

        if (*value != NULL) {
            append(open, *value);
            *value = NULL;
            if (!separate(p, open)) {
                return false;
            }
        }
        if (!parser_is(p, open->close) || (open->close == '}' && open->value->count % 2 == 1)) {
            return parse_literal_key(p, stack);
        }
        parser_advance(p);
        if (open->close == '}') {
            open->value->count /= 2;
        }
        *value = open->value;
        stack->depth--;
    }
    return true;
}

bool parse_value(struct parser *p, const struct ast_value **out)
{
    struct value_stack stack;
    struct ast_value *value = NULL;

    stack.depth = 0;
    do {
        if (!open_value(p, &stack, &value) || !close_values(p, &stack, &value)) {
            return false;
        }
    } while (stack.depth > 0);
    *out = value;
    return true;
}
