/*
 * The steps of encoding native structs that are the same in both protocols, inlined into each loop.
 * As in encode_steps.h, a struct native_encode_state and a struct native_value are locals of the
 * loop, kept in registers, and what is not inlined finds the state in the encoder.
 */
#ifndef CODEC_NATIVE_ENCODE_STEPS_H
#define CODEC_NATIVE_ENCODE_STEPS_H

#include <string.h>

#include "base/inline.h"
#include "codec/native_encode.h"

/* What comes next. */
enum native_step {
    NATIVE_FIELD,     /* `op` of the open struct, or its stop */
    NATIVE_OTHER,     /* a field that is absent, or the stop */
    NATIVE_RECORD,    /* a struct */
    NATIVE_CONTAINER, /* an array */
    NATIVE_VALUE_END, /* behind a value that opened no frame */
    NATIVE_ELEMENT,   /* of the open array */
    NATIVE_CLOSE,     /* the innermost frame is done */
    NATIVE_DONE,
    NATIVE_FAILED
};

/* What is to be written next: the value of `type`, which has its offset in `owner`: a struct, an
 * item or an entry. */
struct native_value {
    const struct native_type *type;
    const uint8_t *owner;
};

/* What changes of a state, one by one: see decode_steps.h. */
ALWAYS_INLINE void native_copy_state(struct native_encode_state *to,
                                     const struct native_encode_state *from)
{
    to->to = from->to;
    to->full = from->full;
    to->frame = from->frame;
    to->op = from->op;
    to->base = from->base;
    to->last_id = from->last_id;
}

/* `result` of a call that is not inlined. */
#define NATIVE_ASIDE(encoder, s, result, call)                                                     \
    do {                                                                                           \
        native_copy_state(&(encoder)->state, s);                                                   \
        (result) = (call);                                                                         \
        native_copy_state(s, &(encoder)->state);                                                   \
    } while (0)

/* ---- room ---- */

/* Room for NATIVE_ROOM bytes. */
ALWAYS_INLINE bool native_room(struct native_encoder *encoder, struct native_encode_state *s)
{
    bool good = true;

    if (RARELY(s->to > s->full)) {
        NATIVE_ASIDE(encoder, s, good, native_encode_grow(encoder, 0));
    }
    return good;
}

/* The same behind `size` bytes that are to be written first. */
ALWAYS_INLINE bool native_room_behind(struct native_encoder *encoder, struct native_encode_state *s,
                                      size_t size)
{
    bool good = true;

    if (RARELY(s->to > s->full || size > (size_t)(s->full - s->to))) {
        NATIVE_ASIDE(encoder, s, good, native_encode_grow(encoder, size));
    }
    return good;
}

ALWAYS_INLINE const uint8_t *native_pointer(const uint8_t *place)
{
    const uint8_t *pointer;

    memcpy(&pointer, place, sizeof pointer);
    return pointer;
}

/* The bytes of a string; those of a NULL pointer are none. */
ALWAYS_INLINE thrift_bytes native_string(uint8_t code, const struct native_type *type,
                                         const uint8_t *place)
{
    thrift_bytes bytes;

    if (code == NATIVE_TEXT) {
        bytes.data = native_pointer(place);
        bytes.size = bytes.data != NULL ? strlen((const char *)bytes.data) : 0;
    } else if (code == NATIVE_CHARS) {
        bytes = (thrift_bytes){place, strnlen((const char *)place, type->size)};
    } else {
        memcpy(&bytes, place, sizeof bytes);
    }
    return bytes;
}

/* ---- frames ---- */

ALWAYS_INLINE bool native_open(struct native_encoder *encoder, struct native_encode_state *s)
{
    struct native_encode_frame *frame = s->frame;

    if (RARELY(frame >= encoder->last_frame)) {
        return native_encode_too_deep(encoder);
    }
    frame->op = s->op; /* of an array needlessly, but to ask would take longer */
    frame->last_id = s->last_id;
    s->frame = frame + 1;
    return true;
}

ALWAYS_INLINE enum native_step native_close(const struct native_encoder *encoder,
                                            struct native_encode_state *s)
{
    const struct native_encode_frame *frame;

    if (s->frame == encoder->frames) {
        return NATIVE_DONE;
    }
    frame = --s->frame;
    if (frame->plan == NULL) {
        return NATIVE_ELEMENT;
    }
    s->base = frame->base;
    s->op = frame->op + 1;
    s->last_id = frame->last_id;
    return NATIVE_FIELD;
}

ALWAYS_INLINE enum native_step native_value_end(struct native_encode_state *s)
{
    if (s->frame->plan == NULL) {
        return NATIVE_ELEMENT;
    }
    s->op += 1;
    return NATIVE_FIELD;
}

/* ---- structs ---- */

/* The struct at `base` becomes what is written, from its first field on. */
ALWAYS_INLINE enum native_step native_enter(struct native_encoder *encoder,
                                            struct native_encode_state *s,
                                            const struct native_plan *plan, const uint8_t *base)
{
    s->frame->plan = plan;
    s->base = s->frame->base = base;
    s->op = plan->ops;
    s->last_id = 0;
    if (RARELY(plan->careful)) {
        bool good;

        NATIVE_ASIDE(encoder, s, good, native_encode_begin(encoder, plan, base));
        return good ? NATIVE_FIELD : NATIVE_FAILED;
    }
    return NATIVE_FIELD;
}

/* Is the field `op` there? Not when it is the sentinel, a member of a union, or no field. */
ALWAYS_INLINE bool native_is_there(const struct native_encode_state *s)
{
    const struct native_op *op = s->op;

    if (op->presence == NATIVE_ALWAYS) {
        return true;
    }
    if (op->presence == NATIVE_NULL) {
        return native_pointer(s->base + op->offset) != NULL;
    }
    return op->presence == NATIVE_HAS && s->base[op->has_offset] != 0;
}

/* Is `op` the member of a union that is set? */
ALWAYS_INLINE bool native_is_tagged(const struct native_encode_state *s)
{
    int16_t tag;

    memcpy(&tag, s->base + s->frame->plan->tag_offset, sizeof tag);
    return s->op->presence == NATIVE_TAGGED && tag == s->op->id;
}

/* ---- arrays ---- */

/* The items and their number; false: not possible. */
ALWAYS_INLINE bool native_items(struct native_encoder *encoder, struct native_value v,
                                const uint8_t **out_items, uint32_t *out_count)
{
    size_t count;

    memcpy(&count, v.owner + v.type->count_offset, sizeof count);
    *out_items = native_pointer(v.owner + v.type->offset);
    *out_count = (uint32_t)count;
    return !RARELY(count > INT32_MAX || (count > 0 && *out_items == NULL)) ||
           native_encode_too_many(encoder, count);
}

/* Whether an array's structs may be written without frames: they may nest, and a struct inside. */
ALWAYS_INLINE bool native_may_be_flat(const struct native_encoder *encoder,
                                      const struct native_encode_state *s,
                                      const struct native_type *type)
{
    const struct native_type *element = type->element;

    return type->code == NATIVE_ARRAY && element->record != NULL && element->record->flat &&
           s->frame + 3 < encoder->last_frame;
}

/* `done` of the elements are written already. */
ALWAYS_INLINE bool native_open_container(struct native_encoder *encoder,
                                         struct native_encode_state *s,
                                         const struct native_type *type, const uint8_t *items,
                                         uint32_t count, uint32_t done)
{
    if (!native_open(encoder, s)) {
        return false;
    }
    s->frame->plan = NULL;
    s->frame->type = type;
    s->frame->item = items + (size_t)done * type->item_size;
    s->frame->count = count;
    s->frame->left = (type->code == NATIVE_ARRAY ? 1 : 2) * (count - done);
    return true;
}

/* The next element, key or value. The caller knows that one is left. */
ALWAYS_INLINE struct native_value native_next_element(struct native_encode_frame *frame)
{
    const struct native_type *type = frame->type;
    struct native_value v = {type->element, frame->item};

    frame->left -= 1;
    if (type->code == NATIVE_ENTRIES && (frame->left & 1) != 0) {
        v.type = type->key;
        return v;
    }
    frame->item += type->item_size;
    return v;
}

#endif
