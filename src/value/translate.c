/*
 * Field by field into records of this root's schema; no recursion.
 */
#include "value/translate.h"

#include "base/stack.h"
#include "value/convert.h"
#include "value/copy.h"
#include "value/list.h"
#include "value/mapping.h"
#include "value/record.h"

#define ROOM 16

struct translate_frame {
    const thrift_type *type; /* of the new object */
    const void *from;
    void *to;
    uint32_t at; /* next child of `from` */
};

/* One child: what it was and where it goes. */
struct translate_step {
    thrift_value value;
    const thrift_type *type;
    void *slot;
    const struct layout_field *field; /* to be marked; NULL: not in a record */
};

static bool next_field(struct translate_frame *frame, struct translate_step *step)
{
    const thrift_record *from = frame->from;
    thrift_record *to = frame->to;

    while (frame->at < from->layout->field_count) {
        const struct layout_field *old = &from->layout->fields[frame->at++];
        const char *name = old->field->node.name;
        const struct layout_field *field = layout_field_named(to->layout, name, strlen(name));

        if (field != NULL && record_has(from, old)) {
            *step = (struct translate_step){
                slot_value(old->type, record_slot_const(from, old), from->root), field->type,
                record_slot(to, field), field};
            return true;
        }
    }
    return false;
}

static bool next_entry(struct translate_frame *frame, struct translate_step *step)
{
    const thrift_map *from = frame->from;
    const thrift_map *to = frame->to;
    size_t i = frame->at / 2;
    bool key = frame->at % 2 == 0;

    if (i >= from->count) {
        return false;
    }
    struct mapping_entry old = mapping_entry_of(from->type), entry = mapping_entry_of(frame->type);
    const uint8_t *at = (const uint8_t *)from->entries + i * old.size;

    frame->at++;
    step->value = slot_value(key ? from->type->key : from->type->element,
                             key ? at : at + old.value_offset, from->root);
    step->type = key ? frame->type->key : frame->type->element;
    step->slot = (uint8_t *)to->entries + i * entry.size + (key ? 0 : entry.value_offset);
    step->field = NULL;
    return true;
}

static bool next_item(struct translate_frame *frame, struct translate_step *step)
{
    const thrift_list *from = frame->from;
    const thrift_list *to = frame->to;
    size_t i = frame->at;

    if (i >= from->count) {
        return false;
    }
    frame->at++;
    step->value = slot_value(
        from->type->element,
        (const uint8_t *)from->items + i * slot_size(from->type->element->kind), from->root);
    step->type = frame->type->element;
    step->slot = (uint8_t *)to->items + i * slot_size(step->type->kind);
    step->field = NULL;
    return true;
}

static bool next_step(struct translate_frame *frame, struct translate_step *step)
{
    if (frame->type->kind == THRIFT_KIND_RECORD) {
        return next_field(frame, step);
    }
    return frame->type->kind == THRIFT_KIND_MAP ? next_entry(frame, step) : next_item(frame, step);
}

/* The new object, its slots zero until they are filled. */
static void *make_object(struct thrift_root *root, const thrift_type *type, const void *from)
{
    if (type->kind == THRIFT_KIND_RECORD) {
        return record_make(root, layout_made(type->record));
    }
    if (type->kind == THRIFT_KIND_MAP) {
        uint32_t count = ((const thrift_map *)from)->count;
        thrift_map *map = mapping_make(root, type, count);

        if (map != NULL && count > 0) {
            map->count = count;
            memset(map->entries, 0, (size_t)count * mapping_entry_of(type).size);
        }
        return map;
    }
    uint32_t count = ((const thrift_list *)from)->count;
    thrift_list *list = list_make(root, type, count);

    if (list != NULL && count > 0) {
        list->count = count;
        memset(list->items, 0, (size_t)count * slot_size(type->element->kind));
    }
    return list;
}

static thrift_status begin(struct thrift_root *root, struct stack *stack, const thrift_type *type,
                           void **object)
{
    const void *from = *object;
    void *to = make_object(root, type, from);
    struct translate_frame *frame = to != NULL ? stack_push(stack) : NULL;

    if (frame == NULL) {
        return root_no_memory(root);
    }
    *frame = (struct translate_frame){type, from, to, 0};
    *object = to;
    return THRIFT_OK;
}

static bool is_object(thrift_kind kind) { return kind >= THRIFT_KIND_RECORD; }

static thrift_status take_step(struct thrift_root *root, struct stack *stack,
                               const struct translate_step *step, thrift_record *to)
{
    union slot slot;
    thrift_status status = slot_take(step->type, step->value, &slot);

    if (status != THRIFT_OK) {
        return slot_complain(root, step->field != NULL ? step->field->field->node.name : NULL,
                             step->type, step->value, status);
    }
    status = is_object(step->type->kind) ? begin(root, stack, step->type, &slot.object)
                                         : slot_own(root, step->type, &slot);
    if (status == THRIFT_OK) {
        slot_store(step->type->kind, step->slot, &slot);
        if (step->field != NULL) {
            record_mark(to, step->field);
        }
    }
    return status;
}

thrift_status translate_object(struct thrift_root *root, const thrift_type *type, void **object)
{
    struct translate_frame room[ROOM], *frame;
    struct stack stack;
    void *copy = *object;
    thrift_status status;

    stack_init(&stack, room, sizeof room, sizeof room[0], &root->arena.allocator);
    status = begin(root, &stack, type, &copy);
    while (status == THRIFT_OK && (frame = stack_top(&stack)) != NULL) {
        struct translate_step step;

        if (next_step(frame, &step)) {
            status = take_step(root, &stack, &step, frame->to);
        } else {
            stack_pop(&stack);
        }
    }
    stack_deinit(&stack);
    if (status == THRIFT_OK) {
        *object = copy;
    }
    return status;
}
