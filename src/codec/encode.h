/*
 * Encoding, what all protocols share: the frames of the explicit stack, room, and what goes wrong.
 * The steps are in encode_steps.h, what differs by protocol in encode_template.h.
 */
#ifndef CODEC_ENCODE_H
#define CODEC_ENCODE_H

#include "base/buffer.h"
#include "codec/codec.h"
#include "value/list.h"
#include "value/mapping.h"
#include "value/record.h"
#include "value/unknown.h"

#define ENCODE_FRAMES 129u
#define ENCODE_FRAMES_MOST 1024u

/* Strings of so many bytes are written without asking for room. */
#define ENCODE_SHORT 48u
/* The most that a head and a value without parts take, any protocol; a short string with its size
 * too, and what copying it by whole vectors may write behind it. */
#define ENCODE_ROOM 80u

struct json_key;

struct encode_frame {
    /* a struct */
    const struct plan *plan; /* NULL: a container */
    const struct plan_op *op;
    const uint8_t *base;
    uint64_t has;
    int16_t last_id;
    const struct unknown_field *unknown; /* to be written yet */
    size_t unknown_count;
    bool careful; /* a union, or unknown fields may stand between the known */
    /* a container whose elements need frames */
    const struct plan_type *type;
    const uint8_t *slot;
    uint32_t left, count;        /* of a map keys and values are counted */
    const struct json_key *keys; /* JSON alone: the texts of a struct's operations */
    bool fresh;                  /* JSON alone: nothing was written behind the opening bracket */
    uint32_t indentation;        /* JSON alone: of the entries */
};

/* Where encoding stands; as decode_state. Of a struct it is in base, op, has and last_id. */
struct encode_state {
    uint8_t *to;
    const uint8_t *full; /* up to it ENCODE_ROOM bytes are there behind `to` */
    struct encode_frame *frame;
    const struct plan_op *op;
    const uint8_t *base;
    uint64_t has; /* presence of the fields that can be written without a further look: of none
                     where the frame is careful */
    int16_t last_id;
};

struct encoder {
    struct encode_state state;
    const struct codec_policy *policy;
    thrift_buffer *out;
    struct encode_frame *frames, *last_frame; /* that may be used */
    size_t before;                            /* bytes of `out` */
    thrift_status status;
    thrift_error *err;
    thrift_buffer scratch; /* of what is transcoded */
};

typedef bool (*encode_run)(struct encoder *encoder);
bool binary_encode_run(struct encoder *encoder);
bool compact_encode_run(struct encoder *encoder);

/* Anything at all; what codec_encode() does. */
thrift_status encode_by_frames(const struct plan *plan, thrift_protocol protocol,
                               const thrift_record *record, const struct codec_policy *policy,
                               thrift_buffer *out, thrift_error *err);
/* The same, tried in one go first: for flat plans, where no unknown fields were kept. */
thrift_status binary_encode_flat(const struct plan *plan, const thrift_record *record,
                                 const struct codec_policy *policy, thrift_buffer *out,
                                 thrift_error *err);
thrift_status compact_encode_flat(const struct plan *plan, const thrift_record *record,
                                  const struct codec_policy *policy, thrift_buffer *out,
                                  thrift_error *err);

/* The same for nested plans of two levels. */
thrift_status binary_encode_nested(const struct plan *plan, const thrift_record *record,
                                   const struct codec_policy *policy, thrift_buffer *out,
                                   thrift_error *err);
thrift_status compact_encode_nested(const struct plan *plan, const thrift_record *record,
                                    const struct codec_policy *policy, thrift_buffer *out,
                                    thrift_error *err);

/* For transcoding: encode_quick.h. */
uint8_t *binary_quick_write_struct(const struct plan *plan, const void *record, uint8_t *to,
                                   const uint8_t *full);
uint8_t *compact_quick_write_struct(const struct plan *plan, const void *record, uint8_t *to,
                                    const uint8_t *full);
uint8_t *binary_quick_write_part(const struct plan_type *type, const uint8_t *slot, uint32_t count,
                                 uint8_t *to, const uint8_t *full);
uint8_t *compact_quick_write_part(const struct plan_type *type, const uint8_t *slot, uint32_t count,
                                  uint8_t *to, const uint8_t *full);

/* Whether unknown fields may stand between the declared ones of that root's records; NULL: they are
 * constants. */
static inline bool encode_has_unknown(const struct thrift_root *root)
{
    return root != NULL && root->unknown != NULL;
}

/* What codec_encode() does, for who has no time for a call and has the record's root at hand. */
static inline thrift_status encode_any(const struct plan *plan, thrift_protocol protocol,
                                       const thrift_record *record, const struct thrift_root *root,
                                       const struct codec_policy *policy, thrift_buffer *out,
                                       thrift_error *err)
{
    if (plan->flat && !encode_has_unknown(root) && !policy->write_optional) {
        if (protocol == THRIFT_BINARY) {
            return binary_encode_flat(plan, record, policy, out, err);
        }
        if (protocol == THRIFT_COMPACT) {
            return compact_encode_flat(plan, record, policy, out, err);
        }
    } else if (plan->nested && plan->depth == 2 && !encode_has_unknown(root) &&
               !policy->write_optional && policy->limits->max_depth >= 2) {
        if (protocol == THRIFT_BINARY) {
            return binary_encode_nested(plan, record, policy, out, err);
        }
        if (protocol == THRIFT_COMPACT) {
            return compact_encode_nested(plan, record, policy, out, err);
        }
    }
    return encode_by_frames(plan, protocol, record, policy, out, err);
}

/* Room for `size` bytes at `to`: the new `to`; NULL: no memory. */
uint8_t *encode_grow(struct encoder *encoder, uint8_t *to, size_t size);

/* Each writes the error and returns false. */
bool encode_missing(struct encoder *encoder, const struct plan_op *op);
bool encode_too_large(struct encoder *encoder, size_t size);
bool encode_too_deep(struct encoder *encoder);
/* A union must have a member, unless the policy says otherwise. */
bool encode_union(struct encoder *encoder, const struct plan *plan, const uint8_t *base);
/* The unknown field's value as the protocol's bytes: its own, or `*scratch` filled by
 * transcoding.*/
bool encode_unknown(struct encoder *encoder, const struct unknown_field *field,
                    thrift_protocol protocol, thrift_bytes *out);
/* What becomes of a field that is not set in the struct at `base`. */
enum codec_unset encode_unset(const struct encoder *encoder, const struct plan *plan,
                              const uint8_t *base, const struct plan_op *op);
/* Presence that is not in the first word. */
bool encode_has_far(const struct plan *plan, const struct plan_op *op, const uint8_t *base);
/* The first operation from `op` on whose field is written, or the sentinel. On failure
 * encoder->status is set, and the operation is where. */
const struct plan_op *encode_next(struct encoder *encoder, const struct plan *plan,
                                  const uint8_t *base, const struct plan_op *op);

#endif
