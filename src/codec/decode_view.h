/*
 * Strings as views into the input, instead of copies: decode_aside.h takes them, and JSON has the
 * same in decode_json.h.
 *
 * Encoders read by whole vectors, up to BYTES_PAIR bytes behind a string. So a view is only what
 * has as many bytes of the input behind it; what stands nearer to the end is copied. Whether a
 * string can be read as a C string must not hang on where it stands, so the copy has no NUL behind
 * it: root_is_view() tells both from what a program has set.
 */
#ifndef CODEC_DECODE_VIEW_H
#define CODEC_DECODE_VIEW_H

#include "codec/decode_steps.h"

/* The string as a view, where its slop stands behind it as behind all that encoders read. */
static inline enum wire_fault step_view(struct decoder *decoder, thrift_bytes from, uint8_t *slot)
{
    if (from.size == 0) {
        from.data = decode_no_text;
    } else if (cursor_left(&decoder->state.in) < BYTES_PAIR) {
        if (!step_string(decoder, from, slot)) {
            return WIRE_NO_MEMORY;
        }
        memcpy(&from, slot, sizeof from);
        ((uint8_t *)(uintptr_t)from.data)[from.size] = DECODE_VIEW_END;
        return WIRE_OK;
    }
    memcpy(slot, &from, sizeof from);
    return WIRE_OK;
}

#endif
