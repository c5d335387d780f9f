/*
 * What a decoder of the compact protocol reads with, whatever it fills: records or native structs.
 */
#ifndef CODEC_READ_COMPACT_H
#define CODEC_READ_COMPACT_H

#include "codec/plan.h"
#include "wire/compact.h"

/* The size of a string and where it begins; NULL: not a short one. */
ALWAYS_INLINE const uint8_t *compact_peek_size(const struct cursor *in, size_t *size)
{
    *size = cursor_need(in, 1) ? *in->at : 0x80;
    return *size < 0x80 ? in->at + 1 : NULL;
}

ALWAYS_INLINE const uint8_t *compact_peek_short(const struct cursor *in, size_t *size)
{
    return compact_peek_size(in, size);
}

/* The least bytes of a value: of a bool none, it is in the head. */
ALWAYS_INLINE size_t compact_sure(uint8_t code)
{
    return code == PLAN_DOUBLE ? 8 : code == PLAN_UUID ? 16 : 1;
}

ALWAYS_INLINE enum wire_fault compact_next_field(struct cursor *in, int16_t *last_id, uint8_t *type,
                                                 int16_t *id, bool *truth)
{
    return compact_read_field(in, last_id, type, id, truth);
}

ALWAYS_INLINE enum wire_fault compact_get_i16(struct cursor *in, int16_t *out)
{
    return compact_read_i16(in, out);
}

ALWAYS_INLINE enum wire_fault compact_get_i32(struct cursor *in, int32_t *out)
{
    return compact_read_i32(in, out);
}

ALWAYS_INLINE enum wire_fault compact_get_i64(struct cursor *in, int64_t *out)
{
    return compact_read_i64(in, out);
}

/* Elements of one size, all at once. false: not such a type. */
ALWAYS_INLINE bool compact_items(struct cursor *in, uint8_t code, uint8_t *slot, uint32_t count)
{
    size_t size = code == PLAN_I8 ? 1 : code == PLAN_DOUBLE ? 8 : 16;

    switch (code) {
    case PLAN_DOUBLE:
        copy_little64(slot, in->at, count);
        break;
    case PLAN_I8:
    case PLAN_UUID:
        memcpy(slot, in->at, size * count);
        break;
    default:
        return false;
    }
    in->at += size * count;
    return true;
}

#endif
