/*
 * Digests of evaluated constants: equal when the values mean the same, in whatever order the fields
 * of a struct, the items of a set and the pairs of a map are written.
 */
#ifndef SCHEMA_VALUE_DIGEST_H
#define SCHEMA_VALUE_DIGEST_H

#include "base/hash.h"
#include "schema/descriptor.h"

/* Enums count as their numbers, fields as their ids. NULL is a value of its own. `scratch` is used
 * again for each value. false: no memory. */
bool value_digest(const struct const_value *value, thrift_buffer *scratch,
                  uint8_t out[HASH_WIDE_SIZE]);

#endif
