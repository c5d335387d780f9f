/*
 * Fields that are all set, where there is room for all of them: neither is asked for one by one.
 * encode_flat.h includes it.
 */

/* The fields of a struct with no other; up to the first one's `rest` behind `to` is not behind
 * `full`. Returns the first that there may be no room for, or the sentinel; NULL: there is more to
 * it. A string that is not short, or a part, may have taken any room. */
ALWAYS_INLINE const struct plan_op *P(sure_fields)(const struct plan *plan, bool flat,
                                                   bool faithful, const uint8_t *base,
                                                   uint8_t **out_to, const uint8_t *full)
{
    const struct plan_op *op = plan->ops, *const end = plan->end;
    uint8_t *to = *out_to;

    for (; op < end; op++) {
        const uint8_t *slot = base + op->offset;
        uint8_t *at = P(sure_head)(to, op, slot);

        if (op->code < PLAN_STRING) {
            to = P(put_sure_number)(at, op, slot);
        } else if (flat || op->code < PLAN_RECORD) {
            at = P(put_sure_string)(at, slot);
            if (RARELY(at == NULL)) {
                break;
            }
            to = at;
        } else {
            to = P(part)(op->type, faithful, step_object(slot), at, full);
            if (RARELY(to == NULL)) {
                return NULL;
            }
            if (RARELY(full - to < (ptrdiff_t)op[1].rest)) {
                op++;
                break;
            }
        }
    }
    *out_to = to;
    return op;
}
