/*
 * Encoding: entry, room, and the error with its path.
 */
#include "codec/encode.h"

#include "base/alloc.h"
#include "base/error.h"
#include "codec/encode_json.h"
#include "codec/expressible.h"
#include "codec/path.h"
#include "wire/transcode.h"

uint8_t *encode_grow(struct encoder *encoder, uint8_t *to, size_t size)
{
    thrift_buffer *out = encoder->out;

    if (out->data != NULL) {
        out->size = (size_t)(to - out->data);
    }
    if (!buffer_reserve(out, size)) {
        encoder->status = FAIL_NOMEM(encoder->err);
        return NULL;
    }
    return out->data + out->size;
}

bool encode_missing(struct encoder *encoder, const struct plan_op *op)
{
    encoder->status = FAIL(encoder->err, THRIFT_E_REQUIRED, "required field %d is not set", op->id);
    return false;
}

bool encode_union(struct encoder *encoder, const struct plan *plan, const uint8_t *base)
{
    uint32_t tag;

    memcpy(&tag, base + plan->layout->has_offset, sizeof tag);
    if (tag != 0 || encoder->policy->accept_union) {
        return true;
    }
    encoder->status = FAIL(encoder->err, THRIFT_E_CORRUPT, "a union with no member set");
    return false;
}

bool encode_too_large(struct encoder *encoder, size_t size)
{
    encoder->status = FAIL(encoder->err, THRIFT_E_LIMIT, "%zu bytes fit no string", size);
    return false;
}

bool encode_too_deep(struct encoder *encoder)
{
    encoder->status = FAIL(encoder->err, THRIFT_E_LIMIT, "values are nested too deep");
    return false;
}

bool encode_unknown(struct encoder *encoder, const struct unknown_field *field,
                    thrift_protocol protocol, thrift_bytes *out)
{
    thrift_bytes value = field->bytes;
    thrift_status status;

    *out = value;
    if ((thrift_protocol)field->protocol == protocol) {
        return true;
    }
    encoder->scratch.size = 0;
    status = transcode_value((thrift_protocol)field->protocol, &value, field->wire_type, protocol,
                             encoder->policy->limits, &encoder->scratch, encoder->err);
    *out = buffer_bytes(&encoder->scratch);
    encoder->status = status;
    return status == THRIFT_OK;
}

bool encode_has_far(const struct plan *plan, const struct plan_op *op, const uint8_t *base)
{
    const uint8_t *at = base + plan->layout->has_offset;
    uint64_t word;
    uint32_t tag;

    if (plan->tagged) {
        memcpy(&tag, at, sizeof tag);
        return tag == op->field->has;
    }
    memcpy(&word, at + op->field->has / 64 * sizeof word, sizeof word);
    return (word >> (op->field->has % 64) & 1) != 0;
}

enum codec_unset encode_unset(const struct encoder *encoder, const struct plan *plan,
                              const uint8_t *base, const struct plan_op *op)
{
    enum codec_unset unset = codec_unset(encoder->policy, op->requiredness);
    const void *object;

    if (plan->tagged) {
        return CODEC_LEFT_OUT;
    }
    if (unset != CODEC_WRITTEN || op->code != PLAN_RECORD || !op->type->record->tagged) {
        return unset;
    }
    /* A union never set has nothing that could be written. */
    memcpy(&object, base + op->offset, sizeof object);
    return object != NULL                              ? CODEC_WRITTEN
           : op->requiredness == THRIFT_FIELD_REQUIRED ? CODEC_MISSING
                                                       : CODEC_LEFT_OUT;
}

const struct plan_op *encode_next(struct encoder *encoder, const struct plan *plan,
                                  const uint8_t *base, const struct plan_op *op)
{
    for (; op->code != PLAN_END && !encode_has_far(plan, op, base); op++) {
        enum codec_unset unset = encode_unset(encoder, plan, base, op);

        if (unset == CODEC_MISSING) {
            encode_missing(encoder, op);
            return op;
        }
        if (unset == CODEC_WRITTEN) {
            return op;
        }
    }
    return op;
}

static void prepend_frame(thrift_error *err, const struct encode_frame *frame,
                          const struct plan_op *op)
{
    if (frame->plan != NULL) {
        if (op != NULL) {
            path_prepend_field(err, op->field);
        }
    } else if (frame->type->code == PLAN_LIST) {
        path_prepend_index(err, frame->count - frame->left - 1);
    } else {
        bool in_key = (frame->left & 1) != 0;
        size_t index = (2 * (size_t)frame->count - frame->left - 1) / 2;

        path_prepend_key(err, frame->type->key,
                         frame->slot - (in_key ? 0 : frame->type->entry_size), index);
    }
}

/* The error gets its path; `out` is as it was. */
static __attribute__((noinline)) thrift_status fail(struct encoder *encoder)
{
    const struct plan_op *op = encoder->state.op;

    if (op != NULL && op->code == PLAN_END) {
        op = NULL;
    }
    if (encoder->err != NULL) {
        for (const struct encode_frame *frame = encoder->state.frame;; frame--) {
            prepend_frame(encoder->err, frame, op);
            if (frame == encoder->frames) {
                break;
            }
            op = frame[-1].op;
        }
    }
    encoder->out->size = encoder->before;
    thrift_buffer_deinit(&encoder->scratch);
    return encoder->status;
}

/* The outermost frame is filled. Little is needed behind the call, so that little is saved. */
static inline thrift_status run_on(struct encoder *encoder, encode_run run)
{
    thrift_buffer *out = encoder->out;

    encoder->before = out->size;
    if (!buffer_reserve(out, ENCODE_ROOM)) {
        return FAIL_NOMEM(encoder->err);
    }
    encoder->state.to = out->data + out->size;
    encoder->state.full = out->data + out->capacity - ENCODE_ROOM;
    if (!run(encoder)) {
        return fail(encoder);
    }
    if (encoder->scratch.data != NULL) {
        thrift_buffer_deinit(&encoder->scratch);
    }
    return THRIFT_OK;
}

/* Deeper than the C stack should hold: the limits were raised. */
static __attribute__((noinline)) thrift_status run_deep(struct encoder *encoder, encode_run run)
{
    const thrift_allocator *allocator = &encoder->out->allocator;
    struct encode_frame *frames = mem_alloc_zero(allocator, ENCODE_FRAMES_MOST, sizeof *frames);
    uint32_t most = encoder->policy->limits->max_depth;
    thrift_status status;

    if (frames == NULL) {
        return FAIL_NOMEM(encoder->err);
    }
    frames[0] = encoder->frames[0];
    encoder->frames = frames;
    encoder->last_frame = frames + (most < ENCODE_FRAMES_MOST ? most : ENCODE_FRAMES_MOST) - 1;
    status = run_on(encoder, run);
    mem_free(allocator, frames, ENCODE_FRAMES_MOST * sizeof *frames);
    return status;
}

/* By protocol. */
static const encode_run runs[] = {
    [THRIFT_BINARY] = binary_encode_run,         [THRIFT_COMPACT] = compact_encode_run,
    [THRIFT_TJSON] = tagged_json_encode_run,     [THRIFT_SIMPLE_JSON] = simple_json_encode_run,
    [THRIFT_PLAIN_JSON] = named_json_encode_run,
};

thrift_status encode_by_frames(const struct plan *plan, thrift_protocol protocol,
                               const thrift_record *record, const struct codec_policy *policy,
                               thrift_buffer *out, thrift_error *err)
{
    struct encode_frame frames[ENCODE_FRAMES];
    const uint32_t most = policy->limits->max_depth;
    struct encoder encoder;
    encode_run run =
        (size_t)protocol < sizeof runs / sizeof runs[0] ? runs[protocol] : (encode_run)NULL;

    if (run == NULL) {
        return FAIL(err, THRIFT_E_ARGUMENT, "protocol %d cannot be written", (int)protocol);
    }
    if (!is_expressible(plan->layout->type, protocol)) {
        return refuse_float(plan->layout->type, protocol, err);
    }
    encoder.policy = policy;
    encoder.out = out;
    encoder.frames = frames;
    encoder.last_frame = frames + (most < ENCODE_FRAMES ? most : ENCODE_FRAMES) - 1;
    encoder.status = THRIFT_OK;
    encoder.err = err;
    encoder.scratch = (thrift_buffer)THRIFT_BUFFER_INIT;
    frames[0].plan = plan;
    frames[0].base = (const uint8_t *)record;
    frames[0].op = NULL;
    return most > ENCODE_FRAMES ? run_deep(&encoder, run) : run_on(&encoder, run);
}

thrift_status codec_encode(const struct plan *plan, thrift_protocol protocol,
                           const thrift_record *record, const struct codec_policy *policy,
                           thrift_buffer *out, thrift_error *err)
{
    return encode_any(plan, protocol, record, record->root, policy, out, err);
}
