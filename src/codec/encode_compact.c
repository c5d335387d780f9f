/*
 * The compact protocol's encoder.
 */
#include "codec/encode_steps.h"
#include "wire/compact.h"

#define P(name) compact_##name
#define P_PROTOCOL THRIFT_COMPACT
#define P_COMPACT true
#define P_LEAF_MOST 16u

static inline uint8_t *compact_head(uint8_t *to, const struct plan_op *op, int16_t *last_id,
                                    const void *slot)
{
    uint8_t type = wire_to_compact[op->wire];
    uint8_t is_false = op->code == PLAN_BOOL && !*(const bool *)slot;

    if (*last_id == op->previous_id) {
        *to++ = (uint8_t)(op->compact_head + is_false);
    } else {
        to = compact_write_field(to, (uint8_t)(type + is_false), op->id, *last_id);
    }
    *last_id = op->id;
    return to;
}

/* Behind the field that stands before it in the plan. */
static inline uint8_t *compact_sure_head(uint8_t *to, const struct plan_op *op, const void *slot)
{
    uint8_t is_false = op->code == PLAN_BOOL && !*(const bool *)slot;

    if (RARELY(op->previous_id == PLAN_NO_ID)) {
        *to = (uint8_t)(wire_to_compact[op->wire] + is_false);
        return varint_write32(to + 1, zigzag_encode32(op->id));
    }
    *to = (uint8_t)(op->compact_head + is_false);
    return to + 1;
}

/* A field whose value's bytes are there already; a bool has only its head. */
static inline uint8_t *compact_raw_field(uint8_t *to, uint8_t wire, int16_t id, int16_t *last_id,
                                         thrift_bytes value)
{
    uint8_t type = wire == WIRE_BOOL ? *value.data : wire_to_compact[wire];

    to = compact_write_field(to, type, id, *last_id);
    *last_id = id;
    if (wire == WIRE_BOOL) {
        return to;
    }
    memcpy(to, value.data, value.size);
    return to + value.size;
}

static inline uint8_t *compact_stop(uint8_t *to)
{
    *to = WIRE_STOP;
    return to + 1;
}

static inline uint8_t *compact_put_size(uint8_t *to, uint32_t size)
{
    return varint_write32(to, size);
}

static inline uint8_t *compact_put_list(uint8_t *to, uint8_t element, uint32_t count)
{
    return compact_write_list(to, element, count);
}

static inline uint8_t *compact_put_map(uint8_t *to, uint8_t key, uint8_t value, uint32_t count)
{
    return compact_write_map(to, key, value, count);
}

static inline __attribute__((always_inline)) uint8_t *compact_put_leaf(uint8_t *to, uint8_t code,
                                                                       const void *slot)
{
    switch (code) {
    case PLAN_BOOL:
        *to = *(const bool *)slot ? COMPACT_TRUE : COMPACT_FALSE;
        return to + 1;
    case PLAN_I8:
        *to = (uint8_t) * (const int8_t *)slot;
        return to + 1;
    case PLAN_I16:
        return varint_write32(to, zigzag_encode32(*(const int16_t *)slot));
    case PLAN_I32:
    case PLAN_ENUM:
        return varint_write32(to, zigzag_encode32(*(const int32_t *)slot));
    case PLAN_I64:
        return varint_write64(to, zigzag_encode64(*(const int64_t *)slot));
    case PLAN_DOUBLE:
        return compact_write_double(to, *(const double *)slot);
    default:
        memcpy(to, slot, 16);
        return to + 16;
    }
}

NEVER_INLINE uint8_t *compact_put_items(uint8_t *to, uint8_t code, const uint8_t *slot,
                                        uint32_t count)
{
#define ITEMS(which, size)                                                                         \
    case which:                                                                                    \
        for (uint32_t i = 0; i < count; i++) {                                                     \
            to = compact_put_leaf(to, which, slot + (size_t)i * (size));                           \
        }                                                                                          \
        return to
#define NUMBERS(which, type, put, zigzag)                                                          \
    case which:                                                                                    \
        for (uint32_t i = 0; i < count; i++) {                                                     \
            to = put(to, zigzag(((const type *)(const void *)slot)[i]));                           \
        }                                                                                          \
        return to
    switch (code) {
        ITEMS(PLAN_BOOL, 1);
        NUMBERS(PLAN_I16, int16_t, varint_put32, zigzag_encode32);
        NUMBERS(PLAN_I32, int32_t, varint_put32, zigzag_encode32);
        NUMBERS(PLAN_ENUM, int32_t, varint_put32, zigzag_encode32);
        NUMBERS(PLAN_I64, int64_t, varint_put64, zigzag_encode64);
    case PLAN_I8:
        memcpy(to, slot, count);
        return to + count;
    case PLAN_DOUBLE:
        copy_little64(to, slot, count);
        return to + (size_t)count * 8;
    default:
        memcpy(to, slot, (size_t)count * 16);
        return to + (size_t)count * 16;
    }
#undef NUMBERS
#undef ITEMS
}

static uint8_t *compact_put_flat_number(uint8_t *to, uint8_t code, const uint8_t *slot);

static inline __attribute__((always_inline)) uint8_t *
compact_put_sure_number(uint8_t *to, const struct plan_op *op, const uint8_t *slot)
{
    return compact_put_flat_number(to, op->code, slot);
}

#include "codec/encode_template.h"
