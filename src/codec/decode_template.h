/*
 * The decoder of one protocol; decode_binary.c and its like include this once, with P(name) set.
 *
 * Needs, all inlined: P(expected), P(next_field), P(read_bool), P(read_i8), P(get_i16), P(get_i32),
 * P(get_i64), P(read_double), P(read_string), P(read_list), P(read_map), P(items), and the table
 * P(least), P_PROTOCOL, P_COMPACT. No recursion: see decode_steps.h.
 */

/* One value without parts into `slot`. */
ALWAYS_INLINE enum wire_fault P(leaf)(struct decoder *decoder, struct decode_state *s, uint8_t code,
                                      void *slot)
{
    enum wire_fault fault;
    thrift_bytes bytes;

    switch (code) {
    case PLAN_BOOL:
        return P(read_bool)(&s->in, slot) ? WIRE_OK : WIRE_TRUNCATED;
    case PLAN_I8:
        return P(read_i8)(&s->in, slot) ? WIRE_OK : WIRE_TRUNCATED;
    case PLAN_I16:
        return P(get_i16)(&s->in, slot);
    case PLAN_I32:
        return P(get_i32)(&s->in, slot);
    case PLAN_ENUM:
        fault = P(get_i32)(&s->in, slot);
        if (fault == WIRE_OK && RARELY(!decoder->policy->accept_enum) &&
            !decode_enum(decoder, s->type, *(int32_t *)slot)) {
            return WIRE_BAD_VALUE;
        }
        return fault;
    case PLAN_I64:
        return P(get_i64)(&s->in, slot);
    case PLAN_DOUBLE:
        return P(read_double)(&s->in, slot) ? WIRE_OK : WIRE_TRUNCATED;
    case PLAN_UUID:
        if (!cursor_need(&s->in, 16)) {
            return WIRE_TRUNCATED;
        }
        memcpy(slot, s->in.at, 16);
        s->in.at += 16;
        return WIRE_OK;
    default:
        fault = P(read_string)(&s->in, decoder->policy->limits->max_string_size, &bytes);
        if (RARELY(fault != WIRE_OK)) {
            return fault;
        }
        if (code == PLAN_STRING && RARELY(!decoder->policy->accept_utf8) &&
            !decode_utf8(decoder, bytes)) {
            return WIRE_BAD_VALUE;
        }
        return step_string(decoder, s, bytes, slot) ? WIRE_OK : WIRE_NO_MEMORY;
    }
}

/* A value of a type that the wire names and nobody wants. */
static enum wire_fault P(pass)(const struct decoder *decoder, struct cursor in, uint8_t wire,
                               struct skip_depth depth, const uint8_t **out_at)
{
    enum wire_fault fault = WIRE_OK;

    if (!P_COMPACT || wire != WIRE_BOOL) {
        fault = skip_value(P_PROTOCOL, &in, wire, depth, decoder->policy->limits);
    }
    *out_at = in.at;
    return fault;
}

/* The value from where the input stands to `behind`, with the record. A bool that has no bytes gets
 * those that it has as an element. */
ALWAYS_INLINE bool P(keep)(struct decoder *decoder, struct decode_state *s, int16_t id,
                           uint8_t wire, const uint8_t *behind)
{
    static const uint8_t truths[] = {COMPACT_FALSE, COMPACT_TRUE};
    thrift_bytes value = {s->in.at, (size_t)(behind - s->in.at)};

    if (P_COMPACT && wire == WIRE_BOOL) {
        value = (thrift_bytes){&truths[s->truth], 1};
    }
    return step_keep(decoder, s,
                     &(struct unknown_field){
                         .id = id, .wire_type = wire, .protocol = P_PROTOCOL, .bytes = value});
}

/* A field whose head is known not to be what was expected, or not known at all. */
ALWAYS_INLINE enum decode_step P(other_field)(struct decoder *decoder, struct decode_state *s,
                                              bool *matched)
{
    const struct codec_policy *policy = decoder->policy;
    const struct plan_op *op;
    const uint8_t *behind;
    uint8_t wire;
    int16_t id = 0;
    enum wire_fault fault;

    s->op = NULL;
    fault = P(next_field)(&s->in, &s->last_id, &wire, &id, &s->truth);
    if (RARELY(fault != WIRE_OK)) {
        return step_fault(decoder, fault);
    }
    if (wire == WIRE_STOP) {
        return STEP_STRUCT_END;
    }
    op = s->op = plan_find(s->plan, id);
    if (op != NULL && op->wire == wire) {
        *matched =
            policy->accept_duplicates || (s->seen & op->has) == 0 || decode_duplicate(decoder, op);
        return STEP_FAILED;
    }
    if (op != NULL
            ? !policy->accept_mismatch && !decode_mismatch(decoder, op, wire)
            : policy->unknown == THRIFT_UNKNOWN_REFUSE && !decode_unknown_refused(decoder, id)) {
        return STEP_FAILED;
    }
    fault = P(pass)(decoder, s->in, wire, (struct skip_depth){s->structs, s->depth}, &behind);
    if (RARELY(policy->unknown == THRIFT_UNKNOWN_KEEP) && op == NULL && fault == WIRE_OK &&
        !P(keep)(decoder, s, id, wire, behind)) {
        return step_fault(decoder, WIRE_NO_MEMORY);
    }
    s->in.at = behind;
    if (fault != WIRE_OK) {
        return step_fault(decoder, fault);
    }
    s->op = op != NULL ? op + 1 : s->plan->ops + s->plan->op_count;
    return STEP_FIELD;
}

/* The value of the field `op`. */
ALWAYS_INLINE enum decode_step P(field_value)(struct decoder *decoder, struct decode_state *s)
{
    const struct plan_op *op = s->op;
    enum wire_fault fault;

#define LEAF(which)                                                                                \
    case which:                                                                                    \
        fault = P(leaf)(decoder, s, which, s->slot);                                               \
        break
    s->slot = s->base + op->offset;
    s->type = op->type;
    switch (op->code) {
    case PLAN_BOOL:
        if (P_COMPACT) {
            *(bool *)s->slot = s->truth;
            fault = WIRE_OK;
        } else {
            fault = P(leaf)(decoder, s, PLAN_BOOL, s->slot);
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
        fault = P(leaf)(decoder, s, op->code, s->slot);
        break;
    case PLAN_RECORD:
        step_mark(s);
        return STEP_RECORD;
    default:
        return STEP_CONTAINER;
    }
#undef LEAF
    if (RARELY(fault != WIRE_OK)) {
        return step_fault(decoder, fault);
    }
    step_mark(s);
    s->op = op + 1;
    return STEP_FIELD;
}

ALWAYS_INLINE enum decode_step P(field)(struct decoder *decoder, struct decode_state *s)
{
    if (RARELY(!P(expected)(&s->in, s->op, &s->last_id, &s->truth))) {
        bool matched = false;
        enum decode_step step = P(other_field)(decoder, s, &matched);

        if (!matched) {
            return step;
        }
    }
    return P(field_value)(decoder, s);
}

ALWAYS_INLINE enum decode_step P(record)(struct decoder *decoder, struct decode_state *s)
{
    const struct plan *plan = s->type->record;

    if (cursor_need(&s->in, 1) && *s->in.at == WIRE_STOP && plan->binary_least == 1 && !plan->far) {
        s->in.at += 1;
        return step_empty_record(decoder, s);
    }
    return step_record(decoder, s);
}

/* All items of a list of leaves; their least bytes are known to be there. */
ALWAYS_INLINE enum wire_fault P(leaves)(struct decoder *decoder, struct decode_state *s,
                                        uint8_t *slot)
{
    const struct plan_type *element = s->type->element;
    struct decode_frame *frame = s->frame;
    enum wire_fault fault = WIRE_OK;

    s->type = element;
#define LEAVES(which, size)                                                                        \
    case which:                                                                                    \
        while (frame->left > 0 && fault == WIRE_OK) {                                              \
            frame->left -= 1;                                                                      \
            fault = P(leaf)(decoder, s, which, slot);                                              \
            slot += (size);                                                                        \
        }                                                                                          \
        return fault
    switch (element->code) {
        LEAVES(PLAN_BOOL, sizeof(bool));
        LEAVES(PLAN_I8, 1);
        LEAVES(PLAN_I16, 2);
        LEAVES(PLAN_I32, 4);
        LEAVES(PLAN_ENUM, 4);
        LEAVES(PLAN_I64, 8);
        LEAVES(PLAN_DOUBLE, 8);
        LEAVES(PLAN_UUID, 16);
        LEAVES(PLAN_STRING, sizeof(thrift_bytes));
    default:
        LEAVES(PLAN_BINARY, sizeof(thrift_bytes));
    }
#undef LEAVES
}

/* Other elements than declared: the whole container is passed over; a field is absent then, an
 * element is empty. */
ALWAYS_INLINE enum decode_step P(other_elements)(struct decoder *decoder, struct decode_state *s,
                                                 struct cursor begin, uint8_t wire)
{
    struct skip_depth depth = {s->structs, s->depth};
    const uint8_t *behind;
    enum wire_fault fault;

    if (!decoder->policy->accept_mismatch && !decode_element_mismatch(decoder, s->type, wire)) {
        return STEP_FAILED;
    }
    fault = P(pass)(decoder, begin, s->type->wire, depth, &behind);
    s->in.at = behind;
    if (fault != WIRE_OK) {
        return step_fault(decoder, fault);
    }
    if (s->frame->plan == NULL) {
        step_point(s->slot, step_empty(s->type));
    }
    return STEP_VALUE_END;
}

/* The head of a container; `*least` is what one of its elements takes at least. */
ALWAYS_INLINE enum wire_fault P(container_head)(struct decoder *decoder, struct decode_state *s,
                                                uint32_t *count, uint32_t *least, uint8_t *wire,
                                                bool *matches)
{
    const struct plan_type *type = s->type, *element = type->element;
    const bool missing_accepted = decoder->policy->accept_missing;
    enum wire_fault fault;
    uint8_t key = WIRE_STOP;

    *least = plan_least(element, P(least), P_COMPACT, missing_accepted);
    if (type->code == PLAN_LIST) {
        fault = P(read_list)(&s->in, wire, count);
        *matches = fault == WIRE_OK && *wire == element->wire;
        return fault;
    }
    fault = P(read_map)(&s->in, &key, wire, count);
    *least += plan_least(type->key, P(least), P_COMPACT, missing_accepted);
    *matches = fault == WIRE_OK && *wire == element->wire && key == type->key->wire;
    return fault;
}

ALWAYS_INLINE enum decode_step P(container)(struct decoder *decoder, struct decode_state *s)
{
    const struct cursor begin = s->in;
    uint32_t count = 0, least;
    uint8_t wire = 0, *storage;
    bool matches;
    enum wire_fault fault = P(container_head)(decoder, s, &count, &least, &wire, &matches);

    if (RARELY(fault == WIRE_OK && s->depth >= s->depth_most)) {
        fault = WIRE_DEPTH_LIMIT;
    }
    if (RARELY(fault != WIRE_OK)) {
        return step_fault(decoder, fault);
    }
    if (count > 0 && RARELY(!matches)) {
        return P(other_elements)(decoder, s, begin, wire);
    }
    if (s->frame->plan != NULL) {
        step_mark(s);
    }
    if (count == 0) {
        step_point(s->slot, step_empty(s->type));
        return STEP_VALUE_END;
    }
    fault = step_count(decoder, s, count, least);
    if (RARELY(fault != WIRE_OK)) {
        return step_fault(decoder, fault);
    }
    storage = step_elements(decoder, s, count);
    if (RARELY(storage == NULL)) {
        return step_fault(decoder, WIRE_NO_MEMORY);
    }
    if (step_in_bulk(decoder, s) && P(items)(&s->in, s->type->element->code, storage, count)) {
        return STEP_VALUE_END;
    }
    step_open_container(s, storage, count, least);
    if (s->type->code == PLAN_LIST && plan_is_leaf(s->type->element)) {
        fault = P(leaves)(decoder, s, storage);
        return fault == WIRE_OK ? STEP_CLOSE : step_fault(decoder, fault);
    }
    s->reserved += (uint64_t)count * least;
    return STEP_ELEMENT;
}

ALWAYS_INLINE enum decode_step P(element)(struct decoder *decoder, struct decode_state *s)
{
    while (s->frame->left > 0) {
        enum wire_fault fault;

        step_next_element(s);
        if (!plan_is_leaf(s->type)) {
            return s->type->code == PLAN_RECORD ? STEP_RECORD : STEP_CONTAINER;
        }
        fault = P(leaf)(decoder, s, s->type->code, s->slot);
        if (RARELY(fault != WIRE_OK)) {
            return step_fault(decoder, fault);
        }
    }
    return STEP_CLOSE;
}

bool P(decode_run)(struct decoder *decoder)
{
    struct decode_frame *frame = decoder->frames;
    struct decode_state s = {.in = decoder->in,
                             .free_at = decoder->root->arena.at,
                             .free_end = decoder->root->arena.end,
                             .frame = frame,
                             .plan = frame->plan,
                             .op = frame->plan->ops,
                             .base = frame->base,
                             .depth = 1,
                             .structs = 1,
                             .depth_most = decoder->depth_most};
    enum decode_step step = STEP_FIELD;

    while (step != STEP_DONE && step != STEP_FAILED) {
        switch (step) {
        case STEP_FIELD:
            step = P(field)(decoder, &s);
            break;
        case STEP_RECORD:
            step = P(record)(decoder, &s);
            break;
        case STEP_CONTAINER:
            step = P(container)(decoder, &s);
            break;
        case STEP_VALUE_END:
            step = step_value_end(&s);
            break;
        case STEP_ELEMENT:
            step = P(element)(decoder, &s);
            break;
        case STEP_STRUCT_END:
            step = step_struct_end(decoder, &s);
            break;
        case STEP_CLOSE:
            step = step_close(decoder, &s);
            break;
        case STEP_DONE:
        case STEP_FAILED:
        default:
            break;
        }
    }
    decoder->in = s.in;
    decoder->top = s.frame;
    decoder->op = s.frame->plan != NULL ? s.op : NULL;
    decoder->root->arena.at = s.free_at;
    return step == STEP_DONE;
}
