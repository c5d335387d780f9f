/*
 * The struct that a public function was asked for by name.
 */
#ifndef CODEC_STRUCT_NAMED_H
#define CODEC_STRUCT_NAMED_H

#include <rethrift/schema.h>

/* NULL and E_NAME when the schema has none. `type` may be NULL: then none is found. */
const thrift_struct *struct_named(const thrift_schema *schema, const char *type, thrift_error *err);

#endif
