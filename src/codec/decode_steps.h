/*
 * The steps of decoding that are the same in every protocol, inlined into each protocol's loop.
 *
 * A struct decode_state is a local of that loop and its address goes nowhere else, so that the
 * compiler keeps it in registers: what is not inlined gets its parts by value.
 * `frame` is the innermost open struct or container. Of a struct the state is in plan, base, op,
 * seen and last_id, and goes into the frame when a child opens.
 * `reserved` is what the open containers still need for elements to come: a container is checked
 * against the bytes that are left besides, so that all storage taken for elements together is
 * bounded by the input (R3).
 */
#ifndef CODEC_DECODE_STEPS_H
#define CODEC_DECODE_STEPS_H

#include "codec/decode.h"
#include "wire/wire_type.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define RARELY(condition) __builtin_expect((condition), 0)

/* What comes next. */
enum decode_step {
    STEP_FIELD,      /* a field of the open struct, `op` expected */
    STEP_RECORD,     /* a struct of `type`, for `slot` */
    STEP_CONTAINER,  /* a list, set or map of `type`, for `slot` */
    STEP_VALUE_END,  /* behind a value that opened no frame */
    STEP_ELEMENT,    /* of the open container */
    STEP_STRUCT_END, /* the stop was read */
    STEP_CLOSE,      /* the innermost frame is done */
    STEP_DONE,
    STEP_FAILED
};

struct decode_state {
    struct cursor in;
    uint8_t *free_at, *free_end; /* of the arena */
    struct decode_frame *frame;
    const struct plan *plan;
    const struct plan_op *op;
    uint8_t *base;
    uint64_t seen;
    int16_t last_id;
    bool truth; /* of a bool field, where the head holds it */
    const struct plan_type *type;
    uint8_t *slot;
    uint64_t reserved;
    uint32_t depth, structs, depth_most;
};

ALWAYS_INLINE enum decode_step step_fault(struct decoder *decoder, enum wire_fault fault)
{
    decoder->fault = fault;
    return STEP_FAILED;
}

/* ---- memory ---- */

ALWAYS_INLINE void *step_alloc(struct decoder *decoder, struct decode_state *s, size_t size,
                               size_t alignment)
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

/* A copy, NUL-terminated. Short strings are copied as whole vectors: into the slop that follows
 * every allocation, and from what follows them in the input, if it is there. */
ALWAYS_INLINE bool step_string(struct decoder *decoder, struct decode_state *s, thrift_bytes from,
                               void *slot)
{
    uint8_t *copy = step_alloc(decoder, s, from.size + 1, 1);
    size_t readable = (size_t)(s->in.end - from.data);

    if (RARELY(copy == NULL)) {
        return false;
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

ALWAYS_INLINE void step_mark(struct decode_state *s)
{
    s->seen |= s->op->has;
    if (RARELY(s->op->has == 0)) {
        s->seen = decode_mark_far(s->plan, s->op, s->base, s->seen);
    }
}

/* A new innermost frame; the caller fills it. */
ALWAYS_INLINE struct decode_frame *step_open(struct decode_state *s)
{
    struct decode_frame *frame = s->frame;

    if (frame->plan != NULL) {
        frame->op = s->op;
        frame->seen = s->seen;
        frame->last_id = s->last_id;
    }
    s->depth += 1;
    s->frame = frame + 1;
    return frame + 1;
}

ALWAYS_INLINE enum decode_step step_close(struct decoder *decoder, struct decode_state *s)
{
    const struct decode_frame *frame = s->frame;

    if (RARELY(!decoder->policy->accept_duplicates && frame->plan == NULL &&
               !decode_unique(decoder, frame->type, frame->object))) {
        s->frame -= 1; /* the path ends with the container itself */
        s->op = s->frame->op;
        return STEP_FAILED;
    }
    frame = --s->frame;
    s->depth -= 1;
    if (frame->plan == NULL) {
        return STEP_ELEMENT;
    }
    s->plan = frame->plan;
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

/* Numbers may be read all at once, unless each must be looked at. */
ALWAYS_INLINE bool step_in_bulk(const struct decoder *decoder, const struct decode_state *s)
{
    return s->type->code == PLAN_LIST &&
           (decoder->policy->accept_duplicates || s->type->wire != WIRE_SET);
}

/* An unknown field whose value ends where the input stands now. */
ALWAYS_INLINE bool step_keep(struct decoder *decoder, struct decode_state *s,
                             const struct unknown_field *field)
{
    struct arena *arena = &decoder->root->arena;
    bool kept;

    arena->at = s->free_at;
    kept = decode_unknown_keep(decoder, s->base, field);
    s->free_at = arena->at;
    s->free_end = arena->end;
    return kept;
}

/* ---- structs ---- */

/* The initial bytes, 16 at a time: both sides have slop. */
ALWAYS_INLINE uint8_t *step_image(struct decoder *decoder, struct decode_state *s,
                                  const struct layout *layout)
{
    const uint32_t size = layout->size;
    const uint8_t *image = layout->image;
    uint8_t *base = step_alloc(decoder, s, size, 8);
    thrift_record *record = (thrift_record *)(void *)base;

    if (RARELY(base == NULL)) {
        return NULL;
    }
    for (uint32_t i = 0; i < size; i += 16) {
        memcpy(base + i, image + i, 16);
    }
    if (RARELY(decoder->policy->no_defaults)) {
        memset(record + 1, 0, size - sizeof *record);
    }
    record->root = decoder->root;
    return base;
}

ALWAYS_INLINE enum decode_step step_record(struct decoder *decoder, struct decode_state *s)
{
    const struct plan *plan = s->type->record;
    struct decode_frame *frame;
    uint8_t *base;

    if (RARELY(s->depth >= s->depth_most ||
               s->structs >= decoder->policy->limits->max_struct_depth)) {
        return step_fault(decoder, WIRE_DEPTH_LIMIT);
    }
    base = step_image(decoder, s, plan->layout);
    if (RARELY(base == NULL)) {
        return step_fault(decoder, WIRE_NO_MEMORY);
    }
    step_point(s->slot, base);
    frame = step_open(s);
    frame->plan = plan;
    frame->base = base;
    s->structs += 1;
    s->plan = plan;
    s->base = base;
    s->op = plan->ops;
    s->seen = 0;
    s->last_id = 0;
    return STEP_FIELD;
}

/* A struct of nothing but its stop needs no memory: the shared empty one stands for it. */
ALWAYS_INLINE enum decode_step step_empty_record(struct decoder *decoder, struct decode_state *s)
{
    if (RARELY(s->depth >= s->depth_most ||
               s->structs >= decoder->policy->limits->max_struct_depth)) {
        return step_fault(decoder, WIRE_DEPTH_LIMIT);
    }
    step_point(s->slot, s->type->record->layout->shared_empty);
    return STEP_VALUE_END;
}

ALWAYS_INLINE enum decode_step step_struct_end(struct decoder *decoder, struct decode_state *s)
{
    const struct plan *plan = s->plan;

    if (RARELY((plan->required & ~s->seen) != 0 || plan->far)) {
        s->op = NULL;
        if (!decode_incomplete(decoder, plan, s->base, s->seen)) {
            return STEP_FAILED;
        }
    }
    if (!plan->tagged) {
        memcpy(s->base + plan->layout->has_offset, &s->seen, sizeof s->seen);
    }
    if (s->frame == decoder->frames) {
        return STEP_DONE;
    }
    s->structs -= 1;
    return STEP_CLOSE;
}

/* ---- containers ---- */

/* R2: `count` elements of at least `least` bytes must fit into what is left besides `reserved`. */
ALWAYS_INLINE enum wire_fault step_count(const struct decoder *decoder,
                                         const struct decode_state *s, uint32_t count,
                                         uint32_t least)
{
    struct cursor left = s->in;

    left.end = s->reserved <= cursor_left(&left) ? left.end - s->reserved : left.at;
    return wire_count_check(&left, count, least, decoder->policy->limits);
}

/* The object with room for all its elements behind it; NULL: no memory. Its slot points at it. */
ALWAYS_INLINE uint8_t *step_elements(struct decoder *decoder, struct decode_state *s,
                                     uint32_t count)
{
    const struct plan_type *type = s->type;

    if (type->code == PLAN_LIST) {
        size_t size = sizeof(thrift_list) + (size_t)count * type->element->size;
        thrift_list *list = step_alloc(decoder, s, size, 8);

        if (list == NULL) {
            return NULL;
        }
        *list = (thrift_list){type->type, decoder->root, list + 1, count, count};
        step_point(s->slot, list);
        return (uint8_t *)(list + 1);
    }
    size_t size = sizeof(thrift_map) + (size_t)count * type->entry_size;
    thrift_map *map = step_alloc(decoder, s, size, 8);

    if (map == NULL) {
        return NULL;
    }
    map->type = type->type;
    map->root = decoder->root;
    map->entries = map + 1;
    map->count = map->capacity = count;
    atomic_init(&map->index, NULL);
    step_point(s->slot, map);
    return (uint8_t *)(map + 1);
}

/* Opens the frame of a container whose head was read and whose storage is there. */
ALWAYS_INLINE void step_open_container(struct decode_state *s, uint8_t *storage, uint32_t count,
                                       uint32_t least)
{
    const struct plan_type *type = s->type;
    struct decode_frame *frame = step_open(s);

    frame->plan = NULL;
    frame->type = type;
    frame->object = storage - (type->code == PLAN_LIST ? sizeof(thrift_list) : sizeof(thrift_map));
    frame->slot = storage;
    frame->count = count;
    frame->left = type->code == PLAN_LIST ? count : 2 * count;
    frame->least = least;
}

/* Sets `type` and `slot` to the next element, key or value. The caller knows that one is left. */
ALWAYS_INLINE void step_next_element(struct decode_state *s)
{
    struct decode_frame *frame = s->frame;
    const struct plan_type *type = frame->type;

    s->slot = frame->slot;
    frame->left -= 1;
    if (type->code == PLAN_LIST) {
        s->type = type->element;
        frame->slot += type->element->size;
        s->reserved -= frame->least;
    } else if ((frame->left & 1) != 0) {
        s->type = type->key;
        s->reserved -= frame->least;
    } else {
        s->type = type->element;
        s->slot += type->value_offset;
        frame->slot += type->entry_size;
    }
}

#endif
