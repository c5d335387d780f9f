/*
 * Transcoding in one pass, the reading side: what comes next, one token at a time, in any protocol
 * that can be read. Leaves are read into slots by the same functions that decode them.
 *
 * Keeps nothing: a string in a slot is a view into the input or stands in memory that
 * transcode_source_forget() gives back.
 */
#ifndef CODEC_TRANSCODE_SOURCE_H
#define CODEC_TRANSCODE_SOURCE_H

#include "codec/decode_json.h"
#include "codec/transcode_frame.h"
#include "wire/reader.h"

struct transcode_source {
    thrift_protocol protocol;
    struct cursor *in;           /* of the reader or of JSON */
    struct reader reader;        /* binary and compact */
    struct json_decoder json;    /* the others */
    struct decoder decoder;      /* policy, status, err */
    struct decode_frame outside; /* stands for the decoder's */
    struct thrift_root root;     /* of strings that are no views */
    struct arena_mark empty;
    uint32_t depth, structs; /* open */
    bool truth;              /* of a bool field whose head holds it */
};

/* `policy` must outlive the source. */
void transcode_source_begin(struct transcode_source *source, const struct plan *plan,
                            thrift_protocol protocol, thrift_bytes input,
                            const struct codec_policy *policy, thrift_error *err);
void transcode_source_end(struct transcode_source *source);

/* What a struct has next. */
enum transcode_field { TRANSCODE_END, TRANSCODE_DECLARED, TRANSCODE_UNKNOWN, TRANSCODE_PASSED };

/* A field that is not declared: its value as it stands. */
struct transcode_unknown {
    int16_t id;
    uint8_t wire;
    thrift_bytes bytes; /* as an element's */
};

/* DECLARED: frame->op, its head read, and `*headed` when a container's was, too, up to its count.
 * UNKNOWN: passed over, to be kept. PASSED: nothing that anyone needs. */
enum wire_fault transcode_read_field(struct transcode_source *source, struct transcode_frame *frame,
                                     enum transcode_field *what, struct transcode_unknown *unknown,
                                     bool *headed);
/* A leaf; of a field, not of a key or element, when `field`. */
enum wire_fault transcode_read_leaf(struct transcode_source *source, const struct plan_type *type,
                                    bool field, bool key, union slot *slot);
/* Opens a struct. */
enum wire_fault transcode_read_struct(struct transcode_source *source,
                                      const struct plan_type *type);
/* Opens a container: `frame` gets its count, if there is one. `*matches` false: other elements than
 * declared, passed over, and nothing was opened. */
enum wire_fault transcode_read_container(struct transcode_source *source,
                                         const struct plan_type *type, bool headed,
                                         struct transcode_frame *frame, bool *matches);
/* Up to the next item or key, or `*ended`. */
enum wire_fault transcode_read_entry(struct transcode_source *source, struct transcode_frame *frame,
                                     bool *ended);
/* From a key to its value. */
enum wire_fault transcode_read_between(struct transcode_source *source,
                                       const struct transcode_frame *frame);
/* Behind the value of a field. */
enum wire_fault transcode_read_field_end(struct transcode_source *source);
/* JSON: null stands where the value should, and was passed. */
enum wire_fault transcode_read_null(struct transcode_source *source, bool *null);

/* A struct or container was opened, or closed. */
static inline void transcode_source_nest(struct transcode_source *source, bool record, int32_t by)
{
    source->depth += (uint32_t)by;
    source->structs += record ? (uint32_t)by : 0;
    source->json.depth = source->depth;
    source->json.structs = source->structs;
}

static inline void transcode_source_forget(struct transcode_source *source)
{
    if (__builtin_expect(source->root.arena.at != source->empty.at, 0)) {
        arena_rewind(&source->root.arena, source->empty);
    }
}

#endif
