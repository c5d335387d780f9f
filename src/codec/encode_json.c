/*
 * Encoding JSON: numbers in quotes, symbols, presence, failures.
 */
#include "codec/encode_json.h"

#include <math.h>

#include "base/error.h"
#include "base/uuid.h"
#include "schema/lookup.h"
#include "wire/tjson.h"

#define INDENTATION 2u

bool json_encoder_begin(struct json_encoder *json, struct encoder *encoder)
{
    const struct encode_frame *outer = encoder->frames;

    *json = (struct json_encoder){.encoder = encoder, .frame = encoder->frames, .depth = 1};
    json->plans = json_plans_of(outer->plan->layout->all->schema, encoder->err);
    json->quotes = json->quotes_least =
        encoder->policy->i64_as_string ? JSON_QUOTES_I64 : JSON_QUOTES_NONE;
    json_writer_begin(&json->out, encoder->out);
    if (json->plans == NULL) {
        encoder->status = THRIFT_E_NOMEM;
    }
    return json->plans != NULL;
}

bool json_encoder_end(struct json_encoder *json, bool good)
{
    struct encoder *encoder = json->encoder;

    encoder->state.frame = json->frame;
    encoder->state.op = json->frame->op;
    if (good) {
        json_writer_end(&json->out);
    }
    return good;
}

bool json_encode_no_memory(struct json_encoder *json)
{
    json->encoder->status = FAIL_NOMEM(json->encoder->err);
    return false;
}

bool json_encode_fault(struct json_encoder *json, enum wire_fault fault)
{
    if (fault == WIRE_NO_MEMORY) {
        return json_encode_no_memory(json);
    }
    json->encoder->status =
        FAIL(json->encoder->err, wire_fault_status(fault), "%s", wire_fault_text(fault));
    return false;
}

bool json_encode_line(struct json_encoder *json, uint32_t depth)
{
    size_t size = (size_t)INDENTATION * depth;

    if (!json_encode_room(json, size + 1 + JSON_ENCODE_ROOM)) {
        return false;
    }
    json_put_char(&json->out, '\n');
    memset(json->out.at, ' ', size);
    json->out.at += size;
    return true;
}

/* ---- values ---- */

static void put_special(struct json_writer *out, double x)
{
    if (isnan(x)) {
        json_put(out, "\"NaN\"", 5);
    } else if (x < 0) {
        json_put(out, "\"-Infinity\"", 11);
    } else {
        json_put(out, "\"Infinity\"", 10);
    }
}

void json_put_double(struct json_writer *out, double x, bool all_digits, bool quoted)
{
    char *at;

    if (!isfinite(x)) {
        put_special(out, x);
        return;
    }
    if (quoted) {
        json_put_char(out, '"');
    }
    at = (char *)out->at;
    out->at += all_digits ? number_format_17(x, at) : number_format_double(x, at);
    if (quoted) {
        json_put_char(out, '"');
    }
}

void json_put_uuid(struct json_writer *out, const uint8_t *uuid)
{
    json_put_char(out, '"');
    uuid_write((char *)out->at, uuid);
    out->at += UUID_TEXT_SIZE;
    json_put_char(out, '"');
}

void json_put_quoted_integer(struct json_writer *out, int64_t x)
{
    json_put_char(out, '"');
    json_put_integer(out, x);
    json_put_char(out, '"');
}

bool json_encode_enum(struct json_encoder *json, const struct plan_type *type, int32_t number,
                      bool quoted)
{
    const thrift_symbol *symbol = enum_find_number(type->type->symbols, number);
    size_t size;

    if (symbol == NULL && quoted) {
        json_put_quoted_integer(&json->out, number);
    } else if (symbol == NULL) {
        json_put_integer(&json->out, number);
    } else {
        size = strlen(symbol->node.name);
        if (!json_encode_room(json, size + 2 + JSON_ENCODE_ROOM)) {
            return false;
        }
        json_put_char(&json->out, '"');
        json_put(&json->out, symbol->node.name, size);
        json_put_char(&json->out, '"');
    }
    return true;
}

void json_encode_quotes_again(struct json_encoder *json)
{
    const struct encode_frame *frame = json->frame;

    while (frame->plan == NULL) {
        frame -= 1; /* the outermost is a struct's */
    }
    json_encode_quotes(json, &frame->keys[frame->op - frame->plan->ops]);
}

/* ---- structs ---- */

enum json_presence json_encode_unset(struct json_encoder *json, const struct encode_frame *frame,
                                     const struct plan_op *op)
{
    switch (encode_unset(json->encoder, frame->plan, frame->base, op)) {
    case CODEC_WRITTEN:
        return JSON_WRITTEN;
    case CODEC_MISSING:
        encode_missing(json->encoder, op);
        return JSON_WRONG;
    case CODEC_LEFT_OUT:
        break;
    }
    return JSON_LEFT_OUT;
}

bool json_encode_complete(struct json_encoder *json, const struct encode_frame *frame)
{
    return !frame->plan->tagged || encode_union(json->encoder, frame->plan, frame->base);
}

bool json_encode_push(struct json_encoder *json, const struct encode_frame *frame)
{
    const struct encode_frame *outer;

    if (json->frame >= json->encoder->last_frame) {
        return encode_too_deep(json->encoder);
    }
    outer = json->frame;
    json->depth += 1;
    json->frame += 1;
    *json->frame = *frame;
    /* The entries of a map whose keys are no text are objects of their own. */
    json->frame->indentation =
        outer->indentation + 1 +
        (outer->plan == NULL && outer->type->code == PLAN_MAP && !plan_is_leaf(outer->type->key));
    return true;
}

bool json_encode_unknown(struct json_encoder *json, struct encode_frame *frame, int32_t below)
{
    for (; frame->unknown_count > 0 && frame->unknown->id < below; frame->unknown++) {
        const char *type = tjson_type_text(frame->unknown->wire_type);
        thrift_bytes value;

        frame->unknown_count -= 1;
        if (!encode_unknown(json->encoder, frame->unknown, THRIFT_TJSON, &value) ||
            !json_encode_room(json, value.size + JSON_ENCODE_ROOM)) {
            return false;
        }
        if (!frame->fresh) {
            json_put_char(&json->out, ',');
        }
        frame->fresh = false;
        json_put_quoted_integer(&json->out, frame->unknown->id);
        json_put(&json->out, ":{", 2);
        json_put(&json->out, type, strlen(type));
        json_put_char(&json->out, ':');
        json_put(&json->out, value.data, value.size);
        json_put_char(&json->out, '}');
    }
    return true;
}

bool json_encode_key_refused(struct json_encoder *json, const struct plan_type *type)
{
    json->encoder->status = FAIL(json->encoder->err, THRIFT_E_TYPE,
                                 "%s cannot be written: simple JSON has no keys of %s",
                                 type->type->spelling, type->key->type->spelling);
    return false;
}
