/*
 * Annotations: Apache's "(key = "value")" and fbthrift's "@Name{...}", whose value is kept as it is
 * written.
 */
#include "schema/parser_part.h"

struct annotation_item {
    struct annotation_item *next;
    struct annotation annotation;
};

static bool add(struct parser *p, struct annotation_list *list, struct ast_name key,
                const char *value)
{
    struct annotation_item *item = parser_new(p, sizeof *item);
    const char *text = arena_strdup(p->keep, key.text, key.size);

    if (item == NULL || text == NULL) {
        p->out_of_memory = true;
        return false;
    }
    item->annotation = (struct annotation){text, value, key.line, key.column};
    if (list->last == NULL) {
        list->last = &list->first;
    }
    *list->last = item;
    list->last = &item->next;
    list->count++;
    return true;
}

/* Takes everything up to the closing bracket that belongs to the current one. */
static bool skip_balanced(struct parser *p)
{
    struct span opened = parser_span(p);
    size_t depth = 0;

    do {
        if (p->token.kind == TOKEN_END || p->token.kind == TOKEN_BAD) {
            if (p->token.kind == TOKEN_END) {
                finding_syntax(p->findings, "syntax", opened, "this bracket is never closed");
            }
            return false;
        }
        if (parser_is(p, '{') || parser_is(p, '[')) {
            depth++;
        } else if (parser_is(p, '}') || parser_is(p, ']')) {
            depth--;
        }
        parser_advance(p);
    } while (depth > 0);
    return true;
}

static bool parse_one_structured(struct parser *p, struct annotation_list *list)
{
    struct ast_name name;
    const char *value = "1";
    char *key;

    p->file->fbthrift = true;
    parser_advance(p);
    if (!parse_any_name(p, "the name of an annotation", &name)) {
        return false;
    }
    key = arena_alloc_aligned(p->scratch, (size_t)name.size + 1, 1);
    if (key == NULL) {
        p->out_of_memory = true;
        return false;
    }
    key[0] = '@'; /* so that it is never taken for one of Apache's */
    memcpy(key + 1, name.text, name.size);
    name.text = key;
    name.size++;
    name.column--;
    if (parser_is(p, '{')) {
        const char *open = p->token.text, *close;

        if (!skip_balanced(p)) {
            return false;
        }
        close = p->token.text;
        while (close > open && close[-1] != '}') {
            close--;
        }
        value = arena_strdup(p->keep, open, (size_t)(close - open));
        p->out_of_memory = p->out_of_memory || value == NULL;
    }
    return !p->out_of_memory && add(p, list, name, value);
}

bool parse_structured(struct parser *p, struct annotation_list *list)
{
    while (parser_is(p, '@')) {
        const char *doc = p->token.doc;
        uint32_t doc_size = p->token.doc_size;

        if (!parse_one_structured(p, list)) {
            return false;
        }
        if (p->token.doc == NULL) {
            p->token.doc = doc; /* it documents what is annotated */
            p->token.doc_size = doc_size;
        }
    }
    return true;
}

/* "value", or what others write bare: a number or word. */
static bool parse_annotation_value(struct parser *p, const char **out)
{
    size_t size;

    if (p->token.kind == TOKEN_STRING) {
        return parse_string(p, out, &size);
    }
    if (p->token.kind != TOKEN_NAME && p->token.kind != TOKEN_INTEGER &&
        p->token.kind != TOKEN_DOUBLE) {
        return parser_expected(p, "the value of an annotation");
    }
    *out = arena_strdup(p->keep, p->token.text, p->token.size);
    p->out_of_memory = p->out_of_memory || *out == NULL;
    parser_advance(p);
    return *out != NULL;
}

bool parse_annotations(struct parser *p, struct annotation_list *list)
{
    if (!parser_take(p, '(')) {
        return true;
    }
    while (!parser_take(p, ')')) {
        struct ast_name key;
        const char *value = "1";

        if (!parse_any_name(p, "the key of an annotation", &key) ||
            (parser_take(p, '=') && !parse_annotation_value(p, &value)) ||
            !add(p, list, key, value)) {
            return false;
        }
        parser_skip_separator(p);
    }
    return true;
}

bool finish_annotations(struct parser *p, const struct annotation_list *list,
                        struct ast_annotations *out)
{
    struct annotation *items;
    uint32_t count = 0;

    if (list->count == 0) {
        return true;
    }
    items = arena_alloc(p->keep, list->count * sizeof *items);
    if (items == NULL) {
        p->out_of_memory = true;
        return false;
    }
    for (const struct annotation_item *item = list->first; item != NULL; item = item->next) {
        items[count++] = item->annotation;
    }
    *out = (struct ast_annotations){items, count};
    return true;
}
