/*
 * Encoding one value that is no struct: what stands in a slot.
 */
#ifndef CODEC_ENCODE_SLOT_H
#define CODEC_ENCODE_SLOT_H

#include "codec/codec.h"

/* Appends the value as it stands as an element; `out` as before on failure. Binary and compact.
 * Strings in the slot must stand in an arena, as those of records do. */
thrift_status encode_slot(const struct plan_type *type, thrift_protocol protocol,
                          const union slot *slot, const struct codec_policy *policy,
                          thrift_buffer *out, thrift_error *err);

#endif
