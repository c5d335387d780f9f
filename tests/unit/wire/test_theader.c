/*
 * THeader: what is read of it, and that nothing is read beyond it.
 */
#include "wire/theader.h"

#include "suite.h"

#include "base/limits.h"

#define FIXED(words) 0x0f, 0xff, 0, 0, 0, 0, 0, 7, 0, words

static const struct {
    const char *name;
    thrift_bytes frame;
    enum wire_fault fault;
    thrift_protocol protocol;
    bool transformed;
    size_t payload;
} cases[] = {
    {"binary", BYTES(FIXED(1), 0, 0, 0, 0, 1, 2, 3), WIRE_OK, THRIFT_BINARY, false, 3},
    {"compact", BYTES(FIXED(1), 2, 0, 0, 0), WIRE_OK, THRIFT_COMPACT, false, 0},
    {"zlib", BYTES(FIXED(1), 0, 1, 1, 0, 9), WIRE_OK, THRIFT_BINARY, true, 1},
    {"info blocks are passed over", BYTES(FIXED(2), 0, 0, 1, 1, 1, 'k', 1, 'v', 5), WIRE_OK,
     THRIFT_BINARY, false, 1},
    {"protocol 9", BYTES(FIXED(1), 9, 0, 0, 0), WIRE_BAD_VERSION, THRIFT_BINARY, false, 0},
    {"another magic", BYTES(0x0f, 0xfe, 0, 0, 0, 0, 0, 7, 0, 1, 0, 0, 0, 0), WIRE_BAD_VERSION,
     THRIFT_BINARY, false, 0},
    {"header beyond the frame", BYTES(FIXED(9), 0, 0, 0, 0), WIRE_BAD_VALUE, THRIFT_BINARY, false,
     0},
    {"no header at all", BYTES(FIXED(0), 0, 0), WIRE_BAD_VALUE, THRIFT_BINARY, false, 0},
    {"varint beyond the header", BYTES(FIXED(1), 0, 0x80, 0x80, 0x80, 0x01), WIRE_BAD_VALUE,
     THRIFT_BINARY, false, 0},
    {"cut", BYTES(0x0f, 0xff, 0, 0, 0, 0, 0, 7, 0), WIRE_TRUNCATED, THRIFT_BINARY, false, 0},
};

START_TEST(reads)
{
    thrift_limits limits = limits_in_force(NULL);
    struct theader got = {.sequence_id = 0};

    ck_assert_msg(theader_read(cases[_i].frame, &limits, &got) == cases[_i].fault, "%s",
                  cases[_i].name);
    if (cases[_i].fault == WIRE_OK) {
        ck_assert_int_eq(got.protocol, cases[_i].protocol);
        ck_assert_int_eq(got.sequence_id, 7);
        ck_assert_int_eq(got.transformed, cases[_i].transformed);
        ck_assert_uint_eq(got.payload.size, cases[_i].payload);
    }
}
END_TEST

START_TEST(a_header_has_a_limit)
{
    static const uint8_t frame[10 + 400] = {FIXED(100)};
    thrift_limits limits = limits_in_force(NULL);
    struct theader got;

    limits.max_header_size = 399;
    ck_assert_int_eq(theader_read((thrift_bytes){frame, sizeof frame}, &limits, &got),
                     WIRE_SIZE_LIMIT);
    limits.max_header_size = 400;
    ck_assert_int_eq(theader_read((thrift_bytes){frame, sizeof frame}, &limits, &got), WIRE_OK);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, reads, 0, COUNT_OF(cases));
    tcase_add_test(tests, a_header_has_a_limit);
}

SUITE_MAIN("wire/theader")
