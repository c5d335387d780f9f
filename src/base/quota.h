/*
 * A quota: an allocator that gives out no more than so many bytes at a time of another one.
 *
 * What does not fit is refused as if there were no memory. Blocks must come back with their exact
 * sizes. Threads: any, when those of the allocator under it are.
 */
#ifndef BASE_QUOTA_H
#define BASE_QUOTA_H

#include <rethrift/limits.h>
#include <stdatomic.h>

struct quota {
    thrift_allocator under; /* {NULL, NULL}: malloc */
    size_t most;            /* bytes */
    atomic_size_t used;     /* bytes */
    atomic_size_t refusals;
};

void quota_init(struct quota *quota, const thrift_allocator *under, size_t most);
/* Points to the quota, which must stay where it is. */
thrift_allocator quota_allocator(struct quota *quota);

#endif
