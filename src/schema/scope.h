/*
 * Names: what a file's definitions are called, there and where it is included.
 */
#ifndef SCHEMA_SCOPE_H
#define SCHEMA_SCOPE_H

#include "schema/resolver.h"

enum scope_kind { SCOPE_TYPE, SCOPE_CONSTANT };

struct span scope_span(const struct source *source, struct ast_name name);

/* Enters what includes are called by. */
bool scope_enter_includes(struct resolver *r, struct source *source);

/* "User", "shared.User"; NULL when there is none. */
struct definition *scope_find(const struct source *source, enum scope_kind kind, const char *name,
                              size_t size);
/* The finding for a name that scope_find() did not find: "unknown-..." with a guess. */
#define DEFINE_IT "define it in this file, or include the file that does"
bool scope_report_unknown(struct resolver *r, const struct source *source, enum scope_kind kind,
                          const char *what, struct ast_name name, const char *otherwise);

/* The name nearest to `name` among some, for "did you mean": NULL when none is near. */
struct name_guess {
    const char *name; /* NUL-terminated copy of what was written */
    const char *best;
    size_t best_distance;
    size_t *budget;
};
bool name_guess_init(struct name_guess *guess, struct resolver *r, struct ast_name name);
void name_guess_offer(struct name_guess *guess, const char *candidate);

/* What to write for a type of another language ("integer", "HashMap"), as a hint; NULL: unknown. */
const char *scope_foreign_type(const char *name, size_t size);

#endif
