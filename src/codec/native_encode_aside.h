/*
 * The part of a protocol's encoder of native structs that is seldom needed and therefore not
 * inlined; native_encode_template.h includes it. The state is the encoder's: see NATIVE_ASIDE().
 */

/* The field is absent: its default or nothing is written. */
NEVER_INLINE enum native_step P(absent_field)(struct native_encoder *encoder)
{
    struct native_encode_state *s = &encoder->state;
    const struct native_op *op = s->op;

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
