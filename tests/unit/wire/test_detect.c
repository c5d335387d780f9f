/*
 * Detection: one case for each way to begin, and every prefix of it asks for more.
 */
#include "wire/detect.h"

#include "suite.h"

#include "base/limits.h"

#define DETECTED(kind, framed, old, protocol)                                                      \
    {                                                                                              \
        kind, framed, old, (thrift_protocol)(protocol)                                             \
    }

static const struct {
    thrift_bytes first;
    struct detection want;
    const char *name;
} cases[] = {
    {BYTES(0x80, 1), DETECTED(DETECT_MESSAGE, false, false, THRIFT_BINARY), "unframed binary"},
    {BYTES(0x82, 0x21), DETECTED(DETECT_MESSAGE, false, false, THRIFT_COMPACT), "unframed compact"},
    {BYTES('[', '1'), DETECTED(DETECT_MESSAGE, false, false, THRIFT_TJSON), "unframed TJSON"},
    {BYTES(0, 0, 0, 40, 0x80, 1), DETECTED(DETECT_MESSAGE, true, false, THRIFT_BINARY),
     "framed binary"},
    {BYTES(0, 0, 0, 40, 0x82, 0x41), DETECTED(DETECT_MESSAGE, true, false, THRIFT_COMPACT),
     "framed compact"},
    {BYTES(0, 0, 0, 40, '['), DETECTED(DETECT_MESSAGE, true, false, THRIFT_TJSON), "framed TJSON"},
    {BYTES(0, 0, 0, 4, 'e', 'c', 'h', 'o', 1), DETECTED(DETECT_MESSAGE, false, true, THRIFT_BINARY),
     "unframed binary"},
    {BYTES(0, 0, 0, 30, 0, 0, 0, 4, 'e', 'c', 'h', 'o', 4),
     DETECTED(DETECT_MESSAGE, true, true, THRIFT_BINARY), "framed binary"},
    {BYTES(0, 0, 0, 3, 'S', ':', 'm', 1), DETECTED(DETECT_MESSAGE, false, true, THRIFT_BINARY),
     "unframed binary"},
    {BYTES(0, 0, 0, 42, 0x0f, 0xff), DETECTED(DETECT_HEADER, false, false, 0), "THeader frames"},
    {BYTES(0, 0, 0, 46, 0, 0, 0, 42, 0x0f, 0xff), DETECTED(DETECT_HEADER, false, false, 0),
     "THeader frames"},
    {BYTES(0, 0, 0, 46, 0, 0, 0, 42, 0x0f), DETECTED(DETECT_MORE, false, false, 0), "nothing yet"},
    {BYTES(0, 0, 0, 46, 0, 0, 0, 42, 0x80, 0x01), DETECTED(DETECT_UNKNOWN, false, false, 0),
     "no protocol that is known here"},
    {BYTES('P', 'O', 'S', 'T'), DETECTED(DETECT_HTTP, false, false, 0), "HTTP"},
    {BYTES('G', 'E', 'T', ' '), DETECTED(DETECT_HTTP, false, false, 0), "HTTP"},
    {BYTES(0x16, 0x03), DETECTED(DETECT_TLS, false, false, 0), "TLS"},
};

START_TEST(tells)
{
    thrift_limits limits = limits_in_force(NULL);
    struct detection got = detect(cases[_i].first, &limits);

    ck_assert_int_eq(got.kind, cases[_i].want.kind);
    ck_assert_int_eq(got.framed, cases[_i].want.framed);
    ck_assert_int_eq(got.old, cases[_i].want.old);
    ck_assert_int_eq(got.protocol, cases[_i].want.protocol);
    ck_assert_str_eq(detection_name(&got), cases[_i].name);
    for (size_t size = 0; size < cases[_i].first.size; size++) {
        got = detect((thrift_bytes){cases[_i].first.data, size}, &limits);
        ck_assert_msg(got.kind == DETECT_MORE, "case %d cut to %zu", _i, size);
    }
}
END_TEST

static const thrift_bytes unknown[] = {
    BYTES(0xff),
    BYTES(0x80, 2),
    BYTES(0x82, 0x22),
    BYTES(0x7f, 0xff, 0xff, 0xff),
    BYTES(0, 0, 0, 4, 'e', 'c', 0, 'o', 1),
    BYTES(0, 0, 0, 4, 'e', 'c', 'h', 'o', 9),
    BYTES(0, 0, 1, 1, 'e'),
    BYTES(0, 0, 0, 30, 0, 0, 1, 1),
    BYTES(0, 0, 0, 30, 0, 0, 0, 0),
    BYTES(0, 0, 0, 30, 0x80, 2),
    BYTES(0, 0, 0, 30, 0x42, 0xff),
    BYTES('S', 'S', 'H', '-', '2'),
};

START_TEST(refuses_the_rest)
{
    thrift_limits limits = limits_in_force(NULL);

    ck_assert_int_eq(detect(unknown[_i], &limits).kind, DETECT_UNKNOWN);
}
END_TEST

/* Whatever comes, the answer is there after a header's worth of bytes. */
START_TEST(never_waits_for_ever)
{
    thrift_limits limits = limits_in_force(NULL);
    uint8_t bytes[DETECT_SIZE_MOST + 256];
    uint32_t seed = 1;

    for (int round = 0; round < 20000; round++) {
        for (size_t i = 0; i < 8; i++) {
            seed = seed * 1664525 + 1013904223;
            bytes[i] = (uint8_t)(i < 3 && round % 2 ? 0 : seed >> 24);
        }
        memset(bytes + 8, round % 3 ? 'a' : 0, sizeof bytes - 8);
        ck_assert_int_ne(detect((thrift_bytes){bytes, sizeof bytes}, &limits).kind, DETECT_MORE);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, tells, 0, COUNT_OF(cases));
    tcase_add_loop_test(tests, refuses_the_rest, 0, COUNT_OF(unknown));
    tcase_add_test(tests, never_waits_for_ever);
}

SUITE_MAIN("wire/detect")
