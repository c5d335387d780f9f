/*
 * Comparing definitions: each change is found by its rule, with its severity and element; nothing
 * else is. What changes and what must not count as a change.
 *
 * Covers also: compat_constant.c, compat_enum.c, compat_excerpt.c, compat_field.c,
 * compat_service.c, compat_type.c.
 */
#include <rethrift/compat.h>
#include <stdlib.h>
#include <string.h>

#include "allocator.h"
#include "suite.h"

#define B THRIFT_FINDING_BREAKING
#define W THRIFT_FINDING_WARNING
#define N THRIFT_FINDING_NOTE
#define FINDINGS_MOST 6

#define ENUMS "enum A { X = 1, Y = 2 } enum B { X = 1, Y = 2, Z = 3 } enum C { X = 1, Y = 3 } "
#define ERRORS "exception E1 { 1: i32 a } exception E2 { 1: string b } "
#define BASES "service P { void ping() } service Q { void pong() } "
#define TREE(name, key)                                                                            \
    "struct " name " { 1: " key " key, 2: optional list<" name "> kids } "                         \
    "struct Forest { 1: map<string, " name "> trees }"

struct expected {
    thrift_severity severity;
    const char *rule, *element;
};

static const struct {
    const char *name, *before, *after;
    struct expected expected[FINDINGS_MOST];
} cases[] = {
    {"nothing", "struct S { 1: i32 a }", "struct S { 1: i32 a }", {{0}}},
    {"order, comments, separators",
     "struct S { 1: i32 a, 2: i32 b }",
     "/** doc */ struct S { 2: i32 b; 1: i32 a }",
     {{0}}},
    {"typedefs are transparent",
     "typedef i32 T struct S { 1: list<T> a }",
     "typedef i32 T struct S { 1: list<i32> a }",
     {{0}}},

    {"added",
     "struct S { 1: i32 a }",
     "struct S { 1: i32 a, 2: i32 b }",
     {{N, "field-added", "S.b"}}},
    {"added in the middle",
     "struct S { 1: i32 a, 5: i32 c }",
     "struct S { 1: i32 a, 3: optional i32 b, 5: i32 c }",
     {{B, "field-added-in-middle", "S.b"}}},
    {"left-out ids count downwards",
     "struct S { i32 a }",
     "struct S { i32 a, i32 b }",
     {{N, "field-added", "S.b"}}},
    {"required added",
     "struct S { 1: i32 a }",
     "struct S { 1: i32 a, 2: required i32 b }",
     {{B, "required-added", "S.b"}}},
    {"removed",
     "struct S { 1: i32 a, 2: optional i32 b }",
     "struct S { 1: i32 a }",
     {{B, "field-removed", "S.b"}}},
    {"type", "struct S { 1: i32 a }", "struct S { 1: i64 a }", {{B, "field-type-changed", "S.a"}}},
    {"deep type",
     "struct S { 1: map<i32, list<set<i32>>> a }",
     "struct S { 1: map<i32, list<set<i64>>> a }",
     {{B, "field-type-changed", "S.a"}}},
    {"type by typedef",
     "typedef i32 T struct S { 1: T a }",
     "typedef i64 T struct S { 1: T a }",
     {{W, "typedef-changed", "T"}, {B, "field-type-changed", "S.a"}}},
    {"id reused",
     "struct S { 1: i32 a }",
     "struct S { 1: string b }",
     {{B, "field-id-reused", "S.b"}}},
    {"id changed",
     "struct S { 1: i32 a }",
     "struct S { 2: i32 a }",
     {{B, "field-id-changed", "S.a"}}},
    {"ids swapped",
     "struct S { 1: i32 a, 2: i32 b }",
     "struct S { 1: i32 b, 2: i32 a }",
     {{B, "field-id-changed", "S.a"}, {B, "field-id-changed", "S.b"}}},
    {"id changed and given away",
     "struct S { 1: i32 a }",
     "struct S { 1: i32 b, 2: i32 a }",
     {{B, "field-id-changed", "S.a"}, {B, "field-id-reused", "S.b"}}},
    {"renamed", "struct S { 1: i32 a }", "struct S { 1: i32 b }", {{W, "name-changed", "S.b"}}},
    {"renamed in JSON",
     "struct S { 1: i32 a, 2: i32 b (api.key = 'x') }",
     "struct S { 1: i32 a (go.tag = 'json:\"y\"'), 2: i32 b (api.key = 'z') }",
     {{W, "name-changed", "S.a"}, {W, "name-changed", "S.b"}}},
    {"named in JSON by another annotation",
     "struct S { 1: i32 a (api.key = 'x') }",
     "struct S { 1: i32 a (go.tag = 'json:\"x\"') }",
     {{0}}},
    {"numbers become text in JSON",
     "struct S { 1: i64 a, 2: i64 b (api.js_conv) }",
     "struct S { 1: i64 a (api.js_conv), 2: i64 b }",
     {{W, "representation-changed", "S.a"}, {W, "representation-changed", "S.b"}}},
    {"renamed, with an annotation",
     "struct S { 1: i32 a }",
     "struct S { 1: i32 b (api.key = 'a') }",
     {{W, "name-changed", "S.b"}}},
    {"made required",
     "struct S { 1: optional i32 a }",
     "struct S { 1: required i32 a }",
     {{B, "requiredness-changed", "S.a"}}},
    {"made optional",
     "struct S { 1: required i32 a }",
     "struct S { 1: optional i32 a }",
     {{B, "requiredness-changed", "S.a"}}},
    {"default to optional",
     "struct S { 1: i32 a }",
     "struct S { 1: optional i32 a }",
     {{W, "optional-changed", "S.a"}}},
    {"default value",
     "struct S { 1: i32 a = 1 }",
     "struct S { 1: i32 a = 2 }",
     {{W, "default-changed", "S.a"}}},
    {"default value gone",
     "struct S { 1: list<i32> a = [1] }",
     "struct S { 1: list<i32> a }",
     {{W, "default-changed", "S.a"}}},
    {"default by constant",
     "const i32 C = 1 struct S { 1: i32 a = C }",
     "const i32 C = 1 struct S { 1: i32 a = 1 }",
     {{0}}},
    {"enum becomes i32",
     ENUMS "struct S { 1: A a }",
     ENUMS "struct S { 1: i32 a }",
     {{W, "representation-changed", "S.a"}}},
    {"binary in a list",
     "struct S { 1: list<string> a }",
     "struct S { 1: list<binary> a }",
     {{W, "representation-changed", "S.a"}}},
    {"other enum that says the same",
     ENUMS "struct S { 1: A a }",
     ENUMS "struct S { 1: B a }",
     {{W, "type-renamed", "S.a"}}},
    {"other enum",
     ENUMS "struct S { 1: A a }",
     ENUMS "struct S { 1: C a }",
     {{B, "field-type-changed", "S.a"}}},
    {"exception became a struct",
     "exception S { 1: i32 a }",
     "struct S { 1: i32 a }",
     {{W, "exception-kind-changed", "S"}}},
    {"struct became a union",
     "struct S { 1: i32 a }",
     "union S { 1: i32 a }",
     {{B, "struct-kind-changed", "S"}}},
    {"member added",
     "union U { 1: i32 a }",
     "union U { 1: i32 a, 2: i32 b }",
     {{W, "union-member-added", "U.b"}}},
    {"member removed",
     "union U { 1: i32 a, 2: i32 b }",
     "union U { 1: i32 a }",
     {{B, "union-member-removed", "U.b"}}},
    {"struct replaced by its equal",
     "struct A { 1: i32 x } struct B { 1: i32 x, 2: i32 y } struct S { 1: A a }",
     "struct A { 1: i32 x } struct B { 1: i32 x, 2: i32 y } struct S { 1: B a }",
     {{W, "type-renamed", "S.a"}}},
    {"struct replaced by another",
     "struct A { 1: i32 x } struct B { 1: i32 y } struct S { 1: A a }",
     "struct A { 1: i32 x } struct B { 1: i32 y } struct S { 1: B a }",
     {{B, "field-type-changed", "S.a"}}},
    {"recursive struct renamed",
     TREE("T", "i32"),
     TREE("U", "i32"),
     {{B, "struct-removed", "T"}, {W, "type-renamed", "Forest.trees"}, {N, "struct-added", "U"}}},
    {"recursive struct replaced",
     TREE("T", "i32"),
     TREE("U", "i64"),
     {{B, "struct-removed", "T"},
      {B, "field-type-changed", "Forest.trees"},
      {N, "struct-added", "U"}}},

    {"value removed",
     "enum E { X = 1, Y = 2 }",
     "enum E { X = 1 }",
     {{B, "enum-value-removed", "E.Y"}}},
    {"value added",
     "enum E { X = 1 }",
     "enum E { X = 1, Y = 2 }",
     {{N, "enum-value-added", "E.Y"}}},
    {"value renamed", "enum E { X = 1 }", "enum E { Z = 1 }", {{W, "name-changed", "E.X"}}},
    {"one of two names of a number gone",
     "enum E { X = 1, Y = 1 }",
     "enum E { X = 1 }",
     {{W, "name-changed", "E.Y"}}},
    {"value renumbered",
     "enum E { X = 1 }",
     "enum E { X = 2 }",
     {{B, "enum-number-changed", "E.X"}}},
    {"value removed, number taken",
     "enum E { X = 1, Y = 2 }",
     "enum E { Y = 1 }",
     {{B, "enum-value-removed", "E.X"}, {B, "enum-number-changed", "E.Y"}}},
    {"enum removed", "enum E { X = 1 }", "", {{W, "enum-removed", "E"}}},

    {"method added",
     "service S { void a() }",
     "service S { void a(), void b() }",
     {{N, "method-added", "S.b"}}},
    {"method removed",
     "service S { void a(), void b() }",
     "service S { void a() }",
     {{B, "method-removed", "S.b"}}},
    {"result",
     "service S { i32 a() }",
     "service S { string a() }",
     {{B, "method-result-changed", "S.a"}}},
    {"result became void",
     "service S { i32 a() }",
     "service S { void a() }",
     {{B, "method-result-changed", "S.a"}}},
    {"result of the same bytes",
     ENUMS "service S { A a() }",
     ENUMS "service S { i32 a() }",
     {{W, "representation-changed", "S.a"}}},
    {"oneway",
     "service S { void a() }",
     "service S { oneway void a() }",
     {{B, "oneway-changed", "S.a"}}},
    {"argument added",
     "service S { void a(1: i32 x) }",
     "service S { void a(1: i32 x, 2: i32 y) }",
     {{W, "argument-added", "S.a.y"}}},
    {"argument removed",
     "service S { void a(1: i32 x, 2: i32 y) }",
     "service S { void a(1: i32 x) }",
     {{B, "argument-removed", "S.a.y"}}},
    {"argument type",
     "service S { void a(1: i32 x) }",
     "service S { void a(1: i64 x) }",
     {{B, "argument-type-changed", "S.a.x"}}},
    {"argument id",
     "service S { void a(1: i32 x) }",
     "service S { void a(2: i32 x) }",
     {{B, "argument-id-changed", "S.a.x"}}},
    {"argument id reused",
     "service S { void a(1: i32 x) }",
     "service S { void a(1: string y) }",
     {{B, "argument-id-reused", "S.a.y"}}},
    {"argument in the middle",
     "service S { void a(1: i32 x, 3: i32 z) }",
     "service S { void a(1: i32 x, 2: i32 y, 3: i32 z) }",
     {{B, "argument-added-in-middle", "S.a.y"}}},
    {"exception added",
     ERRORS "service S { void a() throws (1: E1 e) }",
     ERRORS "service S { void a() throws (1: E1 e, 2: E2 f) }",
     {{W, "exception-added", "S.a.f"}}},
    {"exception removed",
     ERRORS "service S { void a() throws (1: E1 e) }",
     ERRORS "service S { void a() }",
     {{B, "exception-removed", "S.a.e"}}},
    {"exception type",
     ERRORS "service S { void a() throws (1: E1 e) }",
     ERRORS "service S { void a() throws (1: E2 e) }",
     {{B, "exception-type-changed", "S.a.e"}}},
    {"method moved to the parent",
     "service S { void a() }",
     "service P { void a() } service S extends P {}",
     {{N, "extends-added", "S"}, {N, "service-added", "P"}}},
    {"other parent",
     BASES "service S extends P {}",
     BASES "service S extends Q {}",
     {{B, "extends-changed", "S"}}},
    {"parent in between",
     BASES "service M extends P {} service S extends P {}",
     BASES "service M extends P {} service S extends M {}",
     {{N, "extends-added", "S"}}},
    {"service removed", BASES, "service P { void ping() }", {{B, "service-removed", "Q"}}},

    {"struct removed", "struct S {} struct T {}", "struct S {}", {{B, "struct-removed", "T"}}},
    {"struct became an enum",
     "struct S {}",
     "enum S { X }",
     {{B, "struct-removed", "S"}, {N, "enum-added", "S"}}},
    {"constants",
     "const i32 A = 1 const i32 B = 1 const i32 C = 1",
     "const i32 A = 2 const string B = \"1\" const i32 D = 1",
     {{W, "constant-changed", "A"},
      {W, "constant-changed", "B"},
      {W, "constant-removed", "C"},
      {N, "constant-added", "D"}}},
    {"constants of constants",
     "struct S { 1: i32 a, 2: list<S> b } const S A = {\"a\": 1, \"b\": [{\"a\": 2}]}",
     "struct S { 1: i32 a, 2: list<S> b } const S A = {\"a\": 1, \"b\": [{\"a\": 3}]}",
     {{W, "constant-changed", "A"}}},
    {"typedef gone and new",
     "typedef i32 T",
     "typedef i32 U",
     {{W, "typedef-removed", "T"}, {N, "typedef-added", "U"}}},
    {"namespaces",
     "namespace py a namespace java a",
     "namespace py b namespace go a",
     {{W, "namespace-changed", "namespace.py"},
      {W, "namespace-changed", "namespace.java"},
      {N, "namespace-added", "namespace.go"}}},
};

static thrift_schema *load(const char *name, const char *text)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text(name, text, NULL, &err);

    ck_assert_msg(schema != NULL, "%s: %s", text, err.message);
    return schema;
}

struct seen {
    const char *name;
    const struct expected *expected;
    size_t count, breaking;
};

static void check_finding(const thrift_finding *finding, void *data)
{
    struct seen *seen = data;
    const struct expected *expected = &seen->expected[seen->count++];

    ck_assert_msg(seen->count <= FINDINGS_MOST && expected->rule != NULL, "%s: unexpected %s %s",
                  seen->name, finding->rule, finding->message);
    ck_assert_msg(strcmp(finding->rule, expected->rule) == 0 &&
                      strcmp(finding->element, expected->element) == 0 &&
                      finding->severity == expected->severity,
                  "%s: %s of %s (%d) and not %s of %s", seen->name, finding->rule, finding->element,
                  finding->severity, expected->rule, expected->element);
    ck_assert_int_eq(strncmp(finding->message, finding->element, strlen(finding->element)), 0);
    ck_assert(finding->before.source == NULL || strcmp(finding->before.source, "old.thrift") == 0);
    ck_assert_str_eq(finding->at.source, "new.thrift");
    seen->breaking += finding->severity == B;
}

START_TEST(every_change_has_its_rule)
{
    thrift_schema *before = load("old.thrift", cases[_i].before);
    thrift_schema *after = load("new.thrift", cases[_i].after);
    struct seen seen = {cases[_i].name, cases[_i].expected, 0, 0};
    size_t breaking = thrift_schema_compare(before, after, THRIFT_BOTH_WAYS, check_finding, &seen);

    ck_assert_msg(seen.count == FINDINGS_MOST || cases[_i].expected[seen.count].rule == NULL,
                  "%s: no %s", cases[_i].name, cases[_i].expected[seen.count].rule);
    ck_assert_uint_eq(breaking, seen.breaking);
    thrift_schema_unref(before);
    thrift_schema_unref(after);
}
END_TEST

static size_t count_breaking(const char *before_text, const char *after_text,
                             const thrift_compare_options *options)
{
    thrift_schema *before = load("old.thrift", before_text);
    thrift_schema *after = load("new.thrift", after_text);
    thrift_error err = THRIFT_ERROR_INIT;
    size_t breaking = 99;
    thrift_status status = thrift_schema_compare_with(before, after, options, &breaking, &err);

    ck_assert_int_eq(status, breaking > 0 ? THRIFT_E_INCOMPATIBLE : THRIFT_OK);
    ck_assert_int_eq(err.code, status);
    thrift_schema_unref(before);
    thrift_schema_unref(after);
    return breaking;
}

START_TEST(directions)
{
    static const struct {
        const char *before, *after;
        size_t backward, forward;
    } pairs[] = {
        {"struct S { 1: i32 a }", "struct S { 1: i32 a, 2: required i32 b }", 1, 0},
        {"struct S { 1: required i32 a }", "struct S { 1: optional i32 a }", 0, 1},
        {"struct S { 1: optional i32 a }", "struct S { 1: required i32 a }", 1, 0},
        {"service S { void a() }", "service S {}", 1, 0},
        {"enum E { X = 1, Y = 2 }", "enum E { X = 1 }", 1, 0},
        {"struct S { 1: i32 a }", "struct S { 1: i64 a }", 1, 1},
    };

    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        ck_assert_uint_eq(count_breaking(pairs[i].before, pairs[i].after,
                                         THRIFT_COMPARE_OPTIONS(.direction = THRIFT_BACKWARD)),
                          pairs[i].backward);
        ck_assert_uint_eq(count_breaking(pairs[i].before, pairs[i].after,
                                         THRIFT_COMPARE_OPTIONS(.direction = THRIFT_FORWARD)),
                          pairs[i].forward);
    }
}
END_TEST

START_TEST(what_counts_can_be_chosen)
{
    const char *before = "struct S { 1: i32 a, 2: i32 b = 1 }";
    const char *after = "struct S { 1: i32 c, 2: i32 b = 2 }";

    ck_assert_uint_eq(count_breaking(before, after, NULL), 0);
    ck_assert_uint_eq(
        count_breaking(before, after, THRIFT_COMPARE_OPTIONS(.breaking = THRIFT_BREAKS_JSON)), 1);
    ck_assert_uint_eq(
        count_breaking(before, after, THRIFT_COMPARE_OPTIONS(.breaking = THRIFT_BREAKS_SOURCE)), 2);
}
END_TEST

START_TEST(allowances)
{
    const char *before = "struct S { 1: i32 a, 2: i32 b } struct T { 1: i32 a }";
    const char *after = "struct S {} struct T {}";
    static const struct {
        const char *allow[3];
        size_t breaking;
    } tries[] = {
        {{NULL}, 3},
        {{"field-removed", NULL}, 0},
        {{"field-removed:S", NULL}, 1},
        {{"field-removed:S.b", NULL}, 2},
        {{"S.b:field-removed", "T:field-removed", NULL}, 1},
        {{"field-added", "field-removed:S.bb", NULL}, 3},
        {{"field-removed:", "", NULL}, 3},
    };

    for (size_t i = 0; i < COUNT_OF(tries); i++) {
        ck_assert_uint_eq(
            count_breaking(before, after, THRIFT_COMPARE_OPTIONS(.allow = tries[i].allow)),
            tries[i].breaking);
    }
}
END_TEST

START_TEST(first_breach_is_the_error)
{
    thrift_schema *before = load("old.thrift", "struct S {\n  1: i32 a,\n  2: i32 b\n}");
    thrift_schema *after = load("new.thrift", "struct S {\n  1: i64 a,\n  2: i64 b\n}");
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(thrift_schema_compare_with(before, after, NULL, NULL, &err),
                     THRIFT_E_INCOMPATIBLE);
    ck_assert_str_eq(err.source, "new.thrift");
    ck_assert_uint_eq(err.line, 2);
    ck_assert_uint_eq(err.more, 1);
    ck_assert_str_eq(err.message, "S.a: field 1 was i32, is i64 (field-type-changed)");
    thrift_schema_unref(before);
    thrift_schema_unref(after);
}
END_TEST

START_TEST(nothing_to_compare)
{
    thrift_schema *schema = thrift_schema_empty(NULL);
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(thrift_schema_compare_with(NULL, schema, NULL, NULL, &err), THRIFT_E_ARGUMENT);
    ck_assert_uint_eq(thrift_schema_compare(schema, NULL, THRIFT_BOTH_WAYS, NULL, NULL), SIZE_MAX);
    ck_assert_uint_eq(thrift_schema_compare(schema, schema, THRIFT_BOTH_WAYS, NULL, NULL), 0);
    thrift_schema_unref(schema);
}
END_TEST

/* Two files of one name: definitions of included files have their prefix. */
static thrift_status read_shared(const char *path, char **out_text, size_t *out_size, void *data,
                                 thrift_error *err)
{
    const char *text = data;

    if (strstr(path, "shared.thrift") == NULL) {
        if (err != NULL) {
            err->code = THRIFT_E_IO;
        }
        return THRIFT_E_IO;
    }
    *out_size = strlen(text);
    *out_text = malloc(*out_size + 1);
    ck_assert_ptr_nonnull(*out_text);
    memcpy(*out_text, text, *out_size + 1);
    return THRIFT_OK;
}

static thrift_schema *load_with_shared(const char *name, const char *text, char *shared)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text(
        name, text, THRIFT_LOAD_OPTIONS(.read = read_shared, .data = shared), &err);

    ck_assert_msg(schema != NULL, "%s", err.message);
    return schema;
}

static void collect(const thrift_finding *finding, void *data)
{
    char *text = data;

    strcat(text, finding->rule);
    strcat(text, " ");
    strcat(text, finding->element);
    strcat(text, "\n");
}

START_TEST(included_definitions)
{
    char old_shared[] = "struct X { 1: i32 a } const i32 C = 1 typedef i32 T";
    char new_shared[] = "struct X { 1: i64 a } const i32 C = 2 typedef i64 T";
    const char *root = "include \"shared.thrift\" struct S { 1: shared.X x }";
    thrift_schema *before = load_with_shared("old.thrift", root, old_shared);
    thrift_schema *after = load_with_shared("new.thrift", root, new_shared);
    char seen[400] = "";

    thrift_schema_compare(before, after, THRIFT_BOTH_WAYS, collect, seen);
    ck_assert_str_eq(seen, "field-type-changed shared.X.a\nconstant-changed shared.C\n"
                           "typedef-changed shared.T\n");
    thrift_schema_unref(before);
    thrift_schema_unref(after);
}
END_TEST

START_TEST(definitions_move_between_files)
{
    char shared[] = "struct X { 1: i64 a }";
    thrift_schema *before = load("old.thrift", "struct X { 1: i32 a } struct S { 1: X x }");
    thrift_schema *after = load_with_shared(
        "new.thrift", "include \"shared.thrift\" struct S { 1: shared.X x }", shared);
    char seen[400] = "";

    thrift_schema_compare(before, after, THRIFT_BOTH_WAYS, collect, seen);
    ck_assert_str_eq(seen, "definition-moved X\nfield-type-changed X.a\n");
    thrift_schema_unref(before);
    thrift_schema_unref(after);
}
END_TEST

/* As large as a type may be when every use of a typedef is followed. */
START_TEST(shared_types_and_values_cost_once)
{
    static char before_text[8192], after_text[8192];
    thrift_schema *before, *after;

    strcpy(before_text, "typedef map<i32, i32> T0\n");
    for (int i = 1; i < 8; i++) {
        char line[100];

        snprintf(line, sizeof line, "typedef map<T%d, T%d> T%d\n", i - 1, i - 1, i);
        strcat(before_text, line);
    }
    strcpy(after_text, before_text);
    strcat(before_text, "struct S { 1: T7 a }");
    strcat(after_text, "struct S { 1: T7 a, 2: T7 b }");
    before = load("old.thrift", before_text);
    after = load("new.thrift", after_text);
    ck_assert_uint_eq(thrift_schema_compare(before, after, THRIFT_BOTH_WAYS, NULL, NULL), 0);
    thrift_schema_unref(before);
    thrift_schema_unref(after);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    const char *before_text = BASES ENUMS TREE("T", "i32") " const list<i32> C = [1, 2]"
                                                           " struct S { 1: A a, 2: i32 b = 1 }";
    const char *after_text = ENUMS TREE("U", "i32") " const list<i32> C = [1, 3]"
                                                    " struct S { 1: C a, 3: required i32 b }";
    thrift_schema *before = load("old.thrift", before_text);

    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_schema *after = thrift_load_text("new.thrift", after_text,
                                                THRIFT_LOAD_OPTIONS(.allocator = &allocator), NULL);
        size_t loaded = memory.count, breaking = 77;
        thrift_status status;

        ck_assert_ptr_nonnull(after);
        memory.fail_at = loaded + k;
        status = thrift_schema_compare_with(before, after, NULL, &breaking, NULL);
        ck_assert(status == THRIFT_E_INCOMPATIBLE || status == THRIFT_E_NOMEM);
        ck_assert_uint_eq(breaking == 77, status == THRIFT_E_NOMEM);
        k = status == THRIFT_E_INCOMPATIBLE ? SIZE_MAX - 1 : k;
        thrift_schema_unref(after);
        ck_assert_uint_eq(memory.live, 0);
        if (k == SIZE_MAX - 1) {
            break;
        }
    }
    thrift_schema_unref(before);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, every_change_has_its_rule, 0, COUNT_OF(cases));
    tcase_add_test(tests, directions);
    tcase_add_test(tests, what_counts_can_be_chosen);
    tcase_add_test(tests, allowances);
    tcase_add_test(tests, first_breach_is_the_error);
    tcase_add_test(tests, nothing_to_compare);
    tcase_add_test(tests, included_definitions);
    tcase_add_test(tests, definitions_move_between_files);
    tcase_add_test(tests, shared_types_and_values_cost_once);
    tcase_add_test(tests, every_allocation_may_fail);
}

SUITE_MAIN("schema/compat")
