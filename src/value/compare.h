/*
 * Compare: order and equality of values, and hashes that agree with them.
 *
 * Two values are equal when they mean the same: an absent field of default requiredness equals one
 * set to its default, sets and maps are compared without their order, doubles by their bits.
 */
#ifndef VALUE_COMPARE_H
#define VALUE_COMPARE_H

#include "value/layout.h"

/* Negative, 0 or positive. E_NOMEM is possible where sets or maps in different order are compared
 * and there is no memory to sort them. */
thrift_status compare_slots(const thrift_type *type, const void *a, const void *b,
                            const thrift_allocator *allocator, int *out_order);

/* Seeded by the process. */
thrift_status hash_slot(const thrift_type *type, const void *slot,
                        const thrift_allocator *allocator, uint64_t *out_hash);

#endif
