/*
 * Types that a program spells: what thrift_schema_type() makes and a schema keeps.
 */
#ifndef SCHEMA_TYPE_SPELLING_H
#define SCHEMA_TYPE_SPELLING_H

#include "schema/descriptor.h"

void spelled_types_free(thrift_schema *schema);

#endif
