/*
 * What `rethrift diff` prints.
 */
#ifndef TOOL_DIFF_REPORT_H
#define TOOL_DIFF_REPORT_H

#include <rethrift/compat.h>

#include "json_out.h"

struct diff_report {
    FILE *file;
    bool json;
    thrift_severity least; /* findings below it are counted only */
    struct json_out out;
    size_t warnings, notes;
};

void diff_report_begin(struct diff_report *report);
void diff_report_add(const thrift_finding *finding, void *report); /* a thrift_finding_fn */
void diff_report_end(struct diff_report *report, size_t breaking);

/* The table of rules. */
void diff_report_rules(FILE *to);

#endif
