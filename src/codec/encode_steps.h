/*
 * The steps of encoding that are the same in every protocol, inlined into each protocol's loop. As
 * in decode_steps.h, a struct encode_state is a local of the loop, kept in registers.
 */
#ifndef CODEC_ENCODE_STEPS_H
#define CODEC_ENCODE_STEPS_H

#include "codec/encode.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define RARELY(condition) __builtin_expect((condition), 0)

/* What comes next. */
enum encode_step {
    STEP_FIELD,     /* `op` of the open struct, or its stop */
    STEP_RECORD,    /* a struct of `type` at `slot` */
    STEP_CONTAINER, /* a list, set or map of `type` at `slot` */
    STEP_VALUE_END, /* behind a value that opened no frame */
    STEP_ELEMENT,   /* of the open container */
    STEP_CLOSE,     /* the innermost frame is done */
    STEP_DONE,
    STEP_FAILED
};

struct encode_state {
    uint8_t *to, *limit; /* the room in the buffer */
    struct encode_frame *frame;
    const struct plan *plan;
    const struct plan_op *op, *end;
    const uint8_t *base;
    uint64_t has;
    int16_t last_id;
    const struct unknown_field *unknown; /* kept fields to be written yet, in order of arrival */
    size_t unknown_count;
    const struct plan_type *type;
    const uint8_t *slot;
    uint32_t depth, depth_most;
};

/* Room for `size` more bytes. */
ALWAYS_INLINE bool step_room(struct encoder *encoder, struct encode_state *s, size_t size)
{
    if (RARELY((size_t)(s->limit - s->to) < size)) {
        uint8_t *grown = encode_grow(encoder, s->to, size);

        if (grown == NULL) {
            return false;
        }
        s->to = grown;
        s->limit = encoder->out->data + encoder->out->capacity;
    }
    return true;
}

ALWAYS_INLINE const void *step_object(const void *slot)
{
    const void *object;

    memcpy(&object, slot, sizeof object);
    return object;
}

/* Strings of records stand in arenas, where ARENA_SLOP bytes may be read behind each: short ones
 * are copied as whole vectors, for which there is room. */
ALWAYS_INLINE uint8_t *step_bytes(uint8_t *to, const uint8_t *from, size_t size)
{
    if (size - 1 < 32) {
        memcpy(to, from, 16);
        if (size > 16) {
            memcpy(to + 16, from + 16, 16);
        }
    } else if (size > 0) {
        memcpy(to, from, size);
    }
    return to + size;
}

/* ---- frames ---- */

ALWAYS_INLINE bool step_open(struct encoder *encoder, struct encode_state *s)
{
    struct encode_frame *frame = s->frame;

    if (RARELY(s->depth >= s->depth_most)) {
        return encode_too_deep(encoder);
    }
    if (frame->plan != NULL) {
        frame->op = s->op;
        frame->has = s->has;
        frame->last_id = s->last_id;
        frame->unknown = s->unknown;
        frame->unknown_count = s->unknown_count;
    }
    s->depth += 1;
    s->frame = frame + 1;
    return true;
}

ALWAYS_INLINE enum encode_step step_close(struct encode_state *s)
{
    const struct encode_frame *frame = --s->frame;

    s->depth -= 1;
    if (frame->plan == NULL) {
        return STEP_ELEMENT;
    }
    s->plan = frame->plan;
    s->base = frame->base;
    s->op = frame->op + 1;
    s->end = s->plan->ops + s->plan->op_count;
    s->has = frame->has;
    s->last_id = frame->last_id;
    s->unknown = frame->unknown;
    s->unknown_count = frame->unknown_count;
    return STEP_FIELD;
}

ALWAYS_INLINE enum encode_step step_value_end(struct encode_state *s)
{
    if (s->frame->plan == NULL) {
        return STEP_ELEMENT;
    }
    s->op += 1;
    return STEP_FIELD;
}

/* ---- structs ---- */

ALWAYS_INLINE void step_unknown(struct encode_state *s)
{
    const thrift_record *record = (const thrift_record *)(const void *)s->base;

    s->unknown_count = 0;
    if (RARELY(record->root != NULL && record->root->unknown != NULL)) {
        s->unknown = unknown_of(record, &s->frame->unknown_count);
        s->unknown_count = s->frame->unknown_count;
    }
}

ALWAYS_INLINE uint64_t step_presence(const struct plan *plan, const uint8_t *base)
{
    uint64_t has;

    if (plan->tagged) {
        return 0;
    }
    memcpy(&has, base + plan->layout->has_offset, sizeof has);
    return has;
}

ALWAYS_INLINE enum encode_step step_record(struct encoder *encoder, struct encode_state *s,
                                           const uint8_t *object)
{
    const struct plan *plan = s->type->record;

    if (!step_open(encoder, s)) {
        return STEP_FAILED;
    }
    s->plan = s->frame->plan = plan;
    s->base = s->frame->base = object;
    s->op = plan->ops;
    s->end = plan->ops + plan->op_count;
    s->has = step_presence(plan, object);
    s->last_id = 0;
    step_unknown(s);
    return STEP_FIELD;
}

/* The next field that is written becomes `op`; `end` when there is none. false: failed. */
ALWAYS_INLINE bool step_next_field(struct encoder *encoder, struct encode_state *s)
{
    for (; s->op < s->end; s->op++) {
        const struct plan_op *op = s->op;

        if ((s->has & op->has) != 0 || (op->has == 0 && encode_has_far(s->plan, op, s->base))) {
            return true;
        }
        if (op->requiredness == THRIFT_FIELD_OPTIONAL || s->plan->tagged) {
            continue;
        }
        if (RARELY(op->requiredness == THRIFT_FIELD_REQUIRED)) {
            return encode_missing(encoder, op);
        }
        /* A union never set has nothing that could be written. */
        if (!encoder->policy->no_defaults &&
            (op->code != PLAN_RECORD || !op->type->record->tagged ||
             step_object(s->base + op->offset) != NULL)) {
            return true;
        }
    }
    return true;
}

/* ---- containers ---- */

ALWAYS_INLINE bool step_open_container(struct encoder *encoder, struct encode_state *s,
                                       const uint8_t *storage, uint32_t count)
{
    const struct plan_type *type = s->type;

    if (!step_open(encoder, s)) {
        return false;
    }
    s->frame->plan = NULL;
    s->frame->type = type;
    s->frame->slot = storage;
    s->frame->count = count;
    s->frame->left = type->code == PLAN_LIST ? count : 2 * count;
    return true;
}

/* Sets `type` and `slot` to the next element, key or value. The caller knows that one is left. */
ALWAYS_INLINE void step_next_element(struct encode_state *s)
{
    struct encode_frame *frame = s->frame;
    const struct plan_type *type = frame->type;

    s->slot = frame->slot;
    frame->left -= 1;
    if (type->code == PLAN_LIST) {
        s->type = type->element;
        frame->slot += type->element->size;
    } else if ((frame->left & 1) != 0) {
        s->type = type->key;
    } else {
        s->type = type->element;
        s->slot += type->value_offset;
        frame->slot += type->entry_size;
    }
}

#endif
