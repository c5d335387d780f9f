/*
 * One walk for each protocol that tags its values, from one template.
 */
#include "wire/walk.h"

#include "base/alloc.h"
#include "wire/binary.h"
#include "wire/compact.h"

static bool grow_levels(struct walk *walk)
{
    uint32_t capacity = walk->capacity == 0 ? 8 : 2 * walk->capacity;
    struct walk_level *levels;

    if (!walk->grows) {
        return false;
    }
    levels = mem_resize(walk->allocator, walk->levels, walk->capacity * sizeof *levels,
                        capacity * sizeof *levels);
    if (levels == NULL) {
        return false;
    }
    walk->levels = levels;
    walk->capacity = capacity;
    return true;
}

static enum wire_fault push(struct walk *walk, struct walk_level level)
{
    uint32_t depth = walk->outer_depth + walk->depth;

    if (depth >= walk->limits->max_depth || walk->depth >= WALK_DEPTH_MOST ||
        (level.is_struct && walk->struct_depth >= walk->limits->max_struct_depth)) {
        return WIRE_DEPTH_LIMIT;
    }
    if (walk->depth == walk->capacity && !grow_levels(walk)) {
        return walk->grows ? WIRE_NO_MEMORY : WIRE_DEPTH_LIMIT;
    }
    walk->struct_depth += level.is_struct;
    walk->levels[walk->depth++] = level;
    walk->next_type = WIRE_STOP;
    return WIRE_OK;
}

static void pop(struct walk *walk)
{
    walk->depth -= 1;
    walk->struct_depth -= walk->levels[walk->depth].is_struct;
}

/* A container whose head was read: passed at once when its elements are of one size. */
static enum wire_fault enter_elements(struct walk *walk, const struct cursor *in,
                                      struct walk_level level, const uint8_t *least,
                                      const uint8_t *fixed)
{
    uint8_t first = level.types[0], second = level.types[1];
    uint64_t bytes;

    if (level.left == 0) {
        walk->next_type = WIRE_STOP;
        return WIRE_OK;
    }
    if (least[first] == 0 || least[second] == 0) {
        return WIRE_BAD_TYPE;
    }
    bytes = (uint64_t)level.left * (least[first] < least[second] ? least[first] : least[second]);
    if (bytes > walk->limits->max_frame_size && bytes > cursor_left(in)) {
        return WIRE_SIZE_LIMIT;
    }
    if (fixed[first] != 0 && fixed[second] != 0) {
        walk->pass = first == second ? (uint64_t)level.left * fixed[first]
                                     : (uint64_t)(level.left / 2) * (fixed[first] + fixed[second]);
        walk->next_type = WIRE_STOP;
        return WIRE_OK;
    }
    return push(walk, level);
}

static enum wire_fault enter_string(struct walk *walk, uint32_t size)
{
    if (size > INT32_MAX) {
        return WIRE_NEGATIVE_SIZE;
    }
    if (size > walk->limits->max_string_size) {
        return WIRE_SIZE_LIMIT;
    }
    walk->pass = size;
    walk->next_type = WIRE_STOP;
    return WIRE_OK;
}

static enum wire_fault pass_bytes(struct walk *walk, struct cursor *in)
{
    size_t left = cursor_left(in);
    size_t step = walk->pass < left ? (size_t)walk->pass : left;

    in->at += step;
    walk->pass -= step;
    return walk->pass == 0 ? WIRE_OK : WIRE_TRUNCATED;
}

/* Leaves finished levels; false when nothing is left at all. */
static bool next_element(struct walk *walk)
{
    while (walk->depth > 0) {
        struct walk_level *level = &walk->levels[walk->depth - 1];

        if (level->is_struct) {
            return true;
        }
        if (level->left > 0) {
            walk->next_type = level->types[level->left & 1];
            level->left -= 1;
            return true;
        }
        pop(walk);
    }
    return false;
}

#define W(name) binary_##name
static inline enum wire_fault binary_next_field(struct walk *walk, struct walk_level *level,
                                                struct cursor *in)
{
    uint8_t type;
    int16_t id;

    (void)level;
    if (!binary_read_field(in, &type, &id)) {
        return WIRE_TRUNCATED;
    }
    walk->next_type = type;
    return type == WIRE_STOP || wire_type_valid(type) ? WIRE_OK : WIRE_BAD_TYPE;
}

static inline enum wire_fault binary_next_size(struct cursor *in, uint32_t *size)
{
    int32_t x;

    if (!binary_read_i32(in, &x)) {
        return WIRE_TRUNCATED;
    }
    *size = (uint32_t)x;
    return WIRE_OK;
}

static inline enum wire_fault binary_pass_number(struct cursor *in, uint8_t type)
{
    (void)in;
    (void)type;
    return WIRE_BAD_TYPE; /* every number has its fixed size */
}
#include "wire/walk_template.h"
#undef W

#define W(name) compact_##name
static inline enum wire_fault compact_next_field(struct walk *walk, struct walk_level *level,
                                                 struct cursor *in)
{
    uint8_t type;
    int16_t id;
    bool truth;
    enum wire_fault fault;

    do { /* a bool has no bytes of its own */
        fault = compact_read_field(in, &level->last_id, &type, &id, &truth);
    } while (fault == WIRE_OK && type == WIRE_BOOL);
    if (fault == WIRE_OK) {
        walk->next_type = type;
    }
    return fault;
}

static inline enum wire_fault compact_next_size(struct cursor *in, uint32_t *size)
{
    return varint_read32(in, size);
}

static inline enum wire_fault compact_pass_number(struct cursor *in, uint8_t type)
{
    uint64_t wide;
    int32_t narrow;
    int16_t narrower;

    switch (type) {
    case WIRE_I16:
        return compact_read_i16(in, &narrower);
    case WIRE_I32:
        return compact_read_i32(in, &narrow);
    default:
        return varint_read64(in, &wide);
    }
}
#include "wire/walk_template.h"
#undef W

enum wire_fault walk_on(struct walk *walk, thrift_protocol protocol, struct cursor *in)
{
    return protocol == THRIFT_COMPACT ? compact_walk_on(walk, in) : binary_walk_on(walk, in);
}
