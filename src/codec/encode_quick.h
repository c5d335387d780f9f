/*
 * What transcode_quick.c writes with: values that were just read without frames. What is not set is
 * left out. encode_template.h includes it.
 */

/* A shallow struct of at most two levels. Behind it, or NULL: there is more to it. */
uint8_t *P(quick_write_struct)(const struct plan *plan, const void *record, uint8_t *to,
                               const uint8_t *full)
{
    return plan->flat ? P(faithful_flat)(plan, record, to, full)
                      : P(faithful_shallow)(plan, record, to, full);
}

ALWAYS_INLINE uint8_t *P(quick_value)(const struct plan_type *type, const uint8_t *slot,
                                      uint8_t *to, const uint8_t *full)
{
    if (plan_is_leaf(type)) {
        return P(put_short)(to, full, type->code, slot);
    }
    return type->code == PLAN_RECORD
               ? P(quick_write_struct)(type->record, step_object(slot), to, full)
               : P(leafy)(type, step_object(slot), to, full);
}

/* Items or entries of a flat container. */
uint8_t *P(quick_write_part)(const struct plan_type *type, const uint8_t *slot, uint32_t count,
                             uint8_t *to, const uint8_t *full)
{
    const bool map = type->code == PLAN_MAP;
    const size_t step = map ? type->entry_size : type->element->size;

    if (!map && type->element->code < PLAN_STRING) {
        return (uint64_t)count * P_LEAF_MOST <= (size_t)(full - to)
                   ? P(put_items)(to, type->element->code, slot, count)
                   : NULL;
    }
    for (uint32_t i = 0; i < count && to != NULL; i++) {
        if (map) {
            to = P(put_short)(to, full, type->key->code, slot);
        }
        if (to != NULL) {
            to = P(quick_value)(type->element, slot + (map ? type->value_offset : 0), to, full);
        }
        slot += step;
    }
    return to;
}
