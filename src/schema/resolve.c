/*
 * The steps from syntax trees to a schema, and the tables that make it one.
 */
#include "schema/resolver_part.h"

#include "base/hash.h"
#include "schema/scope.h"

#define GUESSES_MOST 200000
#define EVALUATIONS_MOST 10000000
#define CONTAINERS_MOST 16000000 /* more than fit the text of a whole definition */

static bool copy_namespaces(struct resolver *r, const struct source *source)
{
    struct schema_namespace *to =
        arena_alloc(r->keep, (source->ast->namespace_count + (size_t)1) * sizeof *to);

    if (to == NULL) {
        return false;
    }
    source->file->namespaces = to;
    source->file->namespace_count = source->ast->namespace_count;
    for (const struct ast_namespace *at = source->ast->namespaces; at != NULL; at = at->next) {
        *to++ = at->content;
    }
    return true;
}

static bool copy_includes(struct resolver *r, const struct source *source)
{
    struct schema_include *to =
        arena_alloc(r->keep, (source->ast->include_count + (size_t)1) * sizeof *to);

    if (to == NULL) {
        return false;
    }
    source->file->includes = to;
    source->file->include_count = source->ast->include_count;
    for (const struct ast_include *at = source->ast->includes; at != NULL; at = at->next) {
        *to++ = (struct schema_include){.path = at->path,
                                        .file = at->source != NULL ? at->source->file : NULL,
                                        .alias = at->alias,
                                        .cpp = at->cpp,
                                        .line = at->line,
                                        .column = at->column};
    }
    return true;
}

/* Files get their final addresses before any node refers to them. */
static bool make_files(struct resolver *r)
{
    struct schema_file *files = arena_alloc_zero(r->keep, r->source_count * sizeof *files);

    if (files == NULL) {
        return false;
    }
    for (size_t i = 0; i < r->source_count; i++) {
        struct source *source = r->sources[i];

        source->file = &files[i];
        files[i].path = source->path;
        files[i].text = source->text;
        files[i].size = source->size;
        files[i].prefix = source->prefix;
        files[i].doc = source->ast->doc;
        files[i].content_hash = hash_bytes(source->text, source->size);
        files[i].owned_text = source->owned_text;
        source->owned_text = NULL;
    }
    r->schema->files = files;
    r->schema->file_count = r->source_count;
    for (size_t i = 0; i < r->source_count; i++) {
        if (!copy_namespaces(r, r->sources[i]) || !copy_includes(r, r->sources[i])) {
            return false;
        }
    }
    return true;
}

/* Room for all structs, those of methods too. */
static bool make_struct_table(struct resolver *r)
{
    size_t count = 0;

    for (size_t i = 0; i < r->definition_count; i++) {
        const struct ast_definition *ast = r->definitions[i].ast;
        bool record =
            ast->kind == AST_STRUCT || ast->kind == AST_UNION || ast->kind == AST_EXCEPTION;

        count += record;
        count += ast->kind == AST_SERVICE ? (size_t)3 * ast->as.service.count : 0;
    }
    r->schema->structs = arena_alloc(r->keep, (count + 1) * sizeof *r->schema->structs);
    return r->schema->structs != NULL;
}

static bool enter_definition(thrift_schema *schema, const struct definition *definition)
{
    const thrift_node *node = definition->as.node;
    bool constant = definition->ast->kind == AST_CONSTANT;

    if (definition->ast->kind == AST_INTERACTION) {
        return true;
    }
    schema->nodes[schema->node_count++] = node;
    if (definition->ast->kind == AST_SERVICE) {
        schema->services[schema->service_count++] = definition->as.service;
    }
    return name_map_add(constant ? &schema->constants : &schema->index, definition->full_name,
                        strlen(definition->full_name), definition->as.node) != NULL;
}

/* The tables by which a schema is searched and walked. */
static bool make_tables(struct resolver *r)
{
    thrift_schema *schema = r->schema;
    size_t services = 0;

    for (size_t i = 0; i < r->definition_count; i++) {
        services += r->definitions[i].ast->kind == AST_SERVICE;
    }
    schema->nodes = arena_alloc(r->keep, (r->definition_count + 1) * sizeof *schema->nodes);
    schema->services = arena_alloc(r->keep, (services + 1) * sizeof *schema->services);
    if (schema->nodes == NULL || schema->services == NULL) {
        return false;
    }
    for (size_t i = 0; i < r->definition_count; i++) {
        if (!enter_definition(schema, &r->definitions[i])) {
            return false;
        }
    }
    return true;
}

bool resolve(struct loader *loader)
{
    struct resolver r = {.schema = loader->schema,
                         .keep = loader->keep,
                         .scratch = &loader->scratch,
                         .findings = &loader->findings,
                         .sources = loader->sources,
                         .source_count = loader->count,
                         .ids = loader->options.ids,
                         .guesses_left = GUESSES_MOST,
                         .evaluations_left = EVALUATIONS_MOST,
                         .containers_left = CONTAINERS_MOST};
    static bool (*const steps[])(struct resolver *) = {
        make_files,       resolve_declare, check_other_files, make_struct_table, resolve_enums,
        resolve_typedefs, resolve_structs, resolve_services,  resolve_constants, resolve_defaults,
        mark_float,       check_recursion, make_tables};

    r.last_default = &r.defaults;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (!steps[i](&r) || r.findings->out_of_memory) {
            return false;
        }
    }
    return r.findings->error_count > 0 || make_fingerprint(&r);
}
