/*
 * One walk for each protocol that tags its values, from one template.
 */
#include "wire/walk_steps.h"

#include "base/alloc.h"
#include "wire/binary.h"
#include "wire/compact.h"

enum wire_fault walk_grow(struct walk *walk, bool is_struct)
{
    uint32_t depth = walk->outer_depth + walk->depth;
    uint32_t capacity = walk->capacity == 0 ? 8 : 2 * walk->capacity;
    struct walk_level *levels;

    if (depth >= walk->limits->max_depth || walk->depth >= WALK_DEPTH_MOST ||
        (is_struct && walk->struct_depth >= walk->limits->max_struct_depth) || !walk->grows) {
        return WIRE_DEPTH_LIMIT;
    }
    levels = mem_resize(walk->allocator, walk->levels, walk->capacity * sizeof *levels,
                        capacity * sizeof *levels);
    if (levels == NULL) {
        return WIRE_NO_MEMORY;
    }
    walk->levels = levels;
    walk->capacity = capacity;
    return WIRE_OK;
}

#include "wire/walk_binary.h"
#include "wire/walk_compact.h"

enum wire_fault walk_on(struct walk *walk, thrift_protocol protocol, struct cursor *in)
{
    return protocol == THRIFT_COMPACT ? compact_walk_on(walk, in) : binary_walk_on(walk, in);
}
