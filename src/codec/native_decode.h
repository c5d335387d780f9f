/*
 * Decoding native structs, what both protocols share. The loop is in native_decode_template.h; the
 * words "frame", "sure", "reserved", "seen" and "aside" mean what they mean in decode.h and
 * decode_steps.h.
 */
#ifndef CODEC_NATIVE_DECODE_H
#define CODEC_NATIVE_DECODE_H

#include "codec/native.h"
#include "codec/native_unknown.h"
#include "wire/cursor.h"
#include "wire/skip.h"
#include "wire/wire_type.h"

#define NATIVE_FRAMES 129u
#define NATIVE_FRAMES_MOST 1024u
/* The most bytes of a head and the least value behind it, and more than that. */
#define NATIVE_SURE 20u

struct native_frame {
    /* a struct */
    const struct native_plan *plan; /* NULL: an array */
    const struct native_op *op;
    uint8_t *base;
    uint64_t seen;
    int16_t last_id;
    /* an array */
    const struct native_type *type;
    uint8_t *item;
    uint32_t left, count; /* of a map keys and values are counted */
    uint32_t least;
};

/* Where decoding stands; of a struct in base, op, seen and last_id. */
struct native_state {
    struct cursor in;
    const uint8_t *sure;
    size_t text_most, binary_most; /* bytes of a string that need no closer look */
    uint8_t *free_at, *free_end;   /* of the arena */
    struct native_frame *frame;
    const struct native_op *op;
    uint8_t *base;
    uint64_t seen; /* of a union: how many members, 2 for more than one */
    int16_t last_id;
    bool truth; /* of a bool field, where the head holds it */
};

struct native_decoder {
    struct native_state state;
    const struct codec_policy *policy;
    struct thrift_root *root;
    struct native_frame *frames, *last_frame; /* that may be used */
    uint32_t structs, structs_most;           /* open */
    uint64_t reserved;
    bool partial; /* a default: what is absent from it is not looked at */
    enum wire_fault fault;
    thrift_status status; /* set: `err` is written already */
    thrift_error *err;
};

/* From the decoder's state on, the outermost struct in its first frame. false: fault or status. */
typedef bool (*native_decode_run)(struct native_decoder *decoder);
bool native_binary_decode_run(struct native_decoder *decoder);
bool native_compact_decode_run(struct native_decoder *decoder);

/* What stands for an array without items; readable, never written. */
extern const uint8_t native_no_items[16];

/* ---- slow paths; each returns false when decoding must stop ---- */

/* A field whose presence C is told: by a bool, or by a union's tag, whose place is made clean if it
 * held another member. Returns the new `seen`. */
uint64_t native_decode_note(const struct native_plan *plan, const struct native_op *op,
                            uint8_t *base, uint64_t seen);
bool native_decode_duplicate(struct native_decoder *decoder, const struct native_op *op);
bool native_decode_mismatch(struct native_decoder *decoder, const thrift_type *type, uint8_t wire);
bool native_decode_unknown(struct native_decoder *decoder, int16_t id);
bool native_decode_enum(struct native_decoder *decoder, const thrift_type *type, int32_t number);
bool native_decode_utf8(struct native_decoder *decoder, thrift_bytes text);
/* A string into a char[N]. */
bool native_decode_chars(struct native_decoder *decoder, const struct native_type *type,
                         thrift_bytes text, uint8_t *place);
/* A field that C does not have, its value as an element; with the struct at `base`. */
bool native_decode_keep(struct native_decoder *decoder, const struct unknown_field *field);
/* A record, list or map that C has a pointer to, into *out; NULL: it has other elements than
 * declared, and was passed over. */
bool native_decode_dynamic(struct native_decoder *decoder, thrift_protocol protocol,
                           const struct native_type *type, void **out);
/* The end of a struct in which something is missing, or of a union. The arena is in step. */
bool native_decode_incomplete(struct native_decoder *decoder, const struct native_plan *plan,
                              uint8_t *base, uint64_t seen);

#endif
