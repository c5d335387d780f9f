/*
 * Fields of structs, members of unions, arguments, and what a method throws: matched by id, then by
 * name.
 *
 * Linear: both sides have an index by id and one by name.
 */
#include <string.h>

#include "schema/compat.h"
#include "schema/lookup.h"

/* What one and the same change is called, by what it happens to. */
struct role_rules {
    const char *noun;
    enum compat_rule added, added_in_middle, removed, type_changed, id_reused, id_changed;
};

static const struct role_rules role_rules[] = {
    [ROLE_FIELD] = {"field", RULE_FIELD_ADDED, RULE_FIELD_ADDED_IN_MIDDLE, RULE_FIELD_REMOVED,
                    RULE_FIELD_TYPE_CHANGED, RULE_FIELD_ID_REUSED, RULE_FIELD_ID_CHANGED},
    [ROLE_MEMBER] = {"member", RULE_UNION_MEMBER_ADDED, RULE_FIELD_ADDED_IN_MIDDLE,
                     RULE_UNION_MEMBER_REMOVED, RULE_FIELD_TYPE_CHANGED, RULE_FIELD_ID_REUSED,
                     RULE_FIELD_ID_CHANGED},
    [ROLE_ARGUMENT] = {"argument", RULE_ARGUMENT_ADDED, RULE_ARGUMENT_ADDED_IN_MIDDLE,
                       RULE_ARGUMENT_REMOVED, RULE_ARGUMENT_TYPE_CHANGED, RULE_ARGUMENT_ID_REUSED,
                       RULE_ARGUMENT_ID_CHANGED},
    [ROLE_EXCEPTION] = {"exception", RULE_EXCEPTION_ADDED, RULE_EXCEPTION_ADDED_IN_MIDDLE,
                        RULE_EXCEPTION_REMOVED, RULE_EXCEPTION_TYPE_CHANGED,
                        RULE_EXCEPTION_ID_REUSED, RULE_EXCEPTION_ID_CHANGED},
};

struct field_pass {
    struct comparison *c;
    const struct role_rules *rules;
    enum field_role role;
    const char *owner;
    const thrift_struct *before, *after;
};

/* `now` is the field, or what it should stand in; `then` may be NULL. */
static struct change change_of(const struct field_pass *pass, const char *name,
                               const thrift_node *now, const thrift_field *then)
{
    return (struct change){pass->owner, name, now, then != NULL ? &then->node : NULL};
}

static bool is_required(const thrift_field *field)
{
    return field->requiredness == THRIFT_FIELD_REQUIRED;
}

static void compare_requiredness(const struct field_pass *pass, const thrift_field *old,
                                 const thrift_field *now)
{
    struct change change = change_of(pass, now->node.name, &now->node, old);
    const char *noun = pass->rules->noun;

    if (old->requiredness == now->requiredness || pass->role == ROLE_EXCEPTION ||
        old->owner->node.kind == THRIFT_NODE_UNION || now->owner->node.kind == THRIFT_NODE_UNION) {
        return;
    }
    if (is_required(now)) {
        comparison_report_towards(pass->c, RULE_REQUIREDNESS_CHANGED, THRIFT_BACKWARD, &change,
                                  "%s %d became required: old peers may leave it out", noun,
                                  now->id);
    } else if (is_required(old)) {
        comparison_report_towards(pass->c, RULE_REQUIREDNESS_CHANGED, THRIFT_FORWARD, &change,
                                  "%s %d is not required any more: old peers refuse what "
                                  "leaves it out",
                                  noun, now->id);
    } else {
        comparison_report(pass->c, RULE_OPTIONAL_CHANGED, &change, "%s %d became %s", noun, now->id,
                          now->requiredness == THRIFT_FIELD_OPTIONAL ? "optional"
                                                                     : "neither optional nor "
                                                                       "required");
    }
}

static void report_types(const struct field_pass *pass, enum compat_rule rule,
                         const thrift_field *old, const thrift_field *now)
{
    struct comparison *c = pass->c;
    struct change change = change_of(pass, now->node.name, &now->node, old);

    const char *before = compare_type_text(c, &c->before_text, old->type);
    const char *after = compare_type_text(c, &c->after_text, now->type);

    if (rule == pass->rules->type_changed && c->differing[0] != NULL) {
        comparison_report(c, rule, &change, "%s %d was %s, is %s; %s and %s have other fields",
                          pass->rules->noun, now->id, before, after, c->differing[0]->full_name,
                          c->differing[1]->full_name);
        return;
    }
    comparison_report(c, rule, &change, "%s %d was %s, is %s", pass->rules->noun, now->id, before,
                      after);
}

/* What annotations say; of a field that programs call as before. */
static void compare_json(const struct field_pass *pass, const thrift_field *old,
                         const thrift_field *now)
{
    const char *before = field_json_name(old), *after = field_json_name(now);
    struct change change = change_of(pass, now->node.name, &now->node, old);

    if (old->json_quotes != now->json_quotes) {
        comparison_report(pass->c, RULE_REPRESENTATION_CHANGED, &change,
                          now->json_quotes ? "%s %d has numbers as text in JSON now"
                                           : "%s %d had numbers as text in JSON",
                          pass->rules->noun, now->id);
    }
    if (strcmp(before, after) != 0 && strcmp(old->node.name, now->node.name) == 0) {
        comparison_report(pass->c, RULE_NAME_CHANGED, &change, "%s %d was called '%s' in JSON",
                          pass->rules->noun, now->id, before);
    }
}

/* JSON, type, requiredness and default of what is one field on both sides. */
static void compare_same_field(const struct field_pass *pass, const thrift_field *old,
                               const thrift_field *now, enum type_difference difference)
{
    struct comparison *c = pass->c;

    if (difference == TYPE_DIFFERENT) {
        report_types(pass, pass->rules->type_changed, old, now);
    } else if (difference == TYPE_REPRESENTED) {
        report_types(pass, RULE_REPRESENTATION_CHANGED, old, now);
    } else if (difference == TYPE_RENAMED) {
        report_types(pass, RULE_TYPE_RENAMED, old, now);
    }
    compare_json(pass, old, now);
    compare_requiredness(pass, old, now);
    if (difference < TYPE_REPRESENTED &&
        !compare_values(c, old->default_value, now->default_value)) {
        struct change change = change_of(pass, now->node.name, &now->node, old);

        comparison_report(c, RULE_DEFAULT_CHANGED, &change, "%s %d has %s", pass->rules->noun,
                          now->id,
                          now->default_value == NULL   ? "no default any more"
                          : old->default_value == NULL ? "a default now"
                                                       : "another default");
    }
}

/* One id, two names: the same field renamed, or the id was given to something else. */
static void compare_other_name(const struct field_pass *pass, const thrift_field *old,
                               const thrift_field *now)
{
    struct comparison *c = pass->c;
    enum type_difference difference = compare_types(c, old->type, now->type);
    struct change change = change_of(pass, now->node.name, &now->node, old);

    if (difference == TYPE_DIFFERENT || thrift_struct_field(pass->before, now->node.name) != NULL) {
        comparison_report(c, pass->rules->id_reused, &change,
                          "id %d belonged to %s '%s' (%s), now to '%s' (%s)", now->id,
                          pass->rules->noun, old->node.name,
                          compare_type_text(c, &c->before_text, old->type), now->node.name,
                          compare_type_text(c, &c->after_text, now->type));
        return;
    }
    comparison_report(c, RULE_NAME_CHANGED, &change, "%s %d was called '%s'", pass->rules->noun,
                      now->id, old->node.name);
    compare_same_field(pass, old, now, difference);
}

/* The name is there, the id is another one. */
static void report_moved(const struct field_pass *pass, const thrift_field *old,
                         const thrift_field *now)
{
    struct change change = change_of(pass, now->node.name, &now->node, old);

    comparison_report(pass->c, pass->rules->id_changed, &change, "%s '%s' had id %d and has id %d",
                      pass->rules->noun, now->node.name, old->id, now->id);
}

static void compare_old_field(const struct field_pass *pass, const thrift_field *old)
{
    const thrift_field *now = thrift_struct_field_by_id(pass->after, old->id);
    const thrift_field *moved = thrift_struct_field(pass->after, old->node.name);

    if (now != NULL && now == moved) {
        compare_same_field(pass, old, now, compare_types(pass->c, old->type, now->type));
    } else if (moved != NULL) {
        report_moved(pass, old, moved);
        if (now != NULL && thrift_struct_field(pass->before, now->node.name) == NULL) {
            struct change change = change_of(pass, now->node.name, &now->node, old);

            comparison_report(pass->c, pass->rules->id_reused, &change,
                              "id %d belonged to %s '%s', now to '%s'", now->id, pass->rules->noun,
                              old->node.name, now->node.name);
        }
    } else if (now != NULL) {
        compare_other_name(pass, old, now);
    } else {
        struct change change = change_of(pass, old->node.name, &pass->after->node, old);

        comparison_report(pass->c, pass->rules->removed, &change, "%s %d (%s%s) is gone",
                          pass->rules->noun, old->id, is_required(old) ? "required " : "",
                          compare_type_text(pass->c, &pass->c->before_text, old->type));
    }
}

/* Ids that the author left out count downwards from -1. */
static bool is_in_middle(const thrift_struct *before, int16_t id)
{
    if (before->field_count == 0) {
        return false;
    }
    return id > 0 ? id < before->by_id[before->field_count - 1]->id : id > before->by_id[0]->id;
}

static void compare_new_field(const struct field_pass *pass, const thrift_field *now)
{
    const struct role_rules *rules = pass->rules;
    struct change change = change_of(pass, now->node.name, &now->node, NULL);
    const char *type;

    if (thrift_struct_field_by_id(pass->before, now->id) != NULL ||
        thrift_struct_field(pass->before, now->node.name) != NULL) {
        return; /* told from the old side */
    }
    type = compare_type_text(pass->c, &pass->c->after_text, now->type);
    if (is_required(now) && (pass->role == ROLE_FIELD || pass->role == ROLE_ARGUMENT)) {
        comparison_report(pass->c, RULE_REQUIRED_ADDED, &change, "%s %d (%s) is new and required",
                          rules->noun, now->id, type);
    }
    if (is_in_middle(pass->before, now->id)) {
        comparison_report(pass->c, rules->added_in_middle, &change,
                          "%s %d (%s) is new, below id %d which was in use before", rules->noun,
                          now->id, type,
                          pass->before->by_id[now->id > 0 ? pass->before->field_count - 1 : 0]->id);
    } else if (!is_required(now) || pass->role == ROLE_MEMBER || pass->role == ROLE_EXCEPTION) {
        comparison_report(pass->c, rules->added, &change, "%s %d (%s) is new", rules->noun, now->id,
                          type);
    }
}

void compare_fields(struct comparison *c, enum field_role role, const char *owner,
                    const thrift_struct *before, const thrift_struct *after)
{
    struct field_pass pass = {c, &role_rules[role], role, owner, before, after};

    for (uint32_t i = 0; i < before->field_count && c->failure == THRIFT_OK; i++) {
        compare_old_field(&pass, &before->fields[i]);
    }
    for (uint32_t i = 0; i < after->field_count && c->failure == THRIFT_OK; i++) {
        compare_new_field(&pass, &after->fields[i]);
    }
}

void compare_structs(struct comparison *c, const thrift_struct *before, const thrift_struct *after)
{
    bool was_union = before->node.kind == THRIFT_NODE_UNION;
    bool is_union = after->node.kind == THRIFT_NODE_UNION;
    struct change change = {before->full_name, NULL, &after->node, &before->node};

    if (was_union != is_union) {
        comparison_report(c, RULE_STRUCT_KIND_CHANGED, &change, "it was a %s and is a %s",
                          was_union ? "union" : "struct", is_union ? "union" : "struct");
    } else if (before->node.kind != after->node.kind) {
        comparison_report(c, RULE_EXCEPTION_KIND_CHANGED, &change, "it became %s",
                          after->node.kind == THRIFT_NODE_EXCEPTION ? "an exception" : "a struct");
    }
    compare_fields(c, was_union && is_union ? ROLE_MEMBER : ROLE_FIELD, before->full_name, before,
                   after);
}
