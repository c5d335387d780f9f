/*
 * Collecting findings.
 */
#include "schema/finding.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"

#define MESSAGE_SIZE_MOST 320

void findings_init(struct findings *findings, struct arena *arena, bool strict)
{
    *findings = (struct findings){.arena = arena, .strict = strict};
    findings->last = &findings->first;
}

static const char *format_text(struct findings *findings, const char *format, va_list arguments)
    THRIFT_PRINTF(2, 0);
static struct finding *add(struct findings *findings, const struct finding *model,
                           const char *format, va_list arguments) THRIFT_PRINTF(3, 0);

/* A copy without control characters; long ones are cut. */
static const char *format_text(struct findings *findings, const char *format, va_list arguments)
{
    char text[MESSAGE_SIZE_MOST];
    char *copy;

    (void)vsnprintf(text, sizeof text, format, arguments);
    text_make_printable(text);
    copy = arena_strdup(findings->arena, text, strlen(text));
    findings->out_of_memory = findings->out_of_memory || copy == NULL;
    return copy;
}

static struct finding *add(struct findings *findings, const struct finding *model,
                           const char *format, va_list arguments)
{
    struct finding *finding;

    if (model->severity == THRIFT_FINDING_ERROR) {
        findings->error_count++;
    }
    if (findings->count >= FINDINGS_MOST &&
        (model->severity != THRIFT_FINDING_ERROR || findings->count >= 2 * FINDINGS_MOST)) {
        return NULL;
    }
    finding = arena_alloc(findings->arena, sizeof *finding);
    if (finding == NULL) {
        findings->out_of_memory = true;
        return NULL;
    }
    *finding = *model;
    finding->order = findings->count++;
    finding->message = finding->at.source != NULL && !finding->at.source->quotable
                           ? "this is not valid here"
                           : format_text(findings, format, arguments);
    *findings->last = finding;
    findings->last = &finding->next;
    return finding;
}

#define ADD(findings, severity_, code_, rule_, at_, format)                                        \
    struct finding *added;                                                                         \
    va_list arguments;                                                                             \
                                                                                                   \
    va_start(arguments, format);                                                                   \
    added = add(                                                                                   \
        (findings),                                                                                \
        &(struct finding){.severity = (severity_), .code = (code_), .rule = (rule_), .at = (at_)}, \
        (format), arguments);                                                                      \
    va_end(arguments);                                                                             \
    return added

struct finding *finding_syntax(struct findings *findings, const char *rule, struct span at,
                               const char *format, ...)
{
    ADD(findings, THRIFT_FINDING_ERROR, THRIFT_E_SYNTAX, rule, at, format);
}

struct finding *finding_error(struct findings *findings, const char *rule, struct span at,
                              const char *format, ...)
{
    ADD(findings, THRIFT_FINDING_ERROR, THRIFT_E_SEMANTIC, rule, at, format);
}

struct finding *finding_warning(struct findings *findings, const char *rule, struct span at,
                                const char *format, ...)
{
    ADD(findings, findings->strict ? THRIFT_FINDING_ERROR : THRIFT_FINDING_WARNING,
        THRIFT_E_SEMANTIC, rule, at, format);
}

struct finding *finding_failure(struct findings *findings, thrift_status code, const char *rule,
                                struct span at, const char *format, ...)
{
    ADD(findings, THRIFT_FINDING_ERROR, code, rule, at, format);
}

void finding_note(struct finding *finding, struct span before, const char *note)
{
    if (finding != NULL) {
        finding->before = before;
        finding->note = note;
    }
}

static bool may_quote(const struct finding *finding)
{
    return finding != NULL && (finding->at.source == NULL || finding->at.source->quotable);
}

void finding_hint(struct findings *findings, struct finding *finding, const char *format, ...)
{
    va_list arguments;

    if (may_quote(finding)) {
        va_start(arguments, format);
        finding->hint = format_text(findings, format, arguments);
        va_end(arguments);
    }
}
