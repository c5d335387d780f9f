/*
 * What changes a fingerprint, and what does not; the same of values when definitions are compared.
 *
 * Covers also: value_digest.c.
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
    {"enum E { A } struct S { 1: i32 a (x = 'y'), 2: list<E> b = [E.A] } "
     "service V { S get(1: i32 id) }",
     true},
    {"enum E { A } struct S { 1: i32 a (api.key = 'y'), 2: list<E> b = [E.A] } "
     "service V { S get(1: i32 id) }",
     false},
    {"enum E { A } struct S { 1: i32 a (api.js_conv = ''), 2: list<E> b = [E.A] } "
     "service V { S get(1: i32 id) }",
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

#define PAIR "struct P { 1: i32 x = 0, 2: i32 y = 0 } "

/* Values that mean the same in another order, and some that do not. */
static const struct {
    const char *one, *two;
    bool same;
} values[] = {
    {"const set<i32> C = [1, 2, 3]", "const set<i32> C = [3, 1, 2]", true},
    {"const set<i32> C = [1, 2, 3]", "const set<i32> C = [3, 1, 2, 1]", true},
    {"const set<i32> C = [1, 2]", "const set<i32> C = [1, 2, 3]", false},
    {"const list<i32> C = [1, 2]", "const list<i32> C = [2, 1]", false},
    {"const map<string, i32> C = {'a': 1, 'b': 2}", "const map<string, i32> C = {'b': 2, 'a': 1}",
     true},
    {"const map<string, i32> C = {'a': 1, 'b': 2}", "const map<string, i32> C = {'a': 2, 'b': 1}",
     false},
    {PAIR "const P C = {'x': 1, 'y': 2}", PAIR "const P C = {'y': 2, 'x': 1}", true},
    {PAIR "const P C = {'x': 1, 'y': 2}", PAIR "const P C = {'y': 1, 'x': 2}", false},
    {"const map<set<i32>, list<set<i32>>> C = {[1, 2]: [[3, 4], []], []: []}",
     "const map<set<i32>, list<set<i32>>> C = {[]: [], [2, 1]: [[4, 3], []]}", true},
    {"const map<set<i32>, list<set<i32>>> C = {[1, 2]: [[3, 4], []], []: []}",
     "const map<set<i32>, list<set<i32>>> C = {[]: [], [2, 1]: [[], [4, 3]]}", false},
    {"const list<list<i32>> C = [[1], [2]]", "const list<list<i32>> C = [[1, 2], []]", false},
    {"const list<string> C = ['ab', '']", "const list<string> C = ['a', 'b']", false},
};

/* The fingerprint and thrift_schema_compare() judge alike. */
START_TEST(compare_values_in_any_order)
{
    struct first_finding first, changes = {.count = 0};
    thrift_schema *one = load_quietly(values[_i].one, &first);
    thrift_schema *two = load_quietly(values[_i].two, &first);

    ck_assert_ptr_nonnull(one);
    ck_assert_ptr_nonnull(two);
    ck_assert_msg((strcmp(thrift_schema_fingerprint(one), thrift_schema_fingerprint(two)) == 0) ==
                      values[_i].same,
                  "%s, %s", values[_i].one, values[_i].two);
    thrift_schema_compare(one, two, THRIFT_BOTH_WAYS, keep_first, &changes);
    ck_assert_msg((changes.count == 0) == values[_i].same, "%s, %s", values[_i].one,
                  values[_i].two);
    thrift_schema_unref(one);
    thrift_schema_unref(two);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, compare, 0, COUNT_OF(cases));
    tcase_add_loop_test(tests, compare_values_in_any_order, 0, COUNT_OF(values));
}

SUITE_MAIN("fingerprint")
