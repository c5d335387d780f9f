/*
 * Leaves in a row, and lists and maps of nothing else, read without frames: decode_flat.h says what
 * that means. decode_template.h includes it.
 *
 * Each reader of elements starts from the decoder's state, leaves it behind what was done, and
 * returns how many elements that were.
 */

/* ---- leaves: a loop for each type, so that it is asked for once ---- */

/* A string that is not empty, of up to BYTES_PAIR bytes, where there is room for all of that. */
ALWAYS_INLINE bool P(sure_text)(struct decode_flat *f, uint8_t *slot)
{
    size_t size = 0;
    const uint8_t *from;

    if (!cursor_need(&f->in, DECODE_SURE)) {
        __builtin_unreachable();
    }
    from = P(peek_short)(&f->in, &size);
    if (RARELY(size - 1 >= BYTES_PAIR)) {
        return false;
    }
    bytes_copy_pair(f->free_at, from);
    f->free_at[size] = '\0';
    step_put_bytes(slot, f->free_at, size);
    f->free_at += size + 1;
    f->in.at = from + size;
    return true;
}

/* Whether there is room for all of so many short ones. */
ALWAYS_INLINE bool P(texts_are_sure)(const struct decode_flat *f, uint32_t count)
{
    return (uint64_t)count * (sizeof(uint32_t) + BYTES_PAIR) <= cursor_left(&f->in) &&
           (uint64_t)count * (BYTES_PAIR + 1) <= (size_t)(f->free_end - f->free_at);
}

/* First where there is room for all that are left, then where there is ample room for each, then
 * the rest. */
ALWAYS_INLINE uint32_t P(text_items)(struct decode_flat *f, uint8_t *slot, uint32_t count)
{
    uint32_t left = count;

    if (P(texts_are_sure)(f, left)) {
        for (; left > 0 && P(sure_text)(f, slot); left--) {
            slot += sizeof(thrift_bytes);
        }
        if (MOSTLY(left == 0)) {
            return count;
        }
    }
    flat_expect(f, 1, 0);
    for (; left > 0 && flat_is_ample(f, f->in.at, f->free_at) &&
           P(flat_leaf)(f, PLAN_STRING, slot, true);
         left--) {
        slot += sizeof(thrift_bytes);
    }
    for (; RARELY(left > 0) && P(flat_string)(f, slot, false); left--) {
        slot += sizeof(thrift_bytes);
    }
    return count - left;
}

#define EACH(which, size)                                                                          \
    case which:                                                                                    \
        for (; done < count && P(number)(&f.in, which, slot) == WIRE_OK; done++) {                 \
            slot += (size);                                                                        \
        }                                                                                          \
        break

NEVER_INLINE uint32_t P(leaf_items)(struct decoder *decoder, uint8_t code, uint8_t *slot,
                                    uint32_t count)
{
    struct decode_flat f = step_flat(decoder);
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
    case PLAN_BINARY:
        done = P(text_items)(&f, slot, count);
        break;
    default:
        __builtin_unreachable();
    }
    flat_leave(decoder, flat_place(&f));
    return done;
}
#undef EACH

/* The key of an entry; nearly all are strings. */
ALWAYS_INLINE bool P(flat_key)(struct decode_flat *f, uint8_t code, uint8_t *slot, bool ample)
{
    switch (code) {
    case PLAN_STRING:
    case PLAN_BINARY:
        return P(flat_leaf)(f, PLAN_STRING, slot, ample);
    default:
        return P(number)(&f->in, code, slot) == WIRE_OK;
    }
}

#define EACH(which)                                                                                \
    case which:                                                                                    \
        for (;; done++) {                                                                          \
            whole = flat_place(&f);                                                                \
            if (done == part.count || (ample && !flat_is_ample(&f, whole.at, whole.free_at)) ||    \
                !P(flat_key)(&f, key, slot, ample) ||                                              \
                !P(flat_leaf)(&f, which, slot + value_offset, ample)) {                            \
                break;                                                                             \
            }                                                                                      \
            slot += entry_size;                                                                    \
        }                                                                                          \
        break

ALWAYS_INLINE uint32_t P(leaf_entries)(struct decoder *decoder, struct decode_part part,
                                       uint8_t key, bool ample)
{
    const uint32_t value_offset = part.type->value_offset, entry_size = part.type->entry_size;
    struct decode_flat f = step_flat(decoder);
    struct flat_place whole;
    uint8_t *slot = part.slot;
    uint32_t done = 0;

    flat_expect(&f, 2, 0);
    switch (part.type->element->code) {
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

/* Strings to leaves, where there is ample room for each entry. */
NEVER_INLINE uint32_t P(ample_entries)(struct decoder *decoder, struct decode_part part)
{
    return P(leaf_entries)(decoder, part, PLAN_STRING, true);
}

/* Any leaves to leaves. */
NEVER_INLINE uint32_t P(other_entries)(struct decoder *decoder, struct decode_part part)
{
    return P(leaf_entries)(decoder, part, part.type->key->code, false);
}

ALWAYS_INLINE uint32_t P(entries)(struct decoder *decoder, struct decode_part part)
{
    const uint8_t key = part.type->key->code;
    uint32_t done = 0;

    if (key == PLAN_STRING || key == PLAN_BINARY) {
        done = P(ample_entries)(decoder, part);
    }
    return done == part.count ? done : done + P(other_entries)(decoder, part_rest(part, done));
}

/* ---- leafy containers, into `slot`, as the readers of elements ---- */

/* Room in the arena for so many elements of `each` bytes behind an object of `size` bytes; they
 * take at least `least` bytes each of the input. NULL: there is none, or more to it. */
ALWAYS_INLINE uint8_t *P(leafy_room)(const struct decoder *decoder, struct decode_flat *f,
                                     uint32_t count, uint32_t least, size_t size, uint32_t each)
{
    uint8_t *block = f->free_at + ((size_t)(-(uintptr_t)f->free_at) & 7);
    uint64_t input = decoder->reserved + (uint64_t)count * least;
    uint64_t memory = (uint64_t)count * each + size;

    if (RARELY(count > decoder->policy->limits->max_container_count ||
               input > cursor_left(&f->in) || (int64_t)memory > f->free_end - block)) {
        return NULL;
    }
    f->free_at = block + memory;
    return block;
}

NEVER_INLINE bool P(leaf_list)(struct decoder *decoder, const struct plan_type *type, uint8_t *slot)
{
    const struct plan_type *element = type->element;
    struct decode_flat f = step_flat(decoder);
    uint32_t count = 0;
    uint8_t *block, *items, wire = WIRE_STOP;
    bool done = true;

    if (P(read_list)(&f.in, &wire, &count) != WIRE_OK) {
        return false;
    }
    if (count == 0) {
        step_point(slot, &list_shared_empty);
        flat_leave(decoder, flat_place(&f));
        return true;
    }
    block = P(leafy_room)(decoder, &f, count, P(least)[element->wire], sizeof(thrift_list),
                          element->size);
    if (RARELY(wire != element->wire || block == NULL)) {
        return false;
    }
    items = step_list(decoder, type, block, count, slot);
    if (element->code == PLAN_STRING || element->code == PLAN_BINARY) {
        done = P(text_items)(&f, items, count) == count;
    } else if (!P(items)(&f.in, element->code, items, count)) {
        flat_leave(decoder, flat_place(&f));
        return P(leaf_items)(decoder, element->code, items, count) == count;
    }
    flat_leave(decoder, flat_place(&f));
    return done;
}

NEVER_INLINE bool P(leaf_map)(struct decoder *decoder, const struct plan_type *type, uint8_t *slot)
{
    struct decode_flat f = step_flat(decoder);
    struct decode_part part = {.type = type};
    uint8_t *block, wire = WIRE_STOP, key = WIRE_STOP;

    if (P(read_map)(&f.in, &key, &wire, &part.count) != WIRE_OK) {
        return false;
    }
    if (part.count == 0) {
        step_point(slot, &mapping_shared_empty);
        flat_leave(decoder, flat_place(&f));
        return true;
    }
    block = P(leafy_room)(decoder, &f, part.count,
                          P(least)[type->element->wire] + P(least)[type->key->wire],
                          sizeof(thrift_map), type->entry_size);
    if (RARELY(wire != type->element->wire || key != type->key->wire || block == NULL)) {
        return false;
    }
    flat_leave(decoder, flat_place(&f));
    part.slot = step_map(decoder, type, block, part.count, slot);
    return P(entries)(decoder, part) == part.count;
}
