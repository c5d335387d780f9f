/*
 * Type codes as the binary protocol writes them; the other protocols' codes are mapped to these at
 * their border, so that everything above sees one numbering.
 *
 * Source: Apache Thrift lib/cpp/src/thrift/protocol/TEnum.h.
 */
#ifndef WIRE_WIRE_TYPE_H
#define WIRE_WIRE_TYPE_H

#include <stdbool.h>
#include <stdint.h>

enum wire_type {
    WIRE_STOP = 0,
    WIRE_BOOL = 2,
    WIRE_I8 = 3,
    WIRE_DOUBLE = 4,
    WIRE_I16 = 6,
    WIRE_I32 = 8,
    WIRE_I64 = 10,
    WIRE_STRING = 11, /* and binary */
    WIRE_STRUCT = 12, /* and union, exception */
    WIRE_MAP = 13,
    WIRE_SET = 14,
    WIRE_LIST = 15,
    WIRE_UUID = 16
};

/* What one value of a type costs at least, in bytes; 0: no type that a value may have. Indexed by
 * any byte that a peer may send (R7). */
extern const uint8_t binary_least[256];
extern const uint8_t compact_least[256]; /* indexed by enum wire_type too */
/* The size of types of which every value has the same size; 0: varies, or no type. */
extern const uint8_t binary_fixed[256];
extern const uint8_t compact_fixed[256];

static inline bool wire_type_valid(uint8_t type) { return binary_least[type] != 0; }

/* "i32", "struct" …; "type 99" is for the caller to write: NULL for what is no type. */
const char *wire_type_name(uint8_t type);

#endif
