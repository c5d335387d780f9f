/*
 * Encoding native structs, what both protocols share. The steps are in native_encode_template.h.
 */
#ifndef CODEC_NATIVE_ENCODE_H
#define CODEC_NATIVE_ENCODE_H

#include "base/buffer.h"
#include "codec/native.h"

#define NATIVE_FRAMES 129u
#define NATIVE_FRAMES_MOST 1024u

/* The most that a head and a number take, any protocol; a string's size with its head too. */
#define NATIVE_ROOM 32u

struct native_encode_frame {
    /* a struct */
    const struct native_plan *plan; /* NULL: an array */
    const struct native_op *op;
    const uint8_t *base;
    int16_t last_id;
    /* an array */
    const struct native_type *type;
    const uint8_t *item;
    uint32_t left, count; /* of a map keys and values are counted */
};

struct native_encoder {
    const struct codec_policy *policy;
    thrift_buffer *out;
    struct native_encode_frame *frames;
    uint32_t depth_most;
    struct native_encode_frame *top; /* where it failed */
    const struct native_op *op;
    thrift_status status;
    thrift_error *err;
};

typedef bool (*native_encode_run)(struct native_encoder *encoder);
bool native_binary_encode_run(struct native_encoder *encoder);
bool native_compact_encode_run(struct native_encoder *encoder);

/* Room for `size` bytes at `to`: the new `to`; NULL: no memory. */
uint8_t *native_encode_grow(struct native_encoder *encoder, uint8_t *to, size_t size);

/* Is a field that is absent written nevertheless? false, with the encoder's status set: it must not
 * be absent. */
bool native_encode_absent(struct native_encoder *encoder, const struct native_op *op);
/* Each writes the error and returns false. */
bool native_encode_too_large(struct native_encoder *encoder, size_t size);
bool native_encode_too_many(struct native_encoder *encoder, size_t count);
bool native_encode_too_deep(struct native_encoder *encoder);
/* A union's tag must name a member, unless the policy says otherwise. */
bool native_encode_union(struct native_encoder *encoder, const struct native_plan *plan,
                         const uint8_t *base);

#endif
