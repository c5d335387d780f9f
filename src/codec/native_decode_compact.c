/*
 * Native structs from the compact protocol.
 */
#include "codec/native_decode_steps.h"
#include "codec/read_compact.h"

#define P(name) native_compact_##name
#define READ(name) compact_##name
#define P_PROTOCOL THRIFT_COMPACT
#define P_COMPACT true

/* As compact_expected(). */
ALWAYS_INLINE bool native_compact_expected(const struct codec_policy *policy,
                                           struct native_state *s)
{
    const struct native_op *op = s->op;
    unsigned over;

    if (RARELY(s->in.at >= s->sure) && !native_unsure(policy, s, op->compact_need)) {
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

#include "codec/native_decode_template.h"
