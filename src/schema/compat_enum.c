/*
 * Enums: values matched by name, then by number.
 */
#include "schema/compat.h"

static void compare_old_symbol(struct comparison *c, const thrift_enum *before,
                               const thrift_enum *after, const thrift_symbol *old)
{
    const thrift_symbol *now = thrift_enum_symbol(after, old->node.name);
    const thrift_symbol *other = thrift_enum_by_number(after, old->number);
    struct change change = {before->full_name, old->node.name, &after->node, &old->node};
    const thrift_symbol *former;

    if (now != NULL) {
        if (now->number != old->number) {
            change.now = &now->node;
            comparison_report(c, RULE_ENUM_NUMBER_CHANGED, &change, "its number was %d and is %d",
                              old->number, now->number);
        }
        return;
    }
    former = other == NULL ? NULL : thrift_enum_symbol(before, other->node.name);
    if (other == NULL || (former != NULL && former->number != old->number)) {
        comparison_report(c, RULE_ENUM_VALUE_REMOVED, &change, "value %d is gone", old->number);
        return;
    }
    change.now = &other->node;
    comparison_report(c, RULE_NAME_CHANGED, &change, "value %d is called '%s' now", old->number,
                      other->node.name);
}

void compare_enums(struct comparison *c, const thrift_enum *before, const thrift_enum *after)
{
    for (size_t i = 0; i < before->symbol_count && c->failure == THRIFT_OK; i++) {
        compare_old_symbol(c, before, after, &before->symbols[i]);
    }
    for (size_t i = 0; i < after->symbol_count && c->failure == THRIFT_OK; i++) {
        const thrift_symbol *now = &after->symbols[i];
        struct change change = {after->full_name, now->node.name, &now->node, NULL};

        if (thrift_enum_symbol(before, now->node.name) == NULL &&
            thrift_enum_by_number(before, now->number) == NULL) {
            comparison_report(c, RULE_ENUM_VALUE_ADDED, &change, "value %d is new", now->number);
        }
    }
}
