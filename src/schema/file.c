/*
 * Accessors of the files of a schema: what stands in them besides definitions.
 */
#include "schema/descriptor.h"

static const struct schema_file *file_at(const thrift_schema *schema, size_t file)
{
    return schema != NULL && file < schema->file_count ? &schema->files[file] : NULL;
}

const char *thrift_schema_file_doc(const thrift_schema *schema, size_t file)
{
    const struct schema_file *f = file_at(schema, file);

    return f != NULL ? f->doc : NULL;
}

size_t thrift_schema_namespace_count(const thrift_schema *schema, size_t file)
{
    const struct schema_file *f = file_at(schema, file);

    return f != NULL ? f->namespace_count : 0;
}

const char *thrift_schema_namespace(const thrift_schema *schema, size_t file, size_t i,
                                    const char **out_name)
{
    const struct schema_namespace *space;

    if (i >= thrift_schema_namespace_count(schema, file)) {
        return NULL;
    }
    space = &schema->files[file].namespaces[i];
    if (out_name != NULL) {
        *out_name = space->name;
    }
    return space->scope;
}

size_t thrift_schema_include_count(const thrift_schema *schema, size_t file)
{
    const struct schema_file *f = file_at(schema, file);

    return f != NULL ? f->include_count : 0;
}

const char *thrift_schema_include(const thrift_schema *schema, size_t file, size_t i,
                                  size_t *out_file)
{
    const struct schema_include *include;

    if (i >= thrift_schema_include_count(schema, file)) {
        return NULL;
    }
    include = &schema->files[file].includes[i];
    if (out_file != NULL) {
        *out_file = include->file != NULL ? (size_t)(include->file - schema->files) : SIZE_MAX;
    }
    return include->path;
}
