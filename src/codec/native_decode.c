/*
 * Decoding native structs: entry, slow paths, and the error with its path.
 */
#include "codec/native_decode_steps.h"

#include "base/buffer.h"
#include "base/error.h"
#include "base/utf8.h"
#include "codec/codec.h"
#include "codec/path.h"

_Alignas(16) const uint8_t native_no_items[16] = {0};

/* Runs on these frames. */
static bool run_with(struct native_decoder *decoder, native_decode_run run,
                     const struct native_plan *plan, void *base, struct native_frame *frames,
                     uint32_t depth_most)
{
    decoder->structs = 1;
    decoder->structs_most = decoder->policy->limits->max_struct_depth;
    decoder->frames = decoder->state.frame = frames;
    decoder->last_frame = frames + depth_most - 1;
    frames->plan = plan;
    frames->base = base;
    return run(decoder);
}

/* ---- slow paths ---- */

static uint64_t begin_member(const struct native_plan *plan, const struct native_op *op,
                             uint8_t *base)
{
    int16_t before;

    memcpy(&before, base + plan->tag_offset, sizeof before);
    if (before != 0) {
        memset(base, 0, plan->size);
    }
    memcpy(base + plan->tag_offset, &op->id, sizeof op->id);
    return before == 0 || before == op->id ? 1 : 2;
}

uint64_t native_decode_note(const struct native_plan *plan, const struct native_op *op,
                            uint8_t *base, uint64_t seen)
{
    if (op->presence == NATIVE_TAGGED) {
        return begin_member(plan, op, base);
    }
    base[op->has_offset] = true;
    return seen;
}

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

bool native_decode_keep(struct native_decoder *decoder, const struct unknown_field *field)
{
    struct native_state *s = &decoder->state;
    struct arena *arena = &decoder->root->arena;
    bool kept;

    arena->at = s->free_at;
    kept = native_unknown_keep(arena, s->base + s->frame->plan->unknown_offset, field);
    s->free_at = arena->at;
    s->free_end = arena->end;
    return kept;
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

bool native_decode_chars(struct native_decoder *decoder, const struct native_type *type,
                         thrift_bytes text, uint8_t *place)
{
    if (text.size >= type->size) {
        return refuse(decoder,
                      FAIL(decoder->err, THRIFT_E_RANGE, "%zu bytes and their end fit no char[%u]",
                           text.size, (unsigned)type->size));
    }
    memcpy(place, text.data, text.size);
    memset(place + text.size, 0, type->size - text.size);
    return true;
}

static bool check_union(struct native_decoder *decoder, uint64_t seen)
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
    const struct codec_policy *policy = &codec_policy_default;
    struct native_decoder inner = {
        .state = native_begin(plan, op->default_struct, policy, &decoder->root->arena, base),
        .policy = policy,
        .root = decoder->root,
        .partial = true};

    memset(frames, 0, sizeof frames[0]);
    if (!run_with(&inner, native_binary_decode_run, plan, base, frames, NATIVE_FRAMES)) {
        decoder->fault = WIRE_NO_MEMORY;
        return false;
    }
    if (op->presence == NATIVE_HAS) {
        base[op->has_offset] = false;
    }
    return true;
}

bool native_decode_incomplete(struct native_decoder *decoder, const struct native_plan *plan,
                              uint8_t *base, uint64_t seen)
{
    uint64_t defaults = plan->defaulted & ~seen;

    if (plan->tagged) {
        return check_union(decoder, seen);
    }
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

static __attribute__((noinline)) thrift_status fail(const struct native_decoder *decoder)
{
    thrift_error *err = decoder->err;
    thrift_status status = decoder->status;
    const struct cursor *in = &decoder->state.in;

    if (status == THRIFT_OK) {
        status = decoder->fault == WIRE_NO_MEMORY ? arena_fail(&decoder->root->arena, err)
                                                  : wire_fail(decoder->fault, in, err);
    }
    if (err != NULL) {
        const struct native_op *op = decoder->state.op;

        err->offset = cursor_offset(in);
        for (const struct native_frame *frame = decoder->state.frame;; frame--) {
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

/* Deeper than the C stack should hold: the limits were raised. */
static thrift_status run_deep(struct native_decoder *decoder, native_decode_run run,
                              const struct native_plan *plan, void *base)
{
    const thrift_allocator *allocator = &decoder->root->arena.allocator;
    uint32_t most = decoder->policy->limits->max_depth;
    struct native_frame *frames = mem_alloc_zero(allocator, NATIVE_FRAMES_MOST, sizeof *frames);
    thrift_status status;

    if (frames == NULL) {
        return FAIL_NOMEM(decoder->err);
    }
    status = run_with(decoder, run, plan, base, frames,
                      most < NATIVE_FRAMES_MOST ? most : NATIVE_FRAMES_MOST)
                 ? THRIFT_OK
                 : fail(decoder);
    mem_free(allocator, frames, NATIVE_FRAMES_MOST * sizeof *frames);
    return status;
}

static __attribute__((noinline)) thrift_status
run_through(const struct native_plan *plan, native_decode_run run, thrift_bytes *input,
            const struct codec_policy *policy, struct thrift_root *root, void *base,
            thrift_error *err)
{
    struct native_frame frames[NATIVE_FRAMES];
    const uint32_t most = policy->limits->max_depth;
    struct native_decoder decoder;
    thrift_status status;

    decoder.state = native_begin(plan, *input, policy, &root->arena, base);
    decoder.policy = policy;
    decoder.root = root;
    decoder.reserved = 0;
    decoder.partial = false;
    decoder.fault = WIRE_OK;
    decoder.status = THRIFT_OK;
    decoder.err = err;
    if (most > NATIVE_FRAMES) {
        status = run_deep(&decoder, run, plan, base);
    } else {
        status = run_with(&decoder, run, plan, base, frames, most) ? THRIFT_OK : fail(&decoder);
    }
    if (status == THRIFT_OK) {
        *input = (thrift_bytes){decoder.state.in.at, cursor_left(&decoder.state.in)};
    }
    return status;
}

static inline thrift_status decode_straight(const struct native_plan *plan,
                                            thrift_protocol protocol, thrift_bytes *input,
                                            const struct codec_policy *policy,
                                            struct thrift_root *root, void *base, thrift_error *err)
{
    bool is_binary = protocol == THRIFT_BINARY;

    return run_through(plan, is_binary ? native_binary_decode_run : native_compact_decode_run,
                       input, policy, root, base, err);
}

/* Its record as binary, in which what was absent stays absent: JSON, and sets and maps that must be
 * looked at, which only records can. */
static __attribute__((noinline)) thrift_status
decode_through_record(const struct native_plan *plan, thrift_protocol protocol, thrift_bytes *input,
                      const struct codec_policy *policy, struct thrift_root *root, void *base,
                      thrift_error *err)
{
    const struct plan *record_plan = plan_of(plan->type->schema, plan->type, err);
    thrift_buffer bytes = {.allocator = root->arena.allocator};
    struct codec_policy bare = *policy, keeping = *policy;
    thrift_bytes binary;
    thrift_record *record;
    thrift_status status;

    if (record_plan == NULL) {
        return THRIFT_E_NOMEM;
    }
    bare.no_defaults = true;
    if (*plan->some_keep && policy->unknown == THRIFT_UNKNOWN_SKIP) {
        keeping.unknown = THRIFT_UNKNOWN_KEEP;
    }
    status = codec_decode(record_plan, protocol, input, &keeping, root, &record, err);
    if (status == THRIFT_OK) {
        status = codec_encode(record_plan, THRIFT_BINARY, record, &bare, &bytes, err);
    }
    if (status == THRIFT_OK) {
        binary = buffer_bytes(&bytes);
        status = decode_straight(plan, THRIFT_BINARY, &binary, policy, root, base, err);
    }
    thrift_buffer_deinit(&bytes);
    return status;
}

thrift_status native_decode_any(const struct native_plan *plan, thrift_protocol protocol,
                                thrift_bytes *input, const struct codec_policy *policy,
                                struct thrift_root *root, void *base, thrift_error *err)
{
    bool has_loop = protocol == THRIFT_BINARY || protocol == THRIFT_COMPACT;

    if (has_loop && (plan->flat || !policy->unique)) {
        return decode_straight(plan, protocol, input, policy, root, base, err);
    }
    return decode_through_record(plan, protocol, input, policy, root, base, err);
}
