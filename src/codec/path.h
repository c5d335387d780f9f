/*
 * The place of a failure inside a value: from the innermost frame outwards into err->source.
 */
#ifndef CODEC_PATH_H
#define CODEC_PATH_H

#include "codec/plan.h"

/* Each puts its step before what the error has already: ".email", "[3]", "{\"a\"}". */
void path_prepend_field(thrift_error *err, const struct layout_field *field);
void path_prepend_index(thrift_error *err, size_t index);
/* `slot` holds the key; NULL: not read yet, then the entry's number stands for it. */
void path_prepend_key(thrift_error *err, const struct plan_type *key, const void *slot,
                      size_t index);

#endif
