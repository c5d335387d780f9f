/*
 * The server's side of the zlib stream transport: one stream in, one out, flushed behind each
 * reply.
 *
 * What a stream blows up to is worked on in pieces of bounded size; a message in it has the limits
 * of any other.
 */
#include "base/alloc.h"
#include "base/buffer.h"
#include "rpc/carrier.h"
#include "wire/zlib_stream.h"

#define PIECE ((size_t)64 * 1024)

struct zlib_carrier {
    struct carrier carrier;
    struct zlib_reader *reader;
    struct zlib_writer *writer; /* NULL: nothing was said yet */
    const struct inbound *in;   /* the session's */
};

static struct zlib_carrier *of(struct carrier *carrier)
{
    return (struct zlib_carrier *)(void *)carrier;
}

static bool wrap(struct carrier *carrier, thrift_buffer *out, size_t begin)
{
    struct zlib_carrier *zlib = of(carrier);
    thrift_buffer small = {.allocator = out->allocator};
    bool done;

    if (out->size == begin) {
        return true;
    }
    if (zlib->writer == NULL) {
        zlib->writer = zlib_writer_new(&carrier->waiting.allocator);
    }
    done = zlib->writer != NULL &&
           zlib_write(zlib->writer, (thrift_bytes){out->data + begin, out->size - begin}, &small);
    out->size = begin;
    done = done && buffer_append(out, small.data, small.size);
    thrift_buffer_deinit(&small);
    return done;
}

static enum session_verdict broken(const struct session *session, enum wire_fault fault,
                                   const thrift_bytes *at)
{
    const struct cursor cursor = cursor_of((thrift_bytes){at->data, 0});
    thrift_error err = THRIFT_ERROR_INIT;

    (void)wire_fail(fault, &cursor, &err);
    return session_broken(session, &err);
}

static enum session_verdict work(struct session *session, thrift_bytes *input, thrift_buffer *out)
{
    struct zlib_carrier *zlib = of(session->carrier);
    thrift_buffer *inner = &session->in.shared->unwrapped;
    enum session_verdict verdict = session_answer(session, (thrift_bytes){NULL, 0}, out);
    size_t size = PIECE, done = 0;

    /* A piece that fills its room may have more behind it, without further input. */
    while (verdict == SESSION_OPEN && (input->size > 0 || size == PIECE)) {
        enum wire_fault fault;

        if (done >= SESSION_TURN_MOST) {
            return SESSION_FULL;
        }
        inner->size = 0;
        if (!buffer_reserve(inner, PIECE)) {
            return broken(session, WIRE_NO_MEMORY, input);
        }
        fault = zlib_read(zlib->reader, input, inner->data, PIECE, &size);
        done += size;
        verdict = session_answer(session, (thrift_bytes){inner->data, size}, out);
        if (fault != WIRE_OK && verdict != SESSION_CLOSE) {
            return broken(session, fault, input); /* what came before it is answered */
        }
    }
    return verdict;
}

static enum session_verdict receive(struct session *session, thrift_bytes bytes, thrift_buffer *out)
{
    return carrier_receive(session, bytes, out, work);
}

static bool is_partial(const struct carrier *carrier)
{
    const struct zlib_carrier *zlib = (const struct zlib_carrier *)(const void *)carrier;

    return carrier->waiting.size > 0 || inbound_is_partial(zlib->in);
}

static void free_carrier(struct carrier *carrier)
{
    struct zlib_carrier *zlib = of(carrier);
    thrift_allocator allocator = carrier->waiting.allocator;

    zlib_reader_free(zlib->reader);
    zlib_writer_free(zlib->writer);
    thrift_buffer_deinit(&carrier->waiting);
    mem_free(&allocator, zlib, sizeof *zlib);
}

struct carrier *zlib_carrier_new(struct session *session)
{
    const thrift_allocator *allocator = &session->in.shared->allocator;
    struct zlib_carrier *zlib = mem_alloc_zero(allocator, 1, sizeof *zlib);

    if (zlib == NULL) {
        return NULL;
    }
    zlib->carrier = (struct carrier){receive, wrap, is_partial, free_carrier, THRIFT_BUFFER_INIT};
    zlib->carrier.waiting.allocator = *allocator;
    zlib->in = &session->in;
    zlib->reader = zlib_reader_new(allocator);
    if (zlib->reader == NULL) {
        free_carrier(&zlib->carrier);
        return NULL;
    }
    return &zlib->carrier;
}
