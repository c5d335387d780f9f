/*
 * The walk of the binary protocol; walk.c includes it.
 */
#define W(name) binary_##name

/* Behind the value at `at`; NULL: it has parts, or is a string that is too long or not all there.
 * At least those bytes that any value of fixed size takes are there. */
ALWAYS_INLINE const uint8_t *binary_quick_value(const struct walk_state *s, uint8_t type,
                                                const uint8_t *at)
{
    if (type == WIRE_STRING) {
        size_t size = load_big32(at);

        return size <= s->string_most && size <= (size_t)(s->in.end - at) - 4 ? at + 4 + size
                                                                              : NULL;
    }
    return binary_fixed[type] != 0 ? at + binary_fixed[type] : NULL;
}

ALWAYS_INLINE int16_t binary_quick_fields(struct walk_state *s, int16_t last_id)
{
    const uint8_t *sure = walk_sure(s);

    while (s->in.at < sure) {
        const uint8_t *next = binary_quick_value(s, *s->in.at, s->in.at + BINARY_FIELD_SIZE);

        if (next == NULL) {
            break;
        }
        s->in.at = next;
    }
    return last_id; /* which nobody needs */
}

/* Returns how many elements are left. */
ALWAYS_INLINE uint32_t binary_quick_elements(struct walk_state *s, struct walk_head head)
{
    const uint8_t *sure = walk_sure(s);

    while (head.count > 0 && s->in.at < sure) {
        uint8_t type = (head.count & 1) != 0 ? head.element : head.key;
        const uint8_t *next = binary_quick_value(s, type, s->in.at);

        if (next == NULL) {
            break;
        }
        s->in.at = next;
        head.count -= 1;
    }
    return head.count;
}

static inline enum wire_fault binary_next_field(struct walk_level *level, struct cursor *in,
                                                uint8_t *out_type)
{
    uint8_t type;
    int16_t id;

    (void)level;
    if (!binary_read_field(in, &type, &id)) {
        return WIRE_TRUNCATED;
    }
    *out_type = type;
    return type == WIRE_STOP || wire_type_valid(type) ? WIRE_OK : WIRE_BAD_TYPE;
}

static inline enum wire_fault binary_next_size(struct cursor *in, uint32_t *size)
{
    int32_t x;

    if (!binary_read_i32(in, &x)) {
        return WIRE_TRUNCATED;
    }
    *size = (uint32_t)x;
    return WIRE_OK;
}

static inline enum wire_fault binary_pass_number(struct cursor *in, uint8_t type)
{
    (void)in;
    (void)type;
    return WIRE_BAD_TYPE; /* every number has its fixed size */
}

#include "wire/walk_template.h"
#undef W
