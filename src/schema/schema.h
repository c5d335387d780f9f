/*
 * Making a schema, for the loader.
 */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include "schema/descriptor.h"

/* Defines nothing yet, counted once; NULL when there is no memory. `limits` may be NULL. */
thrift_schema *schema_new(const thrift_allocator *allocator, const thrift_limits *limits);

#endif
