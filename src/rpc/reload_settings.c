/*
 * Options of a reload that outlive the call that gave them.
 */
#include <string.h>

#include "base/error.h"
#include "rpc/options.h"
#include "rpc/reload.h"

static bool copy_rules(struct reload_settings *settings, const char *const *rules)
{
    size_t count = 0;
    const char **copies;

    while (rules[count] != NULL) {
        count++;
    }
    copies = arena_alloc_zero(&settings->arena, (count + 1) * sizeof *copies);
    for (size_t i = 0; i < count && copies != NULL; i++) {
        copies[i] = arena_strdup(&settings->arena, rules[i], strlen(rules[i]));
        if (copies[i] == NULL) {
            return false;
        }
    }
    settings->options.allow_rules = copies;
    return copies != NULL;
}

thrift_status reload_settings_init(struct reload_settings *settings,
                                   const thrift_reload_options *given,
                                   const thrift_allocator *allocator, thrift_error *err)
{
    OPTIONS_COPY(&settings->options, given);
    settings->options.struct_size = sizeof settings->options;
    arena_init(&settings->arena, allocator, SIZE_MAX);
    if (settings->options.allow_rules != NULL &&
        !copy_rules(settings, settings->options.allow_rules)) {
        reload_settings_deinit(settings);
        return FAIL_NOMEM(err);
    }
    return THRIFT_OK;
}

void reload_settings_deinit(struct reload_settings *settings) { arena_deinit(&settings->arena); }
