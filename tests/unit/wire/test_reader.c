/*
 * Reader and writer: each kind of value, head and container there and back, in binary and compact;
 * every prefix is too short.
 *
 * Covers also: writer.c.
 */
#include "wire/reader.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "suite.h"
#include "wire/wire_type.h"
#include "wire/writer.h"

static const thrift_protocol protocols[] = {THRIFT_BINARY, THRIFT_COMPACT};

static const struct wire_value values[] = {
    {WIRE_BOOL, 1, 0, {NULL, 0}},
    {WIRE_BOOL, 0, 0, {NULL, 0}},
    {WIRE_I8, INT8_MIN, 0, {NULL, 0}},
    {WIRE_I16, INT16_MIN, 0, {NULL, 0}},
    {WIRE_I32, INT32_MAX, 0, {NULL, 0}},
    {WIRE_I64, INT64_MIN, 0, {NULL, 0}},
    {WIRE_I64, -1, 0, {NULL, 0}},
    {WIRE_DOUBLE, 0, -0.1, {NULL, 0}},
    {WIRE_STRING, 0, 0, {(const uint8_t *)"some text", 9}},
    {WIRE_STRING, 0, 0, {NULL, 0}},
    {WIRE_UUID, 0, 0, {(const uint8_t *)"0123456789abcdef", 16}},
};

static const struct {
    uint8_t type;
    struct wire_container head;
} containers[] = {
    {WIRE_LIST, {WIRE_I32, WIRE_I32, 0}},         {WIRE_LIST, {WIRE_BOOL, WIRE_BOOL, 14}},
    {WIRE_SET, {WIRE_STRING, WIRE_STRING, 15}},   {WIRE_MAP, {WIRE_I32, WIRE_STRUCT, 3}},
    {WIRE_LIST, {WIRE_STRUCT, WIRE_STRUCT, 300}},
};

static struct reader reader_on(const thrift_buffer *bytes, size_t size, thrift_protocol protocol)
{
    return (struct reader){cursor_of((thrift_bytes){bytes->data, size}), protocol, &limits_default};
}

START_TEST(values_there_and_back)
{
    const struct wire_value *want = &values[_i % (int)COUNT_OF(values)];
    thrift_protocol protocol = protocols[_i / (int)COUNT_OF(values)];
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    struct writer writer = {&bytes, protocol, false};
    struct wire_value got = {0};
    struct reader reader;

    writer_value(&writer, want);
    ck_assert(!writer.failed);
    reader = reader_on(&bytes, bytes.size, protocol);
    ck_assert_int_eq(reader_value(&reader, want->type, &got), WIRE_OK);
    ck_assert_uint_eq(cursor_left(&reader.in), 0);
    ck_assert(got.integer == want->integer || want->type > WIRE_I64 || want->type == WIRE_DOUBLE);
    ck_assert(want->type != WIRE_DOUBLE || memcmp(&got.real, &want->real, sizeof got.real) == 0);
    if (want->type == WIRE_STRING || want->type == WIRE_UUID) {
        ck_assert_uint_eq(got.bytes.size, want->bytes.size);
        ck_assert(got.bytes.size == 0 ||
                  memcmp(got.bytes.data, want->bytes.data, got.bytes.size) == 0);
    }
    for (size_t size = 0; size < bytes.size; size++) {
        reader = reader_on(&bytes, size, protocol);
        ck_assert_int_eq(reader_value(&reader, want->type, &got), WIRE_TRUNCATED);
    }
    thrift_buffer_deinit(&bytes);
}
END_TEST

START_TEST(fields_there_and_back)
{
    static const int16_t ids[] = {1, 2, 17, 33, 32767, 5, -3};
    thrift_protocol protocol = protocols[_i];
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    struct writer writer = {&bytes, protocol, false};
    int16_t written = 0, read = 0, id = 0;
    struct reader reader;
    uint8_t type = WIRE_STOP;
    bool truth = false;

    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        writer_field(&writer, &written, WIRE_BOOL, ids[i], i % 2 == 0);
        if (protocol == THRIFT_BINARY) {
            writer_value(&writer, &(struct wire_value){.type = WIRE_BOOL, .integer = i % 2 == 0});
        }
    }
    writer_stop(&writer);
    reader = reader_on(&bytes, bytes.size, protocol);
    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        struct wire_value value = {0};

        ck_assert_int_eq(reader_field(&reader, &read, &type, &id, &truth), WIRE_OK);
        ck_assert_int_eq(type, WIRE_BOOL);
        ck_assert_int_eq(id, ids[i]);
        if (!reader_bool_in_head(&reader)) {
            ck_assert_int_eq(reader_value(&reader, type, &value), WIRE_OK);
            truth = value.integer != 0;
        }
        ck_assert_int_eq(truth, i % 2 == 0);
    }
    ck_assert_int_eq(reader_field(&reader, &read, &type, &id, &truth), WIRE_OK);
    ck_assert_int_eq(type, WIRE_STOP);
    ck_assert_uint_eq(cursor_left(&reader.in), 0);
    thrift_buffer_deinit(&bytes);
}
END_TEST

/* The head alone claims more than is there; with enough bytes behind it, it is read. */
START_TEST(heads_of_containers)
{
    const struct wire_container *want = &containers[_i % (int)COUNT_OF(containers)].head;
    uint8_t type = containers[_i % (int)COUNT_OF(containers)].type;
    thrift_protocol protocol = protocols[_i / (int)COUNT_OF(containers)];
    static const uint8_t elements[4096];
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    struct writer writer = {&bytes, protocol, false};
    struct wire_container got = {0};
    struct reader reader;

    writer_container(&writer, type, want);
    reader = reader_on(&bytes, bytes.size, protocol);
    ck_assert_int_eq(reader_container(&reader, type, &got),
                     want->count == 0 ? WIRE_OK : WIRE_TRUNCATED);
    ck_assert(buffer_append(&bytes, elements, sizeof elements));
    reader = reader_on(&bytes, bytes.size, protocol);
    ck_assert_int_eq(reader_container(&reader, type, &got), WIRE_OK);
    ck_assert_uint_eq(got.count, want->count);
    ck_assert_uint_eq(got.element, want->element);
    ck_assert_uint_eq(got.key, want->key);
    ck_assert_uint_eq(cursor_left(&reader.in), sizeof elements);
    thrift_buffer_deinit(&bytes);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, values_there_and_back, 0, 2 * (int)COUNT_OF(values));
    tcase_add_loop_test(tests, fields_there_and_back, 0, 2);
    tcase_add_loop_test(tests, heads_of_containers, 0, 2 * (int)COUNT_OF(containers));
}

SUITE_MAIN("wire/reader")
