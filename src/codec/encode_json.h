/*
 * Encoding JSON, what the three dialects share. The template is encode_json_template.h; a frame is
 * encode.h's.
 */
#ifndef CODEC_ENCODE_JSON_H
#define CODEC_ENCODE_JSON_H

#include "codec/encode.h"
#include "codec/json_plan.h"
#include "wire/json_writer.h"

/* Room for a separator, brackets and any value but a string. */
#define JSON_ENCODE_ROOM 96u

static inline uint64_t json_encode_has(const struct plan *plan, const void *base)
{
    uint64_t has;

    if (plan->tagged) {
        return 0;
    }
    memcpy(&has, (const uint8_t *)base + plan->layout->has_offset, sizeof has);
    return has;
}

static inline const void *json_encode_object(const void *slot)
{
    const void *object;

    memcpy(&object, slot, sizeof object);
    return object;
}

struct json_encoder {
    struct encoder *encoder; /* policy, frames, err */
    struct json_writer out;
    struct encode_frame *frame; /* the innermost */
    const struct json_plan *plans;
    uint32_t depth;
    bool done;
    uint8_t quotes, quotes_least; /* plain JSON: of the innermost field, and of any */
};

/* false: the encoder's status is set. */
bool json_encoder_begin(struct json_encoder *json, struct encoder *encoder);
bool json_encoder_end(struct json_encoder *json, bool good);

bool json_encode_no_memory(struct json_encoder *json);

/* A writer's fault as the encoder's status; true when there is none. */
bool json_encode_fault(struct json_encoder *json, enum wire_fault fault);

static inline bool json_encode_said(struct json_encoder *json, enum wire_fault fault)
{
    return __builtin_expect(fault == WIRE_OK, 1) || json_encode_fault(json, fault);
}

static inline bool json_encode_room(struct json_encoder *json, size_t size)
{
    return __builtin_expect(json_room(&json->out, size), 1) || json_encode_no_memory(json);
}

/* Behind a separator: the line break and indentation of pretty text. Makes its own room, and leaves
 * JSON_ENCODE_ROOM. */
bool json_encode_line(struct json_encoder *json, uint32_t depth);

/* The numbers that follow are in the field of that key. */
static inline void json_encode_quotes(struct json_encoder *json, const struct json_key *key)
{
    json->quotes = key->quotes | json->quotes_least;
}
/* Back from the fields of a map's key to the map's value. */
void json_encode_quotes_again(struct json_encoder *json);

/* Needs room for `key->size`. */
static inline void json_put_key(struct json_writer *out, const struct json_key *key)
{
    if (__builtin_expect(key->size <= JSON_KEY_SLOP, 1)) {
        memcpy(out->at, key->text, JSON_KEY_SLOP);
    } else {
        memcpy(out->at, key->text, key->size);
    }
    out->at += key->size;
}

/* Strings of their own; the others need room for NUMBER_DOUBLE_SIZE and quotes. */
void json_put_double(struct json_writer *out, double x, bool all_digits, bool quoted);
void json_put_uuid(struct json_writer *out, const uint8_t *uuid);
void json_put_quoted_integer(struct json_writer *out, int64_t x);
/* The symbol's name in quotes, or the number where there is none. */
bool json_encode_enum(struct json_encoder *json, const struct plan_type *type, int32_t number,
                      bool quoted);

/* Which operations are written, and why one cannot be. */
enum json_presence { JSON_WRITTEN, JSON_LEFT_OUT, JSON_WRONG };
enum json_presence json_encode_unset(struct json_encoder *json, const struct encode_frame *frame,
                                     const struct plan_op *op);
/* A union needs its member. */
bool json_encode_complete(struct json_encoder *json, const struct encode_frame *frame);
bool json_encode_push(struct json_encoder *json, const struct encode_frame *frame);
/* The kept fields of a record that has any. */
static inline void json_encode_find_unknown(struct encode_frame *frame)
{
    const thrift_record *record = (const thrift_record *)(const void *)frame->base;

    if (__builtin_expect(record->root != NULL && record->root->unknown != NULL, 0)) {
        frame->unknown = unknown_of(record, &frame->unknown_count);
    }
}

/* TJSON: those with an id less than `below`. */
bool json_encode_unknown(struct json_encoder *json, struct encode_frame *frame, int32_t below);
/* A map whose keys are no text. */
bool json_encode_key_refused(struct json_encoder *json, const struct plan_type *type);

/* A leaf out of the slot of its type, as a key or not, for what writes no records; room for
 * JSON_ENCODE_ROOM is there. */
bool tagged_json_write_leaf(struct json_encoder *json, const struct plan_type *type, bool key,
                            const void *slot);
bool simple_json_write_leaf(struct json_encoder *json, const struct plan_type *type, bool key,
                            const void *slot);
bool named_json_write_leaf(struct json_encoder *json, const struct plan_type *type, bool key,
                           const void *slot);

bool tagged_json_encode_run(struct encoder *encoder);
bool simple_json_encode_run(struct encoder *encoder);
bool named_json_encode_run(struct encoder *encoder);

#endif
