/*
 * Headers: names and values that stand beside a message, not in it.
 *
 * A list of them is bytes, as THeader's key-value blocks write them: (varint size, name, varint
 * size, value)*. HTTP's header lines are kept in the same form. Names are compared without regard
 * to the case of ASCII letters, and the last of a name holds. Source: Apache Thrift
 * doc/specs/HeaderFormat.md, "Info headers".
 */
#ifndef WIRE_HEADERS_H
#define WIRE_HEADERS_H

#include "wire/cursor.h"

struct header {
    thrift_bytes name, value; /* views */
};

/* Moves `in` behind `count` pairs; WIRE_BAD_VALUE when one reaches beyond it. */
enum wire_fault headers_pass(struct cursor *in, uint32_t count);
/* The first pair of a list that headers_pass() or headers_append() made; false at its end. */
bool headers_next(thrift_bytes *rest, struct header *out);
uint32_t headers_count(thrift_bytes headers);
/* false: there is no such name. */
bool headers_find(thrift_bytes headers, const char *name, thrift_bytes *out_value);
/* false when there is no memory; nothing is appended then. */
bool headers_append(thrift_buffer *headers, thrift_bytes name, thrift_bytes value);

/* May it stand in HTTP, too? A name of token characters, a value without control characters. */
bool header_name_valid(thrift_bytes name);
bool header_value_valid(thrift_bytes value);
/* Without regard to the case of ASCII letters. */
bool header_name_equal(thrift_bytes name, const char *other);

#endif
