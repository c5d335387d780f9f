/*
 * The decoder of native structs in one protocol; native_binary.c and native_compact.c include this
 * once, with P(name) set.
 *
 * Needs, all inlined: P(expected), P(next_field), P(read_bool), P(read_i8), P(get_i16), P(get_i32),
 * P(get_i64), P(read_double), P(read_string), P(read_list), P(read_map), P(items), and the table
 * P(least), P_PROTOCOL, P_COMPACT. A struct native_state is a local of the loop, kept in
 * registers. No recursion. Inline structs and items are parts of memory that is zero already; only
 * what is written a second time is made zero again.
 */

/* One leaf into its place. */
ALWAYS_INLINE enum wire_fault P(leaf)(struct native_decoder *decoder, struct native_state *s,
                                      uint8_t code, const struct native_type *type, uint8_t *place)
{
    enum wire_fault fault;
    thrift_bytes bytes;

    switch (code) {
    case PLAN_BOOL:
        return P(read_bool)(&s->in, (bool *)(void *)place) ? WIRE_OK : WIRE_TRUNCATED;
    case PLAN_I8:
        return P(read_i8)(&s->in, (int8_t *)(void *)place) ? WIRE_OK : WIRE_TRUNCATED;
    case PLAN_I16:
        return P(get_i16)(&s->in, (int16_t *)(void *)place);
    case PLAN_I32:
        return P(get_i32)(&s->in, (int32_t *)(void *)place);
    case PLAN_ENUM:
        fault = P(get_i32)(&s->in, (int32_t *)(void *)place);
        if (fault == WIRE_OK && RARELY(!decoder->policy->accept_enum) &&
            !native_decode_enum(decoder, type->type, *(int32_t *)(void *)place)) {
            return WIRE_BAD_VALUE;
        }
        return fault;
    case PLAN_I64:
        return P(get_i64)(&s->in, (int64_t *)(void *)place);
    case PLAN_DOUBLE:
        return P(read_double)(&s->in, (double *)(void *)place) ? WIRE_OK : WIRE_TRUNCATED;
    case PLAN_UUID:
        if (!cursor_need(&s->in, 16)) {
            return WIRE_TRUNCATED;
        }
        memcpy(place, s->in.at, 16);
        s->in.at += 16;
        return WIRE_OK;
    default:
        fault = P(read_string)(&s->in, decoder->policy->limits->max_string_size, &bytes);
        if (RARELY(fault != WIRE_OK)) {
            return fault;
        }
        if (RARELY(!decoder->policy->accept_utf8) && code != PLAN_BINARY &&
            !native_decode_utf8(decoder, bytes)) {
            return WIRE_BAD_VALUE;
        }
        return native_put_string(decoder, s, code, type, bytes, place);
    }
}

static enum wire_fault P(pass)(const struct native_decoder *decoder, struct cursor in, uint8_t wire,
                               struct skip_depth depth, const uint8_t **out_at)
{
    enum wire_fault fault = WIRE_OK;

    if (!P_COMPACT || wire != WIRE_BOOL) {
        fault = skip_value(P_PROTOCOL, &in, wire, depth, decoder->policy->limits);
    }
    *out_at = in.at;
    return fault;
}

/* A field that C does not have, or of another type: passed over. */
static enum native_step P(skip_field)(struct native_decoder *decoder, struct native_state *s,
                                      uint8_t wire, int16_t id)
{
    const struct codec_policy *policy = decoder->policy;
    const uint8_t *behind;
    enum wire_fault fault;

    if (s->op != NULL
            ? !policy->accept_mismatch && !native_decode_mismatch(decoder, s->op->type->type, wire)
            : policy->unknown == THRIFT_UNKNOWN_REFUSE &&
                  struct_find_field_by_id(s->plan->type, id) == NULL &&
                  !native_decode_unknown(decoder, id)) {
        return NATIVE_FAILED;
    }
    fault = P(pass)(decoder, s->in, wire, (struct skip_depth){s->structs, s->depth}, &behind);
    s->in.at = behind;
    if (fault != WIRE_OK) {
        return native_fault(decoder, fault);
    }
    s->op = s->op != NULL ? s->op + 1 : s->plan->ops + s->plan->op_count;
    return NATIVE_FIELD;
}

/* A field that is not the one expected. NATIVE_VALUE: `op` is known and its head was read. */
ALWAYS_INLINE enum native_step P(other_field)(struct native_decoder *decoder,
                                              struct native_state *s)
{
    enum wire_fault fault;
    uint8_t wire;
    int16_t id = 0;

    s->op = NULL;
    fault = P(next_field)(&s->in, &s->last_id, &wire, &id, &s->truth);
    if (RARELY(fault != WIRE_OK)) {
        return native_fault(decoder, fault);
    }
    if (wire == WIRE_STOP) {
        return NATIVE_STRUCT_END;
    }
    s->op = native_plan_find(s->plan, id);
    if (s->op == NULL || s->op->wire != wire) {
        struct native_state copy = *s;
        enum native_step step = P(skip_field)(decoder, &copy, wire, id);

        s->in.at = copy.in.at;
        s->op = copy.op;
        return step;
    }
    if (RARELY(!decoder->policy->accept_duplicates) && (s->seen & s->op->seen) != 0 &&
        !s->plan->tagged && !native_decode_duplicate(decoder, s->op)) {
        return NATIVE_FAILED;
    }
    return NATIVE_VALUE;
}

/* The value of the field `op`. */
ALWAYS_INLINE enum native_step P(field_value)(struct native_decoder *decoder,
                                              struct native_state *s)
{
    const struct native_op *op = s->op;
    uint8_t *place = s->base + op->offset;
    enum wire_fault fault;

#define LEAF(which)                                                                                \
    case which:                                                                                    \
        fault = P(leaf)(decoder, s, which, op->type, place);                                       \
        break
    s->owner = s->base;
    s->type = op->type;
    if (RARELY(s->plan->tagged)) {
        native_begin_member(s, op);
    }
    switch (op->code) {
    case PLAN_BOOL:
        if (P_COMPACT) {
            *(bool *)(void *)place = s->truth;
            fault = WIRE_OK;
        } else {
            fault = P(leaf)(decoder, s, PLAN_BOOL, op->type, place);
        }
        break;
        LEAF(PLAN_I8);
        LEAF(PLAN_I16);
        LEAF(PLAN_I32);
        LEAF(PLAN_ENUM);
        LEAF(PLAN_I64);
        LEAF(PLAN_DOUBLE);
        LEAF(PLAN_UUID);
        LEAF(NATIVE_TEXT);
    case PLAN_STRING:
    case PLAN_BINARY:
    case NATIVE_CHARS:
        fault = P(leaf)(decoder, s, op->code, op->type, place);
        break;
    case NATIVE_STRUCT:
    case NATIVE_POINTER:
        return NATIVE_RECORD;
    default:
        return NATIVE_CONTAINER;
    }
#undef LEAF
    if (RARELY(fault != WIRE_OK)) {
        return native_fault(decoder, fault);
    }
    native_mark(s, op);
    s->op = op + 1;
    return NATIVE_FIELD;
}

ALWAYS_INLINE enum native_step P(field)(struct native_decoder *decoder, struct native_state *s)
{
    if (!P(expected)(&s->in, s->op, &s->last_id, &s->truth)) {
        enum native_step step;

        if (cursor_need(&s->in, 1) && *s->in.at == WIRE_STOP) {
            s->in.at += 1;
            s->op = NULL;
            return NATIVE_STRUCT_END;
        }
        step = P(other_field)(decoder, s);

        if (step != NATIVE_VALUE) {
            return step;
        }
    }
    return P(field_value)(decoder, s);
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

/* Other elements than declared: the whole container is passed over, and absent. */
static enum native_step P(other_elements)(struct native_decoder *decoder, struct native_state *s,
                                          struct cursor begin, uint8_t wire)
{
    struct skip_depth depth = {s->structs, s->depth};
    const uint8_t *behind;
    enum wire_fault fault;

    if (!decoder->policy->accept_mismatch &&
        !native_decode_mismatch(decoder, s->type->type, wire)) {
        return NATIVE_FAILED;
    }
    fault = P(pass)(decoder, begin, s->type->wire, depth, &behind);
    s->in.at = behind;
    return fault == WIRE_OK ? NATIVE_VALUE_END : native_fault(decoder, fault);
}

ALWAYS_INLINE enum wire_fault P(container_head)(const struct native_decoder *decoder,
                                                struct native_state *s, uint32_t *count,
                                                uint32_t *least, uint8_t *wire, bool *matches)
{
    const struct native_type *type = s->type, *element = type->element;
    const bool lenient = decoder->policy->accept_missing;
    enum wire_fault fault;
    uint8_t key = WIRE_STOP;

    *least = native_least(element, P(least), P_COMPACT, lenient);
    if (type->code == NATIVE_ARRAY) {
        fault = P(read_list)(&s->in, wire, count);
        *matches = fault == WIRE_OK && *wire == element->wire;
        return fault;
    }
    fault = P(read_map)(&s->in, &key, wire, count);
    *least += native_least(type->key, P(least), P_COMPACT, lenient);
    *matches = fault == WIRE_OK && *wire == element->wire && key == type->key->wire;
    return fault;
}

ALWAYS_INLINE enum native_step P(container)(struct native_decoder *decoder, struct native_state *s)
{
    const struct cursor begin = s->in;
    const struct native_type *type = s->type;
    uint32_t count = 0, least;
    uint8_t wire = 0, *items;
    bool matches;
    enum wire_fault fault = P(container_head)(decoder, s, &count, &least, &wire, &matches);

    if (RARELY(fault == WIRE_OK && s->depth >= s->depth_most)) {
        fault = WIRE_DEPTH_LIMIT;
    }
    if (RARELY(fault != WIRE_OK)) {
        return native_fault(decoder, fault);
    }
    if (count > 0 && RARELY(!matches)) {
        struct native_state copy = *s;
        enum native_step step = P(other_elements)(decoder, &copy, begin, wire);

        s->in.at = copy.in.at;
        return step;
    }
    if (s->frame->plan != NULL) {
        native_mark(s, s->op);
    }
    if (count == 0) {
        native_set_items(s, native_no_items, 0);
        return NATIVE_VALUE_END;
    }
    fault = native_count(decoder, s, count, least);
    if (RARELY(fault != WIRE_OK)) {
        return native_fault(decoder, fault);
    }
    items = native_items(decoder, s, count);
    if (RARELY(items == NULL)) {
        return native_fault(decoder, WIRE_NO_MEMORY);
    }
    native_set_items(s, items, count);
    if (type->code == NATIVE_ARRAY && type->element->offset == 0 &&
        P(items)(&s->in, type->element->code, type->item_size, items, count)) {
        return NATIVE_VALUE_END;
    }
    native_open_container(s, items, count, least);
    if (type->code == NATIVE_ARRAY && native_is_leaf(type->element)) {
        fault = P(leaves)(decoder, s, type->element, items, type->item_size);
        return fault == WIRE_OK ? NATIVE_CLOSE : native_fault(decoder, fault);
    }
    s->reserved += (uint64_t)count * least;
    return NATIVE_ELEMENT;
}

ALWAYS_INLINE enum native_step P(element)(struct native_decoder *decoder, struct native_state *s)
{
    while (s->frame->left > 0) {
        enum wire_fault fault;

        native_next_element(s);
        if (!native_is_leaf(s->type)) {
            return s->type->code < NATIVE_ARRAY ? NATIVE_RECORD : NATIVE_CONTAINER;
        }
        fault = P(leaf)(decoder, s, s->type->code, s->type, s->owner + s->type->offset);
        if (RARELY(fault != WIRE_OK)) {
            return native_fault(decoder, fault);
        }
    }
    return NATIVE_CLOSE;
}

bool P(decode_run)(struct native_decoder *decoder)
{
    struct native_frame *frame = decoder->frames;
    struct native_state s = {.in = decoder->in,
                             .free_at = decoder->root->arena.at,
                             .free_end = decoder->root->arena.end,
                             .frame = frame,
                             .plan = frame->plan,
                             .op = frame->plan->ops,
                             .base = frame->base,
                             .depth = 1,
                             .structs = 1,
                             .depth_most = decoder->depth_most};
    enum native_step step = NATIVE_FIELD;

    while (step != NATIVE_DONE && step != NATIVE_FAILED) {
        switch (step) {
        case NATIVE_FIELD:
            do {
                step = P(field)(decoder, &s);
            } while (step == NATIVE_FIELD);
            break;
        case NATIVE_RECORD:
            step = native_record(decoder, &s);
            break;
        case NATIVE_CONTAINER:
            step = P(container)(decoder, &s);
            break;
        case NATIVE_VALUE_END:
            step = native_value_end(&s);
            break;
        case NATIVE_ELEMENT:
            step = P(element)(decoder, &s);
            break;
        case NATIVE_STRUCT_END:
            step = native_struct_end(decoder, &s);
            break;
        case NATIVE_CLOSE:
            step = native_close(&s);
            break;
        case NATIVE_VALUE:
        case NATIVE_DONE:
        case NATIVE_FAILED:
        default:
            break;
        }
    }
    decoder->in = s.in;
    decoder->top = s.frame;
    decoder->op = s.frame->plan != NULL ? s.op : NULL;
    decoder->root->arena.at = s.free_at;
    return step == NATIVE_DONE;
}
