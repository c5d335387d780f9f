/*
 * From syntax trees to descriptors: what the files of the resolver share.
 *
 * Order: declare every name; enums; typedefs (in order of need); fields of structs; services
 * (parents first); constants (in order of need); defaults; then the checks that need everything. A
 * definition that cannot be resolved has its finding; what depends on it is left out in silence.
 * Functions return false only when there is no memory.
 */
#ifndef SCHEMA_RESOLVER_H
#define SCHEMA_RESOLVER_H

#include "schema/ast.h"
#include "schema/finding.h"
#include "schema/loader.h"

enum definition_state { DEFINITION_NEW, DEFINITION_OPEN, DEFINITION_DONE };

/* A top-level definition on its way. */
struct definition {
    const struct ast_definition *ast;
    struct source *source;
    enum definition_state state; /* of typedefs, constants, services */
    const char *full_name;
    const thrift_type *type;       /* its use under full_name; a typedef's own; NULL: failed */
    const thrift_type *local_type; /* its use under the bare name; made on demand */
    uint32_t weight, depth;        /* of a constant's value, written out */
    union {
        thrift_node *node;
        thrift_struct *record;
        thrift_enum *symbols;
        thrift_service *service;
        thrift_constant *constant;
        thrift_alias *alias;
    } as;
};

/* A default value that waits until all constants are known. */
struct pending_default {
    struct pending_default *next;
    thrift_field *field;
    const struct ast_value *value;
    struct source *source;
};

struct resolver {
    thrift_schema *schema;
    struct arena *keep, *scratch;
    struct findings *findings;
    struct source **sources;
    size_t source_count;
    thrift_ids ids;
    struct definition *definitions; /* of all files, in source order */
    size_t definition_count;
    struct pending_default *defaults, **last_default;
    size_t guesses_left;     /* names still compared for "did you mean" */
    size_t evaluations_left; /* values that are there because a constant is used again */
    size_t containers_left;  /* that fields, results and constants may be made of */
    bool has_float;          /* fbthrift's type is used somewhere */
    uint32_t weight;         /* parts of the value being evaluated, those it shares too */
    uint32_t depth, deepest; /* containers open around what is evaluated; with what is shared */
};

/* Makes schema's content out of what the loader read. false: no memory. */
bool resolve(struct loader *loader);

#endif
