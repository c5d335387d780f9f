/*
 * The binary protocol's encoder.
 */
#include "codec/encode_steps.h"
#include "codec/swap.h"
#include "wire/binary.h"

#define P(name) binary_##name
#define P_PROTOCOL THRIFT_BINARY
#define P_COMPACT false
#define P_LEAF_MOST 16u

static inline uint8_t *binary_head(uint8_t *to, const struct plan_op *op, int16_t *last_id,
                                   const void *slot)
{
    (void)last_id;
    (void)slot;
    memcpy(to, &op->head, sizeof op->head); /* the fourth byte is written over */
    return to + BINARY_FIELD_SIZE;
}

static inline uint8_t *binary_sure_head(uint8_t *to, const struct plan_op *op, const void *slot)
{
    return binary_head(to, op, NULL, slot);
}

/* A field whose value's bytes are there already. */
static inline uint8_t *binary_raw_field(uint8_t *to, uint8_t wire, int16_t id, int16_t *last_id,
                                        thrift_bytes value)
{
    (void)last_id;
    to = binary_write_field(to, wire, id);
    memcpy(to, value.data, value.size);
    return to + value.size;
}

static inline uint8_t *binary_stop(uint8_t *to)
{
    *to = WIRE_STOP;
    return to + 1;
}

static inline uint8_t *binary_put_size(uint8_t *to, uint32_t size)
{
    store_big32(to, size);
    return to + 4;
}

static inline uint8_t *binary_put_list(uint8_t *to, uint8_t element, uint32_t count)
{
    return binary_write_list(to, element, count);
}

static inline uint8_t *binary_put_map(uint8_t *to, uint8_t key, uint8_t value, uint32_t count)
{
    return binary_write_map(to, key, value, count);
}

static inline __attribute__((always_inline)) uint8_t *binary_put_leaf(uint8_t *to, uint8_t code,
                                                                      const void *slot)
{
    switch (code) {
    case PLAN_BOOL:
        *to = *(const bool *)slot;
        return to + 1;
    case PLAN_I8:
        return binary_write_i8(to, *(const int8_t *)slot);
    case PLAN_I16:
        return binary_write_i16(to, *(const int16_t *)slot);
    case PLAN_I32:
    case PLAN_ENUM:
        return binary_write_i32(to, *(const int32_t *)slot);
    case PLAN_I64:
        return binary_write_i64(to, *(const int64_t *)slot);
    case PLAN_DOUBLE:
        return binary_write_double(to, *(const double *)slot);
    default:
        memcpy(to, slot, 16);
        return to + 16;
    }
}

/* A number, whichever, in the same way: eight bytes are read, which is as far as memory goes behind
 * any slot, and written. What is behind it is written later. */
static inline __attribute__((always_inline)) uint8_t *
binary_put_sure_number(uint8_t *to, const struct plan_op *op, const uint8_t *slot)
{
    if (RARELY(op->code == PLAN_UUID)) {
        return binary_put_leaf(to, PLAN_UUID, slot);
    }
    store_big64(to, load_first64(slot, op->shift));
    return to + op->binary_need - BINARY_FIELD_SIZE;
}

/* Numbers of one size, all at once. */
static uint8_t *binary_put_items(uint8_t *to, uint8_t code, const uint8_t *slot, uint32_t count)
{
    switch (code) {
    case PLAN_BOOL:
    case PLAN_I8:
        memcpy(to, slot, count);
        return to + count;
    case PLAN_I16:
        swap_copy16(to, slot, count);
        return to + (size_t)count * 2;
    case PLAN_I32:
    case PLAN_ENUM:
        swap_copy32(to, slot, count);
        return to + (size_t)count * 4;
    case PLAN_I64:
    case PLAN_DOUBLE:
        swap_copy64(to, slot, count);
        return to + (size_t)count * 8;
    default:
        memcpy(to, slot, (size_t)count * 16);
        return to + (size_t)count * 16;
    }
}

#include "codec/encode_template.h"
