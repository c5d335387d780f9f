/*
 * Plain JSON read: the natural mapping of docs/reference/plain-json.md, and where it fails.
 *
 * Covers also: encode_json.c, encode_plain_json.c.
 */
#include "allocator.h"
#include "json_fixture.h"

static const struct {
    const char *text; /* of an All */
    const char *want; /* as it is written again; NULL: the same */
} good[] = {
    {"{}", NULL},
    {"{\"truth\":true,\"tiny\":-128,\"small\":32767,\"id\":-2147483648,\"big\":9007199254740993}",
     NULL},
    {"{\"truth\":false,\"big\":\"-9223372036854775808\",\"tiny\":\"7\"}",
     "{\"truth\":false,\"tiny\":7,\"big\":-9223372036854775808}"},
    {"{\"tiny\":\"7\",\"truth\":false}", "{\"truth\":false,\"tiny\":7}"},
    {"{\"real\":0.1}", NULL},
    {"{\"real\":\"NaN\"}", NULL},
    {"{\"real\":\"-Infinity\"}", NULL},
    {"{\"real\":\"1.5\"}", "{\"real\":1.5}"},
    {"{\"real\":1e-7}", NULL},
    {"{\"real\":-0}", NULL},
    {"{\"real\":100}", NULL},
    {"{\"text\":\"a\\\"\\\\\\/\\u00e9\\ud83d\\ude00\\u0001\"}",
     "{\"text\":\"a\\\"\\\\/\xc3\xa9\xf0\x9f\x98\x80\\u0001\"}"},
    {"{\"raw\":\"YQ==\",\"key\":\"00112233-4455-6677-8899-aabbccddeeff\"}", NULL},
    {"{\"raw\":\"YQ\"}", "{\"raw\":\"YQ==\"}"},
    {"{\"color\":\"GREEN\"}", NULL},
    {"{\"color\":2}", "{\"color\":\"GREEN\"}"},
    {"{\"color\":77}", NULL},
    {"{\"color\":\"-7\"}", "{\"color\":-7}"},
    {"{\"point\":{\"x\":1.5},\"choice\":{\"number\":3}}", NULL},
    {"{\"choice\":{\"point\":{\"x\":1,\"y\":2}}}", NULL},
    {"{\"numbers\":[1,-2,3],\"words\":[\"a\",\"b\"],\"counts\":{\"a\":1,\"\":2}}", NULL},
    {"{\"numbers\":[],\"words\":[],\"counts\":{},\"points\":[]}", NULL},
    {"{\"names\":{\"1\":[\"x\",\"y\"],\"-2\":[]}}", NULL},
    {"{\"points\":[{\"key\":{\"x\":1},\"value\":2},{\"key\":{\"x\":3},\"value\":4}]}", NULL},
    {"{\"lists\":[{\"key\":[1,2],\"value\":{\"x\":3}}]}", NULL},
    {"{\"answers\":{\"true\":0.5,\"false\":\"Infinity\"}}", NULL},
    {"{\"colors\":{\"RED\":\"AAA=\",\"9\":\"\"}}", NULL},
    {"{\"reals\":{\"1.5\":true,\"NaN\":false}}", NULL},
    {"{\"keys\":{\"AA==\":\"00112233-4455-6677-8899-aabbccddeeff\"}}", NULL},
    {"{\"table\":[[{\"x\":1}],[],[{\"x\":2},{\"x\":3}]]}", NULL},
    {"{\"node\":{\"kids\":[{},{\"kids\":[{}]}],\"next\":{}}}", NULL},
    {"{\"truths\":[true,false],\"choices\":[{\"text\":\"a\"},{\"number\":1}]}", NULL},
    {"{\"deep\":{\"5\":{\"a\":\"RED\"},\"6\":{}}}", NULL},
    {"{\"id\":null,\"numbers\":null,\"text\":\"t\"}", "{\"text\":\"t\"}"},
    {" { \"id\" : 7 ,\n\t\"numbers\" : [ 1 , 2 ] , \"counts\" : { \"a\" : 1 } } \n",
     "{\"id\":7,\"numbers\":[1,2],\"counts\":{\"a\":1}}"},
    {"{\"i\\u0064\":7}", "{\"id\":7}"},
    {"{\"text\":\"b\",\"id\":1,\"text\":\"c\"}", "{\"id\":1,\"text\":\"c\"}"},
    {"{\"unknown\":[1,{\"a\":null,\"b\":[true,false,-1.5e3,\"\\\"\"]},{}],\"id\":7,\"\":{}}",
     "{\"id\":7}"},
};

START_TEST(good_texts)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_error err = THRIFT_ERROR_INIT;
    const char *want = good[_i].want != NULL ? good[_i].want : good[_i].text;
    char *got =
        converted(schema, "All", THRIFT_PLAIN_JSON, good[_i].text, THRIFT_PLAIN_JSON, NULL, &err);

    ck_assert_msg(got != NULL, "%s: %s: %s at %d", good[_i].text, err.source, err.message,
                  (int)err.offset);
    ck_assert_str_eq(got, want);
    free(got);
    thrift_schema_unref(schema);
}
END_TEST

static const struct {
    const char *text;
    thrift_status status;
    const char *path;
    uint64_t offset;
} bad[] = {
    {"", THRIFT_E_TRUNCATED, "", 0},
    {"null", THRIFT_E_CORRUPT, "", 0},
    {"[]", THRIFT_E_CORRUPT, "", 0},
    {"{\"id\":2147483648}", THRIFT_E_RANGE, "id", 6},
    {"{\"id\":\"2147483648\"}", THRIFT_E_RANGE, "id", 6},
    {"{\"id\":1.5}", THRIFT_E_TYPE, "id", 6},
    {"{\"id\":\" 1\"}", THRIFT_E_TYPE, "id", 6},
    {"{\"id\":\"1 \"}", THRIFT_E_TYPE, "id", 6},
    {"{\"id\":true}", THRIFT_E_TYPE, "id", 6},
    {"{\"id\":{}}", THRIFT_E_TYPE, "id", 6},
    {"{\"truth\":1}", THRIFT_E_TYPE, "truth", 9},
    {"{\"truth\":\"true\"}", THRIFT_E_TYPE, "truth", 9},
    {"{\"truth\":tru}", THRIFT_E_TYPE, "truth", 9},
    {"{\"real\":nan}", THRIFT_E_CORRUPT, "real", 8},
    {"{\"real\":Infinity}", THRIFT_E_TYPE, "real", 8},
    {"{\"real\":\"x\"}", THRIFT_E_TYPE, "real", 8},
    {"{\"real\":1e999}", THRIFT_E_RANGE, "real", 8},
    {"{\"text\":5}", THRIFT_E_TYPE, "text", 8},
    {"{\"text\":\"\xff\"}", THRIFT_E_CORRUPT, "text", 11},
    {"{\"text\":\"a\nb\"}", THRIFT_E_CORRUPT, "text", 13},
    {"{\"raw\":\"???\"}", THRIFT_E_TYPE, "raw", 7},
    {"{\"key\":\"x\"}", THRIFT_E_TYPE, "key", 7},
    {"{\"color\":\"BLUE\"}", THRIFT_E_NAME, "color", 9},
    {"{\"color\":1.5}", THRIFT_E_TYPE, "color", 9},
    {"{\"point\":[]}", THRIFT_E_TYPE, "point", 9},
    {"{\"point\":{\"x\":\"y\"}}", THRIFT_E_TYPE, "point.x", 14},
    {"{\"choice\":{}}", THRIFT_E_CORRUPT, "choice", 12},
    {"{\"choice\":{\"text\":\"a\",\"number\":1}}", THRIFT_E_CORRUPT, "choice", 33},
    {"{\"numbers\":{}}", THRIFT_E_TYPE, "numbers", 11},
    {"{\"numbers\":[1,null]}", THRIFT_E_TYPE, "numbers[1]", 14},
    {"{\"table\":[[null]]}", THRIFT_E_TYPE, "table[0][0]", 11},
    {"{\"numbers\":[1,]}", THRIFT_E_TYPE, "numbers[1]", 14},
    {"{\"numbers\":[1 2]}", THRIFT_E_CORRUPT, "numbers[0]", 14},
    {"{\"table\":[[],[{\"x\":1},{\"x\":true}]]}", THRIFT_E_TYPE, "table[1][1].x", 27},
    {"{\"counts\":[]}", THRIFT_E_TYPE, "counts", 10},
    {"{\"counts\":{\"a\":1,\"b\":\"\"}}", THRIFT_E_TYPE, "counts{\"b\"}", 21},
    {"{\"counts\":{a:1}}", THRIFT_E_TYPE, "counts{#0}", 11},
    {"{\"names\":{1:[]}}", THRIFT_E_TYPE, "names{#0}", 10},
    {"{\"names\":{\"1\":[\"a\",1]}}", THRIFT_E_TYPE, "names{1}[1]", 19},
    {"{\"answers\":{\"1\":1}}", THRIFT_E_TYPE, "answers{#0}", 12},
    {"{\"points\":{}}", THRIFT_E_TYPE, "points", 10},
    {"{\"points\":[{\"k\":1}]}", THRIFT_E_TYPE, "points", 15},
    {"{\"points\":[{\"key\":{\"x\":1},\"value\":\"a\"}]}", THRIFT_E_TYPE, NULL, 34},
    {"{\"points\":[{\"key\":{\"x\":1},\"value\":1,\"a\":1}]}", THRIFT_E_CORRUPT, NULL, 35},
    {"{\"unknown\":[1,}", THRIFT_E_CORRUPT, "", 14},
    {"{\"unknown\":tru}", THRIFT_E_CORRUPT, "", 11},
    {"{id:1}", THRIFT_E_CORRUPT, "", 1},
    {"{\"id\":1,}", THRIFT_E_CORRUPT, "", 8},
    {"{\"id\" 1}", THRIFT_E_CORRUPT, "", 6},
    {"{\"id\":1}{", THRIFT_E_TRAILING, "", 8},
};

START_TEST(bad_texts)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_error err = THRIFT_ERROR_INIT;
    char *got =
        converted(schema, "All", THRIFT_PLAIN_JSON, bad[_i].text, THRIFT_PLAIN_JSON, NULL, &err);

    ck_assert_msg(got == NULL, "%s", bad[_i].text);
    ck_assert_msg(err.code == bad[_i].status, "%s: %s %s", bad[_i].text,
                  thrift_status_name(err.code), err.message);
    ck_assert_msg(bad[_i].path == NULL || strcmp(err.source, bad[_i].path) == 0, "%s: %s (%s)",
                  bad[_i].text, err.source, err.message);
    ck_assert_msg(err.offset == bad[_i].offset, "%s: byte %d", bad[_i].text, (int)err.offset);
    thrift_schema_unref(schema);
}
END_TEST

/* Each option's form is written, read again, and transcoded in one pass. */
static const struct {
    thrift_codec_options options;
    const char *text, *read; /* NULL: the same */
} forms[] = {
    {{.enums_as_numbers = true}, "{\"color\":1,\"colors\":{\"3\":\"YQ==\"}}", NULL},
    {{.enums_as_numbers = true}, "{\"color\":1}", "{\"color\":\"RED\"}"},
    {{.binary_as_text = true}, "{\"raw\":\"no base64: \\n\u00e4\"}", NULL},
    {{.binary_as_text = true}, "{\"raw\":\"\"}", NULL},
    {{.binary_as_text = true}, "{\"colors\":{\"RED\":\"?\"}}", NULL},
    {{.i8_unsigned = true}, "{\"tiny\":255}", NULL},
    {{.i8_unsigned = true}, "{\"tiny\":128}", "{\"tiny\":-128}"},
    {{.i8_unsigned = true}, "{\"tiny\":127}", NULL},
    {{.i64_as_string = true}, "{\"counts\":{\"a\":\"-9223372036854775808\"}}", NULL},
};

START_TEST(forms_by_option)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_codec_options options = forms[_i].options;
    const char *text = forms[_i].read != NULL ? forms[_i].read : forms[_i].text;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    char *got;

    options.struct_size = sizeof options;
    options.no_defaults = true;
    got = converted(schema, "All", THRIFT_PLAIN_JSON, text, THRIFT_PLAIN_JSON, &options, &err);
    ck_assert_msg(got != NULL, "%s: %s: %s", text, err.source, err.message);
    ck_assert_str_eq(got, forms[_i].text);
    free(got);
    ck_assert_int_eq(thrift_transcode(schema, "All", THRIFT_PLAIN_JSON, bytes_of(text),
                                      THRIFT_PLAIN_JSON, &options, &out, &err),
                     THRIFT_OK);
    ck_assert_uint_eq(out.size, strlen(forms[_i].text));
    ck_assert_mem_eq(out.data, forms[_i].text, out.size);
    thrift_buffer_deinit(&out);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(forms_have_their_limits)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_codec_options options = THRIFT_CODEC_OPTIONS_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_record *record = thrift_record_new(schema, "All", &err);

    options.binary_as_text = options.i8_unsigned = true;
    thrift_set(record, "raw", ((thrift_bytes){(const uint8_t *)"\xff", 1}));
    ck_assert_int_eq(thrift_encode(record, THRIFT_PLAIN_JSON, &options, &out, &err),
                     THRIFT_E_CORRUPT);
    ck_assert_str_eq(err.source, "raw");
    ck_assert_int_eq(thrift_encode(record, THRIFT_TJSON, &options, &out, &err), THRIFT_OK);
    thrift_record_free(record);
    ck_assert_ptr_null(thrift_decode(schema, "All", THRIFT_PLAIN_JSON, bytes_of("{\"tiny\":256}"),
                                     &options, &err));
    ck_assert_int_eq(err.code, THRIFT_E_RANGE);
    ck_assert_ptr_null(
        thrift_decode(schema, "All", THRIFT_PLAIN_JSON, bytes_of("{\"tiny\":128}"), NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_RANGE);
    thrift_buffer_deinit(&out);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(an_error_says_what_was_found)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_ptr_null(
        thrift_decode(schema, "All", THRIFT_PLAIN_JSON, bytes_of("{\"id\":\"abc\"}"), NULL, &err));
    ck_assert_str_eq(err.message, "expected i32, found \"\\\"abc\\\"}\"");
    ck_assert_str_eq(err.source, "id");
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(policies_hold)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_ptr_null(thrift_decode(schema, "All", THRIFT_PLAIN_JSON, bytes_of("{\"nope\":1}"),
                                     THRIFT_CODEC_OPTIONS(.unknown = THRIFT_UNKNOWN_REFUSE), &err));
    ck_assert_int_eq(err.code, THRIFT_E_NAME);
    ck_assert_ptr_null(thrift_decode(schema, "All", THRIFT_PLAIN_JSON, bytes_of("{\"color\":9}"),
                                     THRIFT_CODEC_OPTIONS(.refuse = THRIFT_ACCEPT_ENUM), &err));
    ck_assert_int_eq(err.code, THRIFT_E_RANGE);
    ck_assert_ptr_null(
        thrift_decode(schema, "All", THRIFT_PLAIN_JSON, bytes_of("{\"words\":[\"a\",\"a\"]}"),
                      THRIFT_CODEC_OPTIONS(.refuse = THRIFT_ACCEPT_DUPLICATES), &err));
    ck_assert_int_eq(err.code, THRIFT_E_CORRUPT);
    ck_assert_ptr_null(thrift_decode(schema, "Failure", THRIFT_PLAIN_JSON,
                                     bytes_of("{\"code\":null}"), NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_REQUIRED);
    ck_assert_str_eq(err.source, "code");
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(depth_is_limited)
{
    thrift_schema *schema = schema_of(json_definition);

    for (unsigned depth = 62; depth < 68; depth++) {
        char text[1024] = "";
        thrift_error err = THRIFT_ERROR_INIT;
        char *got;

        for (unsigned i = 1; i < depth; i++) {
            strcat(text, "{\"next\":");
        }
        strcat(text, "{}");
        for (unsigned i = 1; i < depth; i++) {
            strcat(text, "}");
        }
        got = converted(schema, "Node", THRIFT_PLAIN_JSON, text, THRIFT_PLAIN_JSON, NULL, &err);
        ck_assert_msg((got != NULL) == (depth <= 64), "%u", depth);
        ck_assert(err.code == (depth <= 64 ? THRIFT_OK : THRIFT_E_LIMIT));
        free(got);
    }
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(many_entries_grow)
{
    thrift_schema *schema = schema_of(json_definition);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer text = THRIFT_BUFFER_INIT;
    char *list = calloc(1, 200000);
    char *got;
    size_t at = 0;

    at += (size_t)sprintf(list, "{\"numbers\":[0");
    for (int i = 1; i < 5000; i++) {
        at += (size_t)sprintf(list + at, ",%d", i);
    }
    at += (size_t)sprintf(list + at, "],\"names\":{\"0\":[\"a\"]");
    for (int i = 1; i < 5000; i++) {
        at += (size_t)sprintf(list + at, ",\"%d\":[\"x\",\"y\"]", i);
    }
    strcpy(list + at, "}}");
    got = converted(schema, "All", THRIFT_PLAIN_JSON, list, THRIFT_PLAIN_JSON, NULL, &err);
    ck_assert_msg(got != NULL, "%s", err.message);
    ck_assert_str_eq(got, list);
    free(got);
    free(list);
    thrift_buffer_deinit(&text);
    thrift_schema_unref(schema);
}
END_TEST

/* ---- the same value by way of every protocol ---- */

START_TEST(every_protocol_keeps_the_value)
{
    static const thrift_protocol protocols[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON,
                                                THRIFT_PLAIN_JSON};
    thrift_schema *schema = schema_of(json_definition);

    for (size_t i = 0; i < COUNT_OF(good); i++) {
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_record *record =
            thrift_decode(schema, "All", THRIFT_PLAIN_JSON, bytes_of(good[i].text), NULL, &err);

        for (size_t p = 0; p < COUNT_OF(protocols); p++) {
            thrift_buffer out = THRIFT_BUFFER_INIT;
            thrift_record *back;

            ck_assert_int_eq(thrift_encode(record, protocols[p], NULL, &out, &err), THRIFT_OK);
            back = thrift_decode(schema, "All", protocols[p], (thrift_bytes){out.data, out.size},
                                 NULL, &err);
            ck_assert_msg(back != NULL, "%s: %s", good[i].text, err.message);
            ck_assert_msg(thrift_record_equal(record, back), "%s by %d", good[i].text, (int)p);
            thrift_record_free(back);
            thrift_buffer_deinit(&out);
        }
        thrift_record_free(record);
    }
    thrift_schema_unref(schema);
}
END_TEST

/* ---- damage ---- */

static char *whole_text(const thrift_schema *schema)
{
    thrift_bytes bytes = vector_of("Every-full.binary");
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_decode(schema, "Every", THRIFT_BINARY, bytes, NULL, &err);
    thrift_buffer out = THRIFT_BUFFER_INIT;
    char *text;

    ck_assert_int_eq(thrift_encode(record, THRIFT_PLAIN_JSON, NULL, &out, &err), THRIFT_OK);
    text = calloc(out.size + 1, 1);
    memcpy(text, out.data, out.size);
    thrift_buffer_deinit(&out);
    thrift_record_free(record);
    vector_free(bytes);
    return text;
}

START_TEST(every_prefix_is_an_error)
{
    thrift_schema *schema = vector_schema();
    char *text = whole_text(schema);

    for (size_t size = 0; size < strlen(text); size++) {
        thrift_bytes part = exact_of(text, size);
        thrift_error err = THRIFT_ERROR_INIT;

        ck_assert_ptr_null(thrift_decode(schema, "Every", THRIFT_PLAIN_JSON, part, NULL, &err));
        ck_assert_int_ne(err.code, THRIFT_OK);
        vector_free(part);
    }
    free(text);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(no_flipped_bit_does_harm)
{
    thrift_schema *schema = vector_schema();
    char *text = whole_text(schema);
    size_t size = strlen(text);

    for (size_t bit = 0; bit < 8 * size; bit++) {
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_record *record;

        text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
        record = thrift_decode(schema, "Every", THRIFT_PLAIN_JSON,
                               (thrift_bytes){(const uint8_t *)text, size}, NULL, &err);
        ck_assert_int_eq(record != NULL, err.code == THRIFT_OK);
        thrift_record_free(record);
        text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
    }
    free(text);
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
            "t.thrift", json_definition, THRIFT_LOAD_OPTIONS(.allocator = &allocator), &err);
        thrift_record *record =
            thrift_decode(schema, "All", THRIFT_PLAIN_JSON,
                          bytes_of("{\"numbers\":[1,2,3,4,5,6,7,8,9],\"names\":{\"1\":[\"a\"]},"
                                   "\"point\":{\"x\":1},\"raw\":\"AAAA\",\"text\":\"\\n\"}"),
                          NULL, &err);
        thrift_buffer out = {NULL, 0, 0, allocator};

        if (record != NULL) {
            (void)thrift_encode(record, THRIFT_PLAIN_JSON, NULL, &out, &err);
        }
        ck_assert(err.code == THRIFT_OK || err.code == THRIFT_E_NOMEM);
        thrift_buffer_deinit(&out);
        thrift_record_free(record);
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
    tcase_add_loop_test(tests, good_texts, 0, (int)COUNT_OF(good));
    tcase_add_loop_test(tests, bad_texts, 0, (int)COUNT_OF(bad));
    tcase_add_loop_test(tests, forms_by_option, 0, COUNT_OF(forms));
    tcase_add_test(tests, forms_have_their_limits);
    tcase_add_test(tests, an_error_says_what_was_found);
    tcase_add_test(tests, policies_hold);
    tcase_add_test(tests, depth_is_limited);
    tcase_add_test(tests, many_entries_grow);
    tcase_add_test(tests, every_protocol_keeps_the_value);
    tcase_add_test(tests, every_prefix_is_an_error);
    tcase_add_test(tests, no_flipped_bit_does_harm);
    tcase_add_test(tests, every_failing_allocation_is_an_error);
}

SUITE_MAIN("codec/decode_plain_json")
