/*
 * Binary protocol: its primitives, inlined, read and write.
 *
 * Readers move the cursor only on success. Writers take a pointer with room for what they write
 * (the sizes are below) and return the pointer behind it.
 * Not here: envelopes (message.c), skipping (walk.c), descriptors (codec/).
 * Source: Apache Thrift doc/specs/thrift-binary-protocol.md; lib/cpp TBinaryProtocol.tcc.
 */
#ifndef WIRE_BINARY_H
#define WIRE_BINARY_H

#include "base/bytes.h"
#include "wire/cursor.h"
#include "wire/wire_type.h"

#define BINARY_FIELD_SIZE 3u
#define BINARY_LIST_SIZE 5u
#define BINARY_MAP_SIZE 6u

/* ---- reading ---- */

static inline bool binary_read_i8(struct cursor *in, int8_t *out)
{
    if (!cursor_need(in, 1)) {
        return false;
    }
    *out = (int8_t)*in->at;
    in->at += 1;
    return true;
}

/* Any byte but zero is true; what is stored is 0 or 1. */
static inline bool binary_read_bool(struct cursor *in, bool *out)
{
    if (!cursor_need(in, 1)) {
        return false;
    }
    *out = *in->at != 0;
    in->at += 1;
    return true;
}

static inline bool binary_read_i16(struct cursor *in, int16_t *out)
{
    if (!cursor_need(in, 2)) {
        return false;
    }
    *out = (int16_t)load_big16(in->at);
    in->at += 2;
    return true;
}

static inline bool binary_read_i32(struct cursor *in, int32_t *out)
{
    if (!cursor_need(in, 4)) {
        return false;
    }
    *out = (int32_t)load_big32(in->at);
    in->at += 4;
    return true;
}

static inline bool binary_read_i64(struct cursor *in, int64_t *out)
{
    if (!cursor_need(in, 8)) {
        return false;
    }
    *out = (int64_t)load_big64(in->at);
    in->at += 8;
    return true;
}

static inline bool binary_read_double(struct cursor *in, double *out)
{
    uint64_t bits;

    if (!cursor_need(in, 8)) {
        return false;
    }
    bits = load_big64(in->at);
    memcpy(out, &bits, sizeof bits);
    in->at += 8;
    return true;
}

/* A size that must be there in bytes: of a string. */
static inline enum wire_fault binary_read_string(struct cursor *in, size_t most, thrift_bytes *out)
{
    uint32_t size;

    if (!cursor_need(in, 4)) {
        return WIRE_TRUNCATED;
    }
    size = load_big32(in->at);
    if (size > cursor_left(in) - 4 || size > most) {
        return size > INT32_MAX ? WIRE_NEGATIVE_SIZE
               : size > most    ? WIRE_SIZE_LIMIT
                                : WIRE_TRUNCATED;
    }
    *out = (thrift_bytes){in->at + 4, size};
    in->at += 4 + size;
    return WIRE_OK;
}

/* Type and id; of a stop only the type, `*id` is left alone then. */
static inline bool binary_read_field(struct cursor *in, uint8_t *type, int16_t *id)
{
    if (!cursor_need(in, 1)) {
        return false;
    }
    if (*in->at == WIRE_STOP) {
        *type = WIRE_STOP;
        in->at += 1;
        return true;
    }
    if (!cursor_need(in, 3)) {
        return false;
    }
    *type = in->at[0];
    *id = (int16_t)load_big16(in->at + 1);
    in->at += 3;
    return true;
}

/* Head of a list or set. The count is not checked against the bytes left: wire_count_check(). */
static inline enum wire_fault binary_read_list(struct cursor *in, uint8_t *element, uint32_t *count)
{
    uint32_t n;

    if (!cursor_need(in, BINARY_LIST_SIZE)) {
        return WIRE_TRUNCATED;
    }
    n = load_big32(in->at + 1);
    if (n > INT32_MAX) {
        return WIRE_NEGATIVE_SIZE;
    }
    *element = in->at[0];
    *count = n;
    in->at += BINARY_LIST_SIZE;
    return WIRE_OK;
}

/* The types of an empty map may be anything. */
static inline enum wire_fault binary_read_map(struct cursor *in, uint8_t *key, uint8_t *value,
                                              uint32_t *count)
{
    uint32_t n;

    if (!cursor_need(in, BINARY_MAP_SIZE)) {
        return WIRE_TRUNCATED;
    }
    n = load_big32(in->at + 2);
    if (n > INT32_MAX) {
        return WIRE_NEGATIVE_SIZE;
    }
    *key = in->at[0];
    *value = in->at[1];
    *count = n;
    in->at += BINARY_MAP_SIZE;
    return WIRE_OK;
}

/* ---- writing ---- */

static inline uint8_t *binary_write_i8(uint8_t *to, int8_t x)
{
    *to = (uint8_t)x;
    return to + 1;
}

static inline uint8_t *binary_write_i16(uint8_t *to, int16_t x)
{
    store_big16(to, (uint16_t)x);
    return to + 2;
}

static inline uint8_t *binary_write_i32(uint8_t *to, int32_t x)
{
    store_big32(to, (uint32_t)x);
    return to + 4;
}

static inline uint8_t *binary_write_i64(uint8_t *to, int64_t x)
{
    store_big64(to, (uint64_t)x);
    return to + 8;
}

static inline uint8_t *binary_write_double(uint8_t *to, double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    store_big64(to, bits);
    return to + 8;
}

static inline uint8_t *binary_write_field(uint8_t *to, uint8_t type, int16_t id)
{
    to[0] = type;
    store_big16(to + 1, (uint16_t)id);
    return to + BINARY_FIELD_SIZE;
}

static inline uint8_t *binary_write_list(uint8_t *to, uint8_t element, uint32_t count)
{
    to[0] = element;
    store_big32(to + 1, count);
    return to + BINARY_LIST_SIZE;
}

static inline uint8_t *binary_write_map(uint8_t *to, uint8_t key, uint8_t value, uint32_t count)
{
    to[0] = key;
    to[1] = value;
    store_big32(to + 2, count);
    return to + BINARY_MAP_SIZE;
}

#endif
