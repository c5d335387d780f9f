/*
 * Loading definitions for the sub-commands. Not here: reading from git (git_source.c).
 */
#include "definition.h"

#include <stdlib.h>
#include <string.h>

#include "git_source.h"

struct load {
    bool warnings;
    size_t error_count;
    struct git_source *git; /* NULL: files */
};

static void on_finding(const thrift_finding *finding, void *data)
{
    struct load *load = data;

    load->error_count += finding->severity == THRIFT_FINDING_ERROR;
    if (finding->severity == THRIFT_FINDING_ERROR || load->warnings) {
        thrift_finding_print(finding, stderr);
    }
}

static thrift_status read_git(const char *path, char **out_text, size_t *out_size, void *data,
                              thrift_error *err)
{
    const struct load *load = data;

    return git_source_read(load->git, path, out_text, out_size, err);
}

thrift_schema *definition_load(const char *path, const struct words *dirs, bool warnings,
                               int *out_status)
{
    struct git_source git;
    struct load load = {.warnings = warnings};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema;

    if (git_source_init(&git, path)) {
        load.git = &git;
    }
    schema = thrift_load_with(path,
                              THRIFT_LOAD_OPTIONS(.include_dirs = dirs->items,
                                                  .read = load.git != NULL ? read_git : NULL,
                                                  .on_finding = on_finding, .data = &load),
                              &err);
    if (schema == NULL) {
        *out_status = load.error_count > 0 ? 3 : 1;
        if (load.error_count == 0) {
            thrift_error_print(&err, stderr);
        }
    }
    return schema;
}

const char *definition_prefix(const char *path, char out[PREFIX_SIZE])
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    size_t size = strlen(name), suffix = strlen(".thrift");

    if (size > suffix && strcmp(name + size - suffix, ".thrift") == 0) {
        size -= suffix;
    }
    snprintf(out, PREFIX_SIZE, "%.*s", (int)(size < PREFIX_SIZE ? size : PREFIX_SIZE - 1), name);
    return out;
}
