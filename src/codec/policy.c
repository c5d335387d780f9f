/*
 * Options to policy. What semantics say first is the default: Apache's peers must be understood.
 */
#include "codec/policy.h"

#include <string.h>

#include "base/limits.h"
#include "codec/plan.h"

const struct codec_policy codec_policy_default = {
    .accept_mismatch = true,
    .accept_enum = true,
    .accept_utf8 = true,
    .accept_duplicates = true,
    .plain = true,
    .limits = &limits_default,
};

static void apply(struct codec_policy *policy, const thrift_codec_options *options)
{
    unsigned accept = options->accept, refuse = options->refuse;

    policy->unknown = options->unknown;
    policy->accept_missing = (accept & THRIFT_ACCEPT_MISSING) != 0;
    policy->accept_union = (accept & THRIFT_ACCEPT_UNION) != 0;
    policy->accept_controls = (accept & THRIFT_ACCEPT_UTF8) != 0;
    policy->accept_trailing = (accept & THRIFT_ACCEPT_TRAILING) != 0;
    policy->accept_mismatch = (refuse & THRIFT_ACCEPT_MISMATCH) == 0;
    policy->accept_enum = (refuse & THRIFT_ACCEPT_ENUM) == 0;
    policy->accept_utf8 = (refuse & THRIFT_ACCEPT_UTF8) == 0;
    policy->accept_duplicates = (refuse & THRIFT_ACCEPT_DUPLICATES) == 0;
    policy->drop_duplicates = options->drop_duplicates;
    policy->unique = policy->drop_duplicates || !policy->accept_duplicates;
    policy->no_defaults = options->no_defaults;
    policy->write_required = options->write_required;
    policy->write_optional = options->write_optional;
    policy->pretty = options->pretty;
    policy->i64_as_string = options->i64_as_string;
    policy->validators = options->validators;
    policy->enums_as_numbers = options->enums_as_numbers;
    policy->binary_as_text = options->binary_as_text;
    policy->i8_unsigned = options->i8_unsigned;
    policy->views = options->strings == THRIFT_DECODE_VIEWS;
}

void codec_policy_limit(struct codec_policy *policy, const thrift_limits *limits)
{
    policy->limits = limits;
    policy->plain =
        policy->accept_enum && policy->accept_utf8 && policy->accept_duplicates &&
        !policy->no_defaults && !policy->views && limits->max_string_size >= CODEC_MODERATE &&
        limits->max_depth >= PLAN_NESTED_MOST && limits->max_struct_depth >= PLAN_NESTED_MOST;
}

void codec_policy_fill(const thrift_codec_options *options, struct codec_policy *own)
{
    thrift_codec_options given = {0};

    memcpy(&given, options,
           options->struct_size < sizeof given ? options->struct_size : sizeof given);
    *own = codec_policy_default;
    apply(own, &given);
    if (given.limits != NULL) {
        own->own = limits_in_force(given.limits);
    }
    codec_policy_limit(own, given.limits != NULL ? &own->own : &limits_default);
}
