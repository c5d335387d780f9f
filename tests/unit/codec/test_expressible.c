/*
 * fbthrift's float: refused in every protocol that has no form for it, read and written in the JSON
 * that goes by names.
 */
#include "codec/expressible.h"

#include <rethrift/codec.h>

#include "suite.h"

static const char text[] = "struct Point {\n"
                           "  1: double x\n"
                           "}\n"
                           "struct Reading {\n"
                           "  1: i32 sensor\n"
                           "  2: list<float> ratios\n"
                           "}\n"
                           "struct Log { 1: map<string, list<Reading>> readings, 2: Point at }\n";

static const thrift_protocol without[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON};

static thrift_schema *schema_new(void)
{
    thrift_schema *schema = thrift_load_text("log.thrift", text, NULL, NULL);

    ck_assert_ptr_nonnull(schema);
    return schema;
}

static void check_refusal(const thrift_error *err)
{
    ck_assert_int_eq(err->code, THRIFT_E_TYPE);
    ck_assert_ptr_nonnull(strstr(err->message, "Log cannot be used in "));
    ck_assert_ptr_nonnull(strstr(err->message, "field 'readings.ratios' is a float"));
    ck_assert_str_eq(err->source, "log.thrift");
    ck_assert_uint_eq(err->line, 8);
}

START_TEST(refuse)
{
    thrift_protocol protocol = without[_i];
    thrift_schema *schema = schema_new();
    thrift_record *record = thrift_record_new(schema, "Log", NULL);
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_bytes nothing = {(const uint8_t *)"", 1};
    thrift_value value = {.kind = THRIFT_KIND_NONE};

    ck_assert_int_eq(thrift_encode(record, protocol, NULL, &out, &err), THRIFT_E_TYPE);
    check_refusal(&err);
    ck_assert_ptr_null(thrift_decode(schema, "Log", protocol, nothing, NULL, &err));
    check_refusal(&err);
    ck_assert_int_eq(thrift_transcode(schema, "Log", THRIFT_PLAIN_JSON,
                                      (thrift_bytes){(const uint8_t *)"{}", 2}, protocol, NULL,
                                      &out, &err),
                     THRIFT_E_TYPE);
    check_refusal(&err);
    if (protocol != THRIFT_TJSON) {
        ck_assert_int_eq(thrift_peek(schema, "Log", protocol, nothing, "at.x", &value, &err),
                         THRIFT_E_TYPE);
        check_refusal(&err);
    }
    ck_assert_int_eq(thrift_patch(schema, "Log", protocol, nothing, "at.x", value, &out, &err),
                     THRIFT_E_TYPE);
    check_refusal(&err);
    ck_assert_uint_eq(out.size, 0);
    thrift_record_free(record);
    thrift_buffer_deinit(&out);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(pass_what_has_no_float)
{
    thrift_schema *schema = schema_new();
    thrift_record *record = thrift_record_new(schema, "Point", NULL);
    thrift_buffer out = THRIFT_BUFFER_INIT;

    ck_assert_int_eq(thrift_encode(record, THRIFT_BINARY, NULL, &out, NULL), THRIFT_OK);
    thrift_record_free(record);
    thrift_buffer_deinit(&out);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(json_by_names_has_a_form)
{
    static const char json[] = "{\"sensor\":1,\"ratios\":[0.5,2]}";
    thrift_schema *schema = schema_new();
    thrift_bytes input = {(const uint8_t *)json, sizeof json - 1};
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_decode(schema, "Reading", THRIFT_PLAIN_JSON, input, NULL, &err);

    ck_assert_msg(record != NULL, "%s", err.message);
    ck_assert_int_eq(thrift_encode(record, THRIFT_PLAIN_JSON, NULL, &out, &err), THRIFT_OK);
    ck_assert_ptr_nonnull(memchr(out.data, '5', out.size));
    thrift_record_free(record);
    thrift_buffer_deinit(&out);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, refuse, 0, COUNT_OF(without));
    tcase_add_test(tests, pass_what_has_no_float);
    tcase_add_test(tests, json_by_names_has_a_form);
}

SUITE_MAIN("expressible")
