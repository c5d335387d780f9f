/*
 * The table of rules: names are unique and well formed, safe rules give no reason, others do.
 */
#include "schema/compat_rules.h"

#include <rethrift/compat.h>
#include <string.h>

#include "suite.h"

START_TEST(rules_are_complete)
{
    ck_assert_uint_gt(thrift_rule_count(), 40);
    ck_assert_ptr_null(thrift_rule_at(thrift_rule_count()));
    for (size_t i = 0; i < thrift_rule_count(); i++) {
        const thrift_rule *rule = thrift_rule_at(i);

        ck_assert_ptr_eq(thrift_rule_find(rule->name), rule);
        ck_assert_uint_eq(strspn(rule->name, "abcdefghijklmnopqrstuvwxyz-"), strlen(rule->name));
        ck_assert_ptr_nonnull(rule->what);
        ck_assert_msg((rule->why == NULL) == (rule->breaks == 0), "%s", rule->name);
        ck_assert_msg((rule->breaks & THRIFT_BREAKS_WIRE) == 0 || rule->hint != NULL, "%s",
                      rule->name);
    }
}
END_TEST

START_TEST(enumerators_are_positions)
{
    ck_assert_str_eq(thrift_rule_at(RULE_FIELD_ADDED)->name, "field-added");
    ck_assert_str_eq(thrift_rule_at(RULE_METHOD_REMOVED)->name, "method-removed");
    ck_assert_str_eq(thrift_rule_at(RULE_DEFINITION_MOVED)->name, "definition-moved");
}
END_TEST

START_TEST(unknown_rules)
{
    ck_assert_ptr_null(thrift_rule_find("field-remove"));
    ck_assert_ptr_null(thrift_rule_find(""));
    ck_assert_ptr_null(thrift_rule_find(NULL));
}
END_TEST

static const struct {
    const char *allowance, *rule, *element;
    bool allowed;
} allowances[] = {
    {"field-removed", "field-removed", "S.a", true},
    {"field-removed", "field-added", "S.a", false},
    {"field-removed:S", "field-removed", "S", true},
    {"field-removed:S", "field-removed", "S.a", true},
    {"field-removed:S", "field-removed", "SS.a", false},
    {"field-removed:S.a", "field-removed", "S.a", true},
    {"S.a:field-removed", "field-removed", "S.a", true},
    {"S.a:field-removed", "field-removed", "S.b", false},
    {"S:field-removed", "field-removed", "S.a.b", true},
    {"field-removed:S", "field-removed", NULL, false},
    {":", "field-removed", "S", false},
    {"", "field-removed", "S", false},
    {NULL, "field-removed", "S", false},
};

START_TEST(allowances_cover)
{
    thrift_finding finding = {.rule = allowances[_i].rule, .element = allowances[_i].element};

    ck_assert_int_eq(thrift_finding_allowed(&finding, allowances[_i].allowance),
                     allowances[_i].allowed);
    ck_assert(!thrift_finding_allowed(NULL, allowances[_i].allowance));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, rules_are_complete);
    tcase_add_test(tests, enumerators_are_positions);
    tcase_add_test(tests, unknown_rules);
    tcase_add_loop_test(tests, allowances_cover, 0, COUNT_OF(allowances));
}

SUITE_MAIN("schema/compat_rules")
