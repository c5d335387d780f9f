/*
 * zlib: streams in any pieces, whole ones at once, what is not zlib, limits, no memory.
 */
#include "wire/zlib_stream.h"

#include <string.h>

#include "allocator.h"
#include "base/buffer.h"
#include "suite.h"

static const uint8_t zeros[100000];

static thrift_bytes text(const char *of) { return (thrift_bytes){(const uint8_t *)of, strlen(of)}; }

START_TEST(a_stream_in_any_pieces)
{
    struct zlib_writer *writer = zlib_writer_new(NULL);
    thrift_buffer wire = THRIFT_BUFFER_INIT;
    size_t first;

    ck_assert(zlib_write(writer, text("hello, "), &wire));
    first = wire.size;
    ck_assert(zlib_write(writer, text("world"), &wire));
    for (size_t step = 1; step < wire.size; step++) {
        struct zlib_reader *reader = zlib_reader_new(NULL);
        thrift_buffer got = THRIFT_BUFFER_INIT;

        for (size_t at = 0; at < wire.size; at += step) {
            size_t size = wire.size - at < step ? wire.size - at : step, read;
            thrift_bytes piece = {wire.data + at, size};
            uint8_t room[3];

            do {
                ck_assert_int_eq(zlib_read(reader, &piece, room, sizeof room, &read), WIRE_OK);
                ck_assert(buffer_append(&got, room, read));
            } while (read == sizeof room);
            ck_assert_uint_eq(piece.size, 0);
            if (at + size == first) {
                ck_assert_uint_eq(got.size, 7); /* a flushed part is complete */
            }
        }
        ck_assert_uint_eq(got.size, 12);
        ck_assert_mem_eq(got.data, "hello, world", 12);
        ck_assert(!zlib_reader_ended(reader));
        zlib_reader_free(reader);
        thrift_buffer_deinit(&got);
    }
    zlib_writer_free(writer);
    thrift_buffer_deinit(&wire);
}
END_TEST

START_TEST(whole_streams)
{
    thrift_buffer wire = THRIFT_BUFFER_INIT, back = THRIFT_BUFFER_INIT;

    ck_assert(buffer_append(&back, "before", 6));
    ck_assert(zlib_deflate((thrift_bytes){zeros, sizeof zeros}, &wire));
    ck_assert_uint_lt(wire.size, 1000);
    ck_assert_int_eq(zlib_inflate(buffer_bytes(&wire), sizeof zeros, &back), WIRE_OK);
    ck_assert_uint_eq(back.size, 6 + sizeof zeros);
    ck_assert_mem_eq(back.data + 6, zeros, sizeof zeros);
    /* a bomb is not inflated further than its limit needs */
    thrift_buffer_deinit(&back);
    ck_assert_int_eq(zlib_inflate(buffer_bytes(&wire), 4000, &back), WIRE_SIZE_LIMIT);
    ck_assert_uint_eq(back.size, 0);
    ck_assert_uint_le(back.capacity, 16384);
    ck_assert_int_eq(zlib_inflate((thrift_bytes){wire.data, wire.size - 1}, 200000, &back),
                     WIRE_BAD_VALUE);
    ck_assert(buffer_append(&wire, "x", 1));
    ck_assert_int_eq(zlib_inflate(buffer_bytes(&wire), 200000, &back), WIRE_BAD_VALUE);
    ck_assert_int_eq(zlib_inflate(text("no zlib"), 200000, &back), WIRE_BAD_VALUE);
    ck_assert_int_eq(zlib_inflate(text(""), 200000, &back), WIRE_BAD_VALUE);
    thrift_buffer_deinit(&wire);
    thrift_buffer_deinit(&back);
}
END_TEST

START_TEST(bytes_behind_the_end)
{
    thrift_buffer wire = THRIFT_BUFFER_INIT;
    struct zlib_reader *reader = zlib_reader_new(NULL);
    uint8_t room[16];
    thrift_bytes rest;
    size_t size;

    ck_assert(zlib_deflate(text("end"), &wire));
    ck_assert(buffer_append(&wire, "junk", 4));
    rest = buffer_bytes(&wire);
    ck_assert_int_eq(zlib_read(reader, &rest, room, sizeof room, &size), WIRE_OK);
    ck_assert_uint_eq(size, 3);
    ck_assert(zlib_reader_ended(reader));
    ck_assert_int_eq(zlib_read(reader, &rest, room, sizeof room, &size), WIRE_BAD_VALUE);
    zlib_reader_free(reader);
    thrift_buffer_deinit(&wire);
}
END_TEST

START_TEST(no_memory)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_buffer wire = {.allocator = allocator}, back = {.allocator = allocator};
        bool written = zlib_deflate((thrift_bytes){zeros, 5000}, &wire);
        enum wire_fault fault = written ? zlib_inflate(buffer_bytes(&wire), 5000, &back) : WIRE_OK;

        ck_assert_int_eq(written && fault == WIRE_OK, memory.count < k);
        ck_assert(fault == WIRE_OK || fault == WIRE_NO_MEMORY);
        thrift_buffer_deinit(&wire);
        thrift_buffer_deinit(&back);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            break;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    if (zlib_built()) {
        tcase_add_test(tests, a_stream_in_any_pieces);
        tcase_add_test(tests, whole_streams);
        tcase_add_test(tests, bytes_behind_the_end);
        tcase_add_test(tests, no_memory);
    }
}

SUITE_MAIN("wire/zlib_stream")
