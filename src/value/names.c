/*
 * Open addressing over the field names of one struct.
 *
 * A name is hashed by its first and last eight bytes and what lies between, eight at a time, with
 * wide multiplications under the process's secret seed.
 */
#include "value/names.h"

#include "base/bytes.h"
#include "base/hash.h"

#define ODD UINT64_C(0x9e3779b97f4a7c15)

uint64_t names_seed(void) { return hash_bytes("names", 5); }

static uint64_t fold(uint64_t x, uint64_t y)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)x * y;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    uint64_t low = (x & 0xffffffff) * (y & 0xffffffff), high = (x >> 32) * (y >> 32);
    uint64_t cross = (x >> 32) * (y & 0xffffffff) ^ (x & 0xffffffff) * (y >> 32);

    return low ^ high ^ (cross << 32 | cross >> 32);
#endif
}

static uint64_t load64(const char *from)
{
    uint64_t x;

    memcpy(&x, from, sizeof x);
    return x;
}

static uint32_t load32(const char *from)
{
    uint32_t x;

    memcpy(&x, from, sizeof x);
    return x;
}

static uint32_t hash_name(const char *name, size_t size, uint64_t seed)
{
    uint64_t head = 0, tail = 0;

    while (size > 16) {
        seed = fold(load64(name) ^ seed, size ^ ODD);
        name += 8;
        size -= 8;
    }
    if (size >= 8) {
        head = load64(name);
        tail = load64(name + size - 8);
    } else if (size >= 4) {
        head = load32(name);
        tail = load32(name + size - 4);
    } else if (size > 0) {
        head = (uint8_t)name[0];
        tail = (uint64_t)(uint8_t)name[size / 2] << 8 | (uint8_t)name[size - 1];
    }
    return (uint32_t)fold(head ^ seed, tail ^ size ^ ODD);
}

uint32_t names_places(uint32_t field_count)
{
    uint32_t places = 2;

    while (places < 2 * field_count) {
        places *= 2;
    }
    return places;
}

void names_fill(const struct layout *layout, struct layout_name *names)
{
    for (uint32_t slot = 0; slot < layout->field_count; slot++) {
        const char *name = layout->fields[slot].field->node.name;
        size_t size = strlen(name);
        uint32_t hash = hash_name(name, size, layout->name_seed);
        uint32_t at = hash & layout->name_mask;

        while (names[at].name != NULL) {
            at = (at + 1) & layout->name_mask;
        }
        names[at] = (struct layout_name){name, (uint32_t)size, hash, slot};
    }
}

const struct layout_field *layout_field_named(const struct layout *layout, const char *name,
                                              size_t size)
{
    uint32_t hash = hash_name(name, size, layout->name_seed);

    for (uint32_t at = hash;; at++) {
        const struct layout_name *place = &layout->names[at & layout->name_mask];

        if (place->name == NULL) {
            return NULL;
        }
        if (place->hash == hash && place->size == size && memcmp(place->name, name, size) == 0) {
            return &layout->fields[place->slot];
        }
    }
}
