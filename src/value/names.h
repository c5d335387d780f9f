/*
 * Names of one layout's fields: the O(1) look-up behind every getter and setter.
 *
 * The hash is seeded by the process, so that no definition can be written against it.
 */
#ifndef VALUE_NAMES_H
#define VALUE_NAMES_H

#include "value/layout.h"

struct layout_name {
    const char *name; /* NULL: a free place */
    uint32_t size, hash;
    uint32_t slot;
};

/* What layout->name_seed is to be. */
uint64_t names_seed(void);
/* A power of two, at least twice the fields. */
uint32_t names_places(uint32_t field_count);
/* Fills layout->names, given as `names`: places that are all free. */
void names_fill(const struct layout *layout, struct layout_name *names);

#endif
