/*
 * Canonical bytes: equal exactly when two values mean the same, ordered as the values are.
 *
 * Integers stand big-endian with their sign turned, doubles in the total order of their bits,
 * strings end with 00 00 (a zero byte in them is 00 ff), lists are 01 item … 00. The members of
 * sets and the entries of maps are sorted and without duplicates; of equal keys the last counts. A
 * record is its fields by slot, 00 or 01 value. Never leaves the process: it is no wire format.
 */
#ifndef VALUE_CANONICAL_H
#define VALUE_CANONICAL_H

#include "base/buffer.h"
#include "value/layout.h"

/* Appends. false: no memory, `out` holds a part then. */
bool canonical_write(const thrift_type *type, const void *slot, thrift_buffer *out);
/* The same for a record, list or map; `object` may be NULL: an empty one. */
bool canonical_write_object(const thrift_type *type, const void *object, thrift_buffer *out);

#endif
