/*
 * Formatting of log lines.
 */
#include "base/log.h"

#include <stdarg.h>

#include "base/text.h"

#define LINE_SIZE 512

void log_write(const struct log *log, enum log_level level, const char *event, const char *format,
               ...)
{
    char line[LINE_SIZE];
    va_list arguments;
    int size;

    if (log == NULL || log->write == NULL) {
        return;
    }
    size = snprintf(line, sizeof line, "%s: ", event);
    if (size >= 0 && (size_t)size < sizeof line) {
        va_start(arguments, format);
        (void)vsnprintf(line + size, sizeof line - (size_t)size, format, arguments);
        va_end(arguments);
    }
    text_make_printable(line);
    log->write((int)level, line, log->data);
}
