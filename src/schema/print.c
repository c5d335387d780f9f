/*
 * A file of a schema as canonical IDL.
 *
 * What the text means is what the schema means: loaded again, the fingerprint is the same. What it
 * looks like is fixed, so that two equal definitions print the same text.
 * Not here: the definitions (print_definition.c), tidying up a text that people wrote (format.c).
 */
#include "schema/print.h"

#include <rethrift/print.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"

/* fbthrift lets a namespace be any string. */
static bool print_namespace_name(thrift_buffer *out, const char *name)
{
    bool plain = *name != '\0';

    for (const char *at = name; *at != '\0'; at++) {
        plain = plain && (strchr("._-", *at) != NULL || (*at >= '0' && *at <= '9') ||
                          (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z'));
    }
    return plain ? text_append(out, name) : print_string(out, name, strlen(name));
}

static bool print_namespaces(thrift_buffer *out, const struct schema_file *file)
{
    for (size_t i = 0; i < file->namespace_count; i++) {
        const struct schema_namespace *space = &file->namespaces[i];

        if (!text_printf(out, "namespace %s ", space->scope) ||
            !print_namespace_name(out, space->name) ||
            !print_annotations(out, space->annotations, space->annotation_count) ||
            !text_append(out, "\n")) {
            return false;
        }
    }
    return true;
}

static bool print_includes(thrift_buffer *out, const struct schema_file *file)
{
    for (size_t i = 0; i < file->include_count; i++) {
        const struct schema_include *include = &file->includes[i];

        if (!text_append(out, include->cpp ? "cpp_include " : "include ") ||
            !print_string(out, include->path, strlen(include->path)) ||
            (include->alias != NULL && !text_printf(out, " as %s", include->alias)) ||
            !text_append(out, "\n")) {
            return false;
        }
    }
    return true;
}

static bool print_head(thrift_buffer *out, const struct schema_file *file)
{
    size_t start = out->size;

    if (!print_doc(out, file->doc, 0) || (out->size > start && !text_append(out, "\n"))) {
        return false;
    }
    start = out->size;
    if (!print_namespaces(out, file) ||
        (out->size > start && file->include_count > 0 && !text_append(out, "\n"))) {
        return false;
    }
    return print_includes(out, file);
}

/* Runs of typedefs and constants without comments stand together. */
static bool is_short(const thrift_node *node)
{
    return (node->kind == THRIFT_NODE_ALIAS || node->kind == THRIFT_NODE_CONSTANT) &&
           node->doc == NULL;
}

static thrift_status print_definitions(thrift_buffer *out, const thrift_schema *schema,
                                       const struct schema_file *file, size_t start,
                                       thrift_error *err)
{
    const thrift_node *last = NULL;

    for (size_t i = 0; i < schema->node_count; i++) {
        const thrift_node *node = schema->nodes[i];
        thrift_status status;

        if (node->file != file) {
            continue;
        }
        if (out->size > start &&
            (last == NULL || last->kind != node->kind || !is_short(last) || !is_short(node)) &&
            !text_append(out, "\n")) {
            return FAIL_NOMEM(err);
        }
        status = print_definition(out, node, err);
        if (status != THRIFT_OK) {
            return status;
        }
        last = node;
    }
    return THRIFT_OK;
}

thrift_status thrift_schema_print(const thrift_schema *schema, size_t file, thrift_buffer *out,
                                  thrift_error *err)
{
    thrift_status status;
    size_t start;

    if (schema == NULL || out == NULL || file >= schema->file_count) {
        return FAIL(err, THRIFT_E_ARGUMENT, "there is no file %zu to print", file);
    }
    start = out->size;
    status = print_head(out, &schema->files[file])
                 ? print_definitions(out, schema, &schema->files[file], start, err)
                 : FAIL_NOMEM(err);
    if (status != THRIFT_OK) {
        out->size = start;
    }
    return status;
}

thrift_status thrift_node_print(const thrift_node *node, thrift_buffer *out, thrift_error *err)
{
    thrift_status status;
    size_t start;

    if (node == NULL || out == NULL) {
        return FAIL(err, THRIFT_E_ARGUMENT, "there is nothing to print");
    }
    start = out->size;
    status = print_definition(out, node, err);
    if (status != THRIFT_OK) {
        out->size = start;
    }
    return status;
}
