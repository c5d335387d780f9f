/*
 * Stream: one accepted connection on a loop.
 *
 * Bytes arrive in the loop's shared buffer, one read per wake-up; what is written goes out at once,
 * and only what the peer does not take yet is kept. An idle stream owns no buffer.
 *
 * Ownership: a stream and its owner's part are one block; it frees itself after `closed`, which
 * comes exactly once after stream_close(), never from within it. No event comes after `closed`,
 * and none but it after stream_close(). Threads: the loop's, but stream_new() and stream_discard().
 */
#ifndef TRANSPORT_STREAM_H
#define TRANSPORT_STREAM_H

#include <rethrift/buffer.h>

#include "transport/address.h"
#include "transport/loop.h"

struct stream;

struct stream_events {
    void (*arrived)(struct stream *stream, thrift_bytes bytes); /* theirs until the return */
    /* The peer will send no more (0), or the connection is broken (errno). It stays open. */
    void (*ended)(struct stream *stream, int sys_errno);
    void (*drained)(struct stream *stream); /* what stream_write() had to keep is written; and
                                               after stream_yield() */
    void (*closed)(struct stream *stream);
};

/* `owner_size` bytes, zeroed, are the owner's. The allocator outlives it. NULL: no memory. */
struct stream *stream_new(const struct stream_events *events, size_t owner_size,
                          const thrift_allocator *allocator);
/* Of one that was never opened. */
void stream_discard(struct stream *stream);
void *stream_owner(struct stream *stream);
struct stream *stream_of(void *owner);

/* Begins to read. Takes `fd` over, even when it fails; then stream_close() is still needed. */
thrift_status stream_open(struct stream *stream, struct loop *loop, int fd, thrift_error *err);
void stream_close(struct stream *stream);
bool stream_is_closing(const struct stream *stream);

/* Empties `bytes`. The part that the peer does not take now is kept and sent when it does.
 * false: the connection is broken or there is no memory; close it. */
bool stream_write(struct stream *stream, thrift_buffer *bytes);
/* Bytes kept. */
size_t stream_queued(const struct stream *stream);

/* Nothing more will be written: the peer sees the end, what it still sends arrives. When nothing is
 * queued. false: the connection is broken. */
bool stream_finish(struct stream *stream);

/* Others have their turn: `drained` comes in a later wake-up, when the peer takes more bytes. When
 * nothing is queued. */
void stream_yield(struct stream *stream);

void stream_pause(struct stream *stream);
void stream_resume(struct stream *stream);

/* The peer's address as text. Returns `out`. */
const char *stream_peer(const struct stream *stream, char out[ADDRESS_TEXT_SIZE]);

#endif
