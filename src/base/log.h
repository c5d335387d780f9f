/*
 * What the running library has to say: handed to the program's hook, never printed.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <rethrift/error.h>

enum log_level {
    LOG_ERROR = 3, /* numbers as syslog's */
    LOG_WARNING = 4,
    LOG_NOTICE = 5,
    LOG_INFO = 6,
    LOG_DEBUG = 7
};

struct log {
    void (*write)(int level, const char *line, void *data); /* NULL: silence */
    void *data;
};

/* The line is "event: text", without newline. `event` is a stable identifier: "connection-closed".
 * Peer's bytes go through text_quote(). Threads: as the program's hook. */
void log_write(const struct log *log, enum log_level level, const char *event, const char *format,
               ...) THRIFT_PRINTF(4, 5);

#endif
