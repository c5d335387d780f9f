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
    const struct plan_op *op;
    const uint8_t *base;
    /* Presence of the fields that can be written without a further look: of none in a union, and
     * where unknown fields stand between the known. */
    uint64_t has;
    int16_t last_id;
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
    s->has = frame->has;
    s->last_id = frame->last_id;
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

/* The struct at `base` becomes what is written, from its first field on. */
ALWAYS_INLINE void step_enter(struct encode_state *s, const struct plan *plan, const uint8_t *base)
{
    const thrift_record *record = (const thrift_record *)(const void *)base;
    struct encode_frame *frame = s->frame;

    s->plan = frame->plan = plan;
    s->base = frame->base = base;
    s->op = plan->ops;
    s->last_id = 0;
    memcpy(&s->has, base + plan->has_offset, sizeof s->has);
    frame->unknown_count = 0;
    if (RARELY(plan->tagged || (record->root != NULL && record->root->unknown != NULL))) {
        s->has = 0;
        frame->unknown = unknown_of(record, &frame->unknown_count);
    }
}

ALWAYS_INLINE enum encode_step step_record(struct encoder *encoder, struct encode_state *s,
                                           const uint8_t *object)
{
    const struct plan *plan = s->type->record;

    if (!step_open(encoder, s)) {
        return STEP_FAILED;
    }
    step_enter(s, plan, object);
    return STEP_FIELD;
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
