/*
 * Frames, masks, the handshake's sum.
 */
#include "transport/websocket.h"

#include <string.h>

#include "base/base64.h"
#include "base/buffer.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/sha1.h"

#define FINAL 0x80u
#define RESERVED 0x70u
#define OPCODE 0x0fu
#define MASKED 0x80u
#define KEY_SIZE 24u

/* ---- reading ---- */

void websocket_reader_init(struct websocket_reader *reader, bool from_client)
{
    *reader = (struct websocket_reader){.from_client = from_client, .kind = WEBSOCKET_BINARY};
}

/* How many bytes the head has, as far as it can be told from those that are there. */
static size_t head_size(const struct websocket_reader *reader)
{
    uint8_t length = reader->head[1] & 0x7f;

    if (reader->head_size < 2) {
        return 2;
    }
    return (length == 127 ? 10u : length == 126 ? 4u : 2u) + (reader->head[1] & MASKED ? 4u : 0u);
}

static uint64_t payload_size(const uint8_t *head)
{
    uint8_t length = head[1] & 0x7f;

    return length == 127 ? load_big64(head + 2) : length == 126 ? load_big16(head + 2) : length;
}

static bool is_control(uint8_t opcode) { return (opcode & 8) != 0; }

/* What is wrong with a head; NULL: nothing. RFC 6455, 5.2 to 5.5. */
static const char *judge(const struct websocket_reader *reader, uint8_t opcode, uint64_t size)
{
    bool final = (reader->head[0] & FINAL) != 0;

    if ((reader->head[0] & RESERVED) != 0) {
        return "an extension that was not agreed to";
    }
    if (((reader->head[1] & MASKED) != 0) != reader->from_client) {
        return reader->from_client ? "a client's frame that is not masked"
                                   : "a server's frame that is masked";
    }
    if (size > INT64_MAX) {
        return "a frame of more than 2^63 bytes";
    }
    switch (opcode) {
    case WEBSOCKET_CLOSE:
    case WEBSOCKET_PING:
    case WEBSOCKET_PONG:
        return final && size <= WEBSOCKET_CONTROL_MOST ? NULL : "a control frame in pieces";
    case WEBSOCKET_CONTINUATION:
        return reader->in_message ? NULL : "a continuation of nothing";
    case WEBSOCKET_TEXT:
    case WEBSOCKET_BINARY:
        return reader->in_message ? "a message within a message" : NULL;
    default:
        return "an unknown kind of frame";
    }
}

static bool begin_frame(struct websocket_reader *reader, thrift_error *err)
{
    const uint8_t opcode = reader->head[0] & OPCODE;
    const uint64_t size = payload_size(reader->head);
    const char *wrong = judge(reader, opcode, size);

    if (wrong != NULL) {
        (void)FAIL(err, THRIFT_E_PROTOCOL, "WebSocket: %s", wrong);
        return false;
    }
    if (reader->from_client) {
        memcpy(reader->mask, reader->head + head_size(reader) - 4, 4);
    }
    reader->opcode = opcode;
    reader->left = size;
    reader->mask_at = 0;
    reader->in_payload = true;
    if (is_control(opcode)) {
        reader->control_size = 0;
    } else {
        reader->in_message = true;
        reader->kind = opcode != WEBSOCKET_CONTINUATION ? opcode : reader->kind;
    }
    return true;
}

static void unmask(struct websocket_reader *reader, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size && reader->from_client; i++) {
        bytes[i] ^= reader->mask[(reader->mask_at + i) & 3];
    }
    reader->mask_at = (uint8_t)((reader->mask_at + size) & 3);
}

static bool take_payload(struct websocket_reader *reader, thrift_bytes *input,
                         thrift_buffer *payload)
{
    size_t size = input->size < reader->left ? input->size : (size_t)reader->left;
    uint8_t *to = reader->control + reader->control_size;

    if (is_control(reader->opcode)) {
        memcpy(to, input->data, size);
        reader->control_size = (uint8_t)(reader->control_size + size);
    } else {
        if (!buffer_append(payload, input->data, size)) {
            return false;
        }
        to = payload->data + payload->size - size;
    }
    unmask(reader, to, size);
    *input = (thrift_bytes){input->data + size, input->size - size};
    reader->left -= size;
    return true;
}

static enum websocket_event end_frame(struct websocket_reader *reader)
{
    bool final = (reader->head[0] & FINAL) != 0;

    reader->in_payload = false;
    reader->head_size = 0;
    switch (reader->opcode) {
    case WEBSOCKET_CLOSE:
        return WEBSOCKET_CLOSED;
    case WEBSOCKET_PING:
        return WEBSOCKET_PINGED;
    case WEBSOCKET_PONG:
        return WEBSOCKET_MORE;
    default:
        reader->in_message = !final;
        return final ? WEBSOCKET_MESSAGE : WEBSOCKET_MORE;
    }
}

enum websocket_event websocket_next(struct websocket_reader *reader, thrift_bytes *input,
                                    thrift_buffer *payload, thrift_error *err)
{
    while (input->size > 0) {
        if (!reader->in_payload) {
            reader->head[reader->head_size++] = *input->data;
            *input = (thrift_bytes){input->data + 1, input->size - 1};
            if (reader->head_size < head_size(reader)) {
                continue;
            }
            if (!begin_frame(reader, err)) {
                return WEBSOCKET_VIOLATION;
            }
        }
        if (reader->left > 0 && input->size > 0 && !take_payload(reader, input, payload)) {
            (void)FAIL_NOMEM(err);
            return WEBSOCKET_NO_MEMORY;
        }
        if (reader->left == 0) {
            enum websocket_event event = end_frame(reader);

            if (event != WEBSOCKET_MORE) {
                return event;
            }
        }
    }
    return WEBSOCKET_MORE;
}

thrift_bytes websocket_control(const struct websocket_reader *reader)
{
    return (thrift_bytes){reader->control, reader->control_size};
}

bool websocket_reader_is_idle(const struct websocket_reader *reader)
{
    return reader->head_size == 0 && !reader->in_payload && !reader->in_message;
}

/* ---- writing ---- */

static size_t put_head(uint8_t *to, enum websocket_opcode opcode, size_t size, const uint8_t *mask)
{
    const uint8_t masked = mask != NULL ? MASKED : 0;
    size_t used = 2;

    to[0] = (uint8_t)(FINAL | opcode);
    if (size < 126) {
        to[1] = (uint8_t)(masked | size);
    } else if (size <= UINT16_MAX) {
        to[1] = masked | 126;
        store_big16(to + 2, (uint16_t)size);
        used = 4;
    } else {
        to[1] = masked | 127;
        store_big64(to + 2, size);
        used = 10;
    }
    if (mask != NULL) {
        memcpy(to + used, mask, 4);
        used += 4;
    }
    return used;
}

bool websocket_write(thrift_buffer *out, size_t begin, enum websocket_opcode opcode,
                     const uint8_t *mask)
{
    uint8_t head[14];
    size_t size = out->size - begin, used = put_head(head, opcode, size, mask);
    uint8_t *to;

    if (!buffer_reserve(out, used)) {
        return false;
    }
    to = out->data + begin;
    memmove(to + used, to, size);
    memcpy(to, head, used);
    for (size_t i = 0; i < size && mask != NULL; i++) {
        to[used + i] ^= mask[i & 3];
    }
    out->size += used;
    return true;
}

bool websocket_write_close(thrift_buffer *out, enum websocket_code code, const uint8_t *mask)
{
    uint8_t bytes[2];
    size_t begin = out->size;

    store_big16(bytes, (uint16_t)code);
    if (!buffer_append(out, bytes, sizeof bytes)) {
        return false;
    }
    if (!websocket_write(out, begin, WEBSOCKET_CLOSE, mask)) {
        out->size = begin;
        return false;
    }
    return true;
}

/* ---- the handshake, RFC 6455, 4.2.2 ---- */

bool websocket_accept(thrift_bytes key, char out[WEBSOCKET_ACCEPT_SIZE + 1])
{
    static const char salt[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    uint8_t text[KEY_SIZE + sizeof salt - 1], digest[SHA1_SIZE], random[KEY_SIZE];
    size_t size;

    if (key.size != KEY_SIZE || !base64_read(key.data, key.size, random, &size) || size != 16) {
        return false;
    }
    memcpy(text, key.data, KEY_SIZE);
    memcpy(text + KEY_SIZE, salt, sizeof salt - 1);
    sha1(text, sizeof text, digest);
    *base64_write(out, digest, sizeof digest, true) = '\0';
    return true;
}

void websocket_key(const uint8_t random[16], char out[25])
{
    *base64_write(out, random, 16, true) = '\0';
}
