/*
 * What changes a fingerprint, and what does not.
 */
#include "loading.h"
#include "suite.h"

static const char base[] = "enum E { A } struct S { 1: i32 a, 2: list<E> b = [E.A] } "
                           "service V { S get(1: i32 id) }";

static const struct {
    const char *text;
    bool same;
} cases[] = {
    {"/** doc */ service V { S get(1: i32 id) (x) } struct S { 2: list<E> b = [0] 1: i32 a } "
     "enum E { A = 0 }",
     true},
    {"typedef list<E> L enum E { A } struct S { 1: i32 a, 2: L b = [E.A] } "
     "service V { S get(1: i32 id) }",
     true},
    {"enum E { A } struct S { 1: i32 a, 2: list<E> b } service V { S get(1: i32 id) }", false},
    {"enum E { A } struct S { 1: i64 a, 2: list<E> b = [E.A] } service V { S get(1: i32 id) }",
     false},
    {"enum E { A } struct S { 3: i32 a, 2: list<E> b = [E.A] } service V { S get(1: i32 id) }",
     false},
    {"enum E { A } struct S { 1: optional i32 a, 2: list<E> b = [E.A] } "
     "service V { S get(1: i32 id) }",
     false},
    {"enum E { A } struct S { 1: i32 a, 2: list<E> b = [E.A] } service V { S get(1: i64 id) }",
     false},
    {"enum E { A, B } struct S { 1: i32 a, 2: list<E> b = [E.A] } service V { S get(1: i32 id) }",
     false},
};

START_TEST(compare)
{
    struct first_finding first;
    thrift_schema *one = load_quietly(base, &first), *two = load_quietly(cases[_i].text, &first);

    ck_assert_ptr_nonnull(two);
    ck_assert_uint_eq(strlen(thrift_schema_fingerprint(one)), 64);
    ck_assert_msg((strcmp(thrift_schema_fingerprint(one), thrift_schema_fingerprint(two)) == 0) ==
                      cases[_i].same,
                  "%s", cases[_i].text);
    thrift_schema_unref(one);
    thrift_schema_unref(two);
}
END_TEST

static void add_tests(TCase *tests) { tcase_add_loop_test(tests, compare, 0, COUNT_OF(cases)); }

SUITE_MAIN("fingerprint")
