/*
 * Names of one layout's fields: the O(1) look-up behind every getter and setter.
 *
 * A name is hashed while its end is sought, a character at a time: names are short. Few fields are
 * tried in turn: their places are in the order of the fields. Where a
 * definition makes many of them meet (by design, say), the layout's names are hashed by the seeded
 * hash of base/hash.h instead.
 */
#ifndef VALUE_NAMES_H
#define VALUE_NAMES_H

#include "value/layout.h"

struct layout_name {
    const char *name; /* NULL: a free place */
    uint32_t hash, slot;
};

#define NAMES_FEW 4u

/* A power of two, at least twice the fields. */
uint32_t names_places(uint32_t field_count);
/* Fills layout->names, given as `names`: places that are all free. */
void names_fill(struct layout *layout, struct layout_name *names);

uint32_t names_hash_strong(const char *name, size_t size);

#define NAMES_SEED UINT32_C(2166136261)
#define NAMES_PLACE(hash) ((hash) ^ (hash) >> 15)
#define NAMES_STEP(hash, c) (((hash) ^ (uint8_t)(c)) * UINT32_C(16777619))

/* Names are terminated and short: cheaper than a call. */
static inline bool names_equal(const char *a, const char *b)
{
    for (size_t i = 0; a[i] == b[i]; i++) {
        if (a[i] == '\0') {
            return true;
        }
    }
    return false;
}

static inline const struct layout_field *names_try(const struct layout *layout, const char *name)
{
    for (uint32_t i = 0; i < layout->field_count; i++) {
        const char *own = layout->names[i].name;

        if (*own == *name && names_equal(own, name)) {
            return &layout->fields[i];
        }
    }
    return NULL;
}

/* layout_field_named() for a terminated name, hashed in the same pass that finds its end. */
static inline const struct layout_field *names_look_up(const struct layout *layout,
                                                       const char *name)
{
    const struct layout_name *names = layout->names, *place;
    uint32_t hash = NAMES_SEED, mask = layout->name_mask;
    const char *at = name;

    if (layout->field_count <= NAMES_FEW) {
        return names_try(layout, name);
    }
    for (; *at != '\0'; at++) {
        hash = NAMES_STEP(hash, *at);
    }
    if (__builtin_expect(layout->names_strong, false)) {
        hash = names_hash_strong(name, (size_t)(at - name));
    }
    for (uint32_t i = NAMES_PLACE(hash); (place = &names[i & mask])->name != NULL; i++) {
        if (place->hash == hash && names_equal(place->name, name)) {
            return &layout->fields[place->slot];
        }
    }
    return NULL;
}

/* The field is the one of that name: what a caller that guesses asks first. */
static inline bool names_is(const struct layout_field *field, const char *name)
{
    return names_equal(field->field->node.name, name);
}

#endif
