/*
 * From trees to descriptors: names, ids, requiredness, what is refused. Each diagnostic's text is
 * in tests/golden/idl. Covers also: declare.c, order.c, scope.c, check_names.c, check_recursion.c.
 */
#include <rethrift/schema.h>

#include "loading.h"
#include "suite.h"

static const struct {
    const char *text, *rule; /* NULL: nothing is said */
    thrift_severity severity;
} cases[] = {
    {"struct A { 1: i32 a } const i32 A = 1", NULL, THRIFT_FINDING_NOTE},
    {"struct A {} struct A {}", "duplicate-name", THRIFT_FINDING_ERROR},
    {"struct A {} service A {}", "duplicate-name", THRIFT_FINDING_ERROR},
    {"struct a.b {}", "dotted-name", THRIFT_FINDING_ERROR},
    {"struct A { 1: B b }", "unknown-type", THRIFT_FINDING_ERROR},
    {"struct A { 1: t.B b } struct B {}", NULL, THRIFT_FINDING_NOTE},
    {"struct A { 1: i32 a (api.key = 'b'), 2: i32 c (go.tag = 'json:\"d\"') }", NULL,
     THRIFT_FINDING_NOTE},
    {"struct A { 1: i32 a (api.key = 'a'), 2: i32 b (go.tag = 'json:\"-\"') }", NULL,
     THRIFT_FINDING_NOTE},
    {"struct A { 1: i32 a (api.key = 'b'), 2: i32 b }", "json-name", THRIFT_FINDING_WARNING},
    {"struct A { 1: i32 a (api.key = 'c'), 2: i32 b (api.key = 'c') }", "json-name",
     THRIFT_FINDING_WARNING},
    {"struct A { 1: i32 a (api.key = 'b\\n') }", "json-name", THRIFT_FINDING_WARNING},
    {"struct A { 1: i32 a (api.key = '\xff') }", "json-name", THRIFT_FINDING_WARNING},
    {"typedef A A", "typedef-cycle", THRIFT_FINDING_ERROR},
    {"typedef B A typedef list<C> B typedef map<i32, A> C", "typedef-cycle", THRIFT_FINDING_ERROR},
    {"service A extends A {}", "extends-cycle", THRIFT_FINDING_ERROR},
    {"struct S {} service A extends S {}", "extends-no-service", THRIFT_FINDING_ERROR},
    {"service A extends B {} service B { void f() }", NULL, THRIFT_FINDING_NOTE},
    {"service A extends B { void f() } service B { void f() }", "duplicate-method",
     THRIFT_FINDING_ERROR},
    {"struct S { 32767: i32 a, 1: i32 b }", NULL, THRIFT_FINDING_NOTE},
    {"struct S { 32768: i32 a }", "field-id-range", THRIFT_FINDING_ERROR},
    {"struct S { 1: i32 a, 1: i32 b }", "duplicate-field-id", THRIFT_FINDING_ERROR},
    {"struct S { 1: i32 a, 2: i32 a }", "duplicate-field-name", THRIFT_FINDING_ERROR},
    {"struct S { i32 a, i32 b }", "implicit-id", THRIFT_FINDING_WARNING},
    {"union U { 1: required i32 a }", "required-in-union", THRIFT_FINDING_WARNING},
    {"union U { 1: i32 a = 1, 2: i32 b = 2 }", "union-defaults", THRIFT_FINDING_ERROR},
    {"@X union U { 1: i32 a = 1, 2: i32 b = 2 }", "union-defaults", THRIFT_FINDING_WARNING},
    {"enum E { A } struct S { 1: E e = 7 }", "unknown-enum-number", THRIFT_FINDING_ERROR},
    {"enum E { A } @X struct S { 1: E e = 7 }", "unknown-enum-number", THRIFT_FINDING_WARNING},
    {"service S { void f(1: optional i32 a) }", "optional-argument", THRIFT_FINDING_WARNING},
    {"struct E {} service S { void f() throws (1: E e) }", "throws-no-exception",
     THRIFT_FINDING_ERROR},
    {"typedef E F exception E {} service S { void f() throws (1: F e) }", NULL,
     THRIFT_FINDING_NOTE},
    {"exception E {} service S { oneway void f() throws (1: E e) }", "oneway-throws",
     THRIFT_FINDING_ERROR},
    {"service S { oneway i32 f() }", "oneway-result", THRIFT_FINDING_WARNING},
    {"enum E { A, A }", "duplicate-enum-value", THRIFT_FINDING_ERROR},
    {"enum E { A = 1, B = 1 }", "duplicate-enum-number", THRIFT_FINDING_WARNING},
    {"enum E { A = 2147483647, B }", "enum-value-range", THRIFT_FINDING_ERROR},
    {"enum E { A = 2147483647 } enum F { B = -2147483648 }", NULL, THRIFT_FINDING_NOTE},
    {"struct A { 1: required B b } struct B { 1: required A a }", "required-recursion",
     THRIFT_FINDING_WARNING},
    {"struct A { 1: required B b } struct B { 1: optional A a }", NULL, THRIFT_FINDING_NOTE},
    {"struct A { 1: required list<A> b }", NULL, THRIFT_FINDING_NOTE},
    {"union U { 1: U u }", "required-recursion", THRIFT_FINDING_WARNING},
    {"union U { 1: U u, 2: i32 i }", NULL, THRIFT_FINDING_NOTE},
    {"struct S { 1: S s = {} }", "endless-default", THRIFT_FINDING_ERROR},
    {"struct S { 1: optional S s = {'s': {}} }", "endless-default", THRIFT_FINDING_ERROR},
    {"struct S { 1: list<S> s = [] }", NULL, THRIFT_FINDING_NOTE},
    {"struct S { 1: i32 yield }", "reserved-in-target", THRIFT_FINDING_WARNING},
    {"struct BEGIN {}", "reserved-in-target", THRIFT_FINDING_WARNING},
    {"struct S { 1: i32 yields, 2: i32 yiel }", NULL, THRIFT_FINDING_NOTE},
    {"service S {} struct T { 1: S s }", "not-a-type", THRIFT_FINDING_ERROR},
};

START_TEST(say)
{
    struct first_finding first;
    thrift_schema *schema = load_quietly(cases[_i].text, &first);
    bool good = cases[_i].rule == NULL || cases[_i].severity == THRIFT_FINDING_WARNING;

    ck_assert_msg((schema != NULL) == good, "%s: %s", cases[_i].text, first.rule);
    ck_assert_msg(strcmp(first.rule, cases[_i].rule != NULL ? cases[_i].rule : "") == 0, "%s: %s",
                  cases[_i].text, first.rule);
    ck_assert(cases[_i].rule == NULL || first.severity == cases[_i].severity);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(strict)
{
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_ptr_null(thrift_load_text("t.thrift", "struct S { i32 a, i32 b }",
                                        THRIFT_LOAD_OPTIONS(.strict = true), &err));
    ck_assert_int_eq(err.code, THRIFT_E_SEMANTIC);
    ck_assert_uint_eq(err.column, 16);
    ck_assert_uint_eq(err.more, 1);
}
END_TEST

static int16_t id_of(thrift_ids ids, const char *name)
{
    thrift_schema *schema =
        thrift_load_text("t.thrift", "struct S { i32 a, -7: i32 b, i32 c, 4: i32 d, 0: i32 e }",
                         THRIFT_LOAD_OPTIONS(.ids = ids), NULL);
    int16_t id = thrift_field_id(thrift_struct_field(thrift_schema_struct(schema, "S"), name));

    ck_assert_ptr_nonnull(schema);
    thrift_schema_unref(schema);
    return id;
}

START_TEST(ids)
{
    ck_assert_int_eq(id_of(THRIFT_IDS_APACHE, "a"), -1);
    ck_assert_int_eq(id_of(THRIFT_IDS_APACHE, "b"), -2);
    ck_assert_int_eq(id_of(THRIFT_IDS_APACHE, "c"), -3);
    ck_assert_int_eq(id_of(THRIFT_IDS_APACHE, "d"), 4);
    ck_assert_int_eq(id_of(THRIFT_IDS_APACHE, "e"), -4);
    ck_assert_int_eq(id_of(THRIFT_IDS_KEEP, "b"), -7);
    ck_assert_int_eq(id_of(THRIFT_IDS_KEEP, "c"), -8);
    ck_assert_int_eq(id_of(THRIFT_IDS_KEEP, "e"), 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, say, 0, COUNT_OF(cases));
    tcase_add_test(tests, strict);
    tcase_add_test(tests, ids);
}

SUITE_MAIN("resolve")
