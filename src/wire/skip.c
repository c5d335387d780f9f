/*
 * Skipping is a walk over bytes that are all there, with its levels on the C stack: 12 bytes each,
 * WALK_DEPTH_MOST of them.
 */
#include "wire/skip.h"

#include "wire/walk.h"
#include "wire/wire_type.h"

enum wire_fault skip_value(thrift_protocol protocol, struct cursor *in, uint8_t type,
                           struct skip_depth depth, const thrift_limits *limits)
{
    struct walk_level levels[WALK_DEPTH_MOST];
    struct walk walk = {.levels = levels,
                        .capacity = WALK_DEPTH_MOST,
                        .struct_depth = depth.structs,
                        .outer_depth = depth.any,
                        .next_type = type,
                        .limits = limits};

    if (!wire_type_valid(type)) {
        return WIRE_BAD_TYPE;
    }
    return walk_on(&walk, protocol, in);
}
