/*
 * Names as values: true and false, constants, values of enums.
 *
 * An enum's value should be written "Enum.VALUE". Files exist that write it bare, or behind the
 * name of another enum; both are understood when the type says which enum is meant.
 */
#include "schema/constant.h"
#include "schema/lexer.h"
#include "schema/lookup.h"
#include "schema/type.h"

static size_t last_part(struct ast_name name)
{
    size_t at = name.size;

    while (at > 0 && name.text[at - 1] != '.') {
        at--;
    }
    return at;
}

/* The value that "Enum.VALUE" names, whatever type is wanted. */
static const thrift_symbol *find_symbol(const struct source *source, struct ast_name name)
{
    size_t at = last_part(name);
    const struct definition *definition =
        at > 1 ? scope_find(source, SCOPE_TYPE, name.text, at - 1) : NULL;
    const thrift_type *type = definition != NULL ? definition->type : NULL;

    return type != NULL && type->symbols != NULL
               ? enum_find_symbol(type->symbols, name.text + at, name.size - at)
               : NULL;
}

static bool guess_symbol(struct resolver *r, const struct evaluation *e, struct finding *finding)
{
    const thrift_enum *symbols = e->type->symbols;
    struct ast_name name = e->ast->name;
    struct name_guess guess;
    size_t at = last_part(name);

    name.text += at;
    name.size -= (uint32_t)at;
    if (!name_guess_init(&guess, r, name)) {
        return false;
    }
    for (size_t i = 0; i < symbols->symbol_count && r->guesses_left > 0; i++) {
        name_guess_offer(&guess, symbols->symbols[i].node.name);
    }
    if (guess.best != NULL) {
        finding_hint(r->findings, finding, "did you mean '%s.%s'?", e->type->spelling, guess.best);
    }
    return true;
}

/* A name for an enum that is no constant. */
static enum outcome enum_name(struct resolver *r, const struct evaluation *e)
{
    struct ast_name name = e->ast->name;
    const thrift_enum *symbols = e->type->symbols;
    const thrift_symbol *symbol = find_symbol(e->source, name);
    size_t at = last_part(name);
    struct finding *finding;

    if (symbol == NULL || symbol < symbols->symbols ||
        symbol >= symbols->symbols + symbols->symbol_count) {
        symbol = enum_find_symbol(symbols, name.text + at, name.size - at);
        if (symbol == NULL) {
            finding = finding_error(r->findings, "unknown-enum-value", value_span(e),
                                    "'%.*s' is no value of enum %s", (int)name.size, name.text,
                                    symbols->node.name);
            return guess_symbol(r, e, finding) ? OUTCOME_FAILED : OUTCOME_NO_MEMORY;
        }
        finding = finding_warning(
            r->findings, at == 0 ? "unqualified-enum-value" : "enum-prefix", value_span(e),
            at == 0 ? "'%.*s' is understood as a value of enum %s"
                    : "'%.*s' does not name enum %s, whose value it is taken for",
            (int)name.size, name.text, symbols->node.name);
        finding_hint(r->findings, finding, "write '%s.%s'", e->type->spelling, symbol->node.name);
    }
    e->out->as.integer = symbol->number;
    return OUTCOME_DONE;
}

static bool is_integer(thrift_kind kind)
{
    return kind == THRIFT_KIND_I8 || kind == THRIFT_KIND_I16 || kind == THRIFT_KIND_I32 ||
           kind == THRIFT_KIND_I64 || kind == THRIFT_KIND_BOOL || kind == THRIFT_KIND_ENUM;
}

static bool is_number(thrift_kind kind) { return is_integer(kind) || kind == THRIFT_KIND_DOUBLE; }

static bool is_text(thrift_kind kind)
{
    return kind == THRIFT_KIND_STRING || kind == THRIFT_KIND_BINARY;
}

static enum outcome mismatched_constant(struct resolver *r, const struct evaluation *e,
                                        const struct definition *constant)
{
    struct finding *finding = finding_error(
        r->findings, "constant-type", value_span(e), "constant '%s' of type %s is no value for %s",
        constant->as.node->name, constant->as.constant->type->spelling, e->type->spelling);

    finding_note(finding, scope_span(constant->source, constant->ast->name), "it is defined here");
    return OUTCOME_FAILED;
}

static enum outcome too_large(struct resolver *r, const struct evaluation *e)
{
    finding_failure(r->findings, THRIFT_E_LIMIT, "constants-too-large", value_span(e),
                    "constants contain each other too often");
    return OUTCOME_FAILED;
}

/* The same value in another place. */
static enum outcome share(struct resolver *r, const struct evaluation *e,
                          const struct definition *constant)
{
    if (r->evaluations_left < constant->weight ||
        r->depth + constant->depth > SCHEMA_VALUE_DEPTH_MOST) {
        return too_large(r, e);
    }
    r->evaluations_left -= constant->weight;
    r->weight += constant->weight - 1; /* the place itself is counted */
    if (r->depth + constant->depth > r->deepest) {
        r->deepest = r->depth + constant->depth;
    }
    *e->out = *constant->as.constant->value;
    return OUTCOME_DONE;
}

enum outcome value_convert(struct resolver *r, struct evaluation *e,
                           const struct definition *constant)
{
    const thrift_type *type = constant->as.constant->type;
    const struct const_value *value = constant->as.constant->value;

    if (value == NULL) {
        return OUTCOME_FAILED;
    }
    if (type_equal(type, e->type)) {
        return share(r, e, constant);
    }
    if (is_integer(type->kind)) {
        return is_number(e->type->kind)
                   ? value_integer(r, e,
                                   type->kind == THRIFT_KIND_BOOL ? value->as.boolean
                                                                  : value->as.integer)
                   : mismatched_constant(r, e, constant);
    }
    if (is_text(type->kind) && is_text(e->type->kind)) {
        e->out->as.bytes = value->as.bytes;
        return OUTCOME_DONE;
    }
    if (type->kind != THRIFT_KIND_LIST && type->kind != THRIFT_KIND_SET &&
        type->kind != THRIFT_KIND_MAP &&
        !(is_text(type->kind) && e->type->kind == THRIFT_KIND_UUID)) {
        return mismatched_constant(r, e, constant);
    }
    /* The same text under another type: list<i32> for a set<i64>, a map for a struct. */
    if (r->evaluations_left < constant->weight) {
        return too_large(r, e);
    }
    r->evaluations_left -= constant->weight;
    e->ast = constant->ast->as.typed.value;
    e->source = constant->source;
    return OUTCOME_REDIRECT;
}

static enum outcome truth(struct resolver *r, const struct evaluation *e, bool value)
{
    if (!is_number(e->type->kind) || e->type->kind == THRIFT_KIND_ENUM) {
        return value_mismatch(r, e);
    }
    return value_integer(r, e, value);
}

enum outcome value_name(struct resolver *r, struct evaluation *e)
{
    struct ast_name name = e->ast->name;
    enum keyword keyword = keyword_of(name.text, name.size);
    struct definition *constant;
    const thrift_symbol *symbol;

    if (keyword == KEYWORD_TRUE || keyword == KEYWORD_FALSE) {
        return truth(r, e, keyword == KEYWORD_TRUE);
    }
    constant = scope_find(e->source, SCOPE_CONSTANT, name.text, name.size);
    if (constant != NULL && (e->type->kind != THRIFT_KIND_ENUM || constant->type != NULL)) {
        return constant->type != NULL ? value_convert(r, e, constant) : OUTCOME_FAILED;
    }
    if (e->type->kind == THRIFT_KIND_ENUM) {
        return enum_name(r, e);
    }
    symbol = find_symbol(e->source, name);
    if (symbol != NULL) {
        return is_number(e->type->kind) ? value_integer(r, e, symbol->number)
                                        : value_mismatch(r, e);
    }
    return scope_report_unknown(r, e->source, SCOPE_CONSTANT, "constant", name,
                                is_text(e->type->kind) ? "put a text in quotes"
                                                       : value_wanted(e->type))
               ? OUTCOME_FAILED
               : OUTCOME_NO_MEMORY;
}
