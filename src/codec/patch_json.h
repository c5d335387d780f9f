/*
 * Patching JSON: thrift_patch() for TJSON and plain JSON. The text is edited where it stands; of
 * what is not touched every byte stays, white space and what is not declared, too.
 */
#ifndef CODEC_PATCH_JSON_H
#define CODEC_PATCH_JSON_H

#include "codec/codec.h"

thrift_status patch_json(const struct plan *plan, thrift_protocol protocol, thrift_bytes input,
                         const char *path, thrift_value value, thrift_buffer *out,
                         thrift_error *err);

#endif
