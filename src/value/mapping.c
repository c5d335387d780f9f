/*
 * Maps: making and growing, entries by position and by key.
 */
#include "value/mapping.h"

#include "value/convert.h"
#include "value/mapping_index.h"
#include "value/object.h"
#include "value/open.h"

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
    thrift_map *map = arena_alloc(&root->arena, sizeof *map);

    if (map == NULL) {
        return NULL;
    }
    *map = (thrift_map){.type = type, .root = root};
    return capacity == 0 || mapping_reserve(map, capacity) ? map : NULL;
}

bool mapping_reserve(thrift_map *map, uint32_t more)
{
    return slots_reserve(&map->root->arena, &map->entries, map->count, &map->capacity, more,
                         mapping_entry_of(map->type).size);
}

size_t thrift_map_count(const thrift_map *map) { return map != NULL ? map->count : 0; }

static const uint8_t *entry_at(const thrift_map *map, size_t i)
{
    return (const uint8_t *)map->entries + i * mapping_entry_of(map->type).size;
}

static thrift_value nothing(void) { return thrift_value_none(NULL); }

/* Like an item of a list: what is not there is absent, not a mistake. */
thrift_value thrift_map_key(const thrift_map *map, size_t i)
{
    if (map == NULL || i >= map->count) {
        return nothing();
    }
    return slot_value(map->type->key, entry_at(map, i), map->root);
}

thrift_value thrift_map_at(const thrift_map *map, size_t i)
{
    if (map == NULL || i >= map->count) {
        return nothing();
    }
    return slot_value(map->type->element,
                      entry_at(map, i) + mapping_entry_of(map->type).value_offset, map->root);
}

thrift_value thrift_map_find(const thrift_map *map, thrift_value key)
{
    union slot slot;
    thrift_status status;
    uint32_t position;

    if (map == NULL || map->count == 0) {
        return nothing();
    }
    status = slot_take(map->type->key, key, &slot);
    if (status != THRIFT_OK) {
        slot_complain(map->root, "key of a map", map->type->key, key, status);
        return nothing();
    }
    position = mapping_position(map, &slot);
    return position == MAPPING_NONE ? nothing() : thrift_map_at(map, position);
}

/* Appends an entry whose key is borrowed and whose value is the root's already. */
static thrift_status append(thrift_map *map, union slot *key, const union slot *value)
{
    struct mapping_entry entry = mapping_entry_of(map->type);
    thrift_status status = slot_own(map->root, map->type->key, key);
    uint8_t *at;

    if (status != THRIFT_OK) {
        return status;
    }
    if (!mapping_reserve(map, 1)) {
        return root_no_memory(map->root);
    }
    at = (uint8_t *)map->entries + (size_t)map->count * entry.size;
    memset(at, 0, entry.size);
    slot_store(map->type->key->kind, at, key);
    slot_store(map->type->element->kind, at + entry.value_offset, value);
    mapping_index_added(map, map->count++);
    return THRIFT_OK;
}

static uint8_t *value_at(const thrift_map *map, uint32_t position)
{
    struct mapping_entry entry = mapping_entry_of(map->type);

    return (uint8_t *)map->entries + (size_t)position * entry.size + entry.value_offset;
}

thrift_status mapping_put(thrift_map *map, union slot *key, union slot *value)
{
    thrift_status status = slot_own(map->root, map->type->element, value);
    uint32_t position;

    if (status != THRIFT_OK) {
        return status;
    }
    position = mapping_position(map, key);
    if (position == MAPPING_NONE) {
        return append(map, key, value);
    }
    slot_store(map->type->element->kind, value_at(map, position), value);
    return THRIFT_OK;
}

void *mapping_open(thrift_map *map, union slot *key)
{
    const thrift_type *type = map->type->element;
    uint32_t position = mapping_position(map, key);
    union slot value = {.object = NULL};

    if (position != MAPPING_NONE) {
        return slot_open(map->root, type, value_at(map, position));
    }
    value.object = object_make(map->root, type);
    return value.object != NULL && append(map, key, &value) == THRIFT_OK ? value.object : NULL;
}

void mapping_remove(thrift_map *map, const union slot *key)
{
    uint32_t position;

    while ((position = mapping_position(map, key)) != MAPPING_NONE) {
        size_t size = mapping_entry_of(map->type).size;
        uint8_t *at = (uint8_t *)map->entries + position * size;

        mapping_index_drop(map);
        map->count--;
        memmove(at, at + size, (map->count - position) * size);
    }
}

thrift_status thrift_map_put_value(thrift_map *map, thrift_value key, thrift_value value)
{
    union slot key_slot, slot;
    thrift_status status;

    if (map == NULL || map->root == NULL) {
        return map == NULL ? THRIFT_E_ARGUMENT : THRIFT_E_STATE;
    }
    status = slot_take(map->type->key, key, &key_slot);
    if (status != THRIFT_OK) {
        return slot_complain(map->root, "key of a map", map->type->key, key, status);
    }
    status = slot_take(map->type->element, value, &slot);
    if (status != THRIFT_OK) {
        return slot_complain(map->root, "value of a map", map->type->element, value, status);
    }
    status = mapping_put(map, &key_slot, &slot);
    return status != THRIFT_OK ? status : root_status(map->root);
}

/* What stands at the key, made when there is nothing; `kinds` names what the caller wants. */
static void *put_object(thrift_map *map, thrift_value key, bool fits, const char *kinds)
{
    union slot slot;
    thrift_status status;

    if (!fits) {
        root_mistake(map->root, THRIFT_E_TYPE, NULL, "%s holds no %s", map->type->spelling, kinds);
        return NULL;
    }
    status = slot_take(map->type->key, key, &slot);
    if (status != THRIFT_OK) {
        slot_complain(map->root, "key of a map", map->type->key, key, status);
        return NULL;
    }
    return mapping_open(map, &slot);
}

thrift_record *thrift_map_put_record(thrift_map *map, thrift_value key)
{
    return map != NULL && map->root != NULL
               ? put_object(map, key, map->type->element->kind == THRIFT_KIND_RECORD, "structs")
               : NULL;
}

thrift_list *thrift_map_put_list(thrift_map *map, thrift_value key)
{
    return map != NULL && map->root != NULL
               ? put_object(map, key, kind_is_list(map->type->element->kind), "lists")
               : NULL;
}

thrift_map *thrift_map_put_map(thrift_map *map, thrift_value key)
{
    return map != NULL && map->root != NULL
               ? put_object(map, key, map->type->element->kind == THRIFT_KIND_MAP, "maps")
               : NULL;
}
