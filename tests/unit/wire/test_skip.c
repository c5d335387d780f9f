/*
 * Skipping: that it ends where the value ends, at every type; what it refuses; how deep it goes.
 *
 * Covers also: walk.c, walk_binary.h, walk_compact.h.
 */
#include "wire/skip.h"

#include <stdlib.h>
#include <string.h>

#include "suite.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "wire/compact.h"
#include "wire/varint_run.h"
#include "wire/wire_type.h"

static const struct skip_depth top = {0, 0};

static const struct {
    const char *name;
    thrift_protocol protocol;
    uint8_t type;
    thrift_bytes bytes;
    enum wire_fault fault;
} cases[] = {
    {"bool", THRIFT_BINARY, WIRE_BOOL, BYTES(1), WIRE_OK},
    {"i64", THRIFT_BINARY, WIRE_I64, BYTES(1, 2, 3, 4, 5, 6, 7, 8), WIRE_OK},
    {"uuid", THRIFT_BINARY, WIRE_UUID, BYTES(1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8),
     WIRE_OK},
    {"string", THRIFT_BINARY, WIRE_STRING, BYTES(0, 0, 0, 2, 'a', 'b'), WIRE_OK},
    {"empty struct", THRIFT_BINARY, WIRE_STRUCT, BYTES(0), WIRE_OK},
    {"nested struct", THRIFT_BINARY, WIRE_STRUCT,
     BYTES(12, 0, 1, 8, 0, 1, 0, 0, 0, 1, 0, 2, 0, 2, 1, 0), WIRE_OK},
    {"list of numbers", THRIFT_BINARY, WIRE_LIST, BYTES(6, 0, 0, 0, 2, 0, 1, 0, 2), WIRE_OK},
    {"list of strings", THRIFT_BINARY, WIRE_SET, BYTES(11, 0, 0, 0, 2, 0, 0, 0, 1, 'a', 0, 0, 0, 0),
     WIRE_OK},
    {"map, keys then values", THRIFT_BINARY, WIRE_MAP,
     BYTES(11, 3, 0, 0, 0, 2, 0, 0, 0, 1, 'a', 7, 0, 0, 0, 1, 'b', 8), WIRE_OK},
    {"map of fixed sizes", THRIFT_BINARY, WIRE_MAP, BYTES(3, 6, 0, 0, 0, 2, 1, 0, 1, 2, 0, 2),
     WIRE_OK},
    {"empty map of no types", THRIFT_BINARY, WIRE_MAP, BYTES(0, 99, 0, 0, 0, 0), WIRE_OK},
    {"empty list of no type", THRIFT_BINARY, WIRE_LIST, BYTES(0, 0, 0, 0, 0), WIRE_OK},
    {"list of stop", THRIFT_BINARY, WIRE_LIST, BYTES(0, 0x7f, 0xff, 0xff, 0xff), WIRE_BAD_TYPE},
    {"list of void", THRIFT_BINARY, WIRE_LIST, BYTES(1, 0, 0, 0, 1, 0), WIRE_BAD_TYPE},
    {"huge list", THRIFT_BINARY, WIRE_LIST, BYTES(12, 0x7f, 0xff, 0xff, 0xff), WIRE_SIZE_LIMIT},
    {"negative list", THRIFT_BINARY, WIRE_LIST, BYTES(12, 0xff, 0xff, 0xff, 0xff),
     WIRE_NEGATIVE_SIZE},
    {"field of no type", THRIFT_BINARY, WIRE_STRUCT, BYTES(5, 0, 1, 0), WIRE_BAD_TYPE},
    {"no type", THRIFT_BINARY, 99, BYTES(0), WIRE_BAD_TYPE},
    {"stop", THRIFT_BINARY, WIRE_STOP, BYTES(0), WIRE_BAD_TYPE},
    {"compact i64", THRIFT_COMPACT, WIRE_I64, BYTES(0xff, 0xff, 0x01), WIRE_OK},
    {"compact i16 over range", THRIFT_COMPACT, WIRE_I16, BYTES(0x80, 0x80, 0x04), WIRE_BAD_VALUE},
    {"compact struct", THRIFT_COMPACT, WIRE_STRUCT,
     BYTES(0x11, 0x12, 0x15, 2, 0x18, 1, 'a', 0x19, 0x25, 2, 4, 0x1b, 1, 0x88, 1, 'k', 1, 'v', 0),
     WIRE_OK},
    {"compact empty map", THRIFT_COMPACT, WIRE_MAP, BYTES(0), WIRE_OK},
    {"compact bools", THRIFT_COMPACT, WIRE_LIST, BYTES(0x31, 1, 2, 1), WIRE_OK},
    {"compact id overflow", THRIFT_COMPACT, WIRE_STRUCT,
     BYTES(0x05, 0xfe, 0xff, 0x03, 0, 0xf5, 0, 0), WIRE_BAD_VALUE},
    {"compact i32s of all lengths", THRIFT_COMPACT, WIRE_LIST,
     BYTES(0xf5, 18, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0x80, 1, 0x80, 0x80, 1, 0x80, 0x80, 0x80, 1, 0x80,
           0x80, 0x80, 0x80, 0x0f, 9, 9, 9, 9, 9),
     WIRE_OK},
    {"compact i32 over range among others", THRIFT_COMPACT, WIRE_LIST,
     BYTES(0xf5, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0x80, 0x80, 0x80, 0x80, 0x10, 9, 9, 9, 9, 9, 9, 9,
           9, 9, 9),
     WIRE_BAD_VALUE},
    {"compact i64s of all lengths", THRIFT_COMPACT, WIRE_LIST,
     BYTES(0xf6, 15, 0, 1, 2, 3, 4, 5, 6, 7, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0xff,
           0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
           0xff, 0xff, 1, 9, 9, 9, 9),
     WIRE_OK},
    {"compact i64 over range among others", THRIFT_COMPACT, WIRE_LIST,
     BYTES(0xa6, 0, 1, 2, 3, 4, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 9, 9, 9, 9,
           9, 9, 9, 9, 9),
     WIRE_BAD_VALUE},
    {"compact i16s of all lengths", THRIFT_COMPACT, WIRE_SET,
     BYTES(0xf4, 17, 0, 1, 2, 3, 4, 5, 6, 7, 0x80, 1, 0xff, 0xff, 3, 0xff, 1, 0, 9, 9, 9, 9, 9),
     WIRE_OK},
    {"compact i16 over range among others", THRIFT_COMPACT, WIRE_SET,
     BYTES(0xf4, 17, 0, 1, 2, 3, 4, 5, 6, 7, 0x80, 1, 0x80, 0x80, 4, 0xff, 1, 0, 9, 9, 9, 9, 9),
     WIRE_BAD_VALUE},
    {"compact string of two bytes' size, and too long", THRIFT_COMPACT, WIRE_LIST,
     BYTES(0x28, 0x81, 0, 'a', 0xff, 0xff, 0xff, 0xff, 7, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
           9),
     WIRE_SIZE_LIMIT},
    {"map of strings and numbers", THRIFT_BINARY, WIRE_MAP,
     BYTES(11, 10, 0, 0, 0, 2, 0, 0, 0, 1, 'a', 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 1, 'b', 1, 2, 3, 4,
           5, 6, 7, 8),
     WIRE_OK},
    {"structs in a row", THRIFT_BINARY, WIRE_LIST,
     BYTES(12, 0, 0, 0, 3, 8, 0, 1, 0, 0, 0, 7, 11, 0, 2, 0, 0, 0, 1, 'a', 0, 2, 0, 1, 1, 0, 15, 0,
           3, 11, 0, 0, 0, 1, 0, 0, 0, 1, 'b', 0),
     WIRE_OK},
    {"negative string among others", THRIFT_BINARY, WIRE_LIST,
     BYTES(11, 0, 0, 0, 2, 0, 0, 0, 1, 'a', 0xff, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9),
     WIRE_NEGATIVE_SIZE},
    {"compact type 14", THRIFT_COMPACT, WIRE_LIST, BYTES(0xfe, 0xff, 0xff, 0xff, 0xff, 7),
     WIRE_BAD_TYPE},
};

START_TEST(ends_where_the_value_ends)
{
    thrift_limits limits = limits_in_force(NULL);
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    struct cursor in;

    ck_assert(buffer_append(&bytes, cases[_i].bytes.data, cases[_i].bytes.size));
    ck_assert(buffer_append(&bytes, "\x7f", 1));
    in = cursor_of(buffer_bytes(&bytes));
    ck_assert_msg(skip_value(cases[_i].protocol, &in, cases[_i].type, top, &limits) ==
                      cases[_i].fault,
                  "%s", cases[_i].name);
    if (cases[_i].fault == WIRE_OK) {
        ck_assert_msg(cursor_left(&in) == 1, "%s", cases[_i].name);
        for (size_t size = 0; size < cases[_i].bytes.size; size++) {
            in = cursor_of((thrift_bytes){cases[_i].bytes.data, size});
            ck_assert_msg(skip_value(cases[_i].protocol, &in, cases[_i].type, top, &limits) ==
                              WIRE_TRUNCATED,
                          "%s cut to %zu", cases[_i].name, size);
        }
    }
    thrift_buffer_deinit(&bytes);
}
END_TEST

static const struct {
    const char *name;
    thrift_protocol protocol;
    uint8_t type;
    uint32_t count;
    thrift_bytes bytes; /* all that is there */
    enum wire_fault fault;
    size_t taken;
} elements[] = {
    {"none of no type", THRIFT_BINARY, 99, 0, BYTES(1), WIRE_OK, 0},
    {"two of no type", THRIFT_BINARY, 99, 2, BYTES(1), WIRE_BAD_TYPE, 0},
    {"numbers", THRIFT_BINARY, WIRE_I32, 2, BYTES(0, 0, 0, 1, 0, 0, 0, 2, 9), WIRE_OK, 8},
    {"numbers cut short", THRIFT_BINARY, WIRE_I32, 2, BYTES(0, 0, 0, 1, 0, 0), WIRE_TRUNCATED, 6},
    {"strings", THRIFT_BINARY, WIRE_STRING, 2, BYTES(0, 0, 0, 1, 'a', 0, 0, 0, 0, 9), WIRE_OK, 9},
    {"structs", THRIFT_BINARY, WIRE_STRUCT, 3, BYTES(0, 2, 0, 1, 1, 0, 0, 0), WIRE_OK, 7},
    {"varints", THRIFT_COMPACT, WIRE_I64, 3, BYTES(0x80, 1, 2, 3, 4), WIRE_OK, 4},
    {"lists", THRIFT_COMPACT, WIRE_LIST, 2, BYTES(0x25, 1, 2, 0, 9), WIRE_OK, 4},
};

START_TEST(elements_are_skipped)
{
    static const struct skip_depth inside = {1, 2};
    thrift_limits limits = limits_in_force(NULL);
    struct cursor in = cursor_of(elements[_i].bytes);

    ck_assert_msg(skip_elements(elements[_i].protocol, &in, elements[_i].type, elements[_i].count,
                                inside, &limits) == elements[_i].fault,
                  "%s", elements[_i].name);
    ck_assert_msg(cursor_offset(&in) == elements[_i].taken, "%s", elements[_i].name);
}
END_TEST

/* One number after the other, as they are read. */
static enum wire_fault read_numbers(struct cursor *in, uint8_t type, uint32_t count)
{
    enum wire_fault fault = WIRE_OK;
    int16_t narrower;
    int32_t narrow;
    int64_t wide;

    for (; count > 0 && fault == WIRE_OK; count--) {
        fault = type == WIRE_I16   ? compact_read_i16(in, &narrower)
                : type == WIRE_I32 ? compact_read_i32(in, &narrow)
                                   : compact_read_i64(in, &wide);
    }
    return fault;
}

/* Both take the same bytes and find the same fault, wherever the input ends. */
static void check_numbers(uint8_t type, const uint8_t *data, size_t size, uint32_t count)
{
    static const struct skip_depth inside = {1, 2};
    thrift_limits limits = limits_in_force(NULL);
    uint8_t *exact = malloc(size + 1);
    struct cursor read, skipped;
    enum wire_fault fault;

    ck_assert_ptr_nonnull(exact);
    memcpy(exact + 1, data, size);
    read = skipped = cursor_of((thrift_bytes){exact + 1, size});
    fault = read_numbers(&read, type, count);
    ck_assert_int_eq(skip_elements(THRIFT_COMPACT, &skipped, type, count, inside, &limits), fault);
    if (fault == WIRE_OK) {
        ck_assert_uint_eq(cursor_offset(&skipped), cursor_offset(&read));
    }
    free(exact);
}

static const uint8_t number_types[] = {WIRE_I16, WIRE_I32, WIRE_I64};

/* Numbers of up to `most` bytes, at random; now and then one with too many. */
static uint32_t fill_numbers(uint8_t *bytes, size_t room, size_t most, unsigned *seed)
{
    uint32_t count = 0;
    size_t at = 0;

    for (;; count++) {
        size_t size = 1 + (size_t)rand_r(seed) % most;

        size += rand_r(seed) % 200 == 0 ? (size_t)rand_r(seed) % 3 : 0;
        if (size > room - at) {
            break;
        }
        memset(bytes + at, 0x80 | rand_r(seed) % 128, size - 1);
        at += size;
        bytes[at - 1] = (uint8_t)(size == 10 ? rand_r(seed) % 3 : rand_r(seed) % 128);
    }
    memset(bytes + at, 0x80, room - at);
    return count;
}

START_TEST(numbers_are_passed_over_as_they_are_read)
{
    const uint8_t type = number_types[(size_t)_i / 10];
    const size_t most = (size_t)_i % 10 + 1;
    unsigned seed = (unsigned)_i + 1;
    uint8_t bytes[240];

    for (int round = 0; round < 200; round++) {
        uint32_t count = fill_numbers(bytes, sizeof bytes, most, &seed);

        for (size_t size = 0; size <= sizeof bytes; size += 1 + (size_t)rand_r(&seed) % 7) {
            check_numbers(type, bytes, size, count);
            check_numbers(type, bytes, size, count > 20 ? 20 : count);
        }
        check_numbers(type, bytes, sizeof bytes, count);
        check_numbers(type, bytes, sizeof bytes, count + 1);
    }
}
END_TEST

START_TEST(bits_by_words_and_by_vectors)
{
    unsigned seed = 7;
    uint8_t bytes[VARINT_RUN];

    for (int round = 0; round < 2000; round++) {
        uint32_t expected = 0;

        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (uint8_t)rand_r(&seed);
            expected |= (uint32_t)(bytes[i] >> 7) << i;
        }
        ck_assert_uint_eq(varint_goes_on(bytes), expected);
        ck_assert_uint_eq(varint_goes_on_by_words(bytes), expected);
    }
}
END_TEST

START_TEST(runs_of_bits)
{
    for (unsigned run = 0; run <= VARINT_RUN; run++) {
        uint32_t bits = (uint32_t)(UINT64_C(0xffffffff) << (VARINT_RUN - run));

        ck_assert_uint_eq(varint_run_at_end(bits), run);
        ck_assert_uint_eq(varint_runs_of_2(bits) != 0, run >= 2);
        ck_assert_uint_eq(varint_runs_of_4(bits) != 0, run >= 4);
        ck_assert_uint_eq(varint_runs_of_9(bits) != 0, run >= 9);
    }
}
END_TEST

/* The depth that a value may have is the same whether it is skipped by itself or with others. */
START_TEST(elements_are_as_deep_as_values)
{
    thrift_limits limits = limits_in_force(NULL);
    const thrift_bytes bytes = BYTES(12, 0, 1, 0, 0);

    for (uint32_t any = 1; any < 6; any++) {
        struct skip_depth depth = {0, any};
        struct cursor one = cursor_of(bytes), many = one;
        enum wire_fault fault;

        limits.max_depth = 4;
        fault = skip_value(THRIFT_BINARY, &one, WIRE_STRUCT, depth, &limits);
        ck_assert_int_eq(skip_elements(THRIFT_BINARY, &many, WIRE_STRUCT, 1, depth, &limits),
                         fault);
        ck_assert_ptr_eq(one.at, many.at);
        ck_assert_int_eq(fault, any < 3 ? WIRE_OK : WIRE_DEPTH_LIMIT);
    }
}
END_TEST

/* `depth` structs in one another. */
static void nest(thrift_buffer *out, size_t depth)
{
    for (size_t i = 1; i < depth; i++) {
        ck_assert(buffer_append(out, "\x0c\x00\x01", 3));
    }
    for (size_t i = 0; i < depth; i++) {
        ck_assert(buffer_append(out, "", 1));
    }
}

START_TEST(depth_is_limited)
{
    static const struct {
        size_t depth;
        struct skip_depth outer;
        enum wire_fault fault;
    } depths[] = {
        {64, {0, 0}, WIRE_OK},
        {65, {0, 0}, WIRE_DEPTH_LIMIT},
        {62, {2, 2}, WIRE_OK},
        {63, {2, 2}, WIRE_DEPTH_LIMIT},
        {1, {63, 127}, WIRE_OK},
        {1, {63, 128}, WIRE_DEPTH_LIMIT},
        {100000, {0, 0}, WIRE_DEPTH_LIMIT},
    };
    thrift_limits limits = limits_in_force(NULL);

    for (size_t i = 0; i < COUNT_OF(depths); i++) {
        thrift_buffer bytes = THRIFT_BUFFER_INIT;
        struct cursor in;

        nest(&bytes, depths[i].depth);
        in = cursor_of(buffer_bytes(&bytes));
        ck_assert_msg(skip_value(THRIFT_BINARY, &in, WIRE_STRUCT, depths[i].outer, &limits) ==
                          depths[i].fault,
                      "case %zu", i);
        thrift_buffer_deinit(&bytes);
    }
}
END_TEST

START_TEST(lists_count_as_levels)
{
    thrift_limits limits = limits_in_force(NULL);
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    struct cursor in;

    for (int i = 0; i < 200; i++) {
        ck_assert(buffer_append(&bytes, "\x0f\x00\x00\x00\x01", 5));
    }
    in = cursor_of(buffer_bytes(&bytes));
    ck_assert_int_eq(skip_value(THRIFT_BINARY, &in, WIRE_LIST, top, &limits), WIRE_DEPTH_LIMIT);
    ck_assert_uint_eq(cursor_offset(&in) / 5, 128);
    thrift_buffer_deinit(&bytes);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, ends_where_the_value_ends, 0, COUNT_OF(cases));
    tcase_add_loop_test(tests, elements_are_skipped, 0, COUNT_OF(elements));
    tcase_add_loop_test(tests, numbers_are_passed_over_as_they_are_read, 0,
                        10 * COUNT_OF(number_types));
    tcase_add_test(tests, bits_by_words_and_by_vectors);
    tcase_add_test(tests, runs_of_bits);
    tcase_add_test(tests, elements_are_as_deep_as_values);
    tcase_add_test(tests, depth_is_limited);
    tcase_add_test(tests, lists_count_as_levels);
}

SUITE_MAIN("wire/skip")
