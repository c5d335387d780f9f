/*
 * The codec on native structs: plan and policy in, bytes in, bytes out. Binary and compact go
 * straight between the C memory and the bytes; the JSON protocols through a record.
 */
#ifndef CODEC_NATIVE_H
#define CODEC_NATIVE_H

#include "codec/native_plan.h"
#include "codec/policy.h"
#include "value/root.h"

/*
 * Decodes one struct at *input (which moves behind it) into `base`, which is of plan->size bytes
 * and zero. What it points at is in the root's arena, whose budget the caller sets. Errors carry
 * the field's path and the offset, as codec_decode()'s do; `base` is not to be used then.
 */
thrift_status native_decode(const struct native_plan *plan, thrift_protocol protocol,
                            thrift_bytes *input, const struct codec_policy *policy,
                            struct thrift_root *root, void *base, thrift_error *err);

/* Appends; `out` as before on failure. Not a byte behind a string's NUL is looked at. */
thrift_status native_encode(const struct native_plan *plan, thrift_protocol protocol,
                            const void *base, const struct codec_policy *policy, thrift_buffer *out,
                            thrift_error *err);

#endif
