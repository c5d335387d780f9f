/*
 * The part of a protocol's decoder that is seldom needed and therefore not inlined: fields that do
 * not come in the order of their ids, are unknown or not as declared. decode_template.h includes
 * it. The state is the decoder's: see STEP_ASIDE().
 */
#include "codec/decode_view.h"

/* A value of a type that the wire names and nobody wants: `*out_at` is behind it. */
static enum wire_fault P(pass)(const struct decoder *decoder, uint8_t wire, const uint8_t **out_at)
{
    const struct decode_state *s = &decoder->state;
    struct skip_depth depth = {decoder->structs, step_depth(decoder, s)};
    struct cursor in = s->in;
    enum wire_fault fault = WIRE_OK;

    if (!P_COMPACT || wire != WIRE_BOOL) {
        fault = skip_value(P_PROTOCOL, &in, wire, depth, decoder->policy->limits);
    }
    *out_at = in.at;
    return fault;
}

/* The value from where the input stands to `behind`, with the record. A bool that has no bytes gets
 * those that it has as an element. */
static bool P(keep)(struct decoder *decoder, int16_t id, uint8_t wire, const uint8_t *behind)
{
    static const uint8_t truths[] = {COMPACT_FALSE, COMPACT_TRUE};
    const struct decode_state *s = &decoder->state;
    thrift_bytes value = {s->in.at, (size_t)(behind - s->in.at)};

    if (P_COMPACT && wire == WIRE_BOOL) {
        value = (thrift_bytes){&truths[s->truth], 1};
    }
    return step_keep(decoder,
                     &(struct unknown_field){
                         .id = id, .wire_type = wire, .protocol = P_PROTOCOL, .bytes = value});
}

/* A field that is not declared, or with another type; `op` is NULL or its operation. */
static enum decode_step P(pass_field)(struct decoder *decoder, const struct plan_op *op, int16_t id,
                                      uint8_t wire)
{
    const struct codec_policy *policy = decoder->policy;
    struct decode_state *s = &decoder->state;
    const struct plan *plan = s->frame->plan;
    const uint8_t *behind;
    enum wire_fault fault;

    if (op != NULL
            ? !policy->accept_mismatch && !decode_mismatch(decoder, op, wire)
            : policy->unknown == THRIFT_UNKNOWN_REFUSE && !decode_unknown_refused(decoder, id)) {
        return STEP_FAILED;
    }
    fault = P(pass)(decoder, wire, &behind);
    if (policy->unknown == THRIFT_UNKNOWN_KEEP && op == NULL && fault == WIRE_OK &&
        !P(keep)(decoder, id, wire, behind)) {
        return step_fault(decoder, WIRE_NO_MEMORY);
    }
    s->in.at = behind;
    if (fault != WIRE_OK) {
        return step_fault(decoder, fault);
    }
    /* The sentinel: what an unknown field was before is not what was expected before it. */
    s->op = op != NULL ? op + 1 : plan->ops + plan->op_count;
    return STEP_FIELD;
}

/* A field whose head is not what was expected. */
NEVER_INLINE enum decode_step P(other_field)(struct decoder *decoder)
{
    struct decode_state *s = &decoder->state;
    const struct plan_op *op;
    uint8_t wire;
    int16_t id = 0;
    enum wire_fault fault;

    s->op = NULL;
    fault = P(next_field)(&s->in, &s->last_id, &wire, &id, &s->truth);
    if (fault != WIRE_OK) {
        return step_fault(decoder, fault);
    }
    if (wire == WIRE_STOP) {
        return STEP_STRUCT_END;
    }
    op = s->op = plan_find(s->frame->plan, id);
    if (op == NULL || op->wire != wire) {
        return P(pass_field)(decoder, op, id, wire);
    }
    if (!decoder->policy->accept_duplicates && decode_has(s->frame->plan, op, s->base, s->seen) &&
        !decode_duplicate(decoder, op)) {
        return STEP_FAILED;
    }
    if (plan_is_leaf(op->type)) {
        if (!cursor_need(&s->in, P_COMPACT && wire == WIRE_BOOL ? 0 : P(least)[wire])) {
            return step_fault(decoder, WIRE_TRUNCATED);
        }
    }
    if (op->code <= PLAN_RECORD) {
        step_mark(s);
    }
    return STEP_MATCHED;
}

/* Other elements than declared: the whole container is passed over; a field is absent then, an
 * element is empty. The container begins at `begin`. */
NEVER_INLINE enum decode_step P(other_elements)(struct decoder *decoder, struct decode_value v,
                                                const uint8_t *begin, uint8_t wire)
{
    struct decode_state *s = &decoder->state;
    const uint8_t *behind;
    enum wire_fault fault;

    if (!decoder->policy->accept_mismatch && !decode_element_mismatch(decoder, v.type, wire)) {
        return STEP_FAILED;
    }
    s->in.at = begin;
    fault = P(pass)(decoder, v.type->wire, &behind);
    s->in.at = behind;
    if (fault != WIRE_OK) {
        return step_fault(decoder, fault);
    }
    if (s->frame->plan == NULL) {
        step_point(v.slot, step_empty(v.type));
    }
    return STEP_VALUE_END;
}

/* A string that is long, at the end of the input or the arena, must be checked, or is none. */
NEVER_INLINE enum wire_fault P(other_string)(struct decoder *decoder, uint8_t code, uint8_t *slot)
{
    const struct codec_policy *policy = decoder->policy;
    thrift_bytes bytes;
    enum wire_fault fault =
        P(read_string)(&decoder->state.in, policy->limits->max_string_size, &bytes);

    if (fault != WIRE_OK) {
        return fault;
    }
    if (code == PLAN_STRING && !policy->accept_utf8 && !decode_utf8(decoder, bytes)) {
        return WIRE_BAD_VALUE;
    }
    if (policy->views) {
        return step_view(decoder, bytes, slot);
    }
    return step_string(decoder, bytes, slot) ? WIRE_OK : WIRE_NO_MEMORY;
}
