/*
 * The steps of decoding native structs that are the same in both protocols, inlined into each loop.
 * As in decode_steps.h, a struct native_state and a struct native_value are locals of the loop,
 * kept in registers, and what is not inlined finds the state in the decoder.
 */
#ifndef CODEC_NATIVE_DECODE_STEPS_H
#define CODEC_NATIVE_DECODE_STEPS_H

#include "base/alloc.h"
#include "base/inline.h"
#include "codec/native_decode.h"
#include "codec/text_copy.h"
#include "schema/lookup.h"

/* What comes next. */
enum native_step {
    NATIVE_FIELD,      /* a field of the open struct, `op` expected */
    NATIVE_OTHER,      /* not what was expected: another field, or the stop */
    NATIVE_MATCHED,    /* the value of the field `op`, whose head was another than expected */
    NATIVE_RECORD,     /* a struct */
    NATIVE_CONTAINER,  /* an array */
    NATIVE_VALUE_END,  /* behind a value that opened no frame */
    NATIVE_ELEMENT,    /* of the open array */
    NATIVE_STRUCT_END, /* the stop was read */
    NATIVE_CLOSE,      /* the innermost frame is done */
    NATIVE_DONE,
    NATIVE_FAILED
};

/* What is to be read next: a value of `type`, which has its offset in `owner`: a struct, an item or
 * an entry. */
struct native_value {
    const struct native_type *type;
    uint8_t *owner;
};

/* What changes of a state, one by one: see decode_steps.h. */
ALWAYS_INLINE void native_copy_state(struct native_state *to, const struct native_state *from)
{
    to->in.at = from->in.at;
    to->free_at = from->free_at;
    to->free_end = from->free_end;
    to->frame = from->frame;
    to->op = from->op;
    to->base = from->base;
    to->seen = from->seen;
    to->last_id = from->last_id;
    to->truth = from->truth;
}

/* `result` of a call that is not inlined. */
#define NATIVE_ASIDE(decoder, s, result, call)                                                     \
    do {                                                                                           \
        native_copy_state(&(decoder)->state, s);                                                   \
        (result) = (call);                                                                         \
        native_copy_state(s, &(decoder)->state);                                                   \
    } while (0)

ALWAYS_INLINE enum native_step native_fault(struct native_decoder *decoder, enum wire_fault fault)
{
    decoder->fault = fault;
    return NATIVE_FAILED;
}

/* The state before the first field of the outermost struct. Duplicates can only be refused where
 * every field is looked at. */
ALWAYS_INLINE struct native_state native_begin(const struct native_plan *plan, thrift_bytes input,
                                               const struct codec_policy *policy,
                                               const struct arena *arena, uint8_t *base)
{
    struct cursor in = cursor_of(input);
    bool is_sure = input.size > NATIVE_SURE && policy->accept_duplicates;
    size_t most = policy->limits->max_string_size;

    return (struct native_state){.in = in,
                                 .sure = is_sure ? in.end - NATIVE_SURE : in.begin,
                                 .text_most = policy->accept_utf8 ? most : 0,
                                 .binary_most = most,
                                 .free_at = arena->at,
                                 .free_end = arena->end,
                                 .op = plan->ops,
                                 .base = base};
}

/* What comes before a field is taken as expected where the input may end, or a field may come
 * twice. */
static inline bool native_unsure(const struct codec_policy *policy, const struct native_state *s,
                                 uint8_t need)
{
    return cursor_need(&s->in, need) && (policy->accept_duplicates || (s->seen & s->op->seen) == 0);
}

/* ---- memory ---- */

/* NULL: no memory. The state is the decoder's. */
static inline void *native_alloc_slow(struct native_decoder *decoder, size_t size, size_t alignment)
{
    struct arena *arena = &decoder->root->arena;
    void *block;

    arena->at = decoder->state.free_at;
    block = arena_alloc_slow(arena, size, alignment);
    decoder->state.free_at = arena->at;
    decoder->state.free_end = arena->end;
    return block;
}

ALWAYS_INLINE void *native_alloc(struct native_decoder *decoder, struct native_state *s,
                                 size_t size, size_t alignment)
{
    size_t skip = (size_t)(-(uintptr_t)s->free_at) & (alignment - 1);
    size_t room = (size_t)(s->free_end - s->free_at);
    uint8_t *block;

    if (RARELY(room < skip || size > room - skip)) {
        void *slow;

        NATIVE_ASIDE(decoder, s, slow, native_alloc_slow(decoder, size, alignment));
        return slow;
    }
    block = s->free_at + skip;
    s->free_at = block + size;
    return block;
}

/* A copy of a string in the arena, NUL-terminated, for a char * or a thrift_bytes. false: the
 * string is not there or long, or the arena has no room, and nothing happened. */
ALWAYS_INLINE bool native_quick_string(struct native_state *s, uint8_t code, const uint8_t *from,
                                       size_t size, uint8_t *place)
{
    thrift_bytes bytes = {s->free_at, size};

    if (RARELY(!text_copy(s->free_at, s->free_end, from, &s->in, size))) {
        return false;
    }
    s->free_at += size + 1;
    memcpy(place, &bytes, code == NATIVE_TEXT ? sizeof bytes.data : sizeof bytes);
    return true;
}

/* The same into a char[N]. */
ALWAYS_INLINE bool native_quick_chars(const struct native_state *s, const uint8_t *from,
                                      size_t size, const struct native_type *type, uint8_t *place)
{
    if (size > (size_t)(s->in.end - from) || size >= type->size) {
        return false;
    }
    memcpy(place, from, size);
    memset(place + size, 0, type->size - size);
    return true;
}

/* As native_quick_string(), wherever the string is and whatever its size; the state is the
 * decoder's. */
static inline bool native_string(struct native_decoder *decoder, uint8_t code, thrift_bytes from,
                                 uint8_t *place)
{
    struct native_state *s = &decoder->state;
    uint8_t *copy = s->free_at;

    if (from.size >= (size_t)(s->free_end - copy)) {
        copy = native_alloc_slow(decoder, from.size + 1, 1);
    } else {
        s->free_at += from.size + 1;
    }
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, from.data, from.size);
    copy[from.size] = '\0';
    from.data = copy;
    memcpy(place, &from, code == NATIVE_TEXT ? sizeof from.data : sizeof from);
    return true;
}

/* ---- presence ---- */

ALWAYS_INLINE void native_mark(struct native_state *s, const struct native_plan *plan)
{
    s->seen |= s->op->seen;
    if (RARELY(s->op->presence >= NATIVE_HAS)) {
        s->seen = native_decode_note(plan, s->op, s->base, s->seen);
    }
}

/* ---- frames ---- */

ALWAYS_INLINE struct native_frame *native_open(struct native_state *s)
{
    struct native_frame *frame = s->frame;

    frame->op = s->op; /* of an array needlessly, but to ask would take longer */
    frame->seen = s->seen;
    frame->last_id = s->last_id;
    s->frame = frame + 1;
    return frame + 1;
}

ALWAYS_INLINE enum native_step native_close(struct native_state *s)
{
    const struct native_frame *frame = --s->frame;

    if (frame->plan == NULL) {
        return NATIVE_ELEMENT;
    }
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

static inline uint32_t native_depth(const struct native_decoder *decoder,
                                    const struct native_state *s)
{
    return (uint32_t)(s->frame - decoder->frames) + 1;
}

/* ---- structs ---- */

/* Where a struct stands: in its owner, which is zero, or in memory of its own. NULL: none left. */
ALWAYS_INLINE uint8_t *native_place(struct native_decoder *decoder, struct native_state *s,
                                    struct native_value v)
{
    const struct native_plan *plan = v.type->record;
    uint8_t *place = v.owner + v.type->offset, *block;

    if (v.type->code == NATIVE_STRUCT) {
        return place;
    }
    block = native_alloc(decoder, s, plan->size, plan->alignment);
    if (!RARELY(block == NULL)) {
        memset(block, 0, plan->size);
        memcpy(place, &block, sizeof block);
    }
    return block;
}

ALWAYS_INLINE enum native_step native_record(struct native_decoder *decoder, struct native_state *s,
                                             struct native_value v)
{
    const struct native_plan *plan = v.type->record;
    struct native_frame *frame;
    uint8_t *base;

    if (RARELY(s->frame >= decoder->last_frame || decoder->structs >= decoder->structs_most)) {
        return native_fault(decoder, WIRE_DEPTH_LIMIT);
    }
    base = native_place(decoder, s, v);
    if (RARELY(base == NULL)) {
        return native_fault(decoder, WIRE_NO_MEMORY);
    }
    frame = native_open(s);
    frame->plan = plan;
    frame->base = base;
    decoder->structs += 1;
    s->base = base;
    s->op = plan->ops;
    s->seen = 0;
    s->last_id = 0;
    return NATIVE_FIELD;
}

/* What is absent gets its default, or is an error; the state is the decoder's. */
static inline bool native_complete(struct native_decoder *decoder)
{
    struct native_state *s = &decoder->state;
    struct arena *arena = &decoder->root->arena;
    bool complete;

    arena->at = s->free_at;
    complete = native_decode_incomplete(decoder, s->frame->plan, s->base, s->seen);
    s->free_at = arena->at;
    s->free_end = arena->end;
    s->op = NULL;
    return complete;
}

ALWAYS_INLINE enum native_step native_struct_end(struct native_decoder *decoder,
                                                 struct native_state *s)
{
    if (RARELY((s->frame->plan->awaited & ~s->seen) != 0)) {
        bool complete;

        NATIVE_ASIDE(decoder, s, complete, native_complete(decoder));
        if (!complete) {
            return NATIVE_FAILED;
        }
    }
    if (s->frame == decoder->frames) {
        return NATIVE_DONE;
    }
    decoder->structs -= 1;
    return NATIVE_CLOSE;
}

/* ---- arrays ---- */

ALWAYS_INLINE uint32_t native_least(const struct native_type *type, const uint8_t *least,
                                    bool compact, bool missing_accepted)
{
    if (type->code == NATIVE_DYNAMIC) {
        return plan_least(type->dynamic, least, compact, missing_accepted);
    }
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

    left.end = decoder->reserved <= cursor_left(&left) ? left.end - decoder->reserved : left.at;
    return wire_count_check(&left, count, least, decoder->policy->limits);
}

/* Room for the items, zero where they are more than one leaf. NULL: no memory. */
ALWAYS_INLINE uint8_t *native_items(struct native_decoder *decoder, struct native_state *s,
                                    const struct native_type *type, uint32_t count)
{
    size_t size;
    uint8_t *items;

    if (RARELY(!size_multiply(count, type->item_size, &size))) {
        return NULL;
    }
    items = native_alloc(decoder, s, size, type->item_alignment);
    if (!RARELY(items == NULL) && !type->dense) {
        memset(items, 0, size);
    }
    return items;
}

ALWAYS_INLINE void native_set_items(struct native_value v, const void *items, size_t count)
{
    memcpy(v.owner + v.type->offset, &items, sizeof items);
    memcpy(v.owner + v.type->count_offset, &count, sizeof count);
}

/* Whether an array's structs may be read without frames: they may nest, and a struct inside too. */
ALWAYS_INLINE bool native_may_be_flat(const struct native_decoder *decoder,
                                      const struct native_state *s, const struct native_type *type)
{
    const struct native_type *element = type->element;

    return type->code == NATIVE_ARRAY && element->record != NULL && element->record->flat &&
           s->frame + 3 < decoder->last_frame && decoder->structs + 1 < decoder->structs_most;
}

/* An item's struct: in the item, or zero memory that it points at. NULL: the arena has no room. */
ALWAYS_INLINE uint8_t *native_flat_place(const struct native_type *element, uint8_t *item,
                                         struct native_state *s)
{
    const struct native_plan *plan = element->record;
    uint8_t *place = item + element->offset, *block;
    size_t skip, room;

    if (element->code == NATIVE_STRUCT) {
        return place;
    }
    skip = (size_t)(-(uintptr_t)s->free_at) & (plan->alignment - 1);
    room = (size_t)(s->free_end - s->free_at);
    if (room < skip || plan->size > room - skip) {
        return NULL;
    }
    block = s->free_at + skip;
    s->free_at = block + plan->size;
    memset(block, 0, plan->size);
    memcpy(place, &block, sizeof block);
    return block;
}

/* `done` of the elements are there already. */
ALWAYS_INLINE void native_open_container(struct native_state *s, const struct native_type *type,
                                         uint8_t *items, uint32_t count, uint32_t done,
                                         uint32_t least)
{
    struct native_frame *frame = native_open(s);

    frame->plan = NULL;
    frame->type = type;
    frame->item = items + (size_t)done * type->item_size;
    frame->count = count;
    frame->left = (type->code == NATIVE_ARRAY ? 1 : 2) * (count - done);
    frame->least = least;
}

/* The next element, key or value. The caller knows that one is left. */
ALWAYS_INLINE struct native_value native_next_element(struct native_decoder *decoder,
                                                      struct native_frame *frame)
{
    const struct native_type *type = frame->type;
    struct native_value v = {type->element, frame->item};

    frame->left -= 1;
    if (type->code == NATIVE_ENTRIES && (frame->left & 1) != 0) {
        v.type = type->key;
        decoder->reserved -= frame->least;
        return v;
    }
    if (type->code == NATIVE_ARRAY) {
        decoder->reserved -= frame->least;
    }
    frame->item += type->item_size;
    return v;
}

#endif
