/*
 * The codec as an engine: plan and policy in, bytes in, bytes out. rpc and the public functions
 * stand on it.
 */
#ifndef CODEC_CODEC_H
#define CODEC_CODEC_H

#include <rethrift/codec.h>

#include "codec/plan.h"
#include "codec/policy.h"
#include "value/root.h"

/*
 * Decodes one struct at *input (which moves behind it) into a new record of `root`. Errors carry
 * the field's path in err->source ("users[3].email") and the byte offset; the root's arena may hold
 * a part of the record then, which goes with its next reset or rewind.
 */
thrift_status codec_decode(const struct plan *plan, thrift_protocol protocol, thrift_bytes *input,
                           const struct codec_policy *policy, struct thrift_root *root,
                           thrift_record **out, thrift_error *err);

/* The same into a record that is as empty as the layout's image, e.g. the top of a root. */
thrift_status codec_decode_into(const struct plan *plan, thrift_protocol protocol,
                                thrift_bytes *input, const struct codec_policy *policy,
                                thrift_record *record, thrift_error *err);

/* Appends; `out` as before on failure. The root's mistakes are the caller's business. */
thrift_status codec_encode(const struct plan *plan, thrift_protocol protocol,
                           const thrift_record *record, const struct codec_policy *policy,
                           thrift_buffer *out, thrift_error *err);

#endif
