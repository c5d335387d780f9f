/*
 * Structs of nothing but leaves, written in one go: without a frame, and without the state of the
 * loop. encode_template.h includes it.
 *
 * Only what needs no look is done: what is set, or left out because it is optional, with strings of
 * moderate size. Anything else is left to the loop, which does the struct from its begin again.
 */

/* A string with its size, `to` being no further than a head behind `full`. NULL: it is long. */
ALWAYS_INLINE uint8_t *P(put_flat_string)(uint8_t *to, const uint8_t *full, const void *slot)
{
    thrift_bytes bytes;

    memcpy(&bytes, slot, sizeof bytes);
    if (RARELY(bytes.size > ENCODE_SHORT) &&
        (bytes.size > CODEC_MODERATE || to > full || bytes.size > (size_t)(full - to))) {
        return NULL;
    }
    to = P(put_size)(to, (uint32_t)bytes.size);
    return step_short_bytes(to, bytes.data, bytes.size);
}

/* Behind the struct; NULL: there is more to it, or ENCODE_ROOM bytes are not there, and what was
 * written at `to` is to be written over. */
ALWAYS_INLINE uint8_t *P(flat_struct)(const struct plan *plan, const uint8_t *base, uint8_t *to,
                                      const uint8_t *full)
{
    const struct plan_op *op = plan->ops;
    int16_t last_id = 0;
    uint64_t has;

    memcpy(&has, base + plan->has_offset, sizeof has);
    for (; to <= full; op++) {
        const uint8_t *slot = base + op->offset;

        if ((has & op->has) == 0) {
            if (op->left_out) {
                continue;
            }
            return op->code == PLAN_END ? P(stop)(to) : NULL;
        }
        to = P(head)(to, op, &last_id, slot);
#define LEAF(which)                                                                                \
    case which:                                                                                    \
        to = P(put_leaf)(to, which, slot);                                                         \
        break
        switch (op->code) {
        case PLAN_BOOL:
            to = P_COMPACT ? to : P(put_leaf)(to, PLAN_BOOL, slot);
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
            to = P(put_flat_string)(to, full, slot);
            if (RARELY(to == NULL)) {
                return NULL;
            }
            break;
        default:
            __builtin_unreachable(); /* plan->flat */
        }
#undef LEAF
    }
    return NULL;
}

/* One that stands in another. */
NEVER_INLINE uint8_t *P(nested_flat)(const struct plan *plan, const uint8_t *base, uint8_t *to,
                                     const uint8_t *full)
{
    return P(flat_struct)(plan, base, to, full);
}

thrift_status P(encode_flat)(const struct plan *plan, const thrift_record *record,
                             const struct codec_policy *policy, thrift_buffer *out,
                             thrift_error *err)
{
    if (out->capacity - out->size >= ENCODE_ROOM) {
        uint8_t *end = P(flat_struct)(plan, (const uint8_t *)record, out->data + out->size,
                                      out->data + out->capacity - ENCODE_ROOM);

        if (end != NULL) {
            out->size = (size_t)(end - out->data);
            return THRIFT_OK;
        }
    }
    return encode_by_frames(plan, P_PROTOCOL, record, policy, out, err);
}
