/*
 * The text as tokens and comments in order: tokens from the lexer, comments from the gaps between.
 */
#include "base/alloc.h"
#include "base/error.h"
#include "schema/format.h"

#define TAB_STOP 8

struct scan {
    struct lexer lexer;
    struct format_list *list;
    const char *at;         /* end of the last item */
    const char *line_start; /* of the line of `at` */
    uint16_t newlines;      /* since the last item */
    bool ok;
};

static bool reserve(struct scan *scan)
{
    struct format_list *list = scan->list;
    size_t capacity = list->capacity < 64 ? 64 : 2 * list->capacity;
    struct format_item *items;

    if (list->count + 1 < list->capacity) {
        return true;
    }
    items = mem_resize(&list->allocator, list->items, list->capacity * sizeof *items,
                       capacity * sizeof *items);
    if (items == NULL) {
        scan->ok = false;
        return false;
    }
    list->items = items;
    list->capacity = capacity;
    return true;
}

void format_list_deinit(struct format_list *list)
{
    mem_free(&list->allocator, list->items, list->capacity * sizeof *list->items);
    list->items = NULL;
}

static uint32_t column_of(const char *line_start, const char *at)
{
    uint32_t column = 0;

    for (; line_start < at; line_start++) {
        if (*line_start == '\t') {
            column += TAB_STOP - column % TAB_STOP;
        } else if (((unsigned char)*line_start & 0xc0) != 0x80) {
            column++;
        }
    }
    return column;
}

static void add(struct scan *scan, struct format_item item, const char *text, const char *end)
{
    if (!reserve(scan)) {
        return;
    }
    item.text = text;
    item.size = (uint32_t)(end - text);
    item.newlines = scan->newlines;
    /* Only comments of several lines are moved as a block. */
    item.column = item.kind == ITEM_BLOCK_COMMENT ? column_of(scan->line_start, text) : 0;
    scan->list->items[scan->list->count++] = item;
    scan->newlines = 0;
    scan->at = end;
}

static void count_newline(struct scan *scan, const char *newline)
{
    scan->line_start = newline + 1;
    scan->newlines = scan->newlines < 2 ? (uint16_t)(scan->newlines + 1) : 2;
}

static void add_line_comment(struct scan *scan, const char *begin, const char *limit)
{
    const char *end = memchr(begin, '\n', (size_t)(limit - begin));
    const char *text_end = end != NULL ? end : limit;

    while (text_end > begin &&
           (text_end[-1] == ' ' || text_end[-1] == '\t' || text_end[-1] == '\r')) {
        text_end--;
    }
    add(scan, (struct format_item){.kind = ITEM_LINE_COMMENT}, begin, text_end);
    scan->at = end != NULL ? end : limit;
}

static void add_block_comment(struct scan *scan, const char *begin, const char *limit)
{
    const char *end = begin + 2;

    while (end + 1 < limit && (end[0] != '*' || end[1] != '/')) {
        end++;
    }
    add(scan, (struct format_item){.kind = ITEM_BLOCK_COMMENT}, begin,
        end + 1 < limit ? end + 2 : limit);
    for (const char *at = begin; at < scan->at; at++) {
        if (*at == '\n') {
            scan->line_start = at + 1;
        }
    }
}

/* Between two tokens there are only blanks and comments. */
static void scan_gap(struct scan *scan, const char *limit)
{
    while (scan->at < limit && scan->ok) {
        char c = *scan->at;

        if (c == '#' || (c == '/' && scan->at + 1 < limit && scan->at[1] == '/')) {
            add_line_comment(scan, scan->at, limit);
        } else if (c == '/') {
            add_block_comment(scan, scan->at, limit);
        } else {
            if (c == '\n') {
                count_newline(scan, scan->at);
            }
            scan->at++;
        }
    }
}

static void scan_token(struct scan *scan, const struct token *token)
{
    bool quoted = token->kind == TOKEN_STRING;
    const char *begin = token->text - quoted, *end = token->text + token->size + quoted;

    scan_gap(scan, begin);
    if (token->kind == TOKEN_END || !scan->ok) {
        return;
    }
    add(scan,
        (struct format_item){.kind = ITEM_TOKEN, .token = token->kind, .keyword = token->keyword},
        begin, end);
    if (quoted) {
        scan->line_start = scan->lexer.line_start;
    }
}

bool format_scan(const struct source *source, struct findings *findings, struct format_list *out)
{
    struct scan scan = {.list = out, .ok = true};
    struct token token;

    lexer_init(&scan.lexer, source, findings);
    scan.at = scan.line_start = scan.lexer.at;
    do {
        lexer_next(&scan.lexer, &token);
        scan_token(&scan, &token);
    } while (token.kind != TOKEN_END && scan.ok);
    if (!scan.ok || !reserve(&scan)) {
        return false;
    }
    out->items[out->count] =
        (struct format_item){.kind = ITEM_END, .newlines = 1, .text = scan.lexer.end};
    return true;
}

/* ---- brackets ---- */

struct bracket_pass {
    struct format_list *list;
    uint32_t *open; /* positions */
    size_t depth;
    bool defining; /* the last keyword outside of brackets defines something with a body */
};

static uint16_t closing_of(uint16_t opening)
{
    switch (opening) {
    case '(':
        return ')';
    case '[':
        return ']';
    case '{':
        return '}';
    case '<':
        return '>';
    default:
        return 0;
    }
}

static bool is_token(const struct format_item *item, uint16_t token)
{
    return item->kind == ITEM_TOKEN && item->token == token;
}

/* The next or last token, comments passed over; the end, or NULL before the beginning. */
static const struct format_item *token_behind(const struct format_list *list, size_t i)
{
    do {
        i++;
    } while (list->items[i].kind == ITEM_LINE_COMMENT || list->items[i].kind == ITEM_BLOCK_COMMENT);
    return &list->items[i];
}

static const struct format_item *token_before(const struct format_list *list, size_t i)
{
    while (i > 0) {
        const struct format_item *item = &list->items[--i];

        if (item->kind == ITEM_TOKEN) {
            return item;
        }
    }
    return NULL;
}

/* `(key = "value")`, `(key, …)`, `(key)`: a name that is followed by none of a parameter's parts.
 */
static bool opens_annotations(const struct format_list *list, size_t i)
{
    const struct format_item *first = token_behind(list, i);
    const struct format_item *second;

    if (!is_token(first, TOKEN_NAME)) {
        return false;
    }
    second = token_behind(list, (size_t)(first - list->items));
    return is_token(second, '=') || is_token(second, ',') || is_token(second, ')');
}

/* `struct User {`, not `= {`, `Type{` or `@Annotation{`. */
static bool opens_body(const struct bracket_pass *pass, size_t i)
{
    const struct format_item *before = token_before(pass->list, i);
    const struct format_item *farther =
        before == NULL ? NULL : token_before(pass->list, (size_t)(before - pass->list->items));

    return pass->depth == 0 && pass->defining && before != NULL && !is_token(before, '=') &&
           (farther == NULL || !is_token(farther, '@'));
}

static enum bracket_kind bracket_of(const struct bracket_pass *pass, size_t i)
{
    switch (pass->list->items[i].token) {
    case '<':
        return BRACKET_TYPE;
    case '[':
        return BRACKET_VALUE;
    case '(':
        return opens_annotations(pass->list, i) ? BRACKET_ANNOTATIONS : BRACKET_PARAMETERS;
    default:
        return opens_body(pass, i) ? BRACKET_BODY : BRACKET_VALUE;
    }
}

static void see_keyword(struct bracket_pass *pass, uint8_t keyword)
{
    switch (keyword) {
    case KEYWORD_STRUCT:
    case KEYWORD_UNION:
    case KEYWORD_EXCEPTION:
    case KEYWORD_ENUM:
    case KEYWORD_SENUM:
    case KEYWORD_SERVICE:
    case KEYWORD_INTERACTION:
        pass->defining = true;
        break;
    case KEYWORD_CONST:
    case KEYWORD_TYPEDEF:
    case KEYWORD_NAMESPACE:
    case KEYWORD_INCLUDE:
        pass->defining = false;
        break;
    default:
        break;
    }
}

#define LINE_SIZE 100

/* A body on one line of the text stays there when it fits. */
static bool is_broken(const struct format_list *list, uint32_t opening, uint32_t closing)
{
    size_t size = 0;

    if (list->items[opening].bracket != BRACKET_BODY) {
        return closing > opening + 1 && list->items[opening + 1].newlines > 0;
    }
    for (size_t i = opening + 1; i <= closing; i++) {
        size += list->items[i].size + 1;
        if (closing > opening + 1 && (list->items[i].newlines > 0 || size > LINE_SIZE ||
                                      list->items[i].kind == ITEM_LINE_COMMENT)) {
            return true;
        }
    }
    return false;
}

static bool close(struct bracket_pass *pass, uint32_t i)
{
    struct format_item *items = pass->list->items;
    uint32_t opening;

    if (pass->depth == 0) {
        return false;
    }
    opening = pass->open[--pass->depth];
    if (closing_of(items[opening].token) != items[i].token) {
        return false;
    }
    items[opening].partner = i;
    items[i].partner = opening;
    items[i].bracket = items[opening].bracket;
    items[opening].broken = items[i].broken = is_broken(pass->list, opening, i);
    return true;
}

static bool is_closing_token(uint16_t token)
{
    return token == ')' || token == ']' || token == '}' || token == '>';
}

/* false when it closes what is not open. */
static bool see(struct bracket_pass *pass, uint32_t i)
{
    struct format_item *item = &pass->list->items[i];

    if (pass->depth == 0 && item->keyword != KEYWORD_NONE) {
        see_keyword(pass, item->keyword);
    }
    if (closing_of(item->token) != 0) {
        item->bracket = (uint8_t)bracket_of(pass, i);
        pass->open[pass->depth++] = i;
        pass->list->depth = pass->depth > pass->list->depth ? pass->depth : pass->list->depth;
    }
    return !is_closing_token(item->token) || close(pass, i);
}

thrift_status format_match_brackets(struct format_list *list, struct arena *arena,
                                    thrift_error *err)
{
    struct bracket_pass pass = {.list = list};

    pass.open = arena_alloc(arena, (list->count + 1) * sizeof *pass.open);
    if (pass.open == NULL) {
        return FAIL_NOMEM(err);
    }
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i].kind == ITEM_TOKEN && !see(&pass, i)) {
            return FAIL(err, THRIFT_E_SYNTAX, "the brackets do not match");
        }
    }
    return pass.depth == 0 ? THRIFT_OK : FAIL(err, THRIFT_E_SYNTAX, "a bracket is never closed");
}
