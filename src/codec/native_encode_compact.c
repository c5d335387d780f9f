/*
 * Native structs to the compact protocol.
 */
#include "codec/native_encode_steps.h"
#include "wire/compact.h"

#define P(name) native_compact_##name
#define P_PROTOCOL THRIFT_COMPACT
#define P_COMPACT true
#define P_LEAF_MOST 16u
#define native_compact_put_size varint_write32
#define native_compact_put_list compact_write_list
#define native_compact_put_map compact_write_map

static inline uint8_t *native_compact_mark(uint8_t *to, const struct native_op *op,
                                           int16_t *last_id, bool is_false)
{
    if (*last_id == op->previous_id) {
        *to++ = (uint8_t)(op->compact_head + is_false);
    } else {
        to = compact_write_field(to, (uint8_t)(wire_to_compact[op->wire] + is_false), op->id,
                                 *last_id);
    }
    *last_id = op->id;
    return to;
}

static inline uint8_t *native_compact_head(uint8_t *to, const struct native_op *op,
                                           int16_t *last_id, const void *place)
{
    return native_compact_mark(to, op, last_id, op->code == PLAN_BOOL && !*(const bool *)place);
}

static inline uint8_t *native_compact_absent(uint8_t *to, const struct native_op *op,
                                             int16_t *last_id)
{
    if (op->code == PLAN_BOOL) {
        return native_compact_mark(to, op, last_id, op->absent_compact.data[0] != COMPACT_TRUE);
    }
    to = native_compact_mark(to, op, last_id, false);
    memcpy(to, op->absent_compact.data, op->absent_compact.size);
    return to + op->absent_compact.size;
}

static inline uint8_t *native_compact_raw_field(uint8_t *to, const struct unknown_field *field,
                                                int16_t *last_id, thrift_bytes value)
{
    bool has_bytes = field->wire_type != WIRE_BOOL;
    uint8_t type = has_bytes ? wire_to_compact[field->wire_type] : *value.data;

    to = compact_write_field(to, type, field->id, *last_id);
    *last_id = field->id;
    if (has_bytes) {
        memcpy(to, value.data, value.size);
        to += value.size;
    }
    return to;
}

static inline uint8_t *native_compact_stop(uint8_t *to)
{
    *to = WIRE_STOP;
    return to + 1;
}

ALWAYS_INLINE uint8_t *native_compact_put_leaf(uint8_t *to, uint8_t code, const void *place)
{
    switch (code) {
    case PLAN_BOOL:
        *to = *(const bool *)place ? COMPACT_TRUE : COMPACT_FALSE;
        return to + 1;
    case PLAN_I8:
        *to = *(const uint8_t *)place;
        return to + 1;
    case PLAN_I16:
        return varint_write32(to, zigzag_encode32(*(const int16_t *)place));
    case PLAN_I32:
    case PLAN_ENUM:
        return varint_write32(to, zigzag_encode32(*(const int32_t *)place));
    case PLAN_I64:
        return varint_write64(to, zigzag_encode64(*(const int64_t *)place));
    case PLAN_DOUBLE:
        return compact_write_double(to, *(const double *)place);
    default:
        memcpy(to, place, 16);
        return to + 16;
    }
}

static uint8_t *native_compact_put_items(uint8_t *to, uint8_t code, const uint8_t *items,
                                         uint32_t item_size, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        to = native_compact_put_leaf(to, code, items);
        items += item_size;
    }
    return to;
}

#include "codec/native_encode_template.h"
