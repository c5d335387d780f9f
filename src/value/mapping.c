/*
 * Maps: making and growing, and where key and value stand in an entry.
 */
#include "value/mapping.h"

const thrift_map mapping_shared_empty;

struct mapping_entry mapping_entry_of(const thrift_type *type)
{
    uint32_t key_alignment = slot_alignment(type->key->kind);
    uint32_t alignment = slot_alignment(type->element->kind);
    uint32_t offset = (slot_size(type->key->kind) + alignment - 1) & ~(alignment - 1);
    uint32_t end = offset + slot_size(type->element->kind);

    if (key_alignment > alignment) {
        alignment = key_alignment;
    }
    return (struct mapping_entry){(end + alignment - 1) & ~(alignment - 1), offset};
}

thrift_map *mapping_make(struct thrift_root *root, const thrift_type *type, uint32_t capacity)
{
    thrift_map *map = arena_alloc_zero(&root->arena, sizeof *map);

    if (map == NULL) {
        return NULL;
    }
    map->type = type;
    map->root = root;
    return capacity == 0 || mapping_reserve(map, capacity) ? map : NULL;
}

bool mapping_reserve(thrift_map *map, uint32_t more)
{
    return slots_reserve(&map->root->arena, &map->entries, map->count, &map->capacity, more,
                         mapping_entry_of(map->type).size);
}
