/*
 * Two texts as a unified diff.
 *
 * Where lines differ, the nearest pair of equal lines behind them is looked for in a window; what
 * lies before is one change. Not the smallest script, but a correct one, in linear time.
 */
#include "line_diff.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define WINDOW 200u
#define CONTEXT 3u

struct lines {
    const char **begin; /* count + 1 of them */
    size_t count;
};

struct change {
    size_t before, before_end, after, after_end;
};

struct line_diff {
    struct lines before, after;
    struct change *changes;
    size_t count, capacity;
};

static bool split(struct lines *lines, const char *text, size_t size)
{
    size_t count = 1;

    for (size_t i = 0; i < size; i++) {
        count += text[i] == '\n';
    }
    lines->begin = malloc((count + 1) * sizeof *lines->begin);
    if (lines->begin == NULL) {
        return false;
    }
    lines->count = 0;
    for (size_t i = 0; i < size; i++) {
        if (i == 0 || text[i - 1] == '\n') {
            lines->begin[lines->count++] = text + i;
        }
    }
    lines->begin[lines->count] = text + size;
    return true;
}

static size_t size_of(const struct lines *lines, size_t i)
{
    return (size_t)(lines->begin[i + 1] - lines->begin[i]);
}

static bool is_same(const struct line_diff *diff, size_t before, size_t after)
{
    size_t size = size_of(&diff->before, before);

    return size == size_of(&diff->after, after) &&
           memcmp(diff->before.begin[before], diff->after.begin[after], size) == 0;
}

/* The nearest equal lines at or behind (before, after); the ends when there are none near. */
static void find_same(const struct line_diff *diff, size_t *before, size_t *after)
{
    size_t left = diff->before.count - *before, right = diff->after.count - *after;

    for (size_t distance = 0; distance < 2 * WINDOW; distance++) {
        for (size_t i = 0; i <= distance; i++) {
            if (i < left && distance - i < right &&
                is_same(diff, *before + i, *after + distance - i)) {
                *before += i;
                *after += distance - i;
                return;
            }
        }
    }
    *before += left < WINDOW ? left : WINDOW;
    *after += right < WINDOW ? right : WINDOW;
}

static bool add_change(struct line_diff *diff, struct change change)
{
    if (diff->count == diff->capacity) {
        size_t capacity = diff->capacity * 2 + 16;
        struct change *changes = realloc(diff->changes, capacity * sizeof *changes);

        if (changes == NULL) {
            return false;
        }
        diff->changes = changes;
        diff->capacity = capacity;
    }
    diff->changes[diff->count++] = change;
    return true;
}

static bool compare(struct line_diff *diff)
{
    size_t before = 0, after = 0;

    while (before < diff->before.count || after < diff->after.count) {
        struct change change = {before, 0, after, 0};

        if (before < diff->before.count && after < diff->after.count &&
            is_same(diff, before, after)) {
            before++;
            after++;
            continue;
        }
        find_same(diff, &before, &after);
        change.before_end = before;
        change.after_end = after;
        if (!add_change(diff, change)) {
            return false;
        }
    }
    return true;
}

static void print_lines(FILE *to, const struct lines *lines, size_t from, size_t end, char mark)
{
    for (size_t i = from; i < end; i++) {
        size_t size = size_of(lines, i);

        fputc(mark, to);
        fwrite(lines->begin[i], 1, size, to);
        if (size == 0 || lines->begin[i][size - 1] != '\n') {
            fputs("\n\\ No newline at end of file\n", to);
        }
    }
}

/* Changes first..last - 1 with their context. */
static void print_hunk(FILE *to, const struct line_diff *diff, size_t first, size_t last)
{
    const struct change *begin = &diff->changes[first], *end = &diff->changes[last - 1];
    size_t lead = begin->before < CONTEXT ? begin->before : CONTEXT;
    size_t left = diff->before.count - end->before_end;
    size_t trail = left < CONTEXT ? left : CONTEXT, at = begin->before - lead;
    size_t before_size = end->before_end + trail - at;
    size_t after_size = end->after_end + trail - (begin->after - lead);

    fprintf(to, "@@ -%zu,%zu +%zu,%zu @@\n", at + (before_size > 0), before_size,
            begin->after - lead + (after_size > 0), after_size);
    for (size_t i = first; i < last; i++) {
        const struct change *change = &diff->changes[i];

        print_lines(to, &diff->before, at, change->before, ' ');
        print_lines(to, &diff->before, change->before, change->before_end, '-');
        print_lines(to, &diff->after, change->after, change->after_end, '+');
        at = change->before_end;
    }
    print_lines(to, &diff->before, at, at + trail, ' ');
}

static void print_hunks(FILE *to, const struct line_diff *diff)
{
    for (size_t first = 0, last; first < diff->count; first = last) {
        last = first + 1;
        while (last < diff->count &&
               diff->changes[last].before - diff->changes[last - 1].before_end <=
                   2 * (size_t)CONTEXT) {
            last++;
        }
        print_hunk(to, diff, first, last);
    }
}

void line_diff_print(FILE *to, const char *path, const char *before, size_t before_size,
                     const char *after, size_t after_size)
{
    struct line_diff diff = {.changes = NULL};

    if (split(&diff.before, before, before_size) && split(&diff.after, after, after_size) &&
        compare(&diff) && diff.count > 0) {
        fprintf(to, "--- %s\n+++ %s\n", path, path);
        print_hunks(to, &diff);
    }
    free(diff.before.begin);
    free(diff.after.begin);
    free(diff.changes);
}
