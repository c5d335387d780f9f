/*
 * Native structs from the compact protocol.
 */
#include "codec/native_decode_steps.h"
#include "wire/compact.h"

#define P(name) native_compact_##name
#define P_PROTOCOL THRIFT_COMPACT
#define P_COMPACT true
#define native_compact_read_bool compact_read_bool
#define native_compact_read_i8 compact_read_i8
#define native_compact_read_double compact_read_double
#define native_compact_read_string compact_read_string
#define native_compact_read_list compact_read_list
#define native_compact_read_map compact_read_map
#define native_compact_next_field compact_read_field
#define native_compact_get_i16 compact_read_i16
#define native_compact_get_i32 compact_read_i32
#define native_compact_get_i64 compact_read_i64
#define native_compact_least compact_least

static inline bool native_compact_expected(struct cursor *in, const struct native_op *op,
                                           int16_t *last_id, bool *truth)
{
    uint8_t over;

    if (*last_id != op->previous_id || !cursor_need(in, op->compact_need)) {
        return false;
    }
    over = (uint8_t)(*in->at - op->compact_head);
    if (over > op->compact_span) {
        return false;
    }
    *truth = over == 0;
    *last_id = op->id;
    in->at += 1;
    return true;
}

static inline bool native_compact_items(struct cursor *in, uint8_t code, uint32_t item_size,
                                        uint8_t *items, uint32_t count)
{
    if (code != PLAN_I8 || item_size != 1) {
        return false;
    }
    memcpy(items, in->at, count);
    in->at += count;
    return true;
}

#include "codec/native_decode_template.h"
