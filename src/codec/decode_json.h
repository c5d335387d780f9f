/*
 * Decoding JSON, what both dialects share: the state, and values without parts. The template is
 * decode_json_template.h; a frame is decode.h's.
 *
 * A container's frame counts entries as they come: `count` those begun, `left` 1 while a map's key
 * is the last that was read, `slot` of a map the entry (behind it once the value's turn has come).
 */
#ifndef CODEC_DECODE_JSON_H
#define CODEC_DECODE_JSON_H

#include "codec/decode.h"
#include "codec/json_plan.h"
#include "wire/json.h"

struct json_decoder {
    struct decoder *decoder; /* policy, root, frames, err */
    struct cursor in;
    struct arena *arena;        /* the root's */
    struct decode_frame *frame; /* the innermost */
    const struct json_plan *plans;
    uint32_t depth, structs, depth_most;
    uint64_t reserved; /* bytes that the open containers still need for their entries */
    bool done;
    enum json_controls controls; /* allowed in strings */
    bool views;                  /* strings without escapes stay where they are, when */
    size_t view_slop;            /* so many bytes stand behind them */
};

/* `controls`: what the dialect allows in strings; the policy may say otherwise. */
void json_decoder_begin(struct json_decoder *json, struct decoder *decoder,
                        enum json_controls controls);
/* Leaves the state where it failed, or is done, in the decoder. */
bool json_decoder_end(struct json_decoder *json, enum wire_fault fault);

/* ---- strings ---- */

enum wire_fault json_decode_escaped(struct json_decoder *json, const struct json_text *text,
                                    thrift_bytes *out);

/* The text as it is, NUL-terminated. Short ones are copied as whole vectors, into the slop that
 * follows every allocation. */
static inline enum wire_fault json_decode_copy(const struct json_decoder *json,
                                               const struct json_text *text, thrift_bytes *out)
{
    uint8_t *copy = arena_alloc_aligned(json->arena, text->size + 1, 1);

    if (__builtin_expect(copy == NULL, 0)) {
        return WIRE_NO_MEMORY;
    }
    if (text->size <= 16 && json->in.end - text->data >= 16) {
        memcpy(copy, text->data, 16);
    } else {
        memcpy(copy, text->data, text->size);
    }
    copy[text->size] = '\0';
    *out = (thrift_bytes){copy, text->size};
    return WIRE_OK;
}

/* The text where it stands, or copied as views are. */
enum wire_fault json_decode_view(struct json_decoder *json, const struct json_text *text,
                                 thrift_bytes *out);

/* A string, checked and copied. */
static inline enum wire_fault json_decode_string(struct json_decoder *json, thrift_bytes *out)
{
    struct json_text text;
    enum wire_fault fault = json_read_string(&json->in, &text);

    if (__builtin_expect(fault != WIRE_OK, 0)) {
        return fault;
    }
    if (__builtin_expect(text.escaped || text.controls != JSON_CONTROLS_NONE || text.wide ||
                             text.size > json->decoder->policy->limits->max_string_size,
                         0)) {
        return json_decode_escaped(json, &text, out);
    }
    if (__builtin_expect(json->views, 0)) {
        return json_decode_view(json, &text, out);
    }
    return json_decode_copy(json, &text, out);
}

enum wire_fault json_decode_binary(struct json_decoder *json, thrift_bytes *out);
enum wire_fault json_decode_uuid(struct json_decoder *json, thrift_uuid *out);

/* ---- frames ---- */

/* A frame for a struct that was made at `base`, or for a container. Depth was checked. */
static inline void json_decode_push(struct json_decoder *json, const struct decode_frame *frame)
{
    json->frame += 1;
    json->depth += 1;
    *json->frame = *frame;
}

static inline enum wire_fault json_decode_depth(const struct json_decoder *json, bool record)
{
    return json->depth >= json->depth_most ||
                   (record && json->structs >= json->decoder->policy->limits->max_struct_depth)
               ? WIRE_DEPTH_LIMIT
               : WIRE_OK;
}

static inline void json_decode_mark(struct decode_frame *frame, const struct plan_op *op)
{
    frame->seen |= op->has;
    if (__builtin_expect(op->has == 0, 0)) {
        frame->seen = decode_mark_far(frame->plan, op, frame->base, frame->seen);
    }
}

/* Required fields, a union's members; then presence goes into the record. */
enum wire_fault json_decode_complete(struct json_decoder *json);

/* One more entry in the container of the innermost frame. */
enum wire_fault json_decode_grow(struct json_decoder *json, const struct plan_type *type);

/* ---- what goes wrong ---- */

/* "expected i32, found …": makes the error where the fault says that something else is there. */
enum wire_fault json_decode_misfit(struct json_decoder *json, const struct plan_type *type,
                                   thrift_status status, enum wire_fault fault);
/* The decoder's slow paths say no by false, with their status set. */
static inline enum wire_fault json_decode_said(bool good)
{
    return good ? WIRE_OK : WIRE_BAD_VALUE;
}

/* ---- single tokens, for what reads no records ---- */

/* A leaf into the slot of its type, as a key or not; `json->frame` is not looked at. */
enum wire_fault tagged_json_read_leaf(struct json_decoder *json, const struct plan_type *type,
                                      bool key, void *slot);
enum wire_fault named_json_read_leaf(struct json_decoder *json, const struct plan_type *type,
                                     bool key, void *slot);
/* The name of a member and its colon; *op NULL: not declared, and its value was passed over. */
enum wire_fault named_json_read_name(struct json_decoder *json, const struct plan *plan,
                                     const struct plan_op **op);
/* "key" or "value" in an entry that is an object of its own, and its colon. */
enum wire_fault named_json_read_member(struct json_decoder *json, const char *member);

bool tagged_json_decode_run(struct decoder *decoder);
bool named_json_decode_run(struct decoder *decoder);

#endif
