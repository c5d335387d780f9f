/*
 * A table from records to their unknown fields: open addressing by the record's address, at most
 * half full.
 */
#include "value/unknown.h"

#define PLACES_FIRST 16u

struct unknown_list {
    const thrift_record *record; /* NULL: a free place */
    void *fields;                /* struct unknown_field */
    uint32_t count, capacity;
};

struct unknown_table {
    struct unknown_list *places;
    uint32_t mask, count;
};

static struct unknown_list *find(const struct unknown_table *table, const thrift_record *record)
{
    uint64_t hash = (uint64_t)(uintptr_t)record * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t at = (uint32_t)(hash >> 32) & table->mask;

    while (table->places[at].record != NULL && table->places[at].record != record) {
        at = (at + 1) & table->mask;
    }
    return &table->places[at];
}

static bool grow(struct arena *arena, struct unknown_table *table)
{
    uint32_t places = table->places != NULL ? 2 * (table->mask + 1) : PLACES_FIRST;
    struct unknown_table grown = {.mask = places - 1, .count = table->count};

    grown.places = arena_alloc_zero(arena, places * sizeof *grown.places);
    if (grown.places == NULL) {
        return false;
    }
    for (uint32_t i = 0; table->places != NULL && i <= table->mask; i++) {
        if (table->places[i].record != NULL) {
            *find(&grown, table->places[i].record) = table->places[i];
        }
    }
    *table = grown;
    return true;
}

static struct unknown_list *list_for(thrift_record *record)
{
    struct thrift_root *root = record->root;
    struct unknown_table *table = root->unknown;
    struct unknown_list *list;

    if (table == NULL) {
        table = root->unknown = arena_alloc_zero(&root->arena, sizeof *table);
    }
    if (table == NULL || ((table->places == NULL || table->count >= table->mask / 2) &&
                          !grow(&root->arena, table))) {
        return NULL;
    }
    list = find(table, record);
    table->count += list->record == NULL;
    list->record = record;
    return list;
}

bool unknown_keep(thrift_record *record, const struct unknown_field *field)
{
    struct arena *arena = &record->root->arena;
    struct unknown_list *list = list_for(record);
    uint8_t *bytes = arena_alloc_aligned(arena, field->bytes.size + 1, 1);
    struct unknown_field *kept;

    if (list == NULL || bytes == NULL ||
        !slots_reserve(arena, &list->fields, list->count, &list->capacity, 1, sizeof *kept)) {
        return false;
    }
    if (field->bytes.size > 0) {
        memcpy(bytes, field->bytes.data, field->bytes.size);
    }
    kept = (struct unknown_field *)list->fields + list->count++;
    *kept = *field;
    kept->bytes.data = bytes;
    return true;
}

const struct unknown_field *unknown_of(const thrift_record *record, size_t *out_count)
{
    const struct unknown_table *table = record->root != NULL ? record->root->unknown : NULL;
    const struct unknown_list *list =
        table != NULL && table->places != NULL ? find(table, record) : NULL;

    *out_count = list != NULL ? list->count : 0;
    return list != NULL ? list->fields : NULL;
}

bool unknown_copy(const thrift_record *from, thrift_record *to)
{
    size_t count;
    const struct unknown_field *fields = unknown_of(from, &count);

    for (size_t i = 0; i < count; i++) {
        if (!unknown_keep(to, &fields[i])) {
            return false;
        }
    }
    return true;
}

size_t thrift_unknown_count(const thrift_record *record)
{
    size_t count = 0;

    if (record != NULL) {
        unknown_of(record, &count);
    }
    return count;
}

thrift_bytes thrift_unknown_at(const thrift_record *record, size_t i, int16_t *out_id)
{
    size_t count = 0;
    const struct unknown_field *fields = record != NULL ? unknown_of(record, &count) : NULL;

    if (i >= count) {
        return (thrift_bytes){NULL, 0};
    }
    if (out_id != NULL) {
        *out_id = fields[i].id;
    }
    return fields[i].bytes;
}
