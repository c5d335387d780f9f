/*
 * Which element a finding is about, by its place in the text.
 */
#ifndef SCHEMA_FINDING_ELEMENT_H
#define SCHEMA_FINDING_ELEMENT_H

#include "schema/ast.h"
#include "schema/finding.h"

/* All zero at first. The positions asked for ascend within each source. */
struct element_cursor {
    const struct source *source;
    const struct ast_definition *definition, *next; /* the one that holds it; the one behind */
    union {
        const struct ast_field *field;
        const struct ast_method *method;
        const struct ast_symbol *symbol;
    } member, next_member;
};

/* "User", "shared.User.email", "UserService.getUser", in `arena`; NULL above the first definition
 * and where the text is broken. false: no memory. */
bool element_at(struct element_cursor *cursor, const struct span *at, struct arena *arena,
                const char **out);

#endif
