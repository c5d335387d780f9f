/*
 * The decoder of one protocol; decode_binary.c and its like include this once, with P(name) set.
 *
 * Needs, all inlined: P(expected), P(next_field), P(read_bool), P(read_i8), P(get_i16), P(get_i32),
 * P(get_i64), P(read_double), P(read_string), P(read_list), P(read_map), P(items), the P(flat_…)
 * and the table P(least), P_PROTOCOL, P_COMPACT. No recursion: see decode_steps.h, which also says
 * how the fast path is kept apart from what is seldom needed: that is in decode_aside.h. What needs
 * no frames is in decode_flat.h, decode_leafy.h and decode_part.h.
 */
#include "codec/decode_aside.h"

/* A string or binary into `slot`: at once if it is short and nothing about it is special. */
ALWAYS_INLINE enum wire_fault P(string)(struct decoder *decoder, struct decode_state *s,
                                        uint8_t code, uint8_t *slot)
{
    size_t most = code == PLAN_STRING ? decoder->text_most : decoder->binary_most, size;
    const uint8_t *from = P(peek_size)(&s->in, &size);
    enum wire_fault fault;

    if (from != NULL && size <= most && step_quick_string(s, from, size, slot)) {
        s->in.at = from + size;
        return WIRE_OK;
    }
    STEP_ASIDE(decoder, s, fault, P(other_string)(decoder, code, slot));
    return fault;
}

/* One value without parts into `slot`, no string. */
ALWAYS_INLINE enum wire_fault P(number)(struct cursor *in, uint8_t code, uint8_t *slot)
{
    void *to = slot;

    switch (code) {
    case PLAN_BOOL:
        return P(read_bool)(in, to) ? WIRE_OK : WIRE_TRUNCATED;
    case PLAN_I8:
        return P(read_i8)(in, to) ? WIRE_OK : WIRE_TRUNCATED;
    case PLAN_I16:
        return P(get_i16)(in, to);
    case PLAN_I32:
    case PLAN_ENUM:
        return P(get_i32)(in, to);
    case PLAN_I64:
        return P(get_i64)(in, to);
    case PLAN_DOUBLE:
        return P(read_double)(in, to) ? WIRE_OK : WIRE_TRUNCATED;
    default:
        if (!cursor_need(in, 16)) {
            return WIRE_TRUNCATED;
        }
        memcpy(slot, in->at, 16);
        in->at += 16;
        return WIRE_OK;
    }
}

/* One value without parts into `slot`. */
ALWAYS_INLINE enum wire_fault P(leaf)(struct decoder *decoder, struct decode_state *s, uint8_t code,
                                      const struct plan_type *type, uint8_t *slot)
{
    const void *number = slot;
    enum wire_fault fault;

    if (code == PLAN_STRING || code == PLAN_BINARY) {
        return P(string)(decoder, s, code, slot);
    }
    fault = P(number)(&s->in, code, slot);
    if (code == PLAN_ENUM && fault == WIRE_OK && RARELY(!decoder->policy->accept_enum) &&
        !decode_enum(decoder, type, *(const int32_t *)number)) {
        return WIRE_BAD_VALUE;
    }
    return fault;
}

/* The head of a container; `*least` is what one of its elements takes at least. */
ALWAYS_INLINE enum wire_fault P(container_head)(const struct decoder *decoder, struct cursor *in,
                                                const struct plan_type *type, uint32_t *count,
                                                uint32_t *least, uint8_t *wire, bool *matches)
{
    const struct plan_type *element = type->element;
    const bool missing_accepted = decoder->policy->accept_missing;
    enum wire_fault fault;
    uint8_t key = WIRE_STOP;

    *least = plan_least(element, P(least), P_COMPACT, missing_accepted);
    if (type->code == PLAN_LIST) {
        fault = P(read_list)(in, wire, count);
        *matches = fault == WIRE_OK && *wire == element->wire;
        return fault;
    }
    fault = P(read_map)(in, &key, wire, count);
    *least += plan_least(type->key, P(least), P_COMPACT, missing_accepted);
    *matches = fault == WIRE_OK && *wire == element->wire && key == type->key->wire;
    return fault;
}

#include "codec/decode_flat.h"
#include "codec/decode_leafy.h"
#include "codec/decode_part.h"
#include "codec/decode_quick.h"

/* The value of the field `op` where its head said that the least bytes of its type are there. */
ALWAYS_INLINE enum wire_fault P(sure_leaf)(struct decoder *decoder, struct decode_state *s,
                                           uint8_t code)
{
    if (!cursor_need(&s->in, P(sure)(code))) {
        __builtin_unreachable(); /* P(expected) has checked it */
    }
    return P(leaf)(decoder, s, code, s->op->type, s->base + s->op->offset);
}

/* The stop, or a field that was not expected. */
ALWAYS_INLINE enum decode_step P(other)(struct decoder *decoder, struct decode_state *s)
{
    enum decode_step step;

    if (cursor_need(&s->in, 1) && *s->in.at == WIRE_STOP) {
        s->in.at += 1;
        return STEP_STRUCT_END;
    }
    STEP_ASIDE(decoder, s, step, P(other_field)(decoder));
    return step;
}

ALWAYS_INLINE enum decode_step P(record)(struct decoder *decoder, struct decode_state *s,
                                         struct decode_value v)
{
    if (cursor_need(&s->in, 1) && *s->in.at == WIRE_STOP && v.type->record->may_be_empty) {
        s->in.at += 1;
        return step_empty_record(decoder, s, v);
    }
    return step_record(decoder, s, v);
}

/* What comes behind the head of a container with elements. */
ALWAYS_INLINE enum decode_step P(elements)(struct decoder *decoder, struct decode_state *s,
                                           struct decode_value v, uint32_t count, uint32_t least)
{
    uint8_t *storage = step_elements(decoder, s, v, count);
    struct decode_part part = {v.type, storage, count, least};
    uint32_t done = 0;

    if (RARELY(storage == NULL)) {
        return step_fault(decoder, WIRE_NO_MEMORY);
    }
    decoder->reserved += (uint64_t)count * least;
    if (v.type->flat && step_may_be_flat(decoder, s)) {
        STEP_ASIDE(decoder, s, done, P(flat_part)(decoder, part));
        if (done == count) {
            return STEP_VALUE_END;
        }
    }
    step_open_container(s, v.type, storage, count, done, least);
    return STEP_ELEMENT;
}

ALWAYS_INLINE enum decode_step P(container)(struct decoder *decoder, struct decode_state *s,
                                            struct decode_value v)
{
    const uint8_t *begin = s->in.at;
    uint32_t count = 0, least;
    uint8_t wire = 0;
    bool matches;
    enum wire_fault fault =
        P(container_head)(decoder, &s->in, v.type, &count, &least, &wire, &matches);

    if (RARELY(fault == WIRE_OK && !step_may_nest(decoder, s))) {
        fault = WIRE_DEPTH_LIMIT;
    }
    if (RARELY(fault != WIRE_OK)) {
        return step_fault(decoder, fault);
    }
    if (count > 0 && RARELY(!matches)) {
        enum decode_step step;

        STEP_ASIDE(decoder, s, step, P(other_elements)(decoder, v, begin, wire));
        return step;
    }
    if (s->frame->plan != NULL) {
        step_mark(s);
    }
    if (count == 0) {
        step_point(v.slot, step_empty(v.type));
        return STEP_VALUE_END;
    }
    fault = step_count(decoder, &s->in, count, least);
    return fault == WIRE_OK ? P(elements)(decoder, s, v, count, least) : step_fault(decoder, fault);
}

/* The elements of an open container that are flat, up to one that is not. */
ALWAYS_INLINE void P(more_elements)(struct decoder *decoder, struct decode_state *s)
{
    struct decode_frame *frame = s->frame;
    const struct plan_type *type = frame->type;
    uint32_t each = type->code == PLAN_LIST ? 1 : 2, done; /* `left` counts keys and values */

    if (type->flat && frame->left % each == 0 && step_may_be_flat(decoder, s)) {
        struct decode_part rest = {type, frame->slot, frame->left / each, frame->least};

        STEP_ASIDE(decoder, s, done, P(flat_part)(decoder, rest));
        frame->slot += (size_t)done * (each == 1 ? type->element->size : type->entry_size);
        frame->left -= done * each;
    }
}

ALWAYS_INLINE enum decode_step P(element)(struct decoder *decoder, struct decode_state *s,
                                          struct decode_value *out_v)
{
    while (s->frame->left > 0) {
        struct decode_value v = step_next_element(decoder, s->frame);
        enum wire_fault fault;

        if (!plan_is_leaf(v.type)) {
            *out_v = v;
            return v.type->code == PLAN_RECORD ? STEP_RECORD : STEP_CONTAINER;
        }
        fault = P(leaf)(decoder, s, v.type->code, v.type, v.slot);
        if (RARELY(fault != WIRE_OK)) {
            return step_fault(decoder, fault);
        }
    }
    return STEP_CLOSE;
}

/* Each step's outcome jumps to the step that is next: one switch for each, not one for all, lets
 * the compiler go straight there where it knows the outcome. */
#define NEXT(step)                                                                                 \
    switch (step) {                                                                                \
    case STEP_FIELD:                                                                               \
        goto field;                                                                                \
    case STEP_OTHER:                                                                               \
        goto other;                                                                                \
    case STEP_MATCHED:                                                                             \
        goto matched;                                                                              \
    case STEP_RECORD:                                                                              \
        goto record;                                                                               \
    case STEP_CONTAINER:                                                                           \
        goto container;                                                                            \
    case STEP_VALUE_END:                                                                           \
        goto value_end;                                                                            \
    case STEP_ELEMENT:                                                                             \
        goto element;                                                                              \
    case STEP_STRUCT_END:                                                                          \
        goto struct_end;                                                                           \
    case STEP_CLOSE:                                                                               \
        goto close;                                                                                \
    case STEP_DONE:                                                                                \
        goto done;                                                                                 \
    case STEP_FAILED:                                                                              \
    default:                                                                                       \
        goto failed;                                                                               \
    }

/* The address of a label is GNU C: a jump by it costs two instructions, a switch in shared code six
 * and, since compilers do not believe that the operation is one of those below, a comparison. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

bool P(decode_run)(struct decoder *decoder)
{
    static const void *const values[] = {
        [PLAN_BOOL] = &&bool_value,     [PLAN_I8] = &&i8_value,
        [PLAN_I16] = &&i16_value,       [PLAN_I32] = &&i32_value,
        [PLAN_ENUM] = &&enum_value,     [PLAN_I64] = &&i64_value,
        [PLAN_DOUBLE] = &&double_value, [PLAN_UUID] = &&uuid_value,
        [PLAN_STRING] = &&string_value, [PLAN_BINARY] = &&binary_value,
        [PLAN_RECORD] = &&record_value, [PLAN_LIST] = &&container_value,
        [PLAN_MAP] = &&container_value,
    };
    struct decode_state s = step_begin(decoder);
    struct decode_value v = {NULL, NULL};
    enum wire_fault fault;

field:
    if (!P(expected)(decoder, &s)) {
        goto other;
    }
matched:
    goto *values[s.op->code];

#define LEAF(which)                                                                                \
    fault = P(sure_leaf)(decoder, &s, which);                                                      \
    if (RARELY(fault != WIRE_OK)) {                                                                \
        goto fault;                                                                                \
    }                                                                                              \
    goto field_end
bool_value:
    if (P_COMPACT) {
        *(s.base + s.op->offset) = s.truth;
        goto field_end;
    }
    LEAF(PLAN_BOOL);
i8_value:
    LEAF(PLAN_I8);
i16_value:
    LEAF(PLAN_I16);
i32_value:
    LEAF(PLAN_I32);
enum_value:
    LEAF(PLAN_ENUM);
i64_value:
    LEAF(PLAN_I64);
double_value:
    LEAF(PLAN_DOUBLE);
uuid_value:
    LEAF(PLAN_UUID);
string_value:
    LEAF(PLAN_STRING);
binary_value:
    LEAF(PLAN_BINARY);
#undef LEAF
field_end:
    s.seen |= s.op->has;
    s.op += 1;
    goto field;
record_value:
    s.seen |= s.op->has;
    v = (struct decode_value){s.op->type, s.base + s.op->offset};
    goto record;
container_value: /* not marked before its elements are known to be as declared */
    v = (struct decode_value){s.op->type, s.base + s.op->offset};
    goto container;

other:
    NEXT(P(other)(decoder, &s))
record:
    NEXT(P(record)(decoder, &s, v))
container:
    NEXT(P(container)(decoder, &s, v))
value_end:
    NEXT(step_value_end(&s))
element:
    P(more_elements)(decoder, &s);
    NEXT(P(element)(decoder, &s, &v))
struct_end:
    NEXT(step_struct_end(decoder, &s))
close:
    NEXT(step_close(decoder, &s))
done:
    decoder->state.in = s.in;
    decoder->root->arena.at = s.free_at;
    return true;
fault:
    decoder->fault = fault;
failed:
    decoder->state = s;
    decoder->root->arena.at = s.free_at;
    return false;
}
#pragma GCC diagnostic pop
#undef NEXT
