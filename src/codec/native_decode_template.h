/*
 * The decoder of native structs in one protocol; native_decode_binary.c and its like include this
 * once, with P(name) set, and READ(name) as in read_binary.h and its like.
 *
 * Needs P(expected), inlined, P_PROTOCOL, P_COMPACT. No recursion. Inline structs and items are
 * parts of memory that is zero already; only what is read a second time is made zero again.
 */
#include "codec/native_decode_aside.h"

/* A string, if nothing about it is special. */
ALWAYS_INLINE bool P(quick_string)(struct native_state *s, uint8_t code,
                                   const struct native_type *type, uint8_t *place)
{
    size_t size;
    const uint8_t *from = READ(peek_size)(&s->in, &size);

    if (from == NULL || size > (code == PLAN_BINARY ? s->binary_most : s->text_most) ||
        !(code == NATIVE_CHARS ? native_quick_chars(s, from, size, type, place)
                               : native_quick_string(s, code, from, size, place))) {
        return false;
    }
    s->in.at = from + size;
    return true;
}

/* One leaf into its place. false: it is not as simple as that, and nothing happened. */
ALWAYS_INLINE bool P(quick_leaf)(const struct codec_policy *policy, struct native_state *s,
                                 uint8_t code, const struct native_type *type, uint8_t *place)
{
    void *to = place;

    switch (code) {
    case PLAN_BOOL:
        return READ(read_bool)(&s->in, to);
    case PLAN_I8:
        return READ(read_i8)(&s->in, to);
    case PLAN_I16:
        return READ(get_i16)(&s->in, to) == WIRE_OK;
    case PLAN_ENUM:
        return !RARELY(!policy->accept_enum) && READ(get_i32)(&s->in, to) == WIRE_OK;
    case PLAN_I32:
        return READ(get_i32)(&s->in, to) == WIRE_OK;
    case PLAN_I64:
        return READ(get_i64)(&s->in, to) == WIRE_OK;
    case PLAN_DOUBLE:
        return READ(read_double)(&s->in, to);
    case PLAN_UUID:
        if (!cursor_need(&s->in, 16)) {
            return false;
        }
        memcpy(place, s->in.at, 16);
        s->in.at += 16;
        return true;
    default:
        return P(quick_string)(s, code, type, place);
    }
}

/* The value of the field `op`, of the least bytes that its head promised; as P(quick_leaf). */
ALWAYS_INLINE bool P(sure_leaf)(const struct codec_policy *policy, struct native_state *s,
                                uint8_t code)
{
    uint8_t *place = s->base + s->op->offset;

    if (P_COMPACT && code == PLAN_BOOL) {
        *place = s->truth;
        return true;
    }
    if (!cursor_need(&s->in, READ(sure)(code))) {
        __builtin_unreachable(); /* P(expected) has checked it */
    }
    return P(quick_leaf)(policy, s, code, s->op->type, place);
}

/* The same for whatever code `op` has. */
ALWAYS_INLINE bool P(quick_field)(const struct codec_policy *policy, struct native_state *s)
{
#define LEAF(which)                                                                                \
    case which:                                                                                    \
        return P(sure_leaf)(policy, s, which)
    switch (s->op->code) {
        LEAF(PLAN_BOOL);
        LEAF(PLAN_I8);
        LEAF(PLAN_I16);
        LEAF(PLAN_I32);
        LEAF(PLAN_ENUM);
        LEAF(PLAN_I64);
        LEAF(PLAN_DOUBLE);
        LEAF(PLAN_UUID);
        LEAF(NATIVE_TEXT);
        LEAF(PLAN_STRING);
        LEAF(PLAN_BINARY);
        LEAF(NATIVE_CHARS);
    default:
        return false;
    }
#undef LEAF
}

ALWAYS_INLINE enum wire_fault P(leaf)(struct native_decoder *decoder, struct native_state *s,
                                      uint8_t code, const struct native_type *type, uint8_t *place)
{
    enum wire_fault fault;

    if (P(quick_leaf)(decoder->policy, s, code, type, place)) {
        return WIRE_OK;
    }
    NATIVE_ASIDE(decoder, s, fault, P(other_leaf)(decoder, code, type, place));
    return fault;
}

/* The field `op` is a struct or an array. */
ALWAYS_INLINE enum native_step P(parts)(struct native_state *s)
{
    const struct native_op *op = s->op;

    if (op->code >= NATIVE_ARRAY) {
        return NATIVE_CONTAINER; /* not marked before its elements are known to be as declared */
    }
    if (RARELY((s->seen & op->seen) != 0) && op->code == NATIVE_STRUCT) {
        memset(s->base + op->offset, 0, op->type->record->size);
    }
    native_mark(s, s->frame->plan);
    return NATIVE_RECORD;
}

/* The value of the field `op`, its head read. NATIVE_VALUE_END: it has no parts. */
ALWAYS_INLINE enum native_step P(field_value)(struct native_decoder *decoder,
                                              struct native_state *s, struct native_value *v)
{
    const struct native_op *op = s->op;
    enum wire_fault fault;

    if (!native_is_leaf(op->type)) {
        *v = (struct native_value){op->type, s->base};
        return P(parts)(s);
    }
    native_mark(s, s->frame->plan);
    if (P(quick_field)(decoder->policy, s)) {
        return NATIVE_VALUE_END;
    }
    NATIVE_ASIDE(decoder, s, fault,
                 P(other_leaf)(decoder, op->code, op->type, decoder->state.base + op->offset));
    return fault == WIRE_OK ? NATIVE_VALUE_END : native_fault(decoder, fault);
}

/* The fields that come as expected, up to one with parts. */
ALWAYS_INLINE enum native_step P(fields)(struct native_decoder *decoder, struct native_state *s,
                                         struct native_value *v)
{
    while (P(expected)(decoder->policy, s)) {
        enum native_step step = P(field_value)(decoder, s, v);

        if (step != NATIVE_VALUE_END) {
            return step;
        }
        s->op += 1;
    }
    return NATIVE_OTHER;
}

/* The stop, or a field that was not expected. */
ALWAYS_INLINE enum native_step P(other)(struct native_decoder *decoder, struct native_state *s)
{
    enum native_step step;

    if (cursor_need(&s->in, 1) && *s->in.at == WIRE_STOP) {
        s->in.at += 1;
        return NATIVE_STRUCT_END;
    }
    NATIVE_ASIDE(decoder, s, step, P(other_field)(decoder));
    return step;
}

/* All items of an array of leaves; their least bytes are known to be there. */
ALWAYS_INLINE enum wire_fault P(leaves)(struct native_decoder *decoder, struct native_state *s,
                                        const struct native_type *element, uint8_t *item,
                                        uint32_t item_size)
{
    struct native_frame *frame = s->frame;
    enum wire_fault fault = WIRE_OK;

    while (frame->left > 0 && fault == WIRE_OK) {
        frame->left -= 1;
        fault = P(leaf)(decoder, s, element->code, element, item + element->offset);
        item += item_size;
    }
    return fault;
}

/* The head of a container; `*least` is what one of its elements takes at least. */
ALWAYS_INLINE enum wire_fault P(container_head)(const struct native_decoder *decoder,
                                                struct native_state *s,
                                                const struct native_type *type, uint32_t *count,
                                                uint32_t *least, uint8_t *wire, bool *matches)
{
    const struct native_type *element = type->element;
    const bool missing_accepted = decoder->policy->accept_missing;
    enum wire_fault fault;
    uint8_t key = WIRE_STOP;

    *least = native_least(element, READ(least), P_COMPACT, missing_accepted);
    if (type->code == NATIVE_ARRAY) {
        fault = READ(read_list)(&s->in, wire, count);
        *matches = fault == WIRE_OK && *wire == element->wire;
        return fault;
    }
    fault = READ(read_map)(&s->in, &key, wire, count);
    *least += native_least(type->key, READ(least), P_COMPACT, missing_accepted);
    *matches = fault == WIRE_OK && *wire == element->wire && key == type->key->wire;
    return fault;
}

/* ---- flat structs ---- */

/* Where reading a struct inside of the outermost one left that. */
struct P(outer) {
    const struct native_op *op; /* NULL: the open struct is the outermost */
    uint64_t seen;
};

ALWAYS_INLINE bool P(may_go_in)(const struct codec_policy *policy, const struct native_op *op,
                                const struct P(outer) * outer)
{
    return op->code == NATIVE_STRUCT && op->type->record->flat && outer->op == NULL &&
           policy->limits->max_depth >= 2 && policy->limits->max_struct_depth >= 2;
}

/* The field `op` is a struct: it becomes the open one. */
ALWAYS_INLINE const struct native_plan *P(go_in)(struct native_state *s, struct P(outer) * outer)
{
    const struct native_plan *plan = s->op->type->record;

    *outer = (struct P(outer)){s->op, s->seen};
    s->base += s->op->offset;
    s->op = plan->ops;
    s->seen = 0;
    s->last_id = 0;
    return plan;
}

ALWAYS_INLINE void P(go_out)(struct native_state *s, const struct native_plan *plan,
                             struct P(outer) * outer)
{
    s->op = outer->op;
    s->base -= s->op->offset;
    s->seen = outer->seen;
    s->last_id = s->op->id;
    native_mark(s, plan);
    s->op += 1;
    outer->op = NULL;
}

ALWAYS_INLINE bool P(at_stop)(const struct native_state *s, const struct native_plan *plan)
{
    return cursor_need(&s->in, 1) && *s->in.at == WIRE_STOP && (plan->awaited & ~s->seen) == 0;
}

/* The struct whose first field `s` stands at, flat and with everything that is awaited; false:
 * there is more to it. */
ALWAYS_INLINE bool P(flat_struct)(const struct native_plan *plan, const struct codec_policy *policy,
                                  struct native_state *s)
{
    const struct native_plan *open = plan;
    struct P(outer) outer = {NULL, 0};

    for (;;) {
        while (P(expected)(policy, s)) {
            if (P(quick_field)(policy, s)) {
                native_mark(s, open);
                s->op += 1;
            } else if (RARELY(P(may_go_in)(policy, s->op, &outer))) {
                open = P(go_in)(s, &outer);
            } else {
                return false;
            }
        }
        if (!P(at_stop)(s, open)) {
            return false;
        }
        s->in.at += 1;
        if (!RARELY(outer.op != NULL)) {
            return true;
        }
        open = plan;
        P(go_out)(s, plan, &outer);
    }
}

/* The first items of an array of flat structs, without frames; returns how many. One that is not
 * done is zero again. */
NEVER_INLINE uint32_t P(flat_items)(struct native_decoder *decoder, const struct native_type *type,
                                    uint8_t *item, uint32_t count)
{
    const struct native_type *element = type->element;
    const struct native_plan *plan = element->record;
    struct native_state s = decoder->state;
    uint32_t done = 0;

    for (; done < count; done++, item += type->item_size) {
        struct native_state next = s;

        next.base = native_flat_place(element, item, &next);
        next.op = plan->ops;
        next.seen = 0;
        next.last_id = 0;
        if (RARELY(next.base == NULL || !P(flat_struct)(plan, decoder->policy, &next))) {
            memset(item, 0, type->item_size);
            break;
        }
        s.in.at = next.in.at;
        s.free_at = next.free_at;
    }
    decoder->state.in.at = s.in.at;
    decoder->state.free_at = s.free_at;
    return done;
}

/* What comes behind the head of a container with elements. */
ALWAYS_INLINE enum native_step P(elements)(struct native_decoder *decoder, struct native_state *s,
                                           struct native_value v, uint32_t count, uint32_t least)
{
    const struct native_type *element = v.type->element;
    uint8_t *items = native_items(decoder, s, v.type, count);
    uint32_t done = 0;

    if (RARELY(items == NULL)) {
        return native_fault(decoder, WIRE_NO_MEMORY);
    }
    native_set_items(v, items, count);
    if (v.type->dense && READ(items)(&s->in, element->code, items, count)) {
        return NATIVE_VALUE_END;
    }
    if (native_may_be_flat(decoder, s, v.type)) {
        NATIVE_ASIDE(decoder, s, done, P(flat_items)(decoder, v.type, items, count));
        if (done == count) {
            return NATIVE_VALUE_END;
        }
    }
    native_open_container(s, v.type, items, count, done, least);
    if (v.type->code == NATIVE_ARRAY && native_is_leaf(element)) {
        enum wire_fault fault = P(leaves)(decoder, s, element, items, v.type->item_size);

        return fault == WIRE_OK ? NATIVE_CLOSE : native_fault(decoder, fault);
    }
    decoder->reserved += (uint64_t)(count - done) * least;
    return NATIVE_ELEMENT;
}

ALWAYS_INLINE enum native_step P(container)(struct native_decoder *decoder, struct native_state *s,
                                            struct native_value v)
{
    const uint8_t *begin = s->in.at;
    uint32_t count = 0, least;
    uint8_t wire = 0;
    bool matches;
    enum wire_fault fault;

    if (RARELY(v.type->code == NATIVE_DYNAMIC)) {
        enum native_step step;

        NATIVE_ASIDE(decoder, s, step, P(dynamic)(decoder, v.type, v.owner));
        return step;
    }
    fault = P(container_head)(decoder, s, v.type, &count, &least, &wire, &matches);
    if (RARELY(fault == WIRE_OK && s->frame >= decoder->last_frame)) {
        fault = WIRE_DEPTH_LIMIT;
    }
    if (RARELY(fault != WIRE_OK)) {
        return native_fault(decoder, fault);
    }
    if (count > 0 && RARELY(!matches)) {
        enum native_step step;

        NATIVE_ASIDE(decoder, s, step, P(other_elements)(decoder, v.type, begin, wire));
        return step;
    }
    if (s->frame->plan != NULL) {
        native_mark(s, s->frame->plan);
    }
    if (count == 0) {
        native_set_items(v, native_no_items, 0);
        return NATIVE_VALUE_END;
    }
    fault = native_count(decoder, s, count, least);
    return fault == WIRE_OK ? P(elements)(decoder, s, v, count, least)
                            : native_fault(decoder, fault);
}

ALWAYS_INLINE enum native_step P(element)(struct native_decoder *decoder, struct native_state *s,
                                          struct native_value *out_v)
{
    while (s->frame->left > 0) {
        struct native_value v = native_next_element(decoder, s->frame);
        enum wire_fault fault;

        if (!native_is_leaf(v.type)) {
            *out_v = v;
            return v.type->code < NATIVE_ARRAY ? NATIVE_RECORD : NATIVE_CONTAINER;
        }
        fault = P(leaf)(decoder, s, v.type->code, v.type, v.owner + v.type->offset);
        if (RARELY(fault != WIRE_OK)) {
            return native_fault(decoder, fault);
        }
    }
    return NATIVE_CLOSE;
}

/* As in decode_template.h. */
#define NEXT(step)                                                                                 \
    switch (step) {                                                                                \
    case NATIVE_FIELD:                                                                             \
        goto field;                                                                                \
    case NATIVE_OTHER:                                                                             \
        goto other;                                                                                \
    case NATIVE_MATCHED:                                                                           \
        goto matched;                                                                              \
    case NATIVE_RECORD:                                                                            \
        goto record;                                                                               \
    case NATIVE_CONTAINER:                                                                         \
        goto container;                                                                            \
    case NATIVE_VALUE_END:                                                                         \
        goto value_end;                                                                            \
    case NATIVE_ELEMENT:                                                                           \
        goto element;                                                                              \
    case NATIVE_STRUCT_END:                                                                        \
        goto struct_end;                                                                           \
    case NATIVE_CLOSE:                                                                             \
        goto close;                                                                                \
    case NATIVE_DONE:                                                                              \
        goto done;                                                                                 \
    case NATIVE_FAILED:                                                                            \
    default:                                                                                       \
        goto failed;                                                                               \
    }

bool P(decode_run)(struct native_decoder *decoder)
{
    struct native_state s = decoder->state;
    struct native_value v = {NULL, NULL};

field:
    NEXT(P(fields)(decoder, &s, &v))
other:
    NEXT(P(other)(decoder, &s))
matched:
    NEXT(P(field_value)(decoder, &s, &v))
record:
    NEXT(native_record(decoder, &s, v))
container:
    NEXT(P(container)(decoder, &s, v))
value_end:
    NEXT(native_value_end(&s))
element:
    NEXT(P(element)(decoder, &s, &v))
struct_end:
    NEXT(native_struct_end(decoder, &s))
close:
    NEXT(native_close(&s))
done:
    decoder->state.in = s.in;
    decoder->root->arena.at = s.free_at;
    return true;
failed:
    decoder->state = s;
    decoder->root->arena.at = s.free_at;
    return false;
}
#undef NEXT

size_t P(decode_flat)(const struct native_plan *plan, thrift_bytes input,
                      const struct codec_policy *policy, struct thrift_root *root, uint8_t *base)
{
    struct native_state s = native_begin(plan, input, policy, &root->arena, base);

    if (RARELY(!P(flat_struct)(plan, policy, &s))) {
        return 0;
    }
    root->arena.at = s.free_at;
    return cursor_offset(&s.in);
}
