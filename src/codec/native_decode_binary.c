/*
 * Native structs from the binary protocol.
 */
#include "codec/native_decode_steps.h"
#include "codec/swap.h"
#include "wire/binary.h"
#include "wire/compact.h"

#define P(name) native_binary_##name
#define P_PROTOCOL THRIFT_BINARY
#define P_COMPACT false
#define native_binary_read_bool binary_read_bool
#define native_binary_read_i8 binary_read_i8
#define native_binary_read_double binary_read_double
#define native_binary_read_string binary_read_string
#define native_binary_read_list binary_read_list
#define native_binary_read_map binary_read_map
#define native_binary_least binary_least

/* The head of the field that should come next, and its least value behind it. */
static inline bool native_binary_expected(struct cursor *in, const struct native_op *op,
                                          int16_t *last_id, bool *truth)
{
    (void)last_id;
    (void)truth;
    if (!cursor_need(in, op->binary_need) || (load_big32(in->at) & 0xffffff00u) != op->head) {
        return false;
    }
    in->at += BINARY_FIELD_SIZE;
    return true;
}

static inline enum wire_fault native_binary_next_field(struct cursor *in, int16_t *last_id,
                                                       uint8_t *type, int16_t *id, bool *truth)
{
    (void)last_id;
    (void)truth;
    return binary_read_field(in, type, id) ? WIRE_OK : WIRE_TRUNCATED;
}

static inline enum wire_fault native_binary_get_i16(struct cursor *in, int16_t *out)
{
    return binary_read_i16(in, out) ? WIRE_OK : WIRE_TRUNCATED;
}

static inline enum wire_fault native_binary_get_i32(struct cursor *in, int32_t *out)
{
    return binary_read_i32(in, out) ? WIRE_OK : WIRE_TRUNCATED;
}

static inline enum wire_fault native_binary_get_i64(struct cursor *in, int64_t *out)
{
    return binary_read_i64(in, out) ? WIRE_OK : WIRE_TRUNCATED;
}

/* Numbers that stand side by side, all at once. false: not such items. */
static inline bool native_binary_items(struct cursor *in, uint8_t code, uint32_t item_size,
                                       uint8_t *items, uint32_t count)
{
    if (code == PLAN_I8 && item_size == 1) {
        memcpy(items, in->at, count);
    } else if (code == PLAN_I16 && item_size == 2) {
        swap_copy16(items, in->at, count);
    } else if (code == PLAN_I32 && item_size == 4) {
        swap_copy32(items, in->at, count);
    } else if ((code == PLAN_I64 || code == PLAN_DOUBLE) && item_size == 8) {
        swap_copy64(items, in->at, count);
    } else {
        return false;
    }
    in->at += (size_t)count * item_size;
    return true;
}

#include "codec/native_decode_template.h"
