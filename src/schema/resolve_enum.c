/*
 * Enums: numbers as written or one more than the one before, unique names.
 */
#include <stdlib.h>

#include "schema/lookup.h"
#include "schema/resolver_part.h"
#include "schema/scope.h"

static struct ast_name symbol_name(const struct ast_symbol *symbol)
{
    return (struct ast_name){symbol->name, symbol->name_size, symbol->line, symbol->column};
}

static void check_number(struct resolver *r, const struct definition *definition,
                         const struct ast_symbol *ast, int64_t number)
{
    struct finding *finding;

    if (number >= INT32_MIN && number <= INT32_MAX) {
        return;
    }
    finding = finding_error(r->findings, "enum-value-range",
                            scope_span(definition->source, symbol_name(ast)),
                            "the value of %.*s is %s of 32 bits", (int)ast->name_size, ast->name,
                            ast->has_number ? "out of the range" : "one more than the largest");
    finding_hint(r->findings, finding, "values lie between -2147483648 and 2147483647");
}

static void report_duplicate(struct resolver *r, const struct definition *definition,
                             const struct ast_symbol *ast, const thrift_symbol *first)
{
    struct span before = {definition->source, first->node.line, first->node.column, 1};
    struct finding *finding = finding_error(r->findings, "duplicate-enum-value",
                                            scope_span(definition->source, symbol_name(ast)),
                                            "'%.*s' is already a value of %s", (int)ast->name_size,
                                            ast->name, definition->as.node->name);

    finding_note(finding, before, "it is first used here");
}

static int compare_symbols(const void *left, const void *right)
{
    const thrift_symbol *a = *(const thrift_symbol *const *)left;
    const thrift_symbol *b = *(const thrift_symbol *const *)right;

    if (a->number != b->number) {
        return a->number < b->number ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

static void report_same_number(struct resolver *r, const struct definition *definition,
                               const thrift_symbol *first, const thrift_symbol *second)
{
    struct span at = {definition->source, second->node.line, second->node.column, 1};
    struct span before = {definition->source, first->node.line, first->node.column, 1};
    struct finding *finding = finding_warning(r->findings, "duplicate-enum-number", at,
                                              "%s and %s have the same value %d", first->node.name,
                                              second->node.name, (int)second->number);

    finding_note(finding, before, "the first name is the one shown for it");
}

static bool is_ascending(const thrift_enum *e)
{
    for (size_t i = 1; i < e->symbol_count; i++) {
        if (e->symbols[i - 1].number > e->symbols[i].number) {
            return false;
        }
    }
    return true;
}

static bool sort_by_number(struct resolver *r, thrift_enum *e)
{
    e->by_number = arena_alloc(r->keep, e->symbol_count * sizeof *e->by_number);
    if (e->by_number == NULL) {
        return false;
    }
    for (size_t i = 0; i < e->symbol_count; i++) {
        e->by_number[i] = &e->symbols[i];
    }
    qsort(e->by_number, e->symbol_count, sizeof *e->by_number, compare_symbols);
    return true;
}

static bool index_numbers(struct resolver *r, struct definition *definition, thrift_enum *e)
{
    if (!is_ascending(e) && !sort_by_number(r, e)) {
        return false;
    }
    for (size_t i = 1; i < e->symbol_count; i++) {
        const thrift_symbol *before = enum_ranked(e, i - 1), *symbol = enum_ranked(e, i);

        if (before->number == symbol->number) {
            report_same_number(r, definition, before, symbol);
        }
    }
    return true;
}

static bool resolve_symbol(struct resolver *r, struct definition *definition, thrift_symbol *symbol,
                           const struct ast_symbol *ast, int64_t number)
{
    static const struct ast_symbol_extra nothing = {NULL, {NULL, 0}};
    const struct ast_symbol_extra *extra = ast->extra != NULL ? ast->extra : &nothing;
    thrift_enum *e = definition->as.symbols;
    size_t position = (size_t)(symbol - e->symbols), first;

    symbol->number = (int32_t)number;
    check_number(r, definition, ast, number);
    check_name(r, definition->source, symbol_name(ast));
    if (!resolve_node(r, &symbol->node, THRIFT_NODE_SYMBOL, definition->source, symbol_name(ast),
                      extra->doc, extra->annotations)) {
        return false;
    }
    first = name_index_add(&e->by_name, NAME_ITEMS(e->symbols, e->symbol_count), position);
    if (first != NAME_NONE) {
        report_duplicate(r, definition, ast, &e->symbols[first]);
    }
    return true;
}

static bool resolve_enum(struct resolver *r, struct definition *definition)
{
    thrift_enum *e = definition->as.symbols;
    int64_t number = 0;
    size_t count = definition->ast->as.symbols.count, i = 0;

    e->symbols = arena_alloc_zero(r->keep, (count + 1) * sizeof *e->symbols);
    e->symbol_count = count;
    if (e->symbols == NULL ||
        !name_index_init(&e->by_name, r->keep, NAME_ITEMS(e->symbols, count))) {
        return false;
    }
    for (const struct ast_symbol *ast = definition->ast->as.symbols.first; ast != NULL;
         ast = ast->next) {
        number = ast->has_number ? ast->number : number;
        if (!resolve_symbol(r, definition, &e->symbols[i++], ast, number)) {
            return false;
        }
        number = number < INT64_MAX ? number + 1 : number;
    }
    return index_numbers(r, definition, e);
}

bool resolve_enums(struct resolver *r)
{
    for (size_t i = 0; i < r->definition_count; i++) {
        if (r->definitions[i].ast->kind == AST_ENUM && !resolve_enum(r, &r->definitions[i])) {
            return false;
        }
    }
    return true;
}
