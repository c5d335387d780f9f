/*
 * zlib: the stream transport (TZlibTransport), piece by piece, and THeader's transform, at once.
 *
 * Nothing is inflated beyond the room that the caller gives (R11). Without zlib in the build,
 * everything here fails; zlib_built() tells.
 * Source: RFC 1950; Apache Thrift lib/cpp TZlibTransport.cpp.
 */
#ifndef WIRE_ZLIB_STREAM_H
#define WIRE_ZLIB_STREAM_H

#include "wire/cursor.h"

struct zlib_reader; /* inflates one stream; about 40 KiB */
struct zlib_writer; /* deflates one stream; about 260 KiB */

bool zlib_built(void);

/* NULL: no memory. The allocator is copied. */
struct zlib_reader *zlib_reader_new(const thrift_allocator *allocator);
void zlib_reader_free(struct zlib_reader *reader); /* NULL allowed */
/* Inflates from the front of *input, which moves, into `room` bytes at `into`. *out_size < room:
 * all of the input is used up. WIRE_BAD_VALUE: not zlib, or bytes behind the stream's end. */
enum wire_fault zlib_read(struct zlib_reader *reader, thrift_bytes *input, uint8_t *into,
                          size_t room, size_t *out_size);
/* Has the stream come to its end? */
bool zlib_reader_ended(const struct zlib_reader *reader);

struct zlib_writer *zlib_writer_new(const thrift_allocator *allocator);
void zlib_writer_free(struct zlib_writer *writer); /* NULL allowed */
/* Appends what a reader needs to see all of `bytes`. false: no memory. */
bool zlib_write(struct zlib_writer *writer, thrift_bytes bytes, thrift_buffer *out);

/* A whole stream, nothing behind it, in one go; appended to `out`. WIRE_BAD_VALUE, WIRE_SIZE_LIMIT
 * when it is larger than `most` (`out` is as before then), WIRE_NO_MEMORY. */
enum wire_fault zlib_inflate(thrift_bytes input, size_t most, thrift_buffer *out);
/* false: no memory; `out` is as before. */
bool zlib_deflate(thrift_bytes input, thrift_buffer *out);

#endif
