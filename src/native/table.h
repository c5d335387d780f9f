/*
 * Tables: the program's C structs, verified against a definition, as native plans.
 *
 * One for everything that is verified together, so that a table is looked at once. Plans and all
 * that they need are in the arena; what does not fit goes to the findings, and the plan is not to
 * be used then.
 */
#ifndef NATIVE_TABLE_H
#define NATIVE_TABLE_H

#include <rethrift/native.h>

#include "codec/native.h"
#include "rpc/native_finding.h"

struct native_table;

struct native_tables {
    const thrift_schema *schema;
    struct arena *arena;
    struct native_findings *findings;
    struct native_table *first, **last;
    bool *some_keep; /* in the arena, since the plans point at it; NULL: no memory */
    bool out_of_memory;
};

void native_tables_init(struct native_tables *tables, const thrift_schema *schema,
                        struct arena *arena, struct native_findings *findings);

/* The plan of a table for a struct; complete after native_tables_finish(). NULL: E_NOMEM. */
struct native_plan *native_tables_plan(struct native_tables *tables,
                                       const thrift_native_struct *table,
                                       const thrift_struct *record);
/* Zeroed memory of the arena; NULL is remembered. */
void *native_tables_alloc(struct native_tables *tables, size_t size);
/* Once: verifies what was asked for, and what it leads to. E_NOMEM; findings are no failure. */
thrift_status native_tables_finish(struct native_tables *tables, thrift_error *err);

/* A C place: a member, or a parameter's target. */
struct native_source {
    const char *element; /* "struct user.email" */
    const thrift_member *member;
    uint32_t base; /* added to the member's offset */
};

/* Fills `out` with how a value of the declared type stands there. false: does not fit (a finding,
 * of `node`'s place), or out_of_memory. */
bool native_type_fit(struct native_tables *tables, const struct native_source *source,
                     const thrift_type *type, const thrift_node *node, struct native_type *out);

/* Is this the name of the struct that the table is for? */
bool native_table_names(const thrift_native_struct *table, const thrift_struct *record);
/* Is the table a struct around one container? */
bool native_table_is_box(const thrift_native_struct *table);

#endif
