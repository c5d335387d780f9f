/*
 * Mapping: a map's entries in the order of their arrival, key and value side by side.
 *
 * Invariant: `entries` has room for `capacity` entries; NULL when that is 0. Duplicates stay;
 * looking up gives the last.
 */
#ifndef VALUE_MAPPING_H
#define VALUE_MAPPING_H

#include "value/layout.h"
#include "value/root.h"

struct thrift_map {
    const thrift_type *type;  /* of the map: its key and element */
    struct thrift_root *root; /* NULL: a shared constant */
    void *entries;
    uint32_t count, capacity;
    _Atomic(struct mapping_index *) index; /* made by the first look-up in a big map */
};

/* One entry of a map type: the key is at its beginning. */
struct mapping_entry {
    uint32_t size, value_offset;
};
struct mapping_entry mapping_entry_of(const thrift_type *type);

/* The empty map that stands for every one: read-only, of no type. */
extern const thrift_map mapping_shared_empty;

/* A new empty map with room for `capacity` entries. NULL: arena_fail() says why. */
thrift_map *mapping_make(struct thrift_root *root, const thrift_type *type, uint32_t capacity);
/* Room for `more` entries behind `count`. false: arena_fail() says why, the map is as before. */
bool mapping_reserve(thrift_map *map, uint32_t more);

/* The key is borrowed; so is the value, until it is owned here. Replaces the last entry with that
 * key, or appends. Failures are noted. */
thrift_status mapping_put(thrift_map *map, union slot *key, union slot *value);
/* The record, list or map at that key, made when absent; NULL: noted. */
void *mapping_open(thrift_map *map, union slot *key);
/* All entries with that key. */
void mapping_remove(thrift_map *map, const union slot *key);

#endif
