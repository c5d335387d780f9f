/*
 * Unknown fields of native structs: what their C struct has no member for, as raw spans, in order
 * of arrival. They stand in the arena of the message.
 */
#ifndef CODEC_NATIVE_UNKNOWN_H
#define CODEC_NATIVE_UNKNOWN_H

#include <string.h>

#include "value/unknown.h"

/* What a thrift_unknown_fields is. */
struct native_unknown {
    const struct unknown_field *fields;
    size_t count;
};

static inline struct native_unknown native_unknown_at(const uint8_t *place)
{
    struct native_unknown unknown;

    memcpy(&unknown, place, sizeof unknown);
    return unknown;
}

/* Adds a copy to those at `place`, which came from this arena. false: no memory. */
bool native_unknown_keep(struct arena *arena, uint8_t *place, const struct unknown_field *field);

#endif
