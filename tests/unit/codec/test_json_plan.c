/*
 * Annotations of fields in plain JSON: api.js_conv, api.key, go.tag; and that no other protocol
 * knows of them.
 *
 * Covers also: schema/resolve_json.c.
 */
#include "allocator.h"
#include "base/buffer.h"
#include "json_fixture.h"

static const char definition[] =
    "enum E { A = 1 }\n"
    "struct Plain { 1: i64 n, 2: optional i64 q (api.js_conv) }\n"
    "struct Quoted {\n"
    "  1: optional i64 bare, 2: optional i64 text (api.js_conv = 'true'),\n"
    "  3: optional list<i64> list (api.js_conv = ''), 4: optional set<i32> set (api.js_conv = "
    "''),\n"
    "  5: optional map<i64, list<i64>> map (api.js_conv = ''),\n"
    "  6: optional map<Plain, i64> pairs (api.js_conv = ''),\n"
    "  7: optional list<Plain> structs (api.js_conv = ''),\n"
    "  8: optional i8 tiny (api.js_conv = ''), 9: optional i16 small (api.js_conv = ''),\n"
    "  10: optional i32 medium (api.js_conv = ''), 11: optional double real (api.js_conv = ''),\n"
    "  12: optional bool truth (api.js_conv = ''), 13: optional string word (api.js_conv = ''),\n"
    "  14: optional E color (api.js_conv = ''), 15: optional map<Plain, i64> bare_pairs,\n"
    "  16: optional list<list<i64>> table (api.js_conv = '') }\n"
    "struct Named {\n"
    "  1: optional i32 one (api.key = 'first'), 2: optional i32 two (go.tag = 'json:\"second\"'),\n"
    "  3: optional i32 three (go.tag = 'db:\"x\" json:\"third,omitempty\" y:\"z\"'),\n"
    "  4: optional i32 four (go.tag = 'json:\\\\\"fourth\\\\\"'),\n"
    "  5: optional i32 five (api.key = '\xe4\xb8\xad\xe6\x96\x87'),\n"
    "  6: optional i32 six (api.key = 'a b', go.tag = 'json:\"not this\"'),\n"
    "  7: optional i32 seven (go.tag = 'json:\"-\"'), 8: optional i32 eight (go.tag = 'x:\"y\"'),\n"
    "  9: optional i32 nine (go.tag = 'json'), 10: optional i32 ten (api.key = 'ten'),\n"
    "  11: optional Named inner (api.key = 'within'),\n"
    "  12: optional i32 long_name_that_is_longer_than_thirty_two_bytes (api.key = 'l'),\n"
    "  13: optional i32 l13 (api.key = 'a name that is longer than thirty-two bytes as well') }\n"
    "struct Taken {\n"
    "  1: optional i32 a (api.key = 'b'), 2: optional i32 b, 3: optional i32 c (api.key = 'x'),\n"
    "  4: optional i32 d (api.key = 'x'), 5: optional i32 e (api.key = 'q\"'),\n"
    "  6: optional i32 f (api.key = 'q\\\\'), 7: optional i32 g (go.tag = 'json:\"\"') }\n"
    "union Choice { 1: i64 number (api.js_conv, api.key = 'n'), 2: string s (api.key = 't') }\n";

static const struct {
    const char *type, *text; /* as it is written */
    const char *read;        /* what is read; NULL: the same */
} cases[] = {
    {"Quoted", "{\"bare\":1,\"text\":\"2\"}", "{\"bare\":\"1\",\"text\":2}"},
    {"Quoted", "{\"text\":\"-9223372036854775808\"}", NULL},
    {"Quoted", "{\"list\":[\"1\",\"2\"],\"set\":[\"3\"]}", "{\"list\":[1,\"2\"],\"set\":[3]}"},
    {"Quoted", "{\"map\":{\"1\":[\"2\"],\"3\":[]}}", NULL},
    {"Quoted", "{\"table\":[[\"1\"],[],[\"2\",\"3\"]]}", NULL},
    {"Quoted",
     "{\"pairs\":[{\"key\":{\"n\":1},\"value\":\"2\"},{\"key\":{\"n\":3},\"value\":\"4\"}]}", NULL},
    {"Quoted", "{\"bare_pairs\":[{\"key\":{\"n\":1,\"q\":\"5\"},\"value\":2}]}", NULL},
    {"Quoted", "{\"structs\":[{\"n\":1,\"q\":\"2\"},{\"n\":3}],\"tiny\":\"4\"}", NULL},
    {"Quoted",
     "{\"tiny\":\"1\",\"small\":\"2\",\"medium\":\"3\",\"real\":\"1.5\",\"truth\":true,"
     "\"word\":\"w\",\"color\":\"A\"}",
     NULL},
    {"Quoted", "{\"real\":\"NaN\",\"color\":7}", NULL},
    {"Named", "{\"first\":1,\"second\":2,\"third\":3,\"fourth\":4}", NULL},
    {"Named", "{\"first\":1,\"second\":2}", "{\"two\":2,\"one\":1}"},
    {"Named", "{\"\xe4\xb8\xad\xe6\x96\x87\":5,\"a b\":6}",
     "{\"\\u4e2d\\u6587\":5,\"a\\u0020b\":6}"},
    {"Named", "{\"seven\":7,\"eight\":8,\"nine\":9,\"ten\":10}", NULL},
    {"Named", "{\"within\":{\"within\":{\"first\":1}}}", "{\"inner\":{\"within\":{\"first\":1}}}"},
    {"Named", "{\"l\":1,\"a name that is longer than thirty-two bytes as well\":2}",
     "{\"a name that is longer than thirty-two bytes as well\":2,\"l\":1}"},
    {"Named", "{}", "{\"not this\":1,\"-\":2,\"firs\":3,\"firsts\":4}"},
    {"Taken", "{\"a\":1,\"b\":2,\"x\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7}", NULL},
    {"Taken", "{\"x\":3}", "{\"c\":3}"},
    {"Choice", "{\"n\":\"5\"}", NULL},
    {"Choice", "{\"t\":\"5\"}", "{\"s\":\"5\"}"},
};

START_TEST(by_record)
{
    const char *text = cases[_i].read != NULL ? cases[_i].read : cases[_i].text;
    thrift_schema *schema = schema_of(definition);
    thrift_error err = THRIFT_ERROR_INIT;
    char *got =
        converted(schema, cases[_i].type, THRIFT_PLAIN_JSON, text, THRIFT_PLAIN_JSON, NULL, &err);

    ck_assert_msg(got != NULL, "%s: %s: %s", text, err.source, err.message);
    ck_assert_str_eq(got, cases[_i].text);
    free(got);
    thrift_schema_unref(schema);
}
END_TEST

static void transcode(const thrift_schema *schema, const char *type, thrift_protocol from,
                      thrift_bytes input, thrift_protocol to, thrift_buffer *out)
{
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_msg(thrift_transcode(schema, type, from, input, to, NULL, out, &err) == THRIFT_OK,
                  "%.*s: %s: %s", (int)input.size, (const char *)input.data, err.source,
                  err.message);
}

START_TEST(in_one_pass)
{
    const char *text = cases[_i].read != NULL ? cases[_i].read : cases[_i].text;
    thrift_schema *schema = schema_of(definition);
    thrift_buffer compact = THRIFT_BUFFER_INIT, sorted = THRIFT_BUFFER_INIT,
                  out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record;

    transcode(schema, cases[_i].type, THRIFT_PLAIN_JSON, bytes_of(text), THRIFT_COMPACT, &compact);
    record =
        thrift_decode(schema, cases[_i].type, THRIFT_COMPACT, buffer_bytes(&compact), NULL, &err);
    ck_assert_int_eq(thrift_encode(record, THRIFT_BINARY, NULL, &sorted, &err), THRIFT_OK);
    transcode(schema, cases[_i].type, THRIFT_BINARY, buffer_bytes(&sorted), THRIFT_PLAIN_JSON,
              &out);
    ck_assert(buffer_append(&out, "", 1));
    ck_assert_str_eq((char *)out.data, cases[_i].text);
    thrift_record_free(record);
    thrift_buffer_deinit(&compact);
    thrift_buffer_deinit(&sorted);
    thrift_buffer_deinit(&out);
    thrift_schema_unref(schema);
}
END_TEST

static const struct {
    const char *type, *text;
    thrift_codec_options options;
    thrift_protocol to;
    const char *want;
} forms[] = {
    {"Quoted",
     "{\"bare\":1,\"text\":2,\"medium\":3}",
     {.i64_as_string = true},
     THRIFT_PLAIN_JSON,
     "{\"bare\":\"1\",\"text\":\"2\",\"medium\":\"3\"}"},
    {"Plain", "{\"n\":1}", {.i64_as_string = true}, THRIFT_PLAIN_JSON, "{\"n\":\"1\"}"},
    {"Quoted",
     "{\"color\":\"A\",\"tiny\":-1}",
     {.enums_as_numbers = true, .i8_unsigned = true},
     THRIFT_PLAIN_JSON,
     "{\"tiny\":\"255\",\"color\":\"1\"}"},
    {"Quoted",
     "{\"pairs\":[{\"key\":{\"n\":1},\"value\":2}]}",
     {.pretty = true},
     THRIFT_PLAIN_JSON,
     "{\n  \"pairs\": [\n    {\n      \"key\": {\n        \"n\": 1\n      },\n"
     "      \"value\": \"2\"\n    }\n  ]\n}"},
    {"Quoted",
     "{\"text\":1,\"list\":[2]}",
     {0},
     THRIFT_TJSON,
     "{\"2\":{\"i64\":1},\"3\":{\"lst\":[\"i64\",1,2]}}"},
    {"Quoted", "{\"text\":1,\"list\":[2]}", {0}, THRIFT_SIMPLE_JSON, "{\"text\":1,\"list\":[2]}"},
    {"Named", "{\"first\":1,\"third\":3}", {0}, THRIFT_SIMPLE_JSON, "{\"one\":1,\"three\":3}"},
};

/* By record and in one pass. */
START_TEST(other_forms)
{
    thrift_schema *schema = schema_of(definition);
    thrift_codec_options options = forms[_i].options;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    char *got;

    options.struct_size = sizeof options;
    got = converted(schema, forms[_i].type, THRIFT_PLAIN_JSON, forms[_i].text, forms[_i].to,
                    &options, &err);
    ck_assert_msg(got != NULL, "%s: %s", forms[_i].text, err.message);
    ck_assert_str_eq(got, forms[_i].want);
    if (strchr(forms[_i].text, 'A') == NULL) { /* members come in another order there */
        ck_assert_int_eq(thrift_transcode(schema, forms[_i].type, THRIFT_PLAIN_JSON,
                                          bytes_of(forms[_i].text), forms[_i].to, &options, &out,
                                          &err),
                         THRIFT_OK);
        ck_assert(buffer_append(&out, "", 1));
        ck_assert_str_eq((char *)out.data, forms[_i].want);
    }
    free(got);
    thrift_buffer_deinit(&out);
    thrift_schema_unref(schema);
}
END_TEST

static const struct {
    const char *type, *before, *path;
    int64_t value;
    const char *after;
} edits[] = {
    {"Quoted", "{\"bare\":1}", "bare", 2, "{\"bare\":2}"},
    {"Quoted", "{\"bare\":1}", "text", 2, "{\"bare\":1,\"text\":\"2\"}"},
    {"Quoted", "{\"list\":[]}", "list[0]", 2, "{\"list\":[\"2\"]}"},
    {"Quoted", "{\"map\":{\"1\":[]}}", "map{1}[0]", 2, "{\"map\":{\"1\":[\"2\"]}}"},
    {"Quoted", "{\"structs\":[{\"q\":1}]}", "structs[0].n", 2, "{\"structs\":[{\"n\":2,\"q\":1}]}"},
    {"Quoted", "{\"structs\":[{\"q\":1}]}", "structs[0].q", 2, "{\"structs\":[{\"q\":\"2\"}]}"},
    {"Named", "{\"first\":1}", "one", 2, "{\"first\":2}"},
    {"Named", "{\"one\":1}", "one", 2, "{\"one\":2}"},
    {"Named", "{}", "one", 2, "{\"first\":2}"},
    {"Named", "{\"within\":{}}", "inner.two", 2, "{\"within\":{\"second\":2}}"},
};

/* Paths have the declared names. */
START_TEST(patched)
{
    thrift_schema *schema = schema_of(definition);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_value got;

    ck_assert_msg(thrift_patch(schema, edits[_i].type, THRIFT_PLAIN_JSON,
                               bytes_of(edits[_i].before), edits[_i].path,
                               thrift_value_integer(edits[_i].value), &out, &err) == THRIFT_OK,
                  "%s: %s", edits[_i].path, err.message);
    ck_assert_int_eq(thrift_peek(schema, edits[_i].type, THRIFT_PLAIN_JSON, buffer_bytes(&out),
                                 edits[_i].path, &got, &err),
                     THRIFT_OK);
    ck_assert_int_eq(got.as.integer, edits[_i].value);
    ck_assert(buffer_append(&out, "", 1));
    ck_assert_str_eq((char *)out.data, edits[_i].after);
    thrift_buffer_deinit(&out);
    thrift_schema_unref(schema);
}
END_TEST

/* Errors have the declared names, too. */
START_TEST(path_of_an_error)
{
    thrift_schema *schema = schema_of(definition);
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_ptr_null(thrift_decode(schema, "Named", THRIFT_PLAIN_JSON,
                                     bytes_of("{\"within\":{\"first\":\"x\"}}"), NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_TYPE);
    ck_assert_str_eq(err.source, "inner.one");
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(every_failing_allocation_is_an_error)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_schema *schema = thrift_load_text(
            "t.thrift", definition, THRIFT_LOAD_OPTIONS(.allocator = &allocator), &err);
        thrift_buffer out = {NULL, 0, 0, allocator};

        if (schema != NULL) {
            (void)thrift_transcode(schema, "Named", THRIFT_PLAIN_JSON, bytes_of("{\"first\":1}"),
                                   THRIFT_PLAIN_JSON, NULL, &out, &err);
        }
        ck_assert(err.code == THRIFT_OK || err.code == THRIFT_E_NOMEM);
        thrift_buffer_deinit(&out);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            ck_assert_int_eq(err.code, THRIFT_OK);
            break;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, by_record, 0, COUNT_OF(cases));
    tcase_add_loop_test(tests, in_one_pass, 0, COUNT_OF(cases));
    tcase_add_loop_test(tests, other_forms, 0, COUNT_OF(forms));
    tcase_add_loop_test(tests, patched, 0, COUNT_OF(edits));
    tcase_add_test(tests, path_of_an_error);
    tcase_add_test(tests, every_failing_allocation_is_an_error);
}

SUITE_MAIN("codec/json_plan")
