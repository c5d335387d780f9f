/*
 * Numbers, strings and uuids against their types.
 */
#include <math.h>

#include "schema/constant.h"
#include "schema/lookup.h"

struct span value_span(const struct evaluation *e)
{
    struct span span = scope_span(e->source, e->ast->name);

    span.size = e->ast->kind == AST_VALUE_LIST || e->ast->kind == AST_VALUE_MAP ? 1 : span.size;
    return span;
}

static const char *written_kind(const struct ast_value *ast)
{
    switch ((enum ast_value_kind)ast->kind) {
    case AST_VALUE_INTEGER:
        return "an integer";
    case AST_VALUE_DOUBLE:
        return "a double";
    case AST_VALUE_STRING:
        return "a string";
    case AST_VALUE_LIST:
        return "a list";
    case AST_VALUE_MAP:
        return "a map";
    case AST_VALUE_NAME:
    default:
        return "a name";
    }
}

const char *value_wanted(const thrift_type *type)
{
    switch (type->kind) {
    case THRIFT_KIND_BOOL:
        return "write true or false";
    case THRIFT_KIND_I8:
    case THRIFT_KIND_I16:
    case THRIFT_KIND_I32:
    case THRIFT_KIND_I64:
        return "write an integer";
    case THRIFT_KIND_DOUBLE:
        return "write a number";
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
        return "write a string in quotes";
    case THRIFT_KIND_UUID:
        return "write a string like \"00112233-4455-6677-8899-aabbccddeeff\"";
    case THRIFT_KIND_ENUM:
        return "write the name of one of its values";
    case THRIFT_KIND_RECORD:
        return "write its fields: {\"name\": value}";
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
        return "write a list: [a, b]";
    case THRIFT_KIND_MAP:
        return "write a map: {key: value}";
    case THRIFT_KIND_NONE:
    default:
        return "write something else";
    }
}

enum outcome value_mismatch(struct resolver *r, const struct evaluation *e)
{
    struct finding *finding =
        finding_error(r->findings, "constant-type", value_span(e), "%s is no value for type %s",
                      written_kind(e->ast), e->type->spelling);

    finding_hint(r->findings, finding, "%s", value_wanted(e->type));
    return OUTCOME_FAILED;
}

static int64_t wrap(thrift_kind kind, int64_t number)
{
    return kind == THRIFT_KIND_I8    ? (int8_t)number
           : kind == THRIFT_KIND_I16 ? (int16_t)number
           : kind == THRIFT_KIND_I32 ? (int32_t)number
                                     : number;
}

static enum outcome width_integer(struct resolver *r, const struct evaluation *e, int64_t number)
{
    int64_t wrapped = wrap(e->type->kind, number);

    if (wrapped != number) {
        finding_warning(r->findings, "constant-range", value_span(e),
                        "%lld does not fit type %s; it becomes %lld", (long long)number,
                        e->type->spelling, (long long)wrapped);
    }
    e->out->as.integer = wrapped;
    return OUTCOME_DONE;
}

static enum outcome enum_number(struct resolver *r, const struct evaluation *e, int64_t number)
{
    const thrift_enum *symbols = e->type->symbols;

    bool fits = number >= INT32_MIN && number <= INT32_MAX;

    if (fits && enum_find_number(symbols, (int32_t)number) != NULL) {
        e->out->as.integer = number;
        return OUTCOME_DONE;
    }
    if (fits && e->source->ast->fbthrift) { /* whose enums are open */
        finding_warning(r->findings, "unknown-enum-number", value_span(e),
                        "%lld is no value of enum %s", (long long)number, symbols->node.name);
        e->out->as.integer = number;
        return OUTCOME_DONE;
    }
    finding_hint(r->findings,
                 finding_error(r->findings, "unknown-enum-number", value_span(e),
                               "%lld is no value of enum %s", (long long)number,
                               symbols->node.name),
                 "%s", value_wanted(e->type));
    return OUTCOME_FAILED;
}

enum outcome value_integer(struct resolver *r, const struct evaluation *e, int64_t number)
{
    switch (e->type->kind) {
    case THRIFT_KIND_BOOL:
        e->out->as.boolean = number != 0;
        return OUTCOME_DONE;
    case THRIFT_KIND_I8:
    case THRIFT_KIND_I16:
    case THRIFT_KIND_I32:
    case THRIFT_KIND_I64:
        return width_integer(r, e, number);
    case THRIFT_KIND_DOUBLE:
        e->out->as.real = (double)number;
        return OUTCOME_DONE;
    case THRIFT_KIND_ENUM:
        return enum_number(r, e, number);
    case THRIFT_KIND_NONE:
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
    case THRIFT_KIND_UUID:
    case THRIFT_KIND_RECORD:
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
    case THRIFT_KIND_MAP:
    default:
        return value_mismatch(r, e);
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* 8-4-4-4-12 digits, in braces or not. */
static bool parse_uuid(const char *text, size_t size, uint8_t out[16])
{
    size_t digits = 0;

    if (size == 38 && text[0] == '{' && text[37] == '}') {
        text++;
        size -= 2;
    }
    if (size != 36) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        int digit = hex_digit(text[i]);

        if (dash ? text[i] != '-' : digit < 0) {
            return false;
        }
        if (!dash) {
            out[digits / 2] = (uint8_t)(out[digits / 2] << 4 | digit);
            digits++;
        }
    }
    return true;
}

enum outcome value_string(struct resolver *r, const struct evaluation *e)
{
    const struct ast_value *ast = e->ast;

    if (e->type->kind == THRIFT_KIND_STRING || e->type->kind == THRIFT_KIND_BINARY) {
        e->out->as.bytes = (thrift_bytes){(const uint8_t *)ast->as.text, ast->size};
        return OUTCOME_DONE;
    }
    if (e->type->kind != THRIFT_KIND_UUID) {
        return value_mismatch(r, e);
    }
    memset(e->out->as.uuid, 0, sizeof e->out->as.uuid);
    if (!parse_uuid(ast->as.text, ast->size, e->out->as.uuid)) {
        finding_hint(r->findings,
                     finding_error(r->findings, "bad-uuid", value_span(e), "this is no uuid"), "%s",
                     value_wanted(e->type));
        return OUTCOME_FAILED;
    }
    return OUTCOME_DONE;
}

enum outcome value_scalar(struct resolver *r, const struct evaluation *e)
{
    switch ((enum ast_value_kind)e->ast->kind) {
    case AST_VALUE_INTEGER:
        return value_integer(r, e, e->ast->as.integer);
    case AST_VALUE_DOUBLE:
        if (e->type->kind != THRIFT_KIND_DOUBLE) {
            return value_mismatch(r, e);
        }
        if (!isfinite(e->ast->as.real)) {
            finding_warning(r->findings, "constant-range", value_span(e),
                            "this number does not fit a double; it becomes infinite");
        }
        e->out->as.real = e->ast->as.real;
        return OUTCOME_DONE;
    case AST_VALUE_STRING:
        return value_string(r, e);
    case AST_VALUE_NAME:
    case AST_VALUE_LIST:
    case AST_VALUE_MAP:
    default:
        return value_mismatch(r, e);
    }
}
