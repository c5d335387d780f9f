/*
 * The compact protocol's decoder.
 */
#include "codec/decode_steps.h"
#include "wire/compact.h"

#define P(name) compact_##name
#define P_PROTOCOL THRIFT_COMPACT
#define P_COMPACT true

/* An operation other than the sentinel is expected only behind the one before it, so that the last
 * id is what its head counts from. */
ALWAYS_INLINE bool compact_expected(const struct decoder *decoder, struct decode_state *s)
{
    const struct plan_op *op = s->op;
    unsigned over;

    if (RARELY(s->in.at >= s->sure) && !step_unsure(decoder, s, op->compact_need)) {
        return false;
    }
    over = (unsigned)*s->in.at - op->compact_expected;
    if (over > op->compact_span) {
        return false;
    }
    s->truth = over == 0;
    s->last_id = op->id;
    s->in.at += 1;
    return true;
}

/* The size of a string and where it begins; NULL: not a short one. */
static inline const uint8_t *compact_peek_size(const struct cursor *in, size_t *size)
{
    *size = cursor_need(in, 1) ? *in->at : 0x80;
    return *size < 0x80 ? in->at + 1 : NULL;
}

/* The least bytes of a value: of a bool none, it is in the head. */
static inline size_t compact_sure(uint8_t code)
{
    return code == PLAN_DOUBLE ? 8 : code == PLAN_UUID ? 16 : 1;
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
