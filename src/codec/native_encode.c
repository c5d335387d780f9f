/*
 * Encoding native structs: entry, room, and the error with its path.
 */
#include "codec/native_encode.h"

#include "base/alloc.h"
#include "base/error.h"
#include "codec/codec.h"
#include "codec/path.h"
#include "wire/transcode.h"

bool native_encode_grow(struct native_encoder *encoder, size_t size)
{
    struct native_encode_state *s = &encoder->state;
    thrift_buffer *out = encoder->out;

    out->size = (size_t)(s->to - out->data);
    if (size > SIZE_MAX - NATIVE_ROOM || !buffer_reserve(out, size + NATIVE_ROOM)) {
        encoder->status = FAIL_NOMEM(encoder->err);
        return false;
    }
    s->to = out->data + out->size;
    s->full = out->data + out->capacity - NATIVE_ROOM;
    return true;
}

bool native_encode_absent(struct native_encoder *encoder, const struct native_op *op)
{
    if (op->presence == NATIVE_TAGGED) {
        return false;
    }
    if (op->requiredness == THRIFT_FIELD_REQUIRED) {
        encoder->status =
            FAIL(encoder->err, THRIFT_E_REQUIRED, "required field %d is not set", op->id);
        return false;
    }
    return op->requiredness != THRIFT_FIELD_OPTIONAL && !encoder->policy->no_defaults &&
           op->absent_binary.size > 0;
}

bool native_encode_too_large(struct native_encoder *encoder, size_t size)
{
    encoder->status = FAIL(encoder->err, THRIFT_E_LIMIT, "%zu bytes fit no string", size);
    return false;
}

bool native_encode_too_many(struct native_encoder *encoder, size_t count)
{
    encoder->status = count > INT32_MAX
                          ? FAIL(encoder->err, THRIFT_E_LIMIT, "%zu items fit no list", count)
                          : FAIL(encoder->err, THRIFT_E_ARGUMENT,
                                 "there are no items, but their count is %zu", count);
    return false;
}

bool native_encode_too_deep(struct native_encoder *encoder)
{
    encoder->status = FAIL(encoder->err, THRIFT_E_LIMIT, "values are nested too deep");
    return false;
}

static bool check_union(struct native_encoder *encoder, const struct native_plan *plan,
                        const uint8_t *base)
{
    int16_t tag;

    memcpy(&tag, base + plan->tag_offset, sizeof tag);
    if (encoder->policy->accept_union || (tag != 0 && native_plan_find(plan, tag) != NULL)) {
        return true;
    }
    encoder->status = tag == 0 ? FAIL(encoder->err, THRIFT_E_CORRUPT, "a union with no member set")
                               : FAIL(encoder->err, THRIFT_E_CORRUPT,
                                      "a union whose tag is %d, which is no member's id", tag);
    return false;
}

bool native_encode_begin(struct native_encoder *encoder, const struct native_plan *plan,
                         const uint8_t *base)
{
    struct native_encode_state *s = &encoder->state;

    if (plan->keeps) {
        s->frame->kept = native_unknown_at(base + plan->unknown_offset);
        s->op = s->frame->kept.count > 0 ? plan->kept_ops : plan->ops;
    }
    return !plan->tagged || check_union(encoder, plan, base);
}

const struct unknown_field *native_encode_kept(struct native_encoder *encoder,
                                               thrift_protocol protocol, int32_t below,
                                               thrift_bytes *out_value)
{
    struct native_encode_frame *frame = encoder->state.frame;
    const struct unknown_field *field = frame->kept.fields;

    /* What C did not have when it was kept, it may have by now. */
    while (frame->kept.count > 0 && native_plan_find(frame->plan, field->id) != NULL) {
        frame->kept = (struct native_unknown){++field, frame->kept.count - 1};
    }
    if (frame->kept.count == 0 || field->id >= below) {
        return NULL;
    }
    frame->kept = (struct native_unknown){field + 1, frame->kept.count - 1};
    *out_value = field->bytes;
    if ((thrift_protocol)field->protocol != protocol) {
        thrift_bytes value = field->bytes;

        encoder->scratch.size = 0;
        encoder->status =
            transcode_value((thrift_protocol)field->protocol, &value, field->wire_type, protocol,
                            encoder->policy->limits, &encoder->scratch, encoder->err);
        *out_value = buffer_bytes(&encoder->scratch);
    }
    return encoder->status == THRIFT_OK ? field : NULL;
}

/* ---- failure ---- */

static void prepend_frame(thrift_error *err, const struct native_encode_frame *frame,
                          const struct native_op *op)
{
    if (frame->plan != NULL) {
        if (op != NULL) {
            error_prepend_path(err, op->field->node.name);
        }
    } else if (frame->type->code == NATIVE_ARRAY) {
        path_prepend_index(err, frame->count - frame->left - 1);
    } else {
        path_prepend_key(err, NULL, NULL, (2 * (size_t)frame->count - frame->left - 1) / 2);
    }
}

/* The error gets its path; `out` is as it was. */
static __attribute__((noinline)) thrift_status fail(struct native_encoder *encoder)
{
    const struct native_op *op = encoder->state.op;

    if (op->code == NATIVE_END) {
        op = NULL;
    }
    if (encoder->err != NULL) {
        for (const struct native_encode_frame *frame = encoder->state.frame;; frame--) {
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

/* ---- entry ---- */

/* The outermost frame is filled. */
static inline thrift_status run_on(struct native_encoder *encoder, native_encode_run run)
{
    thrift_buffer *out = encoder->out;

    encoder->before = out->size;
    if (!buffer_reserve(out, NATIVE_ROOM)) {
        return FAIL_NOMEM(encoder->err);
    }
    encoder->state.to = out->data + out->size;
    encoder->state.full = out->data + out->capacity - NATIVE_ROOM;
    if (!run(encoder)) {
        return fail(encoder);
    }
    if (encoder->scratch.data != NULL) {
        thrift_buffer_deinit(&encoder->scratch);
    }
    return THRIFT_OK;
}

/* Deeper than the C stack should hold: the limits were raised. */
static __attribute__((noinline)) thrift_status run_deep(struct native_encoder *encoder,
                                                        native_encode_run run)
{
    const thrift_allocator *allocator = &encoder->out->allocator;
    struct native_encode_frame *frames =
        mem_alloc_zero(allocator, NATIVE_FRAMES_MOST, sizeof *frames);
    uint32_t most = encoder->policy->limits->max_depth;
    thrift_status status;

    if (frames == NULL) {
        return FAIL_NOMEM(encoder->err);
    }
    frames[0] = encoder->frames[0];
    encoder->frames = frames;
    encoder->last_frame = frames + (most < NATIVE_FRAMES_MOST ? most : NATIVE_FRAMES_MOST) - 1;
    status = run_on(encoder, run);
    mem_free(allocator, frames, NATIVE_FRAMES_MOST * sizeof *frames);
    return status;
}

static __attribute__((noinline)) thrift_status run_through(const struct native_plan *plan,
                                                           native_encode_run run, const void *base,
                                                           const struct codec_policy *policy,
                                                           thrift_buffer *out, thrift_error *err)
{
    struct native_encode_frame frames[NATIVE_FRAMES];
    const uint32_t most = policy->limits->max_depth;
    struct native_encoder encoder;

    encoder.policy = policy;
    encoder.out = out;
    encoder.frames = frames;
    encoder.last_frame = frames + (most < NATIVE_FRAMES ? most : NATIVE_FRAMES) - 1;
    encoder.status = THRIFT_OK;
    encoder.err = err;
    encoder.scratch = (thrift_buffer){.allocator = out->allocator};
    frames[0].plan = plan;
    frames[0].base = base;
    frames[0].op = NULL;
    return most > NATIVE_FRAMES ? run_deep(&encoder, run) : run_on(&encoder, run);
}

static inline thrift_status encode_straight(const struct native_plan *plan,
                                            thrift_protocol protocol, const void *base,
                                            const struct codec_policy *policy, thrift_buffer *out,
                                            thrift_error *err)
{
    bool is_binary = protocol == THRIFT_BINARY;

    return run_through(plan, is_binary ? native_binary_encode_run : native_compact_encode_run, base,
                       policy, out, err);
}

/* JSON: a record read from the binary form. */
static __attribute__((noinline)) thrift_status
encode_through_record(const struct native_plan *plan, thrift_protocol protocol, const void *base,
                      const struct codec_policy *policy, thrift_buffer *out, thrift_error *err)
{
    const struct plan *record_plan = plan_of(plan->type->schema, plan->type, err);
    thrift_buffer bytes = {.allocator = out->allocator};
    struct codec_policy bare = *policy;
    struct thrift_root root;
    thrift_record *record;
    thrift_status status;
    thrift_bytes binary;

    if (record_plan == NULL) {
        return THRIFT_E_NOMEM;
    }
    bare.no_defaults = true;
    if (*plan->some_keep && policy->unknown == THRIFT_UNKNOWN_SKIP) {
        bare.unknown = THRIFT_UNKNOWN_KEEP;
    }
    root_init(&root, plan->type->schema);
    status = encode_straight(plan, THRIFT_BINARY, base, policy, &bytes, err);
    if (status == THRIFT_OK) {
        binary = buffer_bytes(&bytes);
        status = codec_decode(record_plan, THRIFT_BINARY, &binary, &bare, &root, &record, err);
    }
    if (status == THRIFT_OK) {
        status = codec_encode(record_plan, protocol, record, &bare, out, err);
    }
    root_deinit(&root);
    thrift_buffer_deinit(&bytes);
    return status;
}

thrift_status native_encode_any(const struct native_plan *plan, thrift_protocol protocol,
                                const void *base, const struct codec_policy *policy,
                                thrift_buffer *out, thrift_error *err)
{
    if (protocol == THRIFT_BINARY || protocol == THRIFT_COMPACT) {
        return encode_straight(plan, protocol, base, policy, out, err);
    }
    return encode_through_record(plan, protocol, base, policy, out, err);
}
