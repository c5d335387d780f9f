/*
 * Compact primitives: varints at every length, field heads, what is refused.
 */
#include "wire/compact.h"

#include "suite.h"

static const struct {
    const char *name;
    thrift_bytes input;
    enum wire_fault fault;
    uint64_t value;
} varint64_cases[] = {
    {"zero", BYTES(0), WIRE_OK, 0},
    {"one byte", BYTES(0x7f), WIRE_OK, 127},
    {"two bytes", BYTES(0x80, 0x01), WIRE_OK, 128},
    {"overlong zero", BYTES(0x80, 0x00), WIRE_OK, 0},
    {"eight bytes", BYTES(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f), WIRE_OK,
     UINT64_C(0xffffffffffffff)},
    {"ten bytes", BYTES(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01), WIRE_OK,
     UINT64_MAX},
    {"excess bits", BYTES(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02),
     WIRE_BAD_VALUE, 0},
    {"eleven bytes", BYTES(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00),
     WIRE_BAD_VALUE, 0},
    {"cut", BYTES(0x80, 0x80), WIRE_TRUNCATED, 0},
    {"nothing", {NULL, 0}, WIRE_TRUNCATED, 0},
};

START_TEST(read_varint64)
{
    struct cursor in = cursor_of(varint64_cases[_i].input);
    uint64_t got = 99;

    ck_assert_msg(varint_read64(&in, &got) == varint64_cases[_i].fault, "%s",
                  varint64_cases[_i].name);
    if (varint64_cases[_i].fault == WIRE_OK) {
        ck_assert_uint_eq(got, varint64_cases[_i].value);
        ck_assert_uint_eq(cursor_left(&in), 0);
    } else {
        ck_assert_uint_eq(got, 99);
        ck_assert_uint_eq(cursor_offset(&in), 0);
    }
}
END_TEST

static const struct {
    const char *name;
    thrift_bytes input;
    enum wire_fault fault;
    uint32_t value;
} varint32_cases[] = {
    {"two bytes", BYTES(0xac, 0x02), WIRE_OK, 300},
    {"three bytes", BYTES(0x80, 0x80, 0x01), WIRE_OK, 16384},
    {"five bytes", BYTES(0xff, 0xff, 0xff, 0xff, 0x0f), WIRE_OK, UINT32_MAX},
    {"35 bits", BYTES(0xff, 0xff, 0xff, 0xff, 0x7f), WIRE_BAD_VALUE, 0},
    {"six bytes", BYTES(0x80, 0x80, 0x80, 0x80, 0x80, 0x00), WIRE_BAD_VALUE, 0},
    {"cut", BYTES(0x80), WIRE_TRUNCATED, 0},
};

START_TEST(read_varint32)
{
    struct cursor in = cursor_of(varint32_cases[_i].input);
    uint32_t got = 99;

    ck_assert_msg(varint_read32(&in, &got) == varint32_cases[_i].fault, "%s",
                  varint32_cases[_i].name);
    ck_assert_uint_eq(got, varint32_cases[_i].fault == WIRE_OK ? varint32_cases[_i].value : 99);
}
END_TEST

/* With so much behind it that eight bytes are read at once. */
START_TEST(read_varint32_by_the_word)
{
    const thrift_bytes input = varint32_cases[_i].input;
    uint8_t bytes[16] = {0};
    struct cursor in = cursor_of((thrift_bytes){bytes, sizeof bytes});
    bool cut = varint32_cases[_i].fault == WIRE_TRUNCATED;
    uint32_t got = 99;

    memcpy(bytes, input.data, input.size);
    ck_assert_int_eq(varint_read32(&in, &got), cut ? WIRE_OK : varint32_cases[_i].fault);
    if (cut) {
        ck_assert_uint_eq(got, 0); /* the zero behind it ends it */
    } else if (varint32_cases[_i].fault == WIRE_OK) {
        ck_assert_uint_eq(got, varint32_cases[_i].value);
        ck_assert_uint_eq(cursor_offset(&in), input.size);
    } else {
        ck_assert_uint_eq(got, 99);
        ck_assert_uint_eq(cursor_offset(&in), 0);
    }
}
END_TEST

/* Every length, with and without bytes behind, so that both ways of reading are taken. */
START_TEST(varints_come_back)
{
    for (unsigned bits = 0; bits <= 64; bits++) {
        uint64_t x = bits == 0 ? 0 : UINT64_MAX >> (64 - bits);
        uint8_t bytes[24] = {0};
        size_t size = (size_t)(varint_write64(bytes, x) - bytes);
        uint64_t got;

        for (size_t slack = 0; slack < 9; slack++) {
            struct cursor in = cursor_of((thrift_bytes){bytes, size + slack});

            ck_assert_int_eq(varint_read64(&in, &got), WIRE_OK);
            ck_assert_uint_eq(got, x);
            ck_assert_uint_eq(cursor_left(&in), slack);
        }
        for (size_t short_by = 1; short_by <= size; short_by++) {
            struct cursor in = cursor_of((thrift_bytes){bytes, size - short_by});

            ck_assert_int_eq(varint_read64(&in, &got), WIRE_TRUNCATED);
        }
        ck_assert(zigzag_decode64(zigzag_encode64((int64_t)x)) == (int64_t)x);
        ck_assert(zigzag_decode32(zigzag_encode32((int32_t)x)) == (int32_t)x);
    }
    ck_assert_uint_eq(zigzag_encode32(-1), 1);
    ck_assert_uint_eq(zigzag_encode64(INT64_MIN), UINT64_MAX);
}
END_TEST

/* Both ways to write one, around every power of two. */
static void check_put(uint64_t x)
{
    uint8_t expected[16] = {0}, bytes[16];
    size_t size = (size_t)(varint_write64(expected, x) - expected);

    memset(bytes, 0xaa, sizeof bytes);
    ck_assert_uint_eq((size_t)(varint_put64(bytes, x) - bytes), size);
    ck_assert_mem_eq(bytes, expected, size);
    ck_assert_uint_eq(bytes[10], 0xaa);
    ck_assert_uint_eq(varint_size(x), size);
    if (x <= UINT32_MAX) {
        memset(bytes, 0xaa, sizeof bytes);
        ck_assert_uint_eq((size_t)(varint_put32(bytes, (uint32_t)x) - bytes), size);
        ck_assert_mem_eq(bytes, expected, size);
        ck_assert_uint_eq(bytes[8], 0xaa);
    }
}

START_TEST(varints_without_a_branch)
{
    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t x = UINT64_C(1) << bit;

        check_put(x - 1);
        check_put(x);
        check_put(x + 1);
        check_put(x | x >> 3 | UINT64_C(0x55));
        check_put(UINT64_MAX - x);
    }
}
END_TEST

static const struct {
    const char *name;
    thrift_bytes input;
    int16_t last_id;
    enum wire_fault fault;
    uint8_t type;
    int16_t id;
    bool truth;
} field_cases[] = {
    {"stop", BYTES(0), 3, WIRE_OK, WIRE_STOP, 0, false},
    {"stop with a delta", BYTES(0x10), 3, WIRE_OK, WIRE_STOP, 0, false},
    {"delta", BYTES(0x15), 3, WIRE_OK, WIRE_I32, 4, false},
    {"true", BYTES(0x21), 3, WIRE_OK, WIRE_BOOL, 5, true},
    {"false", BYTES(0x22), 3, WIRE_OK, WIRE_BOOL, 5, false},
    {"long form", BYTES(0x05, 0x03), 3, WIRE_OK, WIRE_I32, -2, false},
    {"long form, highest id", BYTES(0x08, 0xfe, 0xff, 0x03), 3, WIRE_OK, WIRE_STRING, 32767, false},
    {"id over i16", BYTES(0x08, 0x80, 0x80, 0x04), 3, WIRE_BAD_VALUE, 0, 0, false},
    {"delta over i16", BYTES(0xf5), 32767, WIRE_BAD_VALUE, 0, 0, false},
    {"type 14", BYTES(0x1e), 3, WIRE_BAD_TYPE, 0, 0, false},
    {"type 15", BYTES(0x1f), 3, WIRE_BAD_TYPE, 0, 0, false},
    {"uuid", BYTES(0x1d), 3, WIRE_OK, WIRE_UUID, 4, false},
    {"cut", BYTES(0x05, 0x80), 3, WIRE_TRUNCATED, 0, 0, false},
    {"nothing", {NULL, 0}, 3, WIRE_TRUNCATED, 0, 0, false},
};

START_TEST(read_field)
{
    struct cursor in = cursor_of(field_cases[_i].input);
    int16_t last_id = field_cases[_i].last_id, id = 0;
    uint8_t type = 99;
    bool truth = false;

    ck_assert_msg(compact_read_field(&in, &last_id, &type, &id, &truth) == field_cases[_i].fault,
                  "%s", field_cases[_i].name);
    if (field_cases[_i].fault == WIRE_OK && field_cases[_i].type != WIRE_STOP) {
        ck_assert_uint_eq(type, field_cases[_i].type);
        ck_assert_int_eq(id, field_cases[_i].id);
        ck_assert_int_eq(last_id, field_cases[_i].id);
        ck_assert_int_eq(truth, field_cases[_i].truth);
    } else {
        ck_assert_int_eq(last_id, field_cases[_i].last_id);
    }
    ck_assert_uint_eq(cursor_left(&in),
                      field_cases[_i].fault == WIRE_OK ? 0 : field_cases[_i].input.size);
}
END_TEST

START_TEST(heads_are_written_as_apache_does)
{
    static const uint8_t want[] = {0x15, 0x05, 0x24, 0x05, 0x03, 0x35, 0xf8, 0x0f, 0x00, 0x02,
                                   0x86, 0,    0,    0,    0,    0,    0,    0xf0, 0x3f};
    uint8_t bytes[64];
    uint8_t *to = compact_write_field(bytes, wire_to_compact[WIRE_I32], 1, 0);

    to = compact_write_field(to, wire_to_compact[WIRE_I32], 18, 2);
    to = compact_write_field(to, wire_to_compact[WIRE_I32], -2, 2);
    to = compact_write_list(to, WIRE_I32, 3);
    to = compact_write_list(to, WIRE_STRING, 15);
    to = compact_write_map(to, WIRE_I32, WIRE_I32, 0);
    to = compact_write_map(to, WIRE_STRING, WIRE_I64, 2);
    to = compact_write_double(to, 1.0);
    ck_assert_uint_eq((size_t)(to - bytes), sizeof want);
    ck_assert_mem_eq(bytes, want, sizeof want);
}
END_TEST

static const struct {
    const char *name;
    thrift_bytes input;
    enum wire_fault fault;
    uint8_t element;
    uint32_t count;
} list_cases[] = {
    {"three", BYTES(0x35), WIRE_OK, WIRE_I32, 3},
    {"fifteen", BYTES(0xf5, 0x0f), WIRE_OK, WIRE_I32, 15},
    {"bools, either code", BYTES(0x12), WIRE_OK, WIRE_BOOL, 1},
    {"no such type", BYTES(0x1e), WIRE_OK, 255, 1},
    {"type stop", BYTES(0x10), WIRE_OK, 255, 1},
    {"over an i32", BYTES(0xf5, 0xff, 0xff, 0xff, 0xff, 0x0f), WIRE_NEGATIVE_SIZE, 0, 0},
    {"cut", BYTES(0xf5), WIRE_TRUNCATED, 0, 0},
};

START_TEST(read_list)
{
    struct cursor in = cursor_of(list_cases[_i].input);
    uint8_t element = 0;
    uint32_t count = 0;

    ck_assert_msg(compact_read_list(&in, &element, &count) == list_cases[_i].fault, "%s",
                  list_cases[_i].name);
    ck_assert_uint_eq(element, list_cases[_i].element);
    ck_assert_uint_eq(count, list_cases[_i].count);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, read_varint64, 0, COUNT_OF(varint64_cases));
    tcase_add_loop_test(tests, read_varint32, 0, COUNT_OF(varint32_cases));
    tcase_add_loop_test(tests, read_varint32_by_the_word, 0, COUNT_OF(varint32_cases));
    tcase_add_test(tests, varints_come_back);
    tcase_add_test(tests, varints_without_a_branch);
    tcase_add_loop_test(tests, read_field, 0, COUNT_OF(field_cases));
    tcase_add_test(tests, heads_are_written_as_apache_does);
    tcase_add_loop_test(tests, read_list, 0, COUNT_OF(list_cases));
}

SUITE_MAIN("wire/compact")
