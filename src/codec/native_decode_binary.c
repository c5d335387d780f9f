/*
 * Native structs from the binary protocol.
 */
#include "codec/native_decode_steps.h"
#include "codec/read_binary.h"

#define P(name) native_binary_##name
#define READ(name) binary_##name
#define P_PROTOCOL THRIFT_BINARY
#define P_COMPACT false

/* The head of the field that should come next, and its least value behind it. */
ALWAYS_INLINE bool native_binary_expected(const struct codec_policy *policy, struct native_state *s)
{
    const struct native_op *op = s->op;
    uint32_t head;

    if (RARELY(s->in.at >= s->sure) && !native_unsure(policy, s, op->binary_need)) {
        return false;
    }
    memcpy(&head, s->in.at, sizeof head);
    if ((head & PLAN_HEAD_BYTES) != op->head) {
        return false;
    }
    s->in.at += BINARY_FIELD_SIZE;
    return true;
}

#include "codec/native_decode_template.h"
