/*
 * Findings about native tables: texts, places, and the error of all of them.
 */
#include "rpc/native_finding.h"

#include <stdarg.h>
#include <string.h>

#include "base/error.h"

#define MESSAGE_SIZE 512

static thrift_place place_of(const thrift_node *node)
{
    return node != NULL && node->file != NULL
               ? (thrift_place){node->file->path, node->line, node->column}
               : (thrift_place){NULL, 0, 0};
}

/* "message (users.thrift:3)" */
static void add_place(char message[MESSAGE_SIZE], thrift_place at)
{
    size_t size = strlen(message);

    if (at.source != NULL) {
        (void)snprintf(message + size, MESSAGE_SIZE - size, " (%s:%u)", at.source,
                       (unsigned)at.line);
    }
}

/* Whole findings only; those that do not fit are counted. */
static void add_to_text(struct native_findings *findings, const char *message)
{
    size_t used = strlen(findings->text), more = strlen(message);

    if (findings->told < findings->count) {
        return; /* one before it did not fit */
    }
    if (used == 0) {
        more = more < sizeof findings->text ? more : sizeof findings->text - 1;
        memcpy(findings->text, message, more);
        findings->text[more] = '\0';
        findings->told = 1;
    } else if (used + 2 + more < sizeof findings->text) {
        memcpy(findings->text + used, "; ", 2);
        memcpy(findings->text + used + 2, message, more + 1);
        findings->told += 1;
    }
}

void native_finding(struct native_findings *findings, thrift_status code, const char *rule,
                    const char *element, const thrift_node *node, const char *format, ...)
{
    char message[MESSAGE_SIZE];
    thrift_finding finding = {.severity = THRIFT_FINDING_ERROR,
                              .rule = rule,
                              .element = element,
                              .message = message,
                              .at = place_of(node)};
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (findings->on_finding != NULL) {
        findings->on_finding(&finding, findings->data);
    }
    add_place(message, finding.at);
    add_to_text(findings, message);
    if (findings->count == 0) {
        findings->status = code;
        findings->at = finding.at;
    }
    findings->count += 1;
}

thrift_status native_findings_deliver(const struct native_findings *findings, thrift_error *err)
{
    if (findings->count == 0) {
        return THRIFT_OK;
    }
    (void)FAIL(err, findings->status, "%s", findings->text);
    if (err != NULL) {
        if (findings->at.source != NULL) {
            error_set_place(err, findings->at.source, findings->at.line, findings->at.column);
        }
        err->more = (uint32_t)(findings->count - findings->told);
    }
    return findings->status;
}
