/*
 * Elements of flat containers, read without frames, as in decode_leafy.h: structs, and what has
 * leafy containers in it or is one. decode_template.h includes it.
 *
 * Types nest no deeper than is written here: plan_flat.h.
 */

/* ---- structs ---- */

/* The struct that `slot` is to point at. */
ALWAYS_INLINE bool P(flat_record)(struct decoder *decoder, enum plan_form form,
                                  const struct plan *plan, struct decode_flat *f, bool ample,
                                  uint8_t *slot)
{
    struct flat_struct s;
    struct flat_outer outer;

    if (!flat_begin(f, &s, plan, ample) ||
        RARELY(!P(flat_fields)(decoder, form, plan, &s, &outer, f, ample))) {
        return false;
    }
    step_point(slot, flat_object(f, &s, plan));
    return true;
}

ALWAYS_INLINE uint32_t P(flat_records)(struct decoder *decoder, struct decode_part part, bool ample)
{
    /* What is needed once for each waits in memory: registers are for the fields. */
    struct decoder *volatile owner = decoder;
    const struct plan *volatile each = part.type->element->record;
    uint8_t *slot = part.slot;
    uint8_t *volatile first = slot;
    uint8_t *volatile end = slot + (size_t)part.count * sizeof(void *);
    const uint8_t *volatile whole_at;
    uint8_t *volatile whole_free;
    struct decode_flat f = step_flat(decoder);

    flat_expect(&f, each->op_count, each->size);
    for (;; slot += sizeof(void *)) {
        whole_at = f.in.at;
        whole_free = f.free_at;
        if (slot == end || (ample && !flat_is_ample(&f, f.in.at, f.free_at)) ||
            !P(flat_record)(NULL, PLAN_FLAT, each, &f, ample, slot)) {
            break;
        }
    }
    flat_leave(owner, (struct flat_place){whole_at, whole_free});
    return (uint32_t)((size_t)(slot - first) / sizeof(void *));
}

NEVER_INLINE uint32_t P(ample_records)(struct decoder *decoder, struct decode_part part)
{
    return P(flat_records)(decoder, part, true);
}

NEVER_INLINE uint32_t P(other_records)(struct decoder *decoder, struct decode_part part)
{
    return P(flat_records)(decoder, part, false);
}

/* ---- elements that have leafy containers, or are some ---- */

/* What is read for each of them besides containers, and `more` leaves. */
ALWAYS_INLINE void P(shallow_expect)(struct decode_flat *f, const struct plan_type *type,
                                     uint32_t more)
{
    if (type->code == PLAN_RECORD) {
        flat_expect(f, type->record->nested_count + more, type->record->nested_size);
    } else {
        flat_expect(f, more, 0);
    }
}

ALWAYS_INLINE bool P(shallow_value)(struct decoder *decoder, const struct plan_type *type,
                                    struct decode_flat *f, bool ample, uint8_t *slot)
{
    return type->code == PLAN_RECORD
               ? P(flat_record)(decoder, PLAN_SHALLOW, type->record, f, ample, slot)
               : P(flat_container)(decoder, type, f, slot);
}

ALWAYS_INLINE uint32_t P(shallow_items)(struct decoder *decoder, struct decode_part part,
                                        bool ample)
{
    struct decode_flat f = step_flat(decoder);
    struct flat_place whole;
    uint32_t done = 0;

    P(shallow_expect)(&f, part.type->element, 0);
    for (;; done++) {
        whole = flat_place(&f);
        if (done == part.count || (ample && !flat_is_ample(&f, whole.at, whole.free_at)) ||
            !P(shallow_value)(decoder, part.type->element, &f, ample, part.slot)) {
            break;
        }
        part.slot += sizeof(void *);
        decoder->reserved -= part.least;
    }
    flat_leave(decoder, whole);
    return done;
}

ALWAYS_INLINE uint32_t P(shallow_entries)(struct decoder *decoder, struct decode_part part,
                                          bool ample)
{
    const struct plan_type *type = part.type;
    struct decode_flat f = step_flat(decoder);
    struct flat_place whole;
    uint32_t done = 0;

    P(shallow_expect)(&f, type->element, 1);
    for (;; done++) {
        whole = flat_place(&f);
        if (done == part.count || (ample && !flat_is_ample(&f, whole.at, whole.free_at)) ||
            !P(flat_key)(&f, type->key->code, part.slot, ample) ||
            !P(shallow_value)(decoder, type->element, &f, ample, part.slot + type->value_offset)) {
            break;
        }
        part.slot += type->entry_size;
        decoder->reserved -= part.least;
    }
    flat_leave(decoder, whole);
    return done;
}

NEVER_INLINE uint32_t P(ample_shallow)(struct decoder *decoder, struct decode_part part)
{
    return part.type->code == PLAN_MAP ? P(shallow_entries)(decoder, part, true)
                                       : P(shallow_items)(decoder, part, true);
}

NEVER_INLINE uint32_t P(other_shallow)(struct decoder *decoder, struct decode_part part)
{
    return part.type->code == PLAN_MAP ? P(shallow_entries)(decoder, part, false)
                                       : P(shallow_items)(decoder, part, false);
}

/* ---- any of them ---- */

ALWAYS_INLINE uint32_t P(shallow_part)(struct decoder *decoder, struct decode_part part)
{
    uint32_t done = P(ample_shallow)(decoder, part);

    return done == part.count ? done : done + P(other_shallow)(decoder, part_rest(part, done));
}

/* Those without parts, or with leaves alone. */
ALWAYS_INLINE uint32_t P(simple_part)(struct decoder *decoder, struct decode_part part)
{
    const struct plan_type *element = part.type->element;
    uint32_t done;

    if (part.type->code == PLAN_MAP) {
        return P(entries)(decoder, part);
    }
    if (element->code == PLAN_RECORD) {
        done = P(ample_records)(decoder, part);
        return done == part.count ? done : done + P(other_records)(decoder, part_rest(part, done));
    }
    return P(items)(&decoder->state.in, element->code, part.slot, part.count)
               ? part.count
               : P(leaf_items)(decoder, element->code, part.slot, part.count);
}

/* Of any flat container. Nothing is reserved any more for what is done. */
NEVER_INLINE uint32_t P(flat_part)(struct decoder *decoder, struct decode_part part)
{
    const struct plan_type *element = part.type->element;
    uint32_t done;

    if (part.type->leafy ||
        (part.type->code == PLAN_LIST && element->code == PLAN_RECORD && element->record->flat)) {
        done = P(simple_part)(decoder, part);
        decoder->reserved -= (uint64_t)done * part.least;
        return done;
    }
    return P(shallow_part)(decoder, part);
}
