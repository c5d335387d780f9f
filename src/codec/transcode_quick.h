/*
 * Transcoding in one pass what needs no frames: a struct, or a few elements of a container, are
 * read into scratch memory by the decoder's quick readers and written from there by the encoder's.
 * Between binary and compact. What is not done is left to the pass, token by token: nothing was
 * read or written then.
 */
#ifndef CODEC_TRANSCODE_QUICK_H
#define CODEC_TRANSCODE_QUICK_H

#include "codec/transcode_sink.h"
#include "codec/transcode_source.h"

#define TRANSCODE_SCRATCH 8192u

struct transcode_quick {
    const struct quick_reader *reader; /* NULL: nothing can be done so */
    const struct quick_writer *writer;
    struct transcode_source *source;
    thrift_buffer *out;
    uint8_t *scratch; /* TRANSCODE_SCRATCH bytes, and the slop of an arena's end */
};

/* Both have begun. `scratch` is the caller's, aligned for pointers. */
struct transcode_quick transcode_quick_begin(struct transcode_source *source,
                                             struct transcode_sink *sink, uint8_t *scratch);

/* The struct that comes next. */
bool transcode_quick_struct(const struct transcode_quick *quick, const struct plan *plan);
/* The next of `left` elements or entries; returns how many. */
uint32_t transcode_quick_part(const struct transcode_quick *quick, const struct plan_type *type,
                              uint32_t left);

#endif
