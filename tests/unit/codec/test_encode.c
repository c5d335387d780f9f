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

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, nothing_set_is_written_as_apache_does);
    tcase_add_test(tests, an_optional_field_is_written_when_set_even_to_its_default);
    tcase_add_test(tests, what_is_wrong_has_a_path);
    tcase_add_test(tests, strings_of_every_size);
}

SUITE_MAIN("codec/encode")
