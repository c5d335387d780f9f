/*
 * Streams over sockets that libuv only watches: one recv() for each wake-up, one send() for what is
 * written. uv_tcp_t would be 100 bytes larger for each connection and would raise SIGPIPE.
 */
#include "transport/stream.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/error.h"
#include "transport/loop_private.h"

/* What the peer did not take: bytes from `sent` on. */
struct write_queue {
    thrift_buffer bytes;
    size_t sent;
};

struct stream {
    uv_poll_t poll;
    const struct stream_events *events;
    struct loop *loop; /* NULL: not open */
    struct write_queue *queue;
    const thrift_allocator *allocator; /* NULL: malloc */
    uint32_t size;                     /* of the whole block */
    int fd;
    bool closing;
    bool reading;
    bool yielding;
    _Alignas(16) uint8_t owner[];
};

struct stream *stream_new(const struct stream_events *events, size_t owner_size,
                          const thrift_allocator *allocator)
{
    size_t size = sizeof(struct stream) + owner_size;
    struct stream *stream = mem_alloc_zero(allocator, 1, size);

    if (stream != NULL) {
        stream->events = events;
        stream->size = (uint32_t)size;
        stream->allocator = allocator;
    }
    return stream;
}

void stream_discard(struct stream *stream)
{
    if (stream != NULL) {
        mem_free(stream->allocator, stream, stream->size);
    }
}

void *stream_owner(struct stream *stream) { return stream->owner; }

struct stream *stream_of(void *owner)
{
    return (struct stream *)(void *)((uint8_t *)owner - offsetof(struct stream, owner));
}

static void free_queue(struct stream *stream)
{
    if (stream->queue != NULL) {
        thrift_buffer_deinit(&stream->queue->bytes);
        mem_free(stream->allocator, stream->queue, sizeof *stream->queue);
        stream->queue = NULL;
    }
}

/* ---- being woken ---- */

static void on_ready(uv_poll_t *poll, int status, int events);

static bool watch(struct stream *stream)
{
    bool writing = stream->queue != NULL || stream->yielding;
    int events = (stream->reading ? UV_READABLE : 0) | (writing ? UV_WRITABLE : 0);

    return (events != 0 ? uv_poll_start(&stream->poll, events, on_ready)
                        : uv_poll_stop(&stream->poll)) == 0;
}

static void end(struct stream *stream, int sys_errno)
{
    stream->reading = false;
    (void)watch(stream);
    stream->events->ended(stream, sys_errno);
}

/* `failed`: the socket has an error, which the read brings out behind the last bytes. */
static void receive(struct stream *stream, bool failed)
{
    uint8_t *buffer = stream->loop->read_buffer;
    ssize_t size = recv(stream->fd, buffer, LOOP_READ_SIZE, 0);

    if (size > 0) {
        stream->events->arrived(stream, (thrift_bytes){buffer, (size_t)size});
    } else if (size == 0) {
        end(stream, 0);
    } else if (errno != EAGAIN && errno != EINTR) {
        end(stream, errno);
    } else if (failed) {
        end(stream, EIO);
    }
}

/* Returns what was taken: 0 when nothing is now, -1 when the connection is broken. */
static ssize_t send_some(const struct stream *stream, const uint8_t *bytes, size_t size)
{
    ssize_t sent = send(stream->fd, bytes, size, MSG_NOSIGNAL);

    return sent < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : sent;
}

static void send_queue(struct stream *stream)
{
    struct write_queue *queue = stream->queue;
    ssize_t sent =
        send_some(stream, queue->bytes.data + queue->sent, queue->bytes.size - queue->sent);

    if (sent < 0) {
        end(stream, errno);
        return;
    }
    queue->sent += (size_t)sent;
    if (queue->sent == queue->bytes.size) {
        free_queue(stream);
        (void)watch(stream);
        stream->events->drained(stream);
    }
}

static void on_writable(struct stream *stream)
{
    if (stream->queue != NULL) {
        send_queue(stream);
    } else if (stream->yielding) {
        stream->yielding = false;
        (void)watch(stream);
        stream->events->drained(stream);
    }
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct stream *stream = poll->data;

    if (status < 0) { /* libuv has stopped watching */
        if (!stream->reading) {
            end(stream, EIO);
            return;
        }
        (void)watch(stream);
        receive(stream, true);
        return;
    }
    if ((events & UV_WRITABLE) != 0) {
        on_writable(stream);
    }
    if ((events & UV_READABLE) != 0 && stream->reading && !stream->closing) {
        receive(stream, false);
    }
}

/* ---- opening and closing ---- */

thrift_status stream_open(struct stream *stream, struct loop *loop, int fd, thrift_error *err)
{
    int failed = uv_poll_init(loop->uv, &stream->poll, fd);

    if (failed != 0) {
        (void)close(fd);
        return loop_fail(err, failed, "a connection cannot be served");
    }
    stream->poll.data = stream;
    stream->loop = loop;
    stream->fd = fd;
    stream->reading = true;
    return watch(stream) ? THRIFT_OK : loop_fail(err, UV_EINVAL, "a connection cannot be served");
}

static void on_closed(uv_handle_t *handle)
{
    struct stream *stream = handle->data;

    stream->events->closed(stream);
    free_queue(stream);
    stream_discard(stream);
}

void stream_close(struct stream *stream)
{
    if (stream->closing) {
        return;
    }
    stream->closing = true;
    if (stream->loop == NULL) { /* libuv never saw it */
        stream->events->closed(stream);
        stream_discard(stream);
        return;
    }
    uv_close((uv_handle_t *)&stream->poll, on_closed); /* stops watching: the number is free */
    (void)close(stream->fd);
}

bool stream_is_closing(const struct stream *stream) { return stream->closing; }

/* ---- writing ---- */

size_t stream_queued(const struct stream *stream)
{
    return stream->queue != NULL ? stream->queue->bytes.size - stream->queue->sent : 0;
}

/* The rest, from `sent` on, becomes the queue; the buffer's memory goes with it. */
static bool begin_queue(struct stream *stream, thrift_buffer *bytes, size_t sent)
{
    struct write_queue *queue = mem_alloc_zero(stream->allocator, 1, sizeof *queue);

    if (queue == NULL) {
        return false;
    }
    *queue = (struct write_queue){*bytes, sent};
    *bytes = (thrift_buffer){.allocator = queue->bytes.allocator};
    stream->queue = queue;
    return watch(stream);
}

static bool append_to_queue(struct write_queue *queue, thrift_buffer *bytes)
{
    bool kept;

    if (queue->sent > queue->bytes.size / 2) { /* linear work in all (R14) */
        buffer_consume(&queue->bytes, queue->sent);
        queue->sent = 0;
    }
    kept = buffer_append(&queue->bytes, bytes->data, bytes->size);
    bytes->size = 0;
    return kept;
}

bool stream_write(struct stream *stream, thrift_buffer *bytes)
{
    ssize_t sent;

    if (stream->queue != NULL) {
        return append_to_queue(stream->queue, bytes);
    }
    if (bytes->size == 0) {
        return true;
    }
    sent = send_some(stream, bytes->data, bytes->size);
    if (sent < 0 || (size_t)sent == bytes->size) {
        bytes->size = 0;
        return sent >= 0;
    }
    return begin_queue(stream, bytes, (size_t)sent);
}

bool stream_finish(struct stream *stream)
{
    if (stream->loop == NULL || stream->closing || shutdown(stream->fd, SHUT_WR) != 0) {
        return false;
    }
    stream->reading = true;
    return watch(stream);
}

void stream_yield(struct stream *stream)
{
    if (!stream->closing) {
        stream->yielding = true;
        (void)watch(stream);
    }
}

void stream_pause(struct stream *stream)
{
    if (!stream->closing) {
        stream->reading = false;
        (void)watch(stream);
    }
}

void stream_resume(struct stream *stream)
{
    if (!stream->closing) {
        stream->reading = true;
        (void)watch(stream);
    }
}

const char *stream_peer(const struct stream *stream, char out[ADDRESS_TEXT_SIZE])
{
    struct sockaddr_storage peer = {0};
    socklen_t size = sizeof peer;

    if (stream->loop == NULL || stream->closing ||
        getpeername(stream->fd, (struct sockaddr *)&peer, &size) != 0) {
        (void)snprintf(out, ADDRESS_TEXT_SIZE, "unknown");
        return out;
    }
    return address_print_socket((struct sockaddr *)&peer, size, out);
}
