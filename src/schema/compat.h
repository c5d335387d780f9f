/*
 * Comparing two schemas, from the inside: one comparison in progress and its parts.
 *
 * Owns the arena and the two text buffers, for the time of the comparison. The schemas are
 * borrowed. Invariant: work is linear in the two definitions; where a hostile one would cost more,
 * `steps` runs out and what is left counts as different. Not here: the table of rules
 * (compat_rules.h).
 */
#ifndef SCHEMA_COMPAT_H
#define SCHEMA_COMPAT_H

#include <rethrift/compat.h>

#include "schema/compat_rules.h"
#include "schema/source.h"

struct type_task;
struct line_table;

struct comparison {
    const thrift_schema *before, *after;
    thrift_direction direction;
    uint32_t breaking; /* bits that count */
    const char *const *allow;
    thrift_finding_fn on_finding;
    void *data;

    struct arena arena;
    struct name_map moved_from; /* full name in `before` -> the definition in another file */
    struct name_map moved_to;   /* full name in `after` -> where it stood */
    struct name_map pairs;      /* struct pair -> struct pair_state (compat_type.c) */
    uint32_t pair_run;
    struct type_task *free_tasks;
    const thrift_struct
        *differing[2]; /* what made the last types different; NULL: nothing inside */
    size_t steps;      /* what is left of the budget for comparing values and types */

    struct line_table *before_lines, *after_lines; /* by file; NULL: none wanted yet */
    thrift_buffer element, message, before_text, after_text, digests;
    thrift_status failure; /* the first one: E_NOMEM; nothing is reported afterwards */
    size_t breaking_count;
    thrift_error *first; /* the caller's; the first breaking finding */
};

/* ---- reporting ---- */

/* What a finding is about: "outer.inner", where it stands now and where it stood. */
struct change {
    const char *outer;       /* "User", "UserService.getUser" */
    const char *inner;       /* "email"; NULL: none */
    const thrift_node *now;  /* NULL: in the root file */
    const thrift_node *then; /* NULL: nowhere */
};

void comparison_report(struct comparison *c, enum compat_rule rule, const struct change *change,
                       const char *format, ...) THRIFT_PRINTF(4, 5);
/* The same in one direction only; what the rule's text says of it depends on the case. */
void comparison_report_towards(struct comparison *c, enum compat_rule rule,
                               thrift_direction direction, const struct change *change,
                               const char *format, ...) THRIFT_PRINTF(5, 6);
/* The line of a node for people; NULL when there is none. Columns of *out_caret count bytes. */
const char *comparison_excerpt(struct comparison *c, const thrift_schema *schema,
                               const thrift_node *node, char out[EXCERPT_SIZE],
                               uint32_t *out_caret);
/* A breach in this direction matters to who asked. */
bool comparison_asks(const struct comparison *c, thrift_direction direction);

/* ---- the parts ---- */

/* Ordered: the worst one counts. */
enum type_difference {
    TYPE_SAME,
    TYPE_RENAMED,     /* other name, same content */
    TYPE_REPRESENTED, /* enum for i32, binary for string: the same bytes */
    TYPE_DIFFERENT
};

/* void (NULL) is a type here. */
enum type_difference compare_types(struct comparison *c, const thrift_type *before,
                                   const thrift_type *after);
/* "map<string, i64>": typedefs resolved, cut when very long. Valid until the next call with `out`.
 */
const char *compare_type_text(struct comparison *c, thrift_buffer *out, const thrift_type *type);

/* NULL is "no value". */
bool compare_values(struct comparison *c, const struct const_value *before,
                    const struct const_value *after);

/* Fields, arguments, or what is thrown. */
enum field_role { ROLE_FIELD, ROLE_MEMBER, ROLE_ARGUMENT, ROLE_EXCEPTION };
void compare_fields(struct comparison *c, enum field_role role, const char *owner,
                    const thrift_struct *before, const thrift_struct *after);

void compare_structs(struct comparison *c, const thrift_struct *before, const thrift_struct *after);
void compare_enums(struct comparison *c, const thrift_enum *before, const thrift_enum *after);
void compare_services(struct comparison *c, const thrift_service *before,
                      const thrift_service *after);
void compare_constants(struct comparison *c, const thrift_constant *before,
                       const thrift_constant *after);
void compare_aliases(struct comparison *c, const thrift_alias *before, const thrift_alias *after);

/* The definition of `after` that stands for one of `before`; NULL: it is gone. */
const thrift_node *comparison_counterpart(struct comparison *c, const thrift_node *before);

/* How a definition is called: "User" in the root file, "shared.User" elsewhere. In the arena when
 * it had to be made; "" when there is no memory. */
const char *comparison_full_name(struct comparison *c, const thrift_schema *schema,
                                 const thrift_node *node);

#endif
