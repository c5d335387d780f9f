/*
 * Structs of nothing but leaves and leafy containers, written in one go: without a frame, and
 * without the state of the loop. encode_template.h includes it.
 *
 * Only what needs no look is done: what is set, or left out because it is optional, with strings of
 * moderate size, where there is room. Anything else is left to the loop, which does the struct or
 * container from its begin again.
 */
#include "codec/encode_leafy.h"

static uint8_t *P(nested_flat)(const struct plan *plan, const uint8_t *base, uint8_t *to,
                               const uint8_t *full);
static uint8_t *P(faithful_flat)(const struct plan *plan, const uint8_t *base, uint8_t *to,
                                 const uint8_t *full);

/* A leafy container or flat struct, as below. */
ALWAYS_INLINE uint8_t *P(part)(const struct plan_type *type, bool faithful, const void *object,
                               uint8_t *to, const uint8_t *full)
{
    const thrift_record *record = object;

    if (type->code != PLAN_RECORD) {
        return P(leafy)(type, object, to, full);
    }
    if (record == NULL || encode_has_unknown(record->root)) {
        return NULL;
    }
    return faithful ? P(faithful_flat)(type->record, object, to, full)
                    : P(nested_flat)(type->record, object, to, full);
}

/* A number, bool or uuid. Comparisons, as in decode_flat.h, the usual ones first. */
ALWAYS_INLINE uint8_t *P(put_flat_number)(uint8_t *to, uint8_t code, const uint8_t *slot)
{
    if (code > PLAN_ENUM) {
        if (code == PLAN_UUID) {
            return P(put_leaf)(to, PLAN_UUID, slot);
        }
        return P_COMPACT && code == PLAN_DOUBLE ? P(put_leaf)(to, PLAN_DOUBLE, slot)
                                                : P(put_leaf)(to, PLAN_I64, slot);
    }
    if (code > PLAN_I16) {
        return P(put_leaf)(to, PLAN_I32, slot);
    }
    switch (code) {
    case PLAN_BOOL:
        return P_COMPACT ? to : P(put_leaf)(to, PLAN_BOOL, slot); /* the head has it */
    case PLAN_I8:
        return P(put_leaf)(to, PLAN_I8, slot);
    default:
        return P(put_leaf)(to, PLAN_I16, slot);
    }
}

#include "codec/encode_sure.h"

/* Behind the struct; NULL: there is more to it, or ENCODE_ROOM bytes are not there, and what was
 * written at `to` is to be written over. `faithful`: what is not set is left out, whatever it is.
 */
ALWAYS_INLINE uint8_t *P(flat_struct)(const struct plan *plan, bool flat, bool faithful,
                                      const uint8_t *base, uint8_t *to, const uint8_t *full)
{
    const struct plan_op *op = plan->ops;
    int16_t last_id = 0;
    uint8_t code;
    uint64_t has;

    memcpy(&has, base + plan->has_offset, sizeof has);
    if (MOSTLY((plan->all & ~has) == 0 && full - to >= (ptrdiff_t)op->rest)) {
        op = P(sure_fields)(plan, flat, faithful, base, &to, full);
        if (op == NULL) {
            return NULL;
        }
        if (MOSTLY(op == plan->end)) {
            return P(stop)(to);
        }
        last_id = op == plan->ops ? 0 : op[-1].id;
    }
    for (; to <= full; op++) {
        const uint8_t *slot = base + op->offset;

        if (!MOSTLY((has & op->has) != 0)) {
            if (op->left_out || (faithful && op->code != PLAN_END)) {
                continue;
            }
            return op->code == PLAN_END ? P(stop)(to) : NULL;
        }
        to = P(head)(to, op, &last_id, slot);
        code = op->code;
        if (code >= PLAN_STRING) {
            to = flat || code < PLAN_RECORD
                     ? P(put_flat_string)(to, full, slot)
                     : P(part)(op->type, faithful, step_object(slot), to, full);
            if (RARELY(to == NULL)) {
                return NULL;
            }
        } else {
            to = P(put_flat_number)(to, code, slot);
        }
    }
    return NULL;
}

NEVER_INLINE uint8_t *P(nested_flat)(const struct plan *plan, const uint8_t *base, uint8_t *to,
                                     const uint8_t *full)
{
    return P(flat_struct)(plan, true, false, base, to, full);
}

NEVER_INLINE uint8_t *P(nested_shallow)(const struct plan *plan, const uint8_t *base, uint8_t *to,
                                        const uint8_t *full)
{
    return P(flat_struct)(plan, false, false, base, to, full);
}

NEVER_INLINE uint8_t *P(faithful_flat)(const struct plan *plan, const uint8_t *base, uint8_t *to,
                                       const uint8_t *full)
{
    return P(flat_struct)(plan, true, true, base, to, full);
}

NEVER_INLINE uint8_t *P(faithful_shallow)(const struct plan *plan, const uint8_t *base, uint8_t *to,
                                          const uint8_t *full)
{
    return P(flat_struct)(plan, false, true, base, to, full);
}

/* A shallow struct that stands in something else; P(part) goes no deeper than one more. */
ALWAYS_INLINE uint8_t *P(shallow_record)(const struct plan *plan, const thrift_record *record,
                                         uint8_t *to, const uint8_t *full)
{
    if (RARELY(encode_has_unknown(record->root))) {
        return NULL;
    }
    if (plan->flat) {
        return P(nested_flat)(plan, (const uint8_t *)record, to, full);
    }
    return plan->depth <= 2 ? P(nested_shallow)(plan, (const uint8_t *)record, to, full) : NULL;
}

/* The first items of a list of structs, in the same way as strings. */
ALWAYS_INLINE uint8_t *P(records)(const struct plan *plan, bool flat, const uint8_t *slot,
                                  uint32_t count, uint8_t *to, const uint8_t *full, uint32_t *done)
{
    const uint8_t *begin = slot, *end = slot + (size_t)count * sizeof(void *);
    const struct thrift_root *known = NULL; /* to have no unknown fields */

    for (; slot < end; slot += sizeof(void *)) {
        const thrift_record *record = step_object(slot);
        uint8_t *behind;

        if (RARELY(record == NULL)) {
            break;
        }
        if (RARELY(record->root != known)) {
            if (encode_has_unknown(record->root)) {
                break;
            }
            known = record->root;
        }
        behind = P(flat_struct)(plan, flat, false, (const uint8_t *)record, to, full);
        if (RARELY(behind == NULL)) {
            break;
        }
        to = behind;
    }
    *done = (uint32_t)((size_t)(slot - begin) / sizeof(void *));
    return to;
}

NEVER_INLINE uint8_t *P(flat_records)(const struct plan *plan, const uint8_t *slot, uint32_t count,
                                      uint8_t *to, const uint8_t *full, uint32_t *done)
{
    return P(records)(plan, true, slot, count, to, full, done);
}

NEVER_INLINE uint8_t *P(shallow_records)(const struct plan *plan, const uint8_t *slot,
                                         uint32_t count, uint8_t *to, const uint8_t *full,
                                         uint32_t *done)
{
    return P(records)(plan, false, slot, count, to, full, done);
}

/* A shallow struct or leafy container; NULL: there is more to it. */
ALWAYS_INLINE uint8_t *P(flat_value)(const struct plan_type *type, const void *object, uint8_t *to,
                                     const uint8_t *full)
{
    if (type->code == PLAN_RECORD) {
        return object != NULL ? P(shallow_record)(type->record, object, to, full) : NULL;
    }
    return P(leafy)(type, object, to, full);
}

/* The same for a list of anything else with parts that is flat. */
ALWAYS_INLINE uint8_t *P(flat_items)(const struct plan_type *element, const uint8_t *slot,
                                     uint32_t count, uint8_t *to, const uint8_t *full,
                                     uint32_t *done)
{
    uint32_t i = 0;

    for (; i < count; i++) {
        uint8_t *behind = P(flat_value)(element, step_object(slot), to, full);

        if (RARELY(behind == NULL)) {
            break;
        }
        to = behind;
        slot += sizeof(void *);
    }
    *done = i;
    return to;
}

/* A struct on its own. */
ALWAYS_INLINE thrift_status P(flat_whole)(const struct plan *plan, bool flat,
                                          const thrift_record *record,
                                          const struct codec_policy *policy, thrift_buffer *out,
                                          thrift_error *err)
{
    /* What seldom is needed waits in memory: registers are for the loop. */
    const struct codec_policy *volatile rules = policy;
    thrift_error *volatile why = err;

    if (out->capacity >= ENCODE_ROOM) {
        uint8_t *end =
            P(flat_struct)(plan, flat, false, (const uint8_t *)record, out->data + out->size,
                           out->data + out->capacity - ENCODE_ROOM);

        if (end != NULL) {
            out->size = (size_t)(end - out->data);
            return THRIFT_OK;
        }
    }
    return encode_by_frames(plan, P_PROTOCOL, record, rules, out, why);
}

thrift_status P(encode_flat)(const struct plan *plan, const thrift_record *record,
                             const struct codec_policy *policy, thrift_buffer *out,
                             thrift_error *err)
{
    return P(flat_whole)(plan, true, record, policy, out, err);
}

thrift_status P(encode_nested)(const struct plan *plan, const thrift_record *record,
                               const struct codec_policy *policy, thrift_buffer *out,
                               thrift_error *err)
{
    return P(flat_whole)(plan, false, record, policy, out, err);
}
