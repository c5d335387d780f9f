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

/* The same where nothing is known of what follows, and fields may be left out before it. */
ALWAYS_INLINE bool compact_flat_head(const struct plan_op *op, struct cursor *in, int16_t *last_id,
                                     bool *truth)
{
    int32_t delta = op->id - *last_id;
    unsigned over;

    if (!cursor_need(in, op->compact_need) || delta < 1 || delta > 15) {
        return false;
    }
    over = *in->at - ((unsigned)delta << 4 | wire_to_compact[op->wire]);
    if (over > op->compact_span) {
        return false;
    }
    *truth = over == 0;
    *last_id = op->id;
    in->at += 1;
    return true;
}

#include "codec/decode_template.h"
