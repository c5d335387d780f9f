/*
 * Decoding native structs, what both protocols share. The steps are in native_decode_template.h;
 * the words "frame", "reserved" and "seen" mean what they mean in decode_steps.h.
 */
#ifndef CODEC_NATIVE_DECODE_H
#define CODEC_NATIVE_DECODE_H

#include "codec/native.h"
#include "wire/cursor.h"
#include "wire/skip.h"
#include "wire/wire_type.h"

#define NATIVE_FRAMES 129u
#define NATIVE_FRAMES_MOST 1024u

struct native_frame {
    /* a struct */
    const struct native_plan *plan; /* NULL: an array */
    const struct native_op *op;
    uint8_t *base;
    uint64_t seen;
    int16_t last_id;
    /* an array */
    const struct native_type *type;
    uint8_t *item;
    uint32_t left, count; /* of a map keys and values are counted */
    uint32_t least;
};

struct native_decoder {
    struct cursor in;
    const struct codec_policy *policy;
    struct thrift_root *root;
    struct native_frame *frames;
    uint32_t depth_most;
    bool partial;             /* a default: what is absent from it is not looked at */
    struct native_frame *top; /* where it failed */
    const struct native_op *op;
    enum wire_fault fault;
    thrift_status status; /* set: `err` is written already */
    thrift_error *err;
};

typedef bool (*native_decode_run)(struct native_decoder *decoder);
bool native_binary_decode_run(struct native_decoder *decoder);
bool native_compact_decode_run(struct native_decoder *decoder);

/* What stands for an array without items; readable, never written. */
extern const uint8_t native_no_items[16];

/* ---- slow paths; each returns false when decoding must stop ---- */

bool native_decode_duplicate(struct native_decoder *decoder, const struct native_op *op);
bool native_decode_mismatch(struct native_decoder *decoder, const thrift_type *type, uint8_t wire);
bool native_decode_unknown(struct native_decoder *decoder, int16_t id);
bool native_decode_enum(struct native_decoder *decoder, const thrift_type *type, int32_t number);
bool native_decode_utf8(struct native_decoder *decoder, thrift_bytes text);
bool native_decode_too_long(struct native_decoder *decoder, size_t size, uint32_t room);
/* The end of a struct in which something is missing: an error, or defaults take their places. The
 * arena is in step. */
bool native_decode_absent(struct native_decoder *decoder, const struct native_plan *plan,
                          uint8_t *base, uint64_t seen);
bool native_decode_union(struct native_decoder *decoder, uint64_t seen);

#endif
