/*
 * Decoding: entry, slow paths, and the error with its path.
 */
#include "codec/decode.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "codec/decode_json.h"
#include "codec/expressible.h"
#include "codec/path.h"
#include "schema/lookup.h"
#include "wire/wire_type.h"

const uint8_t decode_no_text[1] = {0};

uint64_t decode_mark_far(const struct plan *plan, const struct plan_op *op, uint8_t *base,
                         uint64_t seen)
{
    uint8_t *at = base + plan->layout->has_offset;
    uint32_t before;
    uint64_t word;

    if (plan->tagged) {
        memcpy(&before, at, sizeof before);
        memcpy(at, &op->field->has, sizeof op->field->has);
        return before == 0 || before == op->field->has ? 1 : 2;
    }
    at += op->field->has / 64 * sizeof word;
    memcpy(&word, at, sizeof word);
    word |= UINT64_C(1) << (op->field->has % 64);
    memcpy(at, &word, sizeof word);
    return seen;
}

static bool refuse(struct decoder *decoder, thrift_status status)
{
    decoder->status = status;
    return false;
}

bool decode_duplicate(struct decoder *decoder, const struct plan_op *op)
{
    return refuse(decoder, FAIL(decoder->err, THRIFT_E_CORRUPT, "field %d is there twice", op->id));
}

static const char *type_text(uint8_t wire, char text[24])
{
    const char *name = wire_type_name(wire);

    if (name == NULL) {
        (void)snprintf(text, 24, "type %u", (unsigned)wire);
    } else {
        (void)snprintf(text, 24, "%s", name);
    }
    return text;
}

bool decode_mismatch(struct decoder *decoder, const struct plan_op *op, uint8_t wire)
{
    char got[24];

    return refuse(decoder, FAIL(decoder->err, THRIFT_E_TYPE, "%s on the wire, declared as %s",
                                type_text(wire, got), op->type->type->spelling));
}

bool decode_element_mismatch(struct decoder *decoder, const struct plan_type *type, uint8_t wire)
{
    char got[24];

    return refuse(decoder,
                  FAIL(decoder->err, THRIFT_E_TYPE, "elements of %s on the wire, declared as %s",
                       type_text(wire, got), type->type->spelling));
}

bool decode_unknown_refused(struct decoder *decoder, int16_t id)
{
    return refuse(decoder, FAIL(decoder->err, THRIFT_E_NAME, "field %d is not declared", id));
}

/* The bit of a field whose presence is not in the first word. */
static bool has_far(const struct plan *plan, const struct plan_op *op, const uint8_t *base)
{
    uint64_t word;

    memcpy(&word, base + plan->layout->has_offset + op->field->has / 64 * sizeof word, sizeof word);
    return (word >> (op->field->has % 64) & 1) != 0;
}

bool decode_has(const struct plan *plan, const struct plan_op *op, const uint8_t *base,
                uint64_t seen)
{
    uint32_t tag;

    if (op->has != 0) {
        return (seen & op->has) != 0;
    }
    if (!plan->tagged) {
        return has_far(plan, op, base);
    }
    memcpy(&tag, base + plan->layout->has_offset, sizeof tag);
    return tag == op->field->has;
}

static bool missing(struct decoder *decoder, const struct plan *plan, const uint8_t *base,
                    uint64_t seen)
{
    for (uint32_t i = 0; i < plan->op_count; i++) {
        const struct plan_op *op = &plan->ops[i];

        if (op->requiredness == THRIFT_FIELD_REQUIRED && !decode_has(plan, op, base, seen)) {
            refuse(decoder,
                   FAIL(decoder->err, THRIFT_E_REQUIRED, "required field %d is missing", op->id));
            path_prepend_field(decoder->err, op->field);
            return false;
        }
    }
    return true;
}

bool decode_incomplete(struct decoder *decoder, const struct plan *plan, const uint8_t *base,
                       uint64_t seen)
{
    if (!plan->tagged) {
        return decoder->policy->accept_missing || missing(decoder, plan, base, seen);
    }
    if (seen == 1 || decoder->policy->accept_union) {
        return true;
    }
    return refuse(decoder, FAIL(decoder->err, THRIFT_E_CORRUPT, "a union with %s",
                                seen == 0 ? "no known member" : "more than one member"));
}

bool decode_unknown_keep(struct decoder *decoder, uint8_t *base, const struct unknown_field *field)
{
    thrift_record *record = (thrift_record *)(void *)base;

    record->root = decoder->root;
    return unknown_keep(record, field);
}

bool decode_enum(struct decoder *decoder, const struct plan_type *type, int32_t number)
{
    const thrift_enum *symbols = type->type->symbols;

    if (enum_find_number(symbols, number) != NULL) {
        return true;
    }
    return refuse(decoder, FAIL(decoder->err, THRIFT_E_RANGE, "%d is no symbol of %s", (int)number,
                                symbols->full_name));
}

bool decode_utf8(struct decoder *decoder, thrift_bytes text)
{
    size_t valid = utf8_check(text.data, text.size);

    return valid == text.size ||
           refuse(decoder, FAIL(decoder->err, THRIFT_E_CORRUPT,
                                "byte %zu of the string is not UTF-8", valid));
}

/* ---- failure ---- */

static void prepend_frame(thrift_error *err, const struct decode_frame *frame,
                          const struct plan_op *op)
{
    if (frame->plan != NULL) {
        if (op != NULL) {
            path_prepend_field(err, op->field);
        }
    } else if (frame->type->code == PLAN_LIST ? frame->left == frame->count
                                              : frame->left == 2 * frame->count) {
        return; /* before the first */
    } else if (frame->type->code == PLAN_LIST) {
        path_prepend_index(err, frame->count - frame->left - 1);
    } else {
        bool in_key = (frame->left & 1) != 0; /* left was counted down before it was read */
        size_t index = (2 * (size_t)frame->count - frame->left - 1) / 2;
        const uint8_t *entry = frame->slot - (in_key ? 0 : frame->type->entry_size);

        path_prepend_key(err, frame->type->key, in_key ? NULL : entry, index);
    }
}

static __attribute__((noinline)) thrift_status fail(const struct decoder *decoder)
{
    thrift_error *err = decoder->err;
    thrift_status status = decoder->status;
    const struct cursor *in = &decoder->state.in;
    size_t offset = cursor_offset(in);

    if (status == THRIFT_OK) {
        status = decoder->fault == WIRE_NO_MEMORY ? arena_fail(&decoder->root->arena, err)
                                                  : wire_fail(decoder->fault, in, err);
    }
    if (err != NULL) {
        const struct plan_op *op = decoder->state.op;

        err->offset = offset;
        for (const struct decode_frame *frame = decoder->state.frame;; frame--) {
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

/* By protocol; without types simple JSON cannot be read back. */
static const decode_run runs[] = {
    [THRIFT_BINARY] = binary_decode_run,
    [THRIFT_COMPACT] = compact_decode_run,
    [THRIFT_TJSON] = tagged_json_decode_run,
    [THRIFT_PLAIN_JSON] = named_json_decode_run,
};

static inline thrift_status run_on(struct decoder *decoder, decode_run run, const struct plan *plan,
                                   thrift_record *record, thrift_bytes *input)
{
    decoder->state.in = cursor_of(*input);
    decoder->frames->plan = plan;
    decoder->frames->base = (uint8_t *)record;
    decoder->frames->op = NULL;
    if (!run(decoder)) {
        return fail(decoder);
    }
    *input = (thrift_bytes){decoder->state.in.at, cursor_left(&decoder->state.in)};
    return THRIFT_OK;
}

/* Deeper than the C stack should hold: the limits were raised. */
static __attribute__((noinline)) thrift_status run_deep(struct decoder *decoder, decode_run run,
                                                        const struct plan *plan,
                                                        thrift_record *record, thrift_bytes *input)
{
    const thrift_allocator *allocator = &decoder->root->arena.allocator;
    uint32_t most = decoder->policy->limits->max_depth;
    thrift_status status;

    decoder->frames = mem_alloc_zero(allocator, DECODE_FRAMES_MOST, sizeof *decoder->frames);
    if (decoder->frames == NULL) {
        return FAIL_NOMEM(decoder->err);
    }
    decoder->last_frame =
        decoder->frames + (most < DECODE_FRAMES_MOST ? most : DECODE_FRAMES_MOST) - 1;
    status = run_on(decoder, run, plan, record, input);
    mem_free(allocator, decoder->frames, DECODE_FRAMES_MOST * sizeof *decoder->frames);
    return status;
}

thrift_status decode_by_frames(const struct plan *plan, thrift_protocol protocol,
                               thrift_bytes *input, const struct codec_policy *policy,
                               thrift_record *record, thrift_error *err)
{
    struct decode_frame frames[DECODE_FRAMES];
    const uint32_t most = policy->limits->max_depth;
    struct thrift_root *root = record->root;
    struct decoder decoder;
    thrift_status status;
    decode_run run =
        (size_t)protocol < sizeof runs / sizeof runs[0] ? runs[protocol] : (decode_run)NULL;

    if (run == NULL) {
        return FAIL(err, THRIFT_E_ARGUMENT, "protocol %d cannot be read", (int)protocol);
    }
    if (!is_expressible(plan->layout->type, protocol)) {
        return refuse_float(plan->layout->type, protocol, err);
    }
    decoder.policy = policy;
    decoder.root = root;
    decoder.frames = frames;
    decoder.last_frame = frames + (most < DECODE_FRAMES ? most : DECODE_FRAMES) - 1;
    decoder.structs = 1;
    decoder.may_be_flat = policy->plain && !policy->unique;
    decoder.structs_most = policy->limits->max_struct_depth;
    decoder.binary_most = policy->views ? 0 : policy->limits->max_string_size;
    decoder.text_most = policy->accept_utf8 ? decoder.binary_most : 0;
    decoder.reserved = 0;
    decoder.fault = WIRE_OK;
    decoder.status = THRIFT_OK;
    decoder.err = err;
    if (policy->no_defaults) {
        memset(record + 1, 0, plan->layout->size - sizeof *record);
    }
    if (policy->views) {
        root->view = *input;
    }
    root->arena.budget = policy->limits->max_message_memory;
    status = most > DECODE_FRAMES ? run_deep(&decoder, run, plan, record, input)
                                  : run_on(&decoder, run, plan, record, input);
    if (root->top == record) {
        root->arena.budget = SIZE_MAX;
        if (status != THRIFT_OK) {
            root_reset(root, SIZE_MAX);
        }
    }
    return status;
}

thrift_status codec_decode_into(const struct plan *plan, thrift_protocol protocol,
                                thrift_bytes *input, const struct codec_policy *policy,
                                thrift_record *record, thrift_error *err)
{
    return decode_any(plan, protocol, input, policy, policy->plain, record, err);
}

thrift_status codec_decode(const struct plan *plan, thrift_protocol protocol, thrift_bytes *input,
                           const struct codec_policy *policy, struct thrift_root *root,
                           thrift_record **out, thrift_error *err)
{
    thrift_record *record = record_make(root, plan->layout);
    thrift_status status;

    if (record == NULL) {
        return arena_fail(&root->arena, err);
    }
    status = codec_decode_into(plan, protocol, input, policy, record, err);
    if (status == THRIFT_OK) {
        *out = record;
    }
    return status;
}
