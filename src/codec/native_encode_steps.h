/*
 * The steps of encoding native structs that are the same in both protocols, inlined into each loop.
 */
#ifndef CODEC_NATIVE_ENCODE_STEPS_H
#define CODEC_NATIVE_ENCODE_STEPS_H

#include <string.h>

#include "codec/native_encode.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define RARELY(condition) __builtin_expect((condition), 0)

/* What comes next. */
enum native_step {
    NATIVE_FIELD,     /* `op` of the open struct, or its stop */
    NATIVE_RECORD,    /* a struct of `type`, in `owner` */
    NATIVE_CONTAINER, /* an array of `type`, in `owner` */
    NATIVE_VALUE_END, /* behind a value that opened no frame */
    NATIVE_ELEMENT,   /* of the open array */
    NATIVE_CLOSE,     /* the innermost frame is done */
    NATIVE_DONE,
    NATIVE_FAILED
};

struct native_state {
    uint8_t *to, *limit; /* the room in the buffer */
    struct native_encode_frame *frame;
    const struct native_plan *plan;
    const struct native_op *op;
    const uint8_t *base;
    int16_t last_id;
    const struct native_type *type;
    const uint8_t *owner; /* the struct, item or entry that `type` has its offset in */
    uint32_t depth, depth_most;
};

/* Room for `size` more bytes. */
ALWAYS_INLINE bool native_room(struct native_encoder *encoder, struct native_state *s, size_t size)
{
    if (RARELY((size_t)(s->limit - s->to) < size)) {
        uint8_t *grown = native_encode_grow(encoder, s->to, size);

        if (grown == NULL) {
            return false;
        }
        s->to = grown;
        s->limit = encoder->out->data + encoder->out->capacity;
    }
    return true;
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

ALWAYS_INLINE bool native_open(struct native_encoder *encoder, struct native_state *s)
{
    struct native_encode_frame *frame = s->frame;

    if (RARELY(s->depth >= s->depth_most)) {
        return native_encode_too_deep(encoder);
    }
    if (frame->plan != NULL) {
        frame->op = s->op;
        frame->last_id = s->last_id;
    }
    s->depth += 1;
    s->frame = frame + 1;
    return true;
}

ALWAYS_INLINE enum native_step native_close(struct native_state *s)
{
    const struct native_encode_frame *frame = --s->frame;

    s->depth -= 1;
    if (frame->plan == NULL) {
        return NATIVE_ELEMENT;
    }
    s->plan = frame->plan;
    s->base = frame->base;
    s->op = frame->op + 1;
    s->last_id = frame->last_id;
    return NATIVE_FIELD;
}

ALWAYS_INLINE enum native_step native_value_end(struct native_state *s)
{
    if (s->frame->plan == NULL) {
        return NATIVE_ELEMENT;
    }
    s->op += 1;
    return NATIVE_FIELD;
}

/* ---- structs ---- */

ALWAYS_INLINE bool native_enter(struct native_encoder *encoder, struct native_state *s,
                                const struct native_plan *plan, const uint8_t *base)
{
    s->plan = s->frame->plan = plan;
    s->base = s->frame->base = base;
    s->op = plan->ops;
    s->last_id = 0;
    return !RARELY(plan->tagged) || native_encode_union(encoder, plan, base);
}

ALWAYS_INLINE bool native_tag_is(const struct native_state *s, const struct native_op *op)
{
    int16_t tag;

    memcpy(&tag, s->base + s->plan->tag_offset, sizeof tag);
    return tag == op->id;
}

/* ---- arrays ---- */

/* The items and their number; false: not possible. */
ALWAYS_INLINE bool native_items(struct native_encoder *encoder, const struct native_state *s,
                                const uint8_t **out_items, uint32_t *out_count)
{
    size_t count;

    memcpy(&count, s->owner + s->type->count_offset, sizeof count);
    *out_items = native_pointer(s->owner + s->type->offset);
    *out_count = (uint32_t)count;
    return !RARELY(count > INT32_MAX || (count > 0 && *out_items == NULL)) ||
           native_encode_too_many(encoder, count);
}

ALWAYS_INLINE bool native_open_container(struct native_encoder *encoder, struct native_state *s,
                                         const uint8_t *items, uint32_t count)
{
    const struct native_type *type = s->type;

    if (!native_open(encoder, s)) {
        return false;
    }
    s->frame->plan = NULL;
    s->frame->type = type;
    s->frame->item = items;
    s->frame->count = count;
    s->frame->left = type->code == NATIVE_ARRAY ? count : 2 * count;
    return true;
}

/* Sets `type` and `owner` to the next element, key or value. The caller knows that one is left. */
ALWAYS_INLINE void native_next_element(struct native_state *s)
{
    struct native_encode_frame *frame = s->frame;
    const struct native_type *type = frame->type;
    bool is_key = false;

    s->owner = frame->item;
    frame->left -= 1;
    if (type->code == NATIVE_ENTRIES) {
        is_key = (frame->left & 1) != 0;
    }
    s->type = is_key ? type->key : type->element;
    if (!is_key) {
        frame->item += type->item_size;
    }
}

#endif
