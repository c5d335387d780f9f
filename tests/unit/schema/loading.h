/*
 * Loading small texts in tests, and the first thing that is said about them.
 */
#ifndef UNIT_SCHEMA_LOADING_H
#define UNIT_SCHEMA_LOADING_H

#include <rethrift/schema.h>
#include <stdio.h>

/* What on_finding keeps: the first error, else the first warning. */
struct first_finding {
    char rule[64];
    thrift_severity severity;
    uint32_t line, column;
    size_t count;
};

static void keep_first(const thrift_finding *finding, void *data)
{
    struct first_finding *first = data;

    if (first->count++ == 0 || first->severity < finding->severity) {
        (void)snprintf(first->rule, sizeof first->rule, "%s", finding->rule);
        first->severity = finding->severity;
        first->line = finding->at.line;
        first->column = finding->at.column;
    }
}

static THRIFT_UNUSED thrift_schema *load_quietly(const char *text, struct first_finding *first)
{
    *first = (struct first_finding){.count = 0};
    return thrift_load_text("t.thrift", text,
                            THRIFT_LOAD_OPTIONS(.on_finding = keep_first, .data = first), NULL);
}

#endif
