/*
 * Making types. A type is made bottom up and never changes; base types are constants of the
 * program and belong to no schema.
 */
#ifndef SCHEMA_TYPE_H
#define SCHEMA_TYPE_H

#include "schema/descriptor.h"

/* "i32", "byte", "string" …; NULL when it is no base type. */
const thrift_type *type_base(const char *name, size_t size);

/* list<element>, set<element> or map<key, element>. The caller has checked the depth. NULL when
 * there is no memory. */
const thrift_type *type_container(struct arena *arena, thrift_kind kind, const thrift_type *key,
                                  const thrift_type *element);
/* The use of a struct, union, exception or enum under a name. */
const thrift_type *type_record(struct arena *arena, const thrift_struct *record,
                               const char *spelling);
const thrift_type *type_enum(struct arena *arena, const thrift_enum *symbols, const char *spelling);

/* true when two types are the same on the wire and in memory. NULL is void. */
bool type_equal(const thrift_type *a, const thrift_type *b);

#endif
