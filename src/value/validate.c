/*
 * Validating: depth first, without recursion; each field's rules when its record is reached. A
 * struct whose field says vt.skip is not entered.
 */
#include "value/validate.h"

#include <string.h>

#include "base/error.h"
#include "base/stack.h"
#include "value/object.h"
#include "value/rule.h"

#define ROOM 16

struct frame {
    const thrift_type *type;
    const void *object;
    uint32_t at, count;
};

/* "elem.", "key." or "value." at the begin of a rule's name; `*rest` is what is behind it. */
static const thrift_type *part_of(const thrift_type *type, const char *name, const char **rest,
                                  uint32_t *first, uint32_t *step)
{
    const bool map = type->kind == THRIFT_KIND_MAP;
    size_t size = strncmp(name, "elem.", 5) == 0    ? 5
                  : strncmp(name, "key.", 4) == 0   ? 4
                  : strncmp(name, "value.", 6) == 0 ? 6
                                                    : 0;

    if (size == 0 || !(map ? size != 5 : kind_is_list(type->kind) && size == 5)) {
        return NULL;
    }
    *rest = name + size;
    *first = size == 6;
    *step = map ? 2 : 1;
    return size == 4 ? type->key : type->element;
}

/* One rule on a value or, behind "elem.", on all in it. Goes as deep as the rule's name says. */
static thrift_status apply(const struct annotation *rules, uint32_t count, uint32_t i,
                           const char *name, const thrift_type *type, const void *slot,
                           thrift_error *err)
{
    uint32_t first, step;
    const char *rest;
    const thrift_type *part = part_of(type, name, &rest, &first, &step), *same;
    thrift_status status = THRIFT_OK;

    if (part == NULL) {
        return rule_check(rules, count, i, name, type, slot, err);
    }
    for (uint32_t k = first; status == THRIFT_OK && k < object_count(type, slot_object(slot));
         k += step) {
        status = apply(rules, count, i, rest, part, object_child(type, slot_object(slot), k, &same),
                       err);
        if (status != THRIFT_OK) {
            object_prepend_path(type, slot_object(slot), k, err);
        }
    }
    return status;
}

static bool is_true(const struct annotation *rule, const char *name)
{
    return rule_name(rule) != NULL && strcmp(rule_name(rule), name) == 0 &&
           strcmp(rule->value, "true") == 0;
}

static thrift_status check_field(const thrift_record *record, const struct layout_field *field,
                                 const void *slot, thrift_error *err)
{
    const thrift_node *node = &field->field->node;

    for (uint32_t i = 0; i < node->annotation_count; i++) {
        const struct annotation *rule = &node->annotations[i];
        const char *name = rule_name(rule);
        thrift_status status = THRIFT_OK;

        if (name == NULL || strcmp(name, "skip") == 0) {
            continue;
        }
        if (is_true(rule, "not_nil") && !record_has(record, field)) {
            status = FAIL(err, THRIFT_E_REQUIRED, "vt.not_nil, and not set");
        } else if (slot != NULL) {
            status =
                apply(node->annotations, node->annotation_count, i, name, field->type, slot, err);
        }
        if (status != THRIFT_OK) {
            return status;
        }
    }
    return THRIFT_OK;
}

static bool is_skipped(const thrift_node *node)
{
    for (uint32_t i = 0; i < node->annotation_count; i++) {
        if (is_true(&node->annotations[i], "skip")) {
            return true;
        }
    }
    return false;
}

static thrift_status push(struct stack *stack, const thrift_type *type, const void *object,
                          thrift_error *err)
{
    struct frame *frame = stack_push(stack);

    if (frame == NULL) {
        return FAIL_NOMEM(err);
    }
    *frame = (struct frame){type, object, 0, object_count(type, object)};
    return THRIFT_OK;
}

static thrift_status visit(struct stack *stack, struct frame from, thrift_error *err)
{
    const thrift_type *type;
    const void *slot = object_child(from.type, from.object, from.at, &type);
    thrift_status status = THRIFT_OK;
    bool skipped = false;

    if (from.type->kind == THRIFT_KIND_RECORD) {
        const thrift_record *record = from.object;
        const struct layout_field *field = &record->layout->fields[from.at];

        status = check_field(record, field, slot, err);
        skipped = is_skipped(&field->field->node);
    }
    if (status != THRIFT_OK || skipped || slot == NULL || !kind_is_object(type->kind) ||
        slot_object(slot) == NULL) {
        return status;
    }
    return push(stack, type, slot_object(slot), err);
}

static void set_path(const struct stack *stack, thrift_error *err)
{
    for (size_t i = stack->count; i-- > 0;) {
        const struct frame *frame = stack_at(stack, i);

        if (frame->at > 0) {
            object_prepend_path(frame->type, frame->object, frame->at - 1, err);
        }
    }
}

thrift_status validate_record(const thrift_record *record, thrift_error *err)
{
    struct frame room[ROOM], *frame;
    struct stack stack;
    thrift_status status;

    stack_init(&stack, room, sizeof room, sizeof room[0],
               record->root != NULL ? &record->root->arena.allocator : NULL);
    status = push(&stack, &record_type_of_any, record, err);
    while (status == THRIFT_OK && (frame = stack_top(&stack)) != NULL) {
        if (frame->at == frame->count) {
            stack_pop(&stack);
        } else {
            struct frame from = *frame;

            frame->at++;
            status = visit(&stack, from, err);
        }
    }
    if (status != THRIFT_OK) {
        set_path(&stack, err);
    }
    stack_deinit(&stack);
    return status;
}
