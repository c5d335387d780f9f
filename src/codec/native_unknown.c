/*
 * Keeping unknown fields of native structs: arrays that double, whose room follows from their
 * count.
 */
#include "codec/native_unknown.h"

#define COUNT_FIRST 4u

static bool is_full(size_t count)
{
    return count == 0 || (count >= COUNT_FIRST && (count & (count - 1)) == 0);
}

bool native_unknown_keep(struct arena *arena, uint8_t *place, const struct unknown_field *field)
{
    struct native_unknown unknown = native_unknown_at(place);
    struct unknown_field *fields = (struct unknown_field *)(uintptr_t)unknown.fields; /* our own */
    uint8_t *bytes = arena_alloc_aligned(arena, field->bytes.size + 1, 1);

    if (is_full(unknown.count)) {
        size_t room = unknown.count == 0 ? COUNT_FIRST : 2 * unknown.count;

        fields = arena_alloc(arena, room * sizeof *fields);
        if (fields != NULL && unknown.count > 0) {
            memcpy(fields, unknown.fields, unknown.count * sizeof *fields);
        }
    }
    if (bytes == NULL || fields == NULL) {
        return false;
    }
    if (field->bytes.size > 0) {
        memcpy(bytes, field->bytes.data, field->bytes.size);
    }
    fields[unknown.count] = *field;
    fields[unknown.count].bytes.data = bytes;
    unknown = (struct native_unknown){fields, unknown.count + 1};
    memcpy(place, &unknown, sizeof unknown);
    return true;
}
