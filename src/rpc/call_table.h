/*
 * Call table: calls that wait for their replies, by sequence id, in constant time whatever a peer
 * answers first. Intrusive. Threads: owner.
 */
#ifndef RPC_CALL_TABLE_H
#define RPC_CALL_TABLE_H

#include "base/alloc.h"

struct call_entry {
    struct call_entry *in_bucket;     /* the next one of the same bucket */
    struct call_entry *older, *newer; /* in the order of adding */
    int32_t sequence_id;
};

struct call_table {
    struct call_entry **buckets; /* a power of two of them, or NULL */
    size_t bucket_count, count;
    struct call_entry *oldest, *newest;
    const thrift_allocator *allocator;
};

void call_table_init(struct call_table *table, const thrift_allocator *allocator);
/* Empty of calls. */
void call_table_deinit(struct call_table *table);

/* No other entry has its sequence id. false: no memory; nothing is changed. */
bool call_table_add(struct call_table *table, struct call_entry *entry);
struct call_entry *call_table_find(const struct call_table *table, int32_t sequence_id);
void call_table_remove(struct call_table *table, struct call_entry *entry);

#endif
