/*
 * A finding as compilers print it: place, sentence, source line, caret, note, hint.
 */
#include <stdio.h>
#include <string.h>

#include "schema/descriptor.h"

static const char *severity_name(thrift_severity severity)
{
    switch (severity) {
    case THRIFT_FINDING_NOTE:
        return "note";
    case THRIFT_FINDING_WARNING:
        return "warning";
    case THRIFT_FINDING_BREAKING:
        return "breaking";
    case THRIFT_FINDING_ERROR:
    default:
        return "error";
    }
}

static void print_place(FILE *file, thrift_place place)
{
    if (place.source != NULL) {
        fprintf(file, "%s:", place.source);
        if (place.line > 0) {
            fprintf(file, "%u:%u:", (unsigned)place.line, (unsigned)place.column);
        }
        fputc(' ', file);
    }
}

/* Tabs before the caret stay tabs, so that it stands below its character at any width. */
static void print_excerpt(FILE *file, const char *excerpt, uint32_t caret, uint32_t size)
{
    size_t length;

    if (excerpt == NULL) {
        return;
    }
    length = strlen(excerpt);
    fprintf(file, "    %s\n    ", excerpt);
    for (uint32_t i = 0; i < caret && i < length; i++) {
        if (((unsigned char)excerpt[i] & 0xc0) != 0x80) {
            fputc(excerpt[i] == '\t' ? '\t' : ' ', file);
        }
    }
    fputc('^', file);
    for (uint32_t i = 1; i < size && caret + i < length; i++) {
        if (((unsigned char)excerpt[caret + i] & 0xc0) != 0x80) {
            fputc('~', file);
        }
    }
    fputc('\n', file);
}

void thrift_finding_print(const thrift_finding *finding, void *file)
{
    if (finding == NULL || file == NULL) {
        return;
    }
    print_place(file, finding->at);
    fprintf(file, "%s: %s", severity_name(finding->severity), finding->message);
    if (finding->rule != NULL) {
        fprintf(file, " [%s]", finding->rule);
    }
    fputc('\n', file);
    print_excerpt(file, finding->excerpt, finding->excerpt_caret, finding->size);
    if (finding->before.source != NULL) {
        print_place(file, finding->before);
        fprintf(file, "note: %s\n", finding->note != NULL ? finding->note : "the other place");
        print_excerpt(file, finding->before_excerpt, finding->before_excerpt_caret, 1);
    }
    if (finding->hint != NULL) {
        fprintf(file, "    hint: %s\n", finding->hint);
    }
}
