/*
 * Constants, defaults and typedefs: what two evaluated values have in common.
 *
 * References are resolved in both, so only values are left to compare: by their digests. How large
 * a value is when written out was bounded when its schema was made.
 */
#include "schema/compat.h"
#include "schema/value_digest.h"

bool compare_values(struct comparison *c, const struct const_value *before,
                    const struct const_value *after)
{
    uint8_t old[HASH_WIDE_SIZE], new[HASH_WIDE_SIZE];

    if (!value_digest(before, &c->digests, old) || !value_digest(after, &c->digests, new)) {
        c->failure = THRIFT_E_NOMEM;
        return false;
    }
    return memcmp(old, new, sizeof old) == 0;
}

void compare_constants(struct comparison *c, const thrift_constant *before,
                       const thrift_constant *after)
{
    struct change change = {comparison_full_name(c, c->before, &before->node), NULL, &after->node,
                            &before->node};
    enum type_difference types = compare_types(c, before->type, after->type);

    if (types == TYPE_DIFFERENT || types == TYPE_REPRESENTED) {
        comparison_report(c, RULE_CONSTANT_CHANGED, &change, "its type was %s and is %s",
                          compare_type_text(c, &c->before_text, before->type),
                          compare_type_text(c, &c->after_text, after->type));
    } else if (!compare_values(c, before->value, after->value)) {
        comparison_report(c, RULE_CONSTANT_CHANGED, &change, "the constant has another value");
    }
}

void compare_aliases(struct comparison *c, const thrift_alias *before, const thrift_alias *after)
{
    struct change change = {comparison_full_name(c, c->before, &before->node), NULL, &after->node,
                            &before->node};

    if (compare_types(c, before->type, after->type) != TYPE_SAME) {
        comparison_report(c, RULE_TYPEDEF_CHANGED, &change, "the typedef stood for %s, now for %s",
                          compare_type_text(c, &c->before_text, before->type),
                          compare_type_text(c, &c->after_text, after->type));
    }
}
