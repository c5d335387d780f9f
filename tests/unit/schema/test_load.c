/*
 * Loading: text in, descriptors out. What the walk over a small definition shows.
 * Covers also: lookup.c, node.c, service.c, type.c, type_spelling.c, file.c, schema.c.
 */
#include <rethrift/schema.h>
#include <string.h>

#include "allocator.h"
#include "suite.h"

static const char text[] = "namespace py shared\n"
                           "/** A person\n * we know. */\n"
                           "struct User {\n"
                           "    1: required i32 id,\n"
                           "    /** May be missing. */\n"
                           "    3: optional string email = \"none\" (log = \"no\", secret)\n"
                           "    2: UserName name;\n"
                           "}\n"
                           "typedef string UserName\n"
                           "enum Colour { RED = 2, GREEN, BLUE = -1 }\n"
                           "union Shape { 1: User user, 2: list<map<string, Colour>> colours }\n"
                           "exception NotFound { 1: i32 id }\n"
                           "const i64 LIMIT = 0x10\n"
                           "const User NOBODY = {\"id\": LIMIT, \"name\": \"\"}\n"
                           "service Base { void ping() }\n"
                           "service Users extends Base {\n"
                           "    User getUser(1: i32 id) throws (1: NotFound missing),\n"
                           "    oneway void forget(1: i32 id)\n"
                           "}\n";

static thrift_schema *load(const char *source)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("test.thrift", source, NULL, &err);

    ck_assert_msg(schema != NULL, "%u:%u: %s", err.line, err.column, err.message);
    return schema;
}

START_TEST(fields)
{
    thrift_schema *schema = load(text);
    const thrift_struct *user = thrift_schema_struct(schema, "User");
    const thrift_field *email = thrift_struct_field(user, "email");

    ck_assert_uint_eq(thrift_struct_count(user), 3);
    ck_assert_str_eq(thrift_field_name(thrift_struct_at(user, 1)), "email");
    ck_assert_ptr_eq(thrift_struct_field_by_id(user, 3), email);
    ck_assert_ptr_null(thrift_struct_field_by_id(user, 4));
    ck_assert_int_eq(thrift_field_requiredness(email), THRIFT_FIELD_OPTIONAL);
    ck_assert_int_eq(thrift_type_kind(thrift_field_type(email)), THRIFT_KIND_STRING);
    ck_assert_str_eq(thrift_node_doc(thrift_node_of(email)), "May be missing.\n");
    ck_assert_str_eq(thrift_node_annotation(thrift_node_of(email), "secret"), "1");
    ck_assert_uint_eq(thrift_node_place(thrift_node_of(email)).line, 7);
    ck_assert_str_eq(thrift_type_spelling(thrift_field_type(thrift_struct_at(user, 2))),
                     "UserName");
    ck_assert_str_eq(thrift_node_doc(thrift_node_of(user)), "A person\nwe know.\n");
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(types)
{
    thrift_schema *schema = load(text);
    const thrift_enum *colour = thrift_schema_enum(schema, "Colour");
    const thrift_type *type = thrift_schema_type(schema, "map<string, list<User>>");

    ck_assert_int_eq(thrift_symbol_number(thrift_enum_symbol(colour, "GREEN")), 3);
    ck_assert_str_eq(thrift_symbol_name(thrift_enum_by_number(colour, -1)), "BLUE");
    ck_assert_str_eq(thrift_type_spelling(type), "map<string, list<User>>");
    ck_assert_ptr_eq(thrift_type_struct(thrift_type_element(thrift_type_element(type))),
                     thrift_schema_struct(schema, "User"));
    ck_assert_ptr_eq(thrift_schema_type(schema, "map<string, list<User>>"), type);
    ck_assert_ptr_null(thrift_schema_type(schema, "map<string, list<User>"));
    ck_assert_ptr_null(thrift_schema_type(schema, "Nobody"));
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(services)
{
    thrift_schema *schema = load(text);
    const thrift_method *get = thrift_schema_method(schema, "Users.getUser");

    ck_assert_ptr_nonnull(thrift_schema_method(schema, "Users.ping"));
    ck_assert_ptr_null(thrift_schema_method(schema, "Base.getUser"));
    ck_assert_ptr_eq(thrift_schema_struct(schema, "Users.getUser args"), thrift_method_args(get));
    ck_assert_ptr_nonnull(
        thrift_struct_field(thrift_schema_struct(schema, "Users.getUser result"), "success"));
    ck_assert_ptr_nonnull(thrift_schema_struct(schema, "Users.ping args"));
    ck_assert_ptr_null(thrift_schema_struct(schema, "Users.getUser"));
    ck_assert_ptr_null(thrift_schema_struct(schema, "Users.getUser throws"));
    ck_assert_ptr_null(thrift_schema_struct(schema, "Nobody.getUser args"));
    ck_assert_ptr_null(thrift_schema_struct(schema, " args"));
    ck_assert_str_eq(thrift_service_name(thrift_method_service(get)), "Users");
    ck_assert_uint_eq(thrift_struct_count(thrift_method_args(get)), 1);
    ck_assert_str_eq(thrift_field_name(thrift_struct_at(thrift_method_throws(get), 0)), "missing");
    ck_assert_ptr_null(thrift_method_result(thrift_schema_method(schema, "Users.forget")));
    ck_assert(thrift_method_oneway(thrift_schema_method(schema, "Users.forget")));
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(fingerprints)
{
    thrift_schema *one = load(text), *two = load("struct A { 1: i32 x }"),
                  *three = load("typedef i32 X /* same */ struct A { 1: X x (a = \"b\") }");

    ck_assert_str_ne(thrift_schema_fingerprint(one), thrift_schema_fingerprint(two));
    ck_assert_str_eq(thrift_schema_fingerprint(two), thrift_schema_fingerprint(three));
    thrift_schema_unref(one);
    thrift_schema_unref(two);
    thrift_schema_unref(three);
}
END_TEST

/* Fails at the k-th allocation, or from it on. */
static void sweep(const char *source, bool good, bool onward)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k, .fail_onward = onward};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_schema *schema = thrift_load_text(
            "test.thrift", source, THRIFT_LOAD_OPTIONS(.allocator = &allocator), &err);

        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            ck_assert((schema != NULL) == good);
            break;
        }
        ck_assert(schema != NULL || err.code == THRIFT_E_NOMEM);
    }
}

START_TEST(out_of_memory)
{
    sweep(text, true, false);
    sweep(text, true, true);
    sweep("struct A { 1: B b }\ntypedef X Y typedef Y X const i32 C = D\n", false, false);
    sweep("struct A { 1: B b }\ntypedef X Y typedef Y X const i32 C = D\n", false, true);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, fields);
    tcase_add_test(tests, types);
    tcase_add_test(tests, services);
    tcase_add_test(tests, fingerprints);
    tcase_add_test(tests, out_of_memory);
}

SUITE_MAIN("load")
