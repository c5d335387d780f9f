/*
 * What is flat is read in one go: structs of nothing but leaves, and of leafy containers. No frame
 * is opened, and the state of the loop is left alone. decode_template.h includes it; lists and maps
 * of such things are in decode_part.h.
 *
 * Only what needs no look is done: declared fields in the order of their ids, strings of moderate
 * size that the arena has room for, under a policy that takes them as they are. Anything else is
 * left to the loop: it reads the struct from its begin again, into the same record, or the element
 * that was not done; whatever was stored is stored there again.
 */

/* A string or binary that is empty or too long for the quick way. */
ALWAYS_INLINE bool P(flat_other_string)(struct decode_flat *f, uint8_t *slot, bool ample)
{
    size_t size;
    const uint8_t *from = P(peek_size)(&f->in, &size);

    if (size == 0) {
        step_put_bytes(slot, decode_no_text, 0);
        f->in.at = from;
        return true;
    }
    if (!text_copy_exactly(f->free_at, f->free_end, from, &f->in, size) ||
        (ample && !flat_is_ample(f, from + size, f->free_at + size))) {
        return false;
    }
    step_put_bytes(slot, f->free_at, size);
    f->free_at += size + 1;
    f->in.at = from + size;
    return true;
}

/* A string or binary into `slot`; false: not there, too long, or no room. `ample`, here and below,
 * is known when compiling: flat_is_ample(), and will be behind the string. */
ALWAYS_INLINE bool P(flat_string)(struct decode_flat *f, uint8_t *slot, bool ample)
{
    size_t size;
    const uint8_t *from = P(peek_short)(&f->in, &size);

    if (from == NULL) {
        return false;
    }
    if (RARELY(size - 1 >= BYTES_PAIR)) {
        return P(flat_other_string)(f, slot, ample);
    }
    if (!ample && RARELY((uintptr_t)f->free_at + size >= (uintptr_t)f->free_end)) {
        return false;
    }
    if (ample || (uintptr_t)from + BYTES_PAIR <= (uintptr_t)f->in.end) {
        bytes_copy_pair(f->free_at, from);
    } else if (size > (size_t)(f->in.end - from)) {
        return false;
    } else {
        bytes_copy_short(f->free_at, from, size);
    }
    f->free_at[size] = '\0';
    step_put_bytes(slot, f->free_at, size);
    f->free_at += size + 1;
    f->in.at = from + size;
    return true;
}

/* A number, string or binary into `slot`. */
ALWAYS_INLINE bool P(flat_leaf)(struct decode_flat *f, uint8_t code, uint8_t *slot, bool ample)
{
    if (ample && !cursor_need(&f->in, DECODE_SURE)) {
        __builtin_unreachable();
    }
    return code == PLAN_STRING || code == PLAN_BINARY ? P(flat_string)(f, slot, ample)
                                                      : P(number)(&f->in, code, slot) == WIRE_OK;
}

static bool P(leaf_list)(struct decoder *decoder, const struct plan_type *type, uint8_t *slot);
static bool P(leaf_map)(struct decoder *decoder, const struct plan_type *type, uint8_t *slot);

/* A leafy container, whose reader finds and leaves the place in the decoder. */
ALWAYS_INLINE bool P(flat_container)(struct decoder *decoder, const struct plan_type *type,
                                     struct decode_flat *f, uint8_t *slot)
{
    bool done;

    decoder->state.in.at = f->in.at;
    decoder->state.free_at = f->free_at;
    done = type->code == PLAN_LIST ? P(leaf_list)(decoder, type, slot)
                                   : P(leaf_map)(decoder, type, slot);
    f->in.at = decoder->state.in.at;
    f->free_at = decoder->state.free_at;
    return done;
}

/* The value of the field `op`, whose head said that the least bytes of its type are there. A leafy
 * container needs the decoder; NULL: there is none. */
ALWAYS_INLINE bool P(flat_value)(struct decoder *decoder, const struct plan_op *op, uint32_t head,
                                 struct decode_flat *f, uint8_t *slot, bool ample)
{
#define LEAF(which)                                                                                \
    case which:                                                                                    \
        if (!cursor_need(&f->in, P(sure)(which))) {                                                \
            __builtin_unreachable();                                                               \
        }                                                                                          \
        return P(flat_leaf)(f, which, slot, ample)
    if (P(flat_text)(head)) { /* which is in a register, unlike op->code */
        if (!cursor_need(&f->in, P(sure)(PLAN_STRING))) {
            __builtin_unreachable();
        }
        return P(flat_leaf)(f, PLAN_STRING, slot, ample);
    }
    switch (op->code) {
    case PLAN_BOOL:
        *slot = P(flat_truth)(f);
        f->in.at += P_COMPACT ? 0 : 1;
        return true;
        LEAF(PLAN_I8);
        LEAF(PLAN_I16);
        LEAF(PLAN_I32);
        LEAF(PLAN_ENUM);
        LEAF(PLAN_I64);
        LEAF(PLAN_DOUBLE);
        LEAF(PLAN_UUID);
    default:
        if (decoder == NULL) {
            __builtin_unreachable(); /* plan->flat */
        }
        return P(flat_container)(decoder, op->type, f, slot) &&
               (!ample || flat_is_ample(f, f->in.at, f->free_at));
    }
#undef LEAF
}

/* The head that comes next, as far as it can be of `op`. */
ALWAYS_INLINE uint32_t P(flat_next)(const struct decode_flat *f, const struct plan_op *op,
                                    bool ample)
{
    return !ample && RARELY(f->in.at >= f->sure) ? P(flat_last_head)(f, op) : P(flat_head)(f);
}

/* Reads the struct into `base`, which holds the image; false: there is more to it. */
ALWAYS_INLINE bool P(flat_struct)(struct decoder *decoder, const struct plan *plan, uint8_t *base,
                                  struct decode_flat *f, bool ample, uint64_t *out_seen)
{
    const struct plan_op *op = plan->ops;
    uint64_t seen = 0;
    uint32_t head;

    f->last_id = 0;
    head = P(flat_next)(f, op, ample);
    for (;;) {
        while (P(flat_take)(f, op, head)) {
            if (RARELY(!P(flat_value)(decoder, op, head, f, base + op->offset, ample))) {
                return false;
            }
            seen |= op->has;
            op += 1;
            head = P(flat_next)(f, op, ample);
        }
        if (P(flat_stop)(head)) {
            break;
        }
        if (op->code == PLAN_END) {
            return false;
        }
        op += 1;
        head = ample ? head : P(flat_next)(f, op, ample);
    }
    f->in.at += 1;
    memcpy(base + plan->has_offset, &seen, sizeof seen);
    *out_seen = seen;
    return (plan->required & ~seen) == 0;
}

thrift_status P(decode_flat)(const struct plan *plan, thrift_bytes *input,
                             const struct codec_policy *policy, thrift_record *record,
                             thrift_error *err)
{
    /* What only the end needs waits in memory: registers are for the loop. */
    thrift_bytes *volatile behind = input;
    const struct codec_policy *volatile rules = policy;
    thrift_error *volatile why = err;
    struct decode_flat f = {.in = {input->data, input->data + input->size, input->data},
                            .free_at = record->root->arena.at,
                            .free_end = record->root->arena.end};
    uint64_t seen;

    f.sure = input->size > DECODE_SURE ? f.in.end - DECODE_SURE : f.in.at;
    if (RARELY(!P(flat_struct)(NULL, plan, (uint8_t *)record, &f, false, &seen))) {
        return decode_by_frames(plan, P_PROTOCOL, behind, rules, record, why);
    }
    *behind = (thrift_bytes){f.in.at, cursor_left(&f.in)};
    record->root->arena.at = f.free_at;
    return THRIFT_OK;
}
