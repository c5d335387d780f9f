/*
 * The writing side, protocol by protocol.
 */
#include "codec/transcode_sink.h"

#include "base/error.h"
#include "wire/binary.h"
#include "wire/compact.h"
#include "wire/tjson.h"
#include "wire/transcode.h"

#define COMPACT_HEAD_MOST 8u

static bool is_json(const struct transcode_sink *sink) { return sink->protocol > THRIFT_COMPACT; }

static bool is_tagged(const struct transcode_sink *sink) { return sink->protocol == THRIFT_TJSON; }

static bool is_map(const struct plan_type *type) { return type->code == PLAN_MAP; }

/* Entries that are objects of their own. */
static bool is_pairs(const struct transcode_sink *sink, const struct plan_type *type)
{
    return sink->protocol == THRIFT_PLAIN_JSON && is_map(type) && !plan_is_leaf(type->key);
}

bool transcode_sink_begin(struct transcode_sink *sink, const struct plan *plan,
                          thrift_protocol protocol, const struct codec_policy *policy,
                          thrift_buffer *out, thrift_error *err)
{
    sink->protocol = protocol;
    sink->writer = (struct writer){out, protocol, false};
    sink->outside = (struct encode_frame){.plan = plan};
    sink->encoder.policy = policy;
    sink->encoder.out = out;
    sink->encoder.frames = sink->encoder.last_frame = &sink->outside;
    sink->encoder.status = THRIFT_OK;
    sink->encoder.err = err;
    sink->encoder.scratch = (thrift_buffer){NULL, 0, 0, out->allocator};
    return !is_json(sink) || json_encoder_begin(&sink->json, &sink->encoder);
}

void transcode_sink_end(struct transcode_sink *sink, bool good)
{
    if (good && is_json(sink)) {
        json_writer_end(&sink->json.out);
    }
    thrift_buffer_deinit(&sink->encoder.scratch);
}

static bool said(struct transcode_sink *sink)
{
    if (sink->writer.failed) {
        sink->encoder.status = FAIL_NOMEM(sink->encoder.err);
    }
    return !sink->writer.failed;
}

static bool room(struct transcode_sink *sink, size_t more)
{
    return json_encode_room(&sink->json, more + JSON_ENCODE_ROOM);
}

static void put_text(struct transcode_sink *sink, const char *text)
{
    json_put(&sink->json.out, text, strlen(text));
}

/* Line breaks where the policy wants them; room stays. */
static bool line(struct transcode_sink *sink, uint32_t depth)
{
    return sink->protocol != THRIFT_PLAIN_JSON || !sink->encoder.policy->pretty ||
           json_encode_line(&sink->json, depth);
}

static void space(struct transcode_sink *sink)
{
    if (sink->protocol == THRIFT_PLAIN_JSON && sink->encoder.policy->pretty) {
        json_put_char(&sink->json.out, ' ');
    }
}

static bool separate(struct transcode_sink *sink, struct transcode_frame *frame)
{
    if (!room(sink, 0)) {
        return false;
    }
    if (!frame->fresh_out) {
        json_put_char(&sink->json.out, ',');
    }
    frame->fresh_out = false;
    return line(sink, frame->indentation);
}

/* ---- fields ---- */

bool transcode_write_field(struct transcode_sink *sink, struct transcode_frame *frame,
                           const union slot *slot)
{
    const struct plan_op *op = frame->op;
    const struct json_plan *texts;
    const struct json_key *key;

    if (!is_json(sink)) {
        writer_field(&sink->writer, &frame->written_id, op->wire, op->id,
                     op->code == PLAN_BOOL && slot->boolean);
        return said(sink);
    }
    texts = &sink->json.plans[frame->plan->layout->index];
    key = &(is_tagged(sink)                       ? texts->tagged
            : sink->protocol == THRIFT_PLAIN_JSON ? texts->plain
                                                  : texts->named)[op - frame->plan->ops];
    json_encode_quotes(&sink->json, key);
    if (!separate(sink, frame) || !room(sink, key->size)) {
        return false;
    }
    json_put_key(&sink->json.out, key);
    space(sink);
    return true;
}

bool transcode_write_field_end(struct transcode_sink *sink)
{
    if (is_tagged(sink)) {
        if (!room(sink, 0)) {
            return false;
        }
        json_put_char(&sink->json.out, '}');
    }
    return true;
}

/* A bool has no bytes of its own as a field of compact, and is another byte on binary. */
static bool unknown_bool(struct transcode_sink *sink, struct transcode_frame *frame,
                         thrift_protocol from, const struct transcode_unknown *unknown)
{
    struct encoder *encoder = &sink->encoder;
    thrift_bytes bytes = unknown->bytes;
    bool truth;

    encoder->scratch.size = 0;
    encoder->status = transcode_value(from, &bytes, WIRE_BOOL, THRIFT_BINARY,
                                      encoder->policy->limits, &encoder->scratch, encoder->err);
    if (encoder->status != THRIFT_OK) {
        return false;
    }
    truth = encoder->scratch.data[0] != 0;
    writer_field(&sink->writer, &frame->written_id, WIRE_BOOL, unknown->id, truth);
    if (sink->protocol != THRIFT_COMPACT) {
        writer_value(&sink->writer, &(struct wire_value){.type = WIRE_BOOL, .integer = truth});
    }
    return said(sink);
}

static bool unknown_in_tjson(struct transcode_sink *sink, struct transcode_frame *frame,
                             const struct transcode_unknown *unknown, thrift_bytes value)
{
    if (!separate(sink, frame) || !room(sink, value.size)) {
        return false;
    }
    json_put_quoted_integer(&sink->json.out, unknown->id);
    put_text(sink, ":{");
    put_text(sink, tjson_type_text(unknown->wire));
    json_put_char(&sink->json.out, ':');
    json_put(&sink->json.out, value.data, value.size);
    json_put_char(&sink->json.out, '}');
    return true;
}

bool transcode_write_unknown(struct transcode_sink *sink, struct transcode_frame *frame,
                             thrift_protocol from, const struct transcode_unknown *unknown)
{
    const struct unknown_field field = {.id = unknown->id,
                                        .wire_type = unknown->wire,
                                        .protocol = (uint8_t)from,
                                        .bytes = unknown->bytes};
    thrift_bytes value;

    if (sink->protocol > THRIFT_TJSON) {
        return true; /* only ids have a place there */
    }
    if (!is_json(sink) && unknown->wire == WIRE_BOOL) {
        return unknown_bool(sink, frame, from, unknown);
    }
    if (!encode_unknown(&sink->encoder, &field, sink->protocol, &value)) {
        return false;
    }
    if (is_json(sink)) {
        return unknown_in_tjson(sink, frame, unknown, value);
    }
    writer_field(&sink->writer, &frame->written_id, unknown->wire, unknown->id, false);
    sink->writer.failed =
        sink->writer.failed || !buffer_append(sink->writer.out, value.data, value.size);
    return said(sink);
}

/* ---- values ---- */

static bool binary_leaf(struct transcode_sink *sink, const struct plan_type *type,
                        const union slot *slot)
{
    struct wire_value value = {.type = type->wire};

    switch (type->code) {
    case PLAN_BOOL:
        value.integer = slot->boolean;
        break;
    case PLAN_I8:
        value.integer = slot->i8;
        break;
    case PLAN_I16:
        value.integer = slot->i16;
        break;
    case PLAN_I32:
    case PLAN_ENUM:
        value.integer = slot->i32;
        break;
    case PLAN_I64:
        value.integer = slot->i64;
        break;
    case PLAN_DOUBLE:
        value.real = slot->real;
        break;
    case PLAN_UUID:
        value.bytes = (thrift_bytes){slot->uuid.bytes, sizeof slot->uuid};
        break;
    default:
        value.bytes = slot->bytes;
        break;
    }
    if (value.bytes.size > INT32_MAX) {
        return encode_too_large(&sink->encoder, value.bytes.size);
    }
    writer_value(&sink->writer, &value);
    return said(sink);
}

bool transcode_write_leaf(struct transcode_sink *sink, const struct plan_type *type, bool field,
                          bool key, const union slot *slot)
{
    if (sink->protocol == THRIFT_COMPACT && field && type->code == PLAN_BOOL) {
        return true; /* in the head */
    }
    if (!is_json(sink)) {
        return binary_leaf(sink, type, slot);
    }
    if (!room(sink, 0)) {
        return false;
    }
    return sink->protocol == THRIFT_TJSON ? tagged_json_write_leaf(&sink->json, type, key, slot)
           : sink->protocol == THRIFT_PLAIN_JSON
               ? named_json_write_leaf(&sink->json, type, key, slot)
               : simple_json_write_leaf(&sink->json, type, key, slot);
}

bool transcode_write_struct(struct transcode_sink *sink)
{
    if (!is_json(sink)) {
        return true;
    }
    if (!room(sink, 0)) {
        return false;
    }
    json_put_char(&sink->json.out, '{');
    return true;
}

/* The bracket behind the last entry, on a line of its own. */
static bool close(struct transcode_sink *sink, const struct transcode_frame *frame,
                  const char *brackets)
{
    if (!room(sink, 0) || (!frame->fresh_out && !line(sink, frame->indentation - 1))) {
        return false;
    }
    put_text(sink, brackets);
    return true;
}

bool transcode_write_struct_end(struct transcode_sink *sink, const struct transcode_frame *frame)
{
    if (is_json(sink)) {
        return close(sink, frame, "}");
    }
    writer_stop(&sink->writer);
    return said(sink);
}

/* ---- containers ---- */

/* `["i32",` */
static void put_types(struct transcode_sink *sink, const struct plan_type *type)
{
    json_put_char(&sink->json.out, '[');
    if (is_map(type)) {
        put_text(sink, tjson_type_text(type->key->wire));
        json_put_char(&sink->json.out, ',');
    }
    put_text(sink, tjson_type_text(type->element->wire));
    json_put_char(&sink->json.out, ',');
}

static uint32_t known_count(const struct transcode_frame *frame)
{
    return !frame->counted ? 0 : is_map(frame->type) ? frame->left / 2 : frame->left;
}

static bool binary_container(struct transcode_sink *sink, struct transcode_frame *frame)
{
    const struct plan_type *type = frame->type;
    struct wire_container head = {.key = is_map(type) ? type->key->wire : type->element->wire,
                                  .element = type->element->wire,
                                  .count = known_count(frame)};

    frame->head = sink->writer.out->size;
    if (!frame->counted && is_map(type)) {
        head.count = 1; /* on compact a head of two bytes */
    }
    writer_container(&sink->writer, type->wire, &head);
    return said(sink);
}

bool transcode_write_container(struct transcode_sink *sink, struct transcode_frame *frame,
                               bool field)
{
    const struct plan_type *type = frame->type;
    struct json_writer *out = &sink->json.out;

    if (!is_json(sink)) {
        return binary_container(sink, frame);
    }
    if (sink->protocol == THRIFT_SIMPLE_JSON && is_map(type) && !plan_is_leaf(type->key)) {
        return json_encode_key_refused(&sink->json, type);
    }
    if (!room(sink, 0)) {
        return false;
    }
    if (!is_tagged(sink)) {
        json_put_char(out, is_map(type) && !is_pairs(sink, type) ? '{' : '[');
        return true;
    }
    if (!field) {
        put_types(sink, type);
    }
    frame->head = (size_t)(out->at - out->buffer->data);
    json_put_integer(out, known_count(frame));
    if (is_map(type)) {
        put_text(sink, ",{");
    } else {
        frame->fresh_out = false; /* a comma stands before each item */
    }
    return true;
}

/* An entry that is an object of its own. */
static bool close_pair(struct transcode_sink *sink, const struct transcode_frame *frame)
{
    if (!room(sink, 0) || !line(sink, frame->indentation)) {
        return false;
    }
    json_put_char(&sink->json.out, '}');
    return true;
}

static bool begin_member(struct transcode_sink *sink, const struct transcode_frame *frame,
                         const char *before, const char *name)
{
    json_put_char(&sink->json.out, *before);
    if (!line(sink, frame->indentation + 1)) {
        return false;
    }
    put_text(sink, name);
    space(sink);
    return true;
}

bool transcode_write_entry(struct transcode_sink *sink, struct transcode_frame *frame)
{
    bool pairs = is_pairs(sink, frame->type);

    if (!is_json(sink)) {
        return true;
    }
    if (pairs && !frame->fresh_out && !close_pair(sink, frame)) {
        return false;
    }
    return separate(sink, frame) && (!pairs || begin_member(sink, frame, "{", "\"key\":"));
}

/* Back from the fields of a key. */
static void quotes_again(struct transcode_sink *sink, const struct transcode_frame *frame)
{
    while (frame->plan == NULL) {
        frame -= 1; /* the outermost is a struct's */
    }
    json_encode_quotes(
        &sink->json,
        &sink->json.plans[frame->plan->layout->index].plain[frame->op - frame->plan->ops]);
}

bool transcode_write_between(struct transcode_sink *sink, const struct transcode_frame *frame)
{
    if (!is_json(sink)) {
        return true;
    }
    if (!room(sink, 0)) {
        return false;
    }
    if (is_pairs(sink, frame->type)) {
        quotes_again(sink, frame);
        return begin_member(sink, frame, ",", "\"value\":");
    }
    json_put_char(&sink->json.out, ':');
    space(sink);
    return true;
}

/* ---- counts that were not known ---- */

/* In place of `old` bytes at `at` others; `*end` is that of the output. Room is there. */
static void replace(uint8_t *at, size_t old, const void *head, size_t size, uint8_t **end)
{
    if (size != old) {
        memmove(at + size, at + old, (size_t)(*end - at) - old);
        *end = *end + size - old;
    }
    memcpy(at, head, size);
}

static bool count_in_tjson(struct transcode_sink *sink, const struct transcode_frame *frame)
{
    struct json_writer *out = &sink->json.out;
    char digits[INTEGER_SIZE];
    size_t size = integer_write_i64(digits, frame->count);

    if (!room(sink, size)) {
        return false;
    }
    replace(out->buffer->data + frame->head, 1, digits, size, &out->at);
    return true;
}

static bool count_in_compact(struct transcode_sink *sink, const struct transcode_frame *frame)
{
    const struct plan_type *type = frame->type;
    thrift_buffer *out = sink->writer.out;
    uint8_t head[COMPACT_HEAD_MOST], *end;
    const uint8_t *behind =
        is_map(type) ? compact_write_map(head, type->key->wire, type->element->wire, frame->count)
                     : compact_write_list(head, type->element->wire, frame->count);

    if (!buffer_reserve(out, sizeof head)) {
        sink->writer.failed = true;
        return said(sink);
    }
    end = out->data + out->size;
    replace(out->data + frame->head, is_map(type) ? 2 : 1, head, (size_t)(behind - head), &end);
    out->size = (size_t)(end - out->data);
    return true;
}

static bool fill_count(struct transcode_sink *sink, const struct transcode_frame *frame)
{
    if (sink->protocol == THRIFT_BINARY) {
        store_big32(sink->writer.out->data + frame->head + (is_map(frame->type) ? 2 : 1),
                    frame->count);
        return true;
    }
    return is_tagged(sink) ? count_in_tjson(sink, frame) : count_in_compact(sink, frame);
}

bool transcode_write_container_end(struct transcode_sink *sink, const struct transcode_frame *frame)
{
    bool pairs = is_pairs(sink, frame->type);

    if (!frame->counted && sink->protocol <= THRIFT_TJSON && !fill_count(sink, frame)) {
        return false;
    }
    if (!is_json(sink)) {
        return true;
    }
    if (pairs && !frame->fresh_out && !close_pair(sink, frame)) {
        return false;
    }
    return close(sink, frame,
                 is_tagged(sink)                 ? (is_map(frame->type) ? "}]" : "]")
                 : is_map(frame->type) && !pairs ? "}"
                                                 : "]");
}
