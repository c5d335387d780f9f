/*
 * The part of a protocol's decoder of native structs that is seldom needed and therefore not
 * inlined; native_decode_template.h includes it. The state is the decoder's: see NATIVE_ASIDE().
 */

/* A value of a type that the wire names and nobody wants: `*out_at` is behind it. */
static enum wire_fault P(pass)(const struct native_decoder *decoder, uint8_t wire,
                               const uint8_t **out_at)
{
    const struct native_state *s = &decoder->state;
    struct skip_depth depth = {decoder->structs, native_depth(decoder, s)};
    struct cursor in = s->in;
    enum wire_fault fault = WIRE_OK;

    if (!P_COMPACT || wire != WIRE_BOOL) {
        fault = skip_value(P_PROTOCOL, &in, wire, depth, decoder->policy->limits);
    }
    *out_at = in.at;
    return fault;
}

/* The value from where the input stands to `behind`, with its struct, if that keeps such. A bool
 * that has no bytes gets those that it has as an element. false: no memory. */
static bool P(keep)(struct native_decoder *decoder, int16_t id, uint8_t wire, const uint8_t *behind)
{
    static const uint8_t truths[] = {COMPACT_FALSE, COMPACT_TRUE};
    const struct native_state *s = &decoder->state;
    thrift_bytes value = {s->in.at, (size_t)(behind - s->in.at)};

    if (!s->frame->plan->keeps) {
        return true;
    }
    if (P_COMPACT && wire == WIRE_BOOL) {
        value = (thrift_bytes){&truths[s->truth], 1};
    }
    return native_decode_keep(
        decoder, &(struct unknown_field){
                     .id = id, .wire_type = wire, .protocol = P_PROTOCOL, .bytes = value});
}

/* A field that C does not have, or of another type: kept or passed over. */
static enum native_step P(pass_field)(struct native_decoder *decoder, const struct native_op *op,
                                      int16_t id, uint8_t wire)
{
    const struct codec_policy *policy = decoder->policy;
    struct native_state *s = &decoder->state;
    const struct native_plan *plan = s->frame->plan;
    const uint8_t *behind;
    enum wire_fault fault;

    if (op != NULL
            ? !policy->accept_mismatch && !native_decode_mismatch(decoder, op->type->type, wire)
            : policy->unknown == THRIFT_UNKNOWN_REFUSE &&
                  struct_find_field_by_id(plan->type, id) == NULL &&
                  !native_decode_unknown(decoder, id)) {
        return NATIVE_FAILED;
    }
    fault = P(pass)(decoder, wire, &behind);
    if (op == NULL && fault == WIRE_OK && !P(keep)(decoder, id, wire, behind)) {
        return native_fault(decoder, WIRE_NO_MEMORY);
    }
    s->in.at = behind;
    if (fault != WIRE_OK) {
        return native_fault(decoder, fault);
    }
    s->op = op != NULL ? op + 1 : plan->ops + plan->op_count;
    return NATIVE_FIELD;
}

/* A field whose head is not what was expected. */
NEVER_INLINE enum native_step P(other_field)(struct native_decoder *decoder)
{
    struct native_state *s = &decoder->state;
    const struct native_op *op;
    uint8_t wire;
    int16_t id = 0;
    enum wire_fault fault;

    s->op = NULL;
    fault = READ(next_field)(&s->in, &s->last_id, &wire, &id, &s->truth);
    if (fault != WIRE_OK) {
        return native_fault(decoder, fault);
    }
    if (wire == WIRE_STOP) {
        return NATIVE_STRUCT_END;
    }
    op = s->op = native_plan_find(s->frame->plan, id);
    if (op == NULL || op->wire != wire) {
        return P(pass_field)(decoder, op, id, wire);
    }
    if (!decoder->policy->accept_duplicates && (s->seen & op->seen) != 0 &&
        !native_decode_duplicate(decoder, op)) {
        return NATIVE_FAILED;
    }
    if (native_is_leaf(op->type) &&
        !cursor_need(&s->in, P_COMPACT && wire == WIRE_BOOL ? 0 : READ(least)[wire])) {
        return native_fault(decoder, WIRE_TRUNCATED);
    }
    return NATIVE_MATCHED;
}

/* Other elements than declared: the whole container is passed over, and absent. It begins at
 * `begin`. */
NEVER_INLINE enum native_step P(other_elements)(struct native_decoder *decoder,
                                                const struct native_type *type,
                                                const uint8_t *begin, uint8_t wire)
{
    struct native_state *s = &decoder->state;
    const uint8_t *behind;
    enum wire_fault fault;

    if (!decoder->policy->accept_mismatch && !native_decode_mismatch(decoder, type->type, wire)) {
        return NATIVE_FAILED;
    }
    s->in.at = begin;
    fault = P(pass)(decoder, type->wire, &behind);
    s->in.at = behind;
    return fault == WIRE_OK ? NATIVE_VALUE_END : native_fault(decoder, fault);
}

/* A value that C has a pointer to, as records hold it. */
NEVER_INLINE enum native_step P(dynamic)(struct native_decoder *decoder,
                                         const struct native_type *type, uint8_t *owner)
{
    struct native_state *s = &decoder->state;
    void *object;

    if (!native_decode_dynamic(decoder, P_PROTOCOL, type, &object)) {
        return NATIVE_FAILED;
    }
    if (object != NULL) {
        if (s->frame->plan != NULL) {
            native_mark(s, s->frame->plan);
        }
        memcpy(owner + type->offset, &object, sizeof object);
    }
    return NATIVE_VALUE_END;
}

static enum wire_fault P(string)(struct native_decoder *decoder, uint8_t code,
                                 const struct native_type *type, uint8_t *place)
{
    const struct codec_policy *policy = decoder->policy;
    thrift_bytes bytes;
    enum wire_fault fault =
        READ(read_string)(&decoder->state.in, policy->limits->max_string_size, &bytes);

    if (fault != WIRE_OK) {
        return fault;
    }
    if (code != PLAN_BINARY && !policy->accept_utf8 && !native_decode_utf8(decoder, bytes)) {
        return WIRE_BAD_VALUE;
    }
    if (code == NATIVE_CHARS) {
        return native_decode_chars(decoder, type, bytes, place) ? WIRE_OK : WIRE_BAD_VALUE;
    }
    return native_string(decoder, code, bytes, place) ? WIRE_OK : WIRE_NO_MEMORY;
}

static enum wire_fault P(enum)(struct native_decoder *decoder, const struct native_type *type,
                               uint8_t *place)
{
    int32_t number = 0;
    enum wire_fault fault = READ(get_i32)(&decoder->state.in, &number);

    memcpy(place, &number, sizeof number);
    return fault == WIRE_OK && !decoder->policy->accept_enum &&
                   !native_decode_enum(decoder, type->type, number)
               ? WIRE_BAD_VALUE
               : fault;
}

/* A leaf that P(quick_leaf) left: a string that is long, at the end of the input or the arena, must
 * be checked or is none; a char[N]; an enum to be checked; what is not there
 * or malformed. */
NEVER_INLINE enum wire_fault P(other_leaf)(struct native_decoder *decoder, uint8_t code,
                                           const struct native_type *type, uint8_t *place)
{
    struct cursor *in = &decoder->state.in;
    void *to = place;

    switch (code) {
    case PLAN_BOOL:
    case PLAN_I8:
    case PLAN_DOUBLE:
    case PLAN_UUID:
        return WIRE_TRUNCATED;
    case PLAN_I16:
        return READ(get_i16)(in, to);
    case PLAN_I32:
        return READ(get_i32)(in, to);
    case PLAN_ENUM:
        return P(enum)(decoder, type, place);
    case PLAN_I64:
        return READ(get_i64)(in, to);
    default:
        return P(string)(decoder, code, type, place);
    }
}
