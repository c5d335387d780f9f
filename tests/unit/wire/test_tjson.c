/*
 * TJSON's primitives, messages, ends, application errors and skipping.
 *
 * Covers also: tjson_message.c, tjson_skip.c, transcode_from_tjson.c, transcode_to_tjson.c.
 */
#include "wire/tjson.h"

#include <math.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "suite.h"
#include "wire/message.h"
#include "wire/scan.h"
#include "wire/tjson_message.h"
#include "wire/transcode.h"

static struct cursor cursor_on(const char *text)
{
    size_t size = strlen(text);
    uint8_t *copy = malloc(size > 0 ? size : 1);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, size);
    return cursor_of((thrift_bytes){copy, size});
}

static void release(struct cursor in) { free((void *)(uintptr_t)in.begin); }

static const struct {
    const char *text;
    uint8_t type;
} types[] = {
    {"\"tf\"", WIRE_BOOL},    {"\"i8\"", WIRE_I8},      {"\"i16\"", WIRE_I16},
    {"\"i32\"", WIRE_I32},    {"\"i64\"", WIRE_I64},    {"\"dbl\"", WIRE_DOUBLE},
    {"\"str\"", WIRE_STRING}, {"\"rec\"", WIRE_STRUCT}, {"\"map\"", WIRE_MAP},
    {"\"lst\"", WIRE_LIST},   {"\"set\"", WIRE_SET},    {"\"uid\"", WIRE_UUID},
    {"\"\"", WIRE_STOP},      {"\"i\"", WIRE_STOP},     {"\"i3\"", WIRE_STOP},
    {"\"i322\"", WIRE_STOP},  {"\"tft\"", WIRE_STOP},   {"\"I32\"", WIRE_STOP},
};

START_TEST(types_have_names)
{
    struct cursor in = cursor_on(types[_i].text);
    uint8_t type = WIRE_STOP;

    ck_assert_int_eq(tjson_read_type(&in, &type),
                     types[_i].type == WIRE_STOP ? WIRE_BAD_TYPE : WIRE_OK);
    ck_assert_uint_eq(type, types[_i].type);
    if (type != WIRE_STOP) {
        ck_assert_str_eq(tjson_type_text(type), types[_i].text);
    }
    release(in);
}
END_TEST

START_TEST(no_other_type_has_a_name)
{
    for (unsigned type = 0; type < 256; type++) {
        ck_assert_int_eq(tjson_type_text((uint8_t)type) != NULL, wire_type_valid((uint8_t)type));
        ck_assert_int_eq(tjson_least[type] != 0, wire_type_valid((uint8_t)type));
    }
}
END_TEST

START_TEST(heads_are_read)
{
    struct cursor in = cursor_on("\"-7\":{\"map\":[\"i32\",\"str\",2,{");
    int16_t id = 0;
    uint8_t type = 0, key = 0, value = 0;
    uint32_t count = 0;

    ck_assert_int_eq(tjson_read_field(&in, &id, &type), WIRE_OK);
    ck_assert_int_eq(id, -7);
    ck_assert_uint_eq(type, WIRE_MAP);
    ck_assert_int_eq(tjson_read_map(&in, &key, &value, &count), WIRE_OK);
    ck_assert(key == WIRE_I32 && value == WIRE_STRING && count == 2 && in.at == in.end);
    release(in);
    in = cursor_on("[\"lst\",-1");
    ck_assert_int_eq(tjson_read_list(&in, &type, &count), WIRE_NEGATIVE_SIZE);
    release(in);
    in = cursor_on("[\"lst\",99999999999999999999");
    ck_assert_int_eq(tjson_read_list(&in, &type, &count), WIRE_NEGATIVE_SIZE);
    release(in);
}
END_TEST

static const struct {
    const char *text;
    bool key;
    enum wire_fault fault;
} doubles[] = {
    {"1.5", false, WIRE_OK},
    {"\"1.5\"", true, WIRE_OK},
    {"\"NaN\"", false, WIRE_OK},
    {"\"nan\"", true, WIRE_OK},
    {"nan", false, WIRE_OK},
    {"-inf", false, WIRE_OK},
    {"Infinity", false, WIRE_OK},
    {"1.5", true, WIRE_BAD_VALUE},
    {"\"1.5\"", false, WIRE_BAD_VALUE},
    {"\" 1\"", true, WIRE_BAD_VALUE},
    {"\"1 \"", true, WIRE_BAD_VALUE},
    {"naan,", false, WIRE_BAD_VALUE},
    {"-", false, WIRE_TRUNCATED},
    {"", false, WIRE_TRUNCATED},
    {"in", false, WIRE_TRUNCATED},
};

START_TEST(doubles_are_read)
{
    struct cursor in = cursor_on(doubles[_i].text);
    double x = 0;

    ck_assert_msg(tjson_read_double(&in, doubles[_i].key, &x) == doubles[_i].fault, "%s",
                  doubles[_i].text);
    ck_assert(doubles[_i].fault != WIRE_OK || in.at == in.end);
    release(in);
}
END_TEST

static const struct {
    const char *text;
    uint8_t type;
    enum wire_fault fault;
} skips[] = {
    {"\"00112233-4455-6677-8899-aabbccddeeff\"", WIRE_UUID, WIRE_OK},
    {"\"00112233-4455-6677-8@99-aabbccddeeff\"", WIRE_UUID, WIRE_BAD_VALUE},
    {"[\"uid\",1,\"00112233\"]", WIRE_LIST, WIRE_BAD_VALUE},
    {"{}", WIRE_STRUCT, WIRE_OK},
    {"{\"1\":{\"i32\":5},\"2\":{\"rec\":{\"1\":{\"tf\":1}}}}", WIRE_STRUCT, WIRE_OK},
    {"[\"i64\",2,1,2]", WIRE_LIST, WIRE_OK},
    {"[\"str\",0]", WIRE_SET, WIRE_OK},
    {"[\"rec\",\"lst\",1,{{\"1\":{\"dbl\":nan}}:[\"uid\",0]}]", WIRE_MAP, WIRE_OK},
    {"[\"i32\",\"tf\",2,{\"1\":0,\"2\":1}]", WIRE_MAP, WIRE_OK},
    {"[\"i32\",\"tf\",0,{}]", WIRE_MAP, WIRE_OK},
    {"[\"i32\",\"tf\",1,{1:0}]", WIRE_MAP, WIRE_BAD_VALUE},
    {"[\"i64\",2,1]", WIRE_LIST, WIRE_BAD_VALUE},
    {"[\"i64\",1,1,2]", WIRE_LIST, WIRE_BAD_VALUE},
    {"[\"i8\",1,128]", WIRE_LIST, WIRE_RANGE},
    {"[\"i99\",1,1]", WIRE_LIST, WIRE_BAD_TYPE},
    {"{\"1\":{\"i32\":5}", WIRE_STRUCT, WIRE_TRUNCATED},
    {"{\"1\":{\"i32\":5},}", WIRE_STRUCT, WIRE_BAD_VALUE},
    {"[\"lst\",1,[\"lst\",1,[\"lst\",1,[\"lst\",1,[\"lst\",0]]]]]", WIRE_LIST, WIRE_DEPTH_LIMIT},
    {"{\"1\":{\"rec\":{\"1\":{\"rec\":{\"1\":{\"rec\":{}}}}}}}", WIRE_STRUCT, WIRE_DEPTH_LIMIT},
};

START_TEST(values_are_skipped)
{
    thrift_limits given = THRIFT_LIMITS_INIT, limits;
    struct cursor in = cursor_on(skips[_i].text);

    given.max_depth = 5;
    given.max_struct_depth = 4;
    limits = limits_in_force(&given);
    ck_assert_msg(tjson_skip(&in, skips[_i].type, false, (struct tjson_depth){1, 1}, &limits) ==
                      skips[_i].fault,
                  "%s", skips[_i].text);
    ck_assert(skips[_i].fault != WIRE_OK || in.at == in.end);
    release(in);
}
END_TEST

/* ---- messages ---- */

static const struct {
    const char *text;
    thrift_status status;
} headers[] = {
    {"[1,\"echo\",1,7,{}]", THRIFT_OK},
    {" [ 1 , \"echo\" , 1 , 7 , {} ]", THRIFT_OK},
    {"[2,\"echo\",1,7,{}]", THRIFT_E_PROTOCOL},
    {"{}", THRIFT_E_CORRUPT},
    {"[1,\"echo\",1,7", THRIFT_E_TRUNCATED},
    {"[1,\"echo\",1,2147483648,{}]", THRIFT_E_RANGE},
    {"[1,\"e\xff\",1,7,{}]", THRIFT_E_CORRUPT},
    {"[1,\"a name that is longer than is allowed\",1,7,{}]", THRIFT_E_LIMIT},
    {"[1,echo,1,7,{}]", THRIFT_E_CORRUPT},
};

START_TEST(headers_are_read)
{
    thrift_limits given = THRIFT_LIMITS_INIT, limits;
    thrift_bytes input = {(const uint8_t *)headers[_i].text, strlen(headers[_i].text)};
    struct message_header header = {0};
    thrift_error err = THRIFT_ERROR_INIT;

    given.max_method_name_size = 16;
    limits = limits_in_force(&given);
    ck_assert_msg(message_read_begin(THRIFT_TJSON, &input, &limits, &header, &err) ==
                      headers[_i].status,
                  "%s: %s", headers[_i].text, err.message);
    if (headers[_i].status == THRIFT_OK) {
        ck_assert(header.kind == 1 && header.sequence_id == 7 && header.name.size == 4);
        ck_assert(memcmp(header.name.data, "echo", 4) == 0);
        input.data += strspn((const char *)input.data, " ") + 2;
        input.size = strlen((const char *)input.data);
        ck_assert_int_eq(message_read_end(THRIFT_TJSON, &input, &err), THRIFT_OK);
        ck_assert_uint_eq(input.size, 0);
    } else {
        ck_assert_ptr_eq(input.data, headers[_i].text);
    }
}
END_TEST

START_TEST(messages_are_written)
{
    struct message_header header = {
        .kind = 2, .sequence_id = INT32_MIN, .name = {(const uint8_t *)"x", 1}};
    struct application_error error = {6, {(const uint8_t *)"say \"no\"\n", 9}}, back = {0};
    thrift_limits limits = limits_in_force(NULL);
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    static const char want[] =
        "[1,\"x\",2,-2147483648,{\"1\":{\"str\":\"say \\\"no\\\"\\n\"},\"2\":{\"i32\":6}}]";
    thrift_bytes input;

    ck_assert_int_eq(message_write_begin(THRIFT_TJSON, &header, &out, &err), THRIFT_OK);
    ck_assert_int_eq(application_error_write(THRIFT_TJSON, &error, &out, &err), THRIFT_OK);
    ck_assert_int_eq(message_write_end(THRIFT_TJSON, &out, &err), THRIFT_OK);
    ck_assert_uint_eq(out.size, sizeof want - 1);
    ck_assert(memcmp(out.data, want, out.size) == 0);
    input = buffer_bytes(&out);
    ck_assert_int_eq(message_read_begin(THRIFT_TJSON, &input, &limits, &header, &err), THRIFT_OK);
    ck_assert_int_eq(application_error_read(THRIFT_TJSON, &input, &limits, &back, &err), THRIFT_OK);
    ck_assert_int_eq(back.code, 6);
    ck_assert_uint_eq(back.text.size, 12); /* still escaped */
    ck_assert_int_eq(message_read_end(THRIFT_TJSON, &input, &err), THRIFT_OK);
    ck_assert_uint_eq(input.size, 0);
    thrift_buffer_deinit(&out);
}
END_TEST

START_TEST(errors_are_read_as_they_come)
{
    static const char text[] =
        "{\"2\":{\"i64\":5},\"9\":{\"lst\":[\"i32\",1,1]},\"1\":{\"str\":\"t\"},\"2\":{\"i32\":3}}";
    thrift_bytes input = {(const uint8_t *)text, sizeof text - 1};
    thrift_limits limits = limits_in_force(NULL);
    struct application_error error = {0};
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(application_error_read(THRIFT_TJSON, &input, &limits, &error, &err),
                     THRIFT_OK);
    ck_assert(error.code == 3 && error.text.size == 1 && input.size == 0);
    input = (thrift_bytes){(const uint8_t *)"{}", 2};
    ck_assert_int_eq(application_error_read(THRIFT_TJSON, &input, &limits, &error, &err),
                     THRIFT_OK);
    ck_assert(error.code == 0 && error.text.size == 0);
}
END_TEST

/* ---- ends ---- */

static const char stream[] = "[1,\"e]\\\"{\",1,7,{\"1\":{\"str\":\"}]\\\\\"}}] [1,\"b\",1,8,{}]";
#define STREAM_FIRST 36u /* bytes of the first message */

START_TEST(ends_are_found_however_it_comes)
{
    for (size_t first = 0; first < sizeof stream; first++) {
        struct scan scan;
        size_t size = 0;
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_status status;

        scan_begin(&scan, THRIFT_TJSON, NULL, NULL);
        status = scan_on(&scan, (thrift_bytes){(const uint8_t *)stream, first}, &size, &err);
        ck_assert_int_eq(status, first < STREAM_FIRST ? THRIFT_PENDING : THRIFT_OK);
        if (status == THRIFT_PENDING) {
            status = scan_on(&scan, (thrift_bytes){(const uint8_t *)stream, sizeof stream - 1},
                             &size, &err);
        }
        ck_assert_int_eq(status, THRIFT_OK);
        ck_assert_uint_eq(size, STREAM_FIRST);
        scan_deinit(&scan);
    }
}
END_TEST

START_TEST(no_message_has_no_end)
{
    struct scan scan;
    size_t size = 0;
    thrift_error err = THRIFT_ERROR_INIT;
    char deep[1000];

    memset(deep, '[', sizeof deep);
    scan_begin(&scan, THRIFT_TJSON, NULL, NULL);
    ck_assert_int_eq(scan_on(&scan, (thrift_bytes){(const uint8_t *)"x", 1}, &size, &err),
                     THRIFT_E_CORRUPT);
    scan_again(&scan);
    ck_assert_int_eq(
        scan_on(&scan, (thrift_bytes){(const uint8_t *)deep, sizeof deep}, &size, &err),
        THRIFT_E_LIMIT);
    scan_deinit(&scan);
}
END_TEST

/* ---- by way of the other protocols ---- */

static const char *const structs[] = {
    "{}",
    "{\"-7\":{\"tf\":1},\"1\":{\"tf\":0},\"2\":{\"i8\":-128},\"3\":{\"i16\":-1},\"4\":{\"i32\":7}}",
    "{\"5\":{\"i64\":-9223372036854775808},\"6\":{\"dbl\":0.10000000000000001},\"300\":{\"dbl\":"
    "\"NaN\"}}",
    "{\"7\":{\"str\":\"a\\n\\\"Ã©\"},\"9\":{\"uid\":\"00112233-4455-6677-8899-aabbccddeeff\"}}",
    "{\"1\":{\"lst\":[\"i32\",3,1,-2,3]},\"2\":{\"set\":[\"str\",1,\"x\"]},\"3\":{\"lst\":[\"tf\","
    "2,1,0]}}",
    "{\"1\":{\"map\":[\"str\",\"i64\",2,{\"a\":1,\"b\":2}]},\"2\":{\"map\":[\"i32\",\"tf\",1,{"
    "\"5\":1}]}}",
    "{\"1\":{\"map\":[\"rec\",\"lst\",1,{{\"1\":{\"dbl\":1.5}}:[\"str\",0]}]}}",
    "{\"1\":{\"rec\":{\"1\":{\"rec\":{}},\"2\":{\"lst\":[\"rec\",2,{},{\"1\":{\"tf\":1}}]}}}}",
    "{\"1\":{\"map\":[\"dbl\",\"uid\",1,{\"-Infinity\":\"00112233-4455-6677-8899-aabbccddeeff\"}]}"
    "}",
};

static void transcode(thrift_protocol from, thrift_protocol to, const thrift_buffer *in,
                      thrift_buffer *out)
{
    thrift_limits limits = limits_in_force(NULL);
    thrift_bytes input = buffer_bytes(in);
    thrift_error err = THRIFT_ERROR_INIT;

    out->size = 0;
    ck_assert_msg(transcode_value(from, &input, WIRE_STRUCT, to, &limits, out, &err) == THRIFT_OK,
                  "%s", err.message);
    ck_assert_uint_eq(input.size, 0);
}

START_TEST(there_and_back_through_every_protocol)
{
    const char *text = structs[_i];
    thrift_buffer a = THRIFT_BUFFER_INIT, b = THRIFT_BUFFER_INIT;

    ck_assert(buffer_append(&a, text, strlen(text)));
    transcode(THRIFT_TJSON, THRIFT_BINARY, &a, &b);
    transcode(THRIFT_BINARY, THRIFT_TJSON, &b, &a);
    ck_assert_msg(a.size == strlen(text) && memcmp(a.data, text, a.size) == 0, "%.*s", (int)a.size,
                  (const char *)a.data);
    transcode(THRIFT_TJSON, THRIFT_COMPACT, &a, &b);
    transcode(THRIFT_COMPACT, THRIFT_TJSON, &b, &a);
    transcode(THRIFT_TJSON, THRIFT_TJSON, &a, &b);
    ck_assert_msg(b.size == strlen(text) && memcmp(b.data, text, b.size) == 0, "%.*s", (int)b.size,
                  (const char *)b.data);
    thrift_buffer_deinit(&a);
    thrift_buffer_deinit(&b);
}
END_TEST

/* No prefix of a text can be transcoded, and what was there stays. */
START_TEST(prefixes_cannot_be_transcoded)
{
    thrift_limits limits = limits_in_force(NULL);
    thrift_buffer out = THRIFT_BUFFER_INIT;

    ck_assert(buffer_append(&out, "x", 1));
    for (size_t size = 0; size < strlen(structs[_i]); size++) {
        struct cursor part = cursor_on(structs[_i]);
        thrift_bytes input = {part.begin, size};

        ck_assert_int_ne(
            transcode_value(THRIFT_TJSON, &input, WIRE_STRUCT, THRIFT_COMPACT, &limits, &out, NULL),
            THRIFT_OK);
        ck_assert_uint_eq(out.size, 1);
        release(part);
    }
    thrift_buffer_deinit(&out);
}
END_TEST

START_TEST(bytes_that_are_no_text_become_base64)
{
    static const uint8_t binary[] = {11, 0, 1, 0, 0, 0, 2, 0xff, 0xfe, 0};
    static const char want[] = "{\"1\":{\"str\":\"//4\"}}";
    thrift_buffer a = THRIFT_BUFFER_INIT, b = THRIFT_BUFFER_INIT;

    ck_assert(buffer_append(&a, binary, sizeof binary));
    transcode(THRIFT_BINARY, THRIFT_TJSON, &a, &b);
    ck_assert(b.size == sizeof want - 1 && memcmp(b.data, want, b.size) == 0);
    thrift_buffer_deinit(&a);
    thrift_buffer_deinit(&b);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, types_have_names, 0, (int)COUNT_OF(types));
    tcase_add_test(tests, no_other_type_has_a_name);
    tcase_add_test(tests, heads_are_read);
    tcase_add_loop_test(tests, doubles_are_read, 0, (int)COUNT_OF(doubles));
    tcase_add_loop_test(tests, values_are_skipped, 0, (int)COUNT_OF(skips));
    tcase_add_loop_test(tests, headers_are_read, 0, (int)COUNT_OF(headers));
    tcase_add_test(tests, messages_are_written);
    tcase_add_test(tests, errors_are_read_as_they_come);
    tcase_add_test(tests, ends_are_found_however_it_comes);
    tcase_add_test(tests, no_message_has_no_end);
    tcase_add_loop_test(tests, there_and_back_through_every_protocol, 0, (int)COUNT_OF(structs));
    tcase_add_loop_test(tests, prefixes_cannot_be_transcoded, 0, (int)COUNT_OF(structs));
    tcase_add_test(tests, bytes_that_are_no_text_become_base64);
}

SUITE_MAIN("wire/tjson")
