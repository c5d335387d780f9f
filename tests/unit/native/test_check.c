/*
 * Wrong tables and signatures: each refused, with a message that names the C member and the line of
 * the definition; all findings together.
 *
 * Covers also: rpc/native_finding.c.
 */
#include <rethrift/native.h>
#include <string.h>

#include "suite.h"

static const char idl[] = "enum Color { RED }\n"                        /* 1 */
                          "struct Point { 1: i32 x, 2: i32 y }\n"       /* 2 */
                          "union Choice { 1: string text, 2: i64 n }\n" /* 3 */
                          "struct User {\n"                             /* 4 */
                          "  1: required i32 id,\n"                     /* 5 */
                          "  2: string name,\n"                         /* 6 */
                          "  3: binary photo,\n"                        /* 7 */
                          "  4: Color color,\n"                         /* 8 */
                          "  5: uuid key,\n"                            /* 9 */
                          "  6: list<i32> numbers,\n"                   /* 10 */
                          "  7: list<Point> points,\n"                  /* 11 */
                          "  8: map<string, i32> counts,\n"             /* 12 */
                          "  9: Point home,\n"                          /* 13 */
                          " 10: Choice choice,\n"                       /* 14 */
                          " 11: list<list<i32>> rows,\n"                /* 15 */
                          " 12: bool ok\n"                              /* 16 */
                          "}\n"                                         /* 17 */
                          "service Users {\n"                           /* 18 */
                          "  User get(1: i32 id),\n"                    /* 19 */
                          "  void put(1: User user),\n"                 /* 20 */
                          "  list<i32> numbers()\n"                     /* 21 */
                          "}\n";

struct point {
    int32_t x, y;
};
THRIFT_NATIVE(point_native, struct point, "Point", x, y);

struct entry {
    const char *key;
    int32_t wrong;
};
THRIFT_NATIVE(entry_native, struct entry, "", key, wrong);

/* Says of itself that it contains itself. */
struct loop {
    int32_t x;
};
static const thrift_native_struct loop_native;
THRIFT_NATIVE_TABLE(loop_native, struct loop, "Point",
                    {.c_name = "x", .size = 4, .item_size = 4, .ctype = THRIFT_C_STRUCT});

struct id64 {
    int64_t id;
};
struct wide {
    int32_t id;
    _Alignas(32) int32_t other;
};
struct any {
    int32_t id, extra;
    const char *text;
    int64_t i64;
    uint8_t octets[8];
    uint8_t byte;
    unsigned short flags;
    float real;
    int32_t *numbers;
    int64_t *longs;
    size_t count;
    int32_t fixed[4];
    struct point point, *pointer, *points;
    struct id64 other;
    struct entry *entries;
    int16_t tag;
    char letters[4];
    thrift_record *record;
    thrift_list *list;
    thrift_map *map;
    thrift_unknown_fields rest, more, *others;
};

#define TABLE(name, ...)                                                                           \
    THRIFT_NATIVE_TABLE(name, struct any, "User", THRIFT_MEMBER(struct any, id), __VA_ARGS__)

THRIFT_NATIVE(wide_id, struct id64, "User", id);
TABLE(no_field, THRIFT_MEMBER(struct any, extra));
TABLE(misspelled, THRIFT_MEMBER(struct any, text, THRIFT_AS("nmae")));
TABLE(twice, THRIFT_MEMBER(struct any, text, THRIFT_AS("name")),
      THRIFT_MEMBER(struct any, letters, THRIFT_AS("name")));
THRIFT_NATIVE_TABLE(no_id, struct any, "User", THRIFT_MEMBER(struct any, text, THRIFT_AS("name")));
TABLE(photo_text, THRIFT_MEMBER(struct any, text, THRIFT_AS("photo")));
TABLE(name_number, THRIFT_MEMBER(struct any, extra, THRIFT_AS("name")));
TABLE(enum_long, THRIFT_MEMBER(struct any, i64, THRIFT_AS("color")));
TABLE(key_short, THRIFT_MEMBER(struct any, octets, THRIFT_AS("key")));
TABLE(bool_byte, THRIFT_MEMBER(struct any, byte, THRIFT_AS("ok")));
TABLE(bool_flags, THRIFT_MEMBER(struct any, flags, THRIFT_AS("ok")));
TABLE(name_real, THRIFT_MEMBER(struct any, real, THRIFT_AS("name")));
TABLE(no_count, THRIFT_MEMBER(struct any, numbers));
TABLE(long_items, THRIFT_LIST_MEMBER(struct any, longs, count, THRIFT_AS("numbers")));
TABLE(fixed_items, THRIFT_LIST_MEMBER(struct any, fixed, count, THRIFT_AS("numbers")));
TABLE(name_items, THRIFT_LIST_MEMBER(struct any, numbers, count, THRIFT_AS("name")));
TABLE(nested_items, THRIFT_LIST_MEMBER(struct any, numbers, count, THRIFT_AS("rows")));
TABLE(other_struct,
      THRIFT_STRUCT_MEMBER(struct any, point, struct point, &point_native, THRIFT_AS("choice")));
TABLE(other_table,
      THRIFT_STRUCT_MEMBER(struct any, other, struct id64, &loop_native, THRIFT_AS("home")));
TABLE(pointer_items, THRIFT_STRUCT_MEMBER(struct any, points, struct point, &point_native));
TABLE(entries, THRIFT_STRUCTS_MEMBER(struct any, entries, count, struct entry, &entry_native,
                                     THRIFT_AS("counts")));
TABLE(stray_tag, THRIFT_TAG(struct any, tag));
TABLE(outside,
      {.c_name = "far", .idl_name = "name", .offset = 4096, .size = 8, .ctype = THRIFT_C_STRING});
TABLE(list_record, THRIFT_MEMBER(struct any, record, THRIFT_AS("points")));
TABLE(struct_map, THRIFT_MEMBER(struct any, map, THRIFT_AS("home")));
TABLE(map_list, THRIFT_MEMBER(struct any, list, THRIFT_AS("counts")));
TABLE(name_record, THRIFT_MEMBER(struct any, record, THRIFT_AS("name")));
TABLE(rest_twice, THRIFT_MEMBER(struct any, rest), THRIFT_MEMBER(struct any, more));
TABLE(rest_items, THRIFT_LIST_MEMBER(struct any, others, count, THRIFT_AS("numbers")));
THRIFT_NATIVE_TABLE(rest_union, struct any, "Choice", THRIFT_TAG(struct any, tag),
                    THRIFT_MEMBER(struct any, rest));
THRIFT_NATIVE_TABLE(rest_alone, struct any, "User",
                    THRIFT_MEMBER(struct any, rest, THRIFT_AS("id")));
THRIFT_NATIVE_TABLE(no_tag, struct any, "Choice", THRIFT_MEMBER(struct any, text));
THRIFT_NATIVE_TABLE(aligned, struct wide, "User", THRIFT_MEMBER(struct wide, id));
THRIFT_NATIVE_TABLE(unknown, struct any, "Person", THRIFT_MEMBER(struct any, id));
THRIFT_NATIVE_TABLE(
    recursive, struct loop, "Point",
    {.c_name = "x", .size = 4, .item_size = 4, .ctype = THRIFT_C_STRUCT, .table = &loop_native});
TABLE(several, THRIFT_MEMBER(struct any, extra),
      THRIFT_MEMBER(struct any, text, THRIFT_AS("photo")),
      THRIFT_MEMBER(struct any, byte, THRIFT_AS("ok")));

static const struct {
    const thrift_native_struct *table;
    thrift_status status;
    const char *message;
} tables[] = {
    {&wide_id, THRIFT_E_TYPE,
     "struct id64.id is int64_t, id is i32: write int32_t (users.thrift:5)"},
    {&no_field, THRIFT_E_NAME, "struct any.extra: User has no field \"extra\" (users.thrift:4)"},
    {&misspelled, THRIFT_E_NAME,
     "struct any.text: User has no field \"nmae\", did you mean \"name\"? (users.thrift:4)"},
    {&twice, THRIFT_E_NAME,
     "struct any.letters: another member stands for User.name already (users.thrift:6)"},
    {&no_id, THRIFT_E_REQUIRED,
     "struct any has no member for User.id, which is required (users.thrift:5)"},
    {&photo_text, THRIFT_E_TYPE,
     "struct any.text is char *, photo is binary: write thrift_bytes (users.thrift:7)"},
    {&name_number, THRIFT_E_TYPE,
     "struct any.extra is int32_t, name is string: write char *, char[N] or thrift_bytes "
     "(users.thrift:6)"},
    {&enum_long, THRIFT_E_TYPE,
     "struct any.i64 is int64_t, color is Color: write an enum or int32_t (users.thrift:8)"},
    {&key_short, THRIFT_E_TYPE,
     "struct any.octets is uint8_t[], key is uuid: write thrift_uuid or uint8_t[16] "
     "(users.thrift:9)"},
    {&bool_byte, THRIFT_E_TYPE,
     "struct any.byte is a type without a table, ok is bool: write bool (users.thrift:16)"},
    {&bool_flags, THRIFT_E_TYPE,
     "struct any.flags is a type without a table, ok is bool: write bool (users.thrift:16)"},
    {&name_real, THRIFT_E_TYPE,
     "struct any.real is a type without a table, name is string: write char *, char[N] or "
     "thrift_bytes (users.thrift:6)"},
    {&no_count, THRIFT_E_TYPE,
     "struct any.numbers is a pointer without a count, numbers is list<i32>: write a pointer with "
     "a size_t count, or thrift_list * (users.thrift:10)"},
    {&long_items, THRIFT_E_TYPE,
     "struct any.longs is int64_t, numbers is i32: write int32_t (users.thrift:10)"},
    {&fixed_items, THRIFT_E_TYPE,
     "struct any.fixed is an array of int32_t, numbers is list<i32>: write a pointer with a size_t "
     "count, or thrift_list * (users.thrift:10)"},
    {&name_items, THRIFT_E_TYPE,
     "struct any.numbers is an array of int32_t, name is string: write char *, char[N] or "
     "thrift_bytes (users.thrift:6)"},
    {&nested_items, THRIFT_E_TYPE,
     "struct any.numbers is int32_t, rows is list<i32>: write a pointer with a size_t count, or "
     "thrift_list * (users.thrift:15)"},
    {&other_struct, THRIFT_E_TYPE,
     "struct any.point has the table of struct point (\"Point\"), choice is Choice "
     "(users.thrift:14)"},
    {&other_table, THRIFT_E_TYPE,
     "struct any.other is a struct of 8 bytes, its table is of struct loop, of 4 bytes "
     "(users.thrift:13)"},
    {&pointer_items, THRIFT_E_TYPE,
     "struct any.points is a pointer to a struct, points is list<Point>: write a pointer with a "
     "size_t count, or thrift_list * (users.thrift:11)"},
    {&entries, THRIFT_E_NAME,
     "struct any.entries: the entries of counts have no member for \"value\" (users.thrift:12)"},
    {&stray_tag, THRIFT_E_TYPE,
     "struct any.tag: a tag is the first member of a union, and only there (users.thrift:4)"},
    {&outside, THRIFT_E_RANGE,
     "struct any.far does not stand inside of struct any (users.thrift:4)"},
    {&list_record, THRIFT_E_TYPE,
     "struct any.record is thrift_record *, points is list<Point>: write a pointer with a size_t "
     "count, or thrift_list * (users.thrift:11)"},
    {&struct_map, THRIFT_E_TYPE,
     "struct any.map is thrift_map *, home is Point: write a struct or a pointer to one, with a "
     "table, or thrift_record * (users.thrift:13)"},
    {&map_list, THRIFT_E_TYPE,
     "struct any.list is thrift_list *, counts is map<string, i32>: write an array of entry "
     "structs with a size_t count, or thrift_map * (users.thrift:12)"},
    {&name_record, THRIFT_E_TYPE,
     "struct any.record is thrift_record *, name is string: write char *, char[N] or thrift_bytes "
     "(users.thrift:6)"},
    {&rest_twice, THRIFT_E_TYPE,
     "struct any.more is the second: a struct, not a union, keeps its unknown fields in one "
     "thrift_unknown_fields (users.thrift:4)"},
    {&rest_items, THRIFT_E_TYPE,
     "struct any.others is thrift_unknown_fields, numbers is i32: write int32_t "
     "(users.thrift:10)"},
    {&rest_union, THRIFT_E_TYPE,
     "struct any.rest stands in a union: a struct, not a union, keeps its unknown fields in one "
     "thrift_unknown_fields (users.thrift:3)"},
    {&rest_alone, THRIFT_E_REQUIRED,
     "struct any has no member for User.id, which is required (users.thrift:5)"},
    {&no_tag, THRIFT_E_TYPE,
     "struct any stands for a union: its first member must be THRIFT_TAG (users.thrift:3)"},
    {&aligned, THRIFT_E_LIMIT,
     "struct wide: structs are aligned to at most 16 bytes (users.thrift:4)"},
    {&unknown, THRIFT_E_NAME,
     "the table of struct any is for \"Person\", which the definition does not have"},
    {&recursive, THRIFT_E_TYPE,
     "struct loop.x is a struct, x is i32: write int32_t (users.thrift:2)"},
    {&several, THRIFT_E_NAME,
     "struct any.extra: User has no field \"extra\" (users.thrift:4); "
     "struct any.text is char *, photo is binary: write thrift_bytes (users.thrift:7); "
     "struct any.byte is a type without a table, ok is bool: write bool (users.thrift:16)"},
};

static thrift_schema *load(const char *text)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("users.thrift", text, NULL, &err);

    ck_assert_msg(schema != NULL, "%s", err.message);
    return schema;
}

START_TEST(wrong_tables)
{
    thrift_schema *schema = load(idl);
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert(thrift_native_codec_new(schema, tables[_i].table, NULL, &err) == NULL);
    ck_assert_str_eq(err.message, tables[_i].message);
    ck_assert_int_eq(err.code, tables[_i].status);
    thrift_schema_unref(schema);
}
END_TEST

/* A struct that contains itself: C does not let one write it, a table can say it. */
struct node {
    int64_t next;
};
static const thrift_native_struct node_native;
THRIFT_NATIVE_TABLE(
    node_native, struct node, "Node",
    {.c_name = "next", .size = 8, .item_size = 8, .ctype = THRIFT_C_STRUCT, .table = &node_native});

START_TEST(inline_recursion)
{
    thrift_schema *schema = load("struct Node {\n 1: optional Node next }");
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert(thrift_native_codec_new(schema, &node_native, NULL, &err) == NULL);
    ck_assert_str_eq(err.message, "struct node contains itself: use a pointer (users.thrift:1)");
    thrift_schema_unref(schema);
}
END_TEST

/* ---- signatures ---- */

struct user {
    int32_t id;
};
THRIFT_NATIVE(user_native, struct user, "User", id);
THRIFT_NATIVE(nobody_native, struct user, "Nobody", id);

static const thrift_native_struct *const structs[] = {&user_native, NULL};
static const thrift_native_struct *const strangers[] = {&nobody_native, NULL};

static const struct {
    const thrift_native_struct *const *structs;
    thrift_native_method method;
    const char *message;
} signatures[] = {
    {structs,
     {"get", THRIFT_PARAMETERS(thrift_call *, int32_t)},
     "Users.get: the C function has 2 parameters, the definition needs 3: thrift_call *, 1 "
     "arguments, a pointer to the result (users.thrift:19)"},
    {structs,
     {"get", THRIFT_PARAMETERS(int32_t, thrift_call *, struct user *)},
     "Users.get: the C function has 3 parameters and does not begin with thrift_call *, the "
     "definition needs 3: thrift_call *, 1 arguments, a pointer to the result (users.thrift:19)"},
    {structs,
     {"get", THRIFT_PARAMETERS(thrift_call *, int64_t, struct user *)},
     "Users.get: parameter 2 (\"int64_t\") is int64_t, id is i32: write int32_t (users.thrift:19)"},
    {structs,
     {"get", THRIFT_PARAMETERS(thrift_call *, int32_t *, struct user *)},
     "Users.get: parameter 2 (\"int32_t *\") is a pointer without a count, id is i32: write "
     "int32_t "
     "(users.thrift:19)"},
    {structs,
     {"get", THRIFT_PARAMETERS(thrift_call *, int32_t, const struct user *)},
     "Users.get: parameter 3 of the C function, \"const struct user *\", cannot take a result: it "
     "is const (users.thrift:19)"},
    {structs,
     {"get", THRIFT_PARAMETERS(thrift_call *, int32_t, struct user **)},
     "Users.get: parameter 3 of the C function, \"struct user **\", is no pointer to a struct "
     "(users.thrift:19)"},
    {structs,
     {"get", THRIFT_PARAMETERS(thrift_call *, int32_t, struct point *)},
     "Users.get: parameter 3 of the C function, \"struct point *\", is a struct of which no table "
     "is listed (users.thrift:19)"},
    {structs,
     {"get", THRIFT_PARAMETERS(thrift_call *, int32_t, int32_t *)},
     "Users.get: parameter 3 (\"int32_t *\") is int32_t, get is User: write a struct or a pointer "
     "to one, with a table, or thrift_record * (users.thrift:19)"},
    {structs,
     {"get", THRIFT_PARAMETERS(thrift_call *, int32_t, int32_t)},
     "Users.get: parameter 3 of the C function, \"int32_t\", is no pointer to a result "
     "(users.thrift:19)"},
    {structs,
     {"put", THRIFT_PARAMETERS(thrift_call *, struct user)},
     "Users.put: parameter 2 of the C function, \"struct user\", is no pointer to a struct "
     "(users.thrift:20)"},
    {structs,
     {"numbers", THRIFT_PARAMETERS(thrift_call *, struct user *)},
     "Users.numbers: parameter 2 (\"struct user *\") is a struct, numbers is list<i32>: write a "
     "pointer with a size_t count, or thrift_list * (users.thrift:21)"},
    {structs,
     {"put", THRIFT_PARAMETERS(thrift_call *, thrift_list *)},
     "Users.put: parameter 2 (\"thrift_list *\") is thrift_list *, user is User: write a struct or "
     "a pointer to one, with a table, or thrift_record * (users.thrift:20)"},
    {structs,
     {"get", THRIFT_PARAMETERS(thrift_call *, int32_t, thrift_record *)},
     "Users.get: parameter 3 of the C function, \"thrift_record *\", is no pointer to a result "
     "(users.thrift:19)"},
    {structs,
     {"gone", THRIFT_PARAMETERS(thrift_call *)},
     "Users.gone is listed, but the definition's service has no such method (users.thrift:18)"},
    {strangers,
     {"get", THRIFT_PARAMETERS(thrift_call *, int32_t, struct user *)},
     "the table of struct user is for \"Nobody\", which the definition does not have; Users.get: "
     "parameter 3 (\"struct user *\") has the table of struct user (\"Nobody\"), get is User "
     "(users.thrift:19)"},
};

static void count(const thrift_finding *finding, void *data)
{
    size_t *findings = data;

    ck_assert_int_eq(finding->severity, THRIFT_FINDING_ERROR);
    *findings += 1;
}

START_TEST(wrong_signatures)
{
    const thrift_native_service service = {"Users", &signatures[_i].method, 1,
                                           signatures[_i].structs, NULL};
    thrift_schema *schema = load(idl);
    thrift_error err = THRIFT_ERROR_INIT;
    size_t findings = 0;

    ck_assert_int_ne(thrift_native_check(schema, &service, count, &findings, &err), THRIFT_OK);
    ck_assert_str_eq(err.message, signatures[_i].message);
    ck_assert_uint_ge(findings, 1);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(right_signatures)
{
    const thrift_native_method methods[] = {
        {"get", THRIFT_PARAMETERS(thrift_call *, int32_t, struct user *)},
        {"put", THRIFT_PARAMETERS(thrift_call *, struct user const *)},
    };
    const thrift_native_service service = {"Users", methods, 2, structs, NULL};
    const thrift_native_service other = {"Others", methods, 2, structs, NULL};
    thrift_schema *schema = load(idl);
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_msg(thrift_native_check(schema, &service, NULL, NULL, &err) == THRIFT_OK, "%s",
                  err.message);
    ck_assert_int_eq(thrift_native_check(schema, &other, NULL, NULL, &err), THRIFT_E_NAME);
    ck_assert_int_eq(thrift_native_check(schema, NULL, NULL, NULL, NULL), THRIFT_E_ARGUMENT);
    thrift_schema_unref(schema);
}
END_TEST

/* More than an error holds: the rest is counted, and every one is told. */
START_TEST(many_findings)
{
    const thrift_native_method methods[] = {
        {"get", THRIFT_PARAMETERS(thrift_call *)},
        {"put", THRIFT_PARAMETERS(thrift_call *)},
        {"numbers", THRIFT_PARAMETERS(thrift_call *)},
        {"gone", THRIFT_PARAMETERS(thrift_call *)},
    };
    const thrift_native_service service = {"Users", methods, 4, structs, NULL};
    thrift_schema *schema = load(idl);
    thrift_error err = THRIFT_ERROR_INIT;
    size_t findings = 0;

    ck_assert_int_ne(thrift_native_check(schema, &service, count, &findings, &err), THRIFT_OK);
    ck_assert_uint_eq(findings, 4);
    ck_assert_uint_eq(err.more, 2);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, wrong_tables, 0, COUNT_OF(tables));
    tcase_add_test(tests, inline_recursion);
    tcase_add_loop_test(tests, wrong_signatures, 0, COUNT_OF(signatures));
    tcase_add_test(tests, right_signatures);
    tcase_add_test(tests, many_findings);
}

SUITE_MAIN("native check")
