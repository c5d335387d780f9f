/**
 * Bytes: a view of somebody else's, and a growing array of one's own.
 */
#ifndef RETHRIFT_BUFFER_H
#define RETHRIFT_BUFFER_H

#include <rethrift/limits.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Borrowed bytes; `data` may be NULL when `size` is 0. */
typedef struct thrift_bytes {
    const uint8_t *data;
    size_t size;
} thrift_bytes;

/**
 * A growing byte array. Caller-owned; start with THRIFT_BUFFER_INIT, end with
 * thrift_buffer_deinit(). Set `allocator` before the first use, or leave it for malloc.
 */
typedef struct thrift_buffer {
    uint8_t *data;
    size_t size, capacity;
    thrift_allocator allocator;
} thrift_buffer;
#define THRIFT_BUFFER_INIT                                                                         \
    {                                                                                              \
        NULL, 0, 0, { NULL, NULL }                                                                 \
    }

/** Frees the bytes; the buffer is empty afterwards and may be used again. Threads: owner. */
THRIFT_API void thrift_buffer_deinit(thrift_buffer *buffer);

#ifdef __cplusplus
}
#endif
#endif
