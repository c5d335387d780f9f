/*
 * Evaluating values against types: what constant.c and its helpers share.
 */
#ifndef SCHEMA_CONSTANT_H
#define SCHEMA_CONSTANT_H

#include "schema/resolver_part.h"
#include "schema/scope.h"

/* A value to be made: of `ast`, as written in `source`, for `type`, into *out. */
struct evaluation {
    const struct ast_value *ast;
    struct source *source;
    const thrift_type *type;
    struct const_value *out;
};

enum outcome {
    OUTCOME_NO_MEMORY,
    OUTCOME_DONE,      /* *out is filled */
    OUTCOME_FAILED,    /* there is a finding, here or where it comes from */
    OUTCOME_CONTAINER, /* the caller goes on with the parts */
    OUTCOME_REDIRECT   /* the same value written elsewhere: *e is changed to it */
};

struct span value_span(const struct evaluation *e);
/* What to write for the type: "write an integer". */
const char *value_wanted(const thrift_type *type);
/* The finding for a value of the wrong kind. */
enum outcome value_mismatch(struct resolver *r, const struct evaluation *e);

/* An integer for any numeric type: bool, widths, double, enum. */
enum outcome value_integer(struct resolver *r, const struct evaluation *e, int64_t number);
enum outcome value_string(struct resolver *r, const struct evaluation *e);
/* A name: true, false, a constant, a value of an enum. */
enum outcome value_name(struct resolver *r, struct evaluation *e);
/* A value that is there already, under another type perhaps. */
enum outcome value_convert(struct resolver *r, struct evaluation *e,
                           const struct definition *constant);
/* Everything but a name and a container. */
enum outcome value_scalar(struct resolver *r, const struct evaluation *e);

#endif
