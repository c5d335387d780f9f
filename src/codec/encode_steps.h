/*
 * The steps of encoding that are the same in every protocol, inlined into each protocol's loop. As
 * in decode_steps.h, a struct encode_state and a struct encode_value are locals of the loop, kept
 * in registers, and what is not inlined finds the state in the encoder.
 */
#ifndef CODEC_ENCODE_STEPS_H
#define CODEC_ENCODE_STEPS_H

#include "base/inline.h"
#include "codec/encode.h"

/* What comes next. */
enum encode_step {
    STEP_FIELD,     /* `op` of the open struct, or its stop */
    STEP_OTHER,     /* not simply there: a field that is not set, far, or the stop */
    STEP_MATCHED,   /* `op`, set or not */
    STEP_RECORD,    /* a struct */
    STEP_CONTAINER, /* a list, set or map */
    STEP_VALUE_END, /* behind a value that opened no frame */
    STEP_ELEMENT,   /* of the open container */
    STEP_CLOSE,     /* the innermost frame is done */
    STEP_DONE,
    STEP_FAILED
};

/* What is to be written next: the value of `type` at `slot`. */
struct encode_value {
    const struct plan_type *type;
    const uint8_t *slot;
};

/* As in decode_steps.h. */
ALWAYS_INLINE void step_copy_state(struct encode_state *to, const struct encode_state *from)
{
    to->to = from->to;
    to->full = from->full;
    to->frame = from->frame;
    to->op = from->op;
    to->base = from->base;
    to->has = from->has;
    to->last_id = from->last_id;
}

/* `result` of a call that is not inlined. */
#define STEP_ASIDE(encoder, s, result, call)                                                       \
    do {                                                                                           \
        step_copy_state(&(encoder)->state, s);                                                     \
        (result) = (call);                                                                         \
        step_copy_state(s, &(encoder)->state);                                                     \
    } while (0)

/* ---- room ---- */

/* Room for `size` bytes and then ENCODE_ROOM; the state is the encoder's. */
NEVER_INLINE bool step_grow(struct encoder *encoder, size_t size)
{
    struct encode_state *s = &encoder->state;
    uint8_t *grown = encode_grow(encoder, s->to, size + ENCODE_ROOM);

    if (grown == NULL) {
        return false;
    }
    s->to = grown;
    s->full = encoder->out->data + encoder->out->capacity - ENCODE_ROOM;
    return true;
}

/* Room for ENCODE_ROOM bytes. */
ALWAYS_INLINE bool step_room(struct encoder *encoder, struct encode_state *s)
{
    bool good = true;

    if (RARELY(s->to > s->full)) {
        STEP_ASIDE(encoder, s, good, step_grow(encoder, 0));
    }
    return good;
}

/* The same behind `size` bytes that are to be written first. */
ALWAYS_INLINE bool step_room_behind(struct encoder *encoder, struct encode_state *s, size_t size)
{
    bool good = true;

    if (RARELY(s->to > s->full || size > (size_t)(s->full - s->to))) {
        STEP_ASIDE(encoder, s, good, step_grow(encoder, size));
    }
    return good;
}

ALWAYS_INLINE const void *step_object(const void *slot)
{
    const void *object;

    memcpy(&object, slot, sizeof object);
    return object;
}

/* Strings of records stand in arenas, where BYTES_PAIR bytes may be read behind each. Most are no
 * longer: all of these take the same way, since what no branch depends on is never mispredicted. */
ALWAYS_INLINE uint8_t *step_short_bytes(uint8_t *to, const uint8_t *from, size_t size)
{
    if (RARELY(size == 0)) { /* it may point anywhere */
        return to;
    }
    bytes_copy_pair(to, from);
    for (size_t i = BYTES_PAIR; RARELY(i < size); i += BYTES_VECTOR) {
        memcpy(to + i, from + i, BYTES_VECTOR);
    }
    return to + size;
}

/* ---- frames ---- */

ALWAYS_INLINE bool step_open(struct encoder *encoder, struct encode_state *s)
{
    struct encode_frame *frame = s->frame;

    if (RARELY(frame >= encoder->last_frame)) {
        return encode_too_deep(encoder);
    }
    frame->op = s->op; /* of a container needlessly, but to ask would take longer */
    frame->has = s->has;
    frame->last_id = s->last_id;
    s->frame = frame + 1;
    return true;
}

ALWAYS_INLINE enum encode_step step_close(const struct encoder *encoder, struct encode_state *s)
{
    const struct encode_frame *frame;

    if (s->frame == encoder->frames) {
        return STEP_DONE;
    }
    frame = --s->frame;
    if (frame->plan == NULL) {
        return STEP_ELEMENT;
    }
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
ALWAYS_INLINE void step_enter(const struct encoder *encoder, struct encode_state *s,
                              const struct plan *plan, const uint8_t *base)
{
    const thrift_record *record = (const thrift_record *)(const void *)base;
    struct encode_frame *frame = s->frame;

    frame->plan = plan;
    s->base = frame->base = base;
    s->op = plan->ops;
    s->last_id = 0;
    memcpy(&s->has, base + plan->has_offset, sizeof s->has);
    frame->unknown_count = 0;
    frame->careful = false;
    if (RARELY(plan->tagged || encoder->policy->write_optional ||
               encode_has_unknown(record->root))) {
        s->has = 0;
        frame->careful = true;
        frame->unknown = unknown_of(record, &frame->unknown_count);
    }
}

/* Whether what is flat may be written without frames: it may nest. encode_flat.h. */
ALWAYS_INLINE bool step_may_be_flat(const struct encoder *encoder, const struct encode_state *s)
{
    return s->frame + 2 < encoder->last_frame && !encoder->policy->write_optional;
}

ALWAYS_INLINE enum encode_step step_record(struct encoder *encoder, struct encode_state *s,
                                           const struct plan *plan, const uint8_t *object)
{
    if (!step_open(encoder, s)) {
        return STEP_FAILED;
    }
    step_enter(encoder, s, plan, object);
    return STEP_FIELD;
}

/* ---- containers ---- */

/* Opens the frame of a container, `done` of whose elements are written. */
ALWAYS_INLINE bool step_open_container(struct encoder *encoder, struct encode_state *s,
                                       const struct plan_type *type, const uint8_t *storage,
                                       uint32_t count, uint32_t done)
{
    bool is_list = type->code == PLAN_LIST;

    if (!step_open(encoder, s)) {
        return false;
    }
    s->frame->plan = NULL;
    s->frame->type = type;
    s->frame->slot = storage + (size_t)done * (is_list ? type->element->size : type->entry_size);
    s->frame->count = count;
    s->frame->left = is_list ? count - done : 2 * (count - done);
    return true;
}

/* The next element, key or value. The caller knows that one is left. */
ALWAYS_INLINE struct encode_value step_next_element(struct encode_frame *frame)
{
    const struct plan_type *type = frame->type;
    struct encode_value v = {type->element, frame->slot};

    frame->left -= 1;
    if (type->code == PLAN_LIST) {
        frame->slot += type->element->size;
    } else if ((frame->left & 1) != 0) {
        v.type = type->key;
    } else {
        v.slot += type->value_offset;
        frame->slot += type->entry_size;
    }
    return v;
}

#endif
