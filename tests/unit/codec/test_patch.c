/*
 * Patch: the bytes are those that decoding, setting and encoding would give. White space and what
 * else text may have: test_patch_json.c.
 */
#include "allocator.h"
#include "fixture.h"

static const struct {
    thrift_protocol protocol;
} protocols[] = {{THRIFT_BINARY}, {THRIFT_COMPACT}, {THRIFT_TJSON}, {THRIFT_PLAIN_JSON}};

static thrift_bytes full(const thrift_schema *schema, int i)
{
    return vector_in(schema, "Every", "Every-full", protocols[i].protocol);
}

static const thrift_codec_options as_python = {.struct_size = sizeof as_python,
                                               .no_defaults = true};

static thrift_value number(int64_t x) { return thrift_value_integer(x); }
static thrift_value text(const char *x) { return thrift_value_string(x); }

/* The change by way of a record; a path that appends is told apart by `append`. */
static thrift_buffer expected(thrift_schema *schema, int i, thrift_bytes bytes, const char *path,
                              thrift_value value)
{
    thrift_record *record =
        thrift_decode(schema, "Every", protocols[i].protocol, bytes, NULL, NULL);
    const thrift_named_value change = {path, value};
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_ptr_nonnull(record);
    thrift_set_fields(record, (thrift_fields){&change, 1});
    ck_assert_msg(thrift_encode(record, protocols[i].protocol, &as_python, &out, &err) == THRIFT_OK,
                  "%s: %s", path, err.message);
    thrift_record_free(record);
    return out;
}

static void check(int i, const char *path, thrift_value value)
{
    thrift_schema *schema = vector_schema();
    thrift_bytes bytes = full(schema, i);
    thrift_buffer want = expected(schema, i, bytes, path, value), out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_msg(thrift_patch(schema, "Every", protocols[i].protocol, bytes, path, value, &out,
                               &err) == THRIFT_OK,
                  "%s: %s", path, err.message);
    ck_assert_msg(out.size == want.size && memcmp(out.data, want.data, out.size) == 0, "%s", path);
    thrift_buffer_deinit(&want);
    thrift_buffer_deinit(&out);
    vector_free(bytes);
    thrift_schema_unref(schema);
}

START_TEST(replaced)
{
    check(_i, "medium", number(7));
    check(_i, "yes", thrift_value_bool(false));
    check(_i, "no", thrift_value_bool(true));
    check(_i, "text", text("another text, somewhat longer than sixteen bytes"));
    check(_i, "text", text(""));
    check(_i, "color", text("GREEN"));
    check(_i, "point.y", thrift_value_real(8.25));
    check(_i, "numbers[0]", number(-5));
    check(_i, "numbers[9]", number(5));
    check(_i, "names{7}[1]", text("not empty"));
    check(_i, "counts{\"a\"}", number(1 << 20));
    check(_i, "places{-9007199254740993}.x", thrift_value_real(1.0));
    check(_i, "points[1].x", thrift_value_real(1.0));
    check(_i, "table[2][0]", number(-1));
    check(_i, "choice.number", number(1000));
    check(_i, "choice.text", text("a union has one member"));
    check(_i, "farther", number(1));
    check(_i, "negative", number(-1));
    check(_i, "flags[1]", thrift_value_bool(true));
}
END_TEST

START_TEST(inserted)
{
    check(_i, "counts{\"b\"}", number(2));
    check(_i, "answers{false}", number(3));
}
END_TEST

START_TEST(removed)
{
    static const char *const paths[] = {"yes",     "medium", "text",     "no",     "point.x",
                                        "farther", "far",    "negative", "numbers"};

    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        check(_i, paths[i], thrift_value_none(NULL));
    }
}
END_TEST

/* Of items and entries, what a setter cannot do; and fields that were not there. */
START_TEST(items_and_absent_fields)
{
    thrift_schema *schema = vector_schema();
    thrift_protocol protocol = protocols[_i].protocol;
    thrift_bytes bytes = full(schema, _i);
    static const struct {
        const char *path;
        bool removes;
    } steps[] = {{"numbers[10]", false},  {"numbers[0]", true},
                 {"counts{\"a\"}", true}, {"far", true},
                 {"far", false},          {"names{7}[3]", false},
                 {"points[0]", true},     {"places{-9007199254740993}", true}};
    thrift_buffer now = THRIFT_BUFFER_INIT;
    thrift_record *record;

    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        thrift_buffer next = THRIFT_BUFFER_INIT;
        thrift_bytes input = i == 0 ? bytes : (thrift_bytes){now.data, now.size};
        thrift_error err = THRIFT_ERROR_INIT;
        bool is_text = steps[i].path[0] == 'f' || steps[i].path[1] == 'a';
        thrift_value value = steps[i].removes ? thrift_value_none(NULL)
                             : is_text        ? text("new")
                                              : number(77);

        ck_assert_msg(thrift_patch(schema, "Every", protocol, input, steps[i].path, value, &next,
                                   &err) == THRIFT_OK,
                      "%s: %s", steps[i].path, err.message);
        thrift_buffer_deinit(&now);
        now = next;
    }
    record =
        thrift_decode(schema, "Every", protocol, (thrift_bytes){now.data, now.size}, NULL, NULL);
    ck_assert_ptr_nonnull(record);
    ck_assert_uint_eq(thrift_list_count(thrift_get_list(record, "numbers")), 10);
    ck_assert_int_eq(thrift_get_i32(record, "numbers[0]"), 1);
    ck_assert_int_eq(thrift_get_i32(record, "numbers[9]"), 77);
    ck_assert_uint_eq(thrift_map_count(thrift_get_map(record, "counts")), 0);
    ck_assert_str_eq(thrift_get_string(record, "far"), "new");
    ck_assert_str_eq(thrift_get_string(record, "names{7}[3]"), "new");
    ck_assert_uint_eq(thrift_list_count(thrift_get_list(record, "points")), 1);
    ck_assert_uint_eq(thrift_map_count(thrift_get_map(record, "places")), 0);
    thrift_record_free(record);
    thrift_buffer_deinit(&now);
    vector_free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(structs_and_containers_as_values)
{
    thrift_schema *schema = vector_schema();
    thrift_bytes bytes = full(schema, _i);
    thrift_record *source = thrift_record_new(schema, "Every", NULL), *record;
    thrift_buffer out = THRIFT_BUFFER_INIT;

    thrift_set(source, "point.x", 9.0, "numbers[0]", 4);
    thrift_list_add(thrift_open_list(source, "numbers"), 4);
    ck_assert_int_eq(thrift_patch(schema, "Every", protocols[_i].protocol, bytes, "points[0]",
                                  thrift_value_record(thrift_get_record(source, "point")), &out,
                                  NULL),
                     THRIFT_OK);
    record = thrift_decode(schema, "Every", protocols[_i].protocol,
                           (thrift_bytes){out.data, out.size}, NULL, NULL);
    ck_assert_ptr_nonnull(record);
    ck_assert(thrift_get_double(record, "points[0].x") >= 9.0);
    ck_assert(thrift_get_double(record, "points[1].y") >= 3.0);
    thrift_record_free(record);
    out.size = 0;
    ck_assert_int_eq(thrift_patch(schema, "Every", protocols[_i].protocol, bytes, "numbers",
                                  thrift_value_list(thrift_get_list(source, "numbers")), &out,
                                  NULL),
                     THRIFT_OK);
    record = thrift_decode(schema, "Every", protocols[_i].protocol,
                           (thrift_bytes){out.data, out.size}, NULL, NULL);
    ck_assert_ptr_nonnull(record);
    ck_assert_int_eq(thrift_get_i32(record, "numbers[0]"), 4);
    thrift_record_free(record);
    thrift_record_free(source);
    thrift_buffer_deinit(&out);
    vector_free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

static const struct {
    const char *path;
    bool removes;
    thrift_status status;
} refused[] = {
    {"nothing", false, THRIFT_E_NAME},        {"numbers[11]", false, THRIFT_E_NAME},
    {"numbers[10]", true, THRIFT_E_NAME},     {"counts{\"z\"}", true, THRIFT_E_NAME},
    {"choice.point.x", false, THRIFT_E_NAME}, {"medium.x", false, THRIFT_E_NAME},
    {"text", false, THRIFT_E_TYPE},           {"tiny", false, THRIFT_E_RANGE},
    {"names{x}", true, THRIFT_E_TYPE},        {"", false, THRIFT_E_NAME},
};

START_TEST(refuses)
{
    thrift_schema *schema = vector_schema();

    for (size_t p = 0; p < COUNT_OF(protocols); p++) {
        thrift_bytes bytes = full(schema, (int)p);
        thrift_buffer out = THRIFT_BUFFER_INIT;
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_status status =
            thrift_patch(schema, "Every", protocols[p].protocol, bytes, refused[_i].path,
                         refused[_i].removes ? thrift_value_none(NULL) : number(1000), &out, &err);

        ck_assert_msg(status == refused[_i].status && err.code == status, "%s: %s",
                      refused[_i].path, err.message);
        ck_assert_uint_eq(out.size, 0);
        thrift_buffer_deinit(&out);
        vector_free(bytes);
    }
    thrift_schema_unref(schema);
}
END_TEST

/* ---- where it went wrong ---- */

static const char wrong_definition[] =
    "struct In { 1: required i32 a, 2: optional string b }\n"
    "struct Out { 1: i32 a, 2: string b, 3: list<i32> list, 4: map<string, i32> counts, 5: In in,\n"
    "  6: list<In> ins, 7: map<i32, list<string>> lists, 8: bool c, 9: binary raw }\n";

#define INPUT(literal) literal, sizeof(literal) - 1
enum put { NUMBER, REMOVED, TEXT, NO_TEXT };

static const struct {
    thrift_protocol protocol;
    const char *input;
    size_t size;
    const char *path;
    enum put put;
    thrift_status status;
    const char *source, *message;
    uint64_t offset; /* also in the message, when the bytes are wrong */
} wrong[] = {
    {THRIFT_BINARY, INPUT("\0"), "x", NUMBER, THRIFT_E_NAME, "x", "no field \"x\"", 0},
    {THRIFT_BINARY, INPUT("\0"), "in.x.y", NUMBER, THRIFT_E_NAME, "in",
     "not there, so that nothing in it can be changed", 0},
    {THRIFT_BINARY, INPUT("\0"), "a.b", NUMBER, THRIFT_E_NAME, "a",
     "not there, so that nothing in it can be changed", 0},
    {THRIFT_BINARY, INPUT("\0"), "a[0]", NUMBER, THRIFT_E_NAME, "a",
     "not there, so that nothing in it can be changed", 0},
    {THRIFT_BINARY, INPUT("\0"), "in{k}.b", NUMBER, THRIFT_E_NAME, "in",
     "not there, so that nothing in it can be changed", 0},
    {THRIFT_BINARY, INPUT("\0"), "a.", NUMBER, THRIFT_E_NAME, "a.", "not a path", 0},
    {THRIFT_BINARY, INPUT("\0"), "a[", NUMBER, THRIFT_E_NAME, "a[", "not a path", 0},
    {THRIFT_BINARY, INPUT("\0"), "", NUMBER, THRIFT_E_NAME, "", "not a path", 0},
    {THRIFT_BINARY, INPUT("\0"), "lists{x}[0]", NUMBER, THRIFT_E_NAME, "lists",
     "not there, so that nothing in it can be changed", 0},
    {THRIFT_BINARY, INPUT("\x0d\0\x07\x08\x0f\0\0\0\0\0"), "lists{x}", REMOVED, THRIFT_E_TYPE,
     "lists{x}", "no key of map<i32, list<string>>", 0},
    {THRIFT_BINARY, INPUT("\0"), "in.a", NUMBER, THRIFT_E_NAME, "in",
     "not there, so that nothing in it can be changed", 0},
    {THRIFT_BINARY, INPUT("\x0f\0\6\x0c\0\0\0\1\0\0"), "ins[3].a", NUMBER, THRIFT_E_NAME, "ins[3]",
     "not there, so that nothing in it can be changed", 0},
    {THRIFT_BINARY, INPUT("\x0f\0\3\x08\0\0\0\0\0"), "list[1]", NUMBER, THRIFT_E_NAME, "list[1]",
     "the path leads to nothing that could be changed", 0},
    {THRIFT_BINARY, INPUT("\x0d\0\4\x0b\x08\0\0\0\0\0"), "counts{k}", REMOVED, THRIFT_E_NAME,
     "counts{k}", "the path leads to nothing that could be changed", 0},
    {THRIFT_BINARY, INPUT("\0"), "a", TEXT, THRIFT_E_TYPE, "a", "the value does not fit i32", 0},
    {THRIFT_BINARY, INPUT("\0"), "in.b", NUMBER, THRIFT_E_NAME, "in",
     "not there, so that nothing in it can be changed", 0},
    {THRIFT_BINARY, INPUT("\x0c\0\5\0\0"), "in.b", NUMBER, THRIFT_E_TYPE, "in.b",
     "the value does not fit string", 0},
    {THRIFT_BINARY, INPUT("\x0c\0\5\0\0"), "in.x", NUMBER, THRIFT_E_NAME, "in.x", "no field \"x\"",
     0},
    {THRIFT_BINARY, INPUT("\x0c\0\5\0\0"), "in[0].x", NUMBER, THRIFT_E_NAME, "in[0]",
     "[0] of what is no list", 0},
    {THRIFT_COMPACT, INPUT("\x15\2\0"), "a{k}", NUMBER, THRIFT_E_NAME, "a{k}",
     "the path leads to nothing that could be changed", 0},
    {THRIFT_PLAIN_JSON, INPUT("{\"a\":1}"), "a.b", NUMBER, THRIFT_E_NAME, "a.b", "no field \"b\"",
     0},
    {THRIFT_TJSON, INPUT("{\"7\":{\"map\":[\"i32\",\"lst\",0,{}]}}"), "lists{x}[0]", TEXT,
     THRIFT_E_TYPE, "lists{x}", "\"x\" is no key of map<i32, list<string>>", 0},
    {THRIFT_BINARY, INPUT(""), "a", NUMBER, THRIFT_E_TRUNCATED, "", "the input ends too early", 0},
    {THRIFT_BINARY, INPUT("\x08\0\1\0\0"), "b", TEXT, THRIFT_E_TRUNCATED, "a",
     "the input ends too early", 5},
    {THRIFT_BINARY, INPUT("\x08\0\1\0\0"), "in.a", NUMBER, THRIFT_E_TRUNCATED, "a",
     "the input ends too early", 5},
    {THRIFT_BINARY, INPUT("\x08\0\1\0\0\0\0\x0b\0\x63\0\0"), "b", TEXT, THRIFT_E_TRUNCATED, "",
     "the input ends too early", 10},
    {THRIFT_BINARY, INPUT("\x10\0\1"), "b", TEXT, THRIFT_E_TRUNCATED, "a",
     "the input ends too early", 3},
    {THRIFT_BINARY, INPUT("\x0c\0\5\x0b\0\2\xff\xff\xff\xff"), "in.a", NUMBER, THRIFT_E_CORRUPT,
     "in.b", "a size is negative", 6},
    {THRIFT_BINARY, INPUT("\x0c\0\5\x08\0\1"), "in.a", NUMBER, THRIFT_E_TRUNCATED, "in.a",
     "the input ends too early", 6},
    {THRIFT_BINARY, INPUT("\x0f\0\3\x08\0\0\0\2\0\0\0\1\0\0"), "list[0]", NUMBER,
     THRIFT_E_TRUNCATED, "list", "the input ends too early", 8},
    {THRIFT_BINARY, INPUT("\x0f\0\3\x08\0\0\0\5\0\0\0\1\0\0\0\2\0\0"), "list[1]", NUMBER,
     THRIFT_E_TRUNCATED, "list", "the input ends too early", 8},
    {THRIFT_BINARY, INPUT("\x0f\0\6\x0c\0\0\0\3\0\x08\0\1\0\0"), "ins[2].a", NUMBER,
     THRIFT_E_TRUNCATED, "ins[1]", "the input ends too early", 14},
    {THRIFT_BINARY, INPUT("\x0f\0\6\x0c\0\0\0\2\0\x08\0\1\0\0"), "ins[1].a", NUMBER,
     THRIFT_E_TRUNCATED, "ins[1].a", "the input ends too early", 14},
    {THRIFT_BINARY, INPUT("\x0f\0\3\x08\xff\xff\xff\xff"), "list[0]", NUMBER, THRIFT_E_CORRUPT,
     "list", "a size is negative", 3},
    {THRIFT_BINARY, INPUT("\x0d\0\4\x0b\x08\0\0\0\2\0\0\0\1x\0\0\0\1\0\0\0\1y\0"), "counts{y}",
     NUMBER, THRIFT_E_TRUNCATED, "counts", "the input ends too early", 9},
    {THRIFT_BINARY, INPUT("\x0d\0\7\x08\x0f\0\0\0\2\0\0\0\1\x0b\0\0\0\0\0\0\0\2\x0b\0\0\0\1\0\0"),
     "lists{3}[0]", TEXT, THRIFT_E_TRUNCATED, "lists{#1}", "the input ends too early", 27},
    {THRIFT_BINARY, INPUT("\x0d\0\7\x08\x0f\0\0\0\1\0\0\0\1\x0b\0\0\0\1\0\0"), "lists{1}[0]", TEXT,
     THRIFT_E_TRUNCATED, "lists{1}", "the input ends too early", 18},
    {THRIFT_COMPACT, INPUT("\0"), "in.a", NUMBER, THRIFT_E_NAME, "in",
     "not there, so that nothing in it can be changed", 0},
    {THRIFT_COMPACT, INPUT("\x15"), "b", TEXT, THRIFT_E_TRUNCATED, "a", "the input ends too early",
     1},
    {THRIFT_COMPACT, INPUT("\x18\x09"), "b", TEXT, THRIFT_E_TRUNCATED, "a",
     "the input ends too early", 2},
    {THRIFT_COMPACT, INPUT("\x5c\x15\xff\xff\xff\xff\xff\xff"), "in.b", TEXT, THRIFT_E_CORRUPT,
     "in.a", "the bytes are not a value of the protocol", 2},
    {THRIFT_COMPACT, INPUT("\x39\x25\x02"), "list[0]", NUMBER, THRIFT_E_TRUNCATED, "list",
     "the input ends too early", 2},
    {THRIFT_COMPACT, INPUT("\x81\x1f"), "a", NUMBER, THRIFT_E_CORRUPT, "", "no such type code", 1},
    {THRIFT_TJSON, INPUT("{}"), "in.a", NUMBER, THRIFT_E_NAME, "in",
     "not there, so that nothing in it can be changed", 0},
    {THRIFT_TJSON, INPUT("{\"1\":{\"i32\":x}}"), "b", TEXT, THRIFT_E_CORRUPT, "a",
     "the bytes are not a value of the protocol", 12},
    {THRIFT_TJSON, INPUT("{\"5\":{\"rec\":[]}}"), "in.a", NUMBER, THRIFT_E_CORRUPT, "in",
     "expected In, found \"[]}}\"", 12},
    {THRIFT_TJSON, INPUT("{\"5\":{\"rec\":{\"2\":{\"str\":1}}}}"), "in.a", NUMBER, THRIFT_E_CORRUPT,
     "in.b", "the bytes are not a value of the protocol", 24},
    {THRIFT_TJSON, INPUT("{\"3\":{\"lst\":[\"i32\",2,1,]}}"), "list[0]", NUMBER, THRIFT_E_CORRUPT,
     "list[1]", "the bytes are not a value of the protocol", 23},
    {THRIFT_TJSON, INPUT("{\"4\":{\"map\":[\"str\",\"i32\",1,{\"a\":x}]}}"), "counts{b}", NUMBER,
     THRIFT_E_CORRUPT, "counts{#0}", "the bytes are not a value of the protocol", 32},
    {THRIFT_TJSON, INPUT("{\"99\":{\"i32\":x}}"), "a", NUMBER, THRIFT_E_CORRUPT, "",
     "the bytes are not a value of the protocol", 13},
    {THRIFT_PLAIN_JSON, INPUT("{}"), "in.a", NUMBER, THRIFT_E_NAME, "in",
     "not there, so that nothing in it can be changed", 0},
    {THRIFT_PLAIN_JSON, INPUT("{\"in\":{\"b\":\"x}"), "in.a", NUMBER, THRIFT_E_TRUNCATED, "in.b",
     "the input ends too early", 14},
    {THRIFT_PLAIN_JSON, INPUT("{\"in\":1}"), "in.a", NUMBER, THRIFT_E_TYPE, "in",
     "expected In, found \"1}\"", 6},
    {THRIFT_PLAIN_JSON, INPUT("{\"list\":{}}"), "list[0]", NUMBER, THRIFT_E_TYPE, "list",
     "expected list<i32>, found \"{}}\"", 8},
    {THRIFT_PLAIN_JSON, INPUT("{\"list\":[1,]}"), "list[0]", NUMBER, THRIFT_E_CORRUPT, "list[1]",
     "the bytes are not a value of the protocol", 11},
    {THRIFT_PLAIN_JSON, INPUT("{\"list\":[1 2]}"), "list[0]", NUMBER, THRIFT_E_CORRUPT, "list",
     "the bytes are not a value of the protocol", 11},
    {THRIFT_PLAIN_JSON, INPUT("{\"a\":+1}"), "a", NUMBER, THRIFT_E_CORRUPT, "a",
     "the bytes are not a value of the protocol", 5},
    {THRIFT_PLAIN_JSON, INPUT("{\"a\":1,\"zzz\":+1}"), "b", TEXT, THRIFT_E_CORRUPT, "",
     "the bytes are not a value of the protocol", 13},
    {THRIFT_PLAIN_JSON, INPUT("{\"a\":1,"), "b", TEXT, THRIFT_E_TRUNCATED, "",
     "the input ends too early", 7},
    {THRIFT_PLAIN_JSON, INPUT("{\"lists\":{\"1\":[],\"2\":x}}"), "lists{3}[0]", TEXT,
     THRIFT_E_CORRUPT, "lists{#1}", "the bytes are not a value of the protocol", 21},
    {THRIFT_PLAIN_JSON, INPUT("{\"lists\":{\"x\":[]}}"), "lists{1}", REMOVED, THRIFT_E_TYPE,
     "lists{#0}", "expected i32, found \"\\\"x\\\":[]}}\"", 10},
    {THRIFT_PLAIN_JSON, INPUT("{\"ins\":[{},{\"b\":x}]}"), "ins[1].a", NUMBER, THRIFT_E_CORRUPT,
     "ins[1].b", "the bytes are not a value of the protocol", 16},
    {THRIFT_PLAIN_JSON, INPUT("{\"ins\":[{\"b\":x}]}"), "ins[1].a", NUMBER, THRIFT_E_CORRUPT,
     "ins[0]", "the bytes are not a value of the protocol", 13},
    {THRIFT_PLAIN_JSON, INPUT("[]"), "a", NUMBER, THRIFT_E_CORRUPT, "",
     "the bytes are not a value of the protocol", 0},
    {THRIFT_PLAIN_JSON, INPUT("{}"), "b", NO_TEXT, THRIFT_E_CORRUPT, "b", "a string is not UTF-8",
     0},
    {THRIFT_PLAIN_JSON, INPUT("{}"), "a", TEXT, THRIFT_E_TYPE, "a", "the value does not fit i32",
     0},
};

static thrift_value value_to_put(enum put put)
{
    switch (put) {
    case NUMBER:
        return number(7);
    case REMOVED:
        return thrift_value_none(NULL);
    case TEXT:
        return text("x");
    case NO_TEXT:
    default:
        return text("\xff");
    }
}

START_TEST(says_where)
{
    thrift_schema *schema = schema_of(wrong_definition);
    thrift_bytes input = {(const uint8_t *)wrong[_i].input, wrong[_i].size};
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_status status = thrift_patch(schema, "Out", wrong[_i].protocol, input, wrong[_i].path,
                                        value_to_put(wrong[_i].put), &out, &err);

    ck_assert_msg(status == wrong[_i].status, "%s: %s: %s", wrong[_i].path, err.source,
                  err.message);
    ck_assert_str_eq(err.source, wrong[_i].source);
    ck_assert_msg(strncmp(err.message, wrong[_i].message, strlen(wrong[_i].message)) == 0, "%s",
                  err.message);
    ck_assert_uint_eq(err.offset, wrong[_i].offset);
    ck_assert_int_eq(thrift_patch(schema, "Out", wrong[_i].protocol, input, wrong[_i].path,
                                  value_to_put(wrong[_i].put), &out, NULL),
                     status);
    thrift_buffer_deinit(&out);
    thrift_schema_unref(schema);
}
END_TEST

/* The path goes on inside of the value. */
START_TEST(says_where_in_the_value)
{
    static const char *const inputs[] = {"\x0f\0\6\x0c\0\0\0\0", "\x69\x0c",
                                         "{\"6\":{\"lst\":[\"rec\",0]}}", "{\"ins\":[]}"};
    static const size_t sizes[] = {9, 3, 24, 10};
    thrift_schema *schema = schema_of(wrong_definition);
    thrift_record *record = thrift_record_new(schema, "Out", NULL);
    thrift_value values[3];
    static const char *const places[][2] = {
        {"in", "in.a"}, {"ins[0]", "ins[0].a"}, {"ins", "ins[0].a"}};

    thrift_set(record, "in.b", "x");
    thrift_set(thrift_list_add_record(thrift_open_list(record, "ins")), "b", "x");
    values[0] = values[1] = thrift_value_record(thrift_get_record(record, "in"));
    values[2] = thrift_value_list(thrift_get_list(record, "ins"));
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        thrift_buffer out = THRIFT_BUFFER_INIT;
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_bytes input = {(const uint8_t *)inputs[_i], sizes[_i]};

        ck_assert_int_eq(thrift_patch(schema, "Out", protocols[_i].protocol, input, places[i][0],
                                      values[i], &out, &err),
                         THRIFT_E_REQUIRED);
        ck_assert_str_eq(err.source, places[i][1]);
        ck_assert_uint_eq(err.offset, 0);
        thrift_buffer_deinit(&out);
    }
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

/* A path that is longer than the room for it keeps its end. */
START_TEST(says_where_at_length)
{
    thrift_schema *schema = schema_of(wrong_definition);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    char path[2 * THRIFT_ERROR_SOURCE_SIZE];
    size_t size = (size_t)snprintf(path, sizeof path, "counts{\"");

    memset(path + size, 'k', sizeof path - size);
    (void)snprintf(path + sizeof path - 8, 8, "end\"}");
    ck_assert_int_eq(thrift_patch(schema, "Out", THRIFT_BINARY, (thrift_bytes){NULL, 0}, path,
                                  number(1), &out, &err),
                     THRIFT_E_TRUNCATED);
    ck_assert_str_eq(err.source, "");
    ck_assert_int_eq(thrift_patch(schema, "Out", THRIFT_BINARY,
                                  (thrift_bytes){(const uint8_t *)"\x0d\0\4\x0b\x08\0\0\0\0", 10},
                                  path, text("x"), &out, &err),
                     THRIFT_E_TYPE);
    ck_assert_uint_eq(strlen(err.source), THRIFT_ERROR_SOURCE_SIZE - 1);
    ck_assert_str_eq(err.source + strlen(err.source) - 7, "kkend\"}");
    ck_assert_int_eq(strncmp(err.source, "...k", 4), 0);
    thrift_buffer_deinit(&out);
    thrift_schema_unref(schema);
}
END_TEST

/* In front of the place and behind it: an error, or bytes. */
START_TEST(every_bit_may_flip)
{
    static const char *const paths[] = {"medium", "points[1].x", "answers{true}"};
    thrift_schema *schema = vector_schema();
    thrift_bytes bytes = full(schema, _i);
    thrift_buffer out = THRIFT_BUFFER_INIT;

    for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
        uint8_t *at = (uint8_t *)(uintptr_t)&bytes.data[bit / 8];
        thrift_error err = THRIFT_ERROR_INIT;

        *at = (uint8_t)(*at ^ 1u << bit % 8);
        for (size_t i = 0; i < COUNT_OF(paths); i++) {
            out.size = 0;
            ck_assert((thrift_patch(schema, "Every", protocols[_i].protocol, bytes, paths[i],
                                    number(1), &out, &err) == THRIFT_OK) == (out.size > 0));
        }
        *at = (uint8_t)(*at ^ 1u << bit % 8);
    }
    thrift_buffer_deinit(&out);
    vector_free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(damage_is_an_error)
{
    thrift_schema *schema = vector_schema();
    thrift_bytes bytes = full(schema, _i);
    thrift_buffer out = THRIFT_BUFFER_INIT;

    for (size_t size = 0; size + 20 < bytes.size; size++) {
        uint8_t *exact = malloc(size > 0 ? size : 1);

        ck_assert_ptr_nonnull(exact);
        memcpy(exact, bytes.data, size);
        ck_assert_int_eq(thrift_patch(schema, "Every", protocols[_i].protocol,
                                      (thrift_bytes){exact, size}, "medium", number(1), &out, NULL),
                         THRIFT_E_TRUNCATED);
        ck_assert_uint_eq(out.size, 0);
        free(exact);
    }
    thrift_buffer_deinit(&out);
    vector_free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    thrift_schema *plain = vector_schema();
    thrift_bytes bytes = full(plain, _i);

    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_schema *schema = thrift_load_with(
            VECTORS "/vectors.thrift", THRIFT_LOAD_OPTIONS(.allocator = &allocator), NULL);
        thrift_buffer out = THRIFT_BUFFER_INIT;
        size_t base = memory.count, count;
        thrift_status status;

        out.allocator = allocator;
        memory.fail_at = base + k;
        status = thrift_patch(schema, "Every", protocols[_i].protocol, bytes, "names{7}[1]",
                              text("value"), &out, NULL);
        ck_assert(status == THRIFT_OK || status == THRIFT_E_NOMEM);
        ck_assert(status == THRIFT_OK || out.size == 0);
        count = memory.count;
        thrift_buffer_deinit(&out);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (count < base + k) {
            break;
        }
    }
    vector_free(bytes);
    thrift_schema_unref(plain);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, replaced, 0, 4);
    tcase_add_loop_test(tests, inserted, 0, 4);
    tcase_add_loop_test(tests, removed, 0, 4);
    tcase_add_loop_test(tests, items_and_absent_fields, 0, 4);
    tcase_add_loop_test(tests, structs_and_containers_as_values, 0, 4);
    tcase_add_loop_test(tests, refuses, 0, COUNT_OF(refused));
    tcase_add_loop_test(tests, says_where, 0, COUNT_OF(wrong));
    tcase_add_loop_test(tests, says_where_in_the_value, 0, COUNT_OF(protocols));
    tcase_add_test(tests, says_where_at_length);
    tcase_add_loop_test(tests, damage_is_an_error, 0, 4);
    tcase_add_loop_test(tests, every_bit_may_flip, 0, 4);
    tcase_add_loop_test(tests, every_allocation_may_fail, 0, 4);
}

SUITE_MAIN("codec/patch")
