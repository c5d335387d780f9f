/*
 * The public functions for whole records: names to plans, options to policy, roots.
 */
#include "value/record.h"
#include "base/error.h"
#include "codec/codec.h"
#include "codec/decode.h"
#include "codec/encode.h"
#include "codec/struct_named.h"
#include "value/validate.h"

/* What few calls need, apart from what all do. */
static __attribute__((noinline)) thrift_status encode_with(const thrift_record *record,
                                                           thrift_protocol protocol,
                                                           const thrift_codec_options *options,
                                                           thrift_buffer *out, thrift_error *err)
{
    struct codec_policy own;
    const struct codec_policy *policy = codec_policy_of(options, &own);
    const struct plan *plan;

    if (record->root != NULL && root_status(record->root) != THRIFT_OK) {
        return root_first_mistake(record->root, err);
    }
    plan = plan_of(record->layout->all->schema, record->layout->type, err);
    if (plan == NULL) {
        return THRIFT_E_NOMEM;
    }
    if (policy->validators) {
        thrift_status status = validate_record(record, err);

        if (status != THRIFT_OK) {
            return status;
        }
    }
    return codec_encode(plan, protocol, record, policy, out, err);
}

thrift_status thrift_encode(const thrift_record *record, thrift_protocol protocol,
                            const thrift_codec_options *options, thrift_buffer *out,
                            thrift_error *err)
{
    const struct plan *plan;
    const struct thrift_root *root;

    if (record == NULL) {
        return THRIFT_E_ARGUMENT;
    }
    plan = plan_of_layout(record->layout);
    root = record->root;
    if (options != NULL || plan == NULL || root == NULL || root_status(root) != THRIFT_OK) {
        return encode_with(record, protocol, options, out, err);
    }
    return encode_any(plan, protocol, record, root, &codec_policy_default, out, err);
}

static thrift_status no_trailing(thrift_bytes rest, size_t size, const struct codec_policy *policy,
                                 thrift_error *err)
{
    if (rest.size == 0 || policy->accept_trailing) {
        return THRIFT_OK;
    }
    FAIL(err, THRIFT_E_TRAILING, "%zu bytes are left after the value", rest.size);
    if (err != NULL) {
        err->offset = size - rest.size;
    }
    return THRIFT_E_TRAILING;
}

/* Into an empty root, which is freed on failure. */
static __attribute__((noinline)) thrift_record *
decode_with(struct thrift_root *root, const struct plan *plan, thrift_protocol protocol,
            thrift_bytes input, const thrift_codec_options *options, thrift_error *err)
{
    struct codec_policy own;
    const struct codec_policy *policy = codec_policy_of(options, &own);
    thrift_bytes rest = input;

    if (codec_decode_into(plan, protocol, &rest, policy, root->top, err) == THRIFT_OK &&
        no_trailing(rest, input.size, policy, err) == THRIFT_OK &&
        (!policy->validators || validate_record(root->top, err) == THRIFT_OK)) {
        return root->top;
    }
    root_free(root);
    return NULL;
}

/* The same by the default policy. */
static inline thrift_record *decode_plainly(struct thrift_root *root, const struct plan *plan,
                                            thrift_protocol protocol, thrift_bytes input,
                                            thrift_error *err)
{
    thrift_bytes rest = input;

    if (decode_any(plan, protocol, &rest, &codec_policy_default, true, root->top, err) ==
            THRIFT_OK &&
        no_trailing(rest, input.size, &codec_policy_default, err) == THRIFT_OK) {
        return root->top;
    }
    root_free(root);
    return NULL;
}

thrift_record *thrift_decode(const thrift_schema *schema, const char *type,
                             thrift_protocol protocol, thrift_bytes input,
                             const thrift_codec_options *options, thrift_error *err)
{
    const thrift_struct *found = schema != NULL ? struct_named(schema, type, err) : NULL;
    const struct plan *plan = found != NULL ? plan_of(schema, found, err) : NULL;
    struct thrift_root *root = plan != NULL ? root_new(plan->layout, err) : NULL;

    if (root == NULL) {
        return NULL;
    }
    return options == NULL ? decode_plainly(root, plan, protocol, input, err)
                           : decode_with(root, plan, protocol, input, options, err);
}

/* Into the root's top record, which is made empty first, and on failure again. */
static __attribute__((noinline)) thrift_status
decode_again(struct thrift_root *root, thrift_protocol protocol, thrift_bytes *input,
             const thrift_codec_options *options, thrift_error *err)
{
    struct codec_policy own;
    const struct codec_policy *policy = codec_policy_of(options, &own);
    const struct plan *plan = plan_of(root->schema, root->top->layout->type, err);
    thrift_bytes rest = *input;
    thrift_status status;

    if (plan == NULL) {
        return THRIFT_E_NOMEM;
    }
    root_reset(root, SIZE_MAX);
    status = codec_decode_into(plan, protocol, &rest, policy, root->top, err);
    if (status == THRIFT_OK && policy->validators) {
        status = validate_record(root->top, err);
        if (status != THRIFT_OK) {
            root_reset(root, SIZE_MAX);
        }
    }
    if (status == THRIFT_OK) {
        *input = rest;
    }
    return status;
}

thrift_status thrift_decode_next(thrift_record *into, thrift_protocol protocol, thrift_bytes *input,
                                 const thrift_codec_options *options, thrift_error *err)
{
    struct thrift_root *root;
    const struct plan *plan;

    if (into == NULL) {
        return THRIFT_E_ARGUMENT;
    }
    root = into->root;
    if (root == NULL || root->top != into) {
        return FAIL(err, THRIFT_E_STATE, "only a root can be decoded into");
    }
    plan = plan_of_layout(root->top_layout);
    if (options != NULL || plan == NULL || !root_is_small(root)) {
        return decode_again(root, protocol, input, options, err);
    }
    root->arena.at = root->arena.lent;
    root->arena.over_budget = false;
    root_forget(root);
    record_fill(into, root->top_layout, root);
    return decode_any(plan, protocol, input, &codec_policy_default, true, into, err);
}
