/*
 * The part of a protocol's encoder that is seldom needed and therefore not inlined: what is not
 * simply set, and fields that were kept though unknown. encode_template.h includes it. The state is
 * the encoder's: see STEP_ASIDE().
 */

/* Writes the kept fields that come before field `below`, INT32_MAX for all that are left. */
static bool P(kept_fields)(struct encoder *encoder, int32_t below)
{
    struct encode_state *s = &encoder->state;
    struct encode_frame *frame = s->frame;

    for (; frame->unknown_count > 0 && frame->unknown->id < below; frame->unknown++) {
        const struct unknown_field *field = frame->unknown;
        thrift_bytes value;

        frame->unknown_count -= 1;
        if (!encode_unknown(encoder, field, P_PROTOCOL, &value) ||
            !step_grow(encoder, value.size + ENCODE_ROOM)) {
            return false;
        }
        s->to = P(raw_field)(s->to, field->wire_type, field->id, &s->last_id, value);
    }
    return true;
}

/* STEP_MATCHED: `op` is the next field that is written; STEP_CLOSE: the stop was written. */
NEVER_INLINE enum encode_step P(next_field)(struct encoder *encoder)
{
    struct encode_state *s = &encoder->state;
    const struct plan *plan = s->frame->plan;

    if (s->op->code != PLAN_END) {
        s->op = encode_next(encoder, plan, s->base, s->op);
    }
    if (encoder->status != THRIFT_OK ||
        !P(kept_fields)(encoder, s->op->code != PLAN_END ? s->op->id : INT32_MAX) ||
        !step_grow(encoder, 0)) {
        return STEP_FAILED;
    }
    if (s->op->code != PLAN_END) {
        s->to = P(head)(s->to, s->op, &s->last_id, s->base + s->op->offset);
        return STEP_MATCHED;
    }
    if (plan->tagged && !encode_union(encoder, plan, s->base)) {
        return STEP_FAILED;
    }
    s->to = P(stop)(s->to);
    return STEP_CLOSE;
}

/* A string that is long. */
NEVER_INLINE bool P(long_string)(struct encoder *encoder, thrift_bytes bytes)
{
    struct encode_state *s = &encoder->state;

    if (bytes.size > INT32_MAX) {
        return encode_too_large(encoder, bytes.size);
    }
    if (!step_grow(encoder, bytes.size + ENCODE_ROOM)) {
        return false;
    }
    s->to = P(put_size)(s->to, (uint32_t)bytes.size);
    memcpy(s->to, bytes.data, bytes.size);
    s->to += bytes.size;
    return true;
}
