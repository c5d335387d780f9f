/*
 * Records, lists and maps that native structs point at: they are read and written as they are
 * everywhere, at the place where the native codec stands.
 */
#include "base/buffer.h"
#include "base/error.h"
#include "codec/decode_slot.h"
#include "codec/encode_slot.h"
#include "codec/native_decode_steps.h"
#include "codec/native_encode.h"
#include "value/convert.h"
#include "value/object.h"

/* ---- reading ---- */

/* The policy for the value: it may go less deep, for what it is in is open. false: no further. */
static bool inner_policy(const struct native_decoder *decoder, const struct native_type *type,
                         struct codec_policy *inner)
{
    /* the struct that decode_slot() puts around a container */
    uint32_t around = type->dynamic->code == PLAN_RECORD ? 0 : 1;
    uint32_t depth = native_depth(decoder, &decoder->state);

    *inner = *decoder->policy;
    inner->views = false; /* native structs have copies of their strings */
    inner->own = *decoder->policy->limits;
    if (depth >= inner->own.max_depth ||
        decoder->structs + 1 > inner->own.max_struct_depth + around) {
        return false;
    }
    inner->own.max_depth += around - depth;
    inner->own.max_struct_depth += around - decoder->structs;
    inner->limits = &inner->own;
    return true;
}

/* The state stands where the fault is, so that the error's offset is right. */
static bool refuse(struct native_decoder *decoder, thrift_status status, const thrift_error *why)
{
    struct cursor *in = &decoder->state.in;

    in->at += why->offset < cursor_left(in) ? why->offset : cursor_left(in);
    decoder->status = status;
    if (decoder->err != NULL) {
        *decoder->err = *why;
    }
    return false;
}

bool native_decode_dynamic(struct native_decoder *decoder, thrift_protocol protocol,
                           const struct native_type *type, void **out)
{
    struct native_state *s = &decoder->state;
    struct arena *arena = &decoder->root->arena;
    thrift_bytes input = {s->in.at, cursor_left(&s->in)};
    thrift_error why = THRIFT_ERROR_INIT;
    size_t budget = arena->budget;
    struct codec_policy inner;
    union slot slot;
    thrift_status status;

    if (!inner_policy(decoder, type, &inner)) {
        decoder->fault = WIRE_DEPTH_LIMIT;
        return false;
    }
    arena->at = s->free_at;
    status = decode_slot(type->dynamic, protocol, &input, &inner, decoder->root, &slot, &why);
    arena->budget = budget;
    s->free_at = arena->at;
    s->free_end = arena->end;
    if (status != THRIFT_OK) {
        return refuse(decoder, status, &why);
    }
    *out = slot.object;
    s->in.at = input.data;
    return true;
}

/* ---- writing ---- */

/* Is it of the definition that is written by? An empty container may be of none. */
static bool is_of_schema(thrift_kind kind, void *object, const thrift_schema *schema)
{
    const struct thrift_root *root = *object_root(kind, object);

    if (root != NULL) {
        return root->schema == schema;
    }
    if (kind == THRIFT_KIND_RECORD) {
        return ((const thrift_record *)object)->layout->type->schema == schema;
    }
    return kind == THRIFT_KIND_MAP ? ((const thrift_map *)object)->count == 0
                                   : ((const thrift_list *)object)->count == 0;
}

static thrift_status encode_translated(struct native_encoder *encoder, const struct plan_type *type,
                                       thrift_protocol protocol, const thrift_schema *schema,
                                       union slot slot)
{
    struct thrift_root root;
    thrift_status status;

    root_init(&root, schema);
    status = slot_own(&root, type->type, &slot);
    if (status == THRIFT_OK) {
        status = encode_slot(type, protocol, &slot, encoder->policy, encoder->out, encoder->err);
    } else {
        status = root_first_mistake(&root, encoder->err);
    }
    root_deinit(&root);
    return status;
}

static thrift_status complain(struct native_encoder *encoder, const thrift_type *type,
                              const thrift_schema *schema, thrift_value value, thrift_status status)
{
    struct thrift_root root;

    root_init(&root, schema);
    (void)slot_complain(&root, NULL, type, value, status);
    status = root_first_mistake(&root, encoder->err);
    root_deinit(&root);
    return status;
}

static thrift_status encode_object(struct native_encoder *encoder, const struct plan_type *type,
                                   thrift_protocol protocol, void *object)
{
    const thrift_schema *schema = encoder->frames->plan->type->schema;
    const struct thrift_root *root = *object_root(type->type->kind, object);
    thrift_value value = {.kind = type->type->kind, .as = {.record = object}};
    union slot slot = {.i64 = 0};
    thrift_status status = THRIFT_OK;

    if (root != NULL) {
        status = root_first_mistake(root, encoder->err);
    }
    if (status != THRIFT_OK) {
        return status;
    }
    status = slot_take(type->type, value, &slot);
    if (status != THRIFT_OK) {
        return complain(encoder, type->type, schema, value, status);
    }
    return is_of_schema(value.kind, object, schema)
               ? encode_slot(type, protocol, &slot, encoder->policy, encoder->out, encoder->err)
               : encode_translated(encoder, type, protocol, schema, slot);
}

/* Nothing is there: what is written for a field of default requiredness that was never set. */
static thrift_status encode_nothing(struct native_encoder *encoder, const struct plan_type *type,
                                    thrift_protocol protocol)
{
    union slot slot;

    memset(&slot, 0, sizeof slot);
    return encode_slot(type, protocol, &slot, encoder->policy, encoder->out, encoder->err);
}

bool native_encode_dynamic(struct native_encoder *encoder, thrift_protocol protocol,
                           const struct native_type *type, const uint8_t *place)
{
    struct native_encode_state *s = &encoder->state;
    thrift_buffer *out = encoder->out;
    void *object;

    memcpy(&object, place, sizeof object);
    out->size = (size_t)(s->to - out->data);
    encoder->status = object != NULL ? encode_object(encoder, type->dynamic, protocol, object)
                                     : encode_nothing(encoder, type->dynamic, protocol);
    s->to = out->data + out->size;
    return encoder->status == THRIFT_OK && native_encode_grow(encoder, 0);
}
