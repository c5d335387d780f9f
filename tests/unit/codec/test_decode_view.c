/*
 * Decoded strings as views into the input: what is a view and what is not, that nothing is read
 * behind the input's last byte, and that everything else is as with copies.
 */
#include <stdint.h>

#include "allocator.h"
#include "fixture.h"

static const char definition[] =
    "enum Color { RED = 1 }\n"
    "struct Inner { 1: string text, 2: binary raw, 3: optional string note = 'none' }\n"
    "struct Outer { 1: string name, 2: list<string> tags, 3: map<string, binary> blobs,\n"
    "               4: Inner inner, 5: set<string> kinds, 6: Color color, 7: list<Inner> inners,\n"
    "               8: string last }";

static const thrift_codec_options views = {.struct_size = sizeof views,
                                           .strings = THRIFT_DECODE_VIEWS};

static const thrift_protocol protocols[] = {THRIFT_BINARY, THRIFT_COMPACT, THRIFT_TJSON,
                                            THRIFT_PLAIN_JSON};

/* Of every length that copying by vectors tells apart. */
static thrift_record *sample(const thrift_schema *schema)
{
    static const char text[] = "0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRST";
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_record_new(schema, "Outer", &err);
    thrift_list *tags = thrift_open_list(record, "tags");

    thrift_set(record, "name", "a name that is long enough", "inner.text", "inside", "inner.raw",
               "bytes", "color", "RED", "last", "z");
    thrift_map_put(thrift_open_map(record, "blobs"), "key", "value");
    thrift_map_put(thrift_open_map(record, "blobs"), "other", "");
    thrift_list_add(thrift_open_list(record, "kinds"), "kind");
    for (size_t i = 0; i < sizeof text; i++) {
        thrift_list_add(tags, ((thrift_bytes){(const uint8_t *)text, i}));
    }
    thrift_set(thrift_list_add_record(thrift_open_list(record, "inners")), "text", "one", "note",
               "two");
    ck_assert_int_eq(thrift_check(record, &err), THRIFT_OK);
    return record;
}

/* In a block of exactly that size. */
static thrift_bytes encoded(const thrift_record *record, thrift_protocol protocol)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_buffer out = THRIFT_BUFFER_INIT;
    uint8_t *block;

    ck_assert_msg(thrift_encode(record, protocol, NULL, &out, &err) == THRIFT_OK, "%s",
                  err.message);
    block = malloc(out.size);
    ck_assert_ptr_nonnull(block);
    memcpy(block, out.data, out.size);
    thrift_bytes bytes = {block, out.size};

    thrift_buffer_deinit(&out);
    return bytes;
}

static bool is_inside(thrift_bytes part, thrift_bytes whole)
{
    return (uintptr_t)part.data - (uintptr_t)whole.data < whole.size;
}

START_TEST(strings_stay_in_the_input)
{
    thrift_schema *schema = schema_of(definition);
    thrift_record *record = sample(schema);
    thrift_bytes input = encoded(record, protocols[_i]), name;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *read = thrift_decode(schema, "Outer", protocols[_i], input, &views, &err);

    ck_assert_msg(read != NULL, "%s: %s", err.source, err.message);
    name = thrift_get_bytes(read, "name");
    ck_assert_mem_eq(name.data, "a name that is long enough", name.size);
    ck_assert(is_inside(name, input));
    ck_assert(is_inside(thrift_get_bytes(read, "tags[40]"), input));
    ck_assert(is_inside(thrift_get_bytes(read, "inner.text"), input));
    ck_assert(!is_inside(thrift_get_bytes(read, "last"), input)); /* too near its end */
    ck_assert(thrift_record_equal(read, record));
    ck_assert_int_eq(thrift_record_compare(read, record), 0);
    ck_assert_uint_eq(thrift_record_hash(read), thrift_record_hash(record));
    ck_assert_int_eq(thrift_check(read, &err), THRIFT_OK);
    thrift_record_free(read);
    thrift_record_free(record);
    vector_free(input);
    thrift_schema_unref(schema);
}
END_TEST

/* Also what had to be copied: whether a string can be read as one does not hang on its place. */
START_TEST(no_view_is_a_c_string)
{
    static const char *const paths[] = {"name",      "tags[1]",        "tags[66]", "blobs{\"key\"}",
                                        "inner.raw", "inners[0].note", "last"};
    thrift_schema *schema = schema_of(definition);
    thrift_record *record = sample(schema);
    thrift_bytes input = encoded(record, protocols[_i]);

    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_record *read = thrift_decode(schema, "Outer", protocols[_i], input, &views, &err);

        ck_assert_ptr_null(thrift_get_string(read, paths[i]));
        ck_assert_int_eq(thrift_check(read, &err), THRIFT_E_TYPE);
        ck_assert_str_eq(err.source, paths[i]);
        thrift_record_free(read);
        read = thrift_decode(schema, "Outer", protocols[_i], input, &views, &err);
        ck_assert_ptr_null(thrift_as_string(thrift_get(read, paths[i])));
        ck_assert_int_eq(thrift_check(read, &err), THRIFT_E_TYPE);
        thrift_record_free(read);
    }
    thrift_record_free(record);
    vector_free(input);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(what_is_no_view_is_a_c_string)
{
    thrift_schema *schema = schema_of(definition);
    thrift_record *record = sample(schema), *read, *copy;
    thrift_bytes input = encoded(record, protocols[_i]);
    thrift_error err = THRIFT_ERROR_INIT;

    read = thrift_decode(schema, "Outer", protocols[_i], input, &views, &err);
    ck_assert_str_eq(thrift_get_string(read, "inner.note"), "none"); /* declared */
    ck_assert_str_eq(thrift_get_string(read, "color"), "RED");
    ck_assert_str_eq(thrift_get_string(read, "tags[0]"), "");
    thrift_set(read, "name", thrift_get(read, "inner.text"), "last", "set");
    ck_assert_str_eq(thrift_get_string(read, "name"), "inside");
    ck_assert_str_eq(thrift_get_string(read, "last"), "set");
    copy = thrift_record_copy(read, &err);
    thrift_record_free(read);
    vector_free(input);
    ck_assert_str_eq(thrift_get_string(copy, "tags[66]") + 60, "OPQRST");
    ck_assert_str_eq(thrift_get_string(copy, "blobs{\"key\"}"), "value");
    ck_assert_int_eq(thrift_check(copy, &err), THRIFT_OK);
    thrift_record_free(copy);
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(views_are_written_in_every_protocol)
{
    thrift_schema *schema = schema_of(definition);
    thrift_record *record = sample(schema);
    thrift_bytes input = encoded(record, protocols[_i]);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *read = thrift_decode(schema, "Outer", protocols[_i], input, &views, &err);

    for (size_t i = 0; i < COUNT_OF(protocols); i++) {
        thrift_buffer out = THRIFT_BUFFER_INIT;
        thrift_bytes expected = encoded(record, protocols[i]);

        ck_assert_msg(thrift_encode(read, protocols[i], NULL, &out, &err) == THRIFT_OK, "%s",
                      err.message);
        ck_assert_uint_eq(out.size, expected.size);
        ck_assert_mem_eq(out.data, expected.data, out.size);
        thrift_buffer_deinit(&out);
        vector_free(expected);
    }
    thrift_record_free(read);
    thrift_record_free(record);
    vector_free(input);
    thrift_schema_unref(schema);
}
END_TEST

/* The root forgets its input with its values. */
START_TEST(the_next_value_may_be_copied)
{
    thrift_schema *schema = schema_of(definition);
    thrift_record *record = sample(schema);
    thrift_bytes input = encoded(record, protocols[_i]), rest = input;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *read = thrift_decode(schema, "Outer", protocols[_i], input, &views, &err);

    ck_assert_int_eq(thrift_decode_next(read, protocols[_i], &rest, NULL, &err), THRIFT_OK);
    ck_assert_str_eq(thrift_get_string(read, "name"), "a name that is long enough");
    rest = input;
    ck_assert_int_eq(thrift_decode_next(read, protocols[_i], &rest, &views, &err), THRIFT_OK);
    ck_assert(is_inside(thrift_get_bytes(read, "name"), input));
    thrift_record_reset(read);
    thrift_set(read, "name", "new");
    ck_assert_str_eq(thrift_get_string(read, "name"), "new");
    thrift_record_free(read);
    thrift_record_free(record);
    vector_free(input);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(policies_hold_for_views)
{
    static const uint8_t bytes[] = {11, 0,  1, 0, 0, 0, 2, 0xff, 0xfe, 11, 0, 8,   0,  0,
                                    0,  24, 1, 2, 3, 4, 5, 6,    7,    8,  9, 10,  11, 12,
                                    1,  1,  1, 1, 1, 1, 1, 1,    1,    1,  1, 'n', 0};
    thrift_schema *schema = schema_of(definition);
    thrift_limits limits = {.struct_size = sizeof limits, .max_string_size = 10};
    thrift_codec_options options = views;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_bytes input = {bytes, sizeof bytes};
    thrift_record *read = thrift_decode(schema, "Outer", THRIFT_BINARY, input, &options, &err);

    ck_assert_ptr_nonnull(read);
    ck_assert_ptr_eq(thrift_get_bytes(read, "name").data, bytes + 7);
    thrift_record_free(read);
    options.refuse = THRIFT_ACCEPT_UTF8;
    ck_assert_ptr_null(thrift_decode(schema, "Outer", THRIFT_BINARY, input, &options, &err));
    ck_assert_int_eq(err.code, THRIFT_E_CORRUPT);
    ck_assert_str_eq(err.source, "name");
    options.refuse = 0;
    options.limits = &limits;
    ck_assert_ptr_null(thrift_decode(schema, "Outer", THRIFT_BINARY, input, &options, &err));
    ck_assert_int_eq(err.code, THRIFT_E_LIMIT);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(escapes_and_base64_are_copied)
{
    static const char text[] =
        "{\"name\": \"tab\\there\", \"inner\": {\"raw\": \"YWJj\"},"
        " \"last\": \"and then there is room\"                                   }";
    thrift_schema *schema = schema_of(definition);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_bytes input = {(const uint8_t *)text, sizeof text - 1};
    thrift_record *read = thrift_decode(schema, "Outer", THRIFT_PLAIN_JSON, input, &views, &err);

    ck_assert_msg(read != NULL, "%s", err.message);
    ck_assert_mem_eq(thrift_get_bytes(read, "name").data, "tab\there", 8);
    ck_assert_mem_eq(thrift_get_bytes(read, "inner.raw").data, "abc", 3);
    ck_assert(is_inside(thrift_get_bytes(read, "last"), input));
    ck_assert_ptr_null(thrift_get_string(read, "name"));
    ck_assert_int_eq(thrift_check(read, &err), THRIFT_E_TYPE);
    thrift_record_free(read);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(every_prefix_fails_and_every_flip_ends)
{
    thrift_schema *schema = schema_of(definition);
    thrift_record *record = sample(schema);
    thrift_bytes input = encoded(record, protocols[_i]);

    for (size_t size = 0; size < input.size; size++) {
        uint8_t *cut = malloc(size + 1);

        memcpy(cut, input.data, size);
        ck_assert_ptr_null(
            thrift_decode(schema, "Outer", protocols[_i], (thrift_bytes){cut, size}, &views, NULL));
        free(cut);
    }
    for (size_t bit = 0; bit < 8 * input.size; bit++) {
        uint8_t *at = (uint8_t *)(uintptr_t)&input.data[bit / 8];
        thrift_buffer out = THRIFT_BUFFER_INIT;
        thrift_record *read, *copied;

        *at = (uint8_t)(*at ^ 1u << bit % 8);
        read = thrift_decode(schema, "Outer", protocols[_i], input, &views, NULL);
        copied = thrift_decode(schema, "Outer", protocols[_i], input, NULL, NULL);
        ck_assert((read == NULL) == (copied == NULL));
        ck_assert(read == NULL || thrift_record_equal(read, copied));
        if (read != NULL) {
            (void)thrift_encode(read, THRIFT_BINARY, NULL, &out, NULL);
        }
        thrift_record_free(read);
        thrift_record_free(copied);
        thrift_buffer_deinit(&out);
        *at = (uint8_t)(*at ^ 1u << bit % 8);
    }
    thrift_record_free(record);
    vector_free(input);
    thrift_schema_unref(schema);
}
END_TEST

/* Of what is read, and of what is written from it. */
START_TEST(every_allocation_may_fail)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_load_options load = {.struct_size = sizeof load, .allocator = &allocator};
        thrift_schema *schema = thrift_load_text("test.thrift", definition, &load, NULL);
        thrift_buffer out = {NULL, 0, 0, allocator};
        static const char text[] = "{\"name\": \"a\\tb\", \"inner\": {\"text\": \"c\"}}";
        thrift_record *read =
            thrift_decode(schema, "Outer", THRIFT_PLAIN_JSON,
                          (thrift_bytes){(const uint8_t *)text, sizeof text - 1}, &views, NULL);

        if (thrift_encode(read, THRIFT_BINARY, NULL, &out, NULL) == THRIFT_OK) {
            thrift_bytes bytes = {out.data, out.size};

            thrift_record_free(thrift_decode(schema, "Outer", THRIFT_BINARY, bytes, &views, NULL));
        }
        thrift_buffer_deinit(&out);
        thrift_record_free(read);
        thrift_schema_unref(schema);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            break;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    int count = (int)COUNT_OF(protocols);

    tcase_add_loop_test(tests, strings_stay_in_the_input, 0, count);
    tcase_add_loop_test(tests, no_view_is_a_c_string, 0, count);
    tcase_add_loop_test(tests, what_is_no_view_is_a_c_string, 0, count);
    tcase_add_loop_test(tests, views_are_written_in_every_protocol, 0, count);
    tcase_add_loop_test(tests, the_next_value_may_be_copied, 0, count);
    tcase_add_test(tests, policies_hold_for_views);
    tcase_add_test(tests, escapes_and_base64_are_copied);
    tcase_add_loop_test(tests, every_prefix_fails_and_every_flip_ends, 0, count);
    tcase_add_test(tests, every_allocation_may_fail);
}

SUITE_MAIN("codec/decode_view")
