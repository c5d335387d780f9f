/*
 * Open addressing over the field names of one struct.
 */
#include "value/names.h"

#include "base/hash.h"
#include "schema/lookup.h"

/* So many occupied places in a row are no accident. */
#define RUN_MOST 64u

uint32_t names_hash_strong(const char *name, size_t size)
{
    return (uint32_t)hash_bytes(name, size);
}

static uint32_t hash_of(const struct layout *layout, const char *name, size_t size)
{
    uint32_t hash = NAMES_SEED;

    if (layout->names_strong) {
        return names_hash_strong(name, size);
    }
    for (size_t i = 0; i < size; i++) {
        hash = NAMES_STEP(hash, name[i]);
    }
    return hash;
}

uint32_t names_places(uint32_t field_count)
{
    uint32_t places = 2;

    while (places < 2 * field_count) {
        places *= 2;
    }
    return places;
}

/* false: names meet too often. */
static bool fill(const struct layout *layout, struct layout_name *names)
{
    for (uint32_t slot = 0; slot < layout->field_count; slot++) {
        const char *name = layout->fields[slot].field->node.name;
        size_t size = strlen(name);
        uint32_t hash = hash_of(layout, name, size), run = 0;
        uint32_t at = NAMES_PLACE(hash) & layout->name_mask;

        for (; names[at].name != NULL; at = (at + 1) & layout->name_mask) {
            if (++run > RUN_MOST && !layout->names_strong) {
                return false;
            }
        }
        names[at] = (struct layout_name){name, hash, slot};
    }
    return true;
}

void names_fill(struct layout *layout, struct layout_name *names)
{
    layout->names_strong = false;
    if (layout->field_count <= NAMES_FEW) {
        for (uint32_t slot = 0; slot < layout->field_count; slot++) {
            names[slot] = (struct layout_name){layout->fields[slot].field->node.name, 0, slot};
        }
        return;
    }
    if (!fill(layout, names)) {
        memset(names, 0, ((size_t)layout->name_mask + 1) * sizeof *names);
        layout->names_strong = true;
        fill(layout, names);
    }
}

static bool is_name(const char *own, const char *name, size_t size)
{
    return strlen(own) == size && memcmp(own, name, size) == 0;
}

static const struct layout_field *few_named(const struct layout *layout, const char *name,
                                            size_t size)
{
    for (uint32_t i = 0; i < layout->field_count; i++) {
        if (is_name(layout->names[i].name, name, size)) {
            return &layout->fields[i];
        }
    }
    return NULL;
}

const struct layout_field *layout_field_named(const struct layout *layout, const char *name,
                                              size_t size)
{
    const struct layout_name *place;
    uint32_t hash;

    if (layout->field_count <= NAMES_FEW) {
        return few_named(layout, name, size);
    }
    hash = hash_of(layout, name, size);
    for (uint32_t i = NAMES_PLACE(hash);
         (place = &layout->names[i & layout->name_mask])->name != NULL; i++) {
        if (place->hash == hash && is_name(place->name, name, size)) {
            return &layout->fields[place->slot];
        }
    }
    return NULL;
}

const struct layout_field *layout_field_in_json(const struct layout *layout, const char *name,
                                                size_t size)
{
    const thrift_field *field = struct_find_json_name(layout->type, name, size);

    return field != NULL ? &layout->fields[field->slot] : layout_field_named(layout, name, size);
}
