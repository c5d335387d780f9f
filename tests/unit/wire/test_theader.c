/*
 * THeader: what is read of it, that nothing is read beyond it, and that what is written is read.
 */
#include "wire/theader.h"

#include <string.h>

#include "suite.h"

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "wire/zlib_stream.h"

#define FIXED(words) 0x0f, 0xff, 0, 0, 0, 0, 0, 7, 0, words
#define INTACT APPLICATION_UNKNOWN

static const struct {
    const char *name;
    thrift_bytes frame;
    enum wire_fault fault;
    enum application_code refused;
    thrift_protocol protocol;
    bool zlib;
    size_t payload;
    uint32_t headers;
} cases[] = {
    {"binary", BYTES(FIXED(1), 0, 0, 0, 0, 1, 2, 3), WIRE_OK, INTACT, THRIFT_BINARY, false, 3, 0},
    {"compact", BYTES(FIXED(1), 2, 0, 0, 0), WIRE_OK, INTACT, THRIFT_COMPACT, false, 0, 0},
    {"zlib", BYTES(FIXED(1), 0, 1, 1, 0, 9), WIRE_OK, INTACT, THRIFT_BINARY, true, 1, 0},
    {"a pair", BYTES(FIXED(2), 0, 0, 1, 1, 1, 'k', 1, 'v', 5), WIRE_OK, INTACT, THRIFT_BINARY,
     false, 1, 1},
    {"other info blocks", BYTES(FIXED(2), 0, 0, 7, 1, 1, 'k', 1, 'v', 5), WIRE_OK, INTACT,
     THRIFT_BINARY, false, 1, 0},
    {"C++ pads with four", BYTES(FIXED(2), 0, 1, 1, 0, 0, 0, 0, 0), WIRE_OK, INTACT, THRIFT_BINARY,
     true, 0, 0},
    {"Python pads with none", BYTES(FIXED(2), 2, 0, 1, 1, 1, 'k', 1, 'v'), WIRE_OK, INTACT,
     THRIFT_COMPACT, false, 0, 1},
    {"protocol 9", BYTES(FIXED(1), 9, 0, 0, 0), WIRE_OK, APPLICATION_INVALID_PROTOCOL,
     THRIFT_BINARY, false, 0, 0},
    {"snappy", BYTES(FIXED(1), 0, 1, 3, 0), WIRE_OK, APPLICATION_INVALID_TRANSFORM, THRIFT_BINARY,
     false, 0, 0},
    {"zlib twice", BYTES(FIXED(1), 0, 2, 1, 1), WIRE_OK, APPLICATION_INVALID_TRANSFORM,
     THRIFT_BINARY, false, 0, 0},
    {"another magic", BYTES(0x0f, 0xfe, 0, 0, 0, 0, 0, 7, 0, 1, 0, 0, 0, 0), WIRE_BAD_VERSION,
     INTACT, THRIFT_BINARY, false, 0, 0},
    {"header beyond the frame", BYTES(FIXED(9), 0, 0, 0, 0), WIRE_BAD_VALUE, INTACT, THRIFT_BINARY,
     false, 0, 0},
    {"no header at all", BYTES(FIXED(0), 0, 0), WIRE_BAD_VALUE, INTACT, THRIFT_BINARY, false, 0, 0},
    {"varint beyond the header", BYTES(FIXED(1), 0, 0x80, 0x80, 0x80, 0x01), WIRE_BAD_VALUE, INTACT,
     THRIFT_BINARY, false, 0, 0},
    {"a name beyond the header", BYTES(FIXED(2), 0, 0, 1, 1, 9, 'k', 1, 'v', 1, 2, 3, 4, 5, 6, 7),
     WIRE_BAD_VALUE, INTACT, THRIFT_BINARY, false, 0, 0},
    {"a name of 2^32-1", BYTES(FIXED(3), 0, 0, 1, 1, 0xff, 0xff, 0xff, 0xff, 0x0f, 0, 0, 0),
     WIRE_BAD_VALUE, INTACT, THRIFT_BINARY, false, 0, 0},
    {"2^31-1 pairs", BYTES(FIXED(2), 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0x07), WIRE_SIZE_LIMIT,
     INTACT, THRIFT_BINARY, false, 0, 0},
    {"cut", BYTES(0x0f, 0xff, 0, 0, 0, 0, 0, 7, 0), WIRE_TRUNCATED, INTACT, THRIFT_BINARY, false, 0,
     0},
};

START_TEST(reads)
{
    thrift_limits limits = limits_in_force(NULL);
    struct theader got = {.protocol = THRIFT_BINARY};

    if (cases[_i].zlib && !zlib_built()) {
        return;
    }
    ck_assert_msg(theader_read(cases[_i].frame, &limits, &got) == cases[_i].fault, "%s",
                  cases[_i].name);
    if (cases[_i].fault == WIRE_OK) {
        ck_assert_int_eq(got.refused, cases[_i].refused);
        ck_assert_int_eq(got.sequence_id, 7);
    }
    if (cases[_i].fault == WIRE_OK && cases[_i].refused == INTACT) {
        ck_assert_int_eq(got.protocol, cases[_i].protocol);
        ck_assert_int_eq(got.zlib, cases[_i].zlib);
        ck_assert_uint_eq(got.payload.size, cases[_i].payload);
        ck_assert_uint_eq(headers_count(got.headers), cases[_i].headers);
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

START_TEST(pairs_have_a_limit)
{
    static const uint8_t frame[] = {FIXED(3), 0, 0, 1, 2, 1, 'k', 1, 'v', 1, 'l', 1, 'w'};
    thrift_limits limits = limits_in_force(NULL);
    struct theader got;

    limits.max_header_count = 1;
    ck_assert_int_eq(theader_read((thrift_bytes){frame, sizeof frame}, &limits, &got),
                     WIRE_SIZE_LIMIT);
    limits.max_header_count = 2;
    ck_assert_int_eq(theader_read((thrift_bytes){frame, sizeof frame}, &limits, &got), WIRE_OK);
    ck_assert_uint_eq(headers_count(got.headers), 2);
}
END_TEST

/* Every padding, compressed or not. */
START_TEST(what_is_written_is_read)
{
    char name[40];
    thrift_limits limits = limits_in_force(NULL);

    if ((_i & 2) != 0 && !zlib_built()) {
        return;
    }
    for (size_t size = 0; size < sizeof name; size++) {
        thrift_buffer out = THRIFT_BUFFER_INIT, headers = THRIFT_BUFFER_INIT;
        struct theader form = {.protocol = _i & 1 ? THRIFT_COMPACT : THRIFT_BINARY,
                               .sequence_id = -5,
                               .zlib = (_i & 2) != 0};
        struct theader got;
        thrift_bytes value;

        memset(name, 'n', sizeof name);
        name[size] = '\0';
        if (size > 0) {
            ck_assert(headers_append(&headers, (thrift_bytes){(const uint8_t *)name, size},
                                     (thrift_bytes){(const uint8_t *)"value", 5}));
        }
        form.headers = buffer_bytes(&headers);
        ck_assert(buffer_append(&out, "x", 1)); /* a message before */
        ck_assert_int_eq(theader_begin(&form, &out, NULL), THRIFT_OK);
        ck_assert(buffer_append(&out, "payload", 7));
        ck_assert_int_eq(theader_end(&out, 1, form.zlib, NULL), THRIFT_OK);
        ck_assert_uint_eq(load_big32(out.data + 1), out.size - 5);
        ck_assert_int_eq(theader_read((thrift_bytes){out.data + 5, out.size - 5}, &limits, &got),
                         WIRE_OK);
        ck_assert_int_eq(got.protocol, form.protocol);
        ck_assert_int_eq(got.sequence_id, -5);
        ck_assert_int_eq(got.zlib, form.zlib);
        ck_assert_int_eq(headers_find(got.headers, name, &value), size > 0);
        if (form.zlib) {
            headers.size = 0;
            ck_assert_int_eq(zlib_inflate(got.payload, 7, &headers), WIRE_OK);
            got.payload = buffer_bytes(&headers);
        }
        ck_assert_uint_eq(got.payload.size, 7);
        ck_assert_mem_eq(got.payload.data, "payload", 7);
        thrift_buffer_deinit(&headers);
        thrift_buffer_deinit(&out);
    }
}
END_TEST

START_TEST(too_many_headers_are_not_written)
{
    static const char big[65536];
    thrift_buffer out = THRIFT_BUFFER_INIT, headers = THRIFT_BUFFER_INIT;
    struct theader form = {.protocol = THRIFT_BINARY};
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert(headers_append(&headers, (thrift_bytes){(const uint8_t *)"n", 1},
                             (thrift_bytes){(const uint8_t *)big, sizeof big}));
    form.headers = buffer_bytes(&headers);
    ck_assert_int_eq(theader_begin(&form, &out, &err), THRIFT_E_LIMIT);
    ck_assert_uint_eq(out.size, 0);
    thrift_buffer_deinit(&headers);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, reads, 0, COUNT_OF(cases));
    tcase_add_test(tests, a_header_has_a_limit);
    tcase_add_test(tests, pairs_have_a_limit);
    tcase_add_loop_test(tests, what_is_written_is_read, 0, zlib_built() ? 4 : 2);
    tcase_add_test(tests, too_many_headers_are_not_written);
}

SUITE_MAIN("wire/theader")
