/*
 * Growing byte arrays: doubling, so that total work is linear in what is appended.
 */
#include "base/buffer.h"

#include "base/alloc.h"

#define CAPACITY_FIRST ((size_t)256)

void thrift_buffer_deinit(thrift_buffer *buffer)
{
    if (buffer != NULL) {
        mem_free(&buffer->allocator, buffer->data, buffer->capacity);
        buffer->data = NULL;
        buffer->size = buffer->capacity = 0;
    }
}

bool buffer_grow(thrift_buffer *buffer, size_t more)
{
    size_t least, capacity = buffer->capacity < CAPACITY_FIRST ? CAPACITY_FIRST : buffer->capacity;
    uint8_t *data;

    if (!size_add(buffer->size, more, &least)) {
        return false;
    }
    while (capacity < least) {
        capacity = capacity > SIZE_MAX / 2 ? least : 2 * capacity;
    }
    data = mem_resize(&buffer->allocator, buffer->data, buffer->capacity, capacity);
    if (data == NULL) {
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void buffer_consume(thrift_buffer *buffer, size_t count)
{
    buffer->size -= count;
    if (buffer->size > 0 && count > 0) {
        memmove(buffer->data, buffer->data + count, buffer->size);
    }
}
