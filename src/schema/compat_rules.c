/*
 * The table of compatibility rules, and what an allowance means.
 *
 * Owns nothing. Not here: finding the changes (compat.c and its parts).
 */
#include "schema/compat_rules.h"

#include <rethrift/compat.h>
#include <string.h>

#define NOTHING 0u
#define W ((uint32_t)THRIFT_BREAKS_WIRE)
#define J ((uint32_t)THRIFT_BREAKS_JSON)
#define S ((uint32_t)THRIFT_BREAKS_SOURCE)

static const thrift_rule rules[] = {
#define COMPAT_RULE_ROW(id, name, breaks, direction, what, why, hint)                              \
    {name, breaks, THRIFT_##direction, what, why, hint},
    COMPAT_RULES(COMPAT_RULE_ROW)
#undef COMPAT_RULE_ROW
};

size_t thrift_rule_count(void) { return sizeof rules / sizeof rules[0]; }

const thrift_rule *thrift_rule_at(size_t i) { return i < thrift_rule_count() ? &rules[i] : NULL; }

static const thrift_rule *find(const char *name, size_t size)
{
    for (size_t i = 0; i < thrift_rule_count(); i++) {
        if (strlen(rules[i].name) == size && memcmp(rules[i].name, name, size) == 0) {
            return &rules[i];
        }
    }
    return NULL;
}

const thrift_rule *thrift_rule_find(const char *name)
{
    return name == NULL ? NULL : find(name, strlen(name));
}

/* "User" covers "User", "User.email" and "User.email.x", not "Users". */
static bool covers(const char *outer, size_t size, const char *element)
{
    return element != NULL && strncmp(element, outer, size) == 0 &&
           (element[size] == '\0' || element[size] == '.');
}

static bool is_rule(const thrift_finding *finding, const char *name, size_t size)
{
    return finding->rule != NULL && strlen(finding->rule) == size &&
           memcmp(finding->rule, name, size) == 0;
}

bool thrift_finding_allowed(const thrift_finding *finding, const char *allowance)
{
    const char *colon, *second;
    size_t first_size;

    if (finding == NULL || allowance == NULL) {
        return false;
    }
    colon = strchr(allowance, ':');
    if (colon == NULL) {
        return is_rule(finding, allowance, strlen(allowance));
    }
    first_size = (size_t)(colon - allowance);
    second = colon + 1;
    if (find(allowance, first_size) != NULL) {
        return is_rule(finding, allowance, first_size) &&
               covers(second, strlen(second), finding->element);
    }
    return is_rule(finding, second, strlen(second)) &&
           covers(allowance, first_size, finding->element);
}
