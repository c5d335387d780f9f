/*
 * Open addressing with linear probing, at most half full.
 */
#include "value/mapping_index.h"

#include "base/alloc.h"
#include "value/compare.h"
#include "value/object.h"

static const void *key_at(const thrift_map *map, uint32_t position)
{
    return (const uint8_t *)map->entries + (size_t)position * mapping_entry_of(map->type).size;
}

static const thrift_allocator *allocator_of(const thrift_map *map)
{
    return map->root != NULL ? &map->root->arena.allocator : NULL;
}

static bool same_key(const thrift_map *map, uint32_t position, const union slot *key)
{
    const thrift_type *type = map->type->key;
    const void *at = key_at(map, position);
    int order = 1;

    if (kind_is_text(type->kind)) {
        thrift_bytes text;

        memcpy(&text, at, sizeof text);
        return text.size == key->bytes.size &&
               (text.size == 0 || memcmp(text.data, key->bytes.data, text.size) == 0);
    }
    if (!kind_is_object(type->kind)) {
        return memcmp(at, key, slot_size(type->kind)) == 0;
    }
    return compare_slots(type, at, key, allocator_of(map), &order) == THRIFT_OK && order == 0;
}

static uint32_t search(const thrift_map *map, const union slot *key)
{
    for (uint32_t i = map->count; i-- > 0;) {
        if (same_key(map, i, key)) {
            return i;
        }
    }
    return MAPPING_NONE;
}

static bool hash_key(const thrift_map *map, const void *key, uint32_t *out)
{
    uint64_t hash;

    if (hash_slot(map->type->key, key, allocator_of(map), &hash) != THRIFT_OK) {
        return false;
    }
    *out = (uint32_t)hash;
    return true;
}

/* The place of the key, or the free one where it belongs. */
static uint32_t find_place(const struct mapping_index *index, const thrift_map *map,
                           const union slot *key, uint32_t hash)
{
    uint32_t at = hash & index->mask;

    while (index->places[at] != 0 &&
           (index->hashes[at] != hash || !same_key(map, index->places[at] - 1, key))) {
        at = (at + 1) & index->mask;
    }
    return at;
}

static bool add(struct mapping_index *index, const thrift_map *map, uint32_t position)
{
    const thrift_type *type = map->type->key;
    union slot key;
    uint32_t hash, at;

    memcpy(&key, key_at(map, position), slot_size(type->kind));
    if (!hash_key(map, &key, &hash)) {
        return false;
    }
    at = find_place(index, map, &key, hash);
    index->count += index->places[at] == 0;
    index->places[at] = position + 1;
    index->hashes[at] = hash;
    return true;
}

static void index_free(struct mapping_index *index, const thrift_allocator *allocator)
{
    size_t places = (size_t)index->mask + 1;

    mem_free(allocator, index->places, 2 * places * sizeof *index->places);
    mem_free(allocator, index, sizeof *index);
}

static struct mapping_index *index_new(const thrift_map *map, const thrift_allocator *allocator)
{
    struct mapping_index *index = mem_alloc_zero(allocator, 1, sizeof *index);
    size_t places = 32;

    if (index == NULL) {
        return NULL;
    }
    while (places < 4 * (size_t)map->count) {
        places *= 2;
    }
    index->places =
        places <= UINT32_MAX ? mem_alloc_zero(allocator, 2 * places, sizeof *index->places) : NULL;
    if (index->places == NULL) {
        mem_free(allocator, index, sizeof *index);
        return NULL;
    }
    index->hashes = index->places + places;
    index->mask = (uint32_t)places - 1;
    for (uint32_t i = 0; i < map->count; i++) {
        if (!add(index, map, i)) {
            index_free(index, allocator);
            return NULL;
        }
    }
    return index;
}

/* Readers make it, and readers have the map const. */
static thrift_map *writable(const thrift_map *map) { return (thrift_map *)(uintptr_t)map; }

static void keep(struct thrift_root *root, struct mapping_index *index)
{
    index->next = atomic_load_explicit(&root->indexes, memory_order_relaxed);
    while (!atomic_compare_exchange_weak(&root->indexes, &index->next, index)) {
    }
}

static struct mapping_index *publish(const thrift_map *map, struct mapping_index *index)
{
    struct mapping_index *present = NULL;

    if (!atomic_compare_exchange_strong(&writable(map)->index, &present, index)) {
        index_free(index, allocator_of(map));
        return present;
    }
    keep(map->root, index);
    return index;
}

uint32_t mapping_position(const thrift_map *map, const union slot *key)
{
    struct mapping_index *index;
    uint32_t hash;

    if (map->count <= MAPPING_SMALL) {
        return search(map, key);
    }
    index = atomic_load_explicit(&writable(map)->index, memory_order_acquire);
    if (index == NULL && map->root != NULL) {
        index = index_new(map, allocator_of(map));
        index = index != NULL ? publish(map, index) : NULL;
    }
    if (index == NULL || !hash_key(map, key, &hash)) {
        return search(map, key);
    }
    return index->places[find_place(index, map, key, hash)] - 1;
}

void mapping_index_added(thrift_map *map, uint32_t position)
{
    struct mapping_index *index = atomic_load_explicit(&map->index, memory_order_relaxed);

    if (index != NULL && (index->count >= index->mask / 2 || !add(index, map, position))) {
        mapping_index_drop(map);
    }
}

void mapping_index_drop(thrift_map *map)
{
    struct mapping_index *index = atomic_load_explicit(&map->index, memory_order_relaxed);
    struct mapping_index *at = atomic_load_explicit(&map->root->indexes, memory_order_relaxed);

    if (index == NULL) {
        return;
    }
    atomic_store_explicit(&map->index, NULL, memory_order_relaxed);
    if (at == index) {
        atomic_store_explicit(&map->root->indexes, index->next, memory_order_relaxed);
    } else {
        while (at->next != index) {
            at = at->next;
        }
        at->next = index->next;
    }
    index_free(index, allocator_of(map));
}

bool mapping_index_constant(thrift_map *map, const thrift_allocator *allocator,
                            struct mapping_index **all)
{
    struct mapping_index *index;

    if (map->count <= MAPPING_SMALL) {
        return true;
    }
    index = index_new(map, allocator);
    if (index == NULL) {
        return false;
    }
    index->next = *all;
    *all = index;
    atomic_init(&map->index, index);
    return true;
}

void mapping_index_free_list(struct mapping_index *all, const thrift_allocator *allocator)
{
    while (all != NULL) {
        struct mapping_index *next = all->next;

        index_free(all, allocator);
        all = next;
    }
}

void mapping_index_free_all(struct thrift_root *root)
{
    struct mapping_index *all = atomic_load_explicit(&root->indexes, memory_order_acquire);

    if (all != NULL) {
        mapping_index_free_list(all, &root->arena.allocator);
        atomic_store_explicit(&root->indexes, NULL, memory_order_relaxed);
    }
}
