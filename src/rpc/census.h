/*
 * Census: which generations of one server still live. Shared by count: the server's reference, and
 * one for each generation, since a generation may outlive its server. Threads: any.
 */
#ifndef RPC_CENSUS_H
#define RPC_CENSUS_H

#include <rethrift/limits.h>

struct census;

/* A generation's place in it. Zeroed: in none. */
struct census_entry {
    struct census *census;
    struct census_entry *next, *previous;
    uint64_t number;
};

/* NULL: no memory. */
struct census *census_new(const thrift_allocator *allocator);
void census_unref(struct census *census); /* NULL allowed */

void census_enter(struct census *census, struct census_entry *entry, uint64_t number);
void census_leave(struct census_entry *entry);

struct census_count {
    uint32_t live;
    uint64_t oldest; /* the lowest number; 0: none live */
};
struct census_count census_take(struct census *census);

#endif
