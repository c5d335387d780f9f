/*
 * What is flat is read in one go: structs of leaves, with such structs in them or leafy containers.
 * No frame is opened, and the state of the loop is left alone. decode_template.h includes it; leafy
 * containers are in decode_leafy.h, lists and maps of such structs in decode_part.h.
 *
 * Only what needs no look is done: declared fields in the order of their ids, strings of moderate
 * size that the arena has room for, under a policy that takes them as they are. Anything else is
 * left to the loop: it reads the struct from its begin again, into the same record, or the element
 * that was not done; whatever was stored is stored there again.
 */

/* A string or binary that is empty or too long for the quick way. */
ALWAYS_INLINE bool P(flat_other_string)(struct decode_flat *f, uint8_t *slot, bool ample)
{
    size_t size = 0;
    const uint8_t *from;

    READ_AGAIN();
    from = P(peek_size)(&f->in, &size);
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
    size_t size = 0;
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

/* A leaf where the head said that the least bytes of its type are there. */
ALWAYS_INLINE enum flat_step P(flat_sure)(struct decode_flat *f, uint8_t code, uint8_t *slot,
                                          bool ample)
{
    if (!cursor_need(&f->in, P(sure)(code))) {
        __builtin_unreachable();
    }
    return P(flat_leaf)(f, code, slot, ample) ? FLAT_READ : FLAT_LEFT;
}

/* What is neither a string nor one of the usual numbers. */
ALWAYS_INLINE enum flat_step P(flat_seldom)(struct decoder *decoder, enum plan_form form,
                                            const struct plan_op *op, struct decode_flat *f,
                                            uint8_t *slot, bool ample)
{
    switch (op->code) {
    case PLAN_BOOL:
        *slot = P(flat_truth)(f);
        f->in.at += P_COMPACT ? 0 : 1;
        return FLAT_READ;
    case PLAN_I8:
        return P(flat_sure)(f, PLAN_I8, slot, ample);
    case PLAN_I16:
        return P(flat_sure)(f, PLAN_I16, slot, ample);
    case PLAN_UUID:
        return P(flat_sure)(f, PLAN_UUID, slot, ample);
    case PLAN_RECORD:
        if (form == PLAN_FLAT) {
            __builtin_unreachable();
        }
        return FLAT_STRUCT;
    default:
        if (form != PLAN_SHALLOW) {
            __builtin_unreachable();
        }
        return P(flat_container)(decoder, op->type, f, slot) &&
                       (!ample || flat_is_ample(f, f->in.at, f->free_at))
                   ? FLAT_READ
                   : FLAT_LEFT;
    }
}

/* The value of the field `s->op`, whose head was taken. Comparisons, not a table: to jump by one
 * takes the time of several. */
ALWAYS_INLINE enum flat_step P(flat_value)(struct decoder *decoder, enum plan_form form,
                                           const struct flat_struct *s, uint32_t head,
                                           struct decode_flat *f, bool ample)
{
    const struct plan_op *op = s->op;
    uint8_t *slot = s->base + op->offset;
    uint8_t code;

    if (MOSTLY(P(flat_text)(head))) { /* which is in a register, unlike the code */
        return P(flat_sure)(f, PLAN_STRING, slot, ample);
    }
    code = op->code;
    if (code > PLAN_ENUM) {
        if (code <= PLAN_DOUBLE) {
            return P_COMPACT && code == PLAN_DOUBLE ? P(flat_sure)(f, PLAN_DOUBLE, slot, ample)
                                                    : P(flat_sure)(f, PLAN_I64, slot, ample);
        }
    } else if (code > PLAN_I16) {
        return P(flat_sure)(f, PLAN_I32, slot, ample);
    }
    return P(flat_seldom)(decoder, form, op, f, slot, ample);
}

/* The head that comes next, as far as it can be of `op`. */
ALWAYS_INLINE uint32_t P(flat_next)(const struct decode_flat *f, const struct plan_op *op,
                                    bool ample)
{
    return !ample && RARELY(f->in.at >= f->sure) ? P(flat_last_head)(f, op) : P(flat_head)(f);
}

/* Reads `s`, whose record is empty, and the structs in it. false: there is more to it. The readers
 * of leafy containers need the decoder. */
ALWAYS_INLINE bool P(flat_fields)(struct decoder *decoder, enum plan_form form,
                                  const struct plan *plan, struct flat_struct *s,
                                  struct flat_outer *outer, struct decode_flat *f, bool ample)
{
    enum flat_step step;
    uint32_t head;

    if (form != PLAN_FLAT) {
        outer->end = outer->items;
    }
    f->last_id = 0;
    head = P(flat_next)(f, s->op, ample);
    for (;;) {
        while (P(flat_take)(f, s->op, head)) {
            step = P(flat_value)(decoder, form, s, head, f, ample);
            if (form != PLAN_FLAT && step == FLAT_STRUCT) {
                flat_copy(outer->end, s);
                outer->end += 1;
                step = flat_begin(f, s, s->op->type->record, ample) ? step : FLAT_LEFT;
            } else {
                s->seen |= s->op->has;
                s->op += 1;
            }
            if (RARELY(step == FLAT_LEFT)) {
                return false;
            }
            head = P(flat_next)(f, s->op, ample);
        }
        if (P(flat_stop)(head)) {
            if (form == PLAN_FLAT || outer->end == outer->items) {
                return flat_end(f, s, plan);
            }
            outer->end -= 1;
            if (!flat_end(f, s, outer->end->op->type->record)) {
                return false;
            }
            flat_close(f, s, outer->end);
            head = P(flat_next)(f, s->op, ample);
        } else if (s->op->code == PLAN_END) {
            return false;
        } else {
            s->op += 1;
            head = ample ? head : P(flat_next)(f, s->op, ample);
        }
    }
}

/* A struct of that form on its own. */
ALWAYS_INLINE thrift_status P(flat_whole)(enum plan_form form, const struct plan *plan,
                                          thrift_bytes *input, const struct codec_policy *policy,
                                          thrift_record *record, thrift_error *err)
{
    /* What only the end needs waits in memory: registers are for the loop. */
    thrift_bytes *volatile behind = input;
    const struct codec_policy *volatile rules = policy;
    thrift_error *volatile why = err;
    struct flat_outer outer;
    struct flat_struct s = {plan->ops, (uint8_t *)record, 0};
    struct decode_flat f = {.in = {input->data, input->data + input->size, input->data},
                            .free_at = record->root->arena.at,
                            .free_end = record->root->arena.end,
                            .root = record->root};

    f.sure = input->size > DECODE_SURE ? f.in.end - DECODE_SURE : f.in.at;
    if (RARELY(!P(flat_fields)(NULL, form, plan, &s, &outer, &f, false))) {
        return decode_by_frames(plan, P_PROTOCOL, behind, rules, record, why);
    }
    *behind = (thrift_bytes){f.in.at, cursor_left(&f.in)};
    f.root->arena.at = f.free_at;
    return THRIFT_OK;
}

thrift_status P(decode_flat)(const struct plan *plan, thrift_bytes *input,
                             const struct codec_policy *policy, thrift_record *record,
                             thrift_error *err)
{
    return P(flat_whole)(PLAN_FLAT, plan, input, policy, record, err);
}

thrift_status P(decode_nested)(const struct plan *plan, thrift_bytes *input,
                               const struct codec_policy *policy, thrift_record *record,
                               thrift_error *err)
{
    return P(flat_whole)(PLAN_NESTED, plan, input, policy, record, err);
}
