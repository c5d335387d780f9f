/*
 * The part of a protocol's encoder of native structs that is seldom needed and therefore not
 * inlined; native_encode_template.h includes it. The state is the encoder's: see NATIVE_ASIDE().
 */

/* The kept fields that come before `below`. */
static enum native_step P(kept_fields)(struct native_encoder *encoder, int32_t below)
{
    struct native_encode_state *s = &encoder->state;
    const struct unknown_field *field;
    thrift_bytes value;

    while ((field = native_encode_kept(encoder, P_PROTOCOL, below, &value)) != NULL) {
        if (!native_encode_grow(encoder, value.size)) {
            return NATIVE_FAILED;
        }
        s->to = P(raw_field)(s->to, field, &s->last_id, value);
    }
    s->op += 1;
    return encoder->status == THRIFT_OK ? NATIVE_FIELD : NATIVE_FAILED;
}

/* The field is absent: its default or nothing is written. Or it is no field. */
NEVER_INLINE enum native_step P(absent_field)(struct native_encoder *encoder)
{
    struct native_encode_state *s = &encoder->state;
    const struct native_op *op = s->op;

    if (op->presence == NATIVE_KEPT) {
        return P(kept_fields)(encoder, op->below);
    }
    if (native_encode_absent(encoder, op)) {
        if (!native_encode_grow(encoder, op->absent_binary.size + op->absent_compact.size)) {
            return NATIVE_FAILED;
        }
        s->to = P(absent)(s->to, op, &s->last_id);
    } else if (encoder->status != THRIFT_OK) {
        return NATIVE_FAILED;
    }
    s->op = op + 1;
    return NATIVE_FIELD;
}

/* A string that is long. */
NEVER_INLINE bool P(long_string)(struct native_encoder *encoder, thrift_bytes bytes)
{
    struct native_encode_state *s = &encoder->state;

    if (bytes.size > INT32_MAX) {
        return native_encode_too_large(encoder, bytes.size);
    }
    if (!native_encode_grow(encoder, bytes.size)) {
        return false;
    }
    s->to = P(put_size)(s->to, (uint32_t)bytes.size);
    memcpy(s->to, bytes.data, bytes.size);
    s->to += bytes.size;
    return true;
}
