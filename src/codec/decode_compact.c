/*
 * The compact protocol's decoder.
 */
#include "codec/decode_steps.h"
#include "wire/compact.h"

#define P(name) compact_##name
#define P_PROTOCOL THRIFT_COMPACT
#define P_COMPACT true

static inline bool compact_expected(struct cursor *in, const struct plan_op *op, int16_t *last_id,
                                    bool *truth)
{
    uint8_t over;

    if (*last_id != op->previous_id || !cursor_need(in, op->compact_need)) {
        return false;
    }
    over = (uint8_t)(*in->at - op->compact_head);
    if (over > op->compact_span) {
        return false;
    }
    *truth = over == 0;
    *last_id = op->id;
    in->at += 1;
    return true;
}

static inline enum wire_fault compact_next_field(struct cursor *in, int16_t *last_id, uint8_t *type,
                                                 int16_t *id, bool *truth)
{
    return compact_read_field(in, last_id, type, id, truth);
}

static inline enum wire_fault compact_get_i16(struct cursor *in, int16_t *out)
{
    return compact_read_i16(in, out);
}

static inline enum wire_fault compact_get_i32(struct cursor *in, int32_t *out)
{
    return compact_read_i32(in, out);
}

static inline enum wire_fault compact_get_i64(struct cursor *in, int64_t *out)
{
    return compact_read_i64(in, out);
}

static inline bool compact_items(struct cursor *in, uint8_t code, uint8_t *slot, uint32_t count)
{
    if (code != PLAN_I8) {
        return false;
    }
    memcpy(slot, in->at, count);
    in->at += count;
    return true;
}

#include "codec/decode_template.h"
