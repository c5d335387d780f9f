/*
 * Decoding, what all protocols share: the frames of the explicit stack, memory, and what goes
 * wrong. The template is decode_template.h.
 */
#ifndef CODEC_DECODE_H
#define CODEC_DECODE_H

#include "codec/codec.h"
#include "value/list.h"
#include "value/mapping.h"
#include "value/record.h"
#include "value/unknown.h"
#include "wire/cursor.h"
#include "wire/skip.h"

/* Frames on the C stack: the default depth and one for the outermost struct. */
#define DECODE_FRAMES 129u
#define DECODE_FRAMES_MOST 1024u
/* The most bytes of a head and the least value behind it, and more than that. */
#define DECODE_SURE 20u

/* Stands behind strings that are copied where others are views: none is a C string by chance. */
#define DECODE_VIEW_END 1u

struct json_key;

struct decode_frame {
    /* a struct */
    const struct plan *plan; /* NULL: a container */
    const struct plan_op *op;
    uint8_t *base;
    uint64_t seen;
    int16_t last_id;
    /* a list or map whose elements need frames */
    const struct plan_type *type;
    void *object;         /* the thrift_list or thrift_map */
    uint8_t *slot;        /* of the next element, or the current entry */
    uint32_t left, count; /* of a map keys and values are counted */
    uint32_t least;       /* bytes reserved for each element to come */
    /* JSON alone: decode_json.h */
    void *container;             /* its list or map */
    const struct plan_op *next;  /* of a struct: the operation that should come next */
    const struct json_key *keys; /* of a struct: the texts of its operations */
    uint32_t rest;               /* of a container of TJSON: entries to come */
    bool fresh;                  /* nothing was read behind the opening bracket */
};

/*
 * Where decoding stands. `frame` is the innermost open struct or container. Of a struct the state
 * is in base, op, seen and last_id, and goes into the frame when a child opens. The fast path keeps
 * all of it in registers and leaves a copy in the decoder for what is not fast, and at the end.
 */
struct decode_state {
    struct cursor in;
    const uint8_t *sure;         /* before it the head and least value of any field are there */
    uint8_t *free_at, *free_end; /* of the arena */
    struct decode_frame *frame;
    const struct plan_op *op; /* that should come next, or is being read */
    uint8_t *base;
    uint64_t seen;
    int16_t last_id;
    bool truth; /* of a bool field, where the head holds it */
};

struct decoder {
    struct decode_state state;
    const struct codec_policy *policy;
    struct thrift_root *root;
    struct decode_frame *frames, *last_frame; /* that may be used */
    size_t text_most, binary_most;            /* bytes of a string that need no closer look */
    uint32_t structs, structs_most;           /* open */
    bool may_be_flat;                         /* nothing in the policy needs a look at elements */
    uint64_t reserved;                        /* decode_steps.h */
    enum wire_fault fault;
    thrift_status status; /* set: `err` is written already */
    thrift_error *err;
};

/* The NUL that every empty string ends with. */
extern const uint8_t decode_no_text[1];

/* Anything at all. A record that is its root's top is empty again after a failure, and the root's
 * budget is none in any case. */
thrift_status decode_by_frames(const struct plan *plan, thrift_protocol protocol,
                               thrift_bytes *input, const struct codec_policy *policy,
                               thrift_record *record, thrift_error *err);
/* The same, tried in one go first: for a flat plan, a plain policy and input that is not empty. */
thrift_status binary_decode_flat(const struct plan *plan, thrift_bytes *input,
                                 const struct codec_policy *policy, thrift_record *record,
                                 thrift_error *err);
thrift_status compact_decode_flat(const struct plan *plan, thrift_bytes *input,
                                  const struct codec_policy *policy, thrift_record *record,
                                  thrift_error *err);
/* The same for a nested plan. */
thrift_status binary_decode_nested(const struct plan *plan, thrift_bytes *input,
                                   const struct codec_policy *policy, thrift_record *record,
                                   thrift_error *err);
thrift_status compact_decode_nested(const struct plan *plan, thrift_bytes *input,
                                    const struct codec_policy *policy, thrift_record *record,
                                    thrift_error *err);

/* What codec_decode_into() does, for who has no time for a call and knows whether the policy is
 * plain. */
static inline thrift_status decode_any(const struct plan *plan, thrift_protocol protocol,
                                       thrift_bytes *input, const struct codec_policy *policy,
                                       bool plain, thrift_record *record, thrift_error *err)
{
    if (plan->flat && plain && input->size > 0) {
        if (protocol == THRIFT_BINARY) {
            return binary_decode_flat(plan, input, policy, record, err);
        }
        if (protocol == THRIFT_COMPACT) {
            return compact_decode_flat(plan, input, policy, record, err);
        }
    } else if (plan->nested && plain && input->size > 0) {
        if (protocol == THRIFT_BINARY) {
            return binary_decode_nested(plan, input, policy, record, err);
        }
        if (protocol == THRIFT_COMPACT) {
            return compact_decode_nested(plan, input, policy, record, err);
        }
    }
    return decode_by_frames(plan, protocol, input, policy, record, err);
}

/* One protocol's decoder: fills frames[0].base from `in`. false: fault or status say why. */
typedef bool (*decode_run)(struct decoder *decoder);
bool binary_decode_run(struct decoder *decoder);
bool compact_decode_run(struct decoder *decoder);

/* ---- for transcoding: decode_quick.h ---- */

struct decode_part;
bool binary_quick_read_struct(struct decoder *decoder, const struct plan *plan, const void **out);
bool compact_quick_read_struct(struct decoder *decoder, const struct plan *plan, const void **out);
uint32_t binary_quick_read_part(struct decoder *decoder, struct decode_part part);
uint32_t compact_quick_read_part(struct decoder *decoder, struct decode_part part);

/* ---- slow paths; each returns false when decoding must stop ---- */

/* Marks a field whose presence is not in the first word, or a union's member; returns `seen`. */
uint64_t decode_mark_far(const struct plan *plan, const struct plan_op *op, uint8_t *base,
                         uint64_t seen);
/* Whether the field was read already; of a union: the same member. */
bool decode_has(const struct plan *plan, const struct plan_op *op, const uint8_t *base,
                uint64_t seen);
bool decode_duplicate(struct decoder *decoder, const struct plan_op *op);
bool decode_mismatch(struct decoder *decoder, const struct plan_op *op, uint8_t wire);
bool decode_element_mismatch(struct decoder *decoder, const struct plan_type *type, uint8_t wire);
bool decode_unknown_refused(struct decoder *decoder, int16_t id);
/* Keeps the value's bytes with the record; the arena is in step. */
bool decode_unknown_keep(struct decoder *decoder, uint8_t *base, const struct unknown_field *field);
/* A set or map that is complete: an item or key that is there twice is refused, or dropped; lists
 * stay as they are. */
bool decode_unique(struct decoder *decoder, const struct plan_type *type, void *object);
/* The end of a struct that lacks required fields, or whose presence needs a closer look. */
bool decode_incomplete(struct decoder *decoder, const struct plan *plan, const uint8_t *base,
                       uint64_t seen);
bool decode_enum(struct decoder *decoder, const struct plan_type *type, int32_t number);
bool decode_utf8(struct decoder *decoder, thrift_bytes text);

#endif
