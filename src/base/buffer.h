/*
 * The growing byte array, from the inside: room for writers, size by offset.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <rethrift/buffer.h>
#include <string.h>

/* Room for at least `more` bytes behind `size`; false when there is no memory, nothing lost then.*/
bool buffer_grow(thrift_buffer *buffer, size_t more);

static inline bool buffer_reserve(thrift_buffer *buffer, size_t more)
{
    return buffer->capacity - buffer->size >= more || buffer_grow(buffer, more);
}

static inline bool buffer_append(thrift_buffer *buffer, const void *data, size_t size)
{
    if (!buffer_reserve(buffer, size)) {
        return false;
    }
    if (size > 0) {
        memcpy(buffer->data + buffer->size, data, size);
        buffer->size += size;
    }
    return true;
}

static inline thrift_bytes buffer_bytes(const thrift_buffer *buffer)
{
    return (thrift_bytes){buffer->data, buffer->size};
}

/* Drops the first `count` bytes; linear work over a stream when called once per read (R14). */
void buffer_consume(thrift_buffer *buffer, size_t count);

#endif
