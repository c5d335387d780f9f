/*
 * Tables of the type codes.
 */
#include "wire/wire_type.h"

#include <stddef.h>

const uint8_t binary_least[256] = {
    [WIRE_BOOL] = 1, [WIRE_I8] = 1,  [WIRE_DOUBLE] = 8, [WIRE_I16] = 2,
    [WIRE_I32] = 4,  [WIRE_I64] = 8, [WIRE_STRING] = 4, [WIRE_STRUCT] = 1,
    [WIRE_MAP] = 6,  [WIRE_SET] = 5, [WIRE_LIST] = 5,   [WIRE_UUID] = 16,
};

const uint8_t binary_fixed[256] = {
    [WIRE_BOOL] = 1, [WIRE_I8] = 1,  [WIRE_DOUBLE] = 8, [WIRE_I16] = 2,
    [WIRE_I32] = 4,  [WIRE_I64] = 8, [WIRE_UUID] = 16,
};

const uint8_t compact_least[256] = {
    [WIRE_BOOL] = 1, [WIRE_I8] = 1,  [WIRE_DOUBLE] = 8, [WIRE_I16] = 1,
    [WIRE_I32] = 1,  [WIRE_I64] = 1, [WIRE_STRING] = 1, [WIRE_STRUCT] = 1,
    [WIRE_MAP] = 1,  [WIRE_SET] = 1, [WIRE_LIST] = 1,   [WIRE_UUID] = 16,
};

const uint8_t compact_fixed[256] = {
    [WIRE_BOOL] = 1,
    [WIRE_I8] = 1,
    [WIRE_DOUBLE] = 8,
    [WIRE_UUID] = 16,
};

const char *wire_type_name(uint8_t type)
{
    static const char *const names[] = {
        [WIRE_BOOL] = "bool",     [WIRE_I8] = "i8",         [WIRE_DOUBLE] = "double",
        [WIRE_I16] = "i16",       [WIRE_I32] = "i32",       [WIRE_I64] = "i64",
        [WIRE_STRING] = "string", [WIRE_STRUCT] = "struct", [WIRE_MAP] = "map",
        [WIRE_SET] = "set",       [WIRE_LIST] = "list",     [WIRE_UUID] = "uuid",
    };
    return type < sizeof names / sizeof names[0] ? names[type] : NULL;
}
