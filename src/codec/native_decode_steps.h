/*
 * The steps of decoding native structs that are the same in both protocols, inlined into each loop.
 */
#ifndef CODEC_NATIVE_DECODE_STEPS_H
#define CODEC_NATIVE_DECODE_STEPS_H

#include "base/alloc.h"
#include "codec/native_decode.h"
#include "schema/lookup.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define RARELY(condition) __builtin_expect((condition), 0)

/* What comes next. */
enum native_step {
    NATIVE_FIELD,      /* a field of the open struct, `op` expected */
    NATIVE_VALUE,      /* of `op`, whose head was read */
    NATIVE_RECORD,     /* a struct of `type`, in `owner` */
    NATIVE_CONTAINER,  /* an array of `type`, in `owner` */
    NATIVE_VALUE_END,  /* behind a value that opened no frame */
    NATIVE_ELEMENT,    /* of the open array */
    NATIVE_STRUCT_END, /* the stop was read */
    NATIVE_CLOSE,      /* the innermost frame is done */
    NATIVE_DONE,
    NATIVE_FAILED
};

struct native_state {
    struct cursor in;
    uint8_t *free_at, *free_end; /* of the arena */
    struct native_frame *frame;
    const struct native_plan *plan;
    const struct native_op *op;
    uint8_t *base;
    uint64_t seen; /* of a union: how many members, 2 for more than one */
    int16_t last_id;
    bool truth; /* of a bool field, where the head holds it */
    const struct native_type *type;
    uint8_t *owner; /* the struct, item or entry that `type` has its offset in */
    uint64_t reserved;
    uint32_t depth, structs, depth_most;
};

ALWAYS_INLINE enum native_step native_fault(struct native_decoder *decoder, enum wire_fault fault)
{
    decoder->fault = fault;
    return NATIVE_FAILED;
}

/* ---- memory ---- */

ALWAYS_INLINE void *native_alloc(struct native_decoder *decoder, struct native_state *s,
                                 size_t size, size_t alignment)
{
    struct arena *arena = &decoder->root->arena;
    size_t skip = (size_t)(-(uintptr_t)s->free_at) & (alignment - 1);
    size_t room = (size_t)(s->free_end - s->free_at);
    uint8_t *block;

    if (RARELY(room < skip || size > room - skip)) {
        arena->at = s->free_at;
        block = arena_alloc_slow(arena, size, alignment);
        s->free_at = arena->at;
        s->free_end = arena->end;
        return block;
    }
    block = s->free_at + skip;
    s->free_at = block + size;
    return block;
}

/* A copy in the arena, NUL-terminated; short ones as whole vectors, see decode_steps.h. */
ALWAYS_INLINE uint8_t *native_copy_string(struct native_decoder *decoder, struct native_state *s,
                                          thrift_bytes from)
{
    uint8_t *copy = native_alloc(decoder, s, from.size + 1, 1);
    size_t readable = (size_t)(s->in.end - from.data);

    if (RARELY(copy == NULL)) {
        return NULL;
    }
    if (from.size <= 32 && readable >= 32) {
        memcpy(copy, from.data, 16);
        if (from.size > 16) {
            memcpy(copy + 16, from.data + 16, 16);
        }
    } else {
        memcpy(copy, from.data, from.size);
    }
    copy[from.size] = '\0';
    return copy;
}

ALWAYS_INLINE enum wire_fault native_put_string(struct native_decoder *decoder,
                                                struct native_state *s, uint8_t code,
                                                const struct native_type *type, thrift_bytes from,
                                                uint8_t *place)
{
    if (code == NATIVE_CHARS) {
        if (from.size >= type->size && !native_decode_too_long(decoder, from.size, type->size)) {
            return WIRE_BAD_VALUE;
        }
        memcpy(place, from.data, from.size);
        memset(place + from.size, 0, type->size - from.size);
        return WIRE_OK;
    }
    from.data = native_copy_string(decoder, s, from);
    if (RARELY(from.data == NULL)) {
        return WIRE_NO_MEMORY;
    }
    memcpy(place, &from, code == NATIVE_TEXT ? sizeof from.data : sizeof from);
    return WIRE_OK;
}

/* ---- presence ---- */

ALWAYS_INLINE void native_mark(struct native_state *s, const struct native_op *op)
{
    if (RARELY(op->presence >= NATIVE_TAGGED)) {
        return; /* native_begin_member() did */
    }
    s->seen |= op->seen;
    if (op->presence == NATIVE_HAS) {
        s->base[op->has_offset] = true;
    }
}

/* The tag, and a clean place for what may have held another member. */
static inline void native_begin_member(struct native_state *s, const struct native_op *op)
{
    int16_t before;

    memcpy(&before, s->base + s->plan->tag_offset, sizeof before);
    if (before != 0) {
        memset(s->base, 0, s->plan->size);
    }
    memcpy(s->base + s->plan->tag_offset, &op->id, sizeof op->id);
    s->seen = before == 0 || before == op->id ? 1 : 2;
}

/* ---- frames ---- */

ALWAYS_INLINE struct native_frame *native_open(struct native_state *s)
{
    struct native_frame *frame = s->frame;

    if (frame->plan != NULL) {
        frame->op = s->op;
        frame->seen = s->seen;
        frame->last_id = s->last_id;
    }
    s->depth += 1;
    s->frame = frame + 1;
    return frame + 1;
}

ALWAYS_INLINE enum native_step native_close(struct native_state *s)
{
    const struct native_frame *frame = --s->frame;

    s->depth -= 1;
    if (frame->plan == NULL) {
        return NATIVE_ELEMENT;
    }
    s->plan = frame->plan;
    s->base = frame->base;
    s->op = frame->op + 1;
    s->seen = frame->seen;
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

/* Where a struct of `type` stands: in its owner, or in memory of its own. NULL: none left. */
ALWAYS_INLINE uint8_t *native_place(struct native_decoder *decoder, struct native_state *s)
{
    const struct native_type *type = s->type;
    const struct native_plan *plan = type->record;
    uint8_t *place = s->owner + type->offset;

    if (type->code == NATIVE_POINTER) {
        uint8_t *block = native_alloc(decoder, s, plan->size, plan->alignment);

        if (block != NULL) {
            memset(block, 0, plan->size);
            memcpy(place, &block, sizeof block);
        }
        return block;
    }
    if (RARELY(s->frame->plan != NULL && !s->plan->tagged && (s->seen & s->op->seen) != 0)) {
        memset(place, 0, plan->size);
    }
    return place;
}

ALWAYS_INLINE enum native_step native_record(struct native_decoder *decoder, struct native_state *s)
{
    const struct native_plan *plan = s->type->record;
    struct native_frame *frame;
    uint8_t *base;

    if (RARELY(s->depth >= s->depth_most ||
               s->structs >= decoder->policy->limits->max_struct_depth)) {
        return native_fault(decoder, WIRE_DEPTH_LIMIT);
    }
    base = native_place(decoder, s);
    if (RARELY(base == NULL)) {
        return native_fault(decoder, WIRE_NO_MEMORY);
    }
    if (s->frame->plan != NULL) {
        native_mark(s, s->op);
    }
    frame = native_open(s);
    frame->plan = plan;
    frame->base = base;
    s->structs += 1;
    s->plan = plan;
    s->base = base;
    s->op = plan->ops;
    s->seen = 0;
    s->last_id = 0;
    return NATIVE_FIELD;
}

static bool native_complete(struct native_decoder *decoder, struct native_state *s)
{
    struct arena *arena = &decoder->root->arena;
    bool complete;

    if (s->plan->tagged) {
        return native_decode_union(decoder, s->seen);
    }
    arena->at = s->free_at;
    complete = native_decode_absent(decoder, s->plan, s->base, s->seen);
    s->free_at = arena->at;
    s->free_end = arena->end;
    return complete;
}

ALWAYS_INLINE enum native_step native_struct_end(struct native_decoder *decoder,
                                                 struct native_state *s)
{
    const struct native_plan *plan = s->plan;

    if (RARELY(((plan->required | plan->defaulted) & ~s->seen) != 0 || plan->tagged)) {
        struct native_state copy = *s;
        bool complete = native_complete(decoder, &copy);

        s->free_at = copy.free_at;
        s->free_end = copy.free_end;
        s->op = NULL;
        if (!complete) {
            return NATIVE_FAILED;
        }
    }
    if (s->frame == decoder->frames) {
        return NATIVE_DONE;
    }
    s->structs -= 1;
    return NATIVE_CLOSE;
}

/* ---- arrays ---- */

ALWAYS_INLINE uint32_t native_least(const struct native_type *type, const uint8_t *least,
                                    bool compact, bool missing_accepted)
{
    if (type->record == NULL || missing_accepted) {
        return least[type->wire];
    }
    return compact ? type->record->compact_least : type->record->binary_least;
}

/* As step_count() in decode_steps.h. */
ALWAYS_INLINE enum wire_fault native_count(const struct native_decoder *decoder,
                                           const struct native_state *s, uint32_t count,
                                           uint32_t least)
{
    struct cursor left = s->in;

    left.end = s->reserved <= cursor_left(&left) ? left.end - s->reserved : left.at;
    return wire_count_check(&left, count, least, decoder->policy->limits);
}

/* Room for the items, zero where they are more than one leaf. NULL: no memory. */
ALWAYS_INLINE uint8_t *native_items(struct native_decoder *decoder, struct native_state *s,
                                    uint32_t count)
{
    const struct native_type *type = s->type;
    size_t size;
    uint8_t *items = size_multiply(count, type->item_size, &size)
                         ? native_alloc(decoder, s, size, type->item_alignment)
                         : NULL;

    if (items != NULL) {
        memset(items, 0, size);
    }
    return items;
}

ALWAYS_INLINE void native_set_items(const struct native_state *s, const void *items, size_t count)
{
    memcpy(s->owner + s->type->offset, &items, sizeof items);
    memcpy(s->owner + s->type->count_offset, &count, sizeof count);
}

ALWAYS_INLINE void native_open_container(struct native_state *s, uint8_t *items, uint32_t count,
                                         uint32_t least)
{
    const struct native_type *type = s->type;
    struct native_frame *frame = native_open(s);

    frame->plan = NULL;
    frame->type = type;
    frame->item = items;
    frame->count = count;
    frame->left = type->code == NATIVE_ARRAY ? count : 2 * count;
    frame->least = least;
}

/* Sets `type` and `owner` to the next element, key or value. The caller knows that one is left. */
ALWAYS_INLINE void native_next_element(struct native_state *s)
{
    struct native_frame *frame = s->frame;
    const struct native_type *type = frame->type;
    bool is_key = false;

    s->owner = frame->item;
    frame->left -= 1;
    if (type->code == NATIVE_ENTRIES) {
        is_key = (frame->left & 1) != 0;
    }
    s->type = is_key ? type->key : type->element;
    if (type->code == NATIVE_ARRAY || is_key) {
        s->reserved -= frame->least;
    }
    if (!is_key) {
        frame->item += type->item_size;
    }
}

#endif
