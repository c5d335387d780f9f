/*
 * Writing JSON text: a pointer into a growing buffer, and what is put there.
 *
 * Room is asked for once for several tokens; the writers below that take a pointer need the room
 * that their name for it says, the others ask themselves. Bytes behind `at` up to `end` are free.
 * Invariant: between json_writer_begin() and _end() the buffer's size is as it was.
 */
#ifndef WIRE_JSON_WRITER_H
#define WIRE_JSON_WRITER_H

#include "base/buffer.h"
#include "base/integer.h"
#include "base/number.h"
#include "wire/cursor.h"

/* Kept free behind `at` by every function here, so that short copies may write whole vectors. */
#define JSON_WRITER_SLOP 32u

struct json_writer {
    uint8_t *at, *end;
    thrift_buffer *buffer;
};

static inline void json_writer_begin(struct json_writer *out, thrift_buffer *buffer)
{
    /* Without data there is no room: at and end are equal, and somewhere. */
    out->at = buffer->data != NULL ? buffer->data + buffer->size : (uint8_t *)out;
    out->end = buffer->data != NULL ? buffer->data + buffer->capacity : (uint8_t *)out;
    out->buffer = buffer;
}

bool json_writer_grow(struct json_writer *out, size_t more);

/* `more` bytes and the slop behind them. */
static inline bool json_room(struct json_writer *out, size_t more)
{
    return (size_t)(out->end - out->at) >= more + JSON_WRITER_SLOP || json_writer_grow(out, more);
}

static inline void json_writer_end(struct json_writer *out)
{
    if (out->buffer->data != NULL) {
        out->buffer->size = (size_t)(out->at - out->buffer->data);
    }
}

/* Needs room for `size`. */
static inline void json_put(struct json_writer *out, const void *text, size_t size)
{
    memcpy(out->at, text, size);
    out->at += size;
}

static inline void json_put_char(struct json_writer *out, char c) { *out->at++ = (uint8_t)c; }

/* Needs room for INTEGER_SIZE. */
static inline void json_put_integer(struct json_writer *out, int64_t x)
{
    out->at += integer_write_i64((char *)out->at, x);
}

/* A string in its quotes, escaped. WIRE_NOT_UTF8, WIRE_NO_MEMORY. */
enum wire_fault json_write_text(struct json_writer *out, thrift_bytes text);
/* The same for bytes that are known to be UTF-8, or that do not have to be. */
enum wire_fault json_write_text_unchecked(struct json_writer *out, thrift_bytes text);
/* Bytes in base64, in quotes. */
enum wire_fault json_write_base64(struct json_writer *out, thrift_bytes bytes, bool padded);

#endif
