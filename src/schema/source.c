/*
 * Source text for people.
 */
#include "schema/source.h"

#include "base/utf8.h"

#define SUFFIX ".thrift"
#define EXCERPT_BEFORE 80

static bool is_continuation(char c) { return ((unsigned char)c & 0xc0) == 0x80; }

/* Control characters, and those that turn the direction of writing, would lie to the reader. */
static bool is_harmless(const char *text, size_t size)
{
    unsigned char first = (unsigned char)text[0], second = size > 1 ? (unsigned char)text[1] : 0;
    unsigned char third = size > 2 ? (unsigned char)text[2] : 0;

    if (size == 1) {
        return (first >= 0x20 && first < 0x7f) || first == '\t';
    }
    if (first == 0xc2) {
        return second >= 0xa0;
    }
    if (first == 0xd8) {
        return second != 0x9c;
    }
    if (first == 0xe2 && second == 0x80) {
        return third < 0x8b || (third > 0x8f && third < 0xa8) || third > 0xae;
    }
    return !(first == 0xe2 && second == 0x81 && third >= 0xa0 && third <= 0xaf);
}

static size_t character_size(const char *text, const char *end)
{
    size_t size = 1;

    while (text + size < end && size < 4 && is_continuation(text[size])) {
        size++;
    }
    return size;
}

size_t source_excerpt(const struct source *source, const char *at, uint32_t column,
                      char out[EXCERPT_SIZE], uint32_t *out_caret)
{
    const char *end = source->text + source->size, *caret = at + (column > 0 ? column - 1 : 0);
    size_t used = 0;

    if (caret > end) {
        caret = end;
    }
    if (caret - at > EXCERPT_BEFORE) {
        at = caret - EXCERPT_BEFORE;
        while (at < caret && is_continuation(*at)) {
            at++;
        }
    }
    *out_caret = 0;
    while (at < end && *at != '\n' && *at != '\r') {
        size_t size = character_size(at, end);

        if (at == caret) {
            *out_caret = (uint32_t)used;
        }
        if (used + size >= EXCERPT_SIZE) {
            break;
        }
        if (utf8_check(at, size) == size && is_harmless(at, size)) {
            memcpy(out + used, at, size);
            used += size;
        } else {
            out[used++] = '?';
        }
        at += size;
    }
    if (at <= caret) {
        *out_caret = (uint32_t)used;
    }
    out[used] = '\0';
    return used;
}

bool source_is_thrift(const char *path)
{
    size_t size = strlen(path);

    return size >= strlen(SUFFIX) && strcmp(path + size - strlen(SUFFIX), SUFFIX) == 0;
}

const char *source_prefix(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    size_t size = strlen(name);

    return arena_strdup(arena, name, source_is_thrift(name) ? size - strlen(SUFFIX) : size);
}
