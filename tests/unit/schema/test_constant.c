/*
 * Values against their types, references in any order.
 */
#include "loading.h"
#include "schema/descriptor.h"
#include "suite.h"

static const char shared[] =
    "enum Colour { RED = 1, GREEN = 2 } enum Other { BLUE = 9 }\n"
    "struct P { 1: i32 x, 2: optional P more } union U { 1: i32 a, 2: string b }\n"
    "const i32 FIVE = 5 const string NAME = 'name' const list<i32> ITEMS = [1, FIVE]\n"
    "const bool YES = true const Colour C = Colour.GREEN const P ORIGIN = {'x': 0}\n";

static const struct {
    const char *type, *value;
    int64_t integer; /* of numbers */
    const char *rule;
} scalars[] = {
    {"bool", "true", 1, NULL},
    {"bool", "0", 0, NULL},
    {"bool", "7", 1, NULL},
    {"i8", "-128", -128, NULL},
    {"i8", "300", 44, "constant-range"},
    {"i16", "65535", -1, "constant-range"},
    {"i32", "FIVE", 5, NULL},
    {"i64", "LATER", 6, NULL},
    {"i32", "true", 1, NULL},
    {"i32", "YES", 1, NULL},
    {"i32", "Colour.RED", 1, NULL},
    {"i32", "t.FIVE", 5, NULL},
    {"Colour", "Colour.GREEN", 2, NULL},
    {"Colour", "2", 2, NULL},
    {"Colour", "C", 2, NULL},
    {"Colour", "t.Colour.RED", 1, NULL},
    {"Colour", "RED", 1, "unqualified-enum-value"},
    {"Colour", "Other.RED", 1, "enum-prefix"},
    {"Colour", "3", 0, "unknown-enum-number"},
    {"Colour", "BLUE", 0, "unknown-enum-value"},
    {"i32", "'5'", 0, "constant-type"},
    {"i32", "1.5", 0, "constant-type"},
    {"i32", "NAME", 0, "constant-type"},
    {"i32", "[]", 0, "constant-type"},
    {"i32", "ITEMS", 0, "constant-type"},
    {"i32", "NOTHING", 0, "unknown-constant"},
    {"string", "5", 0, "constant-type"},
    {"string", "true", 0, "constant-type"},
    {"uuid", "'0011'", 0, "bad-uuid"},
    {"list<i32>", "{1: 2}", 0, "constant-type"},
    {"list<i32>", "['a']", 0, "constant-type"},
    {"map<i32, i32>", "[1]", 0, "constant-type"},
    {"P", "{'y': 1}", 0, "unknown-field"},
    {"P", "{5: 1}", 0, "constant-type"},
    {"P", "[1]", 0, "constant-type"},
};

static const struct const_value *value_of(const thrift_schema *schema)
{
    return thrift_schema_constant(schema, "V")->value;
}

static thrift_schema *load_value(const char *type, const char *value, struct first_finding *first)
{
    char text[1024];

    (void)snprintf(text, sizeof text, "%sconst %s V = %s\nconst i32 LATER = 6\n", shared, type,
                   value);
    return load_quietly(text, first);
}

START_TEST(scalar)
{
    struct first_finding first;
    thrift_schema *schema = load_value(scalars[_i].type, scalars[_i].value, &first);
    const struct const_value *value;

    ck_assert_msg(strcmp(first.rule, scalars[_i].rule != NULL ? scalars[_i].rule : "") == 0,
                  "%s %s: %s", scalars[_i].type, scalars[_i].value, first.rule);
    ck_assert((schema != NULL) == (first.severity != THRIFT_FINDING_ERROR));
    if (schema != NULL) {
        value = value_of(schema);
        ck_assert_int_eq(value->kind == THRIFT_KIND_BOOL ? value->as.boolean : value->as.integer,
                         scalars[_i].integer);
    }
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(doubles)
{
    struct first_finding first;
    thrift_schema *schema =
        load_value("list<double>", "[1, 2.5, -1e3, FIVE, Colour.GREEN, true]", &first);
    static const double expected[] = {1, 2.5, -1000, 5, 2, 1};

    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        ck_assert_double_eq(value_of(schema)->as.container.items[i].as.real, expected[i]);
    }
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(containers)
{
    struct first_finding first;
    thrift_schema *schema =
        load_value("map<string, list<i64>>", "{NAME: ITEMS, 'b': [], 'c': [LATER]}", &first);
    const struct const_value *items = value_of(schema)->as.container.items;

    ck_assert_uint_eq(value_of(schema)->as.container.count, 3);
    ck_assert_str_eq((const char *)items[0].as.bytes.data, "name");
    ck_assert_uint_eq(items[1].as.container.count, 2);
    ck_assert_int_eq(items[1].as.container.items[1].as.integer, 5);
    ck_assert_int_eq(items[1].as.container.items[1].kind, THRIFT_KIND_I64);
    ck_assert_uint_eq(items[3].as.container.count, 0);
    ck_assert_int_eq(items[5].as.container.items[0].as.integer, 6);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(records)
{
    struct first_finding first;
    thrift_schema *schema =
        load_value("list<P>", "[ORIGIN, {'more': {'x': LATER}, 'x': 1}, P{x = 2}]", &first);
    const struct const_value *items = value_of(schema)->as.container.items;

    ck_assert_uint_eq(items[0].as.record.count, 1);
    ck_assert_str_eq(items[1].as.record.fields[0]->node.name, "more");
    ck_assert_int_eq(items[1].as.record.values[0].as.record.values[0].as.integer, 6);
    ck_assert_int_eq(items[2].as.record.values[0].as.integer, 2);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(uuid)
{
    static const uint8_t bytes[16] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
                                      0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
    struct first_finding first;
    thrift_schema *schema = load_value("uuid", "'{00112233-4455-6677-8899-AABBccddeeff}'", &first);

    ck_assert_mem_eq(value_of(schema)->as.uuid, bytes, sizeof bytes);
    thrift_schema_unref(schema);
}
END_TEST

static const char *const circles[] = {
    "const i32 A = A",
    "const i32 A = B const i32 B = A",
    "const list<i32> A = [1, B] const i32 B = C const i32 C = B",
};

START_TEST(circle)
{
    struct first_finding first;

    ck_assert_ptr_null(load_quietly(circles[_i], &first));
    ck_assert_str_eq(first.rule, "constant-cycle");
    ck_assert_uint_eq(first.count, 1);
}
END_TEST

START_TEST(defaults)
{
    struct first_finding first;
    thrift_schema *schema = load_quietly("struct S { 1: i32 a = LATER, 2: list<i32> b = [LATER], "
                                         "3: i32 c } const i32 LATER = 6",
                                         &first);
    const thrift_struct *s = thrift_schema_struct(schema, "S");

    ck_assert_int_eq(s->fields[0].default_value->as.integer, 6);
    ck_assert_uint_eq(s->fields[1].default_value->as.container.count, 1);
    ck_assert_ptr_null(s->fields[2].default_value);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, scalar, 0, COUNT_OF(scalars));
    tcase_add_test(tests, doubles);
    tcase_add_test(tests, containers);
    tcase_add_test(tests, records);
    tcase_add_test(tests, uuid);
    tcase_add_loop_test(tests, circle, 0, COUNT_OF(circles));
    tcase_add_test(tests, defaults);
}

SUITE_MAIN("constant")
