/*
 * What one hostile input costs, in memory and processor time, and how it ends.
 *
 * Memory is what the library's allocator hook was asked for at the worst moment beyond what was
 * live before, not the size of the process.
 */
#ifndef HOSTILE_MEASURE_H
#define HOSTILE_MEASURE_H

#include <rethrift/rethrift.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "allocator.h"

struct measure {
    struct failing_allocator memory; /* it never fails */
    size_t live_before;
    struct timespec begin;
};

static inline void measure_begin(struct measure *m)
{
    m->live_before = m->memory.peak = m->memory.live;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &m->begin);
}

/* One line: name, bytes of input, bytes at the peak, nanoseconds, status, message. */
static inline void measure_print(const struct measure *m, const char *name, size_t input_size,
                                 const thrift_error *err)
{
    struct timespec end;
    long long ns;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    ns = (end.tv_sec - m->begin.tv_sec) * 1000000000LL + (end.tv_nsec - m->begin.tv_nsec);
    printf("%s\t%zu\t%zu\t%lld\t%s\t%s%s%s\n", name, input_size, m->memory.peak - m->live_before,
           ns, thrift_status_name(err->code), err->source, err->source[0] != '\0' ? ": " : "",
           err->message);
}

/* The next field of a line whose fields are separated by tabs; NULL: there is none. */
static inline char *next_field(char **line)
{
    char *field = *line;
    char *end = field != NULL ? field + strcspn(field, "\t\n") : NULL;

    if (field == NULL || *field == '\0') {
        return NULL;
    }
    *line = *end != '\0' ? end + 1 : end;
    *end = '\0';
    return field;
}

#endif
