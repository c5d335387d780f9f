/*
 * Peek: each kind of value by its path, in Apache's bytes; what is not there; what is no path.
 *
 * Covers also: locate.c, locate_json.c.
 */
#include "allocator.h"
#include "base/buffer.h"
#include "fixture.h"

static const struct {
    thrift_protocol protocol;
} protocols[] = {{THRIFT_BINARY}, {THRIFT_COMPACT}, {THRIFT_TJSON}, {THRIFT_PLAIN_JSON}};

static thrift_bytes full(const thrift_schema *schema, int i)
{
    return vector_in(schema, "Every", "Every-full", protocols[i].protocol);
}

static thrift_status peek(int i, const char *path, thrift_value *out, thrift_bytes *bytes)
{
    thrift_schema *schema = vector_schema();
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_status status;

    *bytes = full(schema, i);
    status = thrift_peek(schema, "Every", protocols[i].protocol, *bytes, path, out, &err);
    ck_assert_int_eq(err.code, status);
    thrift_schema_unref(schema);
    return status;
}

static const struct {
    const char *path;
    int64_t integer;
} integers[] = {
    {"yes", 1},           {"tiny", -128},       {"small", -32768},        {"medium", INT32_MIN},
    {"large", INT64_MIN}, {"color", 3},         {"numbers[0]", 0},        {"numbers[9]", INT32_MAX},
    {"counts{\"a\"}", 1}, {"table[0][1]", -2},  {"table[2][0]", 300},     {"flags[1]", 0},
    {"flags[2]", 1},      {"choice.number", 5}, {"answers{true}", 1},     {"no", 0},
    {"farther", -7},      {"negative", 11},     {"larges[0]", INT64_MAX},
};

START_TEST(numbers)
{
    for (size_t i = 0; i < COUNT_OF(integers); i++) {
        thrift_value value = {THRIFT_KIND_NONE, 0, NULL, {false}};
        thrift_bytes bytes;

        ck_assert_int_eq(peek(_i, integers[i].path, &value, &bytes), THRIFT_OK);
        ck_assert_msg(value.kind == THRIFT_KIND_BOOL
                          ? value.as.boolean == (integers[i].integer != 0)
                          : value.as.integer == integers[i].integer,
                      "%s", integers[i].path);
        ck_assert_int_ne(value.kind, THRIFT_KIND_NONE);
        vector_free(bytes);
    }
}
END_TEST

START_TEST(strings_doubles_and_parts)
{
    thrift_value value;
    thrift_bytes bytes, part;
    double want = 0.5;

    ck_assert_int_eq(peek(_i, "names{7}[2]", &value, &bytes), THRIFT_OK);
    ck_assert_uint_eq(thrift_as_bytes(value).size, 2);
    ck_assert_mem_eq(thrift_as_bytes(value).data, "yy", 2);
    ck_assert(value.as.bytes.data > bytes.data && value.as.bytes.data < bytes.data + bytes.size);
    vector_free(bytes);
    ck_assert_int_eq(peek(_i, "places{-9007199254740993}.y", &value, &bytes), THRIFT_OK);
    ck_assert_mem_eq(&value.as.real, &want, sizeof want);
    vector_free(bytes);
    ck_assert_int_eq(peek(_i, "points[1]", &value, &bytes), THRIFT_OK);
    ck_assert_int_eq(value.kind, THRIFT_KIND_BINARY);
    part = thrift_as_bytes(value);

    thrift_schema *schema = vector_schema();
    thrift_record *point = thrift_decode(schema, "Point", protocols[_i].protocol, part, NULL, NULL);

    ck_assert_ptr_nonnull(point);
    want = 3.0;
    ck_assert(thrift_get_double(point, "y") >= want && thrift_get_double(point, "y") <= want);
    thrift_record_free(point);
    thrift_schema_unref(schema);
    vector_free(bytes);
}
END_TEST

static const struct {
    const char *path;
    thrift_status status; /* OK: not there */
} absent[] = {
    {"numbers[10]", THRIFT_OK},    {"counts{\"b\"}", THRIFT_OK},  {"choice.text", THRIFT_OK},
    {"choice.point.x", THRIFT_OK}, {"names{8}", THRIFT_OK},       {"nothing", THRIFT_E_NAME},
    {"point.z", THRIFT_E_NAME},    {"tiny.x", THRIFT_E_NAME},     {"numbers.x", THRIFT_E_NAME},
    {"point[0]", THRIFT_E_NAME},   {"numbers{1}", THRIFT_E_NAME}, {"names{x}", THRIFT_E_TYPE},
    {"", THRIFT_E_NAME},           {"numbers[", THRIFT_E_NAME},
};

START_TEST(not_there)
{
    for (size_t i = 0; i < COUNT_OF(absent); i++) {
        thrift_value value = {THRIFT_KIND_I64, 0, NULL, {false}};
        thrift_bytes bytes;

        ck_assert_msg(peek(_i, absent[i].path, &value, &bytes) == absent[i].status, "%s",
                      absent[i].path);
        ck_assert_int_eq(value.kind,
                         absent[i].status == THRIFT_OK ? THRIFT_KIND_NONE : THRIFT_KIND_I64);
        vector_free(bytes);
    }
}
END_TEST

/* Whatever is cut off or flipped: an error or a value, and no byte read outside. */
START_TEST(damage)
{
    thrift_schema *schema = vector_schema();
    thrift_bytes bytes = full(schema, _i);
    uint8_t *flipped = malloc(bytes.size);
    thrift_value value;

    ck_assert_ptr_nonnull(flipped);
    for (size_t size = 0; size < bytes.size; size++) {
        uint8_t *exact = malloc(size > 0 ? size : 1);

        ck_assert_ptr_nonnull(exact);
        memcpy(exact, bytes.data, size);
        (void)thrift_peek(schema, "Every", protocols[_i].protocol, (thrift_bytes){exact, size},
                          "answers{true}", &value, NULL);
        free(exact);
    }
    memcpy(flipped, bytes.data, bytes.size);
    for (size_t bit = 0; bit < 8 * bytes.size; bit++) {
        flipped[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        (void)thrift_peek(schema, "Every", protocols[_i].protocol,
                          (thrift_bytes){flipped, bytes.size}, "places{1}.x", &value, NULL);
        flipped[bit / 8] ^= (uint8_t)(1u << (bit % 8));
    }
    free(flipped);
    vector_free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

/* Strings that are no views, in every protocol as C strings. */
START_TEST(copies)
{
    static const struct {
        const char *path, *text;
    } strings[] = {{"names{7}[2]", "yy"}, {"color", "BLUE"}, {"words[0]", NULL}, {"raw", NULL}};
    thrift_schema *schema = vector_schema();
    thrift_bytes bytes = full(schema, _i);
    thrift_buffer memory = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record =
        thrift_decode(schema, "Every", protocols[_i].protocol, bytes, NULL, &err);

    ck_assert_ptr_nonnull(record);
    for (size_t i = 0; i < COUNT_OF(strings); i++) {
        thrift_value value;
        thrift_bytes want;

        ck_assert_msg(thrift_peek_copy(schema, "Every", protocols[_i].protocol, bytes,
                                       strings[i].path, &memory, &value, &err) == THRIFT_OK,
                      "%s: %s", strings[i].path, err.message);
        if (strings[i].text != NULL) {
            ck_assert_str_eq(thrift_as_string(value), strings[i].text);
            continue;
        }
        want = thrift_get_bytes(record, strings[i].path);
        ck_assert_uint_eq(thrift_as_bytes(value).size, want.size);
        ck_assert_mem_eq(thrift_as_bytes(value).data, want.data, want.size);
        ck_assert_int_eq(thrift_as_string(value)[want.size], '\0');
    }
    thrift_record_free(record);
    thrift_buffer_deinit(&memory);
    vector_free(bytes);
    thrift_schema_unref(schema);
}
END_TEST

static const char definition[] =
    "struct In { 1: string text, 2: i32 number }\n"
    "struct Out { 1: string text, 2: binary raw, 3: map<string, In> named, 4: list<In> ins,\n"
    "             5: map<In, i32> by_in, 6: uuid id, 7: i32 last }";

/* What JSON can do and binary cannot; everything before the place is odd, what is behind wrong. */
static const struct {
    const char *text, *path;
    thrift_status status;
    const char *want; /* text, or the number; NULL: not there; of an error its path */
} texts[] = {
    {"{ \"x\" : [ {} ] , \"text\" : \"a\\u0041\", wrong", "text", THRIFT_OK, "aA"},
    {"{\"te\\u0078t\":\"a\", wrong", "text", THRIFT_OK, "a"},
    {"{\"raw\":\"YWJj\"}", "raw", THRIFT_OK, "abc"},
    {"{\"raw\":\"\"}", "raw", THRIFT_OK, ""},
    {"{\"text\":null,\"text\":\"b\",\"text\":\"c\"", "text", THRIFT_OK, "b"},
    {"{\"text\":null}", "text", THRIFT_OK, NULL},
    {"{\"named\":{\"a\\nb\":{\"text\":\"no\"},\"b\":{\"text\":\"yes\"", "named{b}.text", THRIFT_OK,
     "yes"},
    {"{\"named\":{\"a\\nb\":{\"text\":\"yes\"", "named{\"a\\nb\"}.text", THRIFT_OK, "yes"},
    {"{\"ins\":[{\"number\":1},{\"text\":\"t\",\"number\":22},", "ins[1].number", THRIFT_OK, "22"},
    {"{\"ins\":[]}", "ins[0].text", THRIFT_OK, NULL},
    {"{\"ins\":[{}]}", "ins[1]", THRIFT_OK, NULL},
    {"{\"ins\":[ {\"number\" : 1} ,2", "ins[0]", THRIFT_OK, "{\"number\" : 1}"},
    {"{}", "ins[0].text", THRIFT_OK, NULL},
    {"{\"by_in\":[{\"key\":{},\"value\":1}],\"last\":9,", "last", THRIFT_OK, "9"},
    {"{\"by_in\":[]}", "by_in{1}", THRIFT_E_TYPE, "by_in{1}"},
    {"{\"last\":\"12\"", "last", THRIFT_OK, "12"},
    {"{\"last\":true", "last", THRIFT_E_TYPE, "last"},
    {"{\"last\":2147483648", "last", THRIFT_E_RANGE, "last"},
    {"{\"last\":12", "last", THRIFT_E_TRUNCATED, "last"},
    {"{\"text\":\"\\ud800\"", "text", THRIFT_E_CORRUPT, "text"},
    {"{\"x\":[1,],\"last\":1}", "last", THRIFT_E_CORRUPT, ""},
    {"{\"ins\":[{},{\"text\":1}],\"last\":1}", "ins[1].number", THRIFT_OK, NULL},
    {"{\"ins\":[{},{\"text\":x}],\"last\":1}", "ins[1].number", THRIFT_E_CORRUPT, "ins[1].text"},
    {"{\"ins\":[{\"text\":x}],\"last\":1}", "last", THRIFT_E_CORRUPT, "ins"},
    {"{\"named\":{\"a\":x}}", "named{b}.text", THRIFT_E_CORRUPT, "named{#0}"},
    {"{\"ins\":[1]}", "ins[0].last", THRIFT_E_NAME, "ins[0].last"},
    {"[]", "last", THRIFT_E_CORRUPT, ""},
    {"", "last", THRIFT_E_TRUNCATED, ""},
};

START_TEST(text)
{
    thrift_schema *schema = schema_of(definition);
    size_t size = strlen(texts[_i].text);
    uint8_t *block = malloc(size + 1);
    thrift_buffer memory = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_value value = {THRIFT_KIND_NONE, 0, NULL, {false}};
    char number[24];

    ck_assert_ptr_nonnull(block);
    memcpy(block + 1, texts[_i].text, size);
    ck_assert_msg(thrift_peek_copy(schema, "Out", THRIFT_PLAIN_JSON,
                                   (thrift_bytes){block + 1, size}, texts[_i].path, &memory, &value,
                                   &err) == texts[_i].status,
                  "%s: %s", texts[_i].text, err.message);
    ck_assert_int_eq(err.code, texts[_i].status);
    if (err.code != THRIFT_OK) {
        ck_assert_str_eq(err.source, texts[_i].want);
    } else if (texts[_i].want == NULL) {
        ck_assert_int_eq(value.kind, THRIFT_KIND_NONE);
    } else if (value.kind == THRIFT_KIND_I32) {
        (void)snprintf(number, sizeof number, "%d", (int)value.as.integer);
        ck_assert_str_eq(number, texts[_i].want);
    } else {
        ck_assert_str_eq(thrift_as_string(value), texts[_i].want);
    }
    thrift_buffer_deinit(&memory);
    free(block);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(what_is_no_view_needs_memory)
{
    static const char escaped[] = "{\"text\": \"a\\tb\", \"raw\": \"YQ==\", \"id\": "
                                  "\"00112233-4455-6677-8899-aabbccddeeff\"}";
    thrift_schema *schema = schema_of(definition);
    thrift_bytes input = {(const uint8_t *)escaped, sizeof escaped - 1};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_value value;

    ck_assert_int_eq(thrift_peek(schema, "Out", THRIFT_PLAIN_JSON, input, "text", &value, &err),
                     THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_peek(schema, "Out", THRIFT_PLAIN_JSON, input, "raw", &value, &err),
                     THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_peek(schema, "Out", THRIFT_PLAIN_JSON, input, "id", &value, &err),
                     THRIFT_OK);
    ck_assert_uint_eq(thrift_as_uuid(value).bytes[15], 0xff);
    ck_assert_int_eq(thrift_peek(schema, "Out", THRIFT_SIMPLE_JSON, input, "id", &value, &err),
                     THRIFT_E_ARGUMENT);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    static const char escaped[] = "{\"named\": {\"a\\tb\": {\"text\": \"c\\td\"}}}";

    for (size_t k = 1;; k++) {
        struct failing_allocator counted = {.fail_at = k};
        thrift_allocator allocator = failing_allocator_of(&counted);
        thrift_load_options load = {.struct_size = sizeof load, .allocator = &allocator};
        thrift_schema *schema = thrift_load_text("test.thrift", definition, &load, NULL);
        thrift_buffer memory = {NULL, 0, 0, allocator};
        thrift_value value;
        thrift_status status =
            thrift_peek_copy(schema, "Out", THRIFT_PLAIN_JSON,
                             (thrift_bytes){(const uint8_t *)escaped, sizeof escaped - 1},
                             "named{\"a\\tb\"}.text", &memory, &value, NULL);

        ck_assert(schema == NULL || status == THRIFT_OK || status == THRIFT_E_NOMEM);
        thrift_buffer_deinit(&memory);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(counted.live, 0);
        if (counted.count < k) {
            ck_assert_int_eq(status, THRIFT_OK);
            break;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, numbers, 0, 4);
    tcase_add_loop_test(tests, strings_doubles_and_parts, 0, 4);
    tcase_add_loop_test(tests, not_there, 0, 4);
    tcase_add_loop_test(tests, damage, 0, 4);
    tcase_add_loop_test(tests, copies, 0, 4);
    tcase_add_loop_test(tests, text, 0, COUNT_OF(texts));
    tcase_add_test(tests, what_is_no_view_needs_memory);
    tcase_add_test(tests, every_allocation_may_fail);
}

SUITE_MAIN("codec/peek")
