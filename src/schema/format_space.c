/*
 * What stands between two items: nothing, a space, a line end, an empty line.
 *
 * Line ends are those of the text, except where a body's parts must stand on lines of their own, or
 * where people end a line in the middle of something short. The rules look at items only, never at
 * what was written so far: that is why formatting a second time changes nothing.
 */
#include "schema/format.h"

static bool is_token(const struct format_item *item, uint16_t token)
{
    return item->kind == ITEM_TOKEN && item->token == token;
}

static bool is_comment(const struct format_item *item)
{
    return item->kind == ITEM_LINE_COMMENT || item->kind == ITEM_BLOCK_COMMENT;
}

static bool is_opening(const struct format_list *list, size_t i)
{
    return list->items[i].bracket != BRACKET_NONE && list->items[i].partner > i;
}

static bool is_closing(const struct format_list *list, size_t i)
{
    return list->items[i].bracket != BRACKET_NONE && list->items[i].partner < i;
}

static bool is_separator(const struct format_item *item)
{
    return is_token(item, ',') || is_token(item, ';');
}

/* ---- spaces ---- */

/* `foo(`, `throws (`, `type (annotations)`. */
static bool has_space_before_paren(const struct format_item *before, const struct format_item *item)
{
    return item->bracket == BRACKET_ANNOTATIONS || before->keyword == KEYWORD_THROWS ||
           before->kind != ITEM_TOKEN;
}

static bool has_space_before_brace(const struct format_list *list, size_t i)
{
    const struct format_item *before = &list->items[i - 1];

    return list->items[i].bracket == BRACKET_BODY || before->keyword == KEYWORD_XSD_ATTRS ||
           (!is_token(before, TOKEN_NAME) && !is_opening(list, i - 1));
}

bool format_has_space(const struct format_list *list, size_t i)
{
    const struct format_item *before = &list->items[i - 1], *item = &list->items[i];

    if (is_comment(item) || is_comment(before)) {
        return !is_opening(list, i - 1) || before->bracket == BRACKET_BODY;
    }
    if (is_opening(list, i - 1)) {
        return before->bracket == BRACKET_BODY && !is_closing(list, i);
    }
    if (is_closing(list, i)) {
        return item->bracket == BRACKET_BODY;
    }
    if (is_token(before, '@') || is_separator(item) || is_token(item, ':')) {
        return false;
    }
    switch (item->token) {
    case '(':
        return has_space_before_paren(before, item);
    case '{':
        return has_space_before_brace(list, i);
    case '<':
        return is_token(before, TOKEN_STRING);
    default:
        return true;
    }
}

/* ---- line ends ---- */

static const struct format_item *next_token(const struct format_list *list, size_t i)
{
    do {
        i++;
    } while (is_comment(&list->items[i]));
    return &list->items[i];
}

/* The last token before items[i]; NULL when there is none. */
static const struct format_item *last_token(const struct format_list *list, size_t i)
{
    while (i > 0 && is_comment(&list->items[i - 1])) {
        i--;
    }
    return i > 0 ? &list->items[i - 1] : NULL;
}

static unsigned at_least(unsigned least, unsigned count) { return count > least ? count : least; }

/* Belongs to what stands before it, whatever the text's lines are. */
static bool continues(const struct format_item *item)
{
    return is_separator(item) || is_token(item, '=') || is_token(item, ':') ||
           is_token(item, '<') || (is_token(item, '(') && item->bracket == BRACKET_PARAMETERS) ||
           item->keyword == KEYWORD_EXTENDS;
}

static bool expects_more(const struct format_item *before)
{
    return is_token(before, '=') || is_token(before, ':') || is_token(before, '@') ||
           is_token(before, '&');
}

static bool begins_field(const struct format_list *list, size_t i)
{
    return is_token(&list->items[i], TOKEN_INTEGER) && is_token(next_token(list, i), ':');
}

static unsigned ends_in_body(const struct format_list *list, size_t i, unsigned least)
{
    const struct format_item *before = &list->items[i - 1], *item = &list->items[i];

    if (is_separator(before) || (begins_field(list, i) && !is_comment(before))) {
        return at_least(1, item->newlines);
    }
    if (continues(item) || expects_more(before)) {
        return least;
    }
    if (item->keyword == KEYWORD_THROWS || item->bracket == BRACKET_ANNOTATIONS) {
        return at_least(least, item->newlines > 0);
    }
    return at_least(least, item->newlines);
}

static bool closes_long_body(const struct format_list *list, const struct format_item *item)
{
    return item != NULL && item->bracket == BRACKET_BODY && item->broken &&
           is_closing(list, (size_t)(item - list->items));
}

static unsigned ends_outside(const struct format_list *list, size_t i, unsigned least)
{
    const struct format_item *before = &list->items[i - 1], *item = &list->items[i];

    if (item->bracket == BRACKET_BODY || item->bracket == BRACKET_ANNOTATIONS || continues(item) ||
        expects_more(before)) {
        return least;
    }
    if (closes_long_body(list, before)) {
        return 2;
    }
    if (is_separator(before) || (before->bracket == BRACKET_BODY && is_closing(list, i - 1))) {
        return at_least(1, item->newlines);
    }
    return at_least(least, item->newlines);
}

static unsigned ends_before_comment(const struct format_list *list, size_t i,
                                    const struct format_item *opening)
{
    const struct format_item *item = &list->items[i];

    if (item->newlines == 0) {
        return list->items[i - 1].kind == ITEM_LINE_COMMENT;
    }
    if (is_opening(list, i - 1)) {
        return 1;
    }
    return opening == NULL && closes_long_body(list, last_token(list, i)) &&
                   !is_comment(&list->items[i - 1])
               ? 2
               : item->newlines;
}

/* A word that would begin a definition if it began a line: as a name it must stay where it is. */
static bool is_definition_word(const struct format_item *item)
{
    switch (item->keyword) {
    case KEYWORD_INCLUDE:
    case KEYWORD_CPP_INCLUDE:
    case KEYWORD_NAMESPACE:
    case KEYWORD_CONST:
    case KEYWORD_TYPEDEF:
    case KEYWORD_ENUM:
    case KEYWORD_SENUM:
    case KEYWORD_STRUCT:
    case KEYWORD_UNION:
    case KEYWORD_EXCEPTION:
    case KEYWORD_SERVICE:
    case KEYWORD_INTERACTION:
        return true;
    default:
        return false;
    }
}

unsigned format_line_ends(const struct format_list *list, size_t i,
                          const struct format_item *opening)
{
    const struct format_item *before = &list->items[i - 1], *item = &list->items[i];
    unsigned least = before->kind == ITEM_LINE_COMMENT;

    if (is_comment(item)) {
        return ends_before_comment(list, i, opening);
    }
    if (opening != NULL && is_definition_word(item) && item->newlines == 0) {
        return least;
    }
    if (is_closing(list, i)) {
        return is_opening(list, i - 1) ? 0 : at_least(least, item->broken);
    }
    if (is_opening(list, i - 1)) {
        return at_least(least, before->broken);
    }
    if (opening == NULL) {
        return ends_outside(list, i, least);
    }
    if (opening->bracket == BRACKET_BODY) {
        return opening->broken ? ends_in_body(list, i, least) : least;
    }
    if (opening->bracket == BRACKET_TYPE || continues(item) || expects_more(before)) {
        return least;
    }
    return at_least(least, item->newlines > 0);
}
