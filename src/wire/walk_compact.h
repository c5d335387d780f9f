/*
 * The walk of the compact protocol; walk.c includes it.
 */
#include "wire/varint_run.h"

#define W(name) compact_##name

/* Varints of up to so many bytes hold nothing that is too large for their type. */
static const uint8_t varint_quick_most[256] = {[WIRE_I16] = 2, [WIRE_I32] = 4, [WIRE_I64] = 8};

/* Behind the string at `at`; NULL: it is too long, its size has more than two bytes, or not all of
 * it is there. */
ALWAYS_INLINE const uint8_t *compact_quick_string(const struct walk_state *s, const uint8_t *at)
{
    size_t size = *at++;

    if (size >= 0x80) {
        if (*at >= 0x80) {
            return NULL;
        }
        size = (size & 0x7f) | (size_t)*at++ << 7;
    }
    return size <= s->string_most && size <= (size_t)(s->in.end - at) ? at + size : NULL;
}

/* Behind the varint at `at`; NULL: it is not certain to fit its type. */
ALWAYS_INLINE const uint8_t *compact_quick_varint(uint8_t type, const uint8_t *at)
{
    uint64_t ends = varint_ends(load_little64(at));

    if (ends == 0) {
        return type != WIRE_I64 ? NULL : at[8] < 0x80 ? at + 9 : at[9] <= 1 ? at + 10 : NULL;
    }
    return varint_first_size(ends) <= varint_quick_most[type] ? at + varint_first_size(ends) : NULL;
}

/* Behind the value at `at`, NULL as above or because it has parts. At least those bytes that any
 * value of fixed size takes are there. */
ALWAYS_INLINE const uint8_t *compact_quick_value(const struct walk_state *s, uint8_t type,
                                                 const uint8_t *at)
{
    if (type == WIRE_STRING) {
        return compact_quick_string(s, at);
    }
    if (varint_quick_most[type] != 0) {
        return compact_quick_varint(type, at);
    }
    return compact_fixed[type] != 0 ? at + compact_fixed[type] : NULL;
}

/* Returns the id of the last field passed. */
ALWAYS_INLINE int16_t compact_quick_fields(struct walk_state *s, int16_t last_id)
{
    const uint8_t *sure = walk_sure(s);

    while (s->in.at < sure) {
        const uint8_t *next = s->in.at + 1;
        uint8_t head = *s->in.at, type = compact_to_wire[head & 0x0f];
        int32_t id = last_id + (head >> 4);

        if (id == last_id || id > INT16_MAX) { /* a longer head, or no field */
            break;
        }
        if (type != WIRE_BOOL) { /* which has no bytes of its own */
            next = compact_quick_value(s, type, next);
        }
        if (next == NULL) {
            break;
        }
        s->in.at = next;
        last_id = (int16_t)id;
    }
    return last_id;
}

/* Whether all varints of VARINT_RUN bytes, and of the nine before, are certain to fit their type:
 * `goes_on` has the bits of both. */
ALWAYS_INLINE bool compact_varints_fit(uint8_t type, const uint8_t *at, uint64_t goes_on)
{
    uint64_t ten;

    if (type != WIRE_I64) {
        return (type == WIRE_I32 ? varint_runs_of_4(goes_on) : varint_runs_of_2(goes_on)) == 0;
    }
    for (ten = varint_runs_of_9(goes_on); RARELY(ten != 0); ten &= ten - 1) {
        if (at[__builtin_ctzll(ten)] > 1) { /* the tenth byte */
            return false;
        }
    }
    return true;
}

/* Varints that are left, from a place on. */
struct compact_varints {
    const uint8_t *at;
    uint32_t count;
};

/* Passes over them by VARINT_RUN bytes, wherever in one those begin, as long as all are certain to
 * fit their type. A function, so that the loop has registers. */
NEVER_INLINE struct compact_varints compact_pass_varints(struct compact_varints left,
                                                         const uint8_t *end, uint8_t type)
{
    uint32_t before = 0, goes_on; /* the first begins one */

    while (left.count >= VARINT_RUN && end - left.at > VARINT_RUN) {
        goes_on = varint_goes_on(left.at);
        if (!compact_varints_fit(type, left.at, before >> 23 | (uint64_t)goes_on << 9)) {
            break;
        }
        left.count -= VARINT_RUN - (uint32_t)__builtin_popcount(goes_on);
        left.at += VARINT_RUN;
        before = goes_on;
    }
    left.at -= varint_run_at_end(before); /* back to where the last one begins */
    return left;
}

/* Returns how many elements are left. */
ALWAYS_INLINE uint32_t compact_quick_elements(struct walk_state *s, struct walk_head head)
{
    bool numbers = head.key == head.element && varint_quick_most[head.key] != 0;
    const uint8_t *sure = walk_sure(s);

    while (head.count > 0 && s->in.at < sure) {
        uint8_t type = (head.count & 1) != 0 ? head.element : head.key;
        const uint8_t *next = compact_quick_value(s, type, s->in.at);

        if (next == NULL) {
            break;
        }
        s->in.at = next;
        head.count -= 1;
        if (numbers && head.count >= VARINT_RUN) {
            struct compact_varints left = {s->in.at, head.count};

            left = compact_pass_varints(left, s->in.end, type);
            s->in.at = left.at;
            head.count = left.count;
        }
    }
    return head.count;
}

static inline enum wire_fault compact_next_field(struct walk_level *level, struct cursor *in,
                                                 uint8_t *out_type)
{
    uint8_t type;
    int16_t id;
    bool truth;
    enum wire_fault fault;

    do { /* a bool has no bytes of its own */
        fault = compact_read_field(in, &level->last_id, &type, &id, &truth);
    } while (fault == WIRE_OK && type == WIRE_BOOL);
    if (fault == WIRE_OK) {
        *out_type = type;
    }
    return fault;
}

static inline enum wire_fault compact_next_size(struct cursor *in, uint32_t *size)
{
    return varint_read32(in, size);
}

static inline enum wire_fault compact_pass_number(struct cursor *in, uint8_t type)
{
    uint64_t wide;
    int32_t narrow;
    int16_t narrower;

    switch (type) {
    case WIRE_I16:
        return compact_read_i16(in, &narrower);
    case WIRE_I32:
        return compact_read_i32(in, &narrow);
    default:
        return varint_read64(in, &wide);
    }
}

#include "wire/walk_template.h"
#undef W
