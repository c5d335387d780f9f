/*
 * Tables from names to things: of the elements of one array, and of anything.
 *
 * Both live in an arena and are never given back one by one; names are borrowed. Hashing is seeded,
 * so that a file cannot choose its collisions. Threads: readers in any number once built.
 */
#ifndef SCHEMA_NAME_INDEX_H
#define SCHEMA_NAME_INDEX_H

#include <rethrift/schema.h>

#include "base/arena.h"

/* Positions in an array whose elements begin with a thrift_node. Few elements need no table. */
struct name_index {
    /* Hash in the upper half, 1 + position in the lower; 0: free. NULL: the array is searched in
     * order. */
    uint64_t *slots;
    uint32_t mask;
};

/* The array is given to each call: it may still be moving while the index is made. */
struct name_items {
    const void *base;
    size_t stride, count;
};
#define NAME_ITEMS(base, count)                                                                    \
    (struct name_items) { (base), sizeof *(base), (count) }
#define NAME_NONE SIZE_MAX

/* Room for items.count names; false when there is no memory. */
bool name_index_init(struct name_index *index, struct arena *arena, struct name_items items);
/* Adds the element at `position`; returns the position of an earlier one of that name (the index
 * keeps that one) or NAME_NONE. Elements are added in ascending order. */
size_t name_index_add(struct name_index *index, struct name_items items, size_t position);
/* NAME_NONE when absent. */
size_t name_index_find(const struct name_index *index, struct name_items items, const char *name,
                       size_t size);

struct name_entry;

/* Any name to any pointer but NULL; grows. All zero but `arena` is an empty one. */
struct name_map {
    struct arena *arena;
    struct name_entry *entries;
    size_t count, capacity;
};

void *name_map_get(const struct name_map *map, const char *name, size_t size);
/* Keeps what is there already. Returns the value now in force, or NULL when there is no memory. */
void *name_map_add(struct name_map *map, const char *name, size_t size, void *value);
/* Calls `visit` for each entry, in no order. */
typedef void (*name_map_visit_fn)(const char *name, size_t size, void *value, void *data);
void name_map_visit(const struct name_map *map, name_map_visit_fn visit, void *data);

#endif
