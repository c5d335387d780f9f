/*
 * Tidying up IDL text: the same tokens and comments in the same order, other blanks.
 *
 * Two spaces per level; one space between tokens; the parts of a body on lines of their own, unless
 * the whole body stands on one line; at most one empty line, and one behind every body of several
 * lines. Other line ends stay where people set them, with the lines indented by what is open.
 * Invariant: what is written has the tokens of what was read; that is checked before it is given
 * out. Source: the files of the Apache tutorial and test suite, whose style this is.
 */
#include "schema/format.h"

#include <rethrift/print.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/limits.h"
#include "schema/parser.h"
#include "schema/print.h"

#define INDENT 2u
#define CONTINUED 4u /* `throws` and annotations that begin a line */
#define TAB_STOP 8u

/* An open bracket: where its content's lines begin, and where its own line began. */
struct level {
    const struct format_item *opening;
    uint32_t indent, outer;
};

struct writer {
    const struct format_list *list;
    thrift_buffer *out;
    const char *newline;
    struct level *levels;
    size_t depth;
    uint32_t line_indent; /* of the line being written */
    uint32_t column;
    bool ok;
};

static void put(struct writer *w, const char *text, size_t size)
{
    w->ok = w->ok && buffer_append(w->out, text, size);
    for (size_t i = 0; i < size; i++) {
        w->column += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
}

static void put_line_ends(struct writer *w, unsigned count, uint32_t indent)
{
    for (unsigned i = 0; i < count; i++) {
        put(w, w->newline, strlen(w->newline));
    }
    w->ok = w->ok && print_indent(w->out, indent);
    w->line_indent = w->column = indent;
}

/* ---- comments of several lines ---- */

struct comment_line {
    const char *text; /* behind its blanks */
    size_t size;      /* without blanks at its end */
    uint32_t column;
};

static struct comment_line read_comment_line(const char *at, const char *end)
{
    struct comment_line line = {at, 0, 0};

    for (; line.text < end && (*line.text == ' ' || *line.text == '\t'); line.text++) {
        line.column += *line.text == '\t' ? TAB_STOP - line.column % TAB_STOP : 1;
    }
    while (end > line.text && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r')) {
        end--;
    }
    line.size = (size_t)(end - line.text);
    return line;
}

/* Lines that begin with a star stand below the first one's; others move as far as the first did. */
static uint32_t comment_indent(const struct format_item *item, uint32_t start,
                               const struct comment_line *line)
{
    if (line->size > 0 && *line->text == '*') {
        return start + 1;
    }
    if (line->size == 0) {
        return 0;
    }
    return start >= item->column                 ? line->column + (start - item->column)
           : line->column + start > item->column ? line->column + start - item->column
                                                 : 0;
}

static void put_block_comment(struct writer *w, const struct format_item *item)
{
    const char *at = item->text, *end = item->text + item->size;
    uint32_t start = w->column, line_indent = w->line_indent;
    bool first = true;

    while (w->ok) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        struct comment_line line = read_comment_line(at, stop != NULL ? stop : end);

        if (!first) {
            put_line_ends(w, 1, comment_indent(item, start, &line));
        }
        put(w, line.text, line.size);
        if (stop == NULL) {
            break;
        }
        first = false;
        at = stop + 1;
    }
    w->line_indent = line_indent;
}

/* ---- items ---- */

/* Where a line begins whose first item is items[i]. */
static uint32_t indent_of(const struct writer *w, size_t i)
{
    const struct format_item *item = &w->list->items[i];
    const struct level *level = w->depth > 0 ? &w->levels[w->depth - 1] : NULL;
    uint32_t indent = level != NULL ? level->indent : 0;

    if (level == NULL) {
        return 0;
    }
    if (item->bracket != BRACKET_NONE && item->partner < i) {
        return level->outer;
    }
    if (level->opening->bracket == BRACKET_BODY &&
        (item->keyword == KEYWORD_THROWS || item->bracket == BRACKET_ANNOTATIONS)) {
        return indent + CONTINUED;
    }
    return indent;
}

static void open_level(struct writer *w, const struct format_item *item)
{
    w->levels[w->depth++] = (struct level){
        item, item->broken || item->bracket == BRACKET_BODY ? w->line_indent + INDENT : w->column,
        w->line_indent};
}

static void put_item(struct writer *w, size_t i)
{
    const struct format_item *item = &w->list->items[i];

    if (item->kind == ITEM_BLOCK_COMMENT) {
        put_block_comment(w, item);
    } else {
        put(w, item->text, item->size);
    }
    if (item->bracket != BRACKET_NONE && item->partner > i) {
        open_level(w, item);
    }
}

static void put_between(struct writer *w, size_t i)
{
    const struct format_item *item = &w->list->items[i];
    const struct format_item *opening = w->depth > 0 ? w->levels[w->depth - 1].opening : NULL;
    unsigned line_ends = i > 0 ? format_line_ends(w->list, i, opening) : 0;

    if (line_ends > 0) {
        put_line_ends(w, line_ends, indent_of(w, i));
    } else if (i > 0 && format_has_space(w->list, i)) {
        put(w, " ", 1);
    }
    if (item->bracket != BRACKET_NONE && item->partner < i) {
        w->depth--;
    }
}

static bool write_items(const struct format_list *list, const char *newline, struct arena *arena,
                        thrift_buffer *out)
{
    struct writer w = {.list = list, .out = out, .newline = newline, .ok = true};

    w.levels = arena_alloc(arena, (list->depth + 1) * sizeof *w.levels);
    if (w.levels == NULL) {
        return false;
    }
    for (size_t i = 0; i < list->count && w.ok; i++) {
        put_between(&w, i);
        put_item(&w, i);
    }
    if (list->count > 0) {
        put_line_ends(&w, 1, 0);
    }
    return w.ok;
}

/* ---- the call ---- */

static const char *newline_of(const char *text)
{
    const char *newline = strchr(text, '\n');

    return newline != NULL && newline > text && newline[-1] == '\r' ? "\r\n" : "\n";
}

/* The next token of the list at or behind *i; NULL at its end. */
static const struct format_item *next_item(const struct format_list *list, size_t *i)
{
    while (*i < list->count && list->items[*i].kind != ITEM_TOKEN) {
        (*i)++;
    }
    return *i < list->count ? &list->items[(*i)++] : NULL;
}

/* The text has the tokens of the list, in their order. */
static bool has_tokens(const struct source *source, const struct format_list *list,
                       struct findings *findings)
{
    const struct format_item *item;
    struct token token;
    struct lexer lexer;
    size_t i = 0;

    lexer_init(&lexer, source, findings);
    do {
        bool quoted;

        lexer_next(&lexer, &token);
        item = next_item(list, &i);
        quoted = token.kind == TOKEN_STRING;
        if (item != NULL &&
            (token.kind != item->token || token.size + 2 * (size_t)quoted != item->size ||
             memcmp(token.text - quoted, item->text, item->size) != 0)) {
            return false;
        }
    } while (token.kind != TOKEN_END && item != NULL);
    return token.kind == TOKEN_END && item == NULL;
}

struct format_call {
    struct arena arena;
    struct source source;
    struct findings findings;
    thrift_load_options options;
    thrift_allocator allocator;
};

/* Only what parses is touched; what the parser has to say is delivered. */
static thrift_status check_syntax(struct format_call *call, thrift_error *err)
{
    if (!parse_source(&call->source, &call->arena, &call->arena, &call->findings)) {
        return FAIL_NOMEM(err);
    }
    return findings_deliver(&call->findings, call->options.on_finding, call->options.data, err);
}

/* What was written, read again: the same tokens, or nothing is given out. */
static thrift_status check_result(struct format_call *call, const struct format_list *list,
                                  const thrift_buffer *out, size_t start, thrift_error *err)
{
    struct source source = call->source;
    struct findings ignored;

    source.text = (const char *)out->data + start;
    source.size = out->size - start;
    findings_init(&ignored, &call->arena, false);
    return has_tokens(&source, list, &ignored)
               ? THRIFT_OK
               : FAIL(err, THRIFT_E_STATE, "the text cannot be laid out without changing it");
}

static thrift_status lay_out(struct format_call *call, struct format_list *list, thrift_buffer *out,
                             thrift_error *err)
{
    size_t start = out->size;
    thrift_status status = format_match_brackets(list, &call->arena, err);

    if (status != THRIFT_OK) {
        return status;
    }
    if (!write_items(list, newline_of(call->source.text), &call->arena, out) ||
        !buffer_reserve(out, 1)) {
        return FAIL_NOMEM(err);
    }
    out->data[out->size] = '\0'; /* the lexer looks one byte ahead */
    return check_result(call, list, out, start, err);
}

static thrift_status format(struct format_call *call, thrift_buffer *out, thrift_error *err)
{
    struct format_list list = {.allocator = call->allocator};
    thrift_status status = check_syntax(call, err);
    struct findings ignored;

    if (status != THRIFT_OK) {
        return status;
    }
    findings_init(&ignored, &call->arena, false);
    status = format_scan(&call->source, &ignored, &list) ? lay_out(call, &list, out, err)
                                                         : FAIL_NOMEM(err);
    format_list_deinit(&list);
    return status;
}

thrift_status thrift_format_text(const char *name, const char *text,
                                 const thrift_load_options *options, thrift_buffer *out,
                                 thrift_error *err)
{
    struct format_call call = {.options = {0}};
    size_t start, size = text != NULL ? strlen(text) : 0, most;
    thrift_status status;

    if (text == NULL || out == NULL) {
        return FAIL(err, THRIFT_E_ARGUMENT, "there is no text");
    }
    if (options != NULL) {
        memcpy(&call.options, options,
               options->struct_size < sizeof *options ? options->struct_size : sizeof *options);
    }
    if (call.options.allocator != NULL) {
        call.allocator = *call.options.allocator;
    }
    most = limits_in_force(call.options.limits).max_file_size;
    if (size > most) {
        return FAIL(err, THRIFT_E_LIMIT, "the text has more than %zu bytes", most);
    }
    call.source = (struct source){.path = name != NULL ? name : "text",
                                  .key = "",
                                  .prefix = "",
                                  .text = text,
                                  .size = size,
                                  .quotable = true};
    start = out->size;
    arena_init(&call.arena, call.options.allocator, SIZE_MAX);
    findings_init(&call.findings, &call.arena, false);
    status = format(&call, out, err);
    arena_deinit(&call.arena);
    if (status != THRIFT_OK) {
        out->size = start;
    }
    return status;
}
