/*
 * zlib's streams with our allocator.
 */
#include "wire/zlib_stream.h"

#include <zlib.h>

#include "base/alloc.h"
#include "base/buffer.h"

#define ROOM_LEAST 1024u

/* zlib frees without telling the size: it stands before the block. */
struct block {
    _Alignas(16) size_t size;
};

static voidpf allocate(voidpf data, uInt count, uInt size)
{
    size_t bytes;
    struct block *block = NULL;

    if (size_multiply(count, size, &bytes) && size_add(bytes, sizeof *block, &bytes)) {
        block = mem_alloc_zero(data, 1, bytes);
    }
    if (block == NULL) {
        return NULL;
    }
    block->size = bytes;
    return block + 1;
}

static void release(voidpf data, voidpf memory)
{
    struct block *block = (struct block *)memory - 1;

    mem_free(data, block, block->size);
}

struct zlib_reader {
    z_stream zlib;
    thrift_allocator allocator;
    bool ended;
};

struct zlib_writer {
    z_stream zlib;
    thrift_allocator allocator;
};

bool zlib_built(void) { return true; }

static void set_allocator(z_stream *zlib, thrift_allocator *own, const thrift_allocator *given)
{
    if (given != NULL) {
        *own = *given;
    }
    zlib->zalloc = allocate;
    zlib->zfree = release;
    zlib->opaque = own;
}

/* ---- reading ---- */

struct zlib_reader *zlib_reader_new(const thrift_allocator *allocator)
{
    struct zlib_reader *reader = mem_alloc_zero(allocator, 1, sizeof *reader);

    if (reader == NULL) {
        return NULL;
    }
    set_allocator(&reader->zlib, &reader->allocator, allocator);
    if (inflateInit(&reader->zlib) != Z_OK) {
        mem_free(allocator, reader, sizeof *reader);
        return NULL;
    }
    return reader;
}

void zlib_reader_free(struct zlib_reader *reader)
{
    if (reader != NULL) {
        thrift_allocator allocator = reader->allocator;

        (void)inflateEnd(&reader->zlib);
        mem_free(&allocator, reader, sizeof *reader);
    }
}

bool zlib_reader_ended(const struct zlib_reader *reader) { return reader->ended; }

/* zlib counts in 32 bits. */
static uInt clamp(size_t size) { return size > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uInt)size; }

enum wire_fault zlib_read(struct zlib_reader *reader, thrift_bytes *input, uint8_t *into,
                          size_t room, size_t *out_size)
{
    z_stream *zlib = &reader->zlib;
    uInt given = clamp(input->size), most = clamp(room);
    int result;

    *out_size = 0;
    if (reader->ended) {
        return input->size > 0 ? WIRE_BAD_VALUE : WIRE_OK;
    }
    zlib->next_in = (z_const Bytef *)(uintptr_t)input->data;
    zlib->avail_in = given;
    zlib->next_out = into;
    zlib->avail_out = most;
    result = inflate(zlib, Z_SYNC_FLUSH);
    if (zlib->avail_in < given) {
        *input = (thrift_bytes){input->data + (given - zlib->avail_in),
                                input->size - (given - zlib->avail_in)};
    }
    *out_size = most - zlib->avail_out;
    reader->ended = result == Z_STREAM_END;
    if (result == Z_MEM_ERROR) {
        return WIRE_NO_MEMORY;
    }
    return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR ? WIRE_OK
                                                                             : WIRE_BAD_VALUE;
}

static enum wire_fault inflate_all(struct zlib_reader *reader, thrift_bytes input, size_t most,
                                   thrift_buffer *out)
{
    size_t begin = out->size, size;
    enum wire_fault fault = WIRE_OK;

    while (!reader->ended && fault == WIRE_OK) {
        if (!buffer_reserve(out, ROOM_LEAST)) {
            return WIRE_NO_MEMORY;
        }
        fault = zlib_read(reader, &input, out->data + out->size, out->capacity - out->size, &size);
        out->size += size;
        if (out->size - begin > most) {
            return WIRE_SIZE_LIMIT;
        }
        if (fault == WIRE_OK && size == 0 && !reader->ended) {
            return WIRE_BAD_VALUE; /* it ends too early */
        }
    }
    return fault == WIRE_OK && input.size > 0 ? WIRE_BAD_VALUE : fault;
}

enum wire_fault zlib_inflate(thrift_bytes input, size_t most, thrift_buffer *out)
{
    struct zlib_reader *reader = zlib_reader_new(&out->allocator);
    size_t begin = out->size;
    enum wire_fault fault = reader != NULL ? inflate_all(reader, input, most, out) : WIRE_NO_MEMORY;

    zlib_reader_free(reader);
    if (fault != WIRE_OK) {
        out->size = begin;
    }
    return fault;
}

/* ---- writing ---- */

struct zlib_writer *zlib_writer_new(const thrift_allocator *allocator)
{
    struct zlib_writer *writer = mem_alloc_zero(allocator, 1, sizeof *writer);

    if (writer == NULL) {
        return NULL;
    }
    set_allocator(&writer->zlib, &writer->allocator, allocator);
    if (deflateInit(&writer->zlib, Z_DEFAULT_COMPRESSION) != Z_OK) {
        mem_free(allocator, writer, sizeof *writer);
        return NULL;
    }
    return writer;
}

void zlib_writer_free(struct zlib_writer *writer)
{
    if (writer != NULL) {
        thrift_allocator allocator = writer->allocator;

        (void)deflateEnd(&writer->zlib);
        mem_free(&allocator, writer, sizeof *writer);
    }
}

/* All of `bytes`, until zlib has room left over: only then has it given everything. */
static bool deflate_all(struct zlib_writer *writer, thrift_bytes bytes, int flush,
                        thrift_buffer *out)
{
    z_stream *zlib = &writer->zlib;
    uInt room;

    do {
        uInt given = clamp(bytes.size);
        bool last = given == bytes.size;

        if (!buffer_reserve(out, ROOM_LEAST)) {
            return false;
        }
        room = clamp(out->capacity - out->size);
        zlib->next_in = (z_const Bytef *)(uintptr_t)bytes.data;
        zlib->avail_in = given;
        zlib->next_out = out->data + out->size;
        zlib->avail_out = room;
        (void)deflate(zlib, last ? flush : Z_NO_FLUSH);
        bytes.data += given - zlib->avail_in;
        bytes.size -= given - zlib->avail_in;
        out->size += room - zlib->avail_out;
    } while (zlib->avail_out == 0 || bytes.size > 0);
    return true;
}

bool zlib_write(struct zlib_writer *writer, thrift_bytes bytes, thrift_buffer *out)
{
    return bytes.size == 0 || deflate_all(writer, bytes, Z_SYNC_FLUSH, out);
}

bool zlib_deflate(thrift_bytes input, thrift_buffer *out)
{
    struct zlib_writer *writer = zlib_writer_new(&out->allocator);
    size_t begin = out->size;
    bool written = writer != NULL && deflate_all(writer, input, Z_FINISH, out);

    zlib_writer_free(writer);
    if (!written) {
        out->size = begin;
    }
    return written;
}
