/*
 * Transcoding in one pass, the writing side: one token at a time, in any protocol.
 *
 * What does not say how many elements a container has (plain JSON) leaves a count to be filled in
 * when the container ends: in place where there is room for it, else what stands behind it moves.
 * That costs compact a move for each list of more than 14 and each map of more than 127, TJSON one
 * for each of more than 9; binary none.
 */
#ifndef CODEC_TRANSCODE_SINK_H
#define CODEC_TRANSCODE_SINK_H

#include "codec/encode_json.h"
#include "codec/transcode_frame.h"
#include "codec/transcode_source.h"
#include "wire/writer.h"

struct transcode_sink {
    thrift_protocol protocol;
    struct writer writer; /* binary and compact */
    struct json_encoder json;
    struct encoder encoder; /* policy, status, err */
    struct encode_frame outside;
};

/* false: no memory; the encoder's status says so. Appends to `out`. */
bool transcode_sink_begin(struct transcode_sink *sink, const struct plan *plan,
                          thrift_protocol protocol, const struct codec_policy *policy,
                          thrift_buffer *out, thrift_error *err);
/* `good`: what was written is there. */
void transcode_sink_end(struct transcode_sink *sink, bool good);

/* Each returns false when the encoder's status is set. `frame` is the innermost open one. */

/* The head of frame->op; `slot` of a leaf. */
bool transcode_write_field(struct transcode_sink *sink, struct transcode_frame *frame,
                           const union slot *slot);
bool transcode_write_field_end(struct transcode_sink *sink);
/* `field`: not a key or element. */
bool transcode_write_leaf(struct transcode_sink *sink, const struct plan_type *type, bool field,
                          bool key, const union slot *slot);
bool transcode_write_struct(struct transcode_sink *sink);
bool transcode_write_struct_end(struct transcode_sink *sink, const struct transcode_frame *frame);
/* `frame` is the container's, its count known or not; `field`: the head's types are written. */
bool transcode_write_container(struct transcode_sink *sink, struct transcode_frame *frame,
                               bool field);
/* Before an item or a key. */
bool transcode_write_entry(struct transcode_sink *sink, struct transcode_frame *frame);
bool transcode_write_between(struct transcode_sink *sink, const struct transcode_frame *frame);
bool transcode_write_container_end(struct transcode_sink *sink,
                                   const struct transcode_frame *frame);
/* A field that is not declared, where the protocol has a place for it. */
bool transcode_write_unknown(struct transcode_sink *sink, struct transcode_frame *frame,
                             thrift_protocol from, const struct transcode_unknown *unknown);

#endif
