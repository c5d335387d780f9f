/*
 * Checking a record as a whole: the first mistake made with its root, then what a reader would
 * refuse. Depth first, without recursion; the first finding ends it.
 */
#include "base/stack.h"
#include "schema/lookup.h"
#include "value/object.h"

#define ROOM 16

struct frame {
    const thrift_type *type;
    const void *object;
    uint32_t at, count;
};

static thrift_status missing(thrift_error *err, const struct layout *layout, uint32_t slot)
{
    const char *name = layout->fields[slot].field->node.name;
    thrift_status status = FAIL(err, THRIFT_E_REQUIRED, "required field %s of %s is not set", name,
                                layout->type->full_name);

    error_set_source(err, name);
    return status;
}

/* The first of `lacking`, whose bits are required fields of one presence word. */
static uint32_t first_slot(uint32_t word, uint64_t lacking)
{
    return word * 64 + (uint32_t)__builtin_ctzll(lacking);
}

static thrift_status check_required(const thrift_record *record, thrift_error *err)
{
    const struct layout *layout = record->layout;

    for (uint32_t i = 0; i < layout->has_words; i++) {
        uint64_t lacking = layout->required[i] & ~record_presence_const(record)[i];

        if (lacking != 0) {
            return missing(err, layout, first_slot(i, lacking));
        }
    }
    return THRIFT_OK;
}

static bool is_empty_union(const thrift_record *record)
{
    return record->layout->tagged && record_tag_const(record) == 0;
}

static thrift_status enter(struct stack *stack, const thrift_type *type, const void *object,
                           thrift_error *err)
{
    struct frame *frame;

    if (type->kind == THRIFT_KIND_RECORD) {
        const thrift_record *record = object;
        thrift_status status = check_required(record, err);

        if (status != THRIFT_OK) {
            return status;
        }
        if (is_empty_union(record)) {
            return FAIL(err, THRIFT_E_CORRUPT, "no member of union %s is set",
                        record->layout->type->full_name);
        }
    }
    frame = stack_push(stack);
    if (frame == NULL) {
        return FAIL_NOMEM(err);
    }
    *frame = (struct frame){type, object, 0, object_count(type, object)};
    return THRIFT_OK;
}

/* A struct that was never set is written without fields: it must not require any. */
static thrift_status check_absent(const struct layout_field *field, thrift_error *err)
{
    const struct layout *layout;

    if (field->kind != THRIFT_KIND_RECORD || field->field->requiredness != THRIFT_FIELD_DEFAULT) {
        return THRIFT_OK;
    }
    layout = layout_made(field->type->record);
    return check_required(layout->shared_empty, err);
}

static thrift_status check_enum(const thrift_type *type, int32_t number, thrift_error *err)
{
    return enum_find_number(type->symbols, number) != NULL
               ? THRIFT_OK
               : FAIL(err, THRIFT_E_RANGE, "%d is no symbol of %s", (int)number,
                      type->symbols->full_name);
}

/* Nothing can be wrong with what stands in such a slot. */
static bool is_plain(const thrift_type *type)
{
    return !kind_is_object(type->kind) && type->kind != THRIFT_KIND_ENUM;
}

static thrift_status check_child(struct stack *stack, const struct frame *frame, uint32_t i,
                                 thrift_error *err)
{
    const thrift_type *type;
    const void *slot = object_child(frame->type, frame->object, i, &type);

    if (frame->type->kind == THRIFT_KIND_RECORD) {
        const thrift_record *record = frame->object;
        const struct layout_field *field = &record->layout->fields[i];

        if (slot == NULL) {
            return record->layout->tagged ? THRIFT_OK : check_absent(field, err);
        }
        if (!record_has(record, field)) {
            return THRIFT_OK;
        }
        if (field->kind == THRIFT_KIND_RECORD && is_empty_union(slot_object(slot)) &&
            field->field->requiredness != THRIFT_FIELD_REQUIRED && !record->layout->tagged) {
            return THRIFT_OK; /* left out when written */
        }
    }
    if (type->kind == THRIFT_KIND_ENUM) {
        return check_enum(type, *(const int32_t *)slot, err);
    }
    return is_plain(type) ? THRIFT_OK : enter(stack, type, slot_object(slot), err);
}

/* Where it was: the path from the top record to the child that each frame stands at. */
static void set_path(const struct stack *stack, thrift_error *err)
{
    for (size_t i = stack->count; i-- > 0;) {
        const struct frame *frame = stack_at(stack, i);

        if (frame->at > 0) {
            object_prepend_path(frame->type, frame->object, frame->at - 1, err);
        }
    }
}

static bool may_skip(const struct frame *frame)
{
    return kind_is_list(frame->type->kind) && is_plain(frame->type->element);
}

static thrift_status check_values(const thrift_record *record, thrift_error *err)
{
    struct frame room[ROOM], *frame;
    struct stack stack;
    thrift_status status;

    stack_init(&stack, room, sizeof room, sizeof room[0],
               record->root != NULL ? &record->root->arena.allocator : NULL);
    status = enter(&stack, &record_type_of_any, record, err);
    while (status == THRIFT_OK && (frame = stack_top(&stack)) != NULL) {
        if (frame->at == frame->count || may_skip(frame)) {
            stack_pop(&stack);
        } else {
            status = check_child(&stack, &(struct frame){frame->type, frame->object, 0, 0},
                                 frame->at++, err);
        }
    }
    if (status != THRIFT_OK) {
        set_path(&stack, err);
    }
    stack_deinit(&stack);
    return status;
}

thrift_status thrift_check(const thrift_record *record, thrift_error *err)
{
    thrift_status status;

    if (record == NULL) {
        return THRIFT_E_ARGUMENT;
    }
    status = record->root != NULL ? root_first_mistake(record->root, err) : THRIFT_OK;
    return status != THRIFT_OK ? status : check_values(record, err);
}
