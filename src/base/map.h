/*
 * A growing table from byte strings to pointers (uthash, with the process's hash seed).
 *
 * Keys are borrowed: they must outlive the map. Threads: owner; map_get() in any number of threads
 * while nobody writes.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <rethrift/limits.h>

struct map;

struct map *map_new(const thrift_allocator *allocator); /* NULL: no memory */
void map_free(struct map *map);                         /* NULL allowed */

/* Adds or replaces; false when there is no memory, the map is as before then. */
bool map_put(struct map *map, const void *key, size_t key_size, void *value);
/* NULL when absent. */
void *map_get(const struct map *map, const void *key, size_t key_size);
/* Removes and returns the value; NULL when absent. */
void *map_remove(struct map *map, const void *key, size_t key_size);
size_t map_count(const struct map *map);

/* Calls `visit` for every entry in the order of insertion. It must not change the map. */
typedef void (*map_visit_fn)(const void *key, size_t key_size, void *value, void *data);
void map_visit(const struct map *map, map_visit_fn visit, void *data);

#endif
