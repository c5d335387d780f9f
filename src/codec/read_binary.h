/*
 * What a decoder of the binary protocol reads with, whatever it fills: records or native structs.
 */
#ifndef CODEC_READ_BINARY_H
#define CODEC_READ_BINARY_H

#include "codec/plan.h"
#include "codec/swap.h"
#include "wire/binary.h"
#include "wire/compact.h"

/* The size of a string and where it begins; NULL: not so much is there. */
ALWAYS_INLINE const uint8_t *binary_peek_size(const struct cursor *in, size_t *size)
{
    if (!cursor_need(in, 4)) {
        return NULL;
    }
    *size = load_big32(in->at);
    return in->at + 4;
}

/* The same where the size is below 256, else any that is not. */
ALWAYS_INLINE const uint8_t *binary_peek_short(const struct cursor *in, size_t *size)
{
    if (!cursor_need(in, 4)) {
        return NULL;
    }
    *size = load_small32(in->at);
    return in->at + 4;
}

/* The least bytes of a value. */
ALWAYS_INLINE size_t binary_sure(uint8_t code)
{
    switch (code) {
    case PLAN_BOOL:
    case PLAN_I8:
        return 1;
    case PLAN_I16:
        return 2;
    case PLAN_I64:
    case PLAN_DOUBLE:
        return 8;
    case PLAN_UUID:
        return 16;
    default:
        return 4;
    }
}

ALWAYS_INLINE enum wire_fault binary_next_field(struct cursor *in, int16_t *last_id, uint8_t *type,
                                                int16_t *id, bool *truth)
{
    (void)last_id;
    (void)truth;
    return binary_read_field(in, type, id) ? WIRE_OK : WIRE_TRUNCATED;
}

ALWAYS_INLINE enum wire_fault binary_get_i16(struct cursor *in, int16_t *out)
{
    return binary_read_i16(in, out) ? WIRE_OK : WIRE_TRUNCATED;
}

ALWAYS_INLINE enum wire_fault binary_get_i32(struct cursor *in, int32_t *out)
{
    return binary_read_i32(in, out) ? WIRE_OK : WIRE_TRUNCATED;
}

ALWAYS_INLINE enum wire_fault binary_get_i64(struct cursor *in, int64_t *out)
{
    return binary_read_i64(in, out) ? WIRE_OK : WIRE_TRUNCATED;
}

/* Numbers of one size, all at once. false: not such a type. */
ALWAYS_INLINE bool binary_items(struct cursor *in, uint8_t code, uint8_t *slot, uint32_t count)
{
    size_t size;

    switch (code) {
    case PLAN_I8:
        size = count;
        memcpy(slot, in->at, size);
        break;
    case PLAN_I16:
        size = (size_t)count * 2;
        swap_copy16(slot, in->at, count);
        break;
    case PLAN_I32:
        size = (size_t)count * 4;
        swap_copy32(slot, in->at, count);
        break;
    case PLAN_I64:
    case PLAN_DOUBLE:
        size = (size_t)count * 8;
        swap_copy64(slot, in->at, count);
        break;
    default:
        return false;
    }
    in->at += size;
    return true;
}

#endif
