/*
 * Services: parents before children, and for each method the structs of its arguments, its result
 * and what it throws.
 */
#include <stdio.h>

#include "schema/lookup.h"
#include "schema/resolver_part.h"
#include "schema/scope.h"

#define ANCESTORS_MOST 64

/* "getUser" and "_args". */
static char *suffixed(struct resolver *r, const char *name, const char *suffix)
{
    size_t size = strlen(name), suffix_size = strlen(suffix);
    char *text = arena_alloc_aligned(r->keep, size + suffix_size + 1, 1);

    if (text != NULL) {
        memcpy(text, name, size);
        memcpy(text + size, suffix, suffix_size + 1);
    }
    return text;
}

static thrift_struct *new_synthetic(struct resolver *r, const thrift_method *method,
                                    const char *suffix)
{
    thrift_struct *record = arena_alloc_zero(r->keep, sizeof *record);

    if (record == NULL) {
        return NULL;
    }
    record->node = method->node;
    record->node.kind = THRIFT_NODE_STRUCT;
    record->node.doc = NULL;
    record->node.annotations = NULL;
    record->node.annotation_count = 0;
    record->node.name = suffixed(r, method->node.name, suffix);
    record->full_name = record->node.name;
    record->schema = r->schema;
    record->synthetic = true;
    resolve_number_struct(r, record);
    return record->node.name != NULL ? record : NULL;
}

static void fill_success(thrift_field *field, const thrift_method *method,
                         const thrift_struct *owner)
{
    field->node = (thrift_node){.kind = THRIFT_NODE_FIELD,
                                .line = method->node.line,
                                .column = method->node.column,
                                .file = method->node.file,
                                .name = "success"};
    field->requiredness = THRIFT_FIELD_OPTIONAL;
    field->type = method->result;
    field->owner = owner;
}

/* Success, unless void, then what is thrown. */
static bool make_result(struct resolver *r, thrift_method *method)
{
    thrift_struct *record = new_synthetic(r, method, "_result");
    uint32_t count = method->throws->field_count + (method->result != NULL), slot = 0;

    if (record == NULL) {
        return false;
    }
    record->field_count = count;
    record->fields = arena_alloc_zero(r->keep, (count + (size_t)1) * sizeof *record->fields);
    if (record->fields == NULL) {
        return false;
    }
    if (method->result != NULL) {
        fill_success(&record->fields[slot++], method, record);
    }
    for (uint32_t i = 0; i < method->throws->field_count; i++) {
        thrift_field *field = &record->fields[slot];

        *field = method->throws->fields[i];
        field->owner = record;
        field->slot = slot++;
    }
    method->result_struct = record;
    return index_fields(r, record, NULL);
}

static void check_oneway(struct resolver *r, const struct source *source,
                         const struct ast_method *ast)
{
    if (ast->oneway.text == NULL) {
        return;
    }
    if (ast->result != NULL) {
        finding_hint(r->findings,
                     finding_warning(r->findings, "oneway-result", scope_span(source, ast->name),
                                     "a oneway method returns nothing, but '%.*s' says it does",
                                     (int)ast->name.size, ast->name.text),
                     "let it return void");
    }
    if (ast->throws.count > 0) {
        finding_hint(r->findings,
                     finding_error(r->findings, "oneway-throws",
                                   scope_span(source, ast->throws_name),
                                   "a oneway method cannot throw: no answer is ever sent"),
                     "leave 'throws' or 'oneway' out");
    }
}

static bool resolve_method(struct resolver *r, struct definition *definition, thrift_method *method,
                           const struct ast_method *ast)
{
    struct source *source = definition->source;
    thrift_struct *arguments, *throws;

    method->service = definition->as.service;
    method->oneway = ast->oneway.text != NULL;
    check_oneway(r, source, ast);
    if (!resolve_node(r, &method->node, THRIFT_NODE_METHOD, source, ast->name, ast->doc,
                      ast->annotations) ||
        !resolve_type(r, source, ast->result, &method->result)) {
        return false;
    }
    arguments = new_synthetic(r, method, "_args");
    throws = arguments != NULL ? new_synthetic(r, method, "_throws") : NULL;
    if (throws == NULL || !resolve_fields(r, source, arguments, &ast->arguments, ROLE_ARGUMENT) ||
        !resolve_fields(r, source, throws, &ast->throws, ROLE_THROWS)) {
        return false;
    }
    method->arguments = arguments;
    method->throws = throws;
    return make_result(r, method);
}

static void report_duplicate(struct resolver *r, const struct source *source,
                             const struct ast_method *ast, const thrift_method *first,
                             bool inherited)
{
    const char *where = first->service->node.name;
    struct finding *finding =
        finding_error(r->findings, "duplicate-method", scope_span(source, ast->name),
                      inherited ? "method '%.*s' is already inherited from %s"
                                : "method '%.*s' is already defined in %s",
                      (int)ast->name.size, ast->name.text, where);
    struct span before = {NULL, first->node.line, first->node.column, 1};

    for (size_t i = 0; i < r->source_count; i++) {
        if (r->sources[i]->file == first->node.file) {
            before.source = r->sources[i];
        }
    }
    finding_note(finding, before, "it is first defined here");
}

static bool add_method(struct resolver *r, struct definition *definition, size_t position,
                       const struct ast_method *ast)
{
    thrift_service *service = definition->as.service;
    struct name_items items = NAME_ITEMS(service->methods, service->method_count);
    const thrift_method *inherited;
    size_t first;

    if (!resolve_method(r, definition, &service->methods[position], ast)) {
        return false;
    }
    first = name_index_add(&service->by_name, items, position);
    if (first != NAME_NONE) {
        report_duplicate(r, definition->source, ast, &service->methods[first], false);
    } else if (service->parent != NULL) {
        inherited = service_find_method(service->parent, ast->name.text, ast->name.size);
        if (inherited != NULL) {
            report_duplicate(r, definition->source, ast, inherited, true);
        }
    }
    return true;
}

static size_t count_servable(struct resolver *r, const struct definition *definition)
{
    size_t count = 0;

    for (const struct ast_method *ast = definition->ast->as.service.first; ast != NULL;
         ast = ast->next) {
        if (ast->unservable) {
            finding_warning(r->findings, "not-servable", scope_span(definition->source, ast->name),
                            "method '%.*s' uses streams or interactions, which have no form on "
                            "Apache's wire; it is left out",
                            (int)ast->name.size, ast->name.text);
        }
        count += !ast->unservable;
    }
    return count;
}

static bool resolve_methods(struct resolver *r, struct definition *definition)
{
    thrift_service *service = definition->as.service;
    size_t position = 0;

    service->method_count = count_servable(r, definition);
    service->methods =
        arena_alloc_zero(r->keep, (service->method_count + 1) * sizeof *service->methods);
    if (service->methods == NULL ||
        !name_index_init(&service->by_name, r->keep,
                         NAME_ITEMS(service->methods, service->method_count))) {
        return false;
    }
    for (const struct ast_method *ast = definition->ast->as.service.first; ast != NULL;
         ast = ast->next) {
        if (!ast->unservable && !add_method(r, definition, position++, ast)) {
            return false;
        }
    }
    return true;
}

/* The parent that is named; what is wrong with it is a finding, and *out NULL. */
static bool find_parent(struct resolver *r, struct definition *definition, struct definition **out)
{
    struct ast_name name = definition->ast->as.service.parent;

    *out = NULL;
    if (name.text == NULL) {
        return true;
    }
    *out = scope_find(definition->source, SCOPE_TYPE, name.text, name.size);
    if (*out == NULL) {
        return scope_report_unknown(r, definition->source, SCOPE_TYPE, "service", name, DEFINE_IT);
    }
    if ((*out)->ast->kind != AST_SERVICE) {
        finding_error(r->findings, "extends-no-service", scope_span(definition->source, name),
                      "'%.*s' is not a service", (int)name.size, name.text);
        *out = NULL;
    }
    return true;
}

/* Fills a service whose parent is filled. */
static bool finish_service(struct resolver *r, struct definition *definition,
                           struct definition *parent)
{
    thrift_service *service = definition->as.service;
    struct ast_name name = definition->ast->as.service.parent;

    definition->state = DEFINITION_DONE;
    if (parent != NULL && parent->as.service->depth >= ANCESTORS_MOST) {
        finding_failure(r->findings, THRIFT_E_LIMIT, "extends-too-deep",
                        scope_span(definition->source, name),
                        "services extend each other more than %d levels deep", ANCESTORS_MOST);
        parent = NULL;
    }
    if (parent != NULL) {
        service->parent = parent->as.service;
        service->depth = parent->as.service->depth + 1;
    }
    return resolve_methods(r, definition);
}

/* A service on the way to the root of its line. */
struct ancestor {
    struct ancestor *below;
    struct definition *definition, *parent;
};

static bool resolve_service(struct resolver *r, struct definition *definition)
{
    struct ancestor *stack = NULL;

    while (definition != NULL && definition->state == DEFINITION_NEW) {
        struct ancestor *top = arena_alloc(r->scratch, sizeof *top);

        if (top == NULL || !find_parent(r, definition, &top->parent)) {
            return false;
        }
        definition->state = DEFINITION_OPEN;
        top->definition = definition;
        top->below = stack;
        stack = top;
        if (top->parent != NULL && top->parent->state == DEFINITION_OPEN) {
            finding_error(r->findings, "extends-cycle",
                          scope_span(definition->source, definition->ast->as.service.parent),
                          "service '%s' extends itself over '%s'", top->parent->as.node->name,
                          definition->as.node->name);
            top->parent = NULL;
        }
        definition = top->parent;
    }
    for (; stack != NULL; stack = stack->below) {
        if (!finish_service(r, stack->definition, stack->parent)) {
            return false;
        }
    }
    return true;
}

bool resolve_services(struct resolver *r)
{
    for (size_t i = 0; i < r->definition_count; i++) {
        struct definition *definition = &r->definitions[i];

        if (definition->ast->kind == AST_INTERACTION) {
            finding_warning(r->findings, "not-servable",
                            scope_span(definition->source, definition->ast->name),
                            "interactions cannot be served: they have no form on Apache's wire");
        } else if (definition->ast->kind == AST_SERVICE && !resolve_service(r, definition)) {
            return false;
        }
    }
    return true;
}
