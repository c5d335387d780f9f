/*
 * The walk of one protocol; walk_binary.h and walk_compact.h include this once each, with W(name)
 * set.
 *
 * Needs, all inlined: W(quick_fields), W(quick_elements), W(next_field), W(next_size),
 * W(pass_number), W(read_list), W(read_map), and the tables W(least), W(fixed). What is called
 * quick takes whole values that are there and as they should be, and nothing else; what it leaves,
 * the end of the input or what is wrong, is looked at step by step.
 */

/* The elements of a container whose head ends at `from`. */
ALWAYS_INLINE enum walk_step W(container)(struct walk *walk, struct walk_state *s,
                                          const uint8_t *from, struct walk_head head)
{
    enum wire_fault fault = walk_count(walk, s, from, head, W(least));

    if (fault == WIRE_OK && W(fixed)[head.key] != 0 && W(fixed)[head.element] != 0) {
        return walk_begin_pass(walk, s, from, walk_fixed_size(head, W(fixed)));
    }
    if (fault == WIRE_OK) {
        fault = walk_may_nest(walk, s, false);
    }
    if (RARELY(fault != WIRE_OK)) {
        return walk_fault(s, fault);
    }
    s->in.at = from;
    s->type = WIRE_STOP;
    head.count = W(quick_elements)(s, head);
    if (head.count == 0) {
        return WALK_LEVEL;
    }
    walk_open_container(s, head);
    return WALK_ELEMENT;
}

ALWAYS_INLINE enum walk_step W(list)(struct walk *walk, struct walk_state *s)
{
    struct cursor next = s->in;
    uint8_t element = WIRE_STOP;
    uint32_t count = 0;
    enum wire_fault fault = W(read_list)(&next, &element, &count);

    if (RARELY(fault != WIRE_OK || count > s->count_most)) {
        return walk_fault(s, fault != WIRE_OK ? fault : WIRE_SIZE_LIMIT);
    }
    if (count == 0) { /* of no type */
        return walk_begin_pass(walk, s, next.at, 0);
    }
    return W(container)(walk, s, next.at, (struct walk_head){element, element, count});
}

ALWAYS_INLINE enum walk_step W(map)(struct walk *walk, struct walk_state *s)
{
    struct cursor next = s->in;
    uint8_t key = WIRE_STOP, element = WIRE_STOP;
    uint32_t count = 0;
    enum wire_fault fault = W(read_map)(&next, &key, &element, &count);

    if (RARELY(fault != WIRE_OK || count > s->count_most)) {
        return walk_fault(s, fault != WIRE_OK ? fault : WIRE_SIZE_LIMIT);
    }
    if (count == 0) {
        return walk_begin_pass(walk, s, next.at, 0);
    }
    /* at most 2^32 - 2 */
    return W(container)(walk, s, next.at, (struct walk_head){key, element, 2 * count});
}

/* The begin of a value of s->type; takes nothing when it is not wholly there. */
ALWAYS_INLINE enum walk_step W(value)(struct walk *walk, struct walk_state *s)
{
    const uint8_t type = s->type;
    struct cursor next = s->in;
    uint32_t size;
    enum wire_fault fault;

    switch (type) {
    case WIRE_STRING:
        fault = W(next_size)(&next, &size);
        return fault == WIRE_OK ? walk_string(walk, s, next.at, size) : walk_fault(s, fault);
    case WIRE_STRUCT:
        fault = walk_may_nest(walk, s, true);
        if (RARELY(fault != WIRE_OK)) {
            return walk_fault(s, fault);
        }
        walk_open_struct(s, 0);
        s->type = WIRE_STOP;
        return WALK_FIELD;
    case WIRE_LIST:
    case WIRE_SET:
        return W(list)(walk, s);
    case WIRE_MAP:
        return W(map)(walk, s);
    default:
        if (W(fixed)[type] != 0) {
            return walk_begin_pass(walk, s, next.at, W(fixed)[type]);
        }
        fault = W(pass_number)(&next, type);
        return fault == WIRE_OK ? walk_begin_pass(walk, s, next.at, 0) : walk_fault(s, fault);
    }
}

/* The fields of the open struct, up to one that is to be looked at; or its end. */
ALWAYS_INLINE enum walk_step W(fields)(struct walk_state *s)
{
    struct walk_level *level = s->top - 1;
    struct cursor next;
    enum wire_fault fault;

    level->last_id = W(quick_fields)(s, level->last_id);
    next = s->in;
    fault = W(next_field)(level, &next, &s->type);
    s->in.at = next.at;
    if (RARELY(fault != WIRE_OK)) {
        return walk_fault(s, fault);
    }
    return s->type == WIRE_STOP ? walk_close(s) : WALK_VALUE;
}

/* The structs of the open list, of which `count` are left, up to one with more than quick fields:
 * no level is needed for those before it. */
ALWAYS_INLINE enum walk_step W(structs)(struct walk *walk, struct walk_state *s, uint32_t count)
{
    enum wire_fault fault = walk_may_nest(walk, s, true);
    int16_t last_id;

    if (RARELY(fault != WIRE_OK)) {
        return walk_fault(s, fault);
    }
    for (; count > 0; count--) {
        last_id = W(quick_fields)(s, 0);
        if (!cursor_need(&s->in, 1) || *s->in.at != WIRE_STOP) {
            s->top[-1].left = count - 1;
            walk_open_struct(s, last_id);
            return WALK_FIELD;
        }
        s->in.at += 1;
    }
    return walk_close(s);
}

/* The elements of the open container, up to one that is to be looked at; or its end. */
ALWAYS_INLINE enum walk_step W(elements)(struct walk *walk, struct walk_state *s)
{
    struct walk_level *level = s->top - 1;
    struct walk_head head = {level->types[0], level->types[1], level->left};

    if (head.key == WIRE_STRUCT && head.element == WIRE_STRUCT) {
        return W(structs)(walk, s, head.count);
    }
    head.count = W(quick_elements)(s, head);
    if (head.count == 0) {
        return walk_close(s);
    }
    level->left = head.count - 1;
    s->type = level->types[head.count & 1];
    return WALK_VALUE;
}

/* As in codec/decode_template.h: one switch for each step, so that the compiler goes straight to
 * the next where it knows which that is. */
#define NEXT(step)                                                                                 \
    switch (step) {                                                                                \
    case WALK_VALUE:                                                                               \
        goto value;                                                                                \
    case WALK_FIELD:                                                                               \
        goto field;                                                                                \
    case WALK_ELEMENT:                                                                             \
        goto element;                                                                              \
    case WALK_LEVEL:                                                                               \
        goto level;                                                                                \
    case WALK_FAULT:                                                                               \
    case WALK_DONE:                                                                                \
    default:                                                                                       \
        goto end;                                                                                  \
    }

static enum wire_fault W(walk_on)(struct walk *walk, struct cursor *in)
{
    struct walk_state s = walk_resume(walk, in);

    if (s.type == WIRE_STOP) {
        NEXT(walk_pass(walk, &s))
    }
value:
    NEXT(W(value)(walk, &s))
field:
    NEXT(W(fields)(&s))
element:
    NEXT(W(elements)(walk, &s))
level:
    NEXT(walk_level(walk, &s))
end:
    walk_pause(walk, &s, in);
    return s.fault;
}
#undef NEXT
