/*
 * Sets and maps without duplicates: refused, or the last stands in the place of the first.
 *
 * Two are the same when their canonical bytes are. Only asked for when the policy says so: it takes
 * a table of all keys.
 */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/map.h"
#include "codec/decode.h"
#include "value/canonical.h"
#include "wire/wire_type.h"

/* The items of a set or the entries of a map, its key first. */
struct elements {
    const thrift_type *key;
    uint8_t *at;
    size_t stride;
    uint32_t *count;
};

struct table {
    struct map *first; /* canonical bytes -> the element that stays */
    struct arena arena;
    thrift_buffer bytes;
};

static struct elements elements_of(const struct plan_type *type, void *object)
{
    thrift_list *list = object;
    thrift_map *map = object;

    if (type->code == PLAN_LIST) {
        return (struct elements){type->element->type, list->items, type->element->size,
                                 &list->count};
    }
    return (struct elements){type->key->type, map->entries, type->entry_size, &map->count};
}

/* The element with the same key, or NULL when this is the first; `slot` stays then. */
static thrift_status find_or_add(struct table *table, const thrift_type *key, const uint8_t *from,
                                 uint8_t *slot, uint8_t **out_first)
{
    const char *kept;

    table->bytes.size = 0;
    if (!canonical_write(key, from, &table->bytes)) {
        return THRIFT_E_NOMEM;
    }
    *out_first = map_get(table->first, table->bytes.data, table->bytes.size);
    if (*out_first != NULL) {
        return THRIFT_OK;
    }
    kept = arena_strdup(&table->arena, (const char *)table->bytes.data, table->bytes.size);
    return kept != NULL && map_put(table->first, kept, table->bytes.size, slot) ? THRIFT_OK
                                                                                : THRIFT_E_NOMEM;
}

static thrift_status make_unique(struct table *table, const struct elements *elements, bool drops)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < *elements->count; i++) {
        const uint8_t *from = elements->at + i * elements->stride;
        uint8_t *to = elements->at + kept * elements->stride, *first = NULL;
        thrift_status status = find_or_add(table, elements->key, from, to, &first);

        if (status != THRIFT_OK || (first != NULL && !drops)) {
            return status != THRIFT_OK ? status : THRIFT_E_CORRUPT;
        }
        memmove(first != NULL ? first : to, from, elements->stride);
        kept += first == NULL;
    }
    *elements->count = kept;
    return THRIFT_OK;
}

bool decode_unique(struct decoder *decoder, const struct plan_type *type, void *object)
{
    const thrift_allocator *allocator = &decoder->root->arena.allocator;
    struct table table = {.bytes = {NULL, 0, 0, *allocator}};
    struct elements elements;

    if (type->wire == WIRE_LIST) {
        return true;
    }
    elements = elements_of(type, object);
    table.first = map_new(allocator);
    arena_init(&table.arena, allocator, SIZE_MAX);
    decoder->status = table.first != NULL
                          ? make_unique(&table, &elements, decoder->policy->drop_duplicates)
                          : THRIFT_E_NOMEM;
    thrift_buffer_deinit(&table.bytes);
    arena_deinit(&table.arena);
    map_free(table.first);
    if (decoder->status == THRIFT_E_NOMEM) {
        FAIL_NOMEM(decoder->err);
    } else if (decoder->status != THRIFT_OK) {
        FAIL(decoder->err, decoder->status, "%s is there twice",
             type->code == PLAN_LIST ? "an item" : "a key");
    }
    return decoder->status == THRIFT_OK;
}
