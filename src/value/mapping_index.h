/*
 * Index of a big map: key to the last entry that has it.
 *
 * Made by the first look-up, outside the arena (readers may not allocate there), published
 * atomically and freed with the root. The hash is seeded, so that keys cannot be chosen against it.
 * Threads: looking up in any number of threads while nobody writes.
 */
#ifndef VALUE_MAPPING_INDEX_H
#define VALUE_MAPPING_INDEX_H

#include "value/mapping.h"

#define MAPPING_NONE UINT32_MAX
/* Maps up to this size are searched from their end. */
#define MAPPING_SMALL 12u

struct mapping_index {
    struct mapping_index *next; /* of the root */
    uint32_t *places;           /* entry + 1; 0: free */
    uint32_t *hashes;           /* parallel */
    uint32_t mask;
    uint32_t count; /* places in use */
};

/* The last entry with that key, MAPPING_NONE: none. Never fails: without memory it searches. */
uint32_t mapping_position(const thrift_map *map, const union slot *key);

/* Tells the index, if there is one, that entry `position` was appended. */
void mapping_index_added(thrift_map *map, uint32_t position);
/* Entries were removed or moved: the index is made anew when it is wanted. */
void mapping_index_drop(thrift_map *map);
/* The index of a big shared constant, made before anybody sees it; linked to *all. false: no
 * memory. */
bool mapping_index_constant(thrift_map *map, const thrift_allocator *allocator,
                            struct mapping_index **all);
void mapping_index_free_list(struct mapping_index *all, const thrift_allocator *allocator);
/* All indexes of a root. */
void mapping_index_free_all(struct thrift_root *root);

#endif
