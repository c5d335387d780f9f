/*
 * Open addressing with linear probing, at most half full.
 */
#include "schema/name_index.h"

#include "base/hash.h"
#include "schema/descriptor.h"

#define ITEMS_WITHOUT_TABLE 8
#define MAP_CAPACITY_FIRST ((size_t)16)

static const thrift_node *item_at(struct name_items items, size_t position)
{
    return (const thrift_node *)(const void *)((const char *)items.base + position * items.stride);
}

static bool is_named(const thrift_node *node, const char *name, size_t size)
{
    return strncmp(node->name, name, size) == 0 && node->name[size] == '\0';
}

bool name_index_init(struct name_index *index, struct arena *arena, struct name_items items)
{
    size_t slots = 16;

    *index = (struct name_index){NULL, 0};
    if (items.count <= ITEMS_WITHOUT_TABLE) {
        return true;
    }
    while (slots < 2 * items.count) {
        slots *= 2;
    }
    index->slots = arena_alloc_zero(arena, slots * sizeof *index->slots);
    index->mask = (uint32_t)(slots - 1);
    return index->slots != NULL;
}

static size_t position_in(uint64_t slot) { return (uint32_t)slot - (size_t)1; }

/* The slot that holds the name, or the free one where it belongs. */
static uint64_t *find_slot(const struct name_index *index, struct name_items items,
                           const char *name, size_t size, uint32_t hash)
{
    uint32_t at = hash & index->mask;

    while (index->slots[at] != 0 &&
           (index->slots[at] >> 32 != hash ||
            !is_named(item_at(items, position_in(index->slots[at])), name, size))) {
        at = (at + 1) & index->mask;
    }
    return &index->slots[at];
}

static size_t search(struct name_items items, size_t before, const char *name, size_t size)
{
    for (size_t i = 0; i < before; i++) {
        if (is_named(item_at(items, i), name, size)) {
            return i;
        }
    }
    return NAME_NONE;
}

size_t name_index_add(struct name_index *index, struct name_items items, size_t position)
{
    const char *name = item_at(items, position)->name;
    size_t size = strlen(name);
    uint64_t *slot;
    uint32_t hash;

    if (index->slots == NULL) {
        return search(items, position, name, size);
    }
    hash = (uint32_t)hash_bytes(name, size);
    slot = find_slot(index, items, name, size, hash);
    if (*slot != 0) {
        return position_in(*slot);
    }
    *slot = (uint64_t)hash << 32 | (position + 1);
    return NAME_NONE;
}

size_t name_index_find(const struct name_index *index, struct name_items items, const char *name,
                       size_t size)
{
    const uint64_t *slot;

    if (index->slots == NULL) {
        return search(items, items.count, name, size);
    }
    slot = find_slot(index, items, name, size, (uint32_t)hash_bytes(name, size));
    return *slot != 0 ? position_in(*slot) : NAME_NONE;
}

struct name_entry {
    const char *name; /* NULL: free */
    void *value;
    uint32_t size;
    uint32_t hash;
};

static struct name_entry *find_entry(const struct name_map *map, const char *name, size_t size,
                                     uint32_t hash)
{
    size_t at = hash & (map->capacity - 1);

    for (;; at = (at + 1) & (map->capacity - 1)) {
        struct name_entry *entry = &map->entries[at];

        if (entry->name == NULL ||
            (entry->hash == hash && entry->size == size && memcmp(entry->name, name, size) == 0)) {
            return entry;
        }
    }
}

void *name_map_get(const struct name_map *map, const char *name, size_t size)
{
    const struct name_entry *entry;

    if (map->count == 0) {
        return NULL;
    }
    entry = find_entry(map, name, size, (uint32_t)hash_bytes(name, size));
    return entry->name != NULL ? entry->value : NULL;
}

static bool grow(struct name_map *map)
{
    struct name_map larger = {.arena = map->arena, .count = map->count};

    larger.capacity = map->capacity == 0 ? MAP_CAPACITY_FIRST : 2 * map->capacity;
    larger.entries = arena_alloc_zero(map->arena, larger.capacity * sizeof *larger.entries);
    if (larger.entries == NULL) {
        return false;
    }
    for (size_t i = 0; i < map->capacity; i++) {
        const struct name_entry *entry = &map->entries[i];

        if (entry->name != NULL) {
            *find_entry(&larger, entry->name, entry->size, entry->hash) = *entry;
        }
    }
    *map = larger;
    return true;
}

void *name_map_add(struct name_map *map, const char *name, size_t size, void *value)
{
    uint32_t hash = (uint32_t)hash_bytes(name, size);
    struct name_entry *entry;

    if (2 * (map->count + 1) > map->capacity && !grow(map)) {
        return NULL;
    }
    entry = find_entry(map, name, size, hash);
    if (entry->name == NULL) {
        *entry = (struct name_entry){name, value, (uint32_t)size, hash};
        map->count++;
    }
    return entry->value;
}

void name_map_visit(const struct name_map *map, name_map_visit_fn visit, void *data)
{
    for (size_t i = 0; i < map->capacity; i++) {
        const struct name_entry *entry = &map->entries[i];

        if (entry->name != NULL) {
            visit(entry->name, entry->size, entry->value, data);
        }
    }
}
