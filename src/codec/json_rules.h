/*
 * What a codec's policy means for Jansson's trees.
 */
#ifndef CODEC_JSON_RULES_H
#define CODEC_JSON_RULES_H

#include "codec/policy.h"
#include "value/json.h"

static inline struct json_rules json_rules_of(const struct codec_policy *policy)
{
    return (struct json_rules){.i64_as_string = policy->i64_as_string,
                               .enums_as_numbers = policy->enums_as_numbers,
                               .binary_as_text = policy->binary_as_text,
                               .i8_unsigned = policy->i8_unsigned,
                               .no_defaults = policy->no_defaults,
                               .accept_missing = policy->accept_missing,
                               .accept_union = policy->accept_union,
                               .accept_enum = policy->accept_enum,
                               .refuse_unknown = policy->unknown == THRIFT_UNKNOWN_REFUSE,
                               .struct_depth_most = policy->limits->max_struct_depth,
                               .depth_most = policy->limits->max_depth};
}

#endif
