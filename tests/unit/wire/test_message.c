/*
 * Envelopes: the bytes of each kind, every prefix of them, what is refused.
 */
#include "wire/message.h"

#include "suite.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "wire/message_head.h"

#define ECHO                                                                                       \
    {                                                                                              \
        (const uint8_t *)"echo", 4                                                                 \
    }

static const struct {
    const char *name;
    thrift_protocol protocol;
    struct message_header header;
    thrift_bytes bytes;
} envelopes[] = {
    {"strict",
     THRIFT_BINARY,
     {1, false, 1, ECHO},
     BYTES(0x80, 1, 0, 1, 0, 0, 0, 4, 'e', 'c', 'h', 'o', 0, 0, 0, 1)},
    {"old",
     THRIFT_BINARY,
     {2, true, -2, ECHO},
     BYTES(0, 0, 0, 4, 'e', 'c', 'h', 'o', 2, 0xff, 0xff, 0xff, 0xfe)},
    {"strict, least id",
     THRIFT_BINARY,
     {4, false, INT32_MIN, ECHO},
     BYTES(0x80, 1, 0, 4, 0, 0, 0, 4, 'e', 'c', 'h', 'o', 0x80, 0, 0, 0)},
    {"compact", THRIFT_COMPACT, {1, false, 1, ECHO}, BYTES(0x82, 0x21, 1, 4, 'e', 'c', 'h', 'o')},
    {"compact, negative id",
     THRIFT_COMPACT,
     {3, false, -1, ECHO},
     BYTES(0x82, 0x61, 0xff, 0xff, 0xff, 0xff, 0x0f, 4, 'e', 'c', 'h', 'o')},
};

START_TEST(written_and_read)
{
    thrift_limits limits = limits_in_force(NULL);
    thrift_buffer out = THRIFT_BUFFER_INIT;
    struct message_header got;
    thrift_bytes input;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert(buffer_append(&out, "xy", 2));
    ck_assert_int_eq(message_write_begin(envelopes[_i].protocol, &envelopes[_i].header, &out, &err),
                     THRIFT_OK);
    ck_assert_int_eq(message_write_end(envelopes[_i].protocol, &out, &err), THRIFT_OK);
    ck_assert_uint_eq(out.size, 2 + envelopes[_i].bytes.size);
    ck_assert_mem_eq(out.data + 2, envelopes[_i].bytes.data, out.size - 2);
    ck_assert(buffer_append(&out, "", 1));
    for (size_t size = 0; size <= envelopes[_i].bytes.size; size++) {
        bool whole = size == envelopes[_i].bytes.size;

        input = (thrift_bytes){out.data + 2, whole ? size + 1 : size};
        ck_assert_msg(message_read_begin(envelopes[_i].protocol, &input, &limits, &got, &err) ==
                          (whole ? THRIFT_OK : THRIFT_E_TRUNCATED),
                      "%s of %zu", envelopes[_i].name, size);
        ck_assert_uint_eq(input.size, whole ? 1 : size);
    }
    ck_assert_uint_eq(got.kind, envelopes[_i].header.kind);
    ck_assert_int_eq(got.old, envelopes[_i].header.old);
    ck_assert_int_eq(got.sequence_id, envelopes[_i].header.sequence_id);
    ck_assert_uint_eq(got.name.size, 4);
    ck_assert_mem_eq(got.name.data, "echo", 4);
    thrift_buffer_deinit(&out);
}
END_TEST

static const struct {
    const char *name;
    thrift_protocol protocol;
    thrift_bytes bytes;
    thrift_status status;
} refused[] = {
    {"version 2", THRIFT_BINARY, BYTES(0x80, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0), THRIFT_E_PROTOCOL},
    {"name of 2 GB", THRIFT_BINARY, BYTES(0x80, 1, 0, 1, 0x7f, 0xff, 0xff, 0xff), THRIFT_E_LIMIT},
    {"name of 257", THRIFT_BINARY, BYTES(0x80, 1, 0, 1, 0, 0, 1, 1), THRIFT_E_LIMIT},
    {"name of -1", THRIFT_BINARY, BYTES(0x80, 1, 0, 1, 0xff, 0xff, 0xff, 0xff), THRIFT_E_CORRUPT},
    {"old name of 257", THRIFT_BINARY, BYTES(0, 0, 1, 1), THRIFT_E_LIMIT},
    {"compact version 2", THRIFT_COMPACT, BYTES(0x82, 0x22, 0, 0), THRIFT_E_PROTOCOL},
    {"compact id 0x83", THRIFT_COMPACT, BYTES(0x83, 0x21, 0, 0), THRIFT_E_PROTOCOL},
    {"compact sequence id", THRIFT_COMPACT,
     BYTES(0x82, 0x21, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0),
     THRIFT_E_CORRUPT},
    {"plain JSON", THRIFT_PLAIN_JSON, BYTES('{', '}'), THRIFT_E_ARGUMENT},
};

START_TEST(refuses)
{
    thrift_limits limits = limits_in_force(NULL);
    struct message_header got = {.kind = 99};
    thrift_bytes input = refused[_i].bytes;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_msg(message_read_begin(refused[_i].protocol, &input, &limits, &got, &err) ==
                      refused[_i].status,
                  "%s: %s", refused[_i].name, err.message);
    ck_assert_int_eq(err.code, refused[_i].status);
    ck_assert_uint_eq(got.kind, 99);
    ck_assert_uint_eq(input.size, refused[_i].bytes.size);
}
END_TEST

START_TEST(unknown_kinds_are_told_apart)
{
    for (unsigned kind = 0; kind < 256; kind++) {
        ck_assert_int_eq(message_kind_valid((uint8_t)kind), kind >= 1 && kind <= 4);
    }
}
END_TEST

/* What is kept of one message reads the next one as message_read_begin() does, or not at all. */
START_TEST(a_head_is_known_again)
{
    static const char *const names[] = {"",
                                        "a",
                                        "echo",
                                        "echo8bytes",
                                        "aNameOfTheLargestSizeThatIsKept_________",
                                        "aNameThatIsOneByteLongerThanWhatIsKept___"};
    thrift_limits limits = limits_in_force(NULL);
    const struct message_header header = {
        1, false, -7, {(const uint8_t *)names[_i], strlen(names[_i])}};
    struct message_head head = {0};
    thrift_buffer bytes = THRIFT_BUFFER_INIT, reply = THRIFT_BUFFER_INIT;
    struct message_header first, again;
    thrift_bytes input, rest;
    bool kept = header.name.size <= MESSAGE_HEAD_MOST - MESSAGE_HEAD_FIXED;

    ck_assert_int_eq(message_write_begin(THRIFT_BINARY, &header, &bytes, NULL), THRIFT_OK);
    input = rest = buffer_bytes(&bytes);
    ck_assert(!message_head_read(&head, &input, &again));
    ck_assert_int_eq(message_read_begin(THRIFT_BINARY, &rest, &limits, &first, NULL), THRIFT_OK);
    message_head_keep(&head, THRIFT_BINARY, input, &first);
    ck_assert_int_eq(message_head_read(&head, &input, &again), kept);
    for (size_t i = 0; kept && i < bytes.size; i++) {
        thrift_bytes cut = {bytes.data, i};

        ck_assert(!message_head_read(&head, &cut, &again));
    }
    for (size_t i = 0; kept && i < bytes.size - 4; i++) {
        thrift_bytes other = buffer_bytes(&bytes);

        bytes.data[i] ^= 1;
        ck_assert_msg(!message_head_read(&head, &other, &again), "byte %zu", i);
        bytes.data[i] ^= 1;
    }
    if (kept) {
        input = buffer_bytes(&bytes);
        ck_assert(message_head_read(&head, &input, &again));
        ck_assert_uint_eq(input.size, 0);
        ck_assert_int_eq(again.sequence_id, -7);
        ck_assert_uint_eq(again.kind, 1);
        ck_assert(!again.old);
        ck_assert_ptr_eq(again.name.data, first.name.data);
        ck_assert_uint_eq(again.name.size, first.name.size);
        bytes.data[3] = 2;
        ck_assert(message_head_write(&head, THRIFT_MESSAGE_REPLY, -7, &reply));
        ck_assert_uint_eq(reply.size, bytes.size);
        ck_assert_mem_eq(reply.data, bytes.data, bytes.size);
    }
    thrift_buffer_deinit(&reply);
    thrift_buffer_deinit(&bytes);
}
END_TEST

/* Old headers and other protocols are read as ever; what was kept before is forgotten. */
START_TEST(a_head_of_another_kind_is_not_kept)
{
    thrift_limits limits = limits_in_force(NULL);
    struct message_head head = {.size = 12};
    struct message_header header;
    thrift_bytes rest = envelopes[_i].bytes;
    bool strict = envelopes[_i].protocol == THRIFT_BINARY && !envelopes[_i].header.old;

    ck_assert_int_eq(message_read_begin(envelopes[_i].protocol, &rest, &limits, &header, NULL),
                     THRIFT_OK);
    message_head_keep(&head, envelopes[_i].protocol, envelopes[_i].bytes, &header);
    ck_assert_uint_eq(head.size, strict ? 12 : 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, a_head_is_known_again, 0, 6);
    tcase_add_loop_test(tests, a_head_of_another_kind_is_not_kept, 0, (int)COUNT_OF(envelopes));
    tcase_add_loop_test(tests, written_and_read, 0, COUNT_OF(envelopes));
    tcase_add_loop_test(tests, refuses, 0, COUNT_OF(refused));
    tcase_add_test(tests, unknown_kinds_are_told_apart);
}

SUITE_MAIN("wire/message")
