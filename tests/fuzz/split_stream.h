/*
 * What the targets of streams have in common: bytes as a connection of a server, whole and in
 * pieces. The same must be said either way.
 */
#ifndef FUZZ_SPLIT_STREAM_H
#define FUZZ_SPLIT_STREAM_H

#include <rethrift/buffer.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* `wires`: bits 1 << thrift_wire. `seed` chooses the pieces. */
void serve_whole_and_split(thrift_bytes input, unsigned wires, unsigned seed);
/* A target's input behind bytes that lead to what is to be tried. Its first two bytes are the seed.
 */
void serve_behind(thrift_bytes begin, const uint8_t *data, size_t size, unsigned wires);

#endif
