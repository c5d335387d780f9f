/*
 * Bytes of a file or of the standard input as they come, so that a stream needs memory for the
 * value alone that is being looked at.
 */
#ifndef TOOL_BYTE_SOURCE_H
#define TOOL_BYTE_SOURCE_H

#include "bytes_form.h"

struct byte_source {
    const char *name; /* for people */
    enum bytes_form form;
    int file; /* -1: none is open */
    bool ended;
    thrift_buffer bytes; /* read; what is taken of them stands in front */
    size_t taken;
    uint64_t passed; /* taken and not kept any more */
    struct bytes_reading reading;
};

/* "-" is the standard input; byte_source_close() in any case. */
bool byte_source_open(struct byte_source *source, const char *path, enum bytes_form form,
                      thrift_error *err);
void byte_source_close(struct byte_source *source);

/* What was read and not taken: valid until more is read. */
thrift_bytes byte_source_view(const struct byte_source *source);
void byte_source_take(struct byte_source *source, size_t size);
/* Of the first byte of the view, in all of the source. */
uint64_t byte_source_offset(const struct byte_source *source);

/* As much again as the view has, or what there is before it would have to be waited for; at least
 * one byte, or `source->ended`. */
bool byte_source_more(struct byte_source *source, thrift_error *err);
bool byte_source_all(struct byte_source *source, thrift_error *err);

#endif
