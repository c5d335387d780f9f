/*
 * Elements of flat containers, read without frames: decode_flat.h says what that means.
 * decode_template.h includes it.
 *
 * Each reader starts from the decoder's state and leaves it behind what was done; returns how many
 * elements that were. Types nest no deeper than is written here: an element's parts are leaves or
 * leafy containers.
 */

/* ---- leaves: a loop for each type, so that it is asked for once ---- */

#define EACH(which, size)                                                                          \
    case which:                                                                                    \
        for (; done < count && P(flat_leaf)(&f, which, slot); done++) {                            \
            slot += (size);                                                                        \
        }                                                                                          \
        break

NEVER_INLINE uint32_t P(leaf_items)(struct decoder *decoder, uint8_t code, uint8_t *slot,
                                    uint32_t count)
{
    struct decode_flat f = step_flat(&decoder->state);
    uint32_t done = 0;

    switch (code) {
        EACH(PLAN_BOOL, sizeof(bool));
        EACH(PLAN_I8, 1);
        EACH(PLAN_I16, 2);
        EACH(PLAN_I32, 4);
        EACH(PLAN_ENUM, 4);
        EACH(PLAN_I64, 8);
        EACH(PLAN_DOUBLE, 8);
        EACH(PLAN_UUID, 16);
    case PLAN_STRING:
        EACH(PLAN_BINARY, sizeof(thrift_bytes));
    default:
        __builtin_unreachable();
    }
    flat_leave(decoder, flat_place(&f));
    return done;
}
#undef EACH

/* The key of an entry; nearly all are strings. */
ALWAYS_INLINE bool P(flat_key)(struct decode_flat *f, const struct plan_type *type, uint8_t *slot)
{
    switch (type->code) {
    case PLAN_STRING:
    case PLAN_BINARY:
        return P(flat_string)(f, slot);
    default:
        return P(number)(&f->in, type->code, slot) == WIRE_OK;
    }
}

#define EACH(which)                                                                                \
    case which:                                                                                    \
        for (;; done++) {                                                                          \
            whole = flat_place(&f);                                                                \
            if (done == count || !P(flat_key)(&f, type->key, slot) ||                              \
                !P(flat_leaf)(&f, which, slot + type->value_offset)) {                             \
                break;                                                                             \
            }                                                                                      \
            slot += type->entry_size;                                                              \
        }                                                                                          \
        break

NEVER_INLINE uint32_t P(leaf_entries)(struct decoder *decoder, const struct plan_type *type,
                                      uint8_t *slot, uint32_t count)
{
    struct decode_flat f = step_flat(&decoder->state);
    struct flat_place whole;
    uint32_t done = 0;

    switch (type->element->code) {
        EACH(PLAN_BOOL);
        EACH(PLAN_I8);
        EACH(PLAN_I16);
        EACH(PLAN_I32);
        EACH(PLAN_ENUM);
        EACH(PLAN_I64);
        EACH(PLAN_DOUBLE);
        EACH(PLAN_UUID);
    case PLAN_STRING:
        EACH(PLAN_BINARY);
    default:
        __builtin_unreachable();
    }
    flat_leave(decoder, whole);
    return done;
}
#undef EACH

/* ---- leafy containers, into `slot`, as the readers of elements ---- */

/* The head, and room in the arena for `each` times the count behind an object of `size` bytes.
 * NULL: there is none, or more to it. With a count of 0 the room is not taken. */
ALWAYS_INLINE uint8_t *P(leafy_room)(struct decoder *decoder, const struct plan_type *type,
                                     size_t size, uint32_t each, uint32_t *out_count)
{
    struct decode_state *s = &decoder->state;
    uint8_t *block = s->free_at + ((size_t)(-(uintptr_t)s->free_at) & 7);
    uint32_t count = 0, least;
    uint8_t wire = 0;
    bool matches;

    if (P(container_head)(decoder, s, type, &count, &least, &wire, &matches) != WIRE_OK) {
        return NULL;
    }
    *out_count = count;
    if (count > 0) {
        uint64_t whole = (uint64_t)count * each + size;

        if (RARELY(!matches || step_count(decoder, s, count, least) != WIRE_OK ||
                   s->free_end < block || whole > (size_t)(s->free_end - block))) {
            return NULL;
        }
        s->free_at = block + whole;
    }
    return block;
}

NEVER_INLINE bool P(leaf_list)(struct decoder *decoder, const struct plan_type *type, uint8_t *slot)
{
    const struct plan_type *element = type->element;
    uint32_t count = 0;
    uint8_t *block = P(leafy_room)(decoder, type, sizeof(thrift_list), element->size, &count),
            *items;

    if (block == NULL) {
        return false;
    }
    if (count == 0) {
        step_point(slot, &list_shared_empty);
        return true;
    }
    items = step_list(decoder, type, block, count, slot);
    return P(items)(&decoder->state.in, element->code, items, count) ||
           P(leaf_items)(decoder, element->code, items, count) == count;
}

NEVER_INLINE bool P(leaf_map)(struct decoder *decoder, const struct plan_type *type, uint8_t *slot)
{
    uint32_t count = 0;
    uint8_t *block = P(leafy_room)(decoder, type, sizeof(thrift_map), type->entry_size, &count);

    if (block == NULL) {
        return false;
    }
    if (count == 0) {
        step_point(slot, &mapping_shared_empty);
        return true;
    }
    return P(leaf_entries)(decoder, type, step_map(decoder, type, block, count, slot), count) ==
           count;
}

/* ---- structs ---- */

/* The struct that `slot` is to point at, in a record from the arena, unless it is empty. If the
 * plan is not flat it is shallow. */
ALWAYS_INLINE bool P(flat_record)(struct decoder *decoder, const struct plan *plan, bool flat,
                                  struct decode_flat *f, uint8_t *slot)
{
    uint8_t *base = f->free_at + ((size_t)(-(uintptr_t)f->free_at) & 7);
    struct flat_place before = flat_place(f);
    uint64_t seen;

    if (RARELY(f->free_end < base || plan->size > (size_t)(f->free_end - base))) {
        return false;
    }
    step_fill(decoder, plan, base);
    f->free_at = base + plan->size;
    if (RARELY(!P(flat_struct)(flat ? NULL : decoder, plan, base, f, &seen))) {
        f->in.at = before.at;
        f->free_at = before.free_at;
        return false;
    }
    if (RARELY(seen == 0) && plan->may_be_empty) {
        f->free_at = before.free_at;
        step_point(slot, plan->layout->shared_empty);
        return true;
    }
    step_point(slot, base);
    return true;
}

NEVER_INLINE uint32_t P(flat_records)(struct decoder *decoder, const struct plan *plan,
                                      uint8_t *slot, uint32_t count)
{
    /* What is needed once for each waits in memory: registers are for the fields. */
    struct decoder *volatile owner = decoder;
    const struct plan *volatile each = plan;
    uint8_t *volatile first = slot;
    uint8_t *volatile end = slot + (size_t)count * sizeof(void *);
    struct decode_flat f = step_flat(&decoder->state);

    while (slot < end && P(flat_record)(owner, each, true, &f, slot)) {
        slot += sizeof(void *);
    }
    flat_leave(owner, flat_place(&f));
    return (uint32_t)((size_t)(slot - first) / sizeof(void *));
}

/* ---- elements that have leafy containers, or are some ---- */

ALWAYS_INLINE bool P(shallow_value)(struct decoder *decoder, const struct plan_type *type,
                                    struct decode_flat *f, uint8_t *slot)
{
    return type->code == PLAN_RECORD ? P(flat_record)(decoder, type->record, false, f, slot)
                                     : P(flat_container)(decoder, type, f, slot);
}

NEVER_INLINE uint32_t P(shallow_items)(struct decoder *decoder, struct decode_part part)
{
    struct decode_flat f = step_flat(&decoder->state);
    struct flat_place whole;
    uint32_t done = 0;

    for (;; done++) {
        whole = flat_place(&f);
        if (done == part.count || !P(shallow_value)(decoder, part.type->element, &f, part.slot)) {
            break;
        }
        part.slot += sizeof(void *);
        decoder->reserved -= part.least;
    }
    flat_leave(decoder, whole);
    return done;
}

NEVER_INLINE uint32_t P(shallow_entries)(struct decoder *decoder, struct decode_part part)
{
    const struct plan_type *type = part.type;
    struct decode_flat f = step_flat(&decoder->state);
    struct flat_place whole;
    uint32_t done = 0;

    for (;; done++) {
        whole = flat_place(&f);
        if (done == part.count || !P(flat_key)(&f, type->key, part.slot) ||
            !P(shallow_value)(decoder, type->element, &f, part.slot + type->value_offset)) {
            break;
        }
        part.slot += type->entry_size;
        decoder->reserved -= part.least;
    }
    flat_leave(decoder, whole);
    return done;
}

/* Those without parts, or with leaves alone. */
ALWAYS_INLINE uint32_t P(simple_part)(struct decoder *decoder, struct decode_part part)
{
    const struct plan_type *element = part.type->element;

    if (part.type->code == PLAN_MAP) {
        return P(leaf_entries)(decoder, part.type, part.slot, part.count);
    }
    if (element->code == PLAN_RECORD) {
        return P(flat_records)(decoder, element->record, part.slot, part.count);
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
    return part.type->code == PLAN_MAP ? P(shallow_entries)(decoder, part)
                                       : P(shallow_items)(decoder, part);
}
