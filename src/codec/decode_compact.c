/*
 * The compact protocol's decoder.
 */
#include "codec/decode_flat_steps.h"
#include "codec/read_compact.h"

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

/* ---- the same without frames ---- */

/* The head that comes next; 0: the stop. */
ALWAYS_INLINE uint32_t compact_flat_head(const struct decode_flat *f) { return *f->in.at; }

/* The same at the end of the input, if it can be of `op` with its least value. */
ALWAYS_INLINE uint32_t compact_flat_last_head(const struct decode_flat *f, const struct plan_op *op)
{
    if (cursor_need(&f->in, 1) && *f->in.at == WIRE_STOP) {
        return 0;
    }
    return cursor_need(&f->in, op->compact_need) ? compact_flat_head(f) : PLAN_OTHER_HEAD;
}

/* Of `op` where fields before it were left out. */
ALWAYS_INLINE bool compact_is_later(const struct decode_flat *f, const struct plan_op *op,
                                    uint32_t head)
{
    int32_t delta = op->id - f->last_id;
    uint32_t first = (uint32_t)delta << 4 | wire_to_compact[op->wire];

    return delta >= 1 && delta <= 15 && head - first <= op->compact_span;
}

ALWAYS_INLINE bool compact_flat_take(struct decode_flat *f, const struct plan_op *op, uint32_t head)
{
    if (f->last_id == op->previous_id ? head - op->compact_head > op->compact_span
                                      : !compact_is_later(f, op, head)) {
        return false;
    }
    f->last_id = op->id;
    f->in.at += 1;
    return true;
}

ALWAYS_INLINE bool compact_flat_stop(uint32_t head) { return head == 0; }

ALWAYS_INLINE bool compact_flat_text(uint32_t head) { return (head & 0x0f) == COMPACT_STRING; }

/* In the head, which was taken. */
ALWAYS_INLINE bool compact_flat_truth(const struct decode_flat *f)
{
    return (f->in.at[-1] & 0x0f) == COMPACT_TRUE;
}

#include "codec/decode_template.h"
