/*
 * Following includes: depth first with an explicit stack, each file once.
 *
 * A file is known by its real path (or, through the program's reader, by its tidied name), so that
 * a diamond of includes costs one parse. A file that includes itself over any number of others is
 * an error that shows the chain.
 */
#include "schema/loader.h"

#include <errno.h>
#include <stdio.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "schema/include_path.h"
#include "schema/parser.h"

/* A file on the way from the root, and the next of its includes to follow. */
struct visit {
    struct source *source;
    struct ast_include *next;
};

static struct span include_span(const struct source *source, const struct ast_include *include)
{
    return (struct span){source, include->line, include->column, include->size};
}

/* ---- reading one file ---- */

/* What tells the file from others. *out_key is in the load's arena; E_IO when there is no file. */
static thrift_status identify(struct loader *loader, const char *path, const char **out_key,
                              thrift_error *err)
{
    char *real = NULL;
    thrift_status status;

    if (loader->options.read != NULL) {
        *out_key = include_path_tidy(&loader->scratch, path);
        return *out_key != NULL ? THRIFT_OK : FAIL_NOMEM(err);
    }
    status = file_real_path(path, &real, err);
    if (status != THRIFT_OK) {
        return status;
    }
    if (loader->root != NULL && !include_path_is_inside(real, loader->root)) {
        file_release(real);
        return FAIL(err, THRIFT_E_IO, "%s lies outside of %s", path, loader->options.root);
    }
    *out_key = arena_strdup(&loader->scratch, real, strlen(real));
    file_release(real);
    return *out_key != NULL ? THRIFT_OK : FAIL_NOMEM(err);
}

static thrift_status read_text(struct loader *loader, struct source *source, thrift_error *err)
{
    const thrift_limits *limits = &loader->schema->limits;
    char *text = NULL;
    thrift_status status;

    if (loader->options.read != NULL) {
        status =
            loader->options.read(source->path, &text, &source->size, loader->options.data, err);
    } else {
        status = file_read(source->path, limits->max_file_size, &text, &source->size, err);
    }
    if (status != THRIFT_OK) {
        return status;
    }
    if (source->size > limits->max_file_size) {
        file_release(text);
        return FAIL(err, THRIFT_E_LIMIT, "%s has more than %zu bytes", source->path,
                    limits->max_file_size);
    }
    source->text = source->owned_text = text;
    return THRIFT_OK;
}

static bool grow_sources(struct loader *loader)
{
    size_t capacity = loader->capacity == 0 ? 16 : 2 * loader->capacity;
    struct source **larger = arena_alloc(&loader->scratch, capacity * sizeof *larger);

    if (larger == NULL) {
        return false;
    }
    if (loader->count > 0) {
        memcpy(larger, loader->sources, loader->count * sizeof *larger);
    }
    loader->sources = larger;
    loader->capacity = capacity;
    return true;
}

static struct source *new_source(struct loader *loader, const char *path, const char *key)
{
    struct source *source = arena_alloc_zero(&loader->scratch, sizeof *source);

    if (source == NULL) {
        return NULL;
    }
    source->path = arena_strdup(loader->keep, path, strlen(path));
    source->prefix = source_prefix(loader->keep, path);
    source->key = key;
    source->quotable = source_is_thrift(path);
    source->definitions.arena = source->constants.arena = source->prefixes.arena = &loader->scratch;
    return source->path != NULL && source->prefix != NULL ? source : NULL;
}

/* A file that has been read becomes part of the schema. */
static bool add_source(struct loader *loader, struct source *source)
{
    if ((loader->count == loader->capacity && !grow_sources(loader)) ||
        name_map_add(&loader->by_key, source->key, strlen(source->key), source) == NULL) {
        file_release(source->owned_text);
        return false;
    }
    source->index = loader->count;
    loader->sources[loader->count++] = source;
    return true;
}

static thrift_status check_totals(struct loader *loader, struct span at, thrift_error *err)
{
    const thrift_limits *limits = &loader->schema->limits;

    if (loader->total_size > limits->max_definition_size) {
        finding_failure(&loader->findings, THRIFT_E_LIMIT, "definition-too-large", at,
                        "all files together have more than %zu bytes", limits->max_definition_size);
        return FAIL(err, THRIFT_E_LIMIT, "more than %zu bytes", limits->max_definition_size);
    }
    return THRIFT_OK;
}

/* ---- finding an included file ---- */

/* One place to look in. THRIFT_OK and *out NULL: there is no such file. */
static thrift_status try_path(struct loader *loader, const char *path, struct source **out,
                              thrift_error *err)
{
    thrift_error why = THRIFT_ERROR_INIT;
    const char *key;
    struct source *source = NULL;
    thrift_status status;

    *out = NULL;
    if (path == NULL) {
        return FAIL_NOMEM(err);
    }
    status = identify(loader, path, &key, &why);
    if (status == THRIFT_OK) {
        *out = name_map_get(&loader->by_key, key, strlen(key));
        if (*out != NULL) {
            return THRIFT_OK;
        }
        source = new_source(loader, path, key);
        if (source == NULL) {
            return FAIL_NOMEM(err);
        }
        status = read_text(loader, source, &why);
    }
    if (status == THRIFT_OK) {
        if (!add_source(loader, source)) {
            return FAIL_NOMEM(err);
        }
        *out = source;
        return THRIFT_OK;
    }
    if (status == THRIFT_E_IO &&
        (why.sys_errno == ENOENT || why.sys_errno == ENOTDIR || loader->options.read != NULL)) {
        return THRIFT_OK;
    }
    if (status != THRIFT_OK && err != NULL) {
        *err = why;
    }
    return status;
}

static thrift_status search(struct loader *loader, const struct source *from, const char *path,
                            struct source **out, thrift_error *err)
{
    const char *const *directories = loader->options.include_dirs;
    thrift_status status =
        try_path(loader, include_path_beside(&loader->scratch, from->path, path), out, err);

    for (; status == THRIFT_OK && *out == NULL && directories != NULL && *directories != NULL;
         directories++) {
        status = try_path(loader, include_path_in(&loader->scratch, *directories, path), out, err);
    }
    return status;
}

static void report_missing(struct loader *loader, const struct source *from,
                           struct ast_include *include)
{
    char quoted[TEXT_QUOTED_SIZE];
    struct finding *finding = finding_warning(
        &loader->findings, "missing-include", include_span(from, include), "%s is not found",
        text_quote(include->path, strlen(include->path), quoted));

    include->missing = true;
    if (!source_is_thrift(include->path)) {
        finding_hint(&loader->findings, finding, "did you mean \"%s.thrift\"?", include->path);
        return;
    }
    finding_hint(&loader->findings, finding, "%s",
                 loader->options.include_dirs == NULL || loader->options.include_dirs[0] == NULL
                     ? "it is looked for beside this file; name other directories with -I"
                     : "it is looked for beside this file and in the include directories");
}

/* Apache would open it; files that name one nevertheless load without it. */
static void report_absolute(struct loader *loader, const struct source *from,
                            struct ast_include *include)
{
    struct finding *finding =
        finding_warning(&loader->findings, "absolute-include", include_span(from, include),
                        "an absolute path is never opened");

    include->missing = true;
    finding_hint(&loader->findings, finding, "%s",
                 "name the file alone, and its directory with -I");
}

static void report_cycle(struct loader *loader, const struct visit *stack, size_t depth,
                         const struct source *again, const struct ast_include *include)
{
    thrift_buffer chain = THRIFT_BUFFER_INIT;
    const struct source *from = stack[depth - 1].source;
    bool ok = true, inside = false;

    chain.allocator = loader->schema->allocator;
    for (size_t i = 0; i < depth; i++) {
        inside = inside || stack[i].source == again;
        ok = ok && (!inside || text_printf(&chain, "%s -> ", stack[i].source->path));
    }
    ok = ok && text_append(&chain, again->path) && text_end(&chain) != NULL;
    if (ok) {
        finding_error(&loader->findings, "include-cycle", include_span(from, include),
                      "files include each other: %s", (const char *)chain.data);
    } else {
        loader->findings.out_of_memory = true;
    }
    thrift_buffer_deinit(&chain);
}

/* Sets include->source when there is a file to go on with; what hinders it is a finding. */
static thrift_status open_include(struct loader *loader, const struct source *from,
                                  struct ast_include *include, thrift_error *err)
{
    const char *refusal = include_path_refusal(include->path);
    thrift_error why = THRIFT_ERROR_INIT;
    thrift_status status;

    if (refusal != NULL) {
        finding_error(&loader->findings, "bad-include", include_span(from, include), "%s", refusal);
        return THRIFT_OK;
    }
    if (include->path[0] == '/') {
        report_absolute(loader, from, include);
        return THRIFT_OK;
    }
    status = search(loader, from, include->path, &include->source, &why);
    if (status == THRIFT_E_NOMEM) {
        return FAIL_NOMEM(err);
    }
    if (status != THRIFT_OK) {
        finding_failure(&loader->findings, status, "unreadable-include",
                        include_span(from, include), "%s", why.message);
    } else if (include->source == NULL) {
        report_missing(loader, from, include);
    }
    return THRIFT_OK;
}

/* ---- all files ---- */

static thrift_status parse(struct loader *loader, struct source *source, thrift_error *err)
{
    loader->total_size += source->size;
    if (!parse_source(source, loader->keep, &loader->scratch, &loader->findings)) {
        return FAIL_NOMEM(err);
    }
    source->loading = true;
    return THRIFT_OK;
}

static bool within_limits(struct loader *loader, size_t depth, struct span at)
{
    const thrift_limits *limits = &loader->schema->limits;

    if (depth >= limits->max_include_depth) {
        finding_failure(&loader->findings, THRIFT_E_LIMIT, "includes-too-deep", at,
                        "files are included more than %u levels deep",
                        (unsigned)limits->max_include_depth);
        return false;
    }
    if (loader->count > limits->max_files) {
        finding_failure(&loader->findings, THRIFT_E_LIMIT, "too-many-files", at,
                        "more than %u files are included", (unsigned)limits->max_files);
        return false;
    }
    return true;
}

/* Follows one include; pushes what it brought when that is new. */
static thrift_status follow(struct loader *loader, struct visit *stack, size_t *depth,
                            struct ast_include *include, thrift_error *err)
{
    const struct source *from = stack[*depth - 1].source;
    size_t known = loader->count;
    thrift_status status = open_include(loader, from, include, err);
    struct source *source = include->source;

    if (status != THRIFT_OK || source == NULL) {
        return status;
    }
    if (loader->count == known) {
        if (source->loading) {
            report_cycle(loader, stack, *depth, source, include);
            include->source = NULL;
        }
        return THRIFT_OK;
    }
    if (!within_limits(loader, *depth, include_span(from, include))) {
        return FAIL(err, THRIFT_E_LIMIT, "too many files");
    }
    status = parse(loader, source, err);
    if (status == THRIFT_OK) {
        status = check_totals(loader, include_span(from, include), err);
        stack[(*depth)++] = (struct visit){source, source->ast->includes};
    }
    return status;
}

static thrift_status follow_all(struct loader *loader, struct source *root, thrift_error *err)
{
    size_t depth = 1, most = loader->schema->limits.max_include_depth;
    struct visit *stack = arena_alloc(&loader->scratch, (most + 2) * sizeof *stack);

    if (stack == NULL) {
        return FAIL_NOMEM(err);
    }
    stack[0] = (struct visit){root, root->ast->includes};
    while (depth > 0) {
        struct visit *top = &stack[depth - 1];
        struct ast_include *include = top->next;
        thrift_status status = THRIFT_OK;

        if (include == NULL) {
            top->source->loading = false;
            depth--;
            continue;
        }
        top->next = include->next;
        if (!include->cpp) {
            status = follow(loader, stack, &depth, include, err);
        }
        if (status != THRIFT_OK) {
            return status;
        }
    }
    return THRIFT_OK;
}

/* Text from the program: it may be quoted, and is copied. */
static thrift_status take_text(struct loader *loader, struct source *root, const char *text,
                               thrift_error *err)
{
    const size_t most = loader->schema->limits.max_file_size;

    root->quotable = true;
    root->size = strlen(text);
    if (root->size > most) {
        return FAIL(err, THRIFT_E_LIMIT, "the text has more than %zu bytes", most);
    }
    root->text = arena_strdup(loader->keep, text, root->size);
    return root->text != NULL ? THRIFT_OK : FAIL_NOMEM(err);
}

static thrift_status read_root(struct loader *loader, const char *name, const char *text,
                               struct source **out, thrift_error *err)
{
    const char *key = name;
    struct source *root;
    thrift_status status = text == NULL ? identify(loader, name, &key, err) : THRIFT_OK;

    if (status != THRIFT_OK) {
        error_set_source(err, name);
        return status;
    }
    root = new_source(loader, name, key);
    if (root == NULL) {
        return FAIL_NOMEM(err);
    }
    *out = root;
    status = text == NULL ? read_text(loader, root, err) : take_text(loader, root, text, err);
    if (status == THRIFT_E_LIMIT) {
        finding_failure(&loader->findings, THRIFT_E_LIMIT, "definition-too-large",
                        (struct span){root, 1, 1, 0}, "the file has more than %zu bytes",
                        loader->schema->limits.max_file_size);
    }
    if (status != THRIFT_OK) {
        error_set_source(err, name);
        return status;
    }
    return add_source(loader, root) ? THRIFT_OK : FAIL_NOMEM(err);
}

thrift_status loader_read_all(struct loader *loader, const char *name, const char *text,
                              thrift_error *err)
{
    struct source *root = NULL;
    thrift_status status = read_root(loader, name, text, &root, err);

    if (status == THRIFT_OK) {
        status = parse(loader, root, err);
    }
    if (status == THRIFT_OK) {
        status = follow_all(loader, root, err);
    }
    return status;
}
