/*
 * Printing: what is printed is what was loaded; loaded again it is the same, and prints the same.
 *
 * Covers also: file.c, print_definition.c, print_type.c, print_value.c.
 */
#include <rethrift/print.h>
#include <string.h>

#include "allocator.h"
#include "suite.h"

static const char text[] =
    "/**\n"
    " * What the file is about.\n"
    " */\n"
    "\n"
    "namespace py a.b (uri = \"x\")\n"
    "namespace * c\n"
    "\n"
    "typedef list<map<string, i32 (u = \"1\")> (t = \"2\")> Rows (a = \"b\")\n"
    "typedef i64 Id\n"
    "\n"
    "const i32 MOST = -5\n"
    "const double HALF = 0.5\n"
    "const double WHOLE = 9223372036854776000.0\n"
    "const bool YES = true\n"
    "const string QUOTED = \"a\\\"b\\\\c\\nd\\te\"\n"
    "const uuid NOBODY = \"00112233-4455-6677-8899-aabbccddeeff\"\n"
    "const Color BEST = Color.RED\n"
    "const map<Color, list<i32>> PLACES = {Color.RED: [1, 2], Color.BLUE: []}\n"
    "const User ADA = {\"id\": 1, \"colors\": [Color.BLUE]}\n"
    "const list<string> LONG = [\n"
    "  \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\n"
    "  \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbb\",\n"
    "  \"ccccccccccccccccccccccccccccc\"\n"
    "]\n"
    "\n"
    "enum Color {\n"
    "  RED = 1,\n"
    "  /**\n"
    "   * Like the sky.\n"
    "   */\n"
    "  BLUE = 2 (dark = \"1\"),\n"
    "}\n"
    "\n"
    "/**\n"
    " * A person\n"
    " *   we know.\n"
    " */\n"
    "struct User {\n"
    "  1: required Id id,\n"
    "  2: optional set<Color> colors = [Color.RED] (note = \"n\"),\n"
    "  3: User & friend,\n"
    "  string implicit,\n"
    "} (table = \"users\")\n"
    "\n"
    "union Key {\n"
    "  1: i32 number,\n"
    "  2: binary bytes,\n"
    "}\n"
    "\n"
    "exception Missing {\n"
    "}\n"
    "\n"
    "service Base {\n"
    "  oneway void ping(),\n"
    "}\n"
    "\n"
    "service Users extends Base {\n"
    "  /**\n"
    "   * Finds one.\n"
    "   */\n"
    "  User get(1: required Id id, 2: i32 limit = 10) throws (1: Missing missing) (fast = \"1\"),\n"
    "  map<Id, User> all(\n"
    "    /**\n"
    "     * From here.\n"
    "     */\n"
    "    1: Id from,\n"
    "  ),\n"
    "}\n";

static thrift_schema *load(const char *name, const char *source)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text(name, source, NULL, &err);

    ck_assert_msg(schema != NULL, "%u:%u: %s\n%s", err.line, err.column, err.message, source);
    return schema;
}

static void check_printed(const thrift_schema *schema, const char *expected)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_msg(thrift_schema_print(schema, 0, &out, &err) == THRIFT_OK, "%s", err.message);
    ck_assert_msg(out.size == strlen(expected) &&
                      (out.size == 0 || memcmp(out.data, expected, out.size) == 0),
                  "printed:\n%.*s\nexpected:\n%s", (int)out.size, (const char *)out.data, expected);
    thrift_buffer_deinit(&out);
}

START_TEST(canonical_text_prints_itself)
{
    thrift_schema *schema = load("a.thrift", text);

    check_printed(schema, text);
    thrift_schema_unref(schema);
}
END_TEST

static const struct {
    const char *source, *printed;
} forms[] = {
    {"", ""},
    {"struct A{1:i32 a;2:byte b}", "struct A {\n  1: i32 a,\n  2: i8 b,\n}\n"},
    {"const i32 A = B const i32 B = 3", "const i32 A = 3\nconst i32 B = 3\n"},
    {"const double X = 1e400", "const double X = 1e999\n"},
    {"enum E { A, B, C = 5, D }", "enum E {\n  A = 0,\n  B = 1,\n  C = 5,\n  D = 6,\n}\n"},
    {"@x.Y{a = 1} struct A { @Z 1: i32 a }", "@x.Y{a = 1}\nstruct A {\n  @Z\n  1: i32 a,\n}\n"},
    {"const list<list<i32>> A = [[1],[]]", "const list<list<i32>> A = [[1], []]\n"},
    {"const string S = 'it\"s'", "const string S = \"it\\\"s\"\n"},
};

START_TEST(forms_are_canonical_and_stay_so)
{
    thrift_schema *first = load("a.thrift", forms[_i].source);
    thrift_schema *second = load("a.thrift", forms[_i].printed);

    check_printed(first, forms[_i].printed);
    check_printed(second, forms[_i].printed);
    ck_assert_str_eq(thrift_schema_fingerprint(first), thrift_schema_fingerprint(second));
    thrift_schema_unref(first);
    thrift_schema_unref(second);
}
END_TEST

START_TEST(one_definition)
{
    thrift_schema *schema = load("a.thrift", text);
    const thrift_enum *color = thrift_schema_enum(schema, "Color");
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(
        thrift_node_print(thrift_node_of(thrift_schema_struct(schema, "Missing")), &out, &err),
        THRIFT_OK);
    ck_assert_uint_eq(out.size, strlen("exception Missing {\n}\n"));
    ck_assert_int_eq(thrift_node_print(thrift_node_of(thrift_enum_at(color, 0)), &out, &err),
                     THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_node_print(NULL, &out, &err), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_schema_print(schema, 1, &out, &err), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_schema_print(NULL, 0, &out, &err), THRIFT_E_ARGUMENT);
    ck_assert_uint_eq(out.size, strlen("exception Missing {\n}\n"));
    thrift_buffer_deinit(&out);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(files_can_be_walked)
{
    thrift_schema *schema = load("a.thrift", text);
    const thrift_type *rows = thrift_alias_type(thrift_node_alias(thrift_schema_node(schema, 0)));
    const char *name = NULL, *value = NULL;

    ck_assert_str_eq(thrift_schema_file_doc(schema, 0), "What the file is about.\n");
    ck_assert_ptr_null(thrift_schema_file_doc(schema, 1));
    ck_assert_uint_eq(thrift_schema_namespace_count(schema, 0), 2);
    ck_assert_str_eq(thrift_schema_namespace(schema, 0, 0, &name), "py");
    ck_assert_str_eq(name, "a.b");
    ck_assert_ptr_null(thrift_schema_namespace(schema, 0, 2, &name));
    ck_assert_ptr_null(thrift_schema_namespace(schema, 1, 0, NULL));
    ck_assert_uint_eq(thrift_schema_include_count(schema, 0), 0);
    ck_assert_ptr_null(thrift_schema_include(schema, 0, 0, NULL));
    ck_assert_ptr_null(thrift_type_alias(rows));
    ck_assert_uint_eq(thrift_type_annotation_count(thrift_type_element(rows)), 1);
    ck_assert_str_eq(thrift_type_annotation_at(thrift_type_element(rows), 0, &value), "t");
    ck_assert_str_eq(value, "2");
    ck_assert_ptr_null(thrift_type_annotation_at(rows, 0, NULL));
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    thrift_schema *schema = load("a.thrift", text);

    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_buffer out = THRIFT_BUFFER_INIT;
        thrift_status status;

        out.allocator = failing_allocator_of(&memory);
        status = thrift_schema_print(schema, 0, &out, NULL);
        ck_assert_int_eq(status, memory.count < k ? THRIFT_OK : THRIFT_E_NOMEM);
        ck_assert(status == THRIFT_OK || out.size == 0);
        thrift_buffer_deinit(&out);
        ck_assert_uint_eq(memory.live, 0);
        if (status == THRIFT_OK) {
            break;
        }
    }
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, canonical_text_prints_itself);
    tcase_add_loop_test(tests, forms_are_canonical_and_stay_so, 0, COUNT_OF(forms));
    tcase_add_test(tests, one_definition);
    tcase_add_test(tests, files_can_be_walked);
    tcase_add_test(tests, every_allocation_may_fail);
}

SUITE_MAIN("schema/print")
