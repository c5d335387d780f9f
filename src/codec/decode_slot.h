/*
 * Decoding one value that is no struct: what stands in a slot. encode_slot.h is the other way.
 */
#ifndef CODEC_DECODE_SLOT_H
#define CODEC_DECODE_SLOT_H

#include "codec/codec.h"

/* The value at *input, which stands there as an element does and moves behind, into a slot of the
 * root's; NULL there: a container of other elements than declared, which was passed over. A
 * container is measured first and then read from a copy. On failure the error has the path inside
 * of the value and the offset from its begin. Binary and compact. */
thrift_status decode_slot(const struct plan_type *type, thrift_protocol protocol,
                          thrift_bytes *input, const struct codec_policy *policy,
                          struct thrift_root *root, union slot *out, thrift_error *err);

#endif
