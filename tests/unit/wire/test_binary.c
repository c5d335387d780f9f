/*
 * Binary primitives: what is read back, what is refused, that a refused read moves nothing.
 */
#include "wire/binary.h"

#include "suite.h"

#include "base/limits.h"

static const struct {
    const char *name;
    thrift_bytes input;
    enum wire_fault fault;
    const char *text; /* expected when the fault is WIRE_OK */
} string_cases[] = {
    {"three bytes", BYTES(0, 0, 0, 3, 'a', 'b', 'c'), WIRE_OK, "abc"},
    {"empty", BYTES(0, 0, 0, 0), WIRE_OK, ""},
    {"exactly the limit", BYTES(0, 0, 0, 4, 'a', 'b', 'c', 'd'), WIRE_OK, "abcd"},
    {"size cut short", BYTES(0, 0, 0), WIRE_TRUNCATED, NULL},
    {"body cut short", BYTES(0, 0, 0, 4, 'a', 'b', 'c'), WIRE_TRUNCATED, NULL},
    {"minus one", BYTES(0xff, 0xff, 0xff, 0xff), WIRE_NEGATIVE_SIZE, NULL},
    {"the least", BYTES(0x80, 0, 0, 0), WIRE_NEGATIVE_SIZE, NULL},
    {"over the limit", BYTES(0, 0, 0, 5, 'a', 'b', 'c', 'd', 'e'), WIRE_SIZE_LIMIT, NULL},
    {"over the limit and cut", BYTES(0x7f, 0xff, 0xff, 0xff), WIRE_SIZE_LIMIT, NULL},
};

START_TEST(read_string)
{
    struct cursor in = cursor_of(string_cases[_i].input);
    thrift_bytes got = {NULL, 99};

    ck_assert_msg(binary_read_string(&in, 4, &got) == string_cases[_i].fault, "%s",
                  string_cases[_i].name);
    if (string_cases[_i].fault == WIRE_OK) {
        ck_assert_uint_eq(got.size, strlen(string_cases[_i].text));
        ck_assert_mem_eq(got.data, string_cases[_i].text, got.size);
        ck_assert_uint_eq(cursor_left(&in), 0);
    } else {
        ck_assert_uint_eq(got.size, 99);
        ck_assert_uint_eq(cursor_offset(&in), 0);
    }
}
END_TEST

static const struct {
    const char *name;
    thrift_bytes input;
    enum wire_fault fault;
    uint8_t element;
    uint32_t count;
} list_cases[] = {
    {"two i32", BYTES(8, 0, 0, 0, 2), WIRE_OK, WIRE_I32, 2},
    {"empty of no type", BYTES(0, 0, 0, 0, 0), WIRE_OK, 0, 0},
    {"cut", BYTES(8, 0, 0, 0), WIRE_TRUNCATED, 0, 0},
    {"negative", BYTES(8, 0xff, 0xff, 0xff, 0xff), WIRE_NEGATIVE_SIZE, 0, 0},
    {"largest", BYTES(8, 0x7f, 0xff, 0xff, 0xff), WIRE_OK, WIRE_I32, INT32_MAX},
};

START_TEST(read_list)
{
    struct cursor in = cursor_of(list_cases[_i].input);
    uint8_t element = 0;
    uint32_t count = 0;

    ck_assert_msg(binary_read_list(&in, &element, &count) == list_cases[_i].fault, "%s",
                  list_cases[_i].name);
    ck_assert_uint_eq(element, list_cases[_i].element);
    ck_assert_uint_eq(count, list_cases[_i].count);
}
END_TEST

START_TEST(numbers_come_back)
{
    static const int64_t numbers[] = {0,         1,         -1,        127,
                                      -128,      32767,     -32768,    INT32_MAX,
                                      INT32_MIN, INT64_MAX, INT64_MIN, 0x0102030405060708};
    uint8_t bytes[64];

    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        uint8_t *to = binary_write_i64(bytes, numbers[i]);
        struct cursor in;
        int8_t a;
        int16_t b;
        int32_t c;
        int64_t d;
        double e;

        to = binary_write_i32(to, (int32_t)numbers[i]);
        to = binary_write_i16(to, (int16_t)numbers[i]);
        to = binary_write_i8(to, (int8_t)numbers[i]);
        to = binary_write_double(to, (double)numbers[i]);
        in = cursor_of((thrift_bytes){bytes, (size_t)(to - bytes)});
        ck_assert(binary_read_i64(&in, &d) && d == numbers[i]);
        ck_assert(binary_read_i32(&in, &c) && c == (int32_t)numbers[i]);
        ck_assert(binary_read_i16(&in, &b) && b == (int16_t)numbers[i]);
        ck_assert(binary_read_i8(&in, &a) && a == (int8_t)numbers[i]);
        ck_assert(binary_read_double(&in, &e));
        ck_assert_mem_eq(&e, &(double){(double)numbers[i]}, sizeof e);
        ck_assert(!binary_read_i8(&in, &a));
    }
}
END_TEST

START_TEST(bytes_are_in_network_order)
{
    static const uint8_t want[] = {1,    2,    3, 4, 0x3f, 0xf0, 0, 0,  0,  0, 0, 0, 15,
                                   0xff, 0xfe, 8, 0, 0,    1,    0, 11, 10, 0, 0, 0, 2};
    uint8_t bytes[64];
    uint8_t *to = binary_write_i32(bytes, 0x01020304);

    to = binary_write_double(to, 1.0);
    to = binary_write_field(to, WIRE_LIST, -2);
    to = binary_write_list(to, WIRE_I32, 256);
    to = binary_write_map(to, WIRE_STRING, WIRE_I64, 2);
    ck_assert_uint_eq((size_t)(to - bytes), sizeof want);
    ck_assert_mem_eq(bytes, want, sizeof want);
}
END_TEST

START_TEST(any_byte_but_zero_is_true)
{
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t bytes[1] = {(uint8_t)byte};
        struct cursor in = cursor_of((thrift_bytes){bytes, 1});
        bool x;
        uint8_t stored;

        ck_assert(binary_read_bool(&in, &x));
        memcpy(&stored, &x, 1);
        ck_assert_uint_eq(stored, byte != 0);
    }
}
END_TEST

START_TEST(a_field_is_read_whole_or_not)
{
    static const uint8_t bytes[] = {8, 0x80, 0x00};
    static const uint8_t stop[] = {0};
    uint8_t type = 77;
    int16_t id = 5;

    for (size_t size = 0; size < sizeof bytes; size++) {
        struct cursor in = cursor_of((thrift_bytes){bytes, size});

        ck_assert(!binary_read_field(&in, &type, &id));
        ck_assert_uint_eq(cursor_offset(&in), 0);
    }
    struct cursor in = cursor_of((thrift_bytes){bytes, sizeof bytes});

    ck_assert(binary_read_field(&in, &type, &id) && type == WIRE_I32 && id == INT16_MIN);
    in = cursor_of((thrift_bytes){stop, 1});
    ck_assert(binary_read_field(&in, &type, &id) && type == WIRE_STOP && id == INT16_MIN);
}
END_TEST

START_TEST(counts_are_checked_against_the_bytes_left)
{
    static const uint8_t bytes[100];
    struct cursor in = cursor_of((thrift_bytes){bytes, sizeof bytes});
    thrift_limits limits = limits_in_force(NULL);

    ck_assert_int_eq(wire_count_check(&in, 25, 4, &limits), WIRE_OK);
    ck_assert_int_eq(wire_count_check(&in, 26, 4, &limits), WIRE_TRUNCATED);
    ck_assert_int_eq(wire_count_check(&in, INT32_MAX, 22, &limits), WIRE_SIZE_LIMIT);
    limits.max_container_count = 24;
    ck_assert_int_eq(wire_count_check(&in, 24, 4, &limits), WIRE_OK);
    ck_assert_int_eq(wire_count_check(&in, 25, 4, &limits), WIRE_SIZE_LIMIT);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, read_string, 0, COUNT_OF(string_cases));
    tcase_add_loop_test(tests, read_list, 0, COUNT_OF(list_cases));
    tcase_add_test(tests, numbers_come_back);
    tcase_add_test(tests, bytes_are_in_network_order);
    tcase_add_test(tests, any_byte_but_zero_is_true);
    tcase_add_test(tests, a_field_is_read_whole_or_not);
    tcase_add_test(tests, counts_are_checked_against_the_bytes_left);
}

SUITE_MAIN("wire/binary")
