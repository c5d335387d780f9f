/*
 * The source lines that findings of a comparison show.
 *
 * Where lines begin is found once per file, so that many findings cost no more than reading it.
 */
#include "schema/compat.h"

struct line_table {
    const char **begin; /* NULL: not looked at yet */
    size_t count;
};

static bool find_lines(struct comparison *c, const struct schema_file *file,
                       struct line_table *table)
{
    bool marked = file->size >= 3 && memcmp(file->text, "\xef\xbb\xbf", 3) == 0;
    size_t count = 1;

    for (size_t i = 0; i < file->size; i++) {
        count += file->text[i] == '\n';
    }
    table->begin = arena_alloc(&c->arena, count * sizeof *table->begin);
    if (table->begin == NULL) {
        return false;
    }
    table->begin[table->count++] = file->text + (marked ? 3 : 0); /* columns count behind it */
    for (size_t i = 0; i < file->size; i++) {
        if (file->text[i] == '\n') {
            table->begin[table->count++] = file->text + i + 1;
        }
    }
    return true;
}

static const struct line_table *lines_of(struct comparison *c, const thrift_schema *schema,
                                         const struct schema_file *file)
{
    struct line_table **tables = schema == c->before ? &c->before_lines : &c->after_lines;
    size_t i = (size_t)(file - schema->files);

    if (*tables == NULL) {
        *tables = arena_alloc_zero(&c->arena, schema->file_count * sizeof **tables);
    }
    if (*tables == NULL || ((*tables)[i].begin == NULL && !find_lines(c, file, &(*tables)[i]))) {
        c->failure = THRIFT_E_NOMEM;
        return NULL;
    }
    return &(*tables)[i];
}

const char *comparison_excerpt(struct comparison *c, const thrift_schema *schema,
                               const thrift_node *node, char out[EXCERPT_SIZE], uint32_t *out_caret)
{
    const struct line_table *table;
    struct source source;

    if (node == NULL || node->line == 0) {
        return NULL;
    }
    table = lines_of(c, schema, node->file);
    if (table == NULL || node->line > table->count) {
        return NULL;
    }
    source = (struct source){.text = node->file->text, .size = node->file->size};
    source_excerpt(&source, table->begin[node->line - 1], node->column, out, out_caret);
    return out;
}
