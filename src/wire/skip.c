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

    return wire_type_valid(type) ? walk_on(&walk, protocol, in) : WIRE_BAD_TYPE;
}

enum wire_fault skip_elements(thrift_protocol protocol, struct cursor *in, uint8_t type,
                              uint32_t count, struct skip_depth depth, const thrift_limits *limits)
{
    const uint8_t fixed = (protocol == THRIFT_COMPACT ? compact_fixed : binary_fixed)[type];
    struct walk_level levels[WALK_DEPTH_MOST];
    struct walk walk = {.levels = levels,
                        .capacity = WALK_DEPTH_MOST,
                        .struct_depth = depth.structs,
                        .outer_depth = depth.any,
                        .limits = limits};

    if (count == 0) {
        return WIRE_OK; /* of an empty container the type may be anything */
    }
    if (!wire_type_valid(type)) {
        return WIRE_BAD_TYPE;
    }
    if (fixed != 0) {
        walk.pass = (uint64_t)count * fixed;
    } else { /* the walk begins inside the container, the innermost level of what surrounds it */
        levels[0] = (struct walk_level){.left = count, .types = {type, type}};
        walk.depth = 1;
        walk.outer_depth -= 1;
    }
    return walk_on(&walk, protocol, in);
}
