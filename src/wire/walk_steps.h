/*
 * The steps of the walk that are the same in every protocol, inlined into each protocol's loop.
 *
 * A struct walk_state is a local of that loop and its address goes nowhere else, so that the
 * compiler keeps it in registers: what is not inlined finds it in the walk, where walk_pause() puts
 * it and walk_resume() takes it from.
 */
#ifndef WIRE_WALK_STEPS_H
#define WIRE_WALK_STEPS_H

#include "base/inline.h"
#include "wire/walk.h"
#include "wire/wire_type.h"

/* With so many bytes left, the head of any field and a value of fixed size behind it are there. */
#define WALK_SURE 20u

/* What comes next. */
enum walk_step {
    WALK_VALUE,   /* of type s->type */
    WALK_FIELD,   /* of the open struct */
    WALK_ELEMENT, /* of the open container */
    WALK_LEVEL,   /* behind a value: what the innermost level says */
    WALK_FAULT,   /* s->fault; it may only be that more bytes are needed */
    WALK_DONE
};

struct walk_state {
    struct cursor in;
    struct walk_level *top; /* behind the innermost level */
    uint32_t structs;
    uint8_t type; /* walk->next_type */
    enum wire_fault fault;
    /* these do not change but when the levels grow */
    struct walk_level *deepest; /* `top` goes no further without a closer look */
    uint32_t structs_most;
    size_t string_most; /* bytes of a string */
    size_t count_most;  /* elements, or entries */
};

/* Of a container. */
struct walk_head {
    uint8_t key, element; /* of a list both the same */
    uint32_t count;       /* of a map keys and values are counted */
};

/* A walk that has no levels yet has no array: adding even zero to it would be undefined. */
ALWAYS_INLINE struct walk_level *walk_level_at(const struct walk *walk, uint32_t depth)
{
    return depth > 0 ? walk->levels + depth : walk->levels;
}

ALWAYS_INLINE struct walk_state walk_resume(const struct walk *walk, const struct cursor *in)
{
    const thrift_limits *limits = walk->limits;
    uint32_t depth =
        limits->max_depth > walk->outer_depth ? limits->max_depth - walk->outer_depth : 0;

    depth = depth < walk->capacity ? depth : walk->capacity;
    depth = depth < WALK_DEPTH_MOST ? depth : WALK_DEPTH_MOST;
    return (struct walk_state){
        .in = *in,
        .top = walk_level_at(walk, walk->depth),
        .structs = walk->struct_depth,
        .type = walk->next_type,
        .deepest = walk_level_at(walk, depth),
        .structs_most = limits->max_struct_depth,
        .string_most = limits->max_string_size < INT32_MAX ? limits->max_string_size : INT32_MAX,
        .count_most = limits->max_container_count};
}

ALWAYS_INLINE void walk_pause(struct walk *walk, const struct walk_state *s, struct cursor *in)
{
    in->at = s->in.at;
    walk->depth = (uint32_t)(s->top - walk->levels);
    walk->struct_depth = s->structs;
    walk->next_type = s->type;
}

ALWAYS_INLINE enum walk_step walk_fault(struct walk_state *s, enum wire_fault fault)
{
    s->fault = fault;
    return WALK_FAULT;
}

/* Before it WALK_SURE bytes are there. */
ALWAYS_INLINE const uint8_t *walk_sure(const struct walk_state *s)
{
    return cursor_need(&s->in, WALK_SURE) ? s->in.end - WALK_SURE : s->in.begin;
}

/* ---- levels ---- */

/* Makes room for one more level, or says why there is none. */
enum wire_fault walk_grow(struct walk *walk, bool is_struct);

/* Whether one more level may be opened. */
ALWAYS_INLINE enum wire_fault walk_may_nest(struct walk *walk, struct walk_state *s, bool is_struct)
{
    enum wire_fault fault = WIRE_OK;

    if (RARELY(s->top >= s->deepest || (is_struct && s->structs >= s->structs_most))) {
        struct cursor in = s->in;

        walk_pause(walk, s, &in);
        fault = walk_grow(walk, is_struct);
        *s = walk_resume(walk, &in);
    }
    return fault;
}

/* The caller knows that a level may be opened. */
ALWAYS_INLINE void walk_open_struct(struct walk_state *s, int16_t last_id)
{
    *s->top++ = (struct walk_level){.is_struct = true, .last_id = last_id};
    s->structs += 1;
}

ALWAYS_INLINE void walk_open_container(struct walk_state *s, struct walk_head head)
{
    *s->top++ = (struct walk_level){.left = head.count, .types = {head.key, head.element}};
}

/* Behind a value. */
ALWAYS_INLINE enum walk_step walk_level(const struct walk *walk, const struct walk_state *s)
{
    if (s->top == walk->levels) {
        return WALK_DONE;
    }
    return s->top[-1].is_struct ? WALK_FIELD : WALK_ELEMENT;
}

ALWAYS_INLINE enum walk_step walk_close(struct walk_state *s)
{
    s->top -= 1;
    s->structs -= s->top->is_struct;
    return WALK_LEVEL;
}

/* ---- bytes that need no look ---- */

/* The whole of walk->pass, or as much of it as is there. */
ALWAYS_INLINE enum walk_step walk_pass(struct walk *walk, struct walk_state *s)
{
    size_t left = cursor_left(&s->in);
    size_t step = walk->pass < left ? (size_t)walk->pass : left;

    s->in.at += step;
    walk->pass -= step;
    return walk->pass == 0 ? WALK_LEVEL : walk_fault(s, WIRE_TRUNCATED);
}

/* The rest of a value, from `from` on. */
ALWAYS_INLINE enum walk_step walk_begin_pass(struct walk *walk, struct walk_state *s,
                                             const uint8_t *from, uint64_t size)
{
    s->in.at = from;
    s->type = WIRE_STOP;
    walk->pass = size;
    return walk_pass(walk, s);
}

ALWAYS_INLINE enum walk_step walk_string(struct walk *walk, struct walk_state *s,
                                         const uint8_t *from, uint32_t size)
{
    if (size > s->string_most) {
        return walk_fault(s, size > INT32_MAX ? WIRE_NEGATIVE_SIZE : WIRE_SIZE_LIMIT);
    }
    return walk_begin_pass(walk, s, from, size);
}

/* ---- containers ---- */

/* Whether so many elements can be, before any of them is there. */
ALWAYS_INLINE enum wire_fault walk_count(const struct walk *walk, const struct walk_state *s,
                                         const uint8_t *from, struct walk_head head,
                                         const uint8_t *least)
{
    uint8_t key = least[head.key], element = least[head.element];
    uint64_t bytes = (uint64_t)head.count * (key < element ? key : element);

    if (RARELY(key == 0 || element == 0)) {
        return WIRE_BAD_TYPE;
    }
    return RARELY(bytes > (size_t)(s->in.end - from)) && bytes > walk->limits->max_frame_size
               ? WIRE_SIZE_LIMIT
               : WIRE_OK;
}

/* The bytes of elements of which each has its fixed size. */
ALWAYS_INLINE uint64_t walk_fixed_size(struct walk_head head, const uint8_t *fixed)
{
    return head.key == head.element
               ? (uint64_t)head.count * fixed[head.key]
               : (uint64_t)(head.count / 2) * (fixed[head.key] + fixed[head.element]);
}

#endif
