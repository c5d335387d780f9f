/*
 * WebSocket: frames split anywhere, masks, fragments, control frames, what a peer must not send,
 * the handshake's sum.
 */
#include "transport/websocket.h"

#include <string.h>

#include "allocator.h"
#include "base/buffer.h"
#include "suite.h"

static const uint8_t mask[4] = {0x37, 0xfa, 0x21, 0x3d};

static void append(thrift_buffer *out, const char *text, enum websocket_opcode opcode, bool masked)
{
    size_t begin = out->size;

    ck_assert(buffer_append(out, text, strlen(text)));
    ck_assert(websocket_write(out, begin, opcode, masked ? mask : NULL));
}

/* Events as letters, payload as it is. */
static void feed(struct websocket_reader *reader, thrift_bytes input, thrift_buffer *seen)
{
    thrift_error err = THRIFT_ERROR_INIT;
    enum websocket_event event;

    do {
        static const char letters[] = {
            [WEBSOCKET_MESSAGE] = ';', [WEBSOCKET_PINGED] = '?', [WEBSOCKET_CLOSED] = '!'};

        event = websocket_next(reader, &input, seen, &err);
        ck_assert_msg(event < WEBSOCKET_VIOLATION, "%s", err.message);
        if (event != WEBSOCKET_MORE) {
            ck_assert(buffer_append(seen, &letters[event], 1));
        }
        if (event == WEBSOCKET_PINGED) {
            thrift_bytes payload = websocket_control(reader);

            ck_assert(buffer_append(seen, payload.data, payload.size));
        }
    } while (event != WEBSOCKET_MORE || input.size > 0);
}

START_TEST(split_at_every_byte)
{
    static const char expected[] = "hello;?pingfragment;;!";
    bool masked = _i != 0;
    thrift_buffer bytes = THRIFT_BUFFER_INIT;

    append(&bytes, "hello", WEBSOCKET_TEXT, masked);
    append(&bytes, "", WEBSOCKET_PONG, masked);
    append(&bytes, "ping", WEBSOCKET_PING, masked);
    size_t first = bytes.size;
    append(&bytes, "frag", WEBSOCKET_BINARY, masked);
    bytes.data[first] &= 0x7f; /* not the last of its message */
    append(&bytes, "ment", WEBSOCKET_CONTINUATION, masked);
    append(&bytes, "", WEBSOCKET_BINARY, masked);
    ck_assert(websocket_write_close(&bytes, WEBSOCKET_NORMAL, masked ? mask : NULL));
    for (size_t a = 0; a <= bytes.size; a++) {
        for (size_t b = a; b <= bytes.size; b++) {
            struct websocket_reader reader;
            thrift_buffer seen = THRIFT_BUFFER_INIT;

            websocket_reader_init(&reader, masked);
            feed(&reader, (thrift_bytes){bytes.data, a}, &seen);
            feed(&reader, (thrift_bytes){bytes.data + a, b - a}, &seen);
            feed(&reader, (thrift_bytes){bytes.data + b, bytes.size - b}, &seen);
            ck_assert_uint_eq(seen.size, sizeof expected - 1);
            ck_assert_mem_eq(seen.data, expected, seen.size);
            ck_assert(websocket_reader_is_idle(&reader));
            ck_assert_uint_eq(websocket_control(&reader).size, 2);
            ck_assert_int_eq(reader.kind, WEBSOCKET_BINARY);
            thrift_buffer_deinit(&seen);
        }
    }
    thrift_buffer_deinit(&bytes);
}
END_TEST

static const size_t sizes[] = {0, 1, 125, 126, 127, 65535, 65536, 70001};

START_TEST(sizes_of_every_kind)
{
    thrift_buffer bytes = THRIFT_BUFFER_INIT, seen = THRIFT_BUFFER_INIT;
    struct websocket_reader reader;
    thrift_bytes rest;

    ck_assert(buffer_reserve(&bytes, sizes[_i] + 1));
    memset(bytes.data, 'x', sizes[_i]);
    bytes.size = sizes[_i];
    ck_assert(websocket_write(&bytes, 0, WEBSOCKET_BINARY, mask));
    websocket_reader_init(&reader, true);
    rest = buffer_bytes(&bytes);
    ck_assert_int_eq(websocket_next(&reader, &rest, &seen, NULL), WEBSOCKET_MESSAGE);
    ck_assert_uint_eq(rest.size, 0);
    ck_assert_uint_eq(seen.size, sizes[_i]);
    for (size_t i = 0; i < seen.size; i++) {
        ck_assert_uint_eq(seen.data[i], 'x');
    }
    thrift_buffer_deinit(&bytes);
    thrift_buffer_deinit(&seen);
}
END_TEST

static const struct {
    const char *name;
    bool from_client;
    thrift_bytes bytes;
} violations[] = {
    {"not masked", true, BYTES(0x82, 0x01)},
    {"masked by a server", false, BYTES(0x82, 0x81, 0, 0, 0, 0)},
    {"an extension", false, BYTES(0xc2, 0x00)},
    {"an unknown kind", false, BYTES(0x83, 0x00)},
    {"an unknown control", false, BYTES(0x8b, 0x00)},
    {"a ping in pieces", false, BYTES(0x09, 0x00)},
    {"a long ping", false, BYTES(0x89, 126, 0, 126)},
    {"a continuation of nothing", false, BYTES(0x80, 0x00)},
    {"a message within a message", false, BYTES(0x02, 0x00, 0x82, 0x00)},
    {"2^63 bytes", false, BYTES(0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0)},
};

START_TEST(violations_are_named)
{
    struct websocket_reader reader;
    thrift_buffer seen = THRIFT_BUFFER_INIT;
    thrift_bytes rest = violations[_i].bytes;
    thrift_error err = THRIFT_ERROR_INIT;

    websocket_reader_init(&reader, violations[_i].from_client);
    ck_assert_msg(websocket_next(&reader, &rest, &seen, &err) == WEBSOCKET_VIOLATION, "%s",
                  violations[_i].name);
    ck_assert_int_eq(err.code, THRIFT_E_PROTOCOL);
    ck_assert_uint_eq(seen.size, 0);
}
END_TEST

START_TEST(a_claimed_size_takes_no_memory)
{
    static const uint8_t claim[] = {0x82, 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 'x'};
    struct websocket_reader reader;
    thrift_buffer seen = THRIFT_BUFFER_INIT;
    thrift_bytes rest = {claim, sizeof claim};

    websocket_reader_init(&reader, false);
    ck_assert_int_eq(websocket_next(&reader, &rest, &seen, NULL), WEBSOCKET_MORE);
    ck_assert_uint_eq(seen.size, 1);
    ck_assert_uint_le(seen.capacity, 256);
    thrift_buffer_deinit(&seen);
}
END_TEST

static const struct {
    const char *key, *accept; /* NULL: not a key */
} keys[] = {
    {"dGhlIHNhbXBsZSBub25jZQ==", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="}, /* RFC 6455, 1.3 */
    {"dGhlIHNhbXBsZSBub25jZ", NULL},
    {"", NULL},
    {"dGhlIHNhbXBsZSBub25jZQ=!", NULL},
    {"dGhlIHNhbXBsZSBub25jZQ==dGhlIHNhbXBsZSBub25jZQ==", NULL},
};

START_TEST(handshakes)
{
    char accept[WEBSOCKET_ACCEPT_SIZE + 1], key[25];
    thrift_bytes given = {(const uint8_t *)keys[_i].key, strlen(keys[_i].key)};

    ck_assert_int_eq(websocket_accept(given, accept), keys[_i].accept != NULL);
    if (keys[_i].accept != NULL) {
        ck_assert_str_eq(accept, keys[_i].accept);
        websocket_key((const uint8_t *)"the sample nonce", key);
        ck_assert_str_eq(key, keys[_i].key);
    }
}
END_TEST

START_TEST(no_memory)
{
    struct failing_allocator memory = {.fail_at = 1};
    thrift_buffer out = {.allocator = failing_allocator_of(&memory)};
    struct websocket_reader reader;
    thrift_bytes rest = BYTES(0x82, 1, 'x');
    thrift_error err = THRIFT_ERROR_INIT;

    websocket_reader_init(&reader, false);
    ck_assert_int_eq(websocket_next(&reader, &rest, &out, &err), WEBSOCKET_NO_MEMORY);
    ck_assert_int_eq(err.code, THRIFT_E_NOMEM);
    memory.count = 0;
    ck_assert(!websocket_write_close(&out, WEBSOCKET_NORMAL, NULL));
    ck_assert_uint_eq(out.size, 0);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, split_at_every_byte, 0, 2);
    tcase_add_loop_test(tests, sizes_of_every_kind, 0, COUNT_OF(sizes));
    tcase_add_loop_test(tests, violations_are_named, 0, COUNT_OF(violations));
    tcase_add_test(tests, a_claimed_size_takes_no_memory);
    tcase_add_loop_test(tests, handshakes, 0, COUNT_OF(keys));
    tcase_add_test(tests, no_memory);
}

SUITE_MAIN("transport/websocket")
