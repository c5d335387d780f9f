/*
 * Compact protocol: type codes both ways, and varints where the fast path does not reach.
 */
#include "wire/compact.h"

const uint8_t compact_to_wire[16] = {
    WIRE_STOP,   WIRE_BOOL, WIRE_BOOL, WIRE_I8,  WIRE_I16,    WIRE_I32,  WIRE_I64, WIRE_DOUBLE,
    WIRE_STRING, WIRE_LIST, WIRE_SET,  WIRE_MAP, WIRE_STRUCT, WIRE_UUID, 255,      255,
};

const uint8_t wire_to_compact[17] = {
    [WIRE_BOOL] = COMPACT_TRUE,
    [WIRE_I8] = 3,
    [WIRE_I16] = 4,
    [WIRE_I32] = 5,
    [WIRE_I64] = 6,
    [WIRE_DOUBLE] = 7,
    [WIRE_STRING] = COMPACT_STRING,
    [WIRE_LIST] = 9,
    [WIRE_SET] = 10,
    [WIRE_MAP] = 11,
    [WIRE_STRUCT] = 12,
    [WIRE_UUID] = 13,
};

int varint_take(const uint8_t *at, const uint8_t *end, unsigned most, uint8_t last, uint64_t *out)
{
    uint64_t x = 0;

    for (unsigned i = 0; i < most; i++) {
        uint8_t byte;

        if (i >= (size_t)(end - at)) {
            return 0;
        }
        byte = at[i];
        if (i + 1 == most && byte > last) {
            return -1;
        }
        x |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *out = x;
            return (int)i + 1;
        }
    }
    return -1;
}
