/*
 * Options of a codec in front of Jansson's trees: which count, and that failures leave nothing.
 */
#include <jansson.h>
#include <rethrift/record_json.h>

#include <rethrift/codec.h>

#include "suite.h"

static thrift_schema *load(void)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text(
        "x.thrift", "struct X { 1: required i32 a, 2: optional i64 b, 3: optional X x }", NULL,
        &err);

    ck_assert_msg(schema != NULL, "%s", err.message);
    return schema;
}

START_TEST(there_and_back)
{
    thrift_schema *schema = load();
    thrift_record *x = thrift_record_new(schema, "X", NULL), *back;
    thrift_codec_options text = THRIFT_CODEC_OPTIONS_INIT;
    json_t *json;

    text.i64_as_string = true;
    thrift_set(x, "a", 1, "b", 2);
    json = thrift_record_to_json(x, &text, NULL);
    ck_assert_str_eq(json_string_value(json_object_get(json, "b")), "2");
    back = thrift_record_from_json(schema, "X", json, NULL, NULL);
    ck_assert(thrift_record_equal(x, back));
    json_decref(json);
    thrift_record_free(x);
    thrift_record_free(back);
    thrift_schema_unref(schema);
}
END_TEST

/* The same options as text has. */
START_TEST(forms_by_option)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text(
        "x.thrift",
        "enum E { A = 1, B = 2 } struct X { 1: E e, 2: binary b, 3: i8 i, 4: map<E, i8> m }", NULL,
        &err);
    thrift_record *x = thrift_record_new(schema, "X", &err), *back;
    thrift_codec_options options = THRIFT_CODEC_OPTIONS_INIT;
    json_t *json, *want = json_pack("{s:i,s:s,s:i,s:{s:i}}", "e", 2, "b", "as it is", "i", 200, "m",
                                    "1", 255);

    options.enums_as_numbers = options.binary_as_text = options.i8_unsigned = true;
    thrift_set(x, "e", "B", "b", "as it is", "i", -56);
    thrift_map_put(thrift_open_map(x, "m"), "A", -1);
    json = thrift_record_to_json(x, &options, &err);
    ck_assert_msg(json != NULL, "%s", err.message);
    ck_assert(json_equal(json, want));
    back = thrift_record_from_json(schema, "X", json, &options, &err);
    ck_assert_msg(back != NULL, "%s: %s", err.source, err.message);
    ck_assert(thrift_record_equal(x, back));
    ck_assert_ptr_null(thrift_record_from_json(schema, "X", json, NULL, &err));
    json_decref(json);
    json_decref(want);
    thrift_record_free(x);
    thrift_record_free(back);
    thrift_schema_unref(schema);
}
END_TEST

/* As text has them: test_json_plan.c. */
START_TEST(annotations)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text(
        "x.thrift",
        "struct In { 1: i64 n, 2: optional i64 q (api.js_conv) }\n"
        "struct X { 1: i64 a (api.js_conv, api.key = 'first'), 2: list<list<i32>> b "
        "(api.js_conv),\n"
        "  3: map<In, double> c (api.js_conv), 4: map<i64, i64> d (go.tag = 'json:\"fourth\"'),\n"
        "  5: optional double e (api.js_conv), 6: optional i32 f (api.key = 'g') }",
        NULL, &err);
    static const char text[] = "{\"first\":\"1\",\"b\":[[\"2\"]],\"c\":[{\"key\":{\"n\":1,\"q\":"
                               "\"2\"},\"value\":\"1.5\"}],"
                               "\"fourth\":{\"5\":6},\"e\":\"0.5\",\"g\":3}";
    thrift_bytes input = {(const uint8_t *)text, strlen(text)};
    thrift_record *x = thrift_decode(schema, "X", THRIFT_PLAIN_JSON, input, NULL, &err), *back;
    json_t *json, *want = json_loads(text, 0, NULL);
    char *dump;

    json = thrift_record_to_json(x, NULL, &err);
    ck_assert_msg(json != NULL, "%s", err.message);
    dump = json_dumps(json, JSON_COMPACT);
    ck_assert_msg(json_equal(json, want), "%s", dump);
    back = thrift_record_from_json(schema, "X", json, NULL, &err);
    ck_assert_msg(back != NULL, "%s: %s", err.source, err.message);
    ck_assert(thrift_record_equal(x, back));
    thrift_record_free(back);
    json_object_set_new(json, "f", json_integer(4)); /* the declared name */
    json_object_del(json, "g");
    back = thrift_record_from_json(schema, "X", json, NULL, &err);
    ck_assert_int_eq(thrift_get_i32(back, "f"), 4);
    json_decref(json);
    json_decref(want);
    free(dump);
    thrift_record_free(x);
    thrift_record_free(back);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(options_and_failures)
{
    thrift_schema *schema = load();
    thrift_record *x = thrift_record_new(schema, "X", NULL), *back;
    thrift_codec_options lenient = THRIFT_CODEC_OPTIONS_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    json_t *json = json_pack("{s:i,s:{s:i}}", "c", 1, "x", "a", 2);

    ck_assert_ptr_null(thrift_record_from_json(schema, "X", json, NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_REQUIRED);
    lenient.accept = THRIFT_ACCEPT_MISSING;
    back = thrift_record_from_json(schema, "X", json, &lenient, &err);
    ck_assert_int_eq(thrift_get_i32(back, "x.a"), 2);
    thrift_record_free(back);
    lenient.unknown = THRIFT_UNKNOWN_REFUSE;
    ck_assert_ptr_null(thrift_record_from_json(schema, "X", json, &lenient, &err));
    ck_assert_int_eq(err.code, THRIFT_E_NAME);
    ck_assert_ptr_null(thrift_record_from_json(schema, "Y", json, NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_NAME);
    ck_assert_ptr_null(thrift_record_from_json(schema, "X", NULL, NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_TYPE);
    thrift_set(x, "a", "text");
    ck_assert_ptr_null(thrift_record_to_json(x, NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_TYPE);
    ck_assert_ptr_null(thrift_record_to_json(NULL, NULL, &err));
    json_decref(json);
    thrift_record_free(x);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, there_and_back);
    tcase_add_test(tests, forms_by_option);
    tcase_add_test(tests, annotations);
    tcase_add_test(tests, options_and_failures);
}

SUITE_MAIN("codec/record_json")
