/*
 * Definitions as JSON: the form that docs/reference/describe-json.md documents.
 *
 * Names of types are full: "User" of the root file, "shared.User" of an included one.
 */
#include <string.h>

#include "definition.h"
#include "describe.h"

struct description {
    struct json_out *out;
    const thrift_schema *schema;
};

static bool is_of_file(const thrift_schema *schema, const thrift_node *node, size_t file)
{
    const char *path = thrift_schema_file(schema, file, NULL),
               *own = thrift_node_place(node).source;

    return path == own || (path != NULL && own != NULL && strcmp(path, own) == 0);
}

/* The name, and of an included file its number too: two files may have the same prefix. */
static void put_name(const struct description *d, const char *key, const char *file_key,
                     const thrift_node *node)
{
    char prefix[PREFIX_SIZE], full[PREFIX_SIZE * 2];
    size_t file = 0, count = thrift_schema_file_count(d->schema);

    if (node == NULL || is_of_file(d->schema, node, 0)) {
        json_string(d->out, key, thrift_node_name(node));
        return;
    }
    snprintf(full, sizeof full, "%s.%.255s",
             definition_prefix(thrift_node_place(node).source, prefix), thrift_node_name(node));
    json_string(d->out, key, full);
    while (file < count && !is_of_file(d->schema, node, file)) {
        file++;
    }
    json_integer(d->out, file_key, (int64_t)file);
}

static void put_annotations(struct json_out *out, size_t count,
                            const char *(*at)(const void *of, size_t i, const char **out_value),
                            const void *of)
{
    if (count == 0) {
        return;
    }
    json_begin(out, "annotations", '[');
    for (size_t i = 0; i < count; i++) {
        const char *value = NULL, *key = at(of, i, &value);

        json_begin(out, NULL, '{');
        json_string(out, "key", key);
        json_string(out, "value", value);
        json_end(out, '}');
    }
    json_end(out, ']');
}

static const char *node_annotation(const void *of, size_t i, const char **out_value)
{
    return thrift_node_annotation_at(of, i, out_value);
}

static const char *type_annotation(const void *of, size_t i, const char **out_value)
{
    return thrift_type_annotation_at(of, i, out_value);
}

/* What every element has, but its name. */
static void put_common(struct json_out *out, const thrift_node *node)
{
    thrift_place place = thrift_node_place(node);

    json_string(out, "doc", thrift_node_doc(node));
    json_integer(out, "line", place.line);
    json_integer(out, "column", place.column);
    put_annotations(out, thrift_node_annotation_count(node), node_annotation, node);
}

/* ---- types ---- */

static const char *kind_name(const thrift_type *type)
{
    static const char *const names[] = {
        [THRIFT_KIND_NONE] = "void",     [THRIFT_KIND_BOOL] = "bool",
        [THRIFT_KIND_I8] = "i8",         [THRIFT_KIND_I16] = "i16",
        [THRIFT_KIND_I32] = "i32",       [THRIFT_KIND_I64] = "i64",
        [THRIFT_KIND_DOUBLE] = "double", [THRIFT_KIND_STRING] = "string",
        [THRIFT_KIND_BINARY] = "binary", [THRIFT_KIND_UUID] = "uuid",
        [THRIFT_KIND_ENUM] = "enum",     [THRIFT_KIND_RECORD] = "struct",
        [THRIFT_KIND_LIST] = "list",     [THRIFT_KIND_SET] = "set",
        [THRIFT_KIND_MAP] = "map",
    };

    return names[thrift_type_kind(type)];
}

/* A type nests at most as deep as the loader lets it (64 levels). */
static void put_type(const struct description *d, const char *key, const thrift_type *type)
{
    const thrift_alias *alias = thrift_type_alias(type);

    json_begin(d->out, key, '{');
    json_string(d->out, "kind", kind_name(type));
    put_name(d, "typedef", "typedef_file", alias != NULL ? thrift_node_of(alias) : NULL);
    if (thrift_type_struct(type) != NULL) {
        put_name(d, "name", "file", thrift_node_of(thrift_type_struct(type)));
    }
    if (thrift_type_enum(type) != NULL) {
        put_name(d, "name", "file", thrift_node_of(thrift_type_enum(type)));
    }
    if (thrift_type_key(type) != NULL) {
        put_type(d, "key", thrift_type_key(type));
    }
    if (thrift_type_element(type) != NULL) {
        put_type(d, thrift_type_key(type) != NULL ? "value" : "element", thrift_type_element(type));
    }
    put_annotations(d->out, thrift_type_annotation_count(type), type_annotation, type);
    json_end(d->out, '}');
}

/* ---- elements ---- */

static void put_field(const struct description *d, const thrift_field *field)
{
    static const char *const words[] = {[THRIFT_FIELD_DEFAULT] = "default",
                                        [THRIFT_FIELD_REQUIRED] = "required",
                                        [THRIFT_FIELD_OPTIONAL] = "optional"};
    thrift_value value = thrift_field_default(field);

    json_begin(d->out, NULL, '{');
    json_integer(d->out, "id", thrift_field_id(field));
    json_string(d->out, "name", thrift_field_name(field));
    json_string(d->out, "requiredness", words[thrift_field_requiredness(field)]);
    put_type(d, "type", thrift_field_type(field));
    if (value.kind != THRIFT_KIND_NONE) {
        describe_value(d->out, "default", value);
    }
    put_common(d->out, thrift_node_of(field));
    json_end(d->out, '}');
}

static void put_fields(const struct description *d, const char *key, const thrift_struct *fields)
{
    json_begin(d->out, key, '[');
    for (size_t i = 0; i < thrift_struct_count(fields); i++) {
        put_field(d, thrift_struct_at(fields, i));
    }
    json_end(d->out, ']');
}

static void put_symbols(const struct description *d, const thrift_enum *e)
{
    json_begin(d->out, "values", '[');
    for (size_t i = 0; i < thrift_enum_count(e); i++) {
        const thrift_symbol *symbol = thrift_enum_at(e, i);

        json_begin(d->out, NULL, '{');
        json_string(d->out, "name", thrift_symbol_name(symbol));
        json_integer(d->out, "number", thrift_symbol_number(symbol));
        put_common(d->out, thrift_node_of(symbol));
        json_end(d->out, '}');
    }
    json_end(d->out, ']');
}

static void put_method(const struct description *d, const thrift_method *method)
{
    json_begin(d->out, NULL, '{');
    json_string(d->out, "name", thrift_method_name(method));
    json_boolean(d->out, "oneway", thrift_method_oneway(method));
    put_type(d, "result", thrift_method_result(method));
    put_fields(d, "arguments", thrift_method_args(method));
    put_fields(d, "throws", thrift_method_throws(method));
    put_common(d->out, thrift_node_of(method));
    json_end(d->out, '}');
}

static void put_service(const struct description *d, const thrift_service *service)
{
    const thrift_service *parent = thrift_service_parent(service);

    if (parent != NULL) {
        put_name(d, "extends", "extends_file", thrift_node_of(parent));
    }
    json_begin(d->out, "methods", '[');
    for (size_t i = 0; i < thrift_service_count(service); i++) {
        put_method(d, thrift_service_at(service, i));
    }
    json_end(d->out, ']');
}

static const char *node_kind_name(const thrift_node *node)
{
    static const char *const names[] = {
        [THRIFT_NODE_STRUCT] = "struct",       [THRIFT_NODE_UNION] = "union",
        [THRIFT_NODE_EXCEPTION] = "exception", [THRIFT_NODE_FIELD] = "field",
        [THRIFT_NODE_ENUM] = "enum",           [THRIFT_NODE_SYMBOL] = "value",
        [THRIFT_NODE_SERVICE] = "service",     [THRIFT_NODE_METHOD] = "method",
        [THRIFT_NODE_CONSTANT] = "const",      [THRIFT_NODE_ALIAS] = "typedef",
    };

    return names[thrift_node_is(node)];
}

static void put_definition(const struct description *d, const thrift_node *node)
{
    const thrift_constant *constant = thrift_node_constant(node);

    json_begin(d->out, NULL, '{');
    json_string(d->out, "kind", node_kind_name(node));
    json_string(d->out, "name", thrift_node_name(node));
    if (thrift_node_struct(node) != NULL) {
        put_fields(d, "fields", thrift_node_struct(node));
    } else if (thrift_node_enum(node) != NULL) {
        put_symbols(d, thrift_node_enum(node));
    } else if (thrift_node_service(node) != NULL) {
        put_service(d, thrift_node_service(node));
    } else if (constant != NULL) {
        put_type(d, "type", thrift_constant_type(constant));
        describe_value(d->out, "value", thrift_constant_value(constant));
    } else {
        put_type(d, "type", thrift_alias_type(thrift_node_alias(node)));
    }
    put_common(d->out, node);
    json_end(d->out, '}');
}

/* ---- files ---- */

static void put_head(const struct description *d, size_t file)
{
    char prefix[PREFIX_SIZE];
    const char *path = thrift_schema_file(d->schema, file, NULL);

    json_string(d->out, "path", path);
    json_string(d->out, "prefix", definition_prefix(path, prefix));
    json_string(d->out, "doc", thrift_schema_file_doc(d->schema, file));
    json_begin(d->out, "namespaces", '[');
    for (size_t i = 0; i < thrift_schema_namespace_count(d->schema, file); i++) {
        const char *name = NULL, *scope = thrift_schema_namespace(d->schema, file, i, &name);

        json_begin(d->out, NULL, '{');
        json_string(d->out, "scope", scope);
        json_string(d->out, "name", name);
        json_end(d->out, '}');
    }
    json_end(d->out, ']');
    json_begin(d->out, "includes", '[');
    for (size_t i = 0; i < thrift_schema_include_count(d->schema, file); i++) {
        size_t read = SIZE_MAX;
        const char *written = thrift_schema_include(d->schema, file, i, &read);

        json_begin(d->out, NULL, '{');
        json_string(d->out, "path", written);
        json_string(d->out, "file", thrift_schema_file(d->schema, read, NULL));
        json_end(d->out, '}');
    }
    json_end(d->out, ']');
}

static void put_file(const struct description *d, size_t file)
{
    json_begin(d->out, NULL, '{');
    put_head(d, file);
    json_begin(d->out, "definitions", '[');
    for (size_t i = 0; i < thrift_schema_count(d->schema); i++) {
        const thrift_node *node = thrift_schema_node(d->schema, i);

        if (is_of_file(d->schema, node, file)) {
            put_definition(d, node);
        }
    }
    json_end(d->out, ']');
    json_end(d->out, '}');
}

void describe_json_schema(struct json_out *out, const thrift_schema *schema)
{
    struct description d = {out, schema};

    json_begin(out, NULL, '{');
    json_integer(out, "version", 1);
    json_string(out, "fingerprint", thrift_schema_fingerprint(schema));
    json_begin(out, "files", '[');
    for (size_t i = 0; i < thrift_schema_file_count(schema); i++) {
        put_file(&d, i);
    }
    json_end(out, ']');
    json_end(out, '}');
}

void describe_json_node(struct json_out *out, const thrift_schema *schema, const thrift_node *node)
{
    put_definition(&(struct description){out, schema}, node);
}

void describe_json_method(struct json_out *out, const thrift_schema *schema,
                          const thrift_method *method)
{
    put_method(&(struct description){out, schema}, method);
}
