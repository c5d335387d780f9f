/*
 * Buckets by the low bits: sequence ids are counted, so that they spread by themselves.
 */
#include "rpc/call_table.h"

#include <string.h>

#define FIRST_COUNT ((size_t)16)

void call_table_init(struct call_table *table, const thrift_allocator *allocator)
{
    *table = (struct call_table){.allocator = allocator};
}

void call_table_deinit(struct call_table *table)
{
    mem_free(table->allocator, table->buckets, table->bucket_count * sizeof *table->buckets);
    table->buckets = NULL;
    table->bucket_count = 0;
}

static struct call_entry **bucket_of(const struct call_table *table, int32_t sequence_id)
{
    return &table->buckets[(uint32_t)sequence_id & (table->bucket_count - 1)];
}

static bool grow(struct call_table *table)
{
    size_t count = table->bucket_count == 0 ? FIRST_COUNT : table->bucket_count * 2;
    struct call_entry **buckets = mem_alloc_zero(table->allocator, count, sizeof *buckets);

    if (buckets == NULL) {
        return false;
    }
    call_table_deinit(table);
    table->buckets = buckets;
    table->bucket_count = count;
    for (struct call_entry *at = table->oldest; at != NULL; at = at->newer) {
        struct call_entry **bucket = bucket_of(table, at->sequence_id);

        at->in_bucket = *bucket;
        *bucket = at;
    }
    return true;
}

bool call_table_add(struct call_table *table, struct call_entry *entry)
{
    struct call_entry **bucket;

    if (table->count >= table->bucket_count && !grow(table)) {
        return false;
    }
    bucket = bucket_of(table, entry->sequence_id);
    entry->in_bucket = *bucket;
    *bucket = entry;
    entry->older = table->newest;
    entry->newer = NULL;
    *(table->newest != NULL ? &table->newest->newer : &table->oldest) = entry;
    table->newest = entry;
    table->count++;
    return true;
}

struct call_entry *call_table_find(const struct call_table *table, int32_t sequence_id)
{
    struct call_entry *at = table->count > 0 ? *bucket_of(table, sequence_id) : NULL;

    while (at != NULL && at->sequence_id != sequence_id) {
        at = at->in_bucket;
    }
    return at;
}

void call_table_remove(struct call_table *table, struct call_entry *entry)
{
    struct call_entry **at = bucket_of(table, entry->sequence_id);

    while (*at != entry) {
        at = &(*at)->in_bucket;
    }
    *at = entry->in_bucket;
    *(entry->older != NULL ? &entry->older->newer : &table->oldest) = entry->newer;
    *(entry->newer != NULL ? &entry->newer->older : &table->newest) = entry->older;
    table->count--;
}
