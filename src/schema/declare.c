/*
 * Declaring: every definition gets its descriptor, still empty, and its name in its file's scope.
 */
#include <stdio.h>

#include "schema/resolver_part.h"
#include "schema/scope.h"
#include "schema/type.h"

bool resolve_node(struct resolver *r, thrift_node *node, thrift_node_kind kind,
                  const struct source *source, struct ast_name name, const char *doc,
                  struct ast_annotations annotations)
{
    node->kind = kind;
    node->file = source->file;
    node->line = name.line;
    node->column = name.column;
    node->doc = doc;
    node->annotations = annotations.items;
    node->annotation_count = annotations.count;
    node->name = arena_strdup(r->keep, name.text, name.size);
    return node->name != NULL;
}

static size_t descriptor_size(enum ast_definition_kind kind)
{
    switch (kind) {
    case AST_CONSTANT:
        return sizeof(thrift_constant);
    case AST_TYPEDEF:
        return sizeof(thrift_alias);
    case AST_ENUM:
        return sizeof(thrift_enum);
    case AST_SERVICE:
    case AST_INTERACTION:
        return sizeof(thrift_service);
    case AST_STRUCT:
    case AST_UNION:
    case AST_EXCEPTION:
    default:
        return sizeof(thrift_struct);
    }
}

static thrift_node_kind node_kind(enum ast_definition_kind kind)
{
    switch (kind) {
    case AST_CONSTANT:
        return THRIFT_NODE_CONSTANT;
    case AST_TYPEDEF:
        return THRIFT_NODE_ALIAS;
    case AST_ENUM:
        return THRIFT_NODE_ENUM;
    case AST_SERVICE:
    case AST_INTERACTION:
        return THRIFT_NODE_SERVICE;
    case AST_UNION:
        return THRIFT_NODE_UNION;
    case AST_EXCEPTION:
        return THRIFT_NODE_EXCEPTION;
    case AST_STRUCT:
    default:
        return THRIFT_NODE_STRUCT;
    }
}

/* "User" in the root file, "shared.User" in others. */
static const char *full_name(struct resolver *r, const struct source *source, const char *name)
{
    size_t prefix_size = strlen(source->prefix), size = strlen(name);
    char *text;

    if (source->index == 0) {
        return name;
    }
    text = arena_alloc_aligned(r->keep, prefix_size + size + 2, 1);
    if (text != NULL) {
        memcpy(text, source->prefix, prefix_size);
        text[prefix_size] = '.';
        memcpy(text + prefix_size + 1, name, size + 1);
    }
    return text;
}

static bool set_full_name(struct resolver *r, struct definition *definition)
{
    const char *name = full_name(r, definition->source, definition->as.node->name);

    definition->full_name = name;
    switch (definition->ast->kind) {
    case AST_STRUCT:
    case AST_UNION:
    case AST_EXCEPTION:
        definition->as.record->full_name = name;
        definition->as.record->schema = r->schema;
        definition->type = name != NULL ? type_record(r->keep, definition->as.record, name) : NULL;
        definition->as.record->type = definition->type;
        return definition->type != NULL;
    case AST_ENUM:
        definition->as.symbols->full_name = name;
        definition->type = name != NULL ? type_enum(r->keep, definition->as.symbols, name) : NULL;
        definition->as.symbols->type = definition->type;
        return definition->type != NULL;
    case AST_SERVICE:
    case AST_INTERACTION:
        definition->as.service->full_name = name;
        return name != NULL;
    case AST_CONSTANT:
    case AST_TYPEDEF:
    default:
        return name != NULL;
    }
}

/* Enters a definition in its scope; the first one of a name stays. */
static bool enter(struct resolver *r, struct definition *definition)
{
    struct source *source = definition->source;
    struct ast_name name = definition->ast->name;
    bool constant = definition->ast->kind == AST_CONSTANT;
    struct definition *first = name_map_add(constant ? &source->constants : &source->definitions,
                                            name.text, name.size, definition);
    struct finding *finding;

    if (first == NULL) {
        return false;
    }
    if (first != definition) {
        finding = finding_error(r->findings, "duplicate-name", scope_span(source, name),
                                "'%.*s' is already defined", (int)name.size, name.text);
        finding_note(finding, scope_span(source, first->ast->name), "it is first defined here");
        finding_hint(r->findings, finding, "rename one of the two");
    }
    return true;
}

static bool declare(struct resolver *r, struct source *source, struct ast_definition *ast)
{
    struct definition *definition = &r->definitions[r->definition_count++];
    struct ast_name name = ast->name;

    definition->ast = ast;
    definition->source = source;
    definition->as.node = arena_alloc_zero(r->keep, descriptor_size(ast->kind));
    ast->resolved = definition;
    if (definition->as.node == NULL ||
        !resolve_node(r, definition->as.node, node_kind(ast->kind), source, name, ast->doc,
                      ast->annotations) ||
        !set_full_name(r, definition)) {
        return false;
    }
    if (memchr(name.text, '.', name.size) != NULL) {
        finding_error(r->findings, "dotted-name", scope_span(source, name),
                      "the name of a definition cannot contain a dot");
    }
    check_name(r, source, name);
    return enter(r, definition);
}

bool resolve_declare(struct resolver *r)
{
    size_t count = 0;

    for (size_t i = 0; i < r->source_count; i++) {
        count += r->sources[i]->ast->definition_count;
    }
    r->definitions = arena_alloc_zero(r->scratch, (count + 1) * sizeof *r->definitions);
    if (r->definitions == NULL) {
        return false;
    }
    for (size_t i = 0; i < r->source_count; i++) {
        struct source *source = r->sources[i];

        for (struct ast_definition *ast = source->ast->definitions; ast != NULL; ast = ast->next) {
            if (!declare(r, source, ast)) {
                return false;
            }
        }
        if (!scope_enter_includes(r, source)) {
            return false;
        }
    }
    return true;
}
