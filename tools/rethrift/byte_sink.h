/*
 * Where bytes go: a file, which is not made before there is something for it, or the standard
 * output.
 */
#ifndef TOOL_BYTE_SINK_H
#define TOOL_BYTE_SINK_H

#include "bytes_form.h"

struct byte_sink {
    const char *path; /* NULL: the standard output */
    enum bytes_form form;
    FILE *to;            /* NULL: not open yet */
    bool first;          /* nothing is written yet */
    thrift_buffer bytes; /* still to be written */
};

bool byte_sink_open(struct byte_sink *sink);
/* What can be written is. */
bool byte_sink_flush(struct byte_sink *sink);
/* Everything is; once, at the end. */
bool byte_sink_close(struct byte_sink *sink);
/* E_IO, in `err` too: of what failed just now. */
thrift_status byte_sink_fail(const struct byte_sink *sink, thrift_error *err);
/* Writing would change what `file` reads. */
bool byte_sink_is(const struct byte_sink *sink, int file);

#endif
