/*
 * Transcoding in one pass: a struct or container that is open on both sides.
 */
#ifndef CODEC_TRANSCODE_FRAME_H
#define CODEC_TRANSCODE_FRAME_H

#include "codec/plan.h"

struct transcode_frame {
    /* a struct */
    const struct plan *plan;    /* NULL: a container */
    const struct plan_op *op;   /* of the field that is being read; NULL: none */
    const struct plan_op *next; /* that should come next */
    size_t seen;                /* where its bits begin, one for each operation */
    uint32_t required;          /* of those seen */
    uint32_t members;           /* of a union */
    int16_t read_id, written_id;
    /* a container */
    const struct plan_type *type;
    uint32_t count; /* elements or entries begun */
    uint32_t left;  /* to come, where the head has said how many; of a map keys and values */
    bool counted;
    bool in_key;    /* of a map: its key was the last that was begun */
    bool key_known; /* `key` holds the last one */
    union slot key; /* borrowed from the input */
    size_t head;    /* where the count stands in the output; of what was not counted */
    /* both */
    bool fresh_in, fresh_out; /* nothing was there behind the opening bracket */
    uint32_t indentation;     /* of pretty text: of the entries */
};

#endif
