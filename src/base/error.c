/*
 * Error values: formatting into the caller's fixed-size thrift_error.
 *
 * Invariant: message and source are always NUL-terminated and hold no control characters.
 */
#include "base/error.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

#define ELLIPSIS "..."

const char *thrift_status_name(thrift_status status)
{
    static const char *const names[] = {
#define NAME(name, text) #name,
        THRIFT_STATUS_MAP(NAME)
#undef NAME
    };
    return (size_t)status < sizeof names / sizeof names[0] ? names[status] : "E_UNKNOWN";
}

const char *thrift_status_text(thrift_status status)
{
    static const char *const texts[] = {
#define TEXT(name, text) text,
        THRIFT_STATUS_MAP(TEXT)
#undef TEXT
    };
    return (size_t)status < sizeof texts / sizeof texts[0] ? texts[status] : "unknown status";
}

void thrift_error_clear(thrift_error *err)
{
    if (err != NULL) {
        *err = (thrift_error)THRIFT_ERROR_INIT;
    }
}

void thrift_error_print(const thrift_error *err, FILE *to)
{
    if (err == NULL || err->code == THRIFT_OK) {
        return;
    }
    if (err->source[0] != '\0') {
        fprintf(to, "%s:", err->source);
        if (err->line > 0) {
            fprintf(to, "%u:%u:", (unsigned)err->line, (unsigned)err->column);
        }
        fputc(' ', to);
    }
    fprintf(to, "error: %s\n", err->message);
    if (err->more > 0) {
        fprintf(to, "and %u more\n", (unsigned)err->more);
    }
}

thrift_status error_set_list(thrift_error *err, thrift_status code, const char *format,
                             va_list arguments)
{
    if (err != NULL) {
        thrift_error fresh = THRIFT_ERROR_INIT; /* the arguments may be the texts of *err */

        fresh.code = code;
        (void)vsnprintf(fresh.message, sizeof fresh.message, format, arguments);
        text_make_printable(fresh.message);
        *err = fresh;
    }
    return code;
}

thrift_status error_set(thrift_error *err, thrift_status code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    error_set_list(err, code, format, arguments);
    va_end(arguments);
    return code;
}

thrift_status error_set_errno(thrift_error *err, thrift_status code, int sys_errno,
                              const char *format, ...)
{
    va_list arguments;
    char reason[96];

    if (err == NULL) {
        return code;
    }
    va_start(arguments, format);
    error_set_list(err, code, format, arguments);
    va_end(arguments);
    err->sys_errno = sys_errno;
    if (strerror_r(sys_errno, reason, sizeof reason) == 0) {
        size_t used = strlen(err->message);

        (void)snprintf(err->message + used, sizeof err->message - used, ": %s", reason);
    }
    return code;
}

void error_set_source(thrift_error *err, const char *source)
{
    if (err == NULL) {
        return;
    }
    size_t size = strlen(source);
    size_t room = sizeof err->source - 1;

    if (size <= room) {
        memmove(err->source, source, size + 1);
    } else {
        const char *tail = source + size - (room - strlen(ELLIPSIS));

        while (((unsigned char)*tail & 0xc0) == 0x80) { /* not in the middle of a character */
            tail++;
        }
        memmove(err->source + strlen(ELLIPSIS), tail, strlen(tail) + 1);
        memcpy(err->source, ELLIPSIS, strlen(ELLIPSIS));
    }
    text_make_printable(err->source);
}

void error_set_place(thrift_error *err, const char *source, uint32_t line, uint32_t column)
{
    if (err != NULL) {
        error_set_source(err, source);
        err->line = line;
        err->column = column;
    }
}

void error_prepend_path(thrift_error *err, const char *outer)
{
    char path[2 * THRIFT_ERROR_SOURCE_SIZE + 2];
    size_t outer_size = strlen(outer);
    const char *joint;

    if (err == NULL) {
        return;
    }
    if (outer_size > THRIFT_ERROR_SOURCE_SIZE) { /* its beginning is lost anyway */
        outer += outer_size - THRIFT_ERROR_SOURCE_SIZE;
    }
    joint = err->source[0] == '\0' || err->source[0] == '[' || err->source[0] == '{' ? "" : ".";
    (void)snprintf(path, sizeof path, "%s%s%s", outer, joint, err->source);
    error_set_source(err, path);
}
