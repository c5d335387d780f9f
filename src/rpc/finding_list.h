/*
 * Findings that outlive the call that reported them: copies in one arena.
 */
#ifndef RPC_FINDING_LIST_H
#define RPC_FINDING_LIST_H

#include <rethrift/schema.h>

#include "base/arena.h"

struct finding_list {
    struct arena arena;
    thrift_finding *items;
    size_t count, capacity;
    bool incomplete; /* there was no memory for all of them */
};

void finding_list_init(struct finding_list *findings, const thrift_allocator *allocator);
void finding_list_deinit(struct finding_list *findings);
void finding_list_clear(struct finding_list *findings);
/* A thrift_finding_fn; `data` is a struct finding_list. */
void finding_list_add(const thrift_finding *finding, void *data);

/* Where it is: in the new text, or, of what is gone, in the old one. */
const thrift_place *finding_place(const thrift_finding *finding);

#endif
