/*
 * Which structs are marked for a float: by a field, through containers, over other structs, in a
 * circle; and types that typedefs make too large to walk.
 */
#include "schema/descriptor.h"

#include "loading.h"
#include "suite.h"

static const struct {
    const char *text, *field; /* of struct S; NULL: none */
} cases[] = {
    {"struct S { 1: double a }", NULL},
    {"struct S { 1: i32 a, 2: float b }", "b"},
    {"typedef float F struct S { 1: i32 a, 2: F b }", "b"},
    {"struct S { 1: list<map<i32, float>> a }", "a"},
    {"struct S { 1: map<float, i32> a }", "a"},
    {"struct F { 1: float x } struct S { 1: i32 a, 2: F b }", "b"},
    {"struct S { 1: i32 a, 2: list<set<G>> b } struct G { 1: optional F f } union F { 1: float x }",
     "b"},
    {"struct F { 1: float x } struct S { 1: map<F, i32> a }", "a"},
    {"struct S { 1: optional T t } struct T { 1: optional S s, 2: float x }", "t"},
    {"struct S { 1: optional S s } struct T { 1: optional S s, 2: float x }", NULL},
};

START_TEST(mark)
{
    struct first_finding first;
    thrift_schema *schema = load_quietly(cases[_i].text, &first);
    const thrift_field *field;

    ck_assert_ptr_nonnull(schema);
    field = thrift_schema_struct(schema, "S")->float_field;
    ck_assert_msg((field == NULL) == (cases[_i].field == NULL), "%s", cases[_i].text);
    if (field != NULL) {
        ck_assert_str_eq(field->node.name, cases[_i].field);
    }
    thrift_schema_unref(schema);
}
END_TEST

/* 2^20 containers from a few lines. */
START_TEST(refuse_types_without_end)
{
    char text[1024] = "typedef float T0\n";
    struct first_finding first;

    for (int i = 1; i <= 20; i++) {
        char line[64];

        (void)snprintf(line, sizeof line, "typedef map<T%d, T%d> T%d\n", i - 1, i - 1, i);
        (void)strcat(text, line);
    }
    (void)strcat(text, "struct S { 1: T20 a }\n");
    ck_assert_ptr_null(load_quietly(text, &first));
    ck_assert_str_eq(first.rule, "type-too-large");
    ck_assert_uint_eq(first.line, 22);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, mark, 0, COUNT_OF(cases));
    tcase_add_test(tests, refuse_types_without_end);
}

SUITE_MAIN("mark_float")
