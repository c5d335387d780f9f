/*
 * uthash, and nothing else of it anywhere: out of memory is a result, the hash is seeded.
 */
#include "base/map.h"

#include "base/alloc.h"
#include "base/hash.h"

struct entry;

/* uthash's macros see the allocator and the outcome through variables of these names. */
#define HASH_NONFATAL_OOM 1
#define uthash_malloc(size) mem_alloc(allocator, (size))
#define uthash_free(block, size) mem_free(allocator, (block), (size))
#define uthash_nonfatal_oom(added) (out_of_memory = true)
#define HASH_FUNCTION(key, size, out) ((out) = (unsigned)hash_bytes((key), (size)))

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wcast-qual"
#pragma GCC diagnostic ignored "-Wunused-macros"
#pragma GCC diagnostic ignored "-Wnull-dereference"
#include <uthash.h>

struct entry {
    const void *key;
    void *value;
    UT_hash_handle hh;
    size_t key_size;
};

struct map {
    struct entry *entries;
    thrift_allocator allocator;
};

struct map *map_new(const thrift_allocator *allocator)
{
    struct map *map = mem_alloc_zero(allocator, 1, sizeof *map);

    if (map != NULL && allocator != NULL) {
        map->allocator = *allocator;
    }
    return map;
}

void map_free(struct map *map)
{
    if (map == NULL) {
        return;
    }
    thrift_allocator copy = map->allocator;
    const thrift_allocator *allocator = &copy;
    struct entry *entry = map->entries;

    if (entry != NULL) {
        uthash_free(entry->hh.tbl->buckets,
                    entry->hh.tbl->num_buckets * sizeof(struct UT_hash_bucket));
        uthash_free(entry->hh.tbl, sizeof(UT_hash_table));
    }
    while (entry != NULL) {
        struct entry *next = entry->hh.next;

        mem_free(allocator, entry, sizeof *entry);
        entry = next;
    }
    mem_free(allocator, map, sizeof *map);
}

static struct entry *find(const struct map *map, const void *key, size_t key_size)
{
    struct entry *entry;

    HASH_FIND(hh, map->entries, key, key_size, entry);
    return entry;
}

bool map_put(struct map *map, const void *key, size_t key_size, void *value)
{
    const thrift_allocator *allocator = &map->allocator;
    bool out_of_memory = false;
    struct entry *entry = find(map, key, key_size);

    if (entry == NULL) {
        entry = mem_alloc(allocator, sizeof *entry);
        if (entry == NULL) {
            return false;
        }
        entry->key = key;
        entry->key_size = key_size;
        HASH_ADD_KEYPTR(hh, map->entries, entry->key, key_size, entry);
        if (out_of_memory) {
            mem_free(allocator, entry, sizeof *entry);
            return false;
        }
    }
    entry->value = value;
    return true;
}

void *map_get(const struct map *map, const void *key, size_t key_size)
{
    const struct entry *entry = find(map, key, key_size);

    return entry != NULL ? entry->value : NULL;
}

void *map_remove(struct map *map, const void *key, size_t key_size)
{
    const thrift_allocator *allocator = &map->allocator;
    struct entry *entry = find(map, key, key_size);
    void *value;

    if (entry == NULL) {
        return NULL;
    }
    value = entry->value;
    HASH_DEL(map->entries, entry);
    mem_free(allocator, entry, sizeof *entry);
    return value;
}

size_t map_count(const struct map *map) { return HASH_COUNT(map->entries); }

void map_visit(const struct map *map, map_visit_fn visit, void *data)
{
    for (const struct entry *entry = map->entries; entry != NULL; entry = entry->hh.next) {
        visit(entry->key, entry->key_size, entry->value, data);
    }
}
#pragma GCC diagnostic pop
