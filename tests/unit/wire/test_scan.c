/*
 * The scanner: the end of a message at every split point, in linear time, within every limit.
 */
#include "wire/scan.h"

#include "allocator.h"
#include "suite.h"

#include "base/buffer.h"

#define CALL 0x80, 1, 0, 1, 0, 0, 0, 4, 'e', 'c', 'h', 'o', 0, 0, 0, 1

static const struct {
    const char *name;
    thrift_protocol protocol;
    thrift_bytes bytes;
} messages[] = {
    {"void call", THRIFT_BINARY, BYTES(CALL, 0)},
    {"struct argument", THRIFT_BINARY, BYTES(CALL, 12, 0, 1, 8, 0, 9, 0, 0, 0, 7, 0, 0)},
    {"old header", THRIFT_BINARY,
     BYTES(0, 0, 0, 4, 'e', 'c', 'h', 'o', 1, 0, 0, 0, 1, 11, 0, 1, 0, 0, 0, 2, 'a', 'b', 0)},
    {"containers", THRIFT_BINARY,
     BYTES(CALL, 15, 0, 1, 11, 0, 0, 0, 2, 0, 0, 0, 1, 'a', 0, 0, 0, 0, 13, 0, 2, 8, 11, 0, 0, 0, 1,
           0, 0, 0, 5, 0, 0, 0, 1, 'z', 14, 0, 3, 8, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0)},
    {"compact", THRIFT_COMPACT,
     BYTES(0x82, 0x21, 1, 4, 'e', 'c', 'h', 'o', 0x1c, 0x11, 0x15, 0x80, 1, 0x18, 2, 'h', 'i', 0x19,
           0x2c, 0x11, 0, 0, 0, 0)},
    {"structs in a row", THRIFT_BINARY,
     BYTES(CALL, 15, 0, 1, 12, 0, 0, 0, 3, 8, 0, 1, 0, 0, 0, 7, 11, 0, 2, 0, 0, 0, 1, 'a', 0, 2, 0,
           1, 1, 15, 0, 3, 11, 0, 0, 0, 2, 0, 0, 0, 1, 'b', 0, 0, 0, 2, 'c', 'd', 0, 4, 0, 5, 1, 2,
           3, 4, 5, 6, 7, 8, 0, 0)},
    {"compact numbers", THRIFT_COMPACT,
     BYTES(0x82, 0x21, 1, 4, 'e', 'c', 'h', 'o', 0x19, 0xf6, 17, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0x80, 1,
           0x80, 0x80, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 9, 9, 9, 9, 9, 0x14,
           0x80, 1, 0x17, 1, 2, 3, 4, 5, 6, 7, 8, 0)},
};

/* The message is there in full or cut at `cut`, then whole, followed by the next one's begin. */
START_TEST(ends_at_every_split)
{
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    size_t size = messages[_i].bytes.size;

    ck_assert(buffer_append(&bytes, messages[_i].bytes.data, size));
    ck_assert(buffer_append(&bytes, "\x80\x01", 2));
    for (size_t cut = 0; cut < size; cut++) {
        struct scan scan;
        size_t end = 0;

        scan_begin(&scan, messages[_i].protocol, NULL, NULL);
        ck_assert_msg(scan_on(&scan, (thrift_bytes){bytes.data, cut}, &end, NULL) == THRIFT_PENDING,
                      "%s at %zu", messages[_i].name, cut);
        ck_assert_int_eq(scan_on(&scan, buffer_bytes(&bytes), &end, NULL), THRIFT_OK);
        ck_assert_uint_eq(end, size);
        scan_again(&scan);
        end = 0;
        for (size_t so_far = 0; so_far < size; so_far++) {
            ck_assert_int_eq(scan_on(&scan, (thrift_bytes){bytes.data, so_far}, &end, NULL),
                             THRIFT_PENDING);
        }
        ck_assert_int_eq(scan_on(&scan, (thrift_bytes){bytes.data, size}, &end, NULL), THRIFT_OK);
        ck_assert_uint_eq(end, size);
        scan_deinit(&scan);
    }
    thrift_buffer_deinit(&bytes);
}
END_TEST

static const struct {
    const char *name;
    thrift_bytes bytes;
    thrift_status status;
} refused[] = {
    {"version", BYTES(0x80, 2, 0, 1), THRIFT_E_PROTOCOL},
    {"type 5", BYTES(CALL, 5, 0, 1), THRIFT_E_CORRUPT},
    {"list of stop", BYTES(CALL, 15, 0, 99, 0, 0x7f, 0xff, 0xff, 0xff), THRIFT_E_CORRUPT},
    {"negative string", BYTES(CALL, 11, 0, 5, 0x80, 0, 0, 0), THRIFT_E_CORRUPT},
    {"string over the limit", BYTES(CALL, 11, 0, 5, 0x7f, 0xff, 0xff, 0xff), THRIFT_E_LIMIT},
    {"list over the limit", BYTES(CALL, 15, 0, 5, 12, 0x7f, 0xff, 0xff, 0xff), THRIFT_E_LIMIT},
    {"numbers over the limit", BYTES(CALL, 15, 0, 5, 10, 0, 0x7f, 0xff, 0xff), THRIFT_E_LIMIT},
};

START_TEST(refuses_before_the_bytes_come)
{
    struct scan scan;
    size_t end = 0;
    thrift_error err = THRIFT_ERROR_INIT;

    scan_begin(&scan, THRIFT_BINARY, NULL, NULL);
    ck_assert_msg(scan_on(&scan, refused[_i].bytes, &end, &err) == refused[_i].status, "%s: %s",
                  refused[_i].name, err.message);
    scan_deinit(&scan);
}
END_TEST

/* Two strings, each below the limit, together over it. */
START_TEST(a_message_has_one_limit)
{
    static const uint8_t bytes[] = {CALL, 11, 0, 1, 0, 0, 0, 60};
    thrift_limits limits = THRIFT_LIMITS_INIT;
    uint8_t message[200] = {0};
    struct scan scan;
    size_t end = 0;

    memcpy(message, bytes, sizeof bytes);
    for (limits.max_frame_size = 81; limits.max_frame_size < 86; limits.max_frame_size++) {
        thrift_status status;

        scan_begin(&scan, THRIFT_BINARY, &limits, NULL);
        status = scan_on(&scan, (thrift_bytes){message, sizeof bytes + 61}, &end, NULL);
        ck_assert_int_eq(status, limits.max_frame_size < 84 ? THRIFT_E_LIMIT : THRIFT_OK);
        scan_deinit(&scan);
    }
}
END_TEST

START_TEST(memory_is_for_nesting_only)
{
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    static const uint8_t deep[] = {CALL, 12, 0, 1,  12, 0, 1,  12, 0, 1,  12, 0, 1,  12, 0, 1,
                                   12,   0,  1, 12, 0,  1, 12, 0,  1, 12, 0,  1, 12, 0,  1};
    struct scan scan;
    size_t end = 0;

    scan_begin(&scan, THRIFT_BINARY, NULL, &allocator);
    ck_assert_int_eq(scan_on(&scan, (thrift_bytes){deep, sizeof deep}, &end, NULL), THRIFT_PENDING);
    ck_assert_uint_le(memory.peak, 16 * sizeof(struct walk_level) * 2);
    scan_deinit(&scan);
    ck_assert_uint_eq(memory.live, 0);
    for (size_t k = 1; k <= 2; k++) {
        memory = (struct failing_allocator){.fail_at = k};
        scan_begin(&scan, THRIFT_BINARY, NULL, &allocator);
        ck_assert_int_eq(scan_on(&scan, (thrift_bytes){deep, sizeof deep}, &end, NULL),
                         THRIFT_E_NOMEM);
        scan_deinit(&scan);
        ck_assert_uint_eq(memory.live, 0);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, ends_at_every_split, 0, COUNT_OF(messages));
    tcase_add_loop_test(tests, refuses_before_the_bytes_come, 0, COUNT_OF(refused));
    tcase_add_test(tests, a_message_has_one_limit);
    tcase_add_test(tests, memory_is_for_nesting_only);
}

SUITE_MAIN("wire/scan")
