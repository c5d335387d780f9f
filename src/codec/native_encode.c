/*
 * Encoding native structs: entry, room, and the error with its path.
 */
#include "codec/native_encode.h"

#include "base/alloc.h"
#include "base/error.h"
#include "codec/codec.h"
#include "codec/path.h"

uint8_t *native_encode_grow(struct native_encoder *encoder, uint8_t *to, size_t size)
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

bool native_encode_union(struct native_encoder *encoder, const struct native_plan *plan,
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

static void fail(const struct native_encoder *encoder)
{
    const struct native_op *op = encoder->op;

    if (encoder->err != NULL) {
        for (const struct native_encode_frame *frame = encoder->top;; frame--) {
            prepend_frame(encoder->err, frame, op);
            if (frame == encoder->frames) {
                break;
            }
            op = frame[-1].op;
        }
    }
}

/* ---- entry ---- */

static thrift_status run_on(struct native_encoder *encoder, native_encode_run run,
                            const struct native_plan *plan, const void *base)
{
    size_t before = encoder->out->size;

    encoder->frames->plan = plan;
    encoder->frames->base = base;
    if (!run(encoder)) {
        encoder->out->size = before;
        fail(encoder);
    }
    return encoder->status;
}

static thrift_status run_deep(struct native_encoder *encoder, native_encode_run run,
                              const struct native_plan *plan, const void *base)
{
    const thrift_allocator *allocator = &encoder->out->allocator;
    uint32_t most = encoder->policy->limits->max_depth;
    thrift_status status;

    encoder->depth_most = most < NATIVE_FRAMES_MOST ? most : NATIVE_FRAMES_MOST;
    encoder->frames = mem_alloc_zero(allocator, NATIVE_FRAMES_MOST, sizeof *encoder->frames);
    if (encoder->frames == NULL) {
        return FAIL_NOMEM(encoder->err);
    }
    status = run_on(encoder, run, plan, base);
    mem_free(allocator, encoder->frames, NATIVE_FRAMES_MOST * sizeof *encoder->frames);
    return status;
}

static thrift_status encode_straight(const struct native_plan *plan, native_encode_run run,
                                     const void *base, const struct codec_policy *policy,
                                     thrift_buffer *out, thrift_error *err)
{
    struct native_encode_frame frames[NATIVE_FRAMES];
    struct native_encoder encoder = {.policy = policy,
                                     .out = out,
                                     .frames = frames,
                                     .depth_most = policy->limits->max_depth,
                                     .err = err};

    return policy->limits->max_depth > NATIVE_FRAMES ? run_deep(&encoder, run, plan, base)
                                                     : run_on(&encoder, run, plan, base);
}

/* JSON: a record read from the binary form. */
static thrift_status encode_through_record(const struct native_plan *plan, thrift_protocol protocol,
                                           const void *base, const struct codec_policy *policy,
                                           thrift_buffer *out, thrift_error *err)
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
    root_init(&root, plan->type->schema);
    status = encode_straight(plan, native_binary_encode_run, base, policy, &bytes, err);
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

thrift_status native_encode(const struct native_plan *plan, thrift_protocol protocol,
                            const void *base, const struct codec_policy *policy, thrift_buffer *out,
                            thrift_error *err)
{
    if (protocol == THRIFT_BINARY || protocol == THRIFT_COMPACT) {
        return encode_straight(
            plan, protocol == THRIFT_BINARY ? native_binary_encode_run : native_compact_encode_run,
            base, policy, out, err);
    }
    return encode_through_record(plan, protocol, base, policy, out, err);
}
