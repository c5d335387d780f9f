/*
 * Peek: each kind of value by its path, in Apache's bytes; what is not there; what is no path.
 *
 * Covers also: locate.c.
 */
#include "fixture.h"

#include "base/buffer.h"

static const struct {
    const char *name;
    thrift_protocol protocol;
} protocols[] = {{"Every-full.binary", THRIFT_BINARY}, {"Every-full.compact", THRIFT_COMPACT}};

static thrift_status peek(int i, const char *path, thrift_value *out, thrift_bytes *bytes)
{
    thrift_schema *schema = vector_schema();
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_status status;

    *bytes = vector_of(protocols[i].name);
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
    thrift_bytes bytes = vector_of(protocols[_i].name);
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

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, numbers, 0, 2);
    tcase_add_loop_test(tests, strings_doubles_and_parts, 0, 2);
    tcase_add_loop_test(tests, not_there, 0, 2);
    tcase_add_loop_test(tests, damage, 0, 2);
}

SUITE_MAIN("codec/peek")
