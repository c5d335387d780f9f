/*
 * Transcoding in public: in one pass, with a definition or without. Only what has to be seen as a
 * whole goes through a record that is thrown away: where duplicates are refused or dropped, or a
 * field is there twice and the last is wanted.
 */
#include "wire/transcode.h"
#include "base/error.h"
#include "codec/codec.h"
#include "codec/struct_named.h"
#include "codec/transcode_pass.h"
#include "wire/wire_type.h"

static bool is_tagged(thrift_protocol protocol)
{
    return protocol == THRIFT_BINARY || protocol == THRIFT_COMPACT || protocol == THRIFT_TJSON;
}

static thrift_status no_trailing(thrift_bytes rest, const struct codec_policy *policy,
                                 thrift_error *err)
{
    return rest.size == 0 || policy->accept_trailing
               ? THRIFT_OK
               : FAIL(err, THRIFT_E_TRAILING, "%zu bytes are left after the value", rest.size);
}

static thrift_status between_tagged(thrift_protocol from, thrift_bytes input, thrift_protocol to,
                                    const struct codec_policy *policy, thrift_buffer *out,
                                    thrift_error *err)
{
    size_t before = out->size;
    thrift_status status = transcode_value(from, &input, WIRE_STRUCT, to, policy->limits, out, err);

    if (status == THRIFT_OK) {
        status = no_trailing(input, policy, err);
    }
    if (status != THRIFT_OK) {
        out->size = before;
    }
    return status;
}

/* What is absent stays absent, what is unknown stays. */
static void make_faithful(const struct codec_policy *policy, struct codec_policy *out)
{
    bool own_limits = policy->limits == &policy->own;

    if (out != policy) {
        *out = *policy;
    }
    if (own_limits) {
        out->limits = &out->own;
    }
    out->no_defaults = true;
    out->write_required = out->write_optional = false;
    out->leave_missing = out->accept_missing;
    out->accept_missing = true;
    if (out->unknown == THRIFT_UNKNOWN_SKIP) {
        out->unknown = THRIFT_UNKNOWN_KEEP;
    }
}

static thrift_status through_record(const struct plan *plan, thrift_protocol from,
                                    thrift_bytes input, thrift_protocol to,
                                    const struct codec_policy *policy, thrift_buffer *out,
                                    thrift_error *err)
{
    struct thrift_root *root = root_new(plan->layout, err);
    thrift_status status;

    if (root == NULL) {
        return THRIFT_E_NOMEM;
    }
    status = codec_decode_into(plan, from, &input, policy, root->top, err);
    if (status == THRIFT_OK) {
        status = no_trailing(input, policy, err);
    }
    if (status == THRIFT_OK) {
        status = codec_encode(plan, to, root->top, policy, out, err);
    }
    root_free(root);
    return status;
}

static thrift_status by_plan(const struct plan *plan, thrift_protocol from, thrift_bytes input,
                             thrift_protocol to, const struct codec_policy *policy,
                             thrift_buffer *out, thrift_error *err)
{
    size_t before = out->size;
    thrift_bytes rest = input;
    bool irregular = policy->unique;
    thrift_status status = THRIFT_OK;

    if (!irregular) {
        status = transcode_pass(plan, from, &rest, to, policy, out, &irregular, err);
    }
    if (irregular && status == THRIFT_OK) {
        return through_record(plan, from, input, to, policy, out, err);
    }
    if (irregular && through_record(plan, from, input, to, policy, out, NULL) == THRIFT_OK) {
        thrift_error_clear(err);
        return THRIFT_OK;
    }
    if (status == THRIFT_OK) {
        status = no_trailing(rest, policy, err);
        if (status != THRIFT_OK && err != NULL) {
            err->offset = input.size - rest.size;
        }
    }
    if (status != THRIFT_OK) {
        out->size = before;
    }
    return status;
}

thrift_status thrift_transcode(const thrift_schema *schema, const char *type, thrift_protocol from,
                               thrift_bytes input, thrift_protocol to,
                               const thrift_codec_options *options, thrift_buffer *out,
                               thrift_error *err)
{
    struct codec_policy own;
    const struct codec_policy *policy = codec_policy_of(options, &own);
    const thrift_struct *found;
    const struct plan *plan;

    if (is_tagged(from) && is_tagged(to) && schema == NULL) {
        return between_tagged(from, input, to, policy, out, err);
    }
    if (schema == NULL) {
        return FAIL(err, THRIFT_E_ARGUMENT, "a protocol without types needs a definition");
    }
    found = struct_named(schema, type, err);
    plan = found != NULL ? plan_of(schema, found, err) : NULL;
    if (plan == NULL) {
        return found == NULL ? THRIFT_E_NAME : THRIFT_E_NOMEM;
    }
    make_faithful(policy, &own);
    return by_plan(plan, from, input, to, &own, out, err);
}
