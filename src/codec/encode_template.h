/*
 * The encoder of one protocol; encode_binary.c and its like include this once, with P(name) set.
 *
 * Needs, all inlined: P(head), P(stop), P(put_leaf), P(put_size), P(put_list), P(put_map),
 * P(put_items), P_LEAF_MOST, P_COMPACT. Fields are written in the order of their ids, as Apache
 * does. No recursion: see encode_steps.h.
 */

/* A string with its size, at `slot`. */
ALWAYS_INLINE bool P(put_string)(struct encoder *encoder, struct encode_state *s, const void *slot)
{
    thrift_bytes bytes;

    memcpy(&bytes, slot, sizeof bytes);
    if (RARELY(bytes.size > INT32_MAX)) {
        return encode_too_large(encoder, bytes.size);
    }
    if (!step_room(encoder, s, bytes.size + ENCODE_ROOM)) {
        return false;
    }
    s->to = P(put_size)(s->to, (uint32_t)bytes.size);
    s->to = step_bytes(s->to, bytes.data, bytes.size);
    return true;
}

/* The value of the field `op`, its head written. */
ALWAYS_INLINE enum encode_step P(field_value)(struct encoder *encoder, struct encode_state *s)
{
#define LEAF(which)                                                                                \
    case which:                                                                                    \
        s->to = P(put_leaf)(s->to, which, s->slot);                                                \
        break
    switch (s->op->code) {
    case PLAN_BOOL:
        if (!P_COMPACT) {
            s->to = P(put_leaf)(s->to, PLAN_BOOL, s->slot);
        }
        break;
        LEAF(PLAN_I8);
        LEAF(PLAN_I16);
        LEAF(PLAN_I32);
        LEAF(PLAN_ENUM);
        LEAF(PLAN_I64);
        LEAF(PLAN_DOUBLE);
        LEAF(PLAN_UUID);
    case PLAN_STRING:
    case PLAN_BINARY:
        if (!P(put_string)(encoder, s, s->slot)) {
            return STEP_FAILED;
        }
        break;
    case PLAN_RECORD:
        return STEP_RECORD;
    default:
        return STEP_CONTAINER;
    }
#undef LEAF
    s->op += 1;
    return STEP_FIELD;
}

/* Writes the kept fields that come before field `below`, INT32_MAX for all that are left. */
static uint8_t *P(unknown)(struct encoder *encoder, struct encode_frame *frame, uint8_t *to,
                           int32_t below, int16_t *last_id)
{
    for (; frame->unknown_count > 0 && frame->unknown->id < below; frame->unknown++) {
        const struct unknown_field *field = frame->unknown;
        thrift_bytes value;

        frame->unknown_count -= 1;
        if (!encode_unknown(encoder, field, P_PROTOCOL, &value)) {
            return NULL;
        }
        to = encode_grow(encoder, to, value.size + ENCODE_ROOM);
        if (to == NULL) {
            return NULL;
        }
        to = P(raw_field)(to, field->wire_type, field->id, last_id, value);
    }
    return to;
}

ALWAYS_INLINE bool P(kept_fields)(struct encoder *encoder, struct encode_state *s)
{
    int32_t below = s->op->code != PLAN_END ? s->op->id : INT32_MAX;
    int16_t last_id = s->last_id;
    uint8_t *to;

    if (!step_room(encoder, s, 1)) { /* an empty buffer has no place yet */
        return false;
    }
    to = P(unknown)(encoder, s->frame, s->to, below, &last_id);
    if (to == NULL) {
        return false;
    }
    s->to = to;
    s->limit = encoder->out->data + encoder->out->capacity;
    s->last_id = last_id;
    return true;
}

/* STEP_FIELD: `op` is the next field that is written; else the stop was written. */
ALWAYS_INLINE enum encode_step P(next_field)(struct encoder *encoder, struct encode_state *s)
{
    if (s->op->code != PLAN_END) {
        s->op = encode_next(encoder, s->plan, s->base, s->op);
    }
    if (RARELY(encoder->status != THRIFT_OK) ||
        (RARELY(s->frame->unknown_count > 0) && !P(kept_fields)(encoder, s))) {
        return STEP_FAILED;
    }
    if (s->op->code != PLAN_END) {
        return STEP_FIELD;
    }
    if ((RARELY(s->plan->tagged) && !encode_union(encoder, s->plan, s->base)) ||
        !step_room(encoder, s, 1)) {
        return STEP_FAILED;
    }
    s->to = P(stop)(s->to);
    return s->frame == encoder->frames ? STEP_DONE : STEP_CLOSE;
}

ALWAYS_INLINE enum encode_step P(field)(struct encoder *encoder, struct encode_state *s)
{
    if ((s->has & s->op->has) == 0) {
        enum encode_step step = P(next_field)(encoder, s);

        if (step != STEP_FIELD) {
            return step;
        }
    }
    if (!step_room(encoder, s, ENCODE_ROOM)) {
        return STEP_FAILED;
    }
    s->slot = s->base + s->op->offset;
    s->type = s->op->type;
    s->to = P(head)(s->to, s->op, &s->last_id, s->slot);
    return P(field_value)(encoder, s);
}

ALWAYS_INLINE enum encode_step P(record)(struct encoder *encoder, struct encode_state *s)
{
    const void *object = step_object(s->slot);

    if (RARELY(object == NULL)) { /* never set */
        if (!step_room(encoder, s, 1)) {
            return STEP_FAILED;
        }
        s->to = P(stop)(s->to);
        return STEP_VALUE_END;
    }
    return step_record(encoder, s, object);
}

/* All items of a list of leaves, behind its head. */
ALWAYS_INLINE enum encode_step P(leaves)(struct encoder *encoder, struct encode_state *s,
                                         uint8_t code, const uint8_t *items, uint32_t count)
{
    struct encode_frame *frame = s->frame;

    if (code < PLAN_STRING) {
        if (!step_room(encoder, s, (size_t)count * P_LEAF_MOST)) {
            return STEP_FAILED;
        }
        s->to = P(put_items)(s->to, code, items, count);
        return STEP_CLOSE;
    }
    while (frame->left > 0) {
        frame->left -= 1;
        if (!P(put_string)(encoder, s, items)) {
            return STEP_FAILED;
        }
        items += sizeof(thrift_bytes);
    }
    return STEP_CLOSE;
}

ALWAYS_INLINE enum encode_step P(list)(struct encoder *encoder, struct encode_state *s,
                                       const thrift_list *list)
{
    const struct plan_type *element = s->type->element;

    s->to = P(put_list)(s->to, element->wire, list->count);
    if (list->count == 0) {
        return STEP_VALUE_END;
    }
    if (!step_open_container(encoder, s, list->items, list->count)) {
        return STEP_FAILED;
    }
    return plan_is_leaf(element) ? P(leaves)(encoder, s, element->code, list->items, list->count)
                                 : STEP_ELEMENT;
}

ALWAYS_INLINE enum encode_step P(map)(struct encoder *encoder, struct encode_state *s,
                                      const thrift_map *map)
{
    s->to = P(put_map)(s->to, s->type->key->wire, s->type->element->wire, map->count);
    if (map->count == 0) {
        return STEP_VALUE_END;
    }
    return step_open_container(encoder, s, map->entries, map->count) ? STEP_ELEMENT : STEP_FAILED;
}

ALWAYS_INLINE enum encode_step P(container)(struct encoder *encoder, struct encode_state *s)
{
    const void *object = step_object(s->slot);

    if (!step_room(encoder, s, ENCODE_ROOM)) {
        return STEP_FAILED;
    }
    if (s->type->code == PLAN_LIST) {
        return P(list)(encoder, s, object != NULL ? object : &list_shared_empty);
    }
    return P(map)(encoder, s, object != NULL ? object : &mapping_shared_empty);
}

ALWAYS_INLINE enum encode_step P(element)(struct encoder *encoder, struct encode_state *s)
{
    while (s->frame->left > 0) {
        step_next_element(s);
        if (!plan_is_leaf(s->type)) {
            return s->type->code == PLAN_RECORD ? STEP_RECORD : STEP_CONTAINER;
        }
        if (s->type->code >= PLAN_STRING) {
            if (!P(put_string)(encoder, s, s->slot)) {
                return STEP_FAILED;
            }
            continue;
        }
        if (!step_room(encoder, s, ENCODE_ROOM)) {
            return STEP_FAILED;
        }
        s->to = P(put_leaf)(s->to, s->type->code, s->slot);
    }
    return STEP_CLOSE;
}

bool P(encode_run)(struct encoder *encoder)
{
    struct encode_state s = {.to = encoder->out->data,
                             .limit = encoder->out->data,
                             .frame = encoder->frames,
                             .depth = 1,
                             .depth_most = encoder->depth_most};
    enum encode_step step = STEP_FIELD;

    step_enter(&s, encoder->frames->plan, encoder->frames->base);
    if (s.to != NULL) {
        s.to += encoder->out->size;
        s.limit += encoder->out->capacity;
    }
    while (step != STEP_DONE && step != STEP_FAILED) {
        switch (step) {
        case STEP_FIELD:
            step = P(field)(encoder, &s);
            break;
        case STEP_RECORD:
            step = P(record)(encoder, &s);
            break;
        case STEP_CONTAINER:
            step = P(container)(encoder, &s);
            break;
        case STEP_VALUE_END:
            step = step_value_end(&s);
            break;
        case STEP_ELEMENT:
            step = P(element)(encoder, &s);
            break;
        case STEP_CLOSE:
            step = step_close(&s);
            break;
        case STEP_DONE:
        case STEP_FAILED:
        default:
            break;
        }
    }
    encoder->top = s.frame;
    encoder->op = s.frame->plan != NULL && s.op->code != PLAN_END ? s.op : NULL;
    if (step == STEP_DONE) {
        encoder->out->size = (size_t)(s.to - encoder->out->data);
    }
    return step == STEP_DONE;
}
