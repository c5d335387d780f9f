/*
 * The one way to read a peer's bytes (R1), and what can be wrong with them.
 *
 * A cursor is three pointers into somebody else's bytes: begin <= at <= end. Readers move `at` only
 * when they succeed, and ask cursor_need() before every access. What goes wrong is a wire_fault, as
 * small as a number, because hot paths must not format text; wire_fail() makes an error of it.
 */
#ifndef WIRE_CURSOR_H
#define WIRE_CURSOR_H

#include <rethrift/buffer.h>

#include "base/bytes.h"

struct cursor {
    const uint8_t *at, *end;
    const uint8_t *begin; /* where offsets in errors count from */
};

enum wire_fault {
    WIRE_OK = 0,
    WIRE_TRUNCATED,     /* more bytes are needed */
    WIRE_NEGATIVE_SIZE, /* or one that fits no i32 */
    WIRE_SIZE_LIMIT,
    WIRE_DEPTH_LIMIT,
    WIRE_BAD_TYPE,  /* a type code that no value may have */
    WIRE_BAD_VALUE, /* excess bits in a varint, a field id that overflows, not JSON … */
    WIRE_RANGE,     /* an integer or double beyond its type */
    WIRE_NOT_UTF8,
    WIRE_BAD_VERSION,
    WIRE_NO_MEMORY
};

static inline struct cursor cursor_of(thrift_bytes bytes)
{
    /* Arithmetic on a null pointer is undefined even when it adds nothing. */
    const uint8_t *begin = bytes.data != NULL ? bytes.data : (const uint8_t *)"";

    return (struct cursor){begin, begin + bytes.size, begin};
}

static inline size_t cursor_left(const struct cursor *cursor)
{
    return (size_t)(cursor->end - cursor->at);
}

static inline bool cursor_need(const struct cursor *cursor, size_t size)
{
    return size <= (size_t)(cursor->end - cursor->at);
}

/* How far `at` has come. */
static inline size_t cursor_offset(const struct cursor *cursor)
{
    return (size_t)(cursor->at - cursor->begin);
}

/* The next byte, without a step; false at the end. */
static inline bool cursor_peek(const struct cursor *cursor, uint8_t *out)
{
    if (!cursor_need(cursor, 1)) {
        return false;
    }
    *out = *cursor->at;
    return true;
}

/*
 * R2: `count` values of at least `least` bytes each must be able to follow, before anything is
 * allocated for them. A count that no frame could hold is over the limit; one that a frame could
 * hold means that the input was cut short.
 */
static inline enum wire_fault wire_count_check(const struct cursor *in, uint32_t count,
                                               uint32_t least, const thrift_limits *limits)
{
    uint64_t bytes = (uint64_t)count * least;

    if (count > limits->max_container_count) {
        return WIRE_SIZE_LIMIT;
    }
    if (bytes > cursor_left(in)) {
        return bytes > limits->max_frame_size ? WIRE_SIZE_LIMIT : WIRE_TRUNCATED;
    }
    return WIRE_OK;
}

/* Writes the failure, with the cursor's offset, and returns its status. */
thrift_status wire_fail(enum wire_fault fault, const struct cursor *cursor, thrift_error *err);
thrift_status wire_fault_status(enum wire_fault fault);
/* One clause: "a size is negative". */
const char *wire_fault_text(enum wire_fault fault);

#endif
