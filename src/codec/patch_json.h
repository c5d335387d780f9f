/*
 * Patching JSON, by way of a record: thrift_patch() for TJSON and plain JSON, by the same rules.
 */
#ifndef CODEC_PATCH_JSON_H
#define CODEC_PATCH_JSON_H

#include "codec/codec.h"

thrift_status patch_json(const struct plan *plan, thrift_protocol protocol, thrift_bytes input,
                         const char *path, thrift_value value, thrift_buffer *out,
                         thrift_error *err);

#endif
