/*
 * The steps of decoding that are the same in every protocol, inlined into each protocol's loop.
 *
 * A struct decode_state is a local of that loop and its address goes nowhere else, so that the
 * compiler keeps it in registers: what is not inlined is called by STEP_ASIDE() and finds it in the
 * decoder. So is the struct decode_value, which only lives from one step to the next.
 * decoder->reserved is what the open containers still need for elements to come: a container is
 * checked against the bytes that are left besides, so that all storage taken for elements together
 * is bounded by the input (R3).
 */
#ifndef CODEC_DECODE_STEPS_H
#define CODEC_DECODE_STEPS_H

#include "base/inline.h"
#include "codec/decode.h"
#include "codec/text_copy.h"
#include "wire/wire_type.h"

/* What comes next. */
enum decode_step {
    STEP_FIELD,      /* a field of the open struct, `op` expected */
    STEP_OTHER,      /* not what was expected: another field, or the stop */
    STEP_MATCHED,    /* the value of the field `op`, whose head was another than expected */
    STEP_RECORD,     /* a struct of `type`, for `slot` */
    STEP_CONTAINER,  /* a list, set or map of `type`, for `slot` */
    STEP_VALUE_END,  /* behind a value that opened no frame */
    STEP_ELEMENT,    /* of the open container */
    STEP_STRUCT_END, /* the stop was read */
    STEP_CLOSE,      /* the innermost frame is done */
    STEP_DONE,
    STEP_FAILED
};

ALWAYS_INLINE enum decode_step step_fault(struct decoder *decoder, enum wire_fault fault)
{
    decoder->fault = fault;
    return STEP_FAILED;
}

/* What is to be read next: a value of `type`, for `slot`. */
struct decode_value {
    const struct plan_type *type;
    uint8_t *slot;
};

/* What changes of a state, one by one: compilers copy a whole struct in pieces that are wider than
 * what was just stored, and processors wait then. */
ALWAYS_INLINE void step_copy_state(struct decode_state *to, const struct decode_state *from)
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
#define STEP_ASIDE(decoder, s, result, call)                                                       \
    do {                                                                                           \
        step_copy_state(&(decoder)->state, s);                                                     \
        (result) = (call);                                                                         \
        step_copy_state(s, &(decoder)->state);                                                     \
    } while (0)

/* The state before the first field of the outermost struct; the input is there already. Duplicates
 * can only be refused where every field is looked at. `sure` never changes and stays in the
 * decoder, too. */
ALWAYS_INLINE struct decode_state step_begin(struct decoder *decoder)
{
    struct cursor in = decoder->state.in;
    bool is_sure = cursor_left(&in) > DECODE_SURE && decoder->policy->accept_duplicates;

    decoder->state.sure = is_sure ? in.end - DECODE_SURE : in.begin;
    return (struct decode_state){.in = in,
                                 .sure = decoder->state.sure,
                                 .free_at = decoder->root->arena.at,
                                 .free_end = decoder->root->arena.end,
                                 .frame = decoder->frames,
                                 .op = decoder->frames->plan->ops,
                                 .base = decoder->frames->base};
}

/* What comes before a field is taken as expected where the input may end, or a field may come
 * twice. */
static inline bool step_unsure(const struct decoder *decoder, const struct decode_state *s,
                               uint8_t need)
{
    return cursor_need(&s->in, need) &&
           (decoder->policy->accept_duplicates || (s->op->has != 0 && (s->seen & s->op->has) == 0));
}

/* Frames in use. */
static inline uint32_t step_depth(const struct decoder *decoder, const struct decode_state *s)
{
    return (uint32_t)(s->frame - decoder->frames) + 1;
}

/* ---- memory ---- */

/* NULL: no memory. The state is the decoder's. */
static inline void *step_alloc_slow(struct decoder *decoder, size_t size, size_t alignment)
{
    struct arena *arena = &decoder->root->arena;
    void *block;

    arena->at = decoder->state.free_at;
    block = arena_alloc_slow(arena, size, alignment);
    decoder->state.free_at = arena->at;
    decoder->state.free_end = arena->end;
    return block;
}

/* Aligned for pointers and numbers. No size comes near the address space's. */
ALWAYS_INLINE void *step_alloc(struct decoder *decoder, struct decode_state *s, size_t size)
{
    uint8_t *block = s->free_at + ((size_t)(-(uintptr_t)s->free_at) & 7);
    void *slow;

    if (RARELY(s->free_end < block || size > (size_t)(s->free_end - block))) {
        STEP_ASIDE(decoder, s, slow, step_alloc_slow(decoder, size, 8));
        return slow;
    }
    s->free_at = block + size;
    return block;
}

/* Member by member, so that neither passes through the stack. */
ALWAYS_INLINE void step_put_bytes(void *slot, const uint8_t *data, size_t size)
{
    thrift_bytes *bytes = slot;

    bytes->data = data;
    bytes->size = size;
}

/* A string's copy in the arena into a slot; false, too, when it is empty. Nothing happened then. */
ALWAYS_INLINE bool step_quick_string(struct decode_state *s, const uint8_t *from, size_t size,
                                     uint8_t *slot)
{
    if (RARELY(size == 0 || !text_copy(s->free_at, s->free_end, from, &s->in, size))) {
        return false;
    }
    step_put_bytes(slot, s->free_at, size);
    s->free_at += size + 1;
    return true;
}

/* The same wherever the string is and whatever its size; empty strings share a NUL (R4). The state
 * is the decoder's. */
static inline bool step_string(struct decoder *decoder, thrift_bytes from, uint8_t *slot)
{
    struct decode_state *s = &decoder->state;
    uint8_t *copy = s->free_at;

    if (from.size == 0) {
        from.data = decode_no_text;
        memcpy(slot, &from, sizeof from);
        return true;
    }
    if (from.size >= (size_t)(s->free_end - copy)) {
        copy = step_alloc_slow(decoder, from.size + 1, 1);
    } else {
        s->free_at += from.size + 1;
    }
    if (copy == NULL) {
        return false;
    }
    memcpy(copy, from.data, from.size);
    copy[from.size] = '\0';
    from.data = copy;
    memcpy(slot, &from, sizeof from);
    return true;
}

ALWAYS_INLINE void step_point(void *slot, const void *object)
{
    memcpy(slot, &object, sizeof object);
}

/* What stands for a list or map without elements. */
ALWAYS_INLINE const void *step_empty(const struct plan_type *type)
{
    return type->code == PLAN_LIST ? (const void *)&list_shared_empty
                                   : (const void *)&mapping_shared_empty;
}

/* ---- frames ---- */

/* The field `op` was read, whichever field it is. */
ALWAYS_INLINE void step_mark(struct decode_state *s)
{
    s->seen |= s->op->has;
    if (RARELY(s->op->has == 0)) {
        s->seen = decode_mark_far(s->frame->plan, s->op, s->base, s->seen);
    }
}

/* A new innermost frame; the caller fills it. Of a container nothing needs to be kept, but to ask
 * would take longer. */
ALWAYS_INLINE struct decode_frame *step_open(struct decode_state *s)
{
    struct decode_frame *frame = s->frame;

    frame->op = s->op;
    frame->seen = s->seen;
    frame->last_id = s->last_id;
    s->frame = frame + 1;
    return frame + 1;
}

ALWAYS_INLINE enum decode_step step_close(struct decoder *decoder, struct decode_state *s)
{
    const struct decode_frame *frame = s->frame;

    if (frame->plan == NULL && RARELY(decoder->policy->unique) &&
        !decode_unique(decoder, frame->type, frame->object)) {
        s->frame -= 1; /* the path ends with the container itself */
        s->op = s->frame->op;
        return STEP_FAILED;
    }
    frame = --s->frame;
    if (frame->plan == NULL) {
        return STEP_ELEMENT;
    }
    s->base = frame->base;
    s->op = frame->op + 1;
    s->seen = frame->seen;
    s->last_id = frame->last_id;
    return STEP_FIELD;
}

ALWAYS_INLINE enum decode_step step_value_end(struct decode_state *s)
{
    if (s->frame->plan == NULL) {
        return STEP_ELEMENT;
    }
    s->op += 1;
    return STEP_FIELD;
}

/* An unknown field whose value ends where the input stands now; the state is the decoder's. */
static inline bool step_keep(struct decoder *decoder, const struct unknown_field *field)
{
    struct arena *arena = &decoder->root->arena;
    bool kept;

    arena->at = decoder->state.free_at;
    kept = decode_unknown_keep(decoder, decoder->state.base, field);
    decoder->state.free_at = arena->at;
    decoder->state.free_end = arena->end;
    return kept;
}

/* ---- structs ---- */

/* An empty record. */
ALWAYS_INLINE void step_fill(struct thrift_root *root, const struct plan *plan, uint8_t *base)
{
    record_copy_image(base, plan->image, plan->size);
    ((thrift_record *)(void *)base)->root = root;
}

/* NULL: no memory. */
ALWAYS_INLINE uint8_t *step_image(struct decoder *decoder, struct decode_state *s,
                                  const struct plan *plan)
{
    uint8_t *base = step_alloc(decoder, s, plan->size);

    if (RARELY(base == NULL)) {
        return NULL;
    }
    step_fill(decoder->root, plan, base);
    if (RARELY(decoder->policy->no_defaults)) {
        memset(base + sizeof(thrift_record), 0, plan->size - sizeof(thrift_record));
    }
    return base;
}

ALWAYS_INLINE bool step_may_nest(const struct decoder *decoder, const struct decode_state *s)
{
    return s->frame < decoder->last_frame;
}

ALWAYS_INLINE bool step_may_nest_struct(const struct decoder *decoder, const struct decode_state *s)
{
    return step_may_nest(decoder, s) && decoder->structs < decoder->structs_most;
}

ALWAYS_INLINE enum decode_step step_record(struct decoder *decoder, struct decode_state *s,
                                           struct decode_value v)
{
    const struct plan *plan = v.type->record;
    struct decode_frame *frame;
    uint8_t *base;

    if (RARELY(!step_may_nest_struct(decoder, s))) {
        return step_fault(decoder, WIRE_DEPTH_LIMIT);
    }
    base = step_image(decoder, s, plan);
    if (RARELY(base == NULL)) {
        return step_fault(decoder, WIRE_NO_MEMORY);
    }
    step_point(v.slot, base);
    frame = step_open(s);
    frame->plan = plan;
    frame->base = base;
    decoder->structs += 1;
    s->base = base;
    s->op = plan->ops;
    s->seen = 0;
    s->last_id = 0;
    return STEP_FIELD;
}

/* A struct of nothing but its stop needs no memory: the shared empty one stands for it. */
ALWAYS_INLINE enum decode_step
step_empty_record(struct decoder *decoder, const struct decode_state *s, struct decode_value v)
{
    if (RARELY(!step_may_nest_struct(decoder, s))) {
        return step_fault(decoder, WIRE_DEPTH_LIMIT);
    }
    step_point(v.slot, v.type->record->layout->shared_empty);
    return STEP_VALUE_END;
}

ALWAYS_INLINE enum decode_step step_struct_end(struct decoder *decoder, struct decode_state *s)
{
    const struct plan *plan = s->frame->plan;

    if (RARELY((plan->required & ~s->seen) != 0 || plan->far)) {
        s->op = NULL;
        if (!decode_incomplete(decoder, plan, s->base, s->seen)) {
            return STEP_FAILED;
        }
    }
    if (!plan->far || !plan->tagged) {
        memcpy(s->base + plan->has_offset, &s->seen, sizeof s->seen);
    }
    if (s->frame == decoder->frames) {
        return STEP_DONE;
    }
    decoder->structs -= 1;
    return STEP_CLOSE;
}

/* ---- containers ---- */

/* Whether a flat container may be read without frames: nothing needs a look, and it may nest. */
ALWAYS_INLINE bool step_may_be_flat(const struct decoder *decoder, const struct decode_state *s)
{
    return decoder->may_be_flat && s->frame + 2 + PLAN_NESTED_MOST < decoder->last_frame &&
           decoder->structs + PLAN_NESTED_MOST <= decoder->structs_most;
}

/* R2: `count` elements of at least `least` bytes must fit into what is left besides what is
 * reserved. */
ALWAYS_INLINE enum wire_fault step_count(const struct decoder *decoder, const struct cursor *in,
                                         uint32_t count, uint32_t least)
{
    struct cursor left = *in;

    left.end = decoder->reserved <= cursor_left(&left) ? left.end - decoder->reserved : left.at;
    return wire_count_check(&left, count, least, decoder->policy->limits);
}

/* Of the elements of a container together. */
ALWAYS_INLINE uint64_t step_elements_size(const struct plan_type *type, uint32_t count)
{
    return (uint64_t)count * (type->code == PLAN_LIST ? type->element->size : type->entry_size);
}

/* The object at `block` with its elements behind it, which `slot` is to point at; returns the first
 * element's place. */
ALWAYS_INLINE uint8_t *step_list(const struct decoder *decoder, const struct plan_type *type,
                                 uint8_t *block, uint32_t count, uint8_t *slot)
{
    thrift_list *list = (thrift_list *)(void *)block;

    *list = (thrift_list){type->type, decoder->root, list + 1, count, count};
    step_point(slot, list);
    return (uint8_t *)(list + 1);
}

ALWAYS_INLINE uint8_t *step_map(const struct decoder *decoder, const struct plan_type *type,
                                uint8_t *block, uint32_t count, uint8_t *slot)
{
    thrift_map *map = (thrift_map *)(void *)block;

    map->type = type->type;
    map->root = decoder->root;
    map->entries = map + 1;
    map->count = map->capacity = count;
    atomic_init(&map->index, NULL);
    step_point(slot, map);
    return (uint8_t *)(map + 1);
}

/* A container with room for all its elements. NULL: no memory. */
ALWAYS_INLINE uint8_t *step_elements(struct decoder *decoder, struct decode_state *s,
                                     struct decode_value v, uint32_t count)
{
    bool is_list = v.type->code == PLAN_LIST;
    uint64_t size = step_elements_size(v.type, count);
    uint8_t *block;

    if (RARELY(size > PTRDIFF_MAX - sizeof(thrift_map))) {
        return NULL;
    }
    block =
        step_alloc(decoder, s, (size_t)size + (is_list ? sizeof(thrift_list) : sizeof(thrift_map)));
    if (RARELY(block == NULL)) {
        return NULL;
    }
    return is_list ? step_list(decoder, v.type, block, count, v.slot)
                   : step_map(decoder, v.type, block, count, v.slot);
}

/* Opens the frame of a container whose storage is there, and `done` of its elements. */
ALWAYS_INLINE void step_open_container(struct decode_state *s, const struct plan_type *type,
                                       uint8_t *storage, uint32_t count, uint32_t done,
                                       uint32_t least)
{
    bool is_list = type->code == PLAN_LIST;
    struct decode_frame *frame = step_open(s);

    frame->plan = NULL;
    frame->type = type;
    frame->object = storage - (is_list ? sizeof(thrift_list) : sizeof(thrift_map));
    frame->slot = storage + (size_t)done * (is_list ? type->element->size : type->entry_size);
    frame->count = count;
    frame->left = is_list ? count - done : 2 * (count - done);
    frame->least = least;
}

/* The next element, key or value. The caller knows that one is left. */
ALWAYS_INLINE struct decode_value step_next_element(struct decoder *decoder,
                                                    struct decode_frame *frame)
{
    const struct plan_type *type = frame->type;
    struct decode_value v = {type->element, frame->slot};

    frame->left -= 1;
    if (type->code == PLAN_LIST) {
        frame->slot += type->element->size;
        decoder->reserved -= frame->least;
    } else if ((frame->left & 1) != 0) {
        v.type = type->key;
        decoder->reserved -= frame->least;
    } else {
        v.slot += type->value_offset;
        frame->slot += type->entry_size;
    }
    return v;
}

#endif
