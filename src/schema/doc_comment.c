/*
 * Cleaning gives what Apache's compiler hands to its generators: a margin of blanks and one star is
 * taken away when every line has it, else the blanks common to all lines; trailing blanks and empty
 * first and last lines go; every line ends with a newline.
 */
#include "schema/doc_comment.h"

struct line {
    const char *at, *end;
};

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/* The next line of what is left of a comment; false when nothing is. A blank last line is none. */
static bool next_line(const char **at, const char *end, struct line *out)
{
    const char *newline;

    if (*at > end) {
        return false;
    }
    newline = memchr(*at, '\n', (size_t)(end - *at));
    *out = (struct line){*at, newline != NULL ? newline : end};
    *at = out->end + 1;
    if (newline != NULL) {
        return true;
    }
    for (const char *c = out->at; c < end; c++) {
        if (!is_blank(*c)) {
            return true;
        }
    }
    return false;
}

static size_t margin_of(struct line line)
{
    const char *at = line.at;

    while (at < line.end && is_blank(*at)) {
        at++;
    }
    return (size_t)(at - line.at);
}

static bool is_empty(struct line line) { return line.at + margin_of(line) == line.end; }

/* What to cut from every line but the first. */
struct margin {
    size_t size;
    bool star; /* and the star behind it */
};

/* True when all lines but the first that are not blank begin with the same blanks and a star. */
static bool find_star(const char *at, const char *end, size_t *out_size)
{
    struct line line;
    bool found = false;

    while (next_line(&at, end, &line)) {
        size_t size = margin_of(line);

        if (is_empty(line)) {
            continue;
        }
        if (line.at[size] != '*' || (found && size != *out_size)) {
            return false;
        }
        *out_size = size;
        found = true;
    }
    return found;
}

static struct line cut(struct line line, struct margin margin)
{
    size_t size = margin.size + margin.star;

    if (is_empty(line)) {
        line.at = line.end;
    } else if (size > 0) {
        line.at += size <= (size_t)(line.end - line.at) ? size : (size_t)(line.end - line.at);
    }
    return line;
}

/* The blanks that all lines but the first share, once the stars are gone. */
static size_t common_margin(const char *at, const char *end, struct margin stars)
{
    struct line line;
    size_t least = SIZE_MAX;

    while (next_line(&at, end, &line)) {
        line = cut(line, stars);
        if (!is_empty(line) && margin_of(line) < least) {
            least = margin_of(line);
        }
    }
    return least == SIZE_MAX ? 0 : least;
}

static char *append_line(char *to, struct line line)
{
    while (line.end > line.at && is_blank(line.end[-1])) {
        line.end--;
    }
    for (const char *at = line.at; at < line.end; at++) {
        if (*at != '\r') {
            *to++ = *at;
        }
    }
    *to++ = '\n';
    return to;
}

bool doc_comment_clean(struct arena *arena, const char *comment, size_t size, const char **out)
{
    const char *at = comment + strlen("/**"), *end = comment + size - strlen("*/"), *rest;
    char *text = arena_alloc_aligned(arena, size, 1), *to = text;
    struct margin stars = {0, false}, blanks = {0, false};
    struct line line;

    if (text == NULL) {
        return false;
    }
    *out = NULL;
    if (!next_line(&at, end, &line)) {
        return true;
    }
    rest = at;
    line.at += margin_of(line);
    if (line.at < line.end) {
        to = append_line(to, line);
    }
    stars.star = find_star(rest, end, &stars.size);
    stars.size = stars.star ? stars.size : 0;
    blanks.size = common_margin(rest, end, stars);
    while (next_line(&at, end, &line)) {
        line = cut(cut(line, stars), blanks);
        to = append_line(to, line);
    }
    *to = '\0';
    *out = to > text ? text : NULL;
    return true;
}
