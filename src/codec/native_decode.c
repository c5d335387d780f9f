/*
 * Decoding native structs: entry, slow paths, and the error with its path.
 */
#include "codec/native_decode.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/utf8.h"
#include "codec/codec.h"
#include "codec/path.h"
#include "schema/lookup.h"

_Alignas(16) const uint8_t native_no_items[16] = {0};

/* ---- slow paths ---- */

static bool refuse(struct native_decoder *decoder, thrift_status status)
{
    decoder->status = status;
    return false;
}

bool native_decode_duplicate(struct native_decoder *decoder, const struct native_op *op)
{
    return refuse(decoder, FAIL(decoder->err, THRIFT_E_CORRUPT, "field %d is there twice", op->id));
}

bool native_decode_mismatch(struct native_decoder *decoder, const thrift_type *type, uint8_t wire)
{
    const char *name = wire_type_name(wire);

    return refuse(decoder, FAIL(decoder->err, THRIFT_E_TYPE, "%s on the wire, declared as %s",
                                name != NULL ? name : "no type", type->spelling));
}

bool native_decode_unknown(struct native_decoder *decoder, int16_t id)
{
    return refuse(decoder, FAIL(decoder->err, THRIFT_E_NAME, "field %d is not declared", id));
}

bool native_decode_enum(struct native_decoder *decoder, const thrift_type *type, int32_t number)
{
    return enum_find_number(type->symbols, number) != NULL ||
           refuse(decoder, FAIL(decoder->err, THRIFT_E_RANGE, "%d is no symbol of %s", (int)number,
                                type->symbols->full_name));
}

bool native_decode_utf8(struct native_decoder *decoder, thrift_bytes text)
{
    size_t valid = utf8_check(text.data, text.size);

    return valid == text.size ||
           refuse(decoder, FAIL(decoder->err, THRIFT_E_CORRUPT,
                                "byte %zu of the string is not UTF-8", valid));
}

bool native_decode_too_long(struct native_decoder *decoder, size_t size, uint32_t room)
{
    return refuse(decoder, FAIL(decoder->err, THRIFT_E_RANGE,
                                "%zu bytes and their end fit no char[%u]", size, (unsigned)room));
}

bool native_decode_union(struct native_decoder *decoder, uint64_t seen)
{
    if (seen == 1 || decoder->policy->accept_union) {
        return true;
    }
    return refuse(decoder, FAIL(decoder->err, THRIFT_E_CORRUPT, "a union with %s",
                                seen == 0 ? "no known member" : "more than one member"));
}

static bool missing(struct native_decoder *decoder, const struct native_plan *plan, uint64_t seen)
{
    for (uint32_t i = 0; i < plan->op_count; i++) {
        const struct native_op *op = &plan->ops[i];

        if ((plan->required & op->seen & ~seen) != 0) {
            refuse(decoder,
                   FAIL(decoder->err, THRIFT_E_REQUIRED, "required field %d is missing", op->id));
            if (decoder->err != NULL) {
                error_prepend_path(decoder->err, op->field->node.name);
            }
            return false;
        }
    }
    return true;
}

/* A decoder of its own: how deep defaults go is the definition's business, not the input's. */
static bool take_default(struct native_decoder *decoder, const struct native_plan *plan,
                         const struct native_op *op, uint8_t *base)
{
    struct native_frame frames[NATIVE_FRAMES];
    struct native_decoder inner = {.in = cursor_of(op->default_struct),
                                   .policy = &codec_policy_default,
                                   .root = decoder->root,
                                   .frames = frames,
                                   .depth_most = NATIVE_FRAMES,
                                   .partial = true};

    frames[0] = (struct native_frame){.plan = plan, .base = base};
    if (!native_binary_decode_run(&inner)) {
        decoder->fault = WIRE_NO_MEMORY;
        return false;
    }
    if (op->presence == NATIVE_HAS) {
        base[op->has_offset] = false;
    }
    return true;
}

bool native_decode_absent(struct native_decoder *decoder, const struct native_plan *plan,
                          uint8_t *base, uint64_t seen)
{
    uint64_t defaults = plan->defaulted & ~seen;

    if (decoder->partial && base == decoder->frames->base && plan == decoder->frames->plan) {
        return true;
    }
    if ((plan->required & ~seen) != 0 && !decoder->policy->accept_missing &&
        !missing(decoder, plan, seen)) {
        return false;
    }
    for (uint32_t i = 0; i < plan->op_count && !decoder->policy->no_defaults; i++) {
        if ((plan->ops[i].seen & defaults) != 0 &&
            !take_default(decoder, plan, &plan->ops[i], base)) {
            return false;
        }
    }
    return true;
}

/* ---- failure ---- */

static void prepend_frame(thrift_error *err, const struct native_frame *frame,
                          const struct native_op *op)
{
    uint32_t all = 0;

    if (frame->plan != NULL) {
        if (op != NULL && op->field != NULL) {
            error_prepend_path(err, op->field->node.name);
        }
        return;
    }
    all = frame->type->code == NATIVE_ARRAY ? frame->count : 2 * frame->count;
    if (frame->left == all) {
        return; /* before the first */
    }
    if (frame->type->code == NATIVE_ARRAY) {
        path_prepend_index(err, frame->count - frame->left - 1);
    } else {
        path_prepend_key(err, NULL, NULL, (2 * (size_t)frame->count - frame->left - 1) / 2);
    }
}

static thrift_status fail(const struct native_decoder *decoder)
{
    thrift_error *err = decoder->err;
    thrift_status status = decoder->status;

    if (status == THRIFT_OK) {
        status = decoder->fault == WIRE_NO_MEMORY ? arena_fail(&decoder->root->arena, err)
                                                  : wire_fail(decoder->fault, &decoder->in, err);
    }
    if (err != NULL) {
        const struct native_op *op = decoder->op;

        err->offset = cursor_offset(&decoder->in);
        for (const struct native_frame *frame = decoder->top;; frame--) {
            prepend_frame(err, frame, op);
            if (frame == decoder->frames) {
                break;
            }
            op = frame[-1].op;
        }
    }
    return status;
}

/* ---- entry ---- */

static thrift_status run_on(struct native_decoder *decoder, native_decode_run run,
                            const struct native_plan *plan, void *base, thrift_bytes *input)
{
    struct native_frame *frame = decoder->frames;

    frame->plan = plan;
    frame->base = base;
    if (!run(decoder)) {
        return fail(decoder);
    }
    *input = (thrift_bytes){decoder->in.at, cursor_left(&decoder->in)};
    return THRIFT_OK;
}

static thrift_status run_deep(struct native_decoder *decoder, native_decode_run run,
                              const struct native_plan *plan, void *base, thrift_bytes *input)
{
    const thrift_allocator *allocator = &decoder->root->arena.allocator;
    uint32_t most = decoder->policy->limits->max_depth;
    thrift_status status;

    decoder->depth_most = most < NATIVE_FRAMES_MOST ? most : NATIVE_FRAMES_MOST;
    decoder->frames = mem_alloc_zero(allocator, NATIVE_FRAMES_MOST, sizeof *decoder->frames);
    if (decoder->frames == NULL) {
        return FAIL_NOMEM(decoder->err);
    }
    status = run_on(decoder, run, plan, base, input);
    mem_free(allocator, decoder->frames, NATIVE_FRAMES_MOST * sizeof *decoder->frames);
    return status;
}

static thrift_status decode_straight(const struct native_plan *plan, native_decode_run run,
                                     thrift_bytes *input, const struct codec_policy *policy,
                                     struct thrift_root *root, void *base, thrift_error *err)
{
    struct native_frame frames[NATIVE_FRAMES];
    struct native_decoder decoder = {.in = cursor_of(*input),
                                     .policy = policy,
                                     .root = root,
                                     .frames = frames,
                                     .depth_most = policy->limits->max_depth,
                                     .err = err};

    return policy->limits->max_depth > NATIVE_FRAMES ? run_deep(&decoder, run, plan, base, input)
                                                     : run_on(&decoder, run, plan, base, input);
}

/* JSON: its record as binary, in which what was absent stays absent. */
static thrift_status decode_through_record(const struct native_plan *plan, thrift_protocol protocol,
                                           thrift_bytes *input, const struct codec_policy *policy,
                                           struct thrift_root *root, void *base, thrift_error *err)
{
    const struct plan *record_plan = plan_of(plan->type->schema, plan->type, err);
    thrift_buffer bytes = {.allocator = root->arena.allocator};
    struct codec_policy bare = *policy;
    thrift_bytes binary;
    thrift_record *record;
    thrift_status status;

    if (record_plan == NULL) {
        return THRIFT_E_NOMEM;
    }
    bare.no_defaults = true;
    status = codec_decode(record_plan, protocol, input, policy, root, &record, err);
    if (status == THRIFT_OK) {
        status = codec_encode(record_plan, THRIFT_BINARY, record, &bare, &bytes, err);
    }
    if (status == THRIFT_OK) {
        binary = buffer_bytes(&bytes);
        status = decode_straight(plan, native_binary_decode_run, &binary, policy, root, base, err);
    }
    thrift_buffer_deinit(&bytes);
    return status;
}

thrift_status native_decode(const struct native_plan *plan, thrift_protocol protocol,
                            thrift_bytes *input, const struct codec_policy *policy,
                            struct thrift_root *root, void *base, thrift_error *err)
{
    if (protocol == THRIFT_BINARY || protocol == THRIFT_COMPACT) {
        return decode_straight(
            plan, protocol == THRIFT_BINARY ? native_binary_decode_run : native_compact_decode_run,
            input, policy, root, base, err);
    }
    return decode_through_record(plan, protocol, input, policy, root, base, err);
}
