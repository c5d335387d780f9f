/*
 * Laying out text: what becomes of blanks, line ends and comments; that a second time changes
 * nothing; that what does not parse is left alone.
 *
 * Covers also: format_scan.c, format_space.c.
 */
#include <rethrift/print.h>
#include <string.h>

#include "allocator.h"
#include "suite.h"

static const struct {
    const char *name, *before, *after;
} cases[] = {
    {"empty", "", ""},
    {"only blanks", " \n\n", ""},
    {"spaces", "const   i32 A=5", "const i32 A = 5\n"},
    {"types", "typedef map < string ,list<i32 > > M", "typedef map<string, list<i32>> M\n"},
    {"headers", "include  'a.thrift'\nnamespace   *  x ;\n",
     "include 'a.thrift'\nnamespace * x;\n"},
    {"body on one line stays", "struct A{1:i32 a;2:i32 b}", "struct A { 1: i32 a; 2: i32 b }\n"},
    {"long body is broken",
     "struct A { 1: i32 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, 2: i32 "
     "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb }",
     "struct A {\n  1: i32 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,\n  2: i32 "
     "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n}\n"},
    {"empty body", "struct A\n{\n}\n", "struct A {}\n"},
    {"brace of its own line", "enum E\n{\n  A,\n    B = 2\n}", "enum E {\n  A,\n  B = 2\n}\n"},
    {"fields of one line are parted", "struct A {\n1: i32 a, 2: i32 b\n3: i32 c 4: i32 d\n}",
     "struct A {\n  1: i32 a,\n  2: i32 b\n  3: i32 c\n  4: i32 d\n}\n"},
    {"empty lines", "\n\nenum E {\n\n\n  A,\n\n\n  B\n\n}\n\n\n\nconst i32 C = 1",
     "enum E {\n  A,\n\n  B\n}\n\nconst i32 C = 1\n"},
    {"a line behind a body", "enum E {\n  A\n}\nenum F { B }\nconst i32 C = 1",
     "enum E {\n  A\n}\n\nenum F { B }\nconst i32 C = 1\n"},
    {"comments",
     "# one  \n// two\nstruct A { // three\n  /* four */ 1: i32 a, // five\n  // six\n}  // "
     "seven\n",
     "# one\n// two\nstruct A { // three\n  /* four */ 1: i32 a, // five\n  // six\n} // seven\n"},
    {"comment moves with its element", "struct A {\n    /**\n     * Doc.\n     */\n    1: i32 a\n}",
     "struct A {\n  /**\n   * Doc.\n   */\n  1: i32 a\n}\n"},
    {"comment without stars keeps its shape",
     "struct A {\n    /* one\n         two\n       three */\n    1: i32 a\n}",
     "struct A {\n  /* one\n       two\n     three */\n  1: i32 a\n}\n"},
    {"comment behind a body", "enum E {\n  A\n}\n// next\nenum F { B }",
     "enum E {\n  A\n}\n\n// next\nenum F { B }\n"},
    {"annotations", "struct A { 1: i32 a(x=\"1\",y) }(z = '2')",
     "struct A { 1: i32 a (x = \"1\", y) } (z = '2')\n"},
    {"fbthrift annotations", "@a.B{c=1}\nstruct A {\n@D 1: i32 a\n}",
     "@a.B{c = 1}\nstruct A {\n  @D\n  1: i32 a\n}\n"},
    {"service",
     "service S extends  a.B\n{\n void  a( ),\n i32 b(1:i32 x,2:i32 y)throws(1:E e);oneway void "
     "c()\n}",
     "service S extends a.B {\n  void a(),\n  i32 b(1: i32 x, 2: i32 y) throws (1: E e);\n"
     "  oneway void c()\n}\n"},
    {"parameters below each other", "service S {\n  void a(1: i32 x,\n   2: i32 y)\n}",
     "service S {\n  void a(1: i32 x,\n         2: i32 y)\n}\n"},
    {"parameters on their own lines", "service S {\n  void a(\n1: i32 x,\n  2: i32 y)\n}",
     "service S {\n  void a(\n    1: i32 x,\n    2: i32 y\n  )\n}\n"},
    {"throws on its own line", "service S {\n  void a()\n  throws (1: E e)\n}",
     "service S {\n  void a()\n      throws (1: E e)\n}\n"},
    {"values", "const map<i32,list<i32>> M={1:[2,3],\n4:[5]}",
     "const map<i32, list<i32>> M = {1: [2, 3],\n                               4: [5]}\n"},
    {"values on their own lines", "const list<i32> L = [\n1,2,\n  3 ]",
     "const list<i32> L = [\n  1, 2,\n  3\n]\n"},
    {"value on the next line", "const string S =\n    \"a  b\"", "const string S = \"a  b\"\n"},
    {"keywords as names", "struct A {\n  1: i32 required\n  2: i32 optional\n}",
     "struct A {\n  1: i32 required\n  2: i32 optional\n}\n"},
    {"names that could begin a definition", "enum E { enum\n  A, struct\n  B\n}",
     "enum E { enum\n  A, struct\n  B\n}\n"},
    {"reference", "struct A { 1: A&next }", "struct A { 1: A & next }\n"},
    {"line ends of Windows", "enum E {\r\n    A\r\n}\r\n", "enum E {\r\n  A\r\n}\r\n"},
    {"tabs", "enum E {\n\tA,\t// a\n\tB\n}", "enum E {\n  A, // a\n  B\n}\n"},
};

static void check_format(const char *name, const char *before, const char *after)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_msg(thrift_format_text("a.thrift", before, NULL, &out, &err) == THRIFT_OK, "%s: %s",
                  name, err.message);
    ck_assert_msg(out.size == strlen(after) &&
                      (out.size == 0 || memcmp(out.data, after, out.size) == 0),
                  "%s gave:\n%.*s", name, (int)out.size, (const char *)out.data);
    thrift_buffer_deinit(&out);
}

START_TEST(layout)
{
    check_format(cases[_i].name, cases[_i].before, cases[_i].after);
    check_format(cases[_i].name, cases[_i].after, cases[_i].after);
}
END_TEST

static void count(const thrift_finding *finding, void *data)
{
    *(size_t *)data += finding->severity == THRIFT_FINDING_ERROR;
}

START_TEST(what_does_not_parse_is_left_alone)
{
    static const char *const texts[] = {"struct A { 1: i32 a",     "struct A { 1: i32 ) }",
                                        "const i32 A = [",         "/* open",
                                        "const string S = \"open", "struct } {"};

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        thrift_buffer out = THRIFT_BUFFER_INIT;
        thrift_error err = THRIFT_ERROR_INIT;
        size_t errors = 0;

        ck_assert_int_eq(thrift_format_text(
                             "a.thrift", texts[i],
                             THRIFT_LOAD_OPTIONS(.on_finding = count, .data = &errors), &out, &err),
                         THRIFT_E_SYNTAX);
        ck_assert_uint_gt(errors, 0);
        ck_assert_uint_eq(out.size, 0);
        ck_assert_str_eq(err.source, "a.thrift");
        thrift_buffer_deinit(&out);
    }
}
END_TEST

START_TEST(arguments_and_limits)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_limits limits = THRIFT_LIMITS_INIT;

    limits.max_file_size = 10;
    ck_assert_int_eq(thrift_format_text("a", NULL, NULL, &out, NULL), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_format_text("a", "", NULL, NULL, NULL), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(
        thrift_format_text("a", "enum E {}   ", THRIFT_LOAD_OPTIONS(.limits = &limits), &out, NULL),
        THRIFT_E_LIMIT);
    ck_assert_int_eq(
        thrift_format_text(NULL, "enum E {} ", THRIFT_LOAD_OPTIONS(.limits = &limits), &out, NULL),
        THRIFT_OK);
    thrift_buffer_deinit(&out);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_buffer out = THRIFT_BUFFER_INIT;
        thrift_status status;

        out.allocator = allocator;
        status = thrift_format_text("a.thrift", "struct A {\n  1: list<i32> a = [1, 2], // b\n}\n",
                                    THRIFT_LOAD_OPTIONS(.allocator = &allocator), &out, NULL);
        ck_assert_int_eq(status, memory.count < k ? THRIFT_OK : THRIFT_E_NOMEM);
        thrift_buffer_deinit(&out);
        ck_assert_uint_eq(memory.live, 0);
        if (status == THRIFT_OK) {
            break;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, layout, 0, COUNT_OF(cases));
    tcase_add_test(tests, what_does_not_parse_is_left_alone);
    tcase_add_test(tests, arguments_and_limits);
    tcase_add_test(tests, every_allocation_may_fail);
}

SUITE_MAIN("schema/format")
