/*
 * One value that is no struct of its own as JSON text: what stands in a slot.
 */
#ifndef CODEC_JSON_VALUE_H
#define CODEC_JSON_VALUE_H

#include "codec/codec.h"

/* Appends the value as it stands as an element, in TJSON or plain JSON, with `quotes` as in a field
 * whose numbers are text; `out` as before on failure. `any` is a plan of the schema. Strings in the
 * slot must stand in an arena, as those of records. */
thrift_status json_value_write(const struct plan *any, const struct plan_type *type, bool quotes,
                               thrift_protocol protocol, const union slot *slot, thrift_buffer *out,
                               thrift_error *err);
/* The same of a leaf as it stands as a map's key. */
thrift_status json_value_write_key(const struct plan *any, const struct plan_type *type,
                                   thrift_protocol protocol, const union slot *slot,
                                   thrift_buffer *out, thrift_error *err);

#endif
