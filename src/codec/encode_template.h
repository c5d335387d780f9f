/*
 * The encoder of one protocol; encode_binary.c and its like include this once, with P(name) set.
 *
 * Needs, all inlined: P(head), P(stop), P(put_leaf), P(put_size), P(put_list), P(put_map),
 * P(put_items), P_LEAF_MOST, P_COMPACT. Fields are written in the order of their ids, as Apache
 * does. No recursion: see encode_steps.h; what is seldom needed is in encode_aside.h,
 * what needs no loop in encode_flat.h.
 */
#include "codec/encode_aside.h"
#include "codec/encode_flat.h"

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

/* The value of the field `op`, its head written. */
ALWAYS_INLINE enum encode_step P(field_value)(struct encoder *encoder, struct encode_state *s,
                                              struct encode_value *v)
{
    const uint8_t *slot = s->base + s->op->offset;

#define LEAF(which)                                                                                \
    case which:                                                                                    \
        s->to = P(put_leaf)(s->to, which, slot);                                                   \
        return STEP_VALUE_END
    switch (s->op->code) {
    case PLAN_BOOL:
        if (!P_COMPACT) {
            s->to = P(put_leaf)(s->to, PLAN_BOOL, slot);
        }
        return STEP_VALUE_END;
        LEAF(PLAN_I8);
        LEAF(PLAN_I16);
        LEAF(PLAN_I32);
        LEAF(PLAN_ENUM);
        LEAF(PLAN_I64);
        LEAF(PLAN_DOUBLE);
        LEAF(PLAN_UUID);
    case PLAN_STRING:
    case PLAN_BINARY:
        return P(put_string)(encoder, s, slot) ? STEP_VALUE_END : STEP_FAILED;
    default:
        *v = (struct encode_value){s->op->type, slot};
        return s->op->code == PLAN_RECORD ? STEP_RECORD : STEP_CONTAINER;
    }
#undef LEAF
}

/* The fields that are set, up to one with parts. */
ALWAYS_INLINE enum encode_step P(fields)(struct encoder *encoder, struct encode_state *s,
                                         struct encode_value *v)
{
    while ((s->has & s->op->has) != 0) {
        enum encode_step step;

        if (!step_room(encoder, s)) {
            return STEP_FAILED;
        }
        s->to = P(head)(s->to, s->op, &s->last_id, s->base + s->op->offset);
        step = P(field_value)(encoder, s, v);
        if (step != STEP_VALUE_END) {
            return step;
        }
        s->op += 1;
    }
    return STEP_OTHER;
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

    if (RARELY(object == NULL)) { /* never set */
        if (!step_room(encoder, s)) {
            return STEP_FAILED;
        }
        s->to = P(stop)(s->to);
        return STEP_VALUE_END;
    }
    if (step_flat(encoder, s, v.type->record, object)) {
        uint8_t *behind = P(nested_flat)(v.type->record, object, s->to, s->full);

        if (behind != NULL) {
            s->to = behind;
            return STEP_VALUE_END;
        }
    }
    return step_record(encoder, s, v.type->record, object);
}

/* The first strings of a list, without a frame, up to one that is long; returns how many. */
ALWAYS_INLINE uint32_t P(short_strings)(struct encode_state *s, const thrift_bytes *items,
                                        uint32_t count)
{
    uint8_t *to = s->to;
    uint32_t done = 0;

    for (; done < count && to <= s->full && items[done].size <= ENCODE_SHORT; done++) {
        to = P(put_size)(to, (uint32_t)items[done].size);
        to = step_short_bytes(to, items[done].data, items[done].size);
    }
    s->to = to;
    return done;
}

/* The structs of an open list, up to one that needs a frame. */
ALWAYS_INLINE enum encode_step P(flat_records)(const struct encoder *encoder,
                                               struct encode_state *s, const struct plan *plan)
{
    struct encode_frame *frame = s->frame;

    while (frame->left > 0) {
        const void *object = step_object(frame->slot);
        uint8_t *behind = object != NULL && step_flat(encoder, s, plan, object)
                              ? P(nested_flat)(plan, object, s->to, s->full)
                              : NULL;

        if (behind == NULL) {
            return STEP_ELEMENT;
        }
        s->to = behind;
        frame->slot += sizeof object;
        frame->left -= 1;
    }
    return STEP_CLOSE;
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
    if (plan_is_leaf(element) && s->frame < encoder->last_frame) {
        done = P(short_strings)(s, list->items, list->count);
        if (done == list->count) {
            return STEP_VALUE_END;
        }
    }
    if (!step_open_container(encoder, s, type, list->items, list->count, done)) {
        return STEP_FAILED;
    }
    return element->code == PLAN_RECORD && element->record->flat
               ? P(flat_records)(encoder, s, element->record)
               : STEP_ELEMENT;
}

/* The first entries of a map of strings to leaves, without a frame, up to one with a long string;
 * returns how many. */
ALWAYS_INLINE uint32_t P(short_entries)(struct encode_state *s, const struct plan_type *type,
                                        const uint8_t *entry, uint32_t count)
{
    const uint8_t code = type->element->code;
    uint32_t done = 0;

    for (; done < count && s->to <= s->full; done++) {
        const void *place = entry, *behind = entry + type->value_offset;
        const thrift_bytes *key = place, *text = behind;
        uint8_t *to = s->to;

        if (key->size > ENCODE_SHORT) {
            break;
        }
        to = P(put_size)(to, (uint32_t)key->size);
        to = step_short_bytes(to, key->data, key->size);
        if (code < PLAN_STRING) {
            to = P(put_leaf)(to, code, behind);
        } else if (to <= s->full && text->size <= ENCODE_SHORT) {
            to = P(put_size)(to, (uint32_t)text->size);
            to = step_short_bytes(to, text->data, text->size);
        } else {
            break;
        }
        s->to = to;
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
    if (type->flat && s->frame < encoder->last_frame) {
        done = P(short_entries)(s, type, map->entries, map->count);
        if (done == map->count) {
            return STEP_VALUE_END;
        }
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

/* As in decode_template.h. */
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

bool P(encode_run)(struct encoder *encoder)
{
    struct encode_state s = {
        .to = encoder->state.to, .full = encoder->state.full, .frame = encoder->frames};
    struct encode_value v = {NULL, NULL};

    step_enter(&s, encoder->frames->plan, encoder->frames->base);
field:
    NEXT(P(fields)(encoder, &s, &v))
other:
    NEXT(P(other)(encoder, &s))
matched:
    NEXT(P(field_value)(encoder, &s, &v))
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
#undef NEXT
