/*
 * The encoder of native structs in one protocol; native_encode_binary.c and its like include this
 * once, with P(name) set.
 *
 * Needs P_PROTOCOL and, all inlined: P(head), P(absent), P(raw_field), P(stop), P(put_leaf),
 * P(put_size), P(put_list), P(put_map), P(put_items), P_LEAF_MOST, P_COMPACT. No recursion.
 */
#include "codec/native_encode_aside.h"

/* A string with its size, at `place`, for which NATIVE_ROOM is there. false: it is long. */
ALWAYS_INLINE bool P(quick_string)(struct native_encode_state *s, thrift_bytes bytes)
{
    if (bytes.size > NATIVE_SHORT) {
        return false;
    }
    s->to = P(put_size)(s->to, (uint32_t)bytes.size);
    bytes_copy_short(s->to, bytes.data, bytes.size);
    s->to += bytes.size;
    return true;
}

ALWAYS_INLINE bool P(put_string)(struct native_encoder *encoder, struct native_encode_state *s,
                                 uint8_t code, const struct native_type *type, const uint8_t *place)
{
    thrift_bytes bytes = native_string(code, type, place);
    bool good;

    if (P(quick_string)(s, bytes)) {
        return true;
    }
    NATIVE_ASIDE(encoder, s, good, P(long_string)(encoder, bytes));
    return good;
}

/* The value of the field `op`, a leaf, its head written. false: it is a long string. */
ALWAYS_INLINE bool P(quick_field)(struct native_encode_state *s)
{
    const struct native_op *op = s->op;
    const uint8_t *place = s->base + op->offset;

#define LEAF(which)                                                                                \
    case which:                                                                                    \
        s->to = P(put_leaf)(s->to, which, place);                                                  \
        return true
    switch (op->code) {
    case PLAN_BOOL:
        if (!P_COMPACT) {
            s->to = P(put_leaf)(s->to, PLAN_BOOL, place);
        }
        return true;
        LEAF(PLAN_I8);
        LEAF(PLAN_I16);
        LEAF(PLAN_I32);
        LEAF(PLAN_ENUM);
        LEAF(PLAN_I64);
        LEAF(PLAN_DOUBLE);
        LEAF(PLAN_UUID);
    case NATIVE_TEXT:
        return P(quick_string)(s, native_string(NATIVE_TEXT, op->type, place));
    case PLAN_STRING:
    case PLAN_BINARY:
        return P(quick_string)(s, native_string(PLAN_BINARY, op->type, place));
    case NATIVE_CHARS:
        return P(quick_string)(s, native_string(NATIVE_CHARS, op->type, place));
    default:
        return false;
    }
#undef LEAF
}

/* The value of the field `op`, its head written. */
ALWAYS_INLINE enum native_step P(field_value)(struct native_encoder *encoder,
                                              struct native_encode_state *s, struct native_value *v)
{
    const struct native_op *op = s->op;
    thrift_bytes bytes;
    bool good;

    if (P(quick_field)(s)) {
        return NATIVE_VALUE_END;
    }
    if (!native_is_leaf(op->type)) {
        *v = (struct native_value){op->type, s->base};
        return op->code < NATIVE_ARRAY ? NATIVE_RECORD : NATIVE_CONTAINER;
    }
    bytes = native_string(op->code, op->type, s->base + op->offset);
    NATIVE_ASIDE(encoder, s, good, P(long_string)(encoder, bytes));
    return good ? NATIVE_VALUE_END : NATIVE_FAILED;
}

/* The fields that are there, up to one with parts. */
ALWAYS_INLINE enum native_step P(fields)(struct native_encoder *encoder,
                                         struct native_encode_state *s, struct native_value *v)
{
    while (native_is_there(s) || RARELY(native_is_tagged(s))) {
        enum native_step step;

        if (!native_room(encoder, s)) {
            return NATIVE_FAILED;
        }
        s->to = P(head)(s->to, s->op, &s->last_id, s->base + s->op->offset);
        step = P(field_value)(encoder, s, v);
        if (step != NATIVE_VALUE_END) {
            return step;
        }
        s->op += 1;
    }
    return NATIVE_OTHER;
}

ALWAYS_INLINE bool P(put_stop)(struct native_encoder *encoder, struct native_encode_state *s)
{
    if (!native_room(encoder, s)) {
        return false;
    }
    s->to = P(stop)(s->to);
    return true;
}

/* The stop, or a field that is absent. */
ALWAYS_INLINE enum native_step P(other)(struct native_encoder *encoder,
                                        struct native_encode_state *s)
{
    enum native_step step;

    if (s->op->presence == NATIVE_BEHIND) {
        return P(put_stop)(encoder, s) ? NATIVE_CLOSE : NATIVE_FAILED;
    }
    NATIVE_ASIDE(encoder, s, step, P(absent_field)(encoder));
    return step;
}

ALWAYS_INLINE enum native_step P(record)(struct native_encoder *encoder,
                                         struct native_encode_state *s, struct native_value v)
{
    const uint8_t *base = v.owner + v.type->offset;

    if (v.type->code == NATIVE_POINTER) {
        base = native_pointer(base);
    }
    if (RARELY(base == NULL)) { /* an item that is not there, a member whose bool says otherwise */
        return P(put_stop)(encoder, s) ? NATIVE_VALUE_END : NATIVE_FAILED;
    }
    return native_open(encoder, s) ? native_enter(encoder, s, v.type->record, base) : NATIVE_FAILED;
}

/* All items of an array of strings, its frame open. */
ALWAYS_INLINE enum native_step P(strings)(struct native_encoder *encoder,
                                          struct native_encode_state *s,
                                          const struct native_type *element, const uint8_t *items,
                                          uint32_t item_size)
{
    struct native_encode_frame *frame = s->frame;

    while (frame->left > 0) {
        frame->left -= 1;
        if (!native_room(encoder, s) ||
            !P(put_string)(encoder, s, element->code, element, items + element->offset)) {
            return NATIVE_FAILED;
        }
        items += item_size;
    }
    return NATIVE_CLOSE;
}

/* ---- flat structs ---- */

/* A field that is there. */
ALWAYS_INLINE bool P(flat_field)(struct native_encode_state *s, const struct native_op **outer)
{
    const struct native_op *op = s->op;

    if (RARELY(s->to > s->full)) {
        return false;
    }
    s->to = P(head)(s->to, op, &s->last_id, s->base + op->offset);
    if (P(quick_field)(s)) {
        s->op = op + 1;
        return true;
    }
    if (op->code != NATIVE_STRUCT || !op->type->record->flat || *outer != NULL) {
        return false;
    }
    *outer = op;
    s->base += op->offset;
    s->op = op->type->record->ops;
    s->last_id = 0;
    return true;
}

/* The struct whose first field `s` stands at, if it is flat; false: there is more to it, or no
 * room, and what was written at `to` is to be written over. */
ALWAYS_INLINE bool P(flat_struct)(struct native_encode_state *s)
{
    const struct native_op *outer = NULL; /* the field whose struct is the open one */

    for (;;) {
        while (native_is_there(s)) {
            if (!P(flat_field)(s, &outer)) {
                return false;
            }
        }
        if (s->op->left_out) {
            s->op += 1;
            continue;
        }
        if (s->op->presence != NATIVE_BEHIND || RARELY(s->to > s->full)) {
            return false;
        }
        s->to = P(stop)(s->to);
        if (!RARELY(outer != NULL)) {
            return true;
        }
        s->base -= outer->offset;
        s->last_id = outer->id;
        s->op = outer + 1;
        outer = NULL;
    }
}

/* The first items of an array of flat structs, without frames, up to one that needs them; returns
 * how many. */
NEVER_INLINE uint32_t P(flat_items)(struct native_encode_state *state,
                                    const struct native_type *type, const uint8_t *item,
                                    uint32_t count)
{
    const struct native_type *element = type->element;
    struct native_encode_state s = {.to = state->to, .full = state->full};
    uint32_t done = 0;

    for (; done < count; done++, item += type->item_size) {
        const uint8_t *place = item + element->offset;

        s.base = element->code == NATIVE_STRUCT ? place : native_pointer(place);
        s.op = element->record->ops;
        s.last_id = 0;
        if (RARELY(s.base == NULL || !P(flat_struct)(&s))) {
            break;
        }
        state->to = s.to;
    }
    return done;
}

/* What comes behind the head of a container with elements. */
ALWAYS_INLINE enum native_step P(elements)(struct native_encoder *encoder,
                                           struct native_encode_state *s,
                                           const struct native_type *type, const uint8_t *items,
                                           uint32_t count)
{
    const struct native_type *element = type->element;
    uint32_t done = 0;

    if (type->code == NATIVE_ARRAY && element->code < PLAN_STRING) {
        if (!native_room_behind(encoder, s, (size_t)count * P_LEAF_MOST)) {
            return NATIVE_FAILED;
        }
        s->to = P(put_items)(s->to, element->code, items + element->offset, type->item_size, count);
        return NATIVE_VALUE_END;
    }
    if (native_may_be_flat(encoder, s, type)) {
        NATIVE_ASIDE(encoder, s, done, P(flat_items)(&encoder->state, type, items, count));
        if (done == count) {
            return NATIVE_VALUE_END;
        }
    }
    if (!native_open_container(encoder, s, type, items, count, done)) {
        return NATIVE_FAILED;
    }
    return type->code == NATIVE_ARRAY && native_is_leaf(element)
               ? P(strings)(encoder, s, element, items, type->item_size)
               : NATIVE_ELEMENT;
}

ALWAYS_INLINE enum native_step P(container)(struct native_encoder *encoder,
                                            struct native_encode_state *s, struct native_value v)
{
    const struct native_type *type = v.type;
    const uint8_t *items;
    uint32_t count;

    if (RARELY(type->code == NATIVE_DYNAMIC)) {
        bool good;

        NATIVE_ASIDE(encoder, s, good,
                     native_encode_dynamic(encoder, P_PROTOCOL, type, v.owner + type->offset));
        return good ? NATIVE_VALUE_END : NATIVE_FAILED;
    }
    if (!native_items(encoder, v, &items, &count) || !native_room(encoder, s)) {
        return NATIVE_FAILED;
    }
    s->to = type->code == NATIVE_ARRAY
                ? P(put_list)(s->to, type->element->wire, count)
                : P(put_map)(s->to, type->key->wire, type->element->wire, count);
    return count == 0 ? NATIVE_VALUE_END : P(elements)(encoder, s, type, items, count);
}

ALWAYS_INLINE enum native_step P(element)(struct native_encoder *encoder,
                                          struct native_encode_state *s, struct native_value *out_v)
{
    while (s->frame->left > 0) {
        struct native_value v = native_next_element(s->frame);
        const uint8_t *place = v.owner + v.type->offset;

        if (!native_is_leaf(v.type)) {
            *out_v = v;
            return v.type->code < NATIVE_ARRAY ? NATIVE_RECORD : NATIVE_CONTAINER;
        }
        if (!native_room(encoder, s)) {
            return NATIVE_FAILED;
        }
        if (v.type->code < PLAN_STRING) {
            s->to = P(put_leaf)(s->to, v.type->code, place);
        } else if (!P(put_string)(encoder, s, v.type->code, v.type, place)) {
            return NATIVE_FAILED;
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
    case NATIVE_RECORD:                                                                            \
        goto record;                                                                               \
    case NATIVE_CONTAINER:                                                                         \
        goto container;                                                                            \
    case NATIVE_VALUE_END:                                                                         \
        goto value_end;                                                                            \
    case NATIVE_ELEMENT:                                                                           \
        goto element;                                                                              \
    case NATIVE_CLOSE:                                                                             \
        goto close;                                                                                \
    case NATIVE_DONE:                                                                              \
        goto done;                                                                                 \
    case NATIVE_FAILED:                                                                            \
    default:                                                                                       \
        goto failed;                                                                               \
    }

bool P(encode_run)(struct native_encoder *encoder)
{
    struct native_encode_state s = {
        .to = encoder->state.to, .full = encoder->state.full, .frame = encoder->frames};
    struct native_value v = {NULL, NULL};

    NEXT(native_enter(encoder, &s, encoder->frames->plan, encoder->frames->base))
field:
    NEXT(P(fields)(encoder, &s, &v))
other:
    NEXT(P(other)(encoder, &s))
record:
    NEXT(P(record)(encoder, &s, v))
container:
    NEXT(P(container)(encoder, &s, v))
value_end:
    NEXT(native_value_end(&s))
element:
    NEXT(P(element)(encoder, &s, &v))
close:
    NEXT(native_close(encoder, &s))
done:
    encoder->out->size = (size_t)(s.to - encoder->out->data);
    return true;
failed:
    encoder->state = s;
    return false;
}
#undef NEXT

bool P(encode_flat)(const struct native_plan *plan, const uint8_t *base, thrift_buffer *out)
{
    struct native_encode_state s = {.to = out->data + out->size,
                                    .full = out->data + out->capacity - NATIVE_ROOM,
                                    .op = plan->ops,
                                    .base = base};

    if (!P(flat_struct)(&s)) {
        return false;
    }
    out->size = (size_t)(s.to - out->data);
    return true;
}
