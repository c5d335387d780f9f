/*
 * Which structs and containers are read and written without frames. The definition alone decides.
 */
#ifndef CODEC_PLAN_FLAT_H
#define CODEC_PLAN_FLAT_H

#include "codec/plan.h"

/* Sets flat, nested, shallow, and what goes with them, of plans that have their layouts. */
void plan_find_flat(struct plan *items, size_t count);

/* Sets what is known of the room that operations need, when they are there. */
void plan_find_rest(struct plan *items, size_t count);

/* Of types of these plans, which are found. */
bool plan_is_leafy(const thrift_type *type);
bool plan_is_flat(const struct plan *items, const thrift_type *type);

#endif
