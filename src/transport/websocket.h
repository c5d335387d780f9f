/*
 * WebSocket frames: bytes in any pieces become payload, and payload becomes frames. No I/O.
 *
 * Payload passes through as it comes: a frame may be of any size, nothing is put together here but
 * control frames (125 bytes). Both sides use it: what a client sends is masked, what a server sends
 * is not.
 * Source: RFC 6455.
 */
#ifndef TRANSPORT_WEBSOCKET_H
#define TRANSPORT_WEBSOCKET_H

#include "wire/headers.h"

#define WEBSOCKET_CONTROL_MOST 125u
#define WEBSOCKET_ACCEPT_SIZE 28u

enum websocket_opcode {
    WEBSOCKET_CONTINUATION = 0,
    WEBSOCKET_TEXT = 1,
    WEBSOCKET_BINARY = 2,
    WEBSOCKET_CLOSE = 8,
    WEBSOCKET_PING = 9,
    WEBSOCKET_PONG = 10
};

enum websocket_code { WEBSOCKET_NORMAL = 1000, WEBSOCKET_PROTOCOL_ERROR = 1002 };

enum websocket_event {
    WEBSOCKET_MORE,      /* the input is used up */
    WEBSOCKET_MESSAGE,   /* a message has ended */
    WEBSOCKET_PINGED,    /* answer with what websocket_control() gives */
    WEBSOCKET_CLOSED,    /* the same; nothing comes after it */
    WEBSOCKET_VIOLATION, /* err: E_PROTOCOL; the stream cannot go on */
    WEBSOCKET_NO_MEMORY
};

struct websocket_reader {
    uint64_t left; /* of the payload */
    uint8_t mask[4];
    uint8_t head[14]; /* of the frame that is under way, as far as it is there */
    uint8_t head_size;
    uint8_t mask_at; /* 0 … 3 */
    bool from_client;
    bool in_payload;
    bool in_message; /* between the fragments of one */
    uint8_t opcode;  /* of the frame */
    uint8_t kind;    /* of the message: WEBSOCKET_TEXT or _BINARY */
    uint8_t control_size;
    uint8_t control[WEBSOCKET_CONTROL_MOST];
};

/* `from_client`: the frames that are read are masked, and only then. */
void websocket_reader_init(struct websocket_reader *reader, bool from_client);
/* Moves *input behind what was used, and appends what it carried to `payload`. */
enum websocket_event websocket_next(struct websocket_reader *reader, thrift_bytes *input,
                                    thrift_buffer *payload, thrift_error *err);
/* The payload of the last ping or close. */
thrift_bytes websocket_control(const struct websocket_reader *reader);
bool websocket_reader_is_idle(const struct websocket_reader *reader);

/* Puts a frame's head before what stands in `out` from `begin` on. `mask` of a client: four bytes
 * that nobody can guess; NULL for a server. false: no memory, nothing is changed then. */
bool websocket_write(thrift_buffer *out, size_t begin, enum websocket_opcode opcode,
                     const uint8_t *mask);
/* A close frame with a code. */
bool websocket_write_close(thrift_buffer *out, enum websocket_code code, const uint8_t *mask);

/* What a server answers to a client's key: WEBSOCKET_ACCEPT_SIZE characters and a NUL. false: not a
 * key. */
bool websocket_accept(thrift_bytes key, char out[WEBSOCKET_ACCEPT_SIZE + 1]);
/* A client's key of 16 random bytes: 24 characters and a NUL. */
void websocket_key(const uint8_t random[16], char out[25]);

#endif
