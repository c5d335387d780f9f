/*
 * They are U+061C, U+200E, U+200F, U+202A to U+202E and U+2066 to U+2069.
 * Source: Unicode Standard Annex #9, "Directional Formatting Characters".
 */
#include "schema/bidirectional.h"

/* `at` is 0xd8 or 0xe2; what it begins has NUL behind the text at the latest. */
static size_t size_at(const unsigned char *at)
{
    if (at[0] == 0xd8) {
        return at[1] == 0x9c ? 2 : 0;
    }
    if (at[1] == 0x80 && (at[2] == 0x8e || at[2] == 0x8f || (at[2] >= 0xaa && at[2] <= 0xae))) {
        return 3;
    }
    return at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9 ? 3 : 0;
}

static const char *next_lead(const char *at, const char *end)
{
    while (at < end && *at != '\xe2' && *at != '\xd8') {
        at++;
    }
    return at;
}

static bool is_ascii(const struct source *source)
{
    size_t left = source->size;
    const char *at = source->text;
    unsigned char all = 0;

    for (; left > 0; left--) {
        all |= (unsigned char)*at++;
    }
    return all < 0x80;
}

void check_bidirectional(const struct source *source, struct findings *findings)
{
    const char *end = source->text + source->size, *line_start = source->text;
    uint32_t line = 1, warned = 0;

    if (is_ascii(source)) {
        return;
    }
    for (const char *at = next_lead(source->text, end); at < end; at = next_lead(at + 1, end)) {
        const char *newline;

        if (size_at((const unsigned char *)at) == 0) {
            continue;
        }
        while ((newline = memchr(line_start, '\n', (size_t)(at - line_start))) != NULL) {
            line_start = newline + 1;
            line++;
        }
        if (line != warned) {
            finding_warning(findings, "bidirectional",
                            (struct span){source, line, (uint32_t)(at - line_start) + 1, 1},
                            "an invisible character changes the direction of writing here");
            warned = line;
        }
    }
}
