/*
 * The steps of the resolver, in the order in which resolve.c takes them.
 */
#ifndef SCHEMA_RESOLVER_PART_H
#define SCHEMA_RESOLVER_PART_H

#include "schema/resolver.h"

/* -- declare.c: every name, with an empty descriptor -- */
bool resolve_declare(struct resolver *r);
/* Fills a node; `name` is copied. */
bool resolve_node(struct resolver *r, thrift_node *node, thrift_node_kind kind,
                  const struct source *source, struct ast_name name, const char *doc,
                  struct ast_annotations annotations);

/* -- resolve_enum.c -- */
bool resolve_enums(struct resolver *r);

/* -- resolve_type.c -- */
/* The types of typedefs. */
bool resolve_typedefs(struct resolver *r);
/* *out is NULL when the type has a finding. */
bool resolve_type(struct resolver *r, struct source *source, const struct ast_type *type,
                  const thrift_type **out);

/* -- resolve_struct.c -- */
bool resolve_structs(struct resolver *r);
enum field_role { ROLE_STRUCT, ROLE_UNION, ROLE_ARGUMENT, ROLE_THROWS };
/* The fields of `record`, whose node is filled. */
bool resolve_fields(struct resolver *r, struct source *source, thrift_struct *record,
                    const struct ast_fields *fields, enum field_role role);
/* by_id and by_name of finished fields; duplicates are reported when `source` is not NULL. */
bool index_fields(struct resolver *r, thrift_struct *record, const struct source *source);
/* Gives the struct its place among all. */
void resolve_number_struct(struct resolver *r, thrift_struct *record);

/* -- resolve_json.c: what annotations say of plain JSON -- */
bool resolve_json_quotes(const thrift_field *field);
/* Names, of a struct whose fields are finished. */
bool resolve_json_names(struct resolver *r, const struct source *source, thrift_struct *record);

/* -- resolve_service.c -- */
bool resolve_services(struct resolver *r);

/* -- order.c: definitions that need each other -- */
struct order {
    struct resolver *r;
    enum ast_definition_kind kind;
    const char *rule, *what; /* of the finding when they need each other in a circle */
    /* What a reference of `definition` needs first: of the same kind and not done, or NULL. */
    struct definition *(*needs)(struct order *order, struct definition *definition,
                                const struct ast_reference *reference);
    /* All that it needs is done (`circular`: is not). false: no memory. */
    bool (*finish)(struct order *order, struct definition *definition, bool circular);
};
bool order_definitions(struct order *order);

/* -- constant.c -- */
/* Levels of values in values, over references too: whoever walks values may use a fixed stack. */
#define VALUE_DEPTH_MOST SCHEMA_VALUE_DEPTH_MOST
bool resolve_constants(struct resolver *r);
bool resolve_defaults(struct resolver *r);

/* -- check_recursion.c -- */
bool check_recursion(struct resolver *r);
/* -- mark_float.c: thrift_struct.float_field -- */
bool mark_float(struct resolver *r);
/* -- check_names.c -- */
void check_name(struct resolver *r, const struct source *source, struct ast_name name);
bool check_other_files(struct resolver *r);

/* -- fingerprint.c -- */
bool make_fingerprint(struct resolver *r);

#endif
