/*
 * Writing rules: what is written when nothing was set, what cannot be written, where an error is.
 */
#include "fixture.h"

static const char definition[] =
    "struct In { 1: required i32 a }\n"
    "union U { 1: i32 n, 2: string s }\n"
    "struct S { 1: i32 x = 5, 2: string s, 3: optional i32 o = 6, 4: P p, 5: U u, 6: list<i32> l,\n"
    " 7: map<i32, string> m, 8: bool b, 9: optional list<In> ins, 10: optional map<string, In> "
    "named }\n"
    "struct P { 1: i32 y }\n";

static const uint8_t unset[] = {8, 0, 1, 0, 0, 0, 5,  11, 0, 2, 0,  0, 0, 0, 12, 0, 4, 0, 15, 0,
                                6, 8, 0, 0, 0, 0, 13, 0,  7, 8, 11, 0, 0, 0, 0,  2, 0, 8, 0,  0};

START_TEST(nothing_set_is_written_as_apache_does)
{
    thrift_schema *schema = schema_of(definition);
    thrift_record *record = thrift_record_new(schema, "S", NULL);
    thrift_buffer out = THRIFT_BUFFER_INIT;

    ck_assert_int_eq(thrift_encode(record, THRIFT_BINARY, NULL, &out, NULL), THRIFT_OK);
    ck_assert_uint_eq(out.size, sizeof unset);
    ck_assert_mem_eq(out.data, unset, out.size);
    out.size = 0;
    ck_assert_int_eq(
        thrift_encode(record, THRIFT_BINARY, THRIFT_CODEC_OPTIONS(.no_defaults = true), &out, NULL),
        THRIFT_OK);
    ck_assert_uint_eq(out.size, 1);
    thrift_buffer_deinit(&out);
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(an_optional_field_is_written_when_set_even_to_its_default)
{
    static const uint8_t want[] = {8, 0, 3, 0, 0, 0, 6, 0};
    thrift_schema *schema = schema_of(definition);
    thrift_record *record = thrift_record_new(schema, "S", NULL);
    thrift_buffer out = THRIFT_BUFFER_INIT;

    thrift_set(record, "o", 6);
    ck_assert_int_eq(
        thrift_encode(record, THRIFT_BINARY, THRIFT_CODEC_OPTIONS(.no_defaults = true), &out, NULL),
        THRIFT_OK);
    ck_assert_uint_eq(out.size, sizeof want);
    ck_assert_mem_eq(out.data, want, out.size);
    thrift_buffer_deinit(&out);
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(what_is_wrong_has_a_path)
{
    thrift_schema *schema = schema_of(definition);
    thrift_record *record = thrift_record_new(schema, "S", NULL);
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_list *list = thrift_open_list(record, "ins");

    for (int i = 0; i < 3; i++) {
        thrift_set(thrift_list_add_record(list), "a", i);
    }
    thrift_list_add_record(list);
    ck_assert_int_eq(thrift_encode(record, THRIFT_COMPACT, NULL, &out, &err), THRIFT_E_REQUIRED);
    ck_assert_str_eq(err.source, "ins[3].a");
    ck_assert_uint_eq(out.size, 0);
    thrift_unset(record, "ins");
    thrift_map_put_record(thrift_open_map(record, "named"), THRIFT_VALUE("k"));
    ck_assert_int_eq(thrift_encode(record, THRIFT_BINARY, NULL, &out, &err), THRIFT_E_REQUIRED);
    ck_assert_str_eq(err.source, "named{\"k\"}.a");
    thrift_unset(record, "named");
    thrift_open_record(record, "u");
    ck_assert_int_eq(thrift_encode(record, THRIFT_BINARY, NULL, &out, &err), THRIFT_E_CORRUPT);
    ck_assert_str_eq(err.source, "u");
    thrift_buffer_deinit(&out);
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

/* Strings of every short size, so that copies by whole vectors are seen to be right. */
START_TEST(strings_of_every_size)
{
    thrift_schema *schema = schema_of("struct S { 1: list<string> l }");
    thrift_record *record = thrift_record_new(schema, "S", NULL), *back;
    thrift_list *list = thrift_open_list(record, "l");
    thrift_buffer out = THRIFT_BUFFER_INIT;
    char text[101];

    memset(text, 'x', sizeof text - 1);
    for (size_t size = 0; size <= 100; size++) {
        text[size] = '\0';
        thrift_list_add(list, (const char *)text);
        text[size] = (char)('a' + size % 26);
    }
    for (int protocol = THRIFT_BINARY; protocol <= THRIFT_COMPACT; protocol++) {
        out.size = 0;
        ck_assert_int_eq(thrift_encode(record, (thrift_protocol)protocol, NULL, &out, NULL),
                         THRIFT_OK);
        uint8_t *exact = malloc(out.size);

        ck_assert_ptr_nonnull(exact);
        memcpy(exact, out.data, out.size);
        back = thrift_decode(schema, "S", (thrift_protocol)protocol,
                             (thrift_bytes){exact, out.size}, NULL, NULL);
        free(exact);
        ck_assert(thrift_record_equal(record, back));
        thrift_record_free(back);
    }
    thrift_buffer_deinit(&out);
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

static const char unset_definition[] =
    "enum Color { RED = 1, BLUE = 3 }\n"
    "union Choice { 1: i32 number }\n"
    "struct Inner { 1: required i32 id, 2: optional string note }\n"
    "struct Unset { 1: required string name, 2: optional i32 count = 5, 3: optional list<i32> "
    "list,\n"
    "               4: optional Inner inner, 5: optional Choice choice, 6: required bool yes,\n"
    "               7: optional Color color = 3, 8: optional map<string, i32> map, 9: i16 usual,\n"
    "               10: list<Inner> inners }\n"
    "struct NeedsChoice { 1: required Choice choice }";

/* What the record is in plain JSON by these options; by way of another protocol, too, in which what
 * was written then is set. */
static void check_unset(const thrift_schema *schema, const thrift_record *record,
                        const thrift_codec_options *options, const char *expected)
{
    static const thrift_protocol protocols[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON,
                                                THRIFT_PLAIN_JSON};

    for (size_t i = 0; i < COUNT_OF(protocols); i++) {
        thrift_buffer out = THRIFT_BUFFER_INIT, text = THRIFT_BUFFER_INIT;
        thrift_error err = THRIFT_ERROR_INIT;

        ck_assert_msg(thrift_encode(record, protocols[i], options, &out, &err) == THRIFT_OK,
                      "%s: %s", err.source, err.message);
        ck_assert_msg(thrift_transcode(schema, "Unset", protocols[i],
                                       (thrift_bytes){out.data, out.size}, THRIFT_PLAIN_JSON,
                                       THRIFT_CODEC_OPTIONS(.accept = THRIFT_ACCEPT_MISSING), &text,
                                       &err) == THRIFT_OK,
                      "%s: %s", err.source, err.message);
        ck_assert_msg(text.size == strlen(expected) && memcmp(text.data, expected, text.size) == 0,
                      "%.*s", (int)text.size, (const char *)text.data);
        thrift_buffer_deinit(&out);
        thrift_buffer_deinit(&text);
    }
}

START_TEST(what_is_unset_is_written_on_request)
{
    thrift_schema *schema = schema_of(unset_definition);
    thrift_record *record = thrift_record_new(schema, "Unset", NULL);
    thrift_codec_options options = THRIFT_CODEC_OPTIONS_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    thrift_list_add_record(thrift_open_list(record, "inners"));
    options.write_optional = true;
    ck_assert_int_eq(thrift_encode(record, THRIFT_BINARY, &options, &out, &err), THRIFT_E_REQUIRED);
    ck_assert_str_eq(err.source, "name");
    options.write_optional = false;
    options.write_required = true;
    check_unset(schema, record, &options,
                "{\"name\":\"\",\"yes\":false,\"usual\":0,\"inners\":[{\"id\":0}]}");
    options.no_defaults = true;
    check_unset(schema, record, &options, "{\"name\":\"\",\"yes\":false,\"inners\":[{\"id\":0}]}");
    options.no_defaults = false;
    options.write_optional = true;
    check_unset(schema, record, &options,
                "{\"name\":\"\",\"count\":5,\"list\":[],\"inner\":{},\"yes\":false,"
                "\"color\":\"BLUE\",\"map\":{},\"usual\":0,\"inners\":[{\"id\":0,\"note\":\"\"}]}");
    thrift_record_free(record);
    record = thrift_record_new(schema, "NeedsChoice", NULL);
    ck_assert_int_eq(thrift_encode(record, THRIFT_BINARY, &options, &out, &err), THRIFT_E_REQUIRED);
    ck_assert_int_eq(thrift_encode(record, THRIFT_PLAIN_JSON, &options, &out, &err),
                     THRIFT_E_REQUIRED);
    thrift_buffer_deinit(&out);
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, nothing_set_is_written_as_apache_does);
    tcase_add_test(tests, an_optional_field_is_written_when_set_even_to_its_default);
    tcase_add_test(tests, what_is_wrong_has_a_path);
    tcase_add_test(tests, strings_of_every_size);
    tcase_add_test(tests, what_is_unset_is_written_on_request);
}

SUITE_MAIN("codec/encode")
