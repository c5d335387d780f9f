/*
 * Delivering findings: sorted by file, line and column, said once each, with the source lines.
 *
 * Lines are found in one pass over each file, because findings come sorted.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "schema/finding_element.h"

static int compare_uint(uint32_t a, uint32_t b) { return a < b ? -1 : a > b; }

static int compare(const void *left, const void *right)
{
    const struct finding *a = *(const struct finding *const *)left;
    const struct finding *b = *(const struct finding *const *)right;
    size_t a_file = a->at.source != NULL ? a->at.source->index : 0;
    size_t b_file = b->at.source != NULL ? b->at.source->index : 0;
    int order = a_file < b_file ? -1 : a_file > b_file;

    order = order != 0 ? order : compare_uint(a->at.line, b->at.line);
    order = order != 0 ? order : compare_uint(a->at.column, b->at.column);
    return order != 0 ? order : compare_uint(a->order, b->order);
}

static bool same(const struct finding *a, const struct finding *b)
{
    return a->at.source == b->at.source && a->at.line == b->at.line &&
           a->at.column == b->at.column && strcmp(a->rule, b->rule) == 0 &&
           strcmp(a->message, b->message) == 0;
}

static struct finding **sorted(const struct findings *findings)
{
    struct finding **list =
        arena_alloc(findings->arena, (findings->count + (size_t)1) * sizeof *list);
    size_t count = 0;

    if (list == NULL) {
        return NULL;
    }
    for (struct finding *at = findings->first; at != NULL; at = at->next) {
        list[count++] = at;
    }
    qsort(list, count, sizeof *list, compare);
    return list;
}

/* Other places come in any order; past this many bytes searched they are shown without a line. */
#define SEEK_BUDGET ((size_t)64 << 20)

/* Where a line begins; cheap when asked for in ascending order of lines within one source. */
struct line_cursor {
    const struct source *source;
    const char *at;
    uint32_t line;
    size_t searched;
};

static const char *seek_line(struct line_cursor *cursor, struct span span)
{
    if (cursor->source != span.source || cursor->line > span.line) {
        *cursor = (struct line_cursor){span.source, span.source->text, 1, cursor->searched};
        if (span.source->size >= 3 && memcmp(span.source->text, "\xef\xbb\xbf", 3) == 0) {
            cursor->at += 3; /* columns of the first line count behind it */
        }
    }
    while (cursor->line < span.line && cursor->searched < SEEK_BUDGET) {
        const char *end = span.source->text + span.source->size;
        const char *newline = memchr(cursor->at, '\n', (size_t)(end - cursor->at));

        if (newline == NULL) {
            return NULL;
        }
        cursor->searched += (size_t)(newline + 1 - cursor->at);
        cursor->at = newline + 1;
        cursor->line++;
    }
    return cursor->line == span.line ? cursor->at : NULL;
}

/* The excerpt of a span, or NULL when its file may not be quoted. */
static const char *show(struct line_cursor *cursor, struct span span, char out[EXCERPT_SIZE],
                        uint32_t *out_caret)
{
    const char *line;

    if (span.source == NULL || !span.source->quotable || span.line == 0 ||
        span.source->text == NULL) {
        return NULL;
    }
    line = seek_line(cursor, span);
    if (line == NULL) {
        return NULL;
    }
    (void)source_excerpt(span.source, line, span.column, out, out_caret);
    return out;
}

static thrift_place place_of(struct span span)
{
    return (thrift_place){span.source != NULL ? span.source->path : NULL, span.line, span.column};
}

struct delivery {
    thrift_finding_fn fn;
    void *data;
    struct line_cursor at, before;
    struct element_cursor element;
};

static void deliver(struct delivery *delivery, const struct finding *finding)
{
    char excerpt[EXCERPT_SIZE], before_excerpt[EXCERPT_SIZE];
    thrift_finding out = {.severity = finding->severity,
                          .rule = finding->rule,
                          .element = finding->element,
                          .message = finding->message,
                          .hint = finding->hint,
                          .at = place_of(finding->at),
                          .before = place_of(finding->before),
                          .size = finding->at.size,
                          .note = finding->note};

    out.excerpt = show(&delivery->at, finding->at, excerpt, &out.excerpt_caret);
    out.before_excerpt =
        show(&delivery->before, finding->before, before_excerpt, &out.before_excerpt_caret);
    delivery->fn(&out, delivery->data);
}

static void fill_error(const struct findings *findings, const struct finding *first,
                       thrift_error *err)
{
    FAIL(err, first->code, "%s", first->message);
    if (err != NULL) {
        if (first->at.source != NULL) {
            error_set_place(err, first->at.source->path, first->at.line, first->at.column);
        }
        err->more = findings->error_count - 1;
    }
}

/* What is not about syntax is about an element. */
static bool name_element(struct findings *findings, struct delivery *delivery,
                         struct finding *finding)
{
    return finding->code == THRIFT_E_SYNTAX || finding->element != NULL ||
           element_at(&delivery->element, &finding->at, findings->arena, &finding->element);
}

thrift_status findings_deliver(struct findings *findings, thrift_finding_fn on_finding, void *data,
                               thrift_error *err)
{
    struct delivery delivery = {.fn = on_finding, .data = data};
    struct finding **list = findings->out_of_memory ? NULL : sorted(findings);
    const struct finding *first = NULL;

    if (list == NULL) {
        return FAIL_NOMEM(err);
    }
    for (uint32_t i = 0; i < findings->count; i++) {
        if (i > 0 && same(list[i - 1], list[i])) {
            findings->error_count -= list[i]->severity == THRIFT_FINDING_ERROR;
            continue;
        }
        if (first == NULL && list[i]->severity == THRIFT_FINDING_ERROR) {
            first = list[i];
        }
        delivery.at.searched = 0; /* sorted: one pass in all */
        if (on_finding == NULL) {
            continue;
        }
        if (!name_element(findings, &delivery, list[i])) {
            return FAIL_NOMEM(err);
        }
        deliver(&delivery, list[i]);
    }
    if (first == NULL) {
        return THRIFT_OK;
    }
    fill_error(findings, first, err);
    return first->code;
}
