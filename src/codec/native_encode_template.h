/*
 * The encoder of native structs in one protocol; native_binary_encode.c and its like include this
 * once, with P(name) set.
 *
 * Needs, all inlined: P(head), P(absent), P(stop), P(put_leaf), P(put_size), P(put_list),
 * P(put_map), P(put_items), P_LEAF_MOST, P_COMPACT. No recursion.
 */

/* A string with its size, at `place`. */
ALWAYS_INLINE bool P(put_string)(struct native_encoder *encoder, struct native_state *s,
                                 uint8_t code, const struct native_type *type, const uint8_t *place)
{
    thrift_bytes bytes = native_string(code, type, place);

    if (RARELY(bytes.size > INT32_MAX)) {
        return native_encode_too_large(encoder, bytes.size);
    }
    if (!native_room(encoder, s, bytes.size + NATIVE_ROOM)) {
        return false;
    }
    s->to = P(put_size)(s->to, (uint32_t)bytes.size);
    if (bytes.size > 0) {
        memcpy(s->to, bytes.data, bytes.size);
        s->to += bytes.size;
    }
    return true;
}

/* The value of the field `op`, its head written. */
ALWAYS_INLINE enum native_step P(field_value)(struct native_encoder *encoder,
                                              struct native_state *s)
{
    const struct native_op *op = s->op;
    const uint8_t *place = s->base + op->offset;

#define LEAF(which)                                                                                \
    case which:                                                                                    \
        s->to = P(put_leaf)(s->to, which, place);                                                  \
        break
    switch (op->code) {
    case PLAN_BOOL:
        if (!P_COMPACT) {
            s->to = P(put_leaf)(s->to, PLAN_BOOL, place);
        }
        break;
        LEAF(PLAN_I8);
        LEAF(PLAN_I16);
        LEAF(PLAN_I32);
        LEAF(PLAN_ENUM);
        LEAF(PLAN_I64);
        LEAF(PLAN_DOUBLE);
        LEAF(PLAN_UUID);
    case NATIVE_TEXT:
        if (!P(put_string)(encoder, s, NATIVE_TEXT, op->type, place)) {
            return NATIVE_FAILED;
        }
        break;
    case PLAN_STRING:
    case PLAN_BINARY:
    case NATIVE_CHARS:
        if (!P(put_string)(encoder, s, op->code, op->type, place)) {
            return NATIVE_FAILED;
        }
        break;
    default:
        s->owner = s->base;
        s->type = op->type;
        return op->code < NATIVE_ARRAY ? NATIVE_RECORD : NATIVE_CONTAINER;
    }
#undef LEAF
    s->op = op + 1;
    return NATIVE_FIELD;
}

/* The field is absent: its default or nothing is written. */
static enum native_step P(absent_field)(struct native_encoder *encoder, struct native_state *s)
{
    const struct native_op *op = s->op;

    if (native_encode_absent(encoder, op)) {
        if (!native_room(encoder, s,
                         op->absent_binary.size + op->absent_compact.size + NATIVE_ROOM)) {
            return NATIVE_FAILED;
        }
        s->to = P(absent)(s->to, op, &s->last_id);
    } else if (encoder->status != THRIFT_OK) {
        return NATIVE_FAILED;
    }
    s->op = op + 1;
    return NATIVE_FIELD;
}

ALWAYS_INLINE bool P(is_there)(const struct native_state *s, const struct native_op *op)
{
    switch (op->presence) {
    case NATIVE_ALWAYS:
        return true;
    case NATIVE_HAS:
        return s->base[op->has_offset] != 0;
    case NATIVE_NULL:
        return native_pointer(s->base + op->offset) != NULL;
    default:
        return native_tag_is(s, op);
    }
}

ALWAYS_INLINE enum native_step P(field)(struct native_encoder *encoder, struct native_state *s)
{
    const struct native_op *op = s->op;

    if (op->presence == NATIVE_BEHIND) {
        if (!native_room(encoder, s, 1)) {
            return NATIVE_FAILED;
        }
        s->to = P(stop)(s->to);
        return s->frame == encoder->frames ? NATIVE_DONE : NATIVE_CLOSE;
    }
    if (RARELY(!P(is_there)(s, op))) {
        struct native_state copy = *s;
        enum native_step step = P(absent_field)(encoder, &copy);

        s->to = copy.to;
        s->limit = copy.limit;
        s->last_id = copy.last_id;
        s->op = copy.op;
        return step;
    }
    if (!native_room(encoder, s, NATIVE_ROOM)) {
        return NATIVE_FAILED;
    }
    s->to = P(head)(s->to, op, &s->last_id, s->base + op->offset);
    return P(field_value)(encoder, s);
}

ALWAYS_INLINE enum native_step P(record)(struct native_encoder *encoder, struct native_state *s)
{
    const struct native_plan *plan = s->type->record;
    const uint8_t *base = s->owner + s->type->offset;

    if (s->type->code == NATIVE_POINTER) {
        base = native_pointer(base);
    }
    if (RARELY(base == NULL)) { /* an item that is not there, a member whose bool says otherwise */
        if (!native_room(encoder, s, 1)) {
            return NATIVE_FAILED;
        }
        s->to = P(stop)(s->to);
        return NATIVE_VALUE_END;
    }
    return native_open(encoder, s) && native_enter(encoder, s, plan, base) ? NATIVE_FIELD
                                                                           : NATIVE_FAILED;
}

/* All items of an array of leaves, behind its head. */
ALWAYS_INLINE enum native_step P(leaves)(struct native_encoder *encoder, struct native_state *s,
                                         const struct native_type *list, const uint8_t *items,
                                         uint32_t count)
{
    const struct native_type *element = list->element;
    struct native_encode_frame *frame = s->frame;

    if (element->code < PLAN_STRING) {
        if (!native_room(encoder, s, (size_t)count * P_LEAF_MOST)) {
            return NATIVE_FAILED;
        }
        s->to = P(put_items)(s->to, element->code, items + element->offset, list->item_size, count);
        return NATIVE_CLOSE;
    }
    while (frame->left > 0) {
        frame->left -= 1;
        if (!P(put_string)(encoder, s, element->code, element, items + element->offset)) {
            return NATIVE_FAILED;
        }
        items += list->item_size;
    }
    return NATIVE_CLOSE;
}

ALWAYS_INLINE enum native_step P(container)(struct native_encoder *encoder, struct native_state *s)
{
    const struct native_type *type = s->type;
    const uint8_t *items;
    uint32_t count;

    if (!native_items(encoder, s, &items, &count) || !native_room(encoder, s, NATIVE_ROOM)) {
        return NATIVE_FAILED;
    }
    s->to = type->code == NATIVE_ARRAY
                ? P(put_list)(s->to, type->element->wire, count)
                : P(put_map)(s->to, type->key->wire, type->element->wire, count);
    if (count == 0) {
        return NATIVE_VALUE_END;
    }
    if (!native_open_container(encoder, s, items, count)) {
        return NATIVE_FAILED;
    }
    return type->code == NATIVE_ARRAY && native_is_leaf(type->element)
               ? P(leaves)(encoder, s, type, items, count)
               : NATIVE_ELEMENT;
}

ALWAYS_INLINE enum native_step P(element)(struct native_encoder *encoder, struct native_state *s)
{
    while (s->frame->left > 0) {
        const uint8_t *place;

        native_next_element(s);
        place = s->owner + s->type->offset;
        if (!native_is_leaf(s->type)) {
            return s->type->code < NATIVE_ARRAY ? NATIVE_RECORD : NATIVE_CONTAINER;
        }
        if (s->type->code >= PLAN_STRING) {
            if (!P(put_string)(encoder, s, s->type->code, s->type, place)) {
                return NATIVE_FAILED;
            }
            continue;
        }
        if (!native_room(encoder, s, NATIVE_ROOM)) {
            return NATIVE_FAILED;
        }
        s->to = P(put_leaf)(s->to, s->type->code, place);
    }
    return NATIVE_CLOSE;
}

bool P(encode_run)(struct native_encoder *encoder)
{
    struct native_state s = {.to = encoder->out->data,
                             .limit = encoder->out->data,
                             .frame = encoder->frames,
                             .depth = 1,
                             .depth_most = encoder->depth_most};
    enum native_step step = NATIVE_FIELD;

    if (!native_enter(encoder, &s, encoder->frames->plan, encoder->frames->base)) {
        step = NATIVE_FAILED;
    }
    if (s.to != NULL) {
        s.to += encoder->out->size;
        s.limit += encoder->out->capacity;
    }
    while (step != NATIVE_DONE && step != NATIVE_FAILED) {
        switch (step) {
        case NATIVE_FIELD:
            do {
                step = P(field)(encoder, &s);
            } while (step == NATIVE_FIELD);
            break;
        case NATIVE_RECORD:
            step = P(record)(encoder, &s);
            break;
        case NATIVE_CONTAINER:
            step = P(container)(encoder, &s);
            break;
        case NATIVE_VALUE_END:
            step = native_value_end(&s);
            break;
        case NATIVE_ELEMENT:
            step = P(element)(encoder, &s);
            break;
        case NATIVE_CLOSE:
            step = native_close(&s);
            break;
        case NATIVE_DONE:
        case NATIVE_FAILED:
        default:
            break;
        }
    }
    encoder->top = s.frame;
    encoder->op = s.frame->plan != NULL && s.op->code != NATIVE_END ? s.op : NULL;
    if (step == NATIVE_DONE) {
        encoder->out->size = (size_t)(s.to - encoder->out->data);
    }
    return step == NATIVE_DONE;
}
