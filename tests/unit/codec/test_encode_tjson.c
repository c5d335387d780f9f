/*
 * JSON written: TJSON and simple JSON as Apache writes them, plain JSON by its options.
 */
#include "json_fixture.h"

static const struct {
    const char *type, *text; /* plain JSON */
    thrift_protocol to;
    const char *want;
} cases[] = {
    /* unset fields of default requiredness are written, structs empty, optional ones not */
    {"Defaults", "{}", THRIFT_TJSON,
     "{\"1\":{\"i32\":42},\"2\":{\"str\":\"x\"},\"3\":{\"rec\":{}},\"4\":{\"lst\":[\"i32\",0]},"
     "\"6\":{\"map\":[\"str\",\"i32\",0,{}]}}"},
    {"Defaults", "{}", THRIFT_PLAIN_JSON,
     "{\"number\":42,\"text\":\"x\",\"point\":{},\"numbers\":[],\"counts\":{}}"},
    {"Defaults", "{\"maybe\":7,\"number\":1}", THRIFT_SIMPLE_JSON,
     "{\"number\":1,\"text\":\"x\",\"point\":{},\"numbers\":[],\"maybe\":7,\"counts\":{}}"},
    {"All",
     "{\"truth\":true,\"real\":0.1,\"raw\":\"YQ==\",\"color\":\"GREEN\",\"names\":{\"1\":[\"x\"]},"
     "\"answers\":{\"true\":\"NaN\"},\"truths\":[false]}",
     THRIFT_SIMPLE_JSON,
     "{\"truth\":1,\"real\":0.10000000000000001,\"raw\":\"YQ==\",\"color\":2,"
     "\"names\":{\"1\":[\"x\"]},\"answers\":{\"1\":\"NaN\"},\"truths\":[0]}"},
    {"All", "{\"text\":\"\\u0000\\u001f\\u007f/<\"}", THRIFT_TJSON,
     "{\"7\":{\"str\":\"\\u0000\\u001f\x7f/<\"}}"},
};

START_TEST(texts)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_error err = THRIFT_ERROR_INIT;
    char *got = converted(schema, cases[_i].type, THRIFT_PLAIN_JSON, cases[_i].text, cases[_i].to,
                          NULL, &err);

    ck_assert_msg(got != NULL, "%s: %s", err.source, err.message);
    ck_assert_str_eq(got, cases[_i].want);
    free(got);
    thrift_schema_unref(schema);
}
END_TEST

static const char pretty[] = "{\n"
                             "  \"id\": 7,\n"
                             "  \"big\": \"9\",\n"
                             "  \"numbers\": [\n"
                             "    1,\n"
                             "    2\n"
                             "  ],\n"
                             "  \"words\": [],\n"
                             "  \"counts\": {\n"
                             "    \"a\": \"1\"\n"
                             "  },\n"
                             "  \"points\": [\n"
                             "    {\n"
                             "      \"key\": {\n"
                             "        \"x\": 1\n"
                             "      },\n"
                             "      \"value\": 2\n"
                             "    },\n"
                             "    {\n"
                             "      \"key\": {\n"
                             "        \"x\": 3\n"
                             "      },\n"
                             "      \"value\": 4\n"
                             "    }\n"
                             "  ],\n"
                             "  \"node\": {}\n"
                             "}";

START_TEST(pretty_text_is_indented)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_error err = THRIFT_ERROR_INIT;
    const thrift_codec_options *options =
        THRIFT_CODEC_OPTIONS(.pretty = true, .i64_as_string = true);
    char *got =
        converted(schema, "All", THRIFT_PLAIN_JSON, pretty, THRIFT_PLAIN_JSON, options, &err);

    ck_assert_msg(got != NULL, "%s: %s", err.source, err.message);
    ck_assert_str_eq(got, pretty);
    free(got);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(what_cannot_be_written)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_record *record;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;

    record = thrift_record_new(schema, "All", &err);
    thrift_list_add(thrift_open_list(record, "words"), "fine");
    thrift_list_add(thrift_open_list(record, "words"), "\xff");
    ck_assert_int_eq(thrift_encode(record, THRIFT_TJSON, NULL, &out, &err), THRIFT_E_CORRUPT);
    ck_assert_str_eq(err.source, "words[1]");
    ck_assert_uint_eq(out.size, 0);
    thrift_record_free(record);

    record = thrift_record_new(schema, "Failure", &err);
    ck_assert_int_eq(thrift_encode(record, THRIFT_PLAIN_JSON, NULL, &out, &err), THRIFT_E_REQUIRED);
    ck_assert_str_eq(err.source, "code");
    thrift_record_free(record);

    record = thrift_decode(schema, "All", THRIFT_PLAIN_JSON,
                           bytes_of("{\"points\":[{\"key\":{\"x\":1},\"value\":2}]}"), NULL, &err);
    ck_assert_int_eq(thrift_encode(record, THRIFT_SIMPLE_JSON, NULL, &out, &err), THRIFT_E_TYPE);
    ck_assert_str_eq(err.source, "points");
    thrift_record_free(record);
    ck_assert_ptr_null(
        thrift_decode(schema, "All", THRIFT_SIMPLE_JSON, bytes_of("{}"), NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_ARGUMENT);
    thrift_buffer_deinit(&out);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(simple_json_as_apache_writes_it)
{
    static const char *const names[] = {"Every-choice", "Empty-empty", "Choice-text",
                                        "Defaults-defaults"};
    const thrift_codec_options *options = THRIFT_CODEC_OPTIONS(.no_defaults = true);
    thrift_schema *schema = vector_schema();
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    char file[64], type[32];
    thrift_bytes binary, want;
    thrift_record *record;

    (void)snprintf(type, sizeof type, "%.*s", (int)strcspn(names[_i], "-"), names[_i]);
    (void)snprintf(file, sizeof file, "%s.binary", names[_i]);
    binary = vector_of(file);
    (void)snprintf(file, sizeof file, "%s.simple", names[_i]);
    want = vector_of(file);
    record = thrift_decode(schema, type, THRIFT_BINARY, binary, NULL, &err);
    ck_assert_int_eq(thrift_encode(record, THRIFT_SIMPLE_JSON, options, &out, &err), THRIFT_OK);
    ck_assert_uint_eq(out.size, want.size);
    ck_assert_mem_eq(out.data, want.data, out.size);
    thrift_buffer_deinit(&out);
    thrift_record_free(record);
    vector_free(binary);
    vector_free(want);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(appends_to_what_is_there)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_record_new(schema, "All", &err);
    thrift_buffer out = THRIFT_BUFFER_INIT;

    thrift_set(record, "id", 7);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(thrift_encode(record, THRIFT_PLAIN_JSON, NULL, &out, &err), THRIFT_OK);
    }
    ck_assert_uint_eq(out.size, 24);
    ck_assert(memcmp(out.data, "{\"id\":7}{\"id\":7}{\"id\":7}", 24) == 0);
    thrift_buffer_deinit(&out);
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, texts, 0, (int)COUNT_OF(cases));
    tcase_add_test(tests, pretty_text_is_indented);
    tcase_add_test(tests, what_cannot_be_written);
    tcase_add_loop_test(tests, simple_json_as_apache_writes_it, 0, 4);
    tcase_add_test(tests, appends_to_what_is_there);
}

SUITE_MAIN("codec/encode_tjson")
