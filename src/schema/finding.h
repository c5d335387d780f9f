/*
 * What loading has to say: collected while it runs, delivered in the order of position at its end.
 *
 * Messages about a file that may not be quoted (source.h) are replaced by what the rule says in
 * general. Past FINDINGS_MOST of them only errors are still counted.
 */
#ifndef SCHEMA_FINDING_H
#define SCHEMA_FINDING_H

#include "schema/source.h"

#define FINDINGS_MOST 2000

struct finding {
    struct finding *next;
    thrift_severity severity;
    thrift_status code;
    const char *rule;
    const char *element; /* NULL: none */
    const char *message;
    const char *hint; /* NULL: none */
    struct span at;
    struct span before; /* source NULL: none */
    const char *note;   /* what stands at `before` */
    uint32_t order;
};

struct findings {
    struct arena *arena; /* of the load */
    struct finding *first, **last;
    uint32_t count;
    uint32_t error_count;
    bool strict; /* warnings are errors */
    bool out_of_memory;
    thrift_status out_of_memory_code;
};

void findings_init(struct findings *findings, struct arena *arena, bool strict);

/* What was added, for a note or hint; NULL when it was dropped. */
struct finding *finding_syntax(struct findings *findings, const char *rule, struct span at,
                               const char *format, ...) THRIFT_PRINTF(4, 5);
struct finding *finding_error(struct findings *findings, const char *rule, struct span at,
                              const char *format, ...) THRIFT_PRINTF(4, 5);
struct finding *finding_warning(struct findings *findings, const char *rule, struct span at,
                                const char *format, ...) THRIFT_PRINTF(4, 5);
/* A limit, a file: `code` is what the error will carry. */
struct finding *finding_failure(struct findings *findings, thrift_status code, const char *rule,
                                struct span at, const char *format, ...) THRIFT_PRINTF(5, 6);

/* All accept NULL for the finding. `note` is a constant. */
void finding_note(struct finding *finding, struct span before, const char *note);
void finding_hint(struct findings *findings, struct finding *finding, const char *format, ...)
    THRIFT_PRINTF(3, 4);

/* Hands all of them to `on_finding` (may be NULL) and the first error, with the number of others,
 * to `err`. Returns the first error's code, THRIFT_OK when there is none. */
thrift_status findings_deliver(struct findings *findings, thrift_finding_fn on_finding, void *data,
                               thrift_error *err);

#endif
