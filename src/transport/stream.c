/*
 * Streams over libuv's TCP and pipe handles.
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

/* What the peer did not take: `flying` is libuv's until it says so, `waiting` comes after it. */
struct write_queue {
    uv_write_t request;
    thrift_buffer flying, waiting;
};

struct stream {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_tcp_t tcp;
        uv_pipe_t pipe;
    } uv;
    const struct stream_events *events;
    struct loop *loop; /* NULL: not open */
    struct write_queue *queue;
    const thrift_allocator *allocator; /* NULL: malloc */
    uint32_t size;                     /* of the whole block */
    bool closing;
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
        thrift_buffer_deinit(&stream->queue->flying);
        thrift_buffer_deinit(&stream->queue->waiting);
        mem_free(stream->allocator, stream->queue, sizeof *stream->queue);
        stream->queue = NULL;
    }
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
    struct stream *stream = handle->data;

    (void)suggested;
    *out = uv_buf_init((char *)stream->loop->read_buffer, (unsigned)LOOP_READ_SIZE);
}

static void on_read(uv_stream_t *handle, ssize_t size, const uv_buf_t *buffer)
{
    struct stream *stream = handle->data;

    if (stream->closing || size == 0) {
        return;
    }
    if (size > 0) {
        stream->events->arrived(stream,
                                (thrift_bytes){(const uint8_t *)buffer->base, (size_t)size});
        return;
    }
    (void)uv_read_stop(handle);
    stream->events->ended(stream, size == UV_EOF ? 0 : (int)-size);
}

static int open_handle(struct stream *stream, struct loop *loop, int fd)
{
    struct sockaddr_storage own;
    socklen_t size = sizeof own;
    int failed;

    if (getsockname(fd, (struct sockaddr *)&own, &size) != 0) {
        own.ss_family = AF_INET;
    }
    failed = own.ss_family == AF_UNIX ? uv_pipe_init(loop->uv, &stream->uv.pipe, 0)
                                      : uv_tcp_init(loop->uv, &stream->uv.tcp);
    if (failed != 0) {
        return failed;
    }
    stream->loop = loop;
    stream->uv.handle.data = stream;
    return own.ss_family == AF_UNIX ? uv_pipe_open(&stream->uv.pipe, fd)
                                    : uv_tcp_open(&stream->uv.tcp, fd);
}

thrift_status stream_open(struct stream *stream, struct loop *loop, int fd, thrift_error *err)
{
    int failed = open_handle(stream, loop, fd);

    if (failed != 0) {
        (void)close(fd);
    } else {
        failed = uv_read_start(&stream->uv.stream, on_alloc, on_read);
    }
    return failed == 0 ? THRIFT_OK : loop_fail(err, failed, "a connection cannot be served");
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
    uv_close(&stream->uv.handle, on_closed);
}

bool stream_is_closing(const struct stream *stream) { return stream->closing; }

size_t stream_queued(const struct stream *stream)
{
    if (stream->queue == NULL) {
        return 0;
    }
    return uv_stream_get_write_queue_size(&stream->uv.stream) + stream->queue->waiting.size;
}

static void on_written(uv_write_t *request, int status);

/* Hands `flying` to libuv, without the bytes that are sent already. */
static bool fly(struct stream *stream, size_t sent)
{
    struct write_queue *queue = stream->queue;
    uv_buf_t bytes =
        uv_buf_init((char *)queue->flying.data + sent, (unsigned)(queue->flying.size - sent));

    queue->request.data = stream;
    return uv_write(&queue->request, &stream->uv.stream, &bytes, 1, on_written) == 0;
}

static void on_written(uv_write_t *request, int status)
{
    struct stream *stream = request->data;
    struct write_queue *queue = stream->queue;
    thrift_buffer written = queue->flying;

    if (stream->closing) {
        return; /* on_closed() frees */
    }
    if (status != 0) {
        stream->events->ended(stream, -status);
        return;
    }
    if (queue->waiting.size == 0) {
        free_queue(stream);
        stream->events->drained(stream);
        return;
    }
    queue->flying = queue->waiting;
    written.size = 0;
    queue->waiting = written;
    if (!fly(stream, 0)) {
        stream->events->ended(stream, EPIPE);
    }
}

/* The rest, from `sent` on, becomes the queue; the buffer's memory goes with it. */
static bool begin_queue(struct stream *stream, thrift_buffer *bytes, size_t sent)
{
    struct write_queue *queue = mem_alloc_zero(stream->allocator, 1, sizeof *queue);

    if (queue == NULL) {
        return false;
    }
    queue->flying = *bytes;
    queue->waiting.allocator = bytes->allocator;
    *bytes = (thrift_buffer){.allocator = queue->flying.allocator};
    stream->queue = queue;
    return fly(stream, sent);
}

bool stream_write(struct stream *stream, thrift_buffer *bytes)
{
    uv_buf_t view = uv_buf_init((char *)bytes->data, (unsigned)bytes->size);
    int sent;

    if (stream->queue != NULL) {
        bool kept = buffer_append(&stream->queue->waiting, bytes->data, bytes->size);

        bytes->size = 0;
        return kept;
    }
    if (bytes->size == 0) {
        return true;
    }
    sent = uv_try_write(&stream->uv.stream, &view, 1);
    if (sent < 0 && sent != UV_EAGAIN) {
        bytes->size = 0;
        return false;
    }
    if (sent >= 0 && (size_t)sent == bytes->size) {
        bytes->size = 0;
        return true;
    }
    return begin_queue(stream, bytes, sent > 0 ? (size_t)sent : 0);
}

bool stream_finish(struct stream *stream)
{
    uv_os_fd_t fd;
    int reading;

    if (stream->loop == NULL || stream->closing || uv_fileno(&stream->uv.handle, &fd) != 0 ||
        shutdown(fd, SHUT_WR) != 0) {
        return false;
    }
    reading = uv_read_start(&stream->uv.stream, on_alloc, on_read);
    return reading == 0 || reading == UV_EALREADY;
}

void stream_pause(struct stream *stream)
{
    if (!stream->closing) {
        (void)uv_read_stop(&stream->uv.stream);
    }
}

void stream_resume(struct stream *stream)
{
    if (!stream->closing) {
        (void)uv_read_start(&stream->uv.stream, on_alloc, on_read);
    }
}

const char *stream_peer(const struct stream *stream, char out[ADDRESS_TEXT_SIZE])
{
    struct sockaddr_storage peer = {0};
    socklen_t size = sizeof peer;
    uv_os_fd_t fd;

    if (stream->loop == NULL || uv_fileno(&stream->uv.handle, &fd) != 0 ||
        getpeername(fd, (struct sockaddr *)&peer, &size) != 0) {
        (void)snprintf(out, ADDRESS_TEXT_SIZE, "unknown");
        return out;
    }
    return address_print_socket((struct sockaddr *)&peer, size, out);
}
