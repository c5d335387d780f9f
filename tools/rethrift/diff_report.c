/*
 * Findings of a comparison as text, as JSON; the rules as a table.
 */
#include "diff_report.h"

#include <string.h>

void diff_report_begin(struct diff_report *report)
{
    if (report->json) {
        report->out = (struct json_out){.file = report->file};
        json_begin(&report->out, NULL, '{');
        json_begin(&report->out, "findings", '[');
    }
}

static const char *severity_name(thrift_severity severity)
{
    switch (severity) {
    case THRIFT_FINDING_BREAKING:
        return "breaking";
    case THRIFT_FINDING_WARNING:
        return "warning";
    case THRIFT_FINDING_ERROR:
        return "error";
    case THRIFT_FINDING_NOTE:
    default:
        return "note";
    }
}

static void put_place(struct json_out *out, const char *key, thrift_place place)
{
    if (place.source == NULL) {
        return;
    }
    json_begin(out, key, '{');
    json_string(out, "file", place.source);
    if (place.line > 0) {
        json_integer(out, "line", place.line);
        json_integer(out, "column", place.column);
    }
    json_end(out, '}');
}

static void put_breaks(struct json_out *out, uint32_t breaks)
{
    json_begin(out, "breaks", '[');
    json_string(out, NULL, breaks & THRIFT_BREAKS_WIRE ? "wire" : NULL);
    json_string(out, NULL, breaks & THRIFT_BREAKS_JSON ? "json" : NULL);
    json_string(out, NULL, breaks & THRIFT_BREAKS_SOURCE ? "source" : NULL);
    json_end(out, ']');
}

static void put_finding(struct json_out *out, const thrift_finding *finding)
{
    const thrift_rule *rule = thrift_rule_find(finding->rule);

    json_begin(out, NULL, '{');
    json_string(out, "severity", severity_name(finding->severity));
    json_string(out, "rule", finding->rule);
    put_breaks(out, rule != NULL ? rule->breaks : 0);
    json_string(out, "element", finding->element);
    json_string(out, "message", finding->message);
    json_string(out, "why", rule != NULL ? rule->why : NULL);
    json_string(out, "hint", finding->hint);
    put_place(out, "at", finding->at);
    put_place(out, "before", finding->before);
    json_end(out, '}');
}

/* Findings come in severities NOTE < WARNING < ERROR < BREAKING. */
void diff_report_add(const thrift_finding *finding, void *data)
{
    struct diff_report *report = data;

    report->notes += finding->severity == THRIFT_FINDING_NOTE;
    report->warnings += finding->severity == THRIFT_FINDING_WARNING;
    if (finding->severity < report->least) {
        return;
    }
    if (report->json) {
        put_finding(&report->out, finding);
    } else {
        thrift_finding_print(finding, report->file);
    }
}

void diff_report_end(struct diff_report *report, size_t breaking)
{
    if (report->json) {
        json_end(&report->out, ']');
        json_boolean(&report->out, "compatible", breaking == 0);
        json_integer(&report->out, "breaking", (int64_t)breaking);
        json_integer(&report->out, "warnings", (int64_t)report->warnings);
        json_integer(&report->out, "notes", (int64_t)report->notes);
        json_end(&report->out, '}');
        fputc('\n', report->file);
        return;
    }
    if (breaking + report->warnings + report->notes == 0) {
        fputs("no change\n", stderr);
        return;
    }
    fprintf(stderr, "%zu breaking, %zu to look at, %zu safe\n", breaking, report->warnings,
            report->notes);
}

static const char *direction_name(const thrift_rule *rule)
{
    if ((rule->breaks & THRIFT_BREAKS_WIRE) == 0) {
        return "";
    }
    return rule->direction == THRIFT_BACKWARD  ? " backward"
           : rule->direction == THRIFT_FORWARD ? " forward"
                                               : "";
}

static void print_breaks(const thrift_rule *rule, FILE *to)
{
    const char *comma = "";

    if (rule->breaks == 0) {
        fputs(" nothing", to);
    }
    if ((rule->breaks & THRIFT_BREAKS_WIRE) != 0) {
        fprintf(to, " wire%s", direction_name(rule));
        comma = ",";
    }
    if ((rule->breaks & THRIFT_BREAKS_JSON) != 0) {
        fprintf(to, "%s json", comma);
        comma = ",";
    }
    if ((rule->breaks & THRIFT_BREAKS_SOURCE) != 0) {
        fprintf(to, "%s source", comma);
    }
    fputc('\n', to);
}

void diff_report_rules(FILE *to)
{
    for (size_t i = 0; i < thrift_rule_count(); i++) {
        const thrift_rule *rule = thrift_rule_at(i);

        fprintf(to, "%s\n  %s\n", rule->name, rule->what);
        if (rule->why != NULL) {
            fprintf(to, "  %s\n", rule->why);
        }
        fputs("  breaks:", to);
        print_breaks(rule, to);
        if (rule->hint != NULL) {
            fprintf(to, "  instead: %s\n", rule->hint);
        }
    }
}
