/*
 * The binary protocol's decoder.
 */
#include "codec/decode_steps.h"
#include "codec/read_binary.h"

#define P(name) binary_##name
#define P_PROTOCOL THRIFT_BINARY
#define P_COMPACT false

/* The head of the field that should come next, and its least value behind it. */
ALWAYS_INLINE bool binary_expected(const struct decoder *decoder, struct decode_state *s)
{
    const struct plan_op *op = s->op;
    uint32_t head;

    if (RARELY(s->in.at >= s->sure) && !step_unsure(decoder, s, op->binary_need)) {
        return false;
    }
    memcpy(&head, s->in.at, sizeof head);
    if ((head & PLAN_HEAD_BYTES) != op->expected) {
        return false;
    }
    s->in.at += BINARY_FIELD_SIZE;
    return true;
}

/* The same without frames. */
ALWAYS_INLINE bool binary_flat_head(const struct plan_op *op, struct decode_flat *f)
{
    uint32_t head;

    if (f->in.at >= f->sure && !cursor_need(&f->in, op->binary_need)) {
        return false;
    }
    memcpy(&head, f->in.at, sizeof head);
    if ((head & PLAN_HEAD_BYTES) != op->expected) {
        return false;
    }
    f->in.at += BINARY_FIELD_SIZE;
    return true;
}

#include "codec/decode_template.h"
