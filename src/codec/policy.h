/*
 * Policy: the options of a codec, resolved once per call, together with the limits in force.
 */
#ifndef CODEC_POLICY_H
#define CODEC_POLICY_H

#include <rethrift/codec.h>

/* Bytes that a string may have in any case where the policy is plain. */
#define CODEC_MODERATE 512u

struct codec_policy {
    thrift_on_unknown unknown;
    bool accept_missing;    /* required field absent */
    bool leave_missing;     /* transcoding: the same, and not written either */
    bool accept_mismatch;   /* known id, other wire type: skipped */
    bool accept_union;      /* no member or several */
    bool accept_enum;       /* number without a symbol */
    bool accept_utf8;       /* string that is not UTF-8, on binary and compact */
    bool accept_controls;   /* raw control characters in JSON strings */
    bool accept_duplicates; /* field, key or item twice */
    bool drop_duplicates;   /* key or item: the last stands in the place of the first */
    bool unique;            /* sets and maps are looked at: duplicates are refused or dropped */
    bool accept_trailing;   /* bytes after the value */
    bool no_defaults;
    bool write_required, write_optional; /* when they are not set */
    bool pretty, i64_as_string, validators;
    bool enums_as_numbers, binary_as_text, i8_unsigned;
    bool views; /* decoded strings are views into the input */
    bool plain; /* nothing about a leaf that can be read is refused, strings may be moderate, and
                   structs nest PLAN_NESTED_MOST deep */
    const thrift_limits *limits; /* in force: codec_policy_limit() */
    thrift_limits own;           /* what `limits` points at when the options gave some */
};

/* What becomes of a field that is not set when a record is written. */
enum codec_unset { CODEC_LEFT_OUT, CODEC_WRITTEN, CODEC_MISSING };

static inline enum codec_unset codec_unset(const struct codec_policy *policy, uint8_t requiredness)
{
    switch (requiredness) {
    case THRIFT_FIELD_OPTIONAL:
        return policy->write_optional ? CODEC_WRITTEN : CODEC_LEFT_OUT;
    case THRIFT_FIELD_REQUIRED:
        return policy->write_required  ? CODEC_WRITTEN
               : policy->leave_missing ? CODEC_LEFT_OUT
                                       : CODEC_MISSING;
    default:
        return policy->no_defaults ? CODEC_LEFT_OUT : CODEC_WRITTEN;
    }
}

/* What NULL options mean. */
extern const struct codec_policy codec_policy_default;

/* `options` may be from an older header. */
void codec_policy_fill(const thrift_codec_options *options, struct codec_policy *own);

/* Puts these limits in force; they must outlive the policy. What follows from them follows. */
void codec_policy_limit(struct codec_policy *policy, const thrift_limits *limits);

/* `options` may be NULL; `*own` is the room for what differs from the default. Both must outlive
 * the result. */
static inline const struct codec_policy *codec_policy_of(const thrift_codec_options *options,
                                                         struct codec_policy *own)
{
    if (options == NULL) {
        return &codec_policy_default;
    }
    codec_policy_fill(options, own);
    return own;
}

#endif
