/*
 * Options to policy: what is accepted without any, what each bit changes, old headers.
 */
#include "codec/policy.h"

#include "base/limits.h"
#include "suite.h"

START_TEST(defaults_are_those_of_apache)
{
    struct codec_policy own;
    const struct codec_policy *policy = codec_policy_of(NULL, &own);

    ck_assert_ptr_eq(policy, &codec_policy_default);
    ck_assert(!policy->accept_missing && !policy->accept_union && !policy->accept_trailing);
    ck_assert(policy->accept_mismatch && policy->accept_enum && policy->accept_utf8 &&
              policy->accept_duplicates);
    ck_assert_uint_eq(policy->limits->max_struct_depth, 64);
    ck_assert_uint_eq(policy->limits->max_depth, 128);
}
END_TEST

START_TEST(small_limits_are_looked_at)
{
    thrift_limits limits = limits_in_force(NULL);
    struct codec_policy policy = codec_policy_default;

    codec_policy_limit(&policy, &limits);
    ck_assert(policy.plain);
    limits.max_string_size = 50;
    codec_policy_limit(&policy, &limits);
    ck_assert(!policy.plain);
    ck_assert_ptr_eq(policy.limits, &limits);
}
END_TEST

START_TEST(each_bit_counts_where_it_changes_something)
{
    for (unsigned bit = 1; bit <= THRIFT_ACCEPT_TRAILING; bit *= 2) {
        thrift_codec_options accept = THRIFT_CODEC_OPTIONS_INIT, refuse = accept;
        struct codec_policy own;
        const struct codec_policy *policy;

        accept.accept = bit;
        policy = codec_policy_of(&accept, &own);
        ck_assert_int_eq(policy->accept_missing, bit == THRIFT_ACCEPT_MISSING);
        ck_assert_int_eq(policy->accept_union, bit == THRIFT_ACCEPT_UNION);
        ck_assert_int_eq(policy->accept_trailing, bit == THRIFT_ACCEPT_TRAILING);
        refuse.refuse = bit;
        policy = codec_policy_of(&refuse, &own);
        ck_assert_int_eq(policy->accept_mismatch, bit != THRIFT_ACCEPT_MISMATCH);
        ck_assert_int_eq(policy->accept_enum, bit != THRIFT_ACCEPT_ENUM);
        ck_assert_int_eq(policy->accept_utf8, bit != THRIFT_ACCEPT_UTF8);
        ck_assert_int_eq(policy->accept_duplicates, bit != THRIFT_ACCEPT_DUPLICATES);
    }
}
END_TEST

START_TEST(shorter_options_of_an_older_header)
{
    thrift_codec_options options = THRIFT_CODEC_OPTIONS_INIT;
    struct codec_policy own;
    const struct codec_policy *policy;

    options.refuse = ~0u;
    options.struct_size = offsetof(thrift_codec_options, refuse);
    policy = codec_policy_of(&options, &own);
    ck_assert(policy->accept_mismatch && policy->accept_duplicates);
}
END_TEST

START_TEST(limits_are_those_given)
{
    thrift_limits limits = THRIFT_LIMITS_INIT;
    thrift_codec_options options = THRIFT_CODEC_OPTIONS_INIT;
    struct codec_policy own;
    const struct codec_policy *policy;

    limits.max_string_size = 7;
    options.limits = &limits;
    policy = codec_policy_of(&options, &own);
    ck_assert_uint_eq(policy->limits->max_string_size, 7);
    ck_assert_uint_eq(policy->limits->max_struct_depth, 64);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, defaults_are_those_of_apache);
    tcase_add_test(tests, small_limits_are_looked_at);
    tcase_add_test(tests, each_bit_counts_where_it_changes_something);
    tcase_add_test(tests, shorter_options_of_an_older_header);
    tcase_add_test(tests, limits_are_those_given);
}

SUITE_MAIN("codec/policy")
