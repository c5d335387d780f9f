/*
 * Strings, and lists and maps of nothing but leaves, written in one go, as encode_flat.h says. It
 * includes this.
 */

/* One that is empty or not short. */
ALWAYS_INLINE uint8_t *P(put_other_string)(uint8_t *to, const uint8_t *full, thrift_bytes bytes)
{
    if (bytes.size > ENCODE_SHORT &&
        (bytes.size > CODEC_MODERATE || to > full || bytes.size > (size_t)(full - to))) {
        return NULL;
    }
    to = P(put_size)(to, (uint32_t)bytes.size);
    return step_short_bytes(to, bytes.data, bytes.size);
}

/* A string with its size, `to` being no further than a head behind `full`. NULL: it is long. */
ALWAYS_INLINE uint8_t *P(put_flat_string)(uint8_t *to, const uint8_t *full, const void *slot)
{
    thrift_bytes bytes;

    memcpy(&bytes, slot, sizeof bytes);
    if (RARELY(bytes.size - 1 >= BYTES_PAIR)) {
        return P(put_other_string)(to, full, bytes);
    }
    to = P(put_size)(to, (uint32_t)bytes.size);
    bytes_copy_pair(to, bytes.data);
    return to + bytes.size;
}

/* Behind a string that is empty or short; NULL: it is neither. */
ALWAYS_INLINE uint8_t *P(put_sure_string)(uint8_t *to, const uint8_t *slot)
{
    thrift_bytes bytes;

    memcpy(&bytes, slot, sizeof bytes);
    if (RARELY(bytes.size - 1 >= BYTES_PAIR)) {
        return bytes.size == 0 ? P(put_size)(to, 0) : NULL;
    }
    to = P(put_size)(to, (uint32_t)bytes.size);
    bytes_copy_pair(to, bytes.data);
    return to + bytes.size;
}

/* A leaf, in the same way. */
ALWAYS_INLINE uint8_t *P(put_short)(uint8_t *to, const uint8_t *full, uint8_t code,
                                    const uint8_t *slot)
{
    if (to > full) {
        return NULL;
    }
    return code < PLAN_STRING ? P(put_leaf)(to, code, slot) : P(put_flat_string)(to, full, slot);
}

/* The first items of a list of strings, up to one that is long or where room ends; `*done` is how
 * many. */
ALWAYS_INLINE uint8_t *P(short_strings)(uint8_t *to, const uint8_t *full, const thrift_bytes *items,
                                        uint32_t count, uint32_t *done)
{
    const thrift_bytes *item = items, *end = items + count;

    for (; item < end && to <= full; item++) {
        uint8_t *next = P(put_flat_string)(to, full, item);

        if (RARELY(next == NULL)) {
            break;
        }
        to = next;
    }
    *done = (uint32_t)(item - items);
    return to;
}

/* A leaf, `to` being no further than a short string behind `full`. */
ALWAYS_INLINE uint8_t *P(put_second)(uint8_t *to, const uint8_t *full, uint8_t code,
                                     const uint8_t *slot)
{
    uint8_t *behind =
        code < PLAN_STRING ? P(put_leaf)(to, code, slot) : P(put_sure_string)(to, slot);

    return code < PLAN_STRING || MOSTLY(behind != NULL) ? behind
                                                        : P(put_short)(to, full, code, slot);
}

#define EACH(which)                                                                                \
    case which:                                                                                    \
        for (; i < count && to <= full; i++) {                                                     \
            uint8_t *next = P(put_second)(to, full, PLAN_STRING, entry);                           \
                                                                                                   \
            next = RARELY(next == NULL) ? NULL                                                     \
                                        : P(put_second)(next, full, which, entry + value_offset);  \
            if (RARELY(next == NULL)) {                                                            \
                break;                                                                             \
            }                                                                                      \
            to = next;                                                                             \
            entry += entry_size;                                                                   \
        }                                                                                          \
        break

/* The first entries of a map of strings to leaves, in the same way. */
ALWAYS_INLINE uint8_t *P(named_entries)(uint8_t *to, const uint8_t *full,
                                        const struct plan_type *type, const uint8_t *entry,
                                        uint32_t count, uint32_t *done)
{
    const uint32_t value_offset = type->value_offset, entry_size = type->entry_size;
    uint32_t i = 0;

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
    *done = i;
    return to;
}
#undef EACH

/* The same of a map of any leaves to leaves. */
NEVER_INLINE uint8_t *P(short_entries)(uint8_t *to, const uint8_t *full,
                                       const struct plan_type *type, const uint8_t *entry,
                                       uint32_t count, uint32_t *done)
{
    const uint8_t key = type->key->code, value = type->element->code;
    uint32_t i = 0;

    if (key >= PLAN_STRING) {
        return P(named_entries)(to, full, type, entry, count, done);
    }
    for (; i < count; i++) {
        uint8_t *next = P(put_short)(to, full, key, entry);

        next = next != NULL ? P(put_short)(next, full, value, entry + type->value_offset) : NULL;
        if (RARELY(next == NULL)) {
            break;
        }
        to = next;
        entry += type->entry_size;
    }
    *done = i;
    return to;
}

/* Behind a list or map of leaves; NULL: there is more to it. */
NEVER_INLINE uint8_t *P(leafy_list)(const struct plan_type *type, const thrift_list *list,
                                    uint8_t *to, const uint8_t *full)
{
    uint8_t code = type->element->code;

    if (to > full) {
        return NULL;
    }
    if (list == NULL) {
        list = &list_shared_empty;
    }
    to = P(put_list)(to, type->element->wire, list->count);
    if (list->count == 0) {
        return to;
    }
    if (MOSTLY(code >= PLAN_STRING)) {
        const thrift_bytes *item = list->items, *end = item + list->count;

        for (; item < end; item++) {
            to = to <= full ? P(put_flat_string)(to, full, item) : NULL;
            if (RARELY(to == NULL)) {
                return NULL;
            }
        }
        return to;
    }
    return to <= full && (uint64_t)list->count * P_LEAF_MOST <= (size_t)(full - to)
               ? P(put_items)(to, code, list->items, list->count)
               : NULL;
}

NEVER_INLINE uint8_t *P(leafy_map)(const struct plan_type *type, const thrift_map *map, uint8_t *to,
                                   const uint8_t *full)
{
    uint32_t done;

    if (to > full) {
        return NULL;
    }
    if (map == NULL) {
        map = &mapping_shared_empty;
    }
    to = P(put_map)(to, type->key->wire, type->element->wire, map->count);
    to = P(short_entries)(to, full, type, map->entries, map->count, &done);
    return done == map->count ? to : NULL;
}

ALWAYS_INLINE uint8_t *P(leafy)(const struct plan_type *type, const void *object, uint8_t *to,
                                const uint8_t *full)
{
    return type->code == PLAN_LIST ? P(leafy_list)(type, object, to, full)
                                   : P(leafy_map)(type, object, to, full);
}
