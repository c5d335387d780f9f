/*
 * What is flat is read in one go: structs of nothing but leaves, lists and maps of leaves, lists of
 * such structs. No frame is opened, and the state of the loop is left alone. decode_template.h
 * includes it.
 *
 * Only what needs no look is done: declared fields in the order of their ids, strings of moderate
 * size that the arena has room for, under a policy that takes them as they are. Anything else is
 * left to the loop: it reads the struct from its begin again, into the same record, or the element
 * that was not done; whatever was stored is stored there again.
 */

/* A string of moderate size into `slot`: empty, or where the input or the room for it ends. */
ALWAYS_INLINE bool P(flat_edge)(struct cursor *in, struct decode_room *room, const uint8_t *from,
                                size_t size, uint8_t *slot)
{
    thrift_bytes bytes = {size > 0 ? room->at : decode_no_text, size};

    if (size > (size_t)(in->end - from) || size > CODEC_MODERATE ||
        size >= (size_t)(room->end - room->at)) {
        return false;
    }
    if (size > 0) {
        if (size <= BYTES_SHORT_MOST) {
            bytes_copy_short(room->at, from, size);
        } else {
            memcpy(room->at, from, size);
        }
        room->at[size] = '\0';
        room->at += size + 1;
    }
    in->at = from + size;
    memcpy(slot, &bytes, sizeof bytes);
    return true;
}

/* A string or binary into `slot`; false: not there, long, or no room. */
ALWAYS_INLINE bool P(flat_string)(struct cursor *in, struct decode_room *room, uint8_t *slot)
{
    size_t size;
    const uint8_t *from = P(peek_size)(in, &size);

    if (from == NULL) {
        return false;
    }
    if (size - 1 >= CODEC_MODERATE || size + 16 > (size_t)(in->end - from) ||
        size >= (size_t)(room->end - room->at)) {
        return P(flat_edge)(in, room, from, size, slot);
    }
    step_copy_beyond(room->at, from, size);
    room->at[size] = '\0';
    step_put_bytes(slot, room->at, size);
    room->at += size + 1;
    in->at = from + size;
    return true;
}

/* The value of the field `op`, whose head said that the least bytes of its type are there. */
ALWAYS_INLINE bool P(flat_value)(struct cursor *in, struct decode_room *room,
                                 const struct plan_op *op, uint8_t *slot, bool truth)
{
#define LEAF(which)                                                                                \
    case which:                                                                                    \
        if (!cursor_need(in, P(sure)(which))) {                                                    \
            __builtin_unreachable();                                                               \
        }                                                                                          \
        return P(number)(in, which, slot) == WIRE_OK
    switch (op->code) {
    case PLAN_BOOL:
        *slot = P_COMPACT ? truth : *in->at != 0;
        in->at += P_COMPACT ? 0 : 1;
        return true;
        LEAF(PLAN_I8);
        LEAF(PLAN_I16);
        LEAF(PLAN_I32);
        LEAF(PLAN_ENUM);
        LEAF(PLAN_I64);
        LEAF(PLAN_DOUBLE);
        LEAF(PLAN_UUID);
    case PLAN_STRING:
    case PLAN_BINARY:
        if (!cursor_need(in, P(sure)(PLAN_STRING))) {
            __builtin_unreachable();
        }
        return P(flat_string)(in, room, slot);
    default:
        __builtin_unreachable(); /* plan->flat */
    }
#undef LEAF
}

/* Reads the struct into `base`, which holds the image; false: there is more to it. */
ALWAYS_INLINE bool P(flat_struct)(const struct plan *plan, uint8_t *base, struct cursor *in,
                                  struct decode_room *room)
{
    const struct plan_op *op = plan->ops;
    uint64_t seen = 0;
    int16_t last_id = 0;
    bool truth = false;

    for (;;) {
        if (P(flat_head)(op, in, &last_id, &truth)) {
            if (RARELY(!P(flat_value)(in, room, op, base + op->offset, truth))) {
                return false;
            }
            seen |= op->has;
        } else if (cursor_need(in, 1) && *in->at == WIRE_STOP) {
            break;
        } else if (op->code == PLAN_END) {
            return false;
        }
        op++;
    }
    in->at += 1;
    memcpy(base + plan->has_offset, &seen, sizeof seen);
    return (plan->required & ~seen) == 0;
}

/* The struct that `slot` is to point at, in a record from the arena. */
ALWAYS_INLINE bool P(flat_record)(struct decoder *decoder, const struct plan *plan,
                                  struct cursor *in, struct decode_room *room, uint8_t *slot)
{
    uint8_t *base = room->at + ((size_t)(-(uintptr_t)room->at) & 7);
    struct decode_room behind = {base + plan->size, room->end};
    struct cursor next = *in;

    if (cursor_need(in, 1) && *in->at == WIRE_STOP && plan->may_be_empty) {
        in->at += 1;
        step_point(slot, plan->layout->shared_empty);
        return true;
    }
    if (RARELY(room->end < base || plan->size > (size_t)(room->end - base))) {
        return false;
    }
    step_fill(decoder, plan, base);
    if (RARELY(!P(flat_struct)(plan, base, &next, &behind))) {
        return false;
    }
    step_point(slot, base);
    *in = next;
    *room = behind;
    return true;
}

/* Items of a flat list from the decoder's state on; returns how many were done. */
NEVER_INLINE uint32_t P(flat_items)(struct decoder *decoder, const struct plan_type *type,
                                    uint8_t *slot, uint32_t count)
{
    struct decode_state *s = &decoder->state;
    const struct plan_type *element = type->element;
    struct cursor in = s->in;
    struct decode_room room = {s->free_at, s->free_end};
    uint32_t done = 0;

#define ELEMENTS(step, value)                                                                      \
    for (; done < count && (value); done++) {                                                      \
        slot += (step);                                                                            \
    }                                                                                              \
    break
#define NUMBERS(which, size)                                                                       \
    case which:                                                                                    \
        ELEMENTS(size, P(number)(&in, which, slot) == WIRE_OK)
    switch (element->code) {
        NUMBERS(PLAN_BOOL, sizeof(bool));
        NUMBERS(PLAN_I8, 1);
        NUMBERS(PLAN_I16, 2);
        NUMBERS(PLAN_I32, 4);
        NUMBERS(PLAN_ENUM, 4);
        NUMBERS(PLAN_I64, 8);
        NUMBERS(PLAN_DOUBLE, 8);
        NUMBERS(PLAN_UUID, 16);
    case PLAN_STRING:
    case PLAN_BINARY:
        ELEMENTS(sizeof(thrift_bytes), P(flat_string)(&in, &room, slot));
    case PLAN_RECORD:
        ELEMENTS(sizeof(void *), P(flat_record)(decoder, element->record, &in, &room, slot));
    default:
        break;
    }
#undef NUMBERS
#undef ELEMENTS
    s->in.at = in.at;
    s->free_at = room.at;
    return done;
}

/* The same for entries of a flat map, whose keys are strings. */
NEVER_INLINE uint32_t P(flat_entries)(struct decoder *decoder, const struct plan_type *type,
                                      uint8_t *slot, uint32_t count)
{
    struct decode_state *s = &decoder->state;
    struct cursor in = s->in;
    struct decode_room room = {s->free_at, s->free_end};
    uint32_t done = 0;

#define ENTRIES(which, value)                                                                      \
    case which:                                                                                    \
        for (; done < count && P(flat_string)(&in, &room, slot); done++) {                         \
            uint8_t *place = slot + type->value_offset;                                            \
                                                                                                   \
            if (!(value)) {                                                                        \
                break;                                                                             \
            }                                                                                      \
            slot += type->entry_size;                                                              \
            s->in.at = in.at;                                                                      \
            s->free_at = room.at;                                                                  \
        }                                                                                          \
        break
#define NUMBERS(which) ENTRIES(which, P(number)(&in, which, place) == WIRE_OK)
    switch (type->element->code) {
        NUMBERS(PLAN_BOOL);
        NUMBERS(PLAN_I8);
        NUMBERS(PLAN_I16);
        NUMBERS(PLAN_I32);
        NUMBERS(PLAN_ENUM);
        NUMBERS(PLAN_I64);
        NUMBERS(PLAN_DOUBLE);
        NUMBERS(PLAN_UUID);
        ENTRIES(PLAN_STRING, P(flat_string)(&in, &room, place));
        ENTRIES(PLAN_BINARY, P(flat_string)(&in, &room, place));
    default:
        break;
    }
#undef NUMBERS
#undef ENTRIES
    return done;
}

bool P(decode_flat)(const struct plan *plan, thrift_bytes *input, thrift_record *record)
{
    struct arena *arena = &record->root->arena;
    struct cursor in = {input->data, input->data + input->size, input->data};
    struct decode_room room = {arena->at, arena->end};

    if (!P(flat_struct)(plan, (uint8_t *)record, &in, &room)) {
        return false;
    }
    *input = (thrift_bytes){in.at, cursor_left(&in)};
    arena->at = room.at;
    return true;
}
