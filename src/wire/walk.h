/*
 * The walk: passes over a value without decoding it, and can stop wherever the bytes end and go on
 * later. skip.c and scan.c are its two uses.
 *
 * Invariant: between two calls everything before the cursor is done with; nothing is walked twice,
 * so that feeding byte by byte costs linear time. Every turn takes a byte or leaves a level (R5).
 * The levels are an explicit stack (R6): fixed and lent by skip, growing in scan.
 */
#ifndef WIRE_WALK_H
#define WIRE_WALK_H

#include <rethrift/protocol.h>

#include "wire/cursor.h"

/* However high the limits are set, nothing is nested deeper. */
#define WALK_DEPTH_MOST 1024u

struct walk_level {
    uint32_t left;   /* elements to come; a map counts keys and values */
    int16_t last_id; /* of a struct on compact */
    bool is_struct;
    uint8_t types[2]; /* of a list both the same; of a map [0] keys, [1] values, by left & 1 */
};

struct walk {
    struct walk_level *levels;
    uint32_t depth, capacity;
    uint32_t struct_depth; /* of the levels, and of what surrounds the walk */
    uint32_t outer_depth;
    uint8_t next_type; /* of a value whose begin comes next; WIRE_STOP: none */
    uint64_t pass;     /* bytes to pass over before anything else */
    const thrift_limits *limits;
    const thrift_allocator *allocator; /* of the levels; NULL: they do not grow */
    bool grows;
};

/* Goes on; WIRE_TRUNCATED: everything there was passed, and more is needed. Binary and compact. */
enum wire_fault walk_on(struct walk *walk, thrift_protocol protocol, struct cursor *in);

#endif
