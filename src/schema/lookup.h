/*
 * Finding elements of descriptors by name (not NUL-terminated), id or number. NULL when absent;
 * the first argument is never NULL. Threads: any.
 */
#ifndef SCHEMA_LOOKUP_H
#define SCHEMA_LOOKUP_H

#include "schema/descriptor.h"

const thrift_field *struct_find_field(const thrift_struct *s, const char *name, size_t size);
const thrift_field *struct_find_field_by_id(const thrift_struct *s, int16_t id);
/* Only of fields that have another name in plain JSON. */
const thrift_field *struct_find_json_name(const thrift_struct *s, const char *name, size_t size);
const thrift_symbol *enum_find_symbol(const thrift_enum *e, const char *name, size_t size);
static inline const char *field_json_name(const thrift_field *field)
{
    return field->json_name != NULL ? field->json_name : field->node.name;
}
/* By ascending number. */
static inline const thrift_symbol *enum_ranked(const thrift_enum *e, size_t rank)
{
    return e->by_number != NULL ? e->by_number[rank] : &e->symbols[rank];
}
const thrift_symbol *enum_find_number(const thrift_enum *e, int32_t number);
/* Inherited ones too. */
const thrift_method *service_find_method(const thrift_service *s, const char *name, size_t size);

/* "User", "shared.User", "root.User"; constants are apart, as they are in Thrift. */
const thrift_node *schema_find_definition(const thrift_schema *schema, const char *name,
                                          size_t size);
const thrift_constant *schema_find_constant(const thrift_schema *schema, const char *name,
                                            size_t size);

#endif
