/*
 * Decoding JSON: strings that are not plain, frames, failures.
 */
#include "codec/decode_json.h"

#include "base/base64.h"
#include "base/error.h"
#include "base/text.h"
#include "base/uuid.h"

#define FOUND_SIZE_MOST 24u /* of what is shown of the input in an error */

void json_decoder_begin(struct json_decoder *json, struct decoder *decoder,
                        enum json_controls controls)
{
    const struct codec_policy *policy = decoder->policy;

    *json =
        (struct json_decoder){.decoder = decoder,
                              .in = decoder->state.in,
                              .arena = &decoder->root->arena,
                              .frame = decoder->frames,
                              .depth = 1,
                              .structs = 1,
                              .controls = policy->accept_controls ? JSON_CONTROLS_ANY
                                          : policy->accept_utf8   ? controls
                                                                  : JSON_CONTROLS_NONE,
                              .views = policy->views,
                              .view_slop = BYTES_PAIR,
                              .depth_most = (uint32_t)(decoder->last_frame - decoder->frames) + 1};
}

bool json_decoder_end(struct json_decoder *json, enum wire_fault fault)
{
    struct decoder *decoder = json->decoder;

    if (fault == WIRE_OK) {
        (void)json_peek(&json->in); /* white space behind the value is of no one else */
    }
    decoder->state.in = json->in;
    decoder->fault = fault;
    decoder->state.frame = json->frame;
    decoder->state.op = json->frame->op;
    return fault == WIRE_OK;
}

/* ---- strings ---- */

static uint8_t *allocate(struct json_decoder *json, size_t size)
{
    return arena_alloc_aligned(json->arena, size, 1);
}

/* Of the newest block only `size` bytes and a NUL are kept. */
static void keep(struct json_decoder *json, uint8_t *block, size_t size, thrift_bytes *out)
{
    block[size] = json->views && size > 0 ? DECODE_VIEW_END : '\0';
    json->arena->at = block + size + 1;
    *out = (thrift_bytes){block, size};
}

/* The string has ended, so that what stands at the cursor is not what is wrong. */
static enum wire_fault bad_string(struct json_decoder *json, const char *what)
{
    json->decoder->status = FAIL(json->decoder->err, THRIFT_E_CORRUPT, "the string holds %s", what);
    return WIRE_BAD_VALUE;
}

enum wire_fault json_decode_escaped(struct json_decoder *json, const struct json_text *text,
                                    thrift_bytes *out)
{
    enum wire_fault fault = json_check_text(text, json->controls);
    uint8_t *block;
    size_t size = text->size;

    if (fault != WIRE_OK) {
        return fault == WIRE_BAD_VALUE ? bad_string(json, "a control character that is not escaped")
                                       : fault;
    }
    if (size > json->decoder->policy->limits->max_string_size) {
        return WIRE_SIZE_LIMIT;
    }
    if (json->views && !text->escaped) {
        return json_decode_view(json, text, out);
    }
    block = allocate(json, size + 1);
    if (block == NULL) {
        return WIRE_NO_MEMORY;
    }
    if (text->escaped) {
        fault = json_unescape(text, block, &size);
    } else {
        memcpy(block, text->data, size);
    }
    if (fault == WIRE_OK) {
        keep(json, block, size, out);
    }
    return fault == WIRE_BAD_VALUE ? bad_string(json, "an escape that stands for nothing") : fault;
}

enum wire_fault json_decode_view(struct json_decoder *json, const struct json_text *text,
                                 thrift_bytes *out)
{
    uint8_t *block;

    if (text->size == 0) {
        *out = (thrift_bytes){decode_no_text, 0};
        return WIRE_OK;
    }
    if (cursor_left(&json->in) >= json->view_slop) {
        *out = (thrift_bytes){text->data, text->size};
        return WIRE_OK;
    }
    block = allocate(json, text->size + 1);
    if (block == NULL) {
        return WIRE_NO_MEMORY;
    }
    memcpy(block, text->data, text->size);
    keep(json, block, text->size, out);
    return WIRE_OK;
}

enum wire_fault json_decode_binary(struct json_decoder *json, thrift_bytes *out)
{
    const uint8_t *begin = json->in.at;
    struct json_text text;
    enum wire_fault fault = json_read_string(&json->in, &text);
    uint8_t *block;
    size_t size;

    if (fault != WIRE_OK) {
        return fault;
    }
    if (text.size / 4 * 3 > json->decoder->policy->limits->max_string_size) {
        return WIRE_SIZE_LIMIT;
    }
    block = allocate(json, text.size + 4);
    if (block == NULL) {
        return WIRE_NO_MEMORY;
    }
    if (text.escaped) { /* some writers escape the slash */
        fault = json_unescape(&text, block, &size);
        text.data = block;
        text.size = size;
    }
    if (fault != WIRE_OK || !base64_read(text.data, text.size, block, &size)) {
        json->in.at = begin;
        return WIRE_BAD_VALUE;
    }
    keep(json, block, size, out);
    return WIRE_OK;
}

enum wire_fault json_decode_uuid(struct json_decoder *json, thrift_uuid *out)
{
    struct json_text text;
    struct cursor next = json->in;
    enum wire_fault fault = json_read_string(&next, &text);

    if (fault == WIRE_OK && !uuid_read((const char *)text.data, text.size, out->bytes)) {
        return WIRE_BAD_VALUE;
    }
    json->in.at = next.at;
    return fault;
}

/* ---- frames ---- */

enum wire_fault json_decode_complete(struct json_decoder *json)
{
    struct decode_frame *frame = json->frame;
    const struct plan *plan = frame->plan;

    frame->op = NULL;
    if ((plan->required & ~frame->seen) != 0 || plan->far) {
        if (!decode_incomplete(json->decoder, plan, frame->base, frame->seen)) {
            return WIRE_BAD_VALUE;
        }
    }
    if (!plan->tagged) {
        memcpy(frame->base + plan->layout->has_offset, &frame->seen, sizeof frame->seen);
    }
    return WIRE_OK;
}

enum wire_fault json_decode_grow(struct json_decoder *json, const struct plan_type *type)
{
    bool grown = type->code == PLAN_LIST ? list_reserve(json->frame->container, 1)
                                         : mapping_reserve(json->frame->container, 1);

    return grown ? WIRE_OK : WIRE_NO_MEMORY;
}

/* ---- what goes wrong ---- */

enum wire_fault json_decode_misfit(struct json_decoder *json, const struct plan_type *type,
                                   thrift_status status, enum wire_fault fault)
{
    struct decoder *decoder = json->decoder;
    size_t left = cursor_left(&json->in);
    char found[TEXT_QUOTED_SIZE];

    if (decoder->status == THRIFT_OK && fault == WIRE_BAD_VALUE && left > 0) {
        text_quote(json->in.at, left < FOUND_SIZE_MOST ? left : FOUND_SIZE_MOST, found);
        decoder->status =
            FAIL(decoder->err, status, "expected %s, found %s", type->type->spelling, found);
    }
    return fault;
}
