/*
 * The grammar: what is understood, and where what is not goes wrong.
 */
#include <rethrift/schema.h>

#include "loading.h"
#include "suite.h"

/* Every construct that Apache's compiler, ThriftPy2 or fbthrift reads. */
static const char *const understood[] = {
    "",
    "\xef\xbb\xbf",
    "// only a comment",
    "namespace py a.b.c\nnamespace * d\nnamespace cpp \"quoted\" (uri = \"x\");",
    "cpp_include \"<map>\"\nhs_include \"x\"",
    "package \"a.b/c\"\n@thrift.Uri{value = \"x\"}\npackage;",
    "struct S {}; union U {}, exception E {};;",
    "struct S xsd_all { 1: i32 a xsd_optional xsd_nillable xsd_attrs { 1: i32 b } }",
    "struct S { 1: S & next, 2: list<S> & more }",
    "struct S { 1: required i32 a; 2: optional string b, 3: bool c 4: i8 d }",
    "struct S { i32 a, string b }",
    "struct S { 1: i32 list, 2: i32 struct, 3: i32 required, 4: optional i32 optional }",
    "struct S { 1: i32 uuid, 2: i32 async, 3: i32 stream, 4: i32 package }",
    "struct uuid { 1: i32 a } struct S { 1: uuid u }",
    "struct S { 1: uuid u = \"{00112233-4455-6677-8899-AABBCCDDEEFF}\" }",
    "struct S { 1: list cpp_type \"x\" <i32> a, 2: map cpp_type \"y\" <i32, i32> b }",
    "struct S { 1: list<i32> cpp_type \"x\" a, 2: set<i32 (x = \"y\")> (z) b (c = 'd'; e) }",
    "typedef string (unicode = \"1\") Text (a = \"b\") ;\ntypedef map<string, list<Text>> M,",
    "enum E { A, B = 5; C = -0x2 (deprecated), /** doc */ D } (a = \"b\")",
    "const i32 A = 5; const double B = 1 const bool C = true, const bool D = 0",
    "const map<string, list<i32>> M = {\"a\": [1, 2; 3], \"b\": []; 'c': []}",
    "const string A = 'x' (a = \"b\")",
    "struct P { 1: i32 x } const P O = P{x = 5} const list<P> L = [{'x': 1}, P{x = 2}]",
    "service A {} service B extends A { void f(), i32 g(1: i32 a = 5; 2: string b), }",
    "exception E {} service S { oneway void f() async void g() void h() throws (1: E e) (x) }",
    "service S { readonly i32 f(1: i32 a) idempotent void readonly() i32 idempotent() }",
    "safe transient server exception E { 1: string m }",
    "interaction I { void f() } service S { performs I; i32, stream<i32> g() sink<i32, i32> h() }",
    "@Meta struct S { @A{b = [1, {c = 2}]} @B 1: i32 a } @X enum E { @Y A }",
    "struct A { 1: B b } typedef C B struct C {}",
    "struct S { 1: i32 class, 2: i32 end, 3: i32 next }",
    /* Words that begin definitions, at the beginning of a line, as other things. */
    "enum E { enum\n A }",
    "enum E {\n struct,\n enum = 2\n service\n const\n B\n typedef;\n union }",
    "struct S { 1: i32\n struct\n 2: i32\n include, 3: i32\n namespace }",
    "struct interaction {}\nstruct S {\ninteraction a\n2: interaction b }",
    "struct interaction {}\nservice S {\ninteraction f()\nvoid g() }",
    "struct client {} struct server {} struct safe {} struct package {} struct stream {}\n"
    "service S { client a(), server b(), safe c(), package d(), stream e() }",
    "typedef i32 performs typedef i32 readonly typedef i32 idempotent typedef i32 as\n"
    "service S { performs a(), readonly b(), idempotent c(), as d() }",
    "typedef i32 terse struct S {\nterse a\nterse b }",
    "@X service S { void oneway(), i32 struct(), void list() }",
    "const string A = \"one\\\ntwo\"",
};

START_TEST(understand)
{
    struct first_finding first;
    thrift_schema *schema = load_quietly(understood[_i], &first);

    ck_assert_msg(schema != NULL, "%s: %u:%u %s", understood[_i], first.line, first.column,
                  first.rule);
    thrift_schema_unref(schema);
}
END_TEST

static const struct {
    const char *text, *rule;
    uint32_t line, column;
} mistakes[] = {
    {"foo", "syntax", 1, 1},
    {"struct", "syntax", 1, 7},
    {"struct S", "syntax", 1, 9},
    {"struct S {", "missing-brace", 1, 11},
    {"struct S { 1 i32 a }", "syntax", 1, 14},
    {"struct S { 1: i32 }", "syntax", 1, 19},
    {"struct S { 1: }", "syntax", 1, 15},
    {"struct S { 1: i32 a = }", "syntax", 1, 23},
    {"struct S { 1: void a }", "void-as-type", 1, 15},
    {"struct S { 1: slist a }", "slist", 1, 15},
    {"struct S { 1: stream<i32> a }", "stream-as-type", 1, 15},
    {"struct S { 1: list<stream<i32>> a }", "stream-as-type", 1, 20},
    {"struct S { 1: list<i32 a }", "syntax", 1, 24},
    {"struct S { 1: map<i32> a }", "syntax", 1, 22},
    {"struct S { 1: i32 a (b = ) }", "syntax", 1, 26},
    {"struct i32 {}", "reserved-word", 1, 8},
    {"senum S { \"a\" }", "senum", 1, 1},
    {"enum E { A = x }", "syntax", 1, 14},
    {"enum E { A = 1.5 }", "syntax", 1, 14},
    {"const i32 A", "syntax", 1, 12},
    {"const map<i32, i32> A = {1 2}", "syntax", 1, 28},
    {"const list<i32> A = [1", "syntax", 1, 23},
    {"service S { f() }", "syntax", 1, 17},
    {"service S { void f( }", "syntax", 1, 21},
    {"service S { void f() throws }", "syntax", 1, 29},
    {"service S extends { }", "syntax", 1, 19},
    {"include shared", "syntax", 1, 9},
    {"namespace py", "syntax", 1, 13},
    {"@Foo{a = [1}", "syntax", 1, 5},
    {"struct A { 1: i32 a\nstruct B {}", "missing-brace", 2, 1},
    {"struct A { 1: i32 a\nstruct B\n{ 1: i32 b }", "missing-brace", 2, 1},
    {"struct A { 1: i32 a\nconst i32 B = 1", "missing-brace", 2, 1},
    {"struct A { 1: i32 a\ntypedef map<i32, i32> M", "missing-brace", 2, 1},
    {"struct A { 1: i32 a\nnamespace py x", "missing-brace", 2, 1},
    {"struct A { 1: i32 a\ninclude \"x.thrift\"", "missing-brace", 2, 1},
    {"enum A { B\nenum C { D }", "missing-brace", 2, 1},
    {"enum A { B\nservice S extends T { }", "missing-brace", 2, 1},
    {"service A { void f()\nservice B { }", "missing-brace", 2, 1},
    {"service A { void f()\ninteraction B { }", "missing-brace", 2, 1},
    {"service S { void oneway() }", "reserved-word", 1, 18},
};

START_TEST(refuse)
{
    struct first_finding first;
    thrift_schema *schema = load_quietly(mistakes[_i].text, &first);

    ck_assert_msg(schema == NULL, "%s", mistakes[_i].text);
    ck_assert_msg(strcmp(first.rule, mistakes[_i].rule) == 0, "%s: %s", mistakes[_i].text,
                  first.rule);
    ck_assert_msg(first.line == mistakes[_i].line && first.column == mistakes[_i].column,
                  "%s: %u:%u", mistakes[_i].text, first.line, first.column);
}
END_TEST

/* Parsing goes on at the next definition: one mistake, one finding. */
START_TEST(go_on)
{
    struct first_finding first;

    ck_assert_ptr_null(load_quietly("struct A { 1: }\n"
                                    "struct B { 1: i32 b }\n"
                                    "enum C { 5 }\n"
                                    "const i32 D = [\n"
                                    "service E { void f(1: B b) }\n",
                                    &first));
    ck_assert_uint_eq(first.count, 3);
}
END_TEST

/* What comes out of a nest of given depth. */
static bool nests(const char *before, const char *open, const char *middle, const char *close,
                  size_t depth)
{
    char text[2048];
    size_t size = (size_t)snprintf(text, sizeof text, "%s", before);
    struct first_finding first;
    thrift_schema *schema;

    for (size_t i = 0; i < depth; i++) {
        size += (size_t)snprintf(text + size, sizeof text - size, "%s", open);
    }
    size += (size_t)snprintf(text + size, sizeof text - size, "%s", middle);
    for (size_t i = 0; i < depth; i++) {
        size += (size_t)snprintf(text + size, sizeof text - size, "%s", close);
    }
    (void)snprintf(text + size, sizeof text - size, " x }");
    schema = load_quietly(text, &first);
    thrift_schema_unref(schema);
    ck_assert(schema != NULL || strcmp(first.rule, "nesting-too-deep") == 0);
    return schema != NULL;
}

START_TEST(nesting)
{
    ck_assert(nests("struct S { 1: ", "list<", "i32", ">", 63));
    ck_assert(!nests("struct S { 1: ", "list<", "i32", ">", 64));
    ck_assert(!nests("struct S { 1: ", "list<", "i32", ">", 200));
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, understand, 0, COUNT_OF(understood));
    tcase_add_loop_test(tests, refuse, 0, COUNT_OF(mistakes));
    tcase_add_test(tests, go_on);
    tcase_add_test(tests, nesting);
}

SUITE_MAIN("parser")
