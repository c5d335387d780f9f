/*
 * Constants, defaults and typedefs: what two evaluated values have in common.
 *
 * References are resolved in both, so only values are left to compare. A value may hold one
 * sub-value many times over (constants made of constants): the budget of steps bounds the walk.
 */
#include "schema/compat.h"

struct value_task {
    const struct const_value *before, *after;
    struct value_task *next;
};

static void add_task(struct comparison *c, struct value_task **tasks,
                     const struct const_value *before, const struct const_value *after)
{
    struct value_task *task = arena_alloc(&c->arena, sizeof *task);

    if (task == NULL) {
        c->failure = THRIFT_E_NOMEM;
        return;
    }
    *task = (struct value_task){before, after, *tasks};
    *tasks = task;
}

static bool same_bytes(thrift_bytes a, thrift_bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static bool same_container(struct comparison *c, struct value_task **tasks,
                           const struct const_value *before, const struct const_value *after)
{
    size_t count = before->as.container.count;

    if (after->as.container.count != count) {
        return false;
    }
    count *= before->kind == THRIFT_KIND_MAP ? 2 : 1;
    for (size_t i = 0; i < count; i++) {
        add_task(c, tasks, &before->as.container.items[i], &after->as.container.items[i]);
    }
    return true;
}

static bool same_record(struct comparison *c, struct value_task **tasks,
                        const struct const_value *before, const struct const_value *after)
{
    if (before->as.record.count != after->as.record.count) {
        return false;
    }
    for (size_t i = 0; i < before->as.record.count; i++) {
        if (before->as.record.fields[i]->id != after->as.record.fields[i]->id) {
            return false;
        }
        add_task(c, tasks, &before->as.record.values[i], &after->as.record.values[i]);
    }
    return true;
}

/* Enums count as their numbers. */
static bool is_integer(thrift_kind kind)
{
    return kind == THRIFT_KIND_ENUM || (kind >= THRIFT_KIND_I8 && kind <= THRIFT_KIND_I64);
}

static bool same_one(struct comparison *c, struct value_task **tasks,
                     const struct const_value *before, const struct const_value *after)
{
    if (is_integer(before->kind) && is_integer(after->kind)) {
        return before->as.integer == after->as.integer;
    }
    if (before->kind != after->kind) {
        return false;
    }
    if (before->kind == THRIFT_KIND_BOOL) {
        return before->as.boolean == after->as.boolean;
    }
    if (before->kind == THRIFT_KIND_DOUBLE) {
        return memcmp(&before->as.real, &after->as.real, sizeof before->as.real) == 0;
    }
    if (before->kind == THRIFT_KIND_STRING || before->kind == THRIFT_KIND_BINARY) {
        return same_bytes(before->as.bytes, after->as.bytes);
    }
    if (before->kind == THRIFT_KIND_UUID) {
        return memcmp(before->as.uuid, after->as.uuid, sizeof before->as.uuid) == 0;
    }
    return before->kind == THRIFT_KIND_RECORD ? same_record(c, tasks, before, after)
                                              : same_container(c, tasks, before, after);
}

bool compare_values(struct comparison *c, const struct const_value *before,
                    const struct const_value *after)
{
    struct arena_mark mark = arena_mark(&c->arena);
    struct value_task *tasks = NULL;
    bool same = before == NULL && after == NULL;

    if (before != NULL && after != NULL) {
        same = true;
        add_task(c, &tasks, before, after);
    }
    while (tasks != NULL && same && c->failure == THRIFT_OK) {
        struct value_task task = *tasks;

        tasks = task.next;
        same = c->steps > 0 && same_one(c, &tasks, task.before, task.after);
        c->steps -= c->steps > 0;
    }
    arena_rewind(&c->arena, mark);
    return same;
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
