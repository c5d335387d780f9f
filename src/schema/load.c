/*
 * Loading from the outside: options in, schema or findings out.
 */
#include "base/error.h"
#include "base/file.h"
#include "schema/resolver.h"

static thrift_load_options options_in_force(const thrift_load_options *given)
{
    thrift_load_options options = {0};

    if (given != NULL) {
        size_t size = given->struct_size < sizeof options ? given->struct_size : sizeof options;

        memcpy(&options, given, size);
    }
    return options;
}

static thrift_status loader_init(struct loader *loader, const thrift_load_options *given,
                                 thrift_error *err)
{
    *loader = (struct loader){.options = options_in_force(given)};
    loader->schema = schema_new(loader->options.allocator, loader->options.limits);
    if (loader->schema == NULL) {
        return FAIL_NOMEM(err);
    }
    loader->keep = &loader->schema->arena;
    arena_init(&loader->scratch, loader->options.allocator, SIZE_MAX);
    findings_init(&loader->findings, &loader->scratch, loader->options.strict);
    loader->by_key.arena = &loader->scratch;
    if (loader->options.root != NULL && loader->options.read == NULL) {
        return file_real_path(loader->options.root, &loader->root, err);
    }
    return THRIFT_OK;
}

static void loader_deinit(struct loader *loader)
{
    for (size_t i = 0; i < loader->count; i++) {
        file_release(loader->sources[i]->owned_text);
    }
    file_release(loader->root);
    arena_deinit(&loader->scratch);
    thrift_schema_unref(loader->schema);
}

/* Reads and resolves; THRIFT_OK when there may be findings to tell. */
static thrift_status run(struct loader *loader, const char *name, const char *text,
                         thrift_error *err)
{
    thrift_status status = loader_read_all(loader, name, text, err);

    if (status == THRIFT_E_LIMIT && loader->findings.error_count > 0) {
        return THRIFT_OK; /* it is among the findings */
    }
    if (status == THRIFT_OK && !resolve(loader)) {
        return FAIL_NOMEM(err);
    }
    return status;
}

static const char *keep_text(struct arena *arena, const char *text)
{
    return arena_strdup(arena, text, strlen(text));
}

/* Files that were read by the default reader can be read again, when they change. */
static bool keep_origin(struct loader *loader)
{
    struct schema_origin *origin = &loader->schema->origin;
    const thrift_load_options *options = &loader->options;
    const char **directories;
    size_t count = 0;

    *origin = (struct schema_origin){true, NULL, NULL, options->ids, options->strict};
    if (options->root != NULL) {
        origin->root = keep_text(loader->keep, options->root);
    }
    while (options->include_dirs != NULL && options->include_dirs[count] != NULL) {
        count++;
    }
    directories = arena_alloc_zero(loader->keep, (count + 1) * sizeof *directories);
    for (size_t i = 0; i < count && directories != NULL; i++) {
        directories[i] = keep_text(loader->keep, options->include_dirs[i]);
        if (directories[i] == NULL) {
            return false;
        }
    }
    origin->include_dirs = directories;
    return directories != NULL && (options->root == NULL || origin->root != NULL);
}

static thrift_schema *load(const char *name, const char *text, const thrift_load_options *options,
                           thrift_error *err)
{
    struct loader loader;
    thrift_schema *schema = NULL;
    thrift_status status = loader_init(&loader, options, err);

    if (status == THRIFT_OK) {
        status = run(&loader, name, text, err);
    }
    if (status == THRIFT_OK) {
        status =
            findings_deliver(&loader.findings, loader.options.on_finding, loader.options.data, err);
    }
    if (status == THRIFT_OK && text == NULL && loader.options.read == NULL &&
        !keep_origin(&loader)) {
        status = FAIL_NOMEM(err);
    }
    if (status == THRIFT_OK) {
        schema = thrift_schema_ref(loader.schema);
    }
    loader_deinit(&loader);
    return schema;
}

thrift_schema *thrift_load(const char *path, thrift_error *err)
{
    return thrift_load_with(path, NULL, err);
}

thrift_schema *thrift_load_with(const char *path, const thrift_load_options *options,
                                thrift_error *err)
{
    if (path == NULL) {
        FAIL(err, THRIFT_E_ARGUMENT, "no file is named");
        return NULL;
    }
    return load(path, NULL, options, err);
}

thrift_schema *thrift_load_text(const char *name, const char *text,
                                const thrift_load_options *options, thrift_error *err)
{
    if (text == NULL) {
        FAIL(err, THRIFT_E_ARGUMENT, "there is no text");
        return NULL;
    }
    return load(name != NULL ? name : "text", text, options, err);
}
