/*
 * Messages as tools see them: Apache's bytes, framed, in THeader and bare; streams; what is
 * refused.
 */
#include "wire/scan.h"

#include "fixture.h"

static const struct {
    const char *name;
    thrift_message_kind kind;
    int32_t sequence_id;
    const char *method;
} messages[] = {
    {"call", THRIFT_MESSAGE_CALL, 7, "echo"},
    {"reply", THRIFT_MESSAGE_REPLY, -1, "echo"},
    {"thrown", THRIFT_MESSAGE_REPLY, 8, "echo"},
    {"exception", THRIFT_MESSAGE_EXCEPTION, INT32_MAX, "x"},
    {"oneway", THRIFT_MESSAGE_ONEWAY, 0, "fire"},
};

static const struct {
    const char *name;
    thrift_protocol protocol;
    bool same; /* written again the same bytes */
} protocols[] = {{"binary", THRIFT_BINARY, true},
                 {"old", THRIFT_BINARY, false},
                 {"compact", THRIFT_COMPACT, true},
                 {"tjson", THRIFT_TJSON, true}};

#define COMBINATIONS (int)(COUNT_OF(messages) * COUNT_OF(protocols))

static thrift_bytes load(int i)
{
    char file[64];

    (void)snprintf(file, sizeof file, "message-%s.%s",
                   messages[(size_t)i % COUNT_OF(messages)].name,
                   protocols[(size_t)i / COUNT_OF(messages)].name);
    return vector_of(file);
}

static void check(const thrift_message *got, int i)
{
    size_t m = (size_t)i % COUNT_OF(messages);

    ck_assert_int_eq(got->protocol, protocols[(size_t)i / COUNT_OF(messages)].protocol);
    ck_assert_int_eq(got->kind, messages[m].kind);
    ck_assert_int_eq(got->sequence_id, messages[m].sequence_id);
    ck_assert_uint_eq(got->name.size, strlen(messages[m].method));
    ck_assert_mem_eq(got->name.data, messages[m].method, got->name.size);
}

START_TEST(bare_messages_end_where_they_end)
{
    thrift_bytes bytes = load(_i);
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_message got;
    thrift_error err = THRIFT_ERROR_INIT;

    for (size_t size = 0; size <= bytes.size; size++) {
        thrift_bytes input = {bytes.data, size};
        thrift_status status = thrift_message_next(&input, &got, NULL, &err);

        ck_assert_msg(status == (size == bytes.size ? THRIFT_OK : THRIFT_E_TRUNCATED),
                      "%zu of %zu: %s", size, bytes.size, err.message);
        ck_assert_uint_eq(input.size, size == bytes.size ? 0 : size);
    }
    check(&got, _i);
    ck_assert_int_eq(thrift_message_append(&got, false, &out, &err), THRIFT_OK);
    if (protocols[(size_t)_i / COUNT_OF(messages)].same) {
        ck_assert_uint_eq(out.size, bytes.size);
        ck_assert_mem_eq(out.data, bytes.data, out.size);
    }
    thrift_buffer_deinit(&out);
    vector_free(bytes);
}
END_TEST

/* Bare and in a frame: an error, or a message within the bytes that are there. */
START_TEST(every_bit_may_flip)
{
    thrift_bytes bytes = load(_i / 2);
    thrift_buffer framed = THRIFT_BUFFER_INIT;
    thrift_bytes whole = bytes;
    thrift_message got;
    uint8_t *flipped;

    if (_i % 2 == 1) {
        ck_assert_int_eq(thrift_message_next(&whole, &got, NULL, NULL), THRIFT_OK);
        ck_assert_int_eq(thrift_message_append(&got, true, &framed, NULL), THRIFT_OK);
        whole = (thrift_bytes){framed.data, framed.size};
    }
    flipped = malloc(whole.size);
    ck_assert_ptr_nonnull(flipped);
    memcpy(flipped, whole.data, whole.size);
    for (size_t bit = 0; bit < 8 * whole.size; bit++) {
        thrift_bytes input = {flipped, whole.size};
        thrift_error err = THRIFT_ERROR_INIT;

        flipped[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (thrift_message_next(&input, &got, NULL, &err) == THRIFT_OK) {
            ck_assert_uint_le(input.size, whole.size);
            ck_assert(got.body.data >= flipped && got.name.data >= flipped);
            ck_assert_uint_le((size_t)(got.name.data - flipped) + got.name.size, whole.size);
            ck_assert_uint_le((size_t)(got.body.data - flipped) + got.body.size, whole.size);
        } else {
            ck_assert(err.code != THRIFT_OK && err.message[0] != '\0');
            ck_assert_uint_eq(input.size, whole.size);
        }
        flipped[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    free(flipped);
    thrift_buffer_deinit(&framed);
    vector_free(bytes);
}
END_TEST

START_TEST(node_writes_the_same_messages)
{
    static const char *const names[] = {"call", "reply", "oneway"};
    static const char *const of[] = {"binary", "compact", "tjson"};
    char file[64];
    thrift_bytes python, node;

    (void)snprintf(file, sizeof file, "message-%s.%s", names[_i % 3], of[_i / 3]);
    python = vector_of(file);
    (void)snprintf(file, sizeof file, "message-%s.node.%s", names[_i % 3], of[_i / 3]);
    node = vector_of(file);
    ck_assert_uint_eq(node.size, python.size);
    ck_assert_mem_eq(node.data, python.data, python.size);
    vector_free(python);
    vector_free(node);
}
END_TEST

START_TEST(streams_of_all_kinds)
{
    thrift_buffer stream = THRIFT_BUFFER_INIT;
    thrift_message got;
    thrift_bytes rest;

    for (int i = 0; i < COMBINATIONS; i++) {
        thrift_bytes bytes = load(i), input = bytes;

        ck_assert_int_eq(thrift_message_next(&input, &got, NULL, NULL), THRIFT_OK);
        ck_assert_int_eq(thrift_message_append(&got, i % 2 == 0, &stream, NULL), THRIFT_OK);
        vector_free(bytes);
    }
    rest = (thrift_bytes){stream.data, stream.size};
    for (int i = 0; i < COMBINATIONS; i++) {
        ck_assert_int_eq(thrift_message_next(&rest, &got, NULL, NULL), THRIFT_OK);
        check(&got, i);
    }
    ck_assert_uint_eq(rest.size, 0);
    thrift_buffer_deinit(&stream);
}
END_TEST

/* Apache's values in messages, in two pieces at every place and byte by byte: the end is found. */
static const struct {
    const char *vector;
    thrift_protocol protocol;
} whole[] = {{"Every-full.binary", THRIFT_BINARY},      {"Every-long.binary", THRIFT_BINARY},
             {"Every-full.compact", THRIFT_COMPACT},    {"Every-long.compact", THRIFT_COMPACT},
             {"Every-full.tjson", THRIFT_TJSON},        {"Every-full.cpp.tjson", THRIFT_TJSON},
             {"Every-common.node.tjson", THRIFT_TJSON}, {"Every-long.tjson", THRIFT_TJSON}};

START_TEST(every_split_of_a_vector)
{
    thrift_bytes body = vector_of(whole[_i].vector);
    thrift_message message = {
        whole[_i].protocol, THRIFT_MESSAGE_CALL, 3, {(const uint8_t *)"echo", 4}, body};
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    struct scan scan;
    size_t end = 0;

    ck_assert_int_eq(thrift_message_append(&message, false, &bytes, NULL), THRIFT_OK);
    scan_begin(&scan, whole[_i].protocol, NULL, NULL);
    for (size_t cut = 0; cut < bytes.size; cut++) {
        ck_assert_int_eq(scan_on(&scan, (thrift_bytes){bytes.data, cut}, &end, NULL),
                         THRIFT_PENDING);
        ck_assert_int_eq(scan_on(&scan, (thrift_bytes){bytes.data, bytes.size}, &end, NULL),
                         THRIFT_OK);
        ck_assert_uint_eq(end, bytes.size);
        scan_again(&scan);
    }
    for (size_t so_far = 0; so_far < bytes.size; so_far++) {
        ck_assert_int_eq(scan_on(&scan, (thrift_bytes){bytes.data, so_far}, &end, NULL),
                         THRIFT_PENDING);
    }
    ck_assert_int_eq(scan_on(&scan, (thrift_bytes){bytes.data, bytes.size}, &end, NULL), THRIFT_OK);
    scan_deinit(&scan);
    thrift_buffer_deinit(&bytes);
    vector_free(body);
}
END_TEST

#define STRICT 0x80, 1, 0, 1, 0, 0, 0, 4, 'e', 'c', 'h', 'o', 0, 0, 0, 1, 0
#define HEADER 0x0f, 0xff, 0, 0, 0, 0, 0, 9, 0, 1

static const struct {
    const char *name;
    thrift_bytes bytes;
    thrift_status status;
} others[] = {
    {"framed", BYTES(0, 0, 0, 17, STRICT), THRIFT_OK},
    {"frame cut", BYTES(0, 0, 0, 18, STRICT), THRIFT_E_TRUNCATED},
    {"frame too short for its message", BYTES(0, 0, 0, 9, STRICT), THRIFT_E_CORRUPT},
    {"frame of -1", BYTES(0xff, 0xff, 0xff, 0xff, 0), THRIFT_E_PROTOCOL},
    {"THeader", BYTES(0, 0, 0, 31, HEADER, 0, 0, 0, 0, STRICT), THRIFT_OK},
    {"THeader, compact",
     BYTES(0, 0, 0, 23, HEADER, 2, 0, 0, 0, 0x82, 0x21, 1, 4, 'e', 'c', 'h', 'o', 0), THRIFT_OK},
    {"THeader, protocol 9", BYTES(0, 0, 0, 31, HEADER, 9, 0, 0, 0, STRICT), THRIFT_E_PROTOCOL},
    {"THeader, transformed", BYTES(0, 0, 0, 31, HEADER, 0, 1, 1, 0, STRICT), THRIFT_E_PROTOCOL},
    {"THeader beyond its frame", BYTES(0, 0, 0, 10, 0x0f, 0xff, 0, 0, 0, 0, 0, 9, 0, 1),
     THRIFT_E_CORRUPT},
    {"version 2", BYTES(0x80, 2, 0, 1), THRIFT_E_PROTOCOL},
    {"message type 7", BYTES(0x80, 1, 0, 7, 0, 0, 0, 1, 'x', 0, 0, 0, 1, 0), THRIFT_E_CORRUPT},
    {"HTTP", BYTES('G', 'E', 'T', ' ', '/'), THRIFT_E_PROTOCOL},
    {"TLS", BYTES(0x16, 3, 1, 0, 0), THRIFT_E_PROTOCOL},
    {"nothing", {NULL, 0}, THRIFT_E_TRUNCATED},
};

START_TEST(other_surroundings)
{
    thrift_bytes input = others[_i].bytes;
    thrift_message got = {.sequence_id = 99};
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_msg(thrift_message_next(&input, &got, NULL, &err) == others[_i].status, "%s: %s",
                  others[_i].name, err.message);
    ck_assert_int_eq(got.sequence_id, others[_i].status == THRIFT_OK ? 1 : 99);
    ck_assert_uint_eq(input.size, others[_i].status == THRIFT_OK ? 0 : others[_i].bytes.size);
}
END_TEST

START_TEST(a_frame_has_a_limit)
{
    static const uint8_t frame[] = {0, 0, 0, 17, STRICT};
    thrift_limits limits = THRIFT_LIMITS_INIT;
    thrift_message got;

    for (limits.max_frame_size = 16; limits.max_frame_size <= 18; limits.max_frame_size++) {
        thrift_bytes input = {frame, sizeof frame};

        ck_assert_int_eq(thrift_message_next(&input, &got, &limits, NULL) == THRIFT_OK,
                         limits.max_frame_size >= 17);
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, bare_messages_end_where_they_end, 0, COMBINATIONS);
    tcase_add_loop_test(tests, every_bit_may_flip, 0, 2 * COMBINATIONS);
    tcase_add_loop_test(tests, node_writes_the_same_messages, 0, 9);
    tcase_add_loop_test(tests, every_split_of_a_vector, 0, (int)COUNT_OF(whole));
    tcase_add_test(tests, streams_of_all_kinds);
    tcase_add_loop_test(tests, other_surroundings, 0, COUNT_OF(others));
    tcase_add_test(tests, a_frame_has_a_limit);
}

SUITE_MAIN("codec/envelope")
