/*
 * A counting allocator that can fail on purpose: the engine of the allocation-failure sweeps.
 *
 *     for (size_t k = 1; ; k++) {
 *         struct failing_allocator memory = {.fail_at = k};
 *         … run the scenario with failing_allocator_of(&memory) …
 *         ck_assert_uint_eq(memory.live, 0);
 *         if (memory.count < k) break;            // it ran to its end
 *     }
 */
#ifndef SUPPORT_ALLOCATOR_H
#define SUPPORT_ALLOCATOR_H

#include <rethrift/limits.h>

struct failing_allocator {
    size_t fail_at;   /* the k-th allocation or growth fails; 0: none */
    bool fail_onward; /* and all after it */
    size_t count;     /* allocations and growths so far */
    size_t live;      /* bytes not given back */
    size_t peak;
};

thrift_allocator failing_allocator_of(struct failing_allocator *memory);

#endif
