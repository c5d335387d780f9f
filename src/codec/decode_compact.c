/*
 * The compact protocol's decoder.
 */
#include "codec/decode_steps.h"
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

/* The same without frames, where fields may be left out before it. */
ALWAYS_INLINE bool compact_flat_head(const struct plan_op *op, struct decode_flat *f)
{
    int32_t delta = op->id - f->last_id;
    unsigned over, head = op->compact_head;

    if ((f->in.at >= f->sure && !cursor_need(&f->in, op->compact_need)) || delta < 1) {
        return false;
    }
    if (f->last_id != op->previous_id) {
        if (delta > 15) {
            return false;
        }
        head = (unsigned)delta << 4 | wire_to_compact[op->wire];
    }
    over = *f->in.at - head;
    if (over > op->compact_span) {
        return false;
    }
    f->truth = over == 0;
    f->last_id = op->id;
    f->in.at += 1;
    return true;
}

#include "codec/decode_template.h"
