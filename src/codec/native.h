/*
 * The codec on native structs: plan and policy in, bytes in, bytes out. Binary and compact go
 * straight between the C memory and the bytes; the JSON protocols through a record.
 */
#ifndef CODEC_NATIVE_H
#define CODEC_NATIVE_H

#include "codec/native_plan.h"
#include "codec/policy.h"
#include "value/root.h"

/* ---- flat structs, of leaves and of structs inside of them ---- */

/*
 * The whole struct at the begin of the input, if its fields come in order and nothing about them is
 * special; returns how many bytes it takes. 0: it must be read as all others are, from its begin,
 * as if nothing had happened. No memory is taken but what the arena has at hand.
 */
size_t native_binary_decode_flat(const struct native_plan *plan, thrift_bytes input,
                                 const struct codec_policy *policy, struct thrift_root *root,
                                 uint8_t *base);
size_t native_compact_decode_flat(const struct native_plan *plan, thrift_bytes input,
                                  const struct codec_policy *policy, struct thrift_root *root,
                                  uint8_t *base);

/* The whole struct, if the buffer has room, no string is long, and what is absent is left out.
 * false: it must be written as all others are, nothing happened. */
bool native_binary_encode_flat(const struct native_plan *plan, const uint8_t *base,
                               thrift_buffer *out);
bool native_compact_encode_flat(const struct native_plan *plan, const uint8_t *base,
                                thrift_buffer *out);

/* The most that a head and a leaf take, any protocol; of strings a short one with its size. */
#define NATIVE_ROOM 64u

static inline size_t native_decode_flat(const struct native_plan *plan, thrift_protocol protocol,
                                        thrift_bytes input, const struct codec_policy *policy,
                                        struct thrift_root *root, void *base)
{
    if (!plan->flat) {
        return 0;
    }
    if (protocol == THRIFT_BINARY) {
        return native_binary_decode_flat(plan, input, policy, root, base);
    }
    return protocol == THRIFT_COMPACT ? native_compact_decode_flat(plan, input, policy, root, base)
                                      : 0;
}

static inline bool native_encode_flat(const struct native_plan *plan, thrift_protocol protocol,
                                      const void *base, const struct codec_policy *policy,
                                      thrift_buffer *out)
{
    if (!plan->flat || out->capacity < NATIVE_ROOM || policy->limits->max_depth <= 1) {
        return false;
    }
    if (protocol == THRIFT_BINARY) {
        return native_binary_encode_flat(plan, base, out);
    }
    return protocol == THRIFT_COMPACT && native_compact_encode_flat(plan, base, out);
}

/* ---- any struct ---- */

/* As the next two, but for the quick way of flat structs. */
thrift_status native_decode_any(const struct native_plan *plan, thrift_protocol protocol,
                                thrift_bytes *input, const struct codec_policy *policy,
                                struct thrift_root *root, void *base, thrift_error *err);
thrift_status native_encode_any(const struct native_plan *plan, thrift_protocol protocol,
                                const void *base, const struct codec_policy *policy,
                                thrift_buffer *out, thrift_error *err);

/*
 * Decodes one struct at *input (which moves behind it) into `base`, which is of plan->size bytes
 * and zero. What it points at is in the root's arena, whose budget the caller sets. Errors carry
 * the field's path and the offset, as codec_decode()'s do; `base` is not to be used then.
 */
static inline thrift_status native_decode(const struct native_plan *plan, thrift_protocol protocol,
                                          thrift_bytes *input, const struct codec_policy *policy,
                                          struct thrift_root *root, void *base, thrift_error *err)
{
    size_t size = native_decode_flat(plan, protocol, *input, policy, root, base);

    if (size == 0) {
        return native_decode_any(plan, protocol, input, policy, root, base, err);
    }
    *input = (thrift_bytes){input->data + size, input->size - size};
    return THRIFT_OK;
}

/* Appends; `out` as before on failure. Not a byte behind a string's NUL is looked at. */
static inline thrift_status native_encode(const struct native_plan *plan, thrift_protocol protocol,
                                          const void *base, const struct codec_policy *policy,
                                          thrift_buffer *out, thrift_error *err)
{
    return native_encode_flat(plan, protocol, base, policy, out)
               ? THRIFT_OK
               : native_encode_any(plan, protocol, base, policy, out, err);
}

#endif
