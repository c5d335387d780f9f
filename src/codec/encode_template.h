/*
 * The encoder of one protocol; encode_binary.c and its like include this once, with P(name) set.
 *
 * Needs, all inlined: P(head), P(stop), P(put_leaf), P(put_size), P(put_list), P(put_map),
 * P(put_items), P_LEAF_MOST, P_COMPACT. Fields are written in the order of their ids, as Apache
 * does. No recursion: see encode_steps.h; what is seldom needed is in encode_aside.h,
 * what needs no frames in encode_flat.h.
 */
#include "codec/encode_aside.h"
#include "codec/encode_flat.h"
#include "codec/encode_quick.h"

/* A string with its size, at `slot`; ENCODE_ROOM is there. */
ALWAYS_INLINE bool P(put_string)(struct encoder *encoder, struct encode_state *s, const void *slot)
{
    thrift_bytes bytes;
    bool good;

    memcpy(&bytes, slot, sizeof bytes);
    if (bytes.size <= ENCODE_SHORT) {
        s->to = P(put_size)(s->to, (uint32_t)bytes.size);
        s->to = step_short_bytes(s->to, bytes.data, bytes.size);
        return true;
    }
    STEP_ASIDE(encoder, s, good, P(long_string)(encoder, bytes));
    return good;
}

/* The stop, or a field that is left out, unless there is more to it. */
ALWAYS_INLINE enum encode_step P(other)(struct encoder *encoder, struct encode_state *s)
{
    enum encode_step step;

    if (!s->frame->careful && s->op->left_out) {
        s->op += 1;
        return STEP_FIELD;
    }
    if (!s->frame->careful && s->op->code == PLAN_END) {
        if (!step_room(encoder, s)) {
            return STEP_FAILED;
        }
        s->to = P(stop)(s->to);
        return STEP_CLOSE;
    }
    STEP_ASIDE(encoder, s, step, P(next_field)(encoder));
    return step;
}

ALWAYS_INLINE enum encode_step P(record)(struct encoder *encoder, struct encode_state *s,
                                         struct encode_value v)
{
    const void *object = step_object(v.slot);
    uint8_t *behind;

    if (RARELY(object == NULL)) { /* never set */
        if (!step_room(encoder, s)) {
            return STEP_FAILED;
        }
        s->to = P(stop)(s->to);
        return STEP_VALUE_END;
    }
    behind = v.type->record->shallow && step_may_be_flat(encoder, s)
                 ? P(shallow_record)(v.type->record, object, s->to, s->full)
                 : NULL;
    if (behind != NULL) {
        s->to = behind;
        return STEP_VALUE_END;
    }
    return step_record(encoder, s, v.type->record, object);
}

/* The first items that need no frames; returns how many. */
ALWAYS_INLINE uint32_t P(flat_part)(const struct encoder *encoder, struct encode_state *s,
                                    const struct plan_type *type, const thrift_list *list)
{
    const struct plan_type *element = type->element;
    uint32_t done = 0;

    if (!type->flat || RARELY(!step_may_be_flat(encoder, s))) {
        return 0;
    }
    if (plan_is_leaf(element)) {
        s->to = P(short_strings)(s->to, s->full, list->items, list->count, &done);
    } else if (element->code == PLAN_RECORD && element->record->flat) {
        s->to = P(flat_records)(element->record, list->items, list->count, s->to, s->full, &done);
    } else if (element->code == PLAN_RECORD && element->record->depth <= 2) {
        s->to =
            P(shallow_records)(element->record, list->items, list->count, s->to, s->full, &done);
    } else {
        s->to = P(flat_items)(element, list->items, list->count, s->to, s->full, &done);
    }
    return done;
}

ALWAYS_INLINE enum encode_step P(list)(struct encoder *encoder, struct encode_state *s,
                                       const struct plan_type *type, const thrift_list *list)
{
    const struct plan_type *element = type->element;
    uint32_t done = 0;

    s->to = P(put_list)(s->to, element->wire, list->count);
    if (list->count == 0) {
        return STEP_VALUE_END;
    }
    if (element->code < PLAN_STRING) {
        if (!step_room_behind(encoder, s, (size_t)list->count * P_LEAF_MOST)) {
            return STEP_FAILED;
        }
        s->to = P(put_items)(s->to, element->code, list->items, list->count);
        return STEP_VALUE_END;
    }
    done = P(flat_part)(encoder, s, type, list);
    if (done == list->count) {
        return STEP_VALUE_END;
    }
    return step_open_container(encoder, s, type, list->items, list->count, done) ? STEP_ELEMENT
                                                                                 : STEP_FAILED;
}

/* The first entries of a map whose values have parts, up to one that needs frames. */
ALWAYS_INLINE uint32_t P(nested_entries)(struct encode_state *s, const struct plan_type *type,
                                         const uint8_t *entry, uint32_t count)
{
    uint32_t done = 0;

    for (; done < count; done++) {
        const void *object = step_object(entry + type->value_offset);
        uint8_t *behind = P(put_short)(s->to, s->full, type->key->code, entry);

        if (behind != NULL) {
            behind = P(flat_value)(type->element, object, behind, s->full);
        }
        if (RARELY(behind == NULL)) {
            break;
        }
        s->to = behind;
        entry += type->entry_size;
    }
    return done;
}

ALWAYS_INLINE enum encode_step P(map)(struct encoder *encoder, struct encode_state *s,
                                      const struct plan_type *type, const thrift_map *map)
{
    uint32_t done = 0;

    s->to = P(put_map)(s->to, type->key->wire, type->element->wire, map->count);
    if (map->count == 0) {
        return STEP_VALUE_END;
    }
    if (type->leafy && s->frame < encoder->last_frame) {
        s->to = P(short_entries)(s->to, s->full, type, map->entries, map->count, &done);
    } else if (type->flat && step_may_be_flat(encoder, s)) {
        done = P(nested_entries)(s, type, map->entries, map->count);
    }
    if (done == map->count) {
        return STEP_VALUE_END;
    }
    return step_open_container(encoder, s, type, map->entries, map->count, done) ? STEP_ELEMENT
                                                                                 : STEP_FAILED;
}

ALWAYS_INLINE enum encode_step P(container)(struct encoder *encoder, struct encode_state *s,
                                            struct encode_value v)
{
    const void *object = step_object(v.slot);

    if (!step_room(encoder, s)) {
        return STEP_FAILED;
    }
    if (v.type->code == PLAN_LIST) {
        return P(list)(encoder, s, v.type, object != NULL ? object : &list_shared_empty);
    }
    return P(map)(encoder, s, v.type, object != NULL ? object : &mapping_shared_empty);
}

ALWAYS_INLINE enum encode_step P(element)(struct encoder *encoder, struct encode_state *s,
                                          struct encode_value *out_v)
{
    while (s->frame->left > 0) {
        struct encode_value v = step_next_element(s->frame);

        if (!plan_is_leaf(v.type)) {
            *out_v = v;
            return v.type->code == PLAN_RECORD ? STEP_RECORD : STEP_CONTAINER;
        }
        if (!step_room(encoder, s)) {
            return STEP_FAILED;
        }
        if (v.type->code < PLAN_STRING) {
            s->to = P(put_leaf)(s->to, v.type->code, v.slot);
        } else if (!P(put_string)(encoder, s, v.slot)) {
            return STEP_FAILED;
        }
    }
    return STEP_CLOSE;
}

/* As in decode_template.h, and so are the labels' addresses. */
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
    case STEP_CLOSE:                                                                               \
        goto close;                                                                                \
    case STEP_DONE:                                                                                \
        goto done;                                                                                 \
    case STEP_FAILED:                                                                              \
    default:                                                                                       \
        goto failed;                                                                               \
    }

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

bool P(encode_run)(struct encoder *encoder)
{
    static const void *const values[] = {
        [PLAN_BOOL] = &&bool_value,     [PLAN_I8] = &&i8_value,
        [PLAN_I16] = &&i16_value,       [PLAN_I32] = &&i32_value,
        [PLAN_ENUM] = &&i32_value,      [PLAN_I64] = &&i64_value,
        [PLAN_DOUBLE] = &&double_value, [PLAN_UUID] = &&uuid_value,
        [PLAN_STRING] = &&string_value, [PLAN_BINARY] = &&string_value,
        [PLAN_RECORD] = &&record_value, [PLAN_LIST] = &&container_value,
        [PLAN_MAP] = &&container_value,
    };
    struct encode_state s = {
        .to = encoder->state.to, .full = encoder->state.full, .frame = encoder->frames};
    struct encode_value v = {NULL, NULL};

    step_enter(encoder, &s, encoder->frames->plan, encoder->frames->base);
#define FIELD                                                                                      \
    if ((s.has & s.op->has) == 0) {                                                                \
        goto other;                                                                                \
    }                                                                                              \
    if (!step_room(encoder, &s)) {                                                                 \
        goto failed;                                                                               \
    }                                                                                              \
    s.to = P(head)(s.to, s.op, &s.last_id, s.base + s.op->offset);                                 \
    goto *values[s.op->code]
field:
    FIELD;
matched:
    goto *values[s.op->code];

#define LEAF(which)                                                                                \
    s.to = P(put_leaf)(s.to, which, s.base + s.op->offset);                                        \
    s.op += 1;                                                                                     \
    FIELD
bool_value:
    if (P_COMPACT) { /* the head has it */
        goto field_end;
    }
    LEAF(PLAN_BOOL);
i8_value:
    LEAF(PLAN_I8);
i16_value:
    LEAF(PLAN_I16);
i32_value:
    LEAF(PLAN_I32);
i64_value:
    LEAF(PLAN_I64);
double_value:
    LEAF(PLAN_DOUBLE);
uuid_value:
    LEAF(PLAN_UUID);
#undef LEAF
string_value:
    if (!P(put_string)(encoder, &s, s.base + s.op->offset)) {
        goto failed;
    }
field_end:
    s.op += 1;
    FIELD;
record_value:
    v = (struct encode_value){s.op->type, s.base + s.op->offset};
    goto record;
container_value:
    v = (struct encode_value){s.op->type, s.base + s.op->offset};
    goto container;

other:
    NEXT(P(other)(encoder, &s))
record:
    NEXT(P(record)(encoder, &s, v))
container:
    NEXT(P(container)(encoder, &s, v))
value_end:
    NEXT(step_value_end(&s))
element:
    NEXT(P(element)(encoder, &s, &v))
close:
    NEXT(step_close(encoder, &s))
done:
    encoder->out->size = (size_t)(s.to - encoder->out->data);
    return true;
failed:
    encoder->state = s;
    return false;
}
#pragma GCC diagnostic pop
#undef NEXT
