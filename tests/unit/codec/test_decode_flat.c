/*
 * Structs of leaves, which are read and written in one go, beside the same fields in a struct that
 * is not: the same bytes, the same values, the same failures at the same places.
 *
 * Covers also encode_flat.h.
 */
#include "fixture.h"

#include "allocator.h"

#define FIELDS                                                                                     \
    " 1: required i32 id, 2: optional string name, 3: bool yes, 4: optional i8 tiny, 5: i16 "      \
    "small,"                                                                                       \
    " 6: optional i64 large, 7: double real = 0.5, 8: optional binary data, 9: optional uuid key," \
    " 30: optional string far, 31: Color color = 2 "

static const char definition[] = "enum Color { RED = 1, GREEN = 2 }\n"
                                 "struct Flat {" FIELDS "}\n"
                                 "struct Deep {" FIELDS ", 40: optional list<i32> more }\n";

static const thrift_protocol protocols[] = {THRIFT_BINARY, THRIFT_COMPACT};

/* Around the sizes at which strings are copied otherwise. */
static const size_t sizes[] = {0, 1, 7, 8, 15, 16, 17, 47, 48, 49, 127, 128, 511, 512, 513, 2000};

static void set_text(thrift_record *record, const char *field, size_t size)
{
    uint8_t text[2000];
    thrift_bytes bytes = {text, size};

    memset(text, 'x', sizeof text);
    ck_assert_int_eq(thrift_set(record, field, bytes), THRIFT_OK);
}

/* Which optional fields there are: a bit of `choice` each; `size` of the strings. */
static thrift_record *make(const thrift_schema *schema, const char *type, unsigned choice,
                           size_t size)
{
    thrift_record *record = thrift_record_new(schema, type, NULL);

    ck_assert_ptr_nonnull(record);
    thrift_set(record, "id", (int)choice * 77 - 500, "yes", (choice & 1) != 0);
    if ((choice & 1) != 0) {
        set_text(record, "name", size);
    }
    if ((choice & 2) != 0) {
        thrift_set(record, "tiny", -3, "small", -300);
    }
    if ((choice & 4) != 0) {
        thrift_set(record, "large", INT64_MIN + choice);
    }
    if ((choice & 8) != 0) {
        set_text(record, "data", size / 2);
    }
    if ((choice & 16) != 0) {
        set_text(record, "far", size);
    }
    return record;
}

static thrift_buffer encoded(const thrift_record *record, thrift_protocol protocol)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;

    ck_assert_int_eq(thrift_encode(record, protocol, NULL, &out, NULL), THRIFT_OK);
    return out;
}

/* Decodes bytes that end where their block ends; the result is NULL where both refuse alike. */
static void decode_both(const thrift_schema *schema, thrift_protocol protocol, thrift_bytes bytes,
                        thrift_record *out[2])
{
    thrift_error flat = THRIFT_ERROR_INIT, deep = THRIFT_ERROR_INIT;

    out[0] = thrift_decode(schema, "Flat", protocol, bytes, NULL, &flat);
    out[1] = thrift_decode(schema, "Deep", protocol, bytes, NULL, &deep);
    ck_assert_int_eq(flat.code, deep.code);
    ck_assert_uint_eq(flat.offset, deep.offset);
    ck_assert_str_eq(flat.message, deep.message);
    ck_assert_str_eq(flat.source, deep.source);
}

/* Whatever the bytes are: both refuse them, or both give the same. */
static void agree(const thrift_schema *schema, thrift_protocol protocol, const uint8_t *data,
                  size_t size)
{
    uint8_t *exact = malloc(size > 0 ? size : 1);
    thrift_record *records[2];
    thrift_buffer again[2];

    ck_assert_ptr_nonnull(exact);
    memcpy(exact, data, size);
    decode_both(schema, protocol, (thrift_bytes){exact, size}, records);
    free(exact);
    if (records[0] != NULL) {
        for (int i = 0; i < 2; i++) {
            again[i] = encoded(records[i], protocol);
        }
        ck_assert_uint_eq(again[0].size, again[1].size);
        ck_assert_mem_eq(again[0].data, again[1].data, again[0].size);
        for (int i = 0; i < 2; i++) {
            thrift_buffer_deinit(&again[i]);
            thrift_record_free(records[i]);
        }
    }
}

START_TEST(written_and_read_alike)
{
    thrift_schema *schema = schema_of(definition);

    for (unsigned choice = 0; choice < 32; choice++) {
        for (size_t i = 0; i < COUNT_OF(sizes); i++) {
            thrift_record *flat = make(schema, "Flat", choice, sizes[i]);
            thrift_record *deep = make(schema, "Deep", choice, sizes[i]);
            thrift_buffer one = encoded(flat, protocols[_i]), other = encoded(deep, protocols[_i]);

            ck_assert_uint_eq(one.size, other.size);
            ck_assert_mem_eq(one.data, other.data, one.size);
            agree(schema, protocols[_i], one.data, one.size);
            thrift_buffer_deinit(&one);
            thrift_buffer_deinit(&other);
            thrift_record_free(flat);
            thrift_record_free(deep);
        }
    }
    thrift_schema_unref(schema);
}
END_TEST

/* Every prefix, and every byte changed in several ways. */
START_TEST(refused_alike)
{
    static const uint8_t changes[] = {0x01, 0x0f, 0x10, 0x80, 0xff};
    thrift_schema *schema = schema_of(definition);

    for (unsigned choice = 0; choice < 32; choice += 3) {
        thrift_record *record = make(schema, "Flat", choice, 20);
        thrift_buffer bytes = encoded(record, protocols[_i]);

        for (size_t at = 0; at < bytes.size; at++) {
            agree(schema, protocols[_i], bytes.data, at);
            for (size_t i = 0; i < COUNT_OF(changes); i++) {
                bytes.data[at] ^= changes[i];
                agree(schema, protocols[_i], bytes.data, bytes.size);
                bytes.data[at] ^= changes[i];
            }
        }
        thrift_buffer_deinit(&bytes);
        thrift_record_free(record);
    }
    thrift_schema_unref(schema);
}
END_TEST

/* What one go cannot do: fields that are required and not set, kept though unknown, out of order.
 */
START_TEST(what_needs_a_look_gets_it)
{
    thrift_schema *schema = schema_of(definition);
    static const uint8_t swapped[] = {2, 0, 3, 1, 8, 0, 1, 0, 0, 0, 9, 3, 0, 77, 5, 0};
    const thrift_codec_options *keep = THRIFT_CODEC_OPTIONS(.unknown = THRIFT_UNKNOWN_KEEP);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_record *record = thrift_record_new(schema, "Flat", NULL);
    thrift_buffer out = THRIFT_BUFFER_INIT;

    ck_assert_ptr_nonnull(record);
    ck_assert_int_eq(thrift_encode(record, THRIFT_BINARY, NULL, &out, &err), THRIFT_E_REQUIRED);
    ck_assert_str_eq(err.source, "id");
    ck_assert_uint_eq(out.size, 0);
    thrift_record_free(record);
    record = thrift_decode(schema, "Flat", THRIFT_BINARY, (thrift_bytes){swapped, sizeof swapped},
                           keep, &err);
    ck_assert_ptr_nonnull(record);
    ck_assert_int_eq(thrift_get_i32(record, "id"), 9);
    ck_assert(thrift_get_bool(record, "yes"));
    ck_assert_int_eq(thrift_encode(record, THRIFT_BINARY, NULL, &out, &err), THRIFT_OK);
    ck_assert_mem_eq(out.data + out.size - 5, "\x03\x00\x4d\x05\x00", 5);
    thrift_buffer_deinit(&out);
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(no_memory_is_an_error)
{
    thrift_schema *schema = schema_of(definition);
    thrift_record *record = make(schema, "Flat", 31, 2000);
    thrift_status status = THRIFT_E_NOMEM;

    for (size_t k = 1; status != THRIFT_OK; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_buffer out = THRIFT_BUFFER_INIT;

        out.allocator = failing_allocator_of(&memory);
        status = thrift_encode(record, protocols[_i], NULL, &out, NULL);
        ck_assert_int_eq(status, memory.count < k ? THRIFT_OK : THRIFT_E_NOMEM);
        thrift_buffer_deinit(&out);
        ck_assert_uint_eq(memory.live, 0);
    }
    thrift_record_free(record);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, written_and_read_alike, 0, COUNT_OF(protocols));
    tcase_add_loop_test(tests, refused_alike, 0, COUNT_OF(protocols));
    tcase_add_test(tests, what_needs_a_look_gets_it);
    tcase_add_loop_test(tests, no_memory_is_an_error, 0, COUNT_OF(protocols));
}

SUITE_MAIN("codec/decode_flat")
