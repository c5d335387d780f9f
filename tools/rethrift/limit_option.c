/*
 * Names of limits and where they stand.
 */
#include "limit_option.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool parse_positive(const char *text, uintmax_t most, uintmax_t *out)
{
    char *end;

    errno = 0;
    *out = strtoumax(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && *out > 0 && *out <= most;
}

bool limit_option(thrift_limits *limits, const char *text)
{
    struct {
        const char *name;
        size_t *bytes; /* one of the two */
        uint32_t *count;
    } const known[] = {{"max-file-size", &limits->max_file_size, NULL},
                       {"max-definition-size", &limits->max_definition_size, NULL},
                       {"max-files", NULL, &limits->max_files},
                       {"max-include-depth", NULL, &limits->max_include_depth}};
    size_t size = strcspn(text, "=");
    uintmax_t value;

    for (size_t i = 0; text[size] == '=' && i < sizeof known / sizeof known[0]; i++) {
        if (strlen(known[i].name) != size || strncmp(known[i].name, text, size) != 0) {
            continue;
        }
        if (!parse_positive(text + size + 1, known[i].bytes != NULL ? SIZE_MAX : UINT32_MAX,
                            &value)) {
            return false;
        }
        if (known[i].bytes != NULL) {
            *known[i].bytes = (size_t)value;
        } else {
            *known[i].count = (uint32_t)value;
        }
        return true;
    }
    return false;
}
