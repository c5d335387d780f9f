/*
 * Types by what they mean on the wire: typedefs are transparent, an enum is an i32, a struct is its
 * fields.
 *
 * Two definitions of one name are compared where they stand, so a use of one for the other is "the
 * same" here. A struct that takes the place of another is compared field by field, once per pair:
 * the pairs are kept, and a pair that is being compared counts as equal (coinduction), which is
 * what makes recursive types end. Everything waits on one explicit list, nothing recurses.
 */
#include "base/text.h"
#include "schema/compat.h"
#include "schema/print.h"

enum pair_verdict { PAIR_OPEN, PAIR_EQUAL, PAIR_DIFFERENT };

struct pair_key {
    const void *before, *after;
};

struct pair_state {
    struct pair_key key;
    enum pair_verdict verdict;
    uint32_t run; /* the comparison that looked at it last */
    struct pair_state *next_of_run;
};

struct type_task {
    const thrift_type *before, *after;
    struct pair_state *owner; /* the struct pair whose field this is; NULL: the question itself */
    struct type_task *next;
};

struct type_question {
    struct comparison *c;
    struct type_task *tasks;
    struct pair_state *seen;
    enum type_difference worst;
};

static void out_of_memory(struct comparison *c)
{
    if (c->failure == THRIFT_OK) {
        c->failure = THRIFT_E_NOMEM;
    }
}

static void add_task(struct type_question *q, struct pair_state *owner, const thrift_type *before,
                     const thrift_type *after)
{
    struct type_task *task = q->c->free_tasks;

    if (task != NULL) {
        q->c->free_tasks = task->next;
    } else if ((task = arena_alloc(&q->c->arena, sizeof *task)) == NULL) {
        out_of_memory(q->c);
        return;
    }
    *task = (struct type_task){before, after, owner, q->tasks};
    q->tasks = task;
}

/* The pair's state; a new one when it was not met before. NULL: no memory. */
static struct pair_state *pair_of(struct comparison *c, const void *before, const void *after)
{
    struct pair_key key = {before, after};
    struct pair_state *state = name_map_get(&c->pairs, (const char *)&key, sizeof key);

    if (state == NULL) {
        state = arena_alloc_zero(&c->arena, sizeof *state);
        if (state == NULL) {
            out_of_memory(c);
            return NULL;
        }
        state->key = key;
        if (name_map_add(&c->pairs, (const char *)&state->key, sizeof state->key, state) == NULL) {
            out_of_memory(c);
            return NULL;
        }
    }
    return state;
}

/* Every number of the old enum has the same name in the new one. */
static bool enum_is_extended(struct comparison *c, const thrift_enum *before,
                             const thrift_enum *after)
{
    struct pair_state *pair = pair_of(c, before, after);

    if (pair == NULL) {
        return false;
    }
    if (pair->verdict == PAIR_OPEN) {
        pair->verdict = PAIR_EQUAL;
        for (size_t i = 0; i < before->symbol_count; i++) {
            const thrift_symbol *old = &before->symbols[i];
            const thrift_symbol *now = thrift_enum_symbol(after, old->node.name);

            if (now == NULL || now->number != old->number) {
                pair->verdict = PAIR_DIFFERENT;
                break;
            }
        }
    }
    return pair->verdict == PAIR_EQUAL;
}

static enum type_difference compare_enum_use(struct comparison *c, const thrift_enum *before,
                                             const thrift_enum *after)
{
    if (comparison_counterpart(c, &before->node) == &after->node) {
        return TYPE_SAME;
    }
    return enum_is_extended(c, before, after) ? TYPE_RENAMED : TYPE_DIFFERENT;
}

static bool is_required(const thrift_field *field)
{
    return field->requiredness == THRIFT_FIELD_REQUIRED;
}

/* Same ids with the same names, types and requiredness; new fields may be left out. */
static bool add_field_tasks(struct type_question *q, struct pair_state *pair,
                            const thrift_struct *before, const thrift_struct *after)
{
    for (uint32_t i = 0; i < before->field_count; i++) {
        const thrift_field *old = &before->fields[i];
        const thrift_field *now = thrift_struct_field_by_id(after, old->id);

        if (now == NULL || strcmp(old->node.name, now->node.name) != 0 ||
            is_required(old) != is_required(now)) {
            return false;
        }
        add_task(q, pair, old->type, now->type);
    }
    for (uint32_t i = 0; i < after->field_count; i++) {
        const thrift_field *now = &after->fields[i];

        if (is_required(now) && thrift_struct_field_by_id(before, now->id) == NULL) {
            return false;
        }
    }
    return true;
}

static enum type_difference compare_struct_use(struct type_question *q, const thrift_struct *before,
                                               const thrift_struct *after)
{
    struct comparison *c = q->c;
    struct pair_state *pair;

    if (comparison_counterpart(c, &before->node) == &after->node) {
        return TYPE_SAME;
    }
    if ((before->node.kind == THRIFT_NODE_UNION) != (after->node.kind == THRIFT_NODE_UNION)) {
        return TYPE_DIFFERENT;
    }
    pair = pair_of(c, before, after);
    if (pair == NULL || pair->verdict == PAIR_DIFFERENT) {
        return TYPE_DIFFERENT;
    }
    if (pair->verdict == PAIR_EQUAL || pair->run == c->pair_run) {
        return TYPE_RENAMED;
    }
    pair->run = c->pair_run;
    pair->next_of_run = q->seen;
    q->seen = pair;
    c->steps -= c->steps > before->field_count ? before->field_count : c->steps;
    c->steps -= c->steps > after->field_count ? after->field_count : c->steps;
    if (c->steps == 0 || !add_field_tasks(q, pair, before, after)) {
        pair->verdict = PAIR_DIFFERENT;
        return TYPE_DIFFERENT;
    }
    return TYPE_RENAMED;
}

static bool is_kind(const thrift_type *type, thrift_kind kind) { return type->kind == kind; }

/* i32 for an enum, binary for a string, or the other way round. */
static bool shares_bytes(const thrift_type *a, const thrift_type *b)
{
    return (is_kind(a, THRIFT_KIND_ENUM) && is_kind(b, THRIFT_KIND_I32)) ||
           (is_kind(a, THRIFT_KIND_STRING) && is_kind(b, THRIFT_KIND_BINARY));
}

static enum type_difference compare_one(struct type_question *q, const struct type_task *task)
{
    const thrift_type *before = task->before, *after = task->after;

    if (before == NULL || after == NULL) {
        return before == after ? TYPE_SAME : TYPE_DIFFERENT;
    }
    if (before->kind != after->kind) {
        return shares_bytes(before, after) || shares_bytes(after, before) ? TYPE_REPRESENTED
                                                                          : TYPE_DIFFERENT;
    }
    if (is_kind(before, THRIFT_KIND_ENUM)) {
        return compare_enum_use(q->c, before->symbols, after->symbols);
    }
    if (is_kind(before, THRIFT_KIND_RECORD)) {
        return compare_struct_use(q, before->record, after->record);
    }
    if (is_kind(before, THRIFT_KIND_MAP)) {
        add_task(q, task->owner, before->key, after->key);
    }
    if (before->element != NULL && after->element != NULL) {
        add_task(q, task->owner, before->element, after->element);
    }
    return TYPE_SAME;
}

/* The structs in which the difference lies, where it does not show in the types themselves. */
static void explain(struct comparison *c, const struct type_task *task)
{
    const thrift_type *before = task->before, *after = task->after;

    if (before != NULL && after != NULL && is_kind(before, THRIFT_KIND_RECORD) &&
        is_kind(after, THRIFT_KIND_RECORD)) {
        c->differing[0] = before->record;
        c->differing[1] = after->record;
    } else if (task->owner != NULL) {
        c->differing[0] = task->owner->key.before;
        c->differing[1] = task->owner->key.after;
    }
}

static void do_task(struct type_question *q, const struct type_task *task)
{
    enum type_difference difference = TYPE_DIFFERENT;

    if (q->c->steps > 0) {
        q->c->steps--;
        difference = compare_one(q, task);
    }
    if (difference > q->worst) {
        q->worst = difference;
    }
    if (difference == TYPE_DIFFERENT && task->owner != NULL) {
        task->owner->verdict = PAIR_DIFFERENT;
    }
    if (difference == TYPE_DIFFERENT) {
        explain(q->c, task);
    }
}

/* Nothing differed: what was assumed of every pair on the way is now known. */
static void settle(const struct type_question *q)
{
    for (struct pair_state *pair = q->seen; pair != NULL; pair = pair->next_of_run) {
        pair->verdict = PAIR_EQUAL;
    }
}

enum type_difference compare_types(struct comparison *c, const thrift_type *before,
                                   const thrift_type *after)
{
    struct type_question q = {.c = c, .worst = TYPE_SAME};

    if (before != NULL && after != NULL && before->depth == 1 && after->kind == before->kind &&
        before->kind < THRIFT_KIND_ENUM) {
        return TYPE_SAME;
    }
    c->pair_run++;
    c->differing[0] = c->differing[1] = NULL;
    add_task(&q, NULL, before, after);
    while (q.tasks != NULL && c->failure == THRIFT_OK) {
        struct type_task *task = q.tasks;

        q.tasks = task->next;
        if (q.worst != TYPE_DIFFERENT) {
            do_task(&q, task);
        }
        task->next = c->free_tasks;
        c->free_tasks = task;
    }
    if (q.worst != TYPE_DIFFERENT) {
        settle(&q);
    }
    return q.worst;
}

#define TYPE_TEXT_SIZE 120

const char *compare_type_text(struct comparison *c, thrift_buffer *out, const thrift_type *type)
{
    const char *text = NULL;

    out->size = 0;
    if (print_type(
            out, type,
            &(const struct print_type_style){.resolved = true, .max_size = TYPE_TEXT_SIZE})) {
        text = text_end(out);
    }
    if (text == NULL) {
        out_of_memory(c);
        return "";
    }
    return text;
}
