/*
 * Strings as JSON.
 */
#include <string.h>

#include "command.h"

/* The size of the UTF-8 sequence at `at`, 0 when it is none. The text is NUL-terminated, so that
 * looking ahead stops by itself. */
static size_t sequence_size(const unsigned char *at)
{
    size_t size = at[0] < 0x80                     ? 1
                  : at[0] >= 0xc2 && at[0] <= 0xdf ? 2
                  : (at[0] & 0xf0) == 0xe0         ? 3
                  : at[0] >= 0xf0 && at[0] <= 0xf4 ? 4
                                                   : 0;

    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f)) {
        return 0;
    }
    return size;
}

void json_write_string(FILE *to, const char *text)
{
    if (text == NULL) {
        fputs("null", to);
        return;
    }
    fputc('"', to);
    while (*text != '\0') {
        size_t size = sequence_size((const unsigned char *)text);

        if (size == 0) {
            fputs("\\ufffd", to);
            size = 1;
        } else if (*text == '"' || *text == '\\') {
            fprintf(to, "\\%c", *text);
        } else if (size == 1 && (unsigned char)*text < 0x20) {
            fprintf(to, "\\u%04x", (unsigned)(unsigned char)*text);
        } else {
            fwrite(text, 1, size, to);
        }
        text += size;
    }
    fputc('"', to);
}
