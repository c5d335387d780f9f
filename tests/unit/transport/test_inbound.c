/*
 * Inbound and outbound: messages out of bytes split anywhere, limits, what is refused.
 *
 * Covers also: outbound.c.
 */
#include "transport/inbound.h"

#include <string.h>

#include "allocator.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "suite.h"
#include "transport/outbound.h"
#include "wire/zlib_stream.h"

#define PROTOCOLS (1u << THRIFT_BINARY | 1u << THRIFT_COMPACT)

/* `count` calls of "m<i>" with an empty struct as arguments, each behind the other. */
static thrift_buffer stream_of(const struct message_form *form, bool old, int count)
{
    static const uint8_t stop = 0;
    thrift_buffer out = THRIFT_BUFFER_INIT;

    for (int i = 0; i < count; i++) {
        uint8_t name[2] = {'m', (uint8_t)('0' + i % 10)};
        struct message_header header = {
            .kind = THRIFT_MESSAGE_CALL, .old = old, .sequence_id = i, .name = {name, sizeof name}};
        struct outbound message;

        ck_assert_int_eq(
            outbound_begin(&message, &out, form, &header, (thrift_bytes){NULL, 0}, NULL),
            THRIFT_OK);
        ck_assert(buffer_append(&out, &stop, 1));
        ck_assert_int_eq(outbound_end(&message, 1000, NULL), THRIFT_OK);
    }
    return out;
}

static const struct {
    struct message_form form;
    bool old;
} kinds[] = {
    {{THRIFT_BINARY, true, false, false, 0, false}, false},
    {{THRIFT_BINARY, false, false, false, 0, false}, false},
    {{THRIFT_BINARY, true, false, false, 0, false}, true},
    {{THRIFT_BINARY, false, false, false, 0, false}, true},
    {{THRIFT_COMPACT, true, false, false, 0, false}, false},
    {{THRIFT_COMPACT, false, false, false, 0, false}, false},
    {{THRIFT_BINARY, true, true, false, 7, false}, false},
    {{THRIFT_COMPACT, true, true, false, 7, false}, false},
    {{THRIFT_BINARY, true, true, false, 7, true}, false},
    {{THRIFT_COMPACT, true, true, false, 7, true}, false},
    /* the last one takes memory for each message */
    {{THRIFT_COMPACT, true, true, true, 7, false}, false},
};
#define KINDS ((int)COUNT_OF(kinds) - (zlib_built() ? 0 : 1))

/* Reads what there is; the messages must come in order. */
static void take_all(struct inbound *in, int *count, const struct message_form *form)
{
    struct inbound_message message;
    struct message_header header;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_limits limits = limits_in_force(NULL);
    enum inbound_result result;

    while ((result = inbound_next(in, &message, &err)) == INBOUND_MESSAGE) {
        ck_assert_int_eq(message.form.framed, form->framed);
        ck_assert_int_eq(message.form.protocol, form->protocol);
        ck_assert_int_eq(message.form.header, form->header);
        ck_assert_int_eq(message.form.zlib, form->zlib);
        ck_assert_int_eq(message.form.nested, form->nested);
        ck_assert_int_eq(message.form.sequence_id, form->sequence_id);
        ck_assert_int_eq(message.refused, APPLICATION_UNKNOWN);
        ck_assert_int_eq(message_read_begin(form->protocol, &message.bytes, &limits, &header, &err),
                         THRIFT_OK);
        ck_assert_int_eq(header.sequence_id, *count);
        ck_assert_uint_eq(message.bytes.size, 1);
        (*count)++;
    }
    ck_assert_msg(result == INBOUND_MORE, "%s", err.message);
    ck_assert_int_eq(inbound_keep(in, &err), THRIFT_OK);
}

START_TEST(split_at_every_byte)
{
    thrift_buffer bytes = stream_of(&kinds[_i].form, kinds[_i].old, 3);
    thrift_limits limits = limits_in_force(NULL);
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    struct inbound_shared shared;

    inbound_shared_init(&shared, &limits, PROTOCOLS, &allocator);
    for (size_t a = 0; a <= bytes.size; a++) {
        for (size_t b = a; b <= bytes.size; b++) {
            const size_t ends[] = {a, b, bytes.size};
            struct inbound in;
            size_t at = 0;
            int count = 0;

            inbound_init(&in, &shared);
            for (size_t part = 0; part < 3; at = ends[part++]) {
                thrift_bytes piece = {bytes.data + at, ends[part] - at};

                ck_assert_int_eq(inbound_feed(&in, piece, NULL), THRIFT_OK);
                take_all(&in, &count, &kinds[_i].form);
            }
            ck_assert_int_eq(count, 3);
            ck_assert(!inbound_is_partial(&in));
            ck_assert_uint_eq(in.partial.capacity, 0);
            inbound_deinit(&in);
        }
    }
    inbound_shared_deinit(&shared);
    ck_assert_uint_eq(memory.live, 0);
    thrift_buffer_deinit(&bytes);
}
END_TEST

START_TEST(byte_by_byte_and_then_a_thousand_at_once)
{
    thrift_buffer bytes = stream_of(&kinds[_i].form, kinds[_i].old, 1000);
    thrift_limits limits = limits_in_force(NULL);
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    struct inbound_shared shared;
    struct inbound in;
    int count = 0;
    size_t warm;

    inbound_shared_init(&shared, &limits, PROTOCOLS, &allocator);
    inbound_init(&in, &shared);
    for (size_t at = 0; at < bytes.size; at++) {
        ck_assert_int_eq(inbound_feed(&in, (thrift_bytes){bytes.data + at, 1}, NULL), THRIFT_OK);
        take_all(&in, &count, &kinds[_i].form);
    }
    ck_assert_int_eq(count, 1000);
    warm = memory.count;
    count = 0;
    ck_assert_int_eq(inbound_feed(&in, buffer_bytes(&bytes), NULL), THRIFT_OK);
    take_all(&in, &count, &kinds[_i].form);
    ck_assert_int_eq(count, 1000);
    ck_assert_uint_eq(memory.count, warm);
    inbound_deinit(&in);
    inbound_shared_deinit(&shared);
    ck_assert_uint_eq(memory.live, 0);
    thrift_buffer_deinit(&bytes);
}
END_TEST

START_TEST(a_claimed_length_takes_no_memory)
{
    static const uint8_t claim[] = {0x00, 0xf0, 0x00, 0x00, 0x80, 0x01, 0x00, 0x01};
    thrift_limits limits = limits_in_force(NULL);
    struct failing_allocator memory = {0};
    thrift_allocator allocator = failing_allocator_of(&memory);
    struct inbound_shared shared;
    struct inbound in;
    struct inbound_message message;

    inbound_shared_init(&shared, &limits, PROTOCOLS, &allocator);
    inbound_init(&in, &shared);
    ck_assert_int_eq(inbound_feed(&in, (thrift_bytes){claim, sizeof claim}, NULL), THRIFT_OK);
    ck_assert_int_eq(inbound_next(&in, &message, NULL), INBOUND_MORE);
    ck_assert_int_eq(inbound_keep(&in, NULL), THRIFT_OK);
    ck_assert_uint_le(memory.peak, 4096);
    inbound_deinit(&in);
    inbound_shared_deinit(&shared);
}
END_TEST

static const struct {
    const char *name;
    thrift_bytes bytes;
    thrift_status status;
} broken[] = {
    {"HTTP", BYTES('G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P', '/', '1', '.', '1'),
     THRIFT_E_PROTOCOL},
    {"TLS", BYTES(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03), THRIFT_E_PROTOCOL},
    {"noise", BYTES(0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf9, 0xf8), THRIFT_E_PROTOCOL},
    {"switched off", BYTES('[', '1', ',', '"', 'm', '"', ',', '1', ',', '0', ',', '{', '}', ']'),
     THRIFT_E_PROTOCOL},
};

START_TEST(broken_streams_say_why)
{
    thrift_limits limits = limits_in_force(NULL);
    struct inbound_shared shared;
    struct inbound in;
    struct inbound_message message;
    thrift_error err = THRIFT_ERROR_INIT;

    limits.max_frame_size = 1024;
    inbound_shared_init(&shared, &limits, PROTOCOLS, NULL);
    inbound_init(&in, &shared);
    ck_assert_int_eq(inbound_feed(&in, broken[_i].bytes, NULL), THRIFT_OK);
    ck_assert_msg(inbound_next(&in, &message, &err) == INBOUND_BROKEN, "%s", broken[_i].name);
    ck_assert_msg(err.code == broken[_i].status, "%s: %s", broken[_i].name, err.message);
    ck_assert_uint_gt(strlen(err.message), 0);
    inbound_deinit(&in);
    inbound_shared_deinit(&shared);
}
END_TEST

/* After a good first frame, by its length alone. */
static const struct {
    thrift_bytes head;
    thrift_status status;
} heads[] = {{BYTES(0, 0, 0, 0), THRIFT_E_CORRUPT},
             {BYTES(0xff, 0xff, 0xff, 0xff), THRIFT_E_CORRUPT},
             {BYTES(0x80, 0, 0, 0), THRIFT_E_CORRUPT},
             {BYTES(0x7f, 0xff, 0xff, 0xff), THRIFT_E_LIMIT}};

START_TEST(later_frames_are_checked)
{
    thrift_buffer bytes = stream_of(&kinds[0].form, false, 1);
    thrift_limits limits = limits_in_force(NULL);
    struct inbound_shared shared;
    struct inbound in;
    struct inbound_message message;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert(buffer_append(&bytes, heads[_i].head.data, heads[_i].head.size));
    inbound_shared_init(&shared, &limits, PROTOCOLS, NULL);
    inbound_init(&in, &shared);
    ck_assert_int_eq(inbound_feed(&in, buffer_bytes(&bytes), NULL), THRIFT_OK);
    ck_assert_int_eq(inbound_next(&in, &message, &err), INBOUND_MESSAGE);
    ck_assert_int_eq(inbound_next(&in, &message, &err), INBOUND_BROKEN);
    ck_assert_int_eq(err.code, heads[_i].status);
    inbound_deinit(&in);
    inbound_shared_deinit(&shared);
    thrift_buffer_deinit(&bytes);
}
END_TEST

#define HEADER(words) 0x0f, 0xff, 0, 0, 0, 0, 0, 3, 0, words
#define GOOD 0, 0, 0, 15, HEADER(1), 2, 0, 0, 0, 0x82

/* What may come behind a good first THeader frame. */
static const struct {
    thrift_bytes frame;
    enum inbound_result result;
    enum application_code refused;
    thrift_protocol protocol;
    bool header;
} header_cases[] = {
    {BYTES(GOOD, 0, 0, 0, 2, 0x80, 1), INBOUND_MESSAGE, APPLICATION_UNKNOWN, THRIFT_BINARY, false},
    {BYTES(GOOD, 0, 0, 0, 2, 0x82, 1), INBOUND_MESSAGE, APPLICATION_UNKNOWN, THRIFT_COMPACT, false},
    {BYTES(GOOD, 0, 0, 0, 2, '[', '1'), INBOUND_BROKEN, APPLICATION_UNKNOWN, THRIFT_TJSON, false},
    {BYTES(GOOD, 0, 0, 0, 14, HEADER(1), 0, 0, 0, 0), INBOUND_MESSAGE, APPLICATION_UNKNOWN,
     THRIFT_BINARY, true},
    {BYTES(GOOD, 0, 0, 0, 18, 0, 0, 0, 14, HEADER(1), 0, 0, 0, 0), INBOUND_MESSAGE,
     APPLICATION_UNKNOWN, THRIFT_BINARY, true},
    {BYTES(GOOD, 0, 0, 0, 14, HEADER(1), 1, 0, 0, 0), INBOUND_MESSAGE, APPLICATION_INVALID_PROTOCOL,
     THRIFT_BINARY, true},
    {BYTES(GOOD, 0, 0, 0, 14, HEADER(1), 0, 1, 2, 0), INBOUND_MESSAGE,
     APPLICATION_INVALID_TRANSFORM, THRIFT_BINARY, true},
    {BYTES(GOOD, 0, 0, 0, 16, HEADER(1), 0, 1, 1, 0, 1, 2), INBOUND_MESSAGE,
     APPLICATION_INVALID_TRANSFORM, THRIFT_BINARY, true},
    {BYTES(GOOD, 0, 0, 0, 14, HEADER(2), 0, 0, 0, 0), INBOUND_BROKEN, APPLICATION_UNKNOWN,
     THRIFT_BINARY, true},
    {BYTES(GOOD, 0, 0, 0, 9, 0x0f, 0xff, 0, 0, 0, 0, 0, 0, 0), INBOUND_BROKEN, APPLICATION_UNKNOWN,
     THRIFT_BINARY, true},
};

START_TEST(header_connections)
{
    thrift_limits limits = limits_in_force(NULL);
    struct inbound_shared shared;
    struct inbound in;
    struct inbound_message message;
    thrift_error err = THRIFT_ERROR_INIT;

    inbound_shared_init(&shared, &limits, PROTOCOLS, NULL);
    inbound_init(&in, &shared);
    ck_assert_int_eq(inbound_feed(&in, header_cases[_i].frame, NULL), THRIFT_OK);
    ck_assert_int_eq(inbound_next(&in, &message, &err), INBOUND_MESSAGE);
    ck_assert_uint_eq(message.bytes.size, 1);
    ck_assert_msg(inbound_next(&in, &message, &err) == header_cases[_i].result, "%s", err.message);
    ck_assert_int_eq(err.code != THRIFT_OK, header_cases[_i].result == INBOUND_BROKEN);
    if (header_cases[_i].result == INBOUND_MESSAGE) {
        ck_assert_int_eq(message.refused, header_cases[_i].refused);
        ck_assert_int_eq(message.form.protocol, header_cases[_i].protocol);
        ck_assert_int_eq(message.form.header, header_cases[_i].header);
    }
    inbound_deinit(&in);
    inbound_shared_deinit(&shared);
}
END_TEST

START_TEST(no_memory_is_reported_and_nothing_leaks)
{
    thrift_buffer bytes = stream_of(&kinds[_i].form, kinds[_i].old, 2);
    thrift_limits limits = limits_in_force(NULL);

    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_allocator allocator = failing_allocator_of(&memory);
        struct inbound_shared shared;
        struct inbound in;
        struct inbound_message message;
        thrift_error err = THRIFT_ERROR_INIT;

        inbound_shared_init(&shared, &limits, PROTOCOLS, &allocator);
        inbound_init(&in, &shared);
        for (size_t at = 0; at < bytes.size && err.code == THRIFT_OK; at++) {
            if (inbound_feed(&in, (thrift_bytes){bytes.data + at, 1}, &err) == THRIFT_OK) {
                while (inbound_next(&in, &message, &err) == INBOUND_MESSAGE) {
                }
                if (err.code == THRIFT_OK) {
                    (void)inbound_keep(&in, &err);
                }
            }
        }
        ck_assert_int_eq(err.code, memory.count >= k ? THRIFT_E_NOMEM : THRIFT_OK);
        inbound_deinit(&in);
        inbound_shared_deinit(&shared);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            break;
        }
    }
    thrift_buffer_deinit(&bytes);
}
END_TEST

START_TEST(outbound_leaves_nothing_of_what_it_cancels)
{
    struct message_header header = {.kind = THRIFT_MESSAGE_REPLY,
                                    .name = {(const uint8_t *)"m", 1}};
    const struct message_form form = {.protocol = THRIFT_BINARY, .framed = true};
    thrift_buffer out = THRIFT_BUFFER_INIT;
    struct outbound message;
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert(buffer_append(&out, "before", 6));
    ck_assert_int_eq(outbound_begin(&message, &out, &form, &header, (thrift_bytes){NULL, 0}, &err),
                     THRIFT_OK);
    outbound_cancel(&message);
    ck_assert_uint_eq(out.size, 6);
    ck_assert_int_eq(outbound_begin(&message, &out, &form, &header, (thrift_bytes){NULL, 0}, &err),
                     THRIFT_OK);
    ck_assert_int_eq(outbound_end(&message, 5, &err), THRIFT_E_LIMIT);
    ck_assert_uint_eq(out.size, 6);
    thrift_buffer_deinit(&out);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, split_at_every_byte, 0, KINDS);
    tcase_add_loop_test(tests, byte_by_byte_and_then_a_thousand_at_once, 0,
                        (int)COUNT_OF(kinds) - 1);
    tcase_add_loop_test(tests, header_connections, 0, (int)COUNT_OF(header_cases));
    tcase_add_test(tests, a_claimed_length_takes_no_memory);
    tcase_add_loop_test(tests, broken_streams_say_why, 0, (int)COUNT_OF(broken));
    tcase_add_loop_test(tests, later_frames_are_checked, 0, (int)COUNT_OF(heads));
    tcase_add_loop_test(tests, no_memory_is_reported_and_nothing_leaks, 0, KINDS);
    tcase_add_test(tests, outbound_leaves_nothing_of_what_it_cancels);
}

SUITE_MAIN("transport/inbound")
