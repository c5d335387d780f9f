/*
 * The binary protocol's decoder.
 */
#include "codec/decode_flat_steps.h"
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

/* ---- the same without frames ---- */

/* The head that comes next; 0: the stop. */
ALWAYS_INLINE uint32_t binary_flat_head(const struct decode_flat *f)
{
    uint32_t head;

    memcpy(&head, f->in.at, sizeof head);
    return head & PLAN_HEAD_BYTES;
}

/* The same at the end of the input, if it can be of `op` with its least value. */
ALWAYS_INLINE uint32_t binary_flat_last_head(const struct decode_flat *f, const struct plan_op *op)
{
    if (cursor_need(&f->in, 1) && *f->in.at == WIRE_STOP) {
        return 0;
    }
    return cursor_need(&f->in, op->binary_need) ? binary_flat_head(f) : PLAN_OTHER_HEAD;
}

ALWAYS_INLINE bool binary_flat_take(struct decode_flat *f, const struct plan_op *op, uint32_t head)
{
    if (head != op->expected) {
        return false;
    }
    f->in.at += BINARY_FIELD_SIZE;
    return true;
}

/* The type of a head in memory's order. */
ALWAYS_INLINE uint8_t binary_flat_type(uint32_t head) { return (uint8_t)BYTES_FIRST32(head); }

ALWAYS_INLINE bool binary_flat_stop(uint32_t head) { return binary_flat_type(head) == WIRE_STOP; }

ALWAYS_INLINE bool binary_flat_text(uint32_t head) { return binary_flat_type(head) == WIRE_STRING; }

ALWAYS_INLINE bool binary_flat_truth(const struct decode_flat *f) { return *f->in.at != 0; }

#include "codec/decode_template.h"
