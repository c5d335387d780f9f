/*
 * Native structs to the binary protocol.
 */
#include "codec/native_encode_steps.h"
#include "codec/swap.h"
#include "wire/binary.h"

#define P(name) native_binary_##name
#define P_PROTOCOL THRIFT_BINARY
#define P_COMPACT false
#define P_LEAF_MOST 16u
#define native_binary_put_list binary_write_list
#define native_binary_put_map binary_write_map

static inline uint8_t *native_binary_head(uint8_t *to, const struct native_op *op, int16_t *last_id,
                                          const void *place)
{
    (void)last_id;
    (void)place;
    memcpy(to, &op->head, sizeof op->head); /* the fourth byte is written over */
    return to + BINARY_FIELD_SIZE;
}

static inline uint8_t *native_binary_absent(uint8_t *to, const struct native_op *op,
                                            int16_t *last_id)
{
    to = native_binary_head(to, op, last_id, NULL);
    memcpy(to, op->absent_binary.data, op->absent_binary.size);
    return to + op->absent_binary.size;
}

static inline uint8_t *native_binary_raw_field(uint8_t *to, const struct unknown_field *field,
                                               int16_t *last_id, thrift_bytes value)
{
    (void)last_id;
    to = binary_write_field(to, field->wire_type, field->id);
    memcpy(to, value.data, value.size);
    return to + value.size;
}

static inline uint8_t *native_binary_stop(uint8_t *to)
{
    *to = WIRE_STOP;
    return to + 1;
}

static inline uint8_t *native_binary_put_size(uint8_t *to, uint32_t size)
{
    store_big32(to, size);
    return to + 4;
}

ALWAYS_INLINE uint8_t *native_binary_put_leaf(uint8_t *to, uint8_t code, const void *place)
{
    switch (code) {
    case PLAN_BOOL:
        *to = *(const bool *)place;
        return to + 1;
    case PLAN_I8:
        return binary_write_i8(to, *(const int8_t *)place);
    case PLAN_I16:
        return binary_write_i16(to, *(const int16_t *)place);
    case PLAN_I32:
    case PLAN_ENUM:
        return binary_write_i32(to, *(const int32_t *)place);
    case PLAN_I64:
        return binary_write_i64(to, *(const int64_t *)place);
    case PLAN_DOUBLE:
        return binary_write_double(to, *(const double *)place);
    default:
        memcpy(to, place, 16);
        return to + 16;
    }
}

static uint8_t *native_binary_put_items(uint8_t *to, uint8_t code, const uint8_t *items,
                                        uint32_t item_size, uint32_t count)
{
    if ((code == PLAN_I32 || code == PLAN_ENUM) && item_size == 4) {
        swap_copy32(to, items, count);
        return to + (size_t)count * 4;
    }
    if ((code == PLAN_I64 || code == PLAN_DOUBLE) && item_size == 8) {
        swap_copy64(to, items, count);
        return to + (size_t)count * 8;
    }
    for (uint32_t i = 0; i < count; i++) {
        to = native_binary_put_leaf(to, code, items);
        items += item_size;
    }
    return to;
}

#include "codec/native_encode_template.h"
