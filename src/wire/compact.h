/*
 * Compact protocol, version 1 as Apache speaks it: its primitives, inlined, read and write.
 *
 * Types come and go as enum wire_type. A varint may be longer than need be, but not longer than 5
 * or 10 bytes, and must not carry bits that its type has no room for.
 * Not here: envelopes (message.c), skipping (walk.c), descriptors (codec/).
 * Source: Apache Thrift doc/specs/thrift-compact-protocol.md; lib/cpp TCompactProtocol.tcc (doubles
 * are little-endian there and in every other binding, whatever the specification says).
 */
#ifndef WIRE_COMPACT_H
#define WIRE_COMPACT_H

#include "base/bytes.h"
#include "base/inline.h"
#include "wire/cursor.h"
#include "wire/wire_type.h"

#define COMPACT_PROTOCOL_ID 0x82u
#define COMPACT_VERSION 1u
#define COMPACT_TRUE 1u
#define COMPACT_FALSE 2u
#define COMPACT_STRING 8u
/* The most that the writers below write. */
#define COMPACT_VARINT32_SIZE 5u
#define COMPACT_VARINT64_SIZE 10u
#define COMPACT_FIELD_SIZE 4u
#define COMPACT_LIST_SIZE 6u
#define COMPACT_MAP_SIZE 6u

extern const uint8_t compact_to_wire[16]; /* 255: no type */
extern const uint8_t wire_to_compact[17]; /* a bool is COMPACT_TRUE, as an element's type is */

/* ---- varints ---- */

static inline int32_t zigzag_decode32(uint32_t x) { return (int32_t)((x >> 1) ^ (0u - (x & 1))); }
static inline int64_t zigzag_decode64(uint64_t x)
{
    return (int64_t)((x >> 1) ^ (UINT64_C(0) - (x & 1)));
}
static inline uint32_t zigzag_encode32(int32_t x)
{
    return ((uint32_t)x << 1) ^ (0u - ((uint32_t)x >> 31));
}
static inline uint64_t zigzag_encode64(int64_t x)
{
    return ((uint64_t)x << 1) ^ (UINT64_C(0) - ((uint64_t)x >> 63));
}

/* Takes the seven low bits of each of eight bytes together. */
static inline uint64_t varint_gather(uint64_t x)
{
    x = (x & UINT64_C(0x007f007f007f007f)) | ((x & UINT64_C(0x7f007f007f007f00)) >> 1);
    x = (x & UINT64_C(0x00003fff00003fff)) | ((x & UINT64_C(0x3fff00003fff0000)) >> 2);
    return (x & UINT64_C(0x000000000fffffff)) | ((x & UINT64_C(0x0fffffff00000000)) >> 4);
}

/* ---- varints by the eight bytes, the first of which begins one ---- */

/* One bit for each byte that is a varint's last. */
static inline uint64_t varint_ends(uint64_t word) { return ~word & UINT64_C(0x8080808080808080); }

/* Of the first varint, one of which ends. */
static inline unsigned varint_first_size(uint64_t ends)
{
    return (unsigned)__builtin_ctzll(ends) / 8 + 1;
}

/* ---- varints one at a time ---- */

/* Byte by byte: at the end of the input, and for the longest. `most` is 5 or 10, `last` the highest
 * value of the last byte. Returns the bytes taken; 0: more are needed; -1: no varint. The cursor
 * goes by value, so that the callers' stays in registers. */
int varint_take(const uint8_t *at, const uint8_t *end, unsigned most, uint8_t last, uint64_t *out);

static inline enum wire_fault varint_read_slow(struct cursor *in, unsigned most, uint8_t last,
                                               uint64_t *out)
{
    int taken = varint_take(in->at, in->end, most, last, out);

    if (taken <= 0) {
        return taken == 0 ? WIRE_TRUNCATED : WIRE_BAD_VALUE;
    }
    in->at += taken;
    return WIRE_OK;
}

ALWAYS_INLINE enum wire_fault varint_read64(struct cursor *in, uint64_t *out)
{
    uint64_t word, stops;

    if (cursor_need(in, 1) && *in->at < 0x80) {
        *out = *in->at;
        in->at += 1;
        return WIRE_OK;
    }
    if (!cursor_need(in, 8)) {
        return varint_read_slow(in, 10, 1, out);
    }
    word = load_little64(in->at);
    stops = ~word & UINT64_C(0x8080808080808080);
    if (stops == 0) {
        return varint_read_slow(in, 10, 1, out);
    }
    *out = varint_gather(word & (stops ^ (stops - 1)) & UINT64_C(0x7f7f7f7f7f7f7f7f));
    in->at += (unsigned)__builtin_ctzll(stops) / 8 + 1;
    return WIRE_OK;
}

ALWAYS_INLINE enum wire_fault varint_read32(struct cursor *in, uint32_t *out)
{
    uint64_t wide;
    enum wire_fault fault;

    if (cursor_need(in, 1) && *in->at < 0x80) {
        *out = *in->at;
        in->at += 1;
        return WIRE_OK;
    }
    if (cursor_need(in, 8)) {
        uint64_t word = load_little64(in->at), stops = varint_ends(word);

        wide = varint_gather(word & (stops ^ (stops - 1)) & UINT64_C(0x7f7f7f7f7f7f7f7f));
        if ((stops & UINT64_C(0x8080808080)) != 0 && wide <= UINT32_MAX) {
            *out = (uint32_t)wide;
            in->at += varint_first_size(stops);
            return WIRE_OK;
        }
    }
    fault = varint_read_slow(in, 5, 0x0f, &wide);
    if (fault == WIRE_OK) {
        *out = (uint32_t)wide;
    }
    return fault;
}

static inline uint8_t *varint_write32(uint8_t *to, uint32_t x)
{
    while (x >= 0x80) {
        *to++ = (uint8_t)(x | 0x80);
        x >>= 7;
    }
    *to = (uint8_t)x;
    return to + 1;
}

static inline uint8_t *varint_write64(uint8_t *to, uint64_t x)
{
    while (x >= 0x80) {
        *to++ = (uint8_t)(x | 0x80);
        x >>= 7;
    }
    *to = (uint8_t)x;
    return to + 1;
}

/* The opposite of varint_gather(): seven bits a byte. */
static inline uint64_t varint_spread(uint64_t x)
{
    x = (x & UINT64_C(0x000000000fffffff)) | (x & UINT64_C(0x00fffffff0000000)) << 4;
    x = (x & UINT64_C(0x00003fff00003fff)) | (x & UINT64_C(0x0fffc0000fffc000)) << 2;
    return (x & UINT64_C(0x007f007f007f007f)) | (x & UINT64_C(0x3f803f803f803f80)) << 1;
}

/* Bytes of a varint. */
static inline unsigned varint_size(uint64_t x)
{
    return ((63 - (unsigned)__builtin_clzll(x | 1)) * 9 + 73) / 64;
}

/* Writes over eight bytes, but of a varint of 9 or 10 only those; returns its size. */
static inline unsigned varint_put_spread(uint8_t *to, uint64_t x)
{
    static const uint64_t go_on[] = {/* of so many bytes, those that another follows */
                                     0,
                                     0,
                                     UINT64_C(0x80),
                                     UINT64_C(0x8080),
                                     UINT64_C(0x808080),
                                     UINT64_C(0x80808080),
                                     UINT64_C(0x8080808080),
                                     UINT64_C(0x808080808080),
                                     UINT64_C(0x80808080808080),
                                     UINT64_C(0x8080808080808080),
                                     UINT64_C(0x8080808080808080)};
    unsigned size = varint_size(x);

    store_little64(to, varint_spread(x) | go_on[size]);
    return size;
}

/* The same as varint_write32() and varint_write64() where many of any size are written: but for the
 * shortest without a branch, which none could predict. They write over 8 and 10 bytes. */
static inline uint8_t *varint_put32(uint8_t *to, uint32_t x)
{
    if (x < 0x80) {
        *to = (uint8_t)x;
        return to + 1;
    }
    return to + varint_put_spread(to, x);
}

static inline uint8_t *varint_put64(uint8_t *to, uint64_t x)
{
    unsigned size;

    if (x < 0x80) {
        *to = (uint8_t)x;
        return to + 1;
    }
    size = varint_put_spread(to, x);
    to[8] = (uint8_t)(x >> 56);
    to[9] = (uint8_t)(x >> 63);
    return to + size;
}

/* ---- reading ---- */

static inline bool compact_read_i8(struct cursor *in, int8_t *out)
{
    if (!cursor_need(in, 1)) {
        return false;
    }
    *out = (int8_t)*in->at;
    in->at += 1;
    return true;
}

/* A bool as an element: 1 is true; 2, and whatever old writers left there, is false. */
static inline bool compact_read_bool(struct cursor *in, bool *out)
{
    if (!cursor_need(in, 1)) {
        return false;
    }
    *out = *in->at == COMPACT_TRUE;
    in->at += 1;
    return true;
}

ALWAYS_INLINE enum wire_fault compact_read_i32(struct cursor *in, int32_t *out)
{
    uint32_t x;
    enum wire_fault fault = varint_read32(in, &x);

    if (fault == WIRE_OK) {
        *out = zigzag_decode32(x);
    }
    return fault;
}

ALWAYS_INLINE enum wire_fault compact_read_i16(struct cursor *in, int16_t *out)
{
    const uint8_t *start = in->at;
    int32_t x;
    enum wire_fault fault = compact_read_i32(in, &x);

    if (fault != WIRE_OK) {
        return fault;
    }
    if (x < INT16_MIN || x > INT16_MAX) {
        in->at = start;
        return WIRE_BAD_VALUE;
    }
    *out = (int16_t)x;
    return WIRE_OK;
}

ALWAYS_INLINE enum wire_fault compact_read_i64(struct cursor *in, int64_t *out)
{
    uint64_t x;
    enum wire_fault fault = varint_read64(in, &x);

    if (fault == WIRE_OK) {
        *out = zigzag_decode64(x);
    }
    return fault;
}

static inline bool compact_read_double(struct cursor *in, double *out)
{
    uint64_t bits;

    if (!cursor_need(in, 8)) {
        return false;
    }
    bits = load_little64(in->at);
    memcpy(out, &bits, sizeof bits);
    in->at += 8;
    return true;
}

static inline enum wire_fault compact_read_string(struct cursor *in, size_t most, thrift_bytes *out)
{
    const uint8_t *start = in->at;
    uint32_t size;
    enum wire_fault fault = varint_read32(in, &size);

    if (fault != WIRE_OK) {
        return fault;
    }
    if (size > cursor_left(in) || size > most) {
        in->at = start;
        return size > INT32_MAX ? WIRE_NEGATIVE_SIZE
               : size > most    ? WIRE_SIZE_LIMIT
                                : WIRE_TRUNCATED;
    }
    *out = (thrift_bytes){in->at, size};
    in->at += size;
    return WIRE_OK;
}

/* `*last_id` is the id of the struct's field before this one, 0 at its begin. A bool's value is in
 * its head: `*truth`. Of a stop only the type is set. */
static inline enum wire_fault compact_read_field(struct cursor *in, int16_t *last_id, uint8_t *type,
                                                 int16_t *id, bool *truth)
{
    struct cursor next = *in;
    uint8_t head;
    int32_t field;

    if (!cursor_need(&next, 1)) {
        return WIRE_TRUNCATED;
    }
    head = *next.at++;
    *type = compact_to_wire[head & 0x0f];
    if (*type == WIRE_STOP) {
        in->at = next.at;
        return WIRE_OK;
    }
    if (*type == 255) {
        return WIRE_BAD_TYPE;
    }
    if (head >> 4 != 0) {
        field = *last_id + (head >> 4);
        if (field > INT16_MAX) {
            return WIRE_BAD_VALUE;
        }
        *id = (int16_t)field;
    } else {
        enum wire_fault fault = compact_read_i16(&next, id);

        if (fault != WIRE_OK) {
            return fault;
        }
    }
    *truth = (head & 0x0f) == COMPACT_TRUE;
    *last_id = *id;
    in->at = next.at;
    return WIRE_OK;
}

/* Head of a list or set; `*element` is 255 for what is no type. */
ALWAYS_INLINE enum wire_fault compact_read_list(struct cursor *in, uint8_t *element,
                                                uint32_t *count)
{
    struct cursor next = *in;
    uint8_t head;
    uint32_t n;

    if (!cursor_need(&next, 1)) {
        return WIRE_TRUNCATED;
    }
    head = *next.at++;
    n = head >> 4;
    if (n == 15) {
        enum wire_fault fault = varint_read32(&next, &n);

        if (fault != WIRE_OK) {
            return fault;
        }
        if (n > INT32_MAX) {
            return WIRE_NEGATIVE_SIZE;
        }
    }
    *element = (head & 0x0f) == 0 ? 255 : compact_to_wire[head & 0x0f];
    *count = n;
    in->at = next.at;
    return WIRE_OK;
}

/* An empty map has no types: both are WIRE_STOP then. */
ALWAYS_INLINE enum wire_fault compact_read_map(struct cursor *in, uint8_t *key, uint8_t *value,
                                               uint32_t *count)
{
    struct cursor next = *in;
    uint32_t n;
    enum wire_fault fault = varint_read32(&next, &n);

    if (fault != WIRE_OK) {
        return fault;
    }
    if (n > INT32_MAX) {
        return WIRE_NEGATIVE_SIZE;
    }
    *key = *value = WIRE_STOP;
    if (n > 0) {
        if (!cursor_need(&next, 1)) {
            return WIRE_TRUNCATED;
        }
        *key = compact_to_wire[*next.at >> 4];
        *value = compact_to_wire[*next.at & 0x0f];
        next.at += 1;
    }
    *count = n;
    in->at = next.at;
    return WIRE_OK;
}

/* ---- writing ---- */

static inline uint8_t *compact_write_double(uint8_t *to, double x)
{
    uint64_t bits;

    memcpy(&bits, &x, sizeof bits);
    store_little64(to, bits);
    return to + 8;
}

/* `type` is compact's own code: a bool's is its value. */
static inline uint8_t *compact_write_field(uint8_t *to, uint8_t type, int16_t id, int16_t last_id)
{
    int32_t delta = id - last_id;

    if (delta > 0 && delta <= 15) {
        *to = (uint8_t)((unsigned)delta << 4 | type);
        return to + 1;
    }
    *to = type;
    return varint_write32(to + 1, zigzag_encode32(id));
}

static inline uint8_t *compact_write_list(uint8_t *to, uint8_t element, uint32_t count)
{
    if (count < 15) {
        *to = (uint8_t)(count << 4 | wire_to_compact[element]);
        return to + 1;
    }
    *to = (uint8_t)(0xf0 | wire_to_compact[element]);
    return varint_write32(to + 1, count);
}

static inline uint8_t *compact_write_map(uint8_t *to, uint8_t key, uint8_t value, uint32_t count)
{
    to = varint_write32(to, count);
    if (count > 0) {
        *to++ = (uint8_t)(wire_to_compact[key] << 4 | wire_to_compact[value]);
    }
    return to;
}

#endif
