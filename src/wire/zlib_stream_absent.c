/*
 * A build without zlib: peers that compress are refused by name.
 */
#include "wire/zlib_stream.h"

bool zlib_built(void) { return false; }

struct zlib_reader *zlib_reader_new(const thrift_allocator *allocator)
{
    (void)allocator;
    return NULL;
}

void zlib_reader_free(struct zlib_reader *reader) { (void)reader; }

enum wire_fault zlib_read(struct zlib_reader *reader, thrift_bytes *input, uint8_t *into,
                          size_t room, size_t *out_size)
{
    (void)reader, (void)input, (void)into, (void)room, (void)out_size;
    return WIRE_BAD_VALUE;
}

bool zlib_reader_ended(const struct zlib_reader *reader) { return reader != NULL; }

struct zlib_writer *zlib_writer_new(const thrift_allocator *allocator)
{
    (void)allocator;
    return NULL;
}

void zlib_writer_free(struct zlib_writer *writer) { (void)writer; }

bool zlib_write(struct zlib_writer *writer, thrift_bytes bytes, thrift_buffer *out)
{
    (void)writer, (void)bytes, (void)out;
    return false;
}

enum wire_fault zlib_inflate(thrift_bytes input, size_t most, thrift_buffer *out)
{
    (void)input, (void)most, (void)out;
    return WIRE_BAD_VALUE;
}

bool zlib_deflate(thrift_bytes input, thrift_buffer *out)
{
    (void)input, (void)out;
    return false;
}
