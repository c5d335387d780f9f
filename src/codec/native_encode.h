/*
 * Encoding native structs, what both protocols share. The loop is in native_encode_template.h; the
 * words "full" and "aside" mean what they mean in encode.h and encode_steps.h.
 */
#ifndef CODEC_NATIVE_ENCODE_H
#define CODEC_NATIVE_ENCODE_H

#include "base/buffer.h"
#include "base/bytes.h"
#include "codec/native.h"
#include "codec/native_unknown.h"

#define NATIVE_FRAMES 129u
#define NATIVE_FRAMES_MOST 1024u

/* Strings of so many bytes are written without asking for room. */
#define NATIVE_SHORT BYTES_SHORT_MOST

struct native_encode_frame {
    /* a struct */
    const struct native_plan *plan; /* NULL: an array */
    const struct native_op *op;
    const uint8_t *base;
    int16_t last_id;
    struct native_unknown kept; /* fields to be written yet, when `op` is of kept_ops */
    /* an array */
    const struct native_type *type;
    const uint8_t *item;
    uint32_t left, count; /* of a map keys and values are counted */
};

/* Where encoding stands; of a struct in base, op and last_id. */
struct native_encode_state {
    uint8_t *to;
    const uint8_t *full; /* up to it NATIVE_ROOM bytes are there behind `to` */
    struct native_encode_frame *frame;
    const struct native_op *op;
    const uint8_t *base;
    int16_t last_id;
};

struct native_encoder {
    struct native_encode_state state;
    const struct codec_policy *policy;
    thrift_buffer *out;
    struct native_encode_frame *frames, *last_frame; /* that may be used */
    size_t before;                                   /* bytes of `out` */
    thrift_buffer scratch;                           /* a kept field's value, converted */
    thrift_status status;
    thrift_error *err;
};

typedef bool (*native_encode_run)(struct native_encoder *encoder);
bool native_binary_encode_run(struct native_encoder *encoder);
bool native_compact_encode_run(struct native_encoder *encoder);

/* Room for `size` bytes and then NATIVE_ROOM behind the state. */
bool native_encode_grow(struct native_encoder *encoder, size_t size);

/* Is a field that is absent written nevertheless? false, with the encoder's status set: it must not
 * be absent. */
bool native_encode_absent(struct native_encoder *encoder, const struct native_op *op);
/* Each writes the error and returns false. */
bool native_encode_too_large(struct native_encoder *encoder, size_t size);
bool native_encode_too_many(struct native_encoder *encoder, size_t count);
bool native_encode_too_deep(struct native_encoder *encoder);
/* A struct whose plan is careful becomes the open one: a union's tag must name a member, unless the
 * policy says otherwise; fields that were kept will be written. */
bool native_encode_begin(struct native_encoder *encoder, const struct native_plan *plan,
                         const uint8_t *base);
/* The next of the open struct's kept fields with an id below, and its value as the protocol's
 * bytes; NULL: there is none, or the encoder's status is set. */
const struct unknown_field *native_encode_kept(struct native_encoder *encoder,
                                               thrift_protocol protocol, int32_t below,
                                               thrift_bytes *out_value);
/* The record, list or map that `place` points at. */
bool native_encode_dynamic(struct native_encoder *encoder, thrift_protocol protocol,
                           const struct native_type *type, const uint8_t *place);

#endif
