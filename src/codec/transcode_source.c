/*
 * The reading side, protocol by protocol.
 */
#include "codec/transcode_source.h"

#include "wire/skip.h"
#include "wire/tjson.h"

#define CHECK(call)                                                                                \
    do {                                                                                           \
        enum wire_fault fault_ = (call);                                                           \
        if (__builtin_expect(fault_ != WIRE_OK, 0)) {                                              \
            return fault_;                                                                         \
        }                                                                                          \
    } while (0)

static bool is_json(const struct transcode_source *source)
{
    return source->protocol > THRIFT_COMPACT;
}

void transcode_source_begin(struct transcode_source *source, const struct plan *plan,
                            thrift_protocol protocol, thrift_bytes input,
                            const struct codec_policy *policy, thrift_error *err)
{
    struct decoder *decoder = &source->decoder;

    source->protocol = protocol;
    source->depth = source->structs = 0;
    source->truth = false;
    root_init(&source->root, plan->layout->all->schema);
    source->root.arena.budget = policy->limits->max_message_memory;
    source->empty = arena_mark(&source->root.arena);
    decoder->policy = policy;
    decoder->root = &source->root;
    decoder->frames = decoder->last_frame = &source->outside;
    decoder->fault = WIRE_OK;
    decoder->status = THRIFT_OK;
    decoder->err = err;
    decoder->state.in = cursor_of(input);
    source->reader = (struct reader){decoder->state.in, protocol, policy->limits};
    json_decoder_begin(&source->json, decoder,
                       protocol == THRIFT_TJSON ? TJSON_CONTROLS : JSON_CONTROLS_NONE);
    source->json.depth = source->json.structs = 0;
    source->json.depth_most = policy->limits->max_depth < DECODE_FRAMES_MOST
                                  ? policy->limits->max_depth
                                  : DECODE_FRAMES_MOST;
    source->json.views = true;
    source->json.view_slop = 0;
    source->in = is_json(source) ? &source->json.in : &source->reader.in;
}

void transcode_source_end(struct transcode_source *source) { root_deinit(&source->root); }

static enum wire_fault check_depth(const struct transcode_source *source, bool record)
{
    return source->depth >= source->json.depth_most ||
                   (record && source->structs >= source->reader.limits->max_struct_depth)
               ? WIRE_DEPTH_LIMIT
               : WIRE_OK;
}

/* ---- fields ---- */

/* Passes over a value that stands as an element. */
static enum wire_fault pass(struct transcode_source *source, uint8_t wire)
{
    if (is_json(source)) {
        struct tjson_depth depth = {source->structs, source->depth};

        return tjson_skip(source->in, wire, false, depth, source->reader.limits);
    }
    return skip_value(source->protocol, source->in, wire,
                      (struct skip_depth){source->structs, source->depth}, source->reader.limits);
}

/* A field that is not declared, or not as it is. */
static enum wire_fault other_field(struct transcode_source *source, struct transcode_frame *frame,
                                   const struct plan_op *op, enum transcode_field *what,
                                   struct transcode_unknown *unknown)
{
    static const uint8_t truths[] = {2, 1}; /* of compact */
    const struct codec_policy *policy = source->decoder.policy;
    const uint8_t *begin = source->in->at;
    bool in_head = source->protocol == THRIFT_COMPACT && unknown->wire == WIRE_BOOL;

    frame->op = op;
    if (op != NULL ? !policy->accept_mismatch : policy->unknown == THRIFT_UNKNOWN_REFUSE) {
        return json_decode_said(op != NULL ? decode_mismatch(&source->decoder, op, unknown->wire)
                                           : decode_unknown_refused(&source->decoder, unknown->id));
    }
    if (!in_head) {
        CHECK(pass(source, unknown->wire));
    }
    unknown->bytes = in_head ? (thrift_bytes){&truths[source->truth], 1}
                             : (thrift_bytes){begin, (size_t)(source->in->at - begin)};
    *what = op == NULL ? TRANSCODE_UNKNOWN : TRANSCODE_PASSED;
    frame->op = NULL;
    return is_json(source) ? json_need(source->in, '}') : WIRE_OK;
}

static enum wire_fault binary_field(struct transcode_source *source, struct transcode_frame *frame,
                                    enum transcode_field *what, struct transcode_unknown *unknown)
{
    const struct plan_op *op;

    CHECK(reader_field(&source->reader, &frame->read_id, &unknown->wire, &unknown->id,
                       &source->truth));
    if (unknown->wire == WIRE_STOP) {
        *what = TRANSCODE_END;
        return WIRE_OK;
    }
    op = frame->next->id == unknown->id && frame->next->code != PLAN_END
             ? frame->next
             : plan_find(frame->plan, unknown->id);
    if (op == NULL || op->wire != unknown->wire) {
        return other_field(source, frame, op, what, unknown);
    }
    frame->op = op;
    *what = TRANSCODE_DECLARED;
    return WIRE_OK;
}

/* A comma and white space before a member, or the end of them. */
static enum wire_fault next_member(struct cursor *in, struct transcode_frame *frame, bool *ended)
{
    if (frame->fresh_in) {
        frame->fresh_in = false;
        *ended = json_take(in, '}');
        (void)json_peek(in);
        return WIRE_OK;
    }
    if (json_take(in, ',')) {
        (void)json_peek(in);
        return WIRE_OK;
    }
    *ended = true;
    return json_need(in, '}');
}

static enum wire_fault json_field(struct transcode_source *source, struct transcode_frame *frame,
                                  enum transcode_field *what, struct transcode_unknown *unknown,
                                  bool *headed)
{
    bool tagged = source->protocol == THRIFT_TJSON, ended = false;
    const struct json_plan *texts = &source->json.plans[frame->plan->layout->index];
    const struct json_key *keys = tagged ? texts->tagged : texts->plain;
    const struct json_key *key = &keys[frame->next - frame->plan->ops];
    const struct plan_op *op;

    CHECK(next_member(source->in, frame, &ended));
    if (ended) {
        *what = TRANSCODE_END;
        return WIRE_OK;
    }
    if (json_key_matches(key, source->in->at, cursor_left(source->in))) {
        source->in->at += key->size;
        frame->op = frame->next;
        *headed = tagged;
        *what = TRANSCODE_DECLARED;
        return WIRE_OK;
    }
    if (!tagged) {
        CHECK(named_json_read_name(&source->json, frame->plan, &frame->op));
        *what = frame->op != NULL ? TRANSCODE_DECLARED : TRANSCODE_PASSED;
        return WIRE_OK;
    }
    CHECK(tjson_read_field(source->in, &unknown->id, &unknown->wire));
    op = plan_find(frame->plan, unknown->id);
    if (op == NULL || op->wire != unknown->wire) {
        return other_field(source, frame, op, what, unknown);
    }
    frame->op = op;
    *what = TRANSCODE_DECLARED;
    return WIRE_OK;
}

enum wire_fault transcode_read_field(struct transcode_source *source, struct transcode_frame *frame,
                                     enum transcode_field *what, struct transcode_unknown *unknown,
                                     bool *headed)
{
    frame->op = NULL;
    *headed = false;
    CHECK(is_json(source) ? json_field(source, frame, what, unknown, headed)
                          : binary_field(source, frame, what, unknown));
    if (*what == TRANSCODE_DECLARED) {
        frame->next = frame->op + 1;
    }
    return WIRE_OK;
}

enum wire_fault transcode_read_field_end(struct transcode_source *source)
{
    return source->protocol == THRIFT_TJSON ? json_need(source->in, '}') : WIRE_OK;
}

enum wire_fault transcode_read_null(struct transcode_source *source, bool *null)
{
    *null = source->protocol == THRIFT_PLAIN_JSON && json_peek(source->in) == 'n';
    return *null ? json_skip(source->in, 1) : WIRE_OK;
}

/* ---- values ---- */

static enum wire_fault binary_leaf(struct transcode_source *source, const struct plan_type *type,
                                   union slot *slot)
{
    const struct codec_policy *policy = source->decoder.policy;
    struct wire_value read;

    CHECK(reader_value(&source->reader, type->wire, &read));
    switch (type->code) {
    case PLAN_BOOL:
        slot->boolean = read.integer != 0;
        return WIRE_OK;
    case PLAN_I8:
        slot->i8 = (int8_t)read.integer;
        return WIRE_OK;
    case PLAN_I16:
        slot->i16 = (int16_t)read.integer;
        return WIRE_OK;
    case PLAN_I32:
        slot->i32 = (int32_t)read.integer;
        return WIRE_OK;
    case PLAN_ENUM:
        slot->i32 = (int32_t)read.integer;
        return json_decode_said(policy->accept_enum ||
                                decode_enum(&source->decoder, type, slot->i32));
    case PLAN_I64:
        slot->i64 = read.integer;
        return WIRE_OK;
    case PLAN_DOUBLE:
        slot->real = read.real;
        return WIRE_OK;
    case PLAN_UUID:
        memcpy(&slot->uuid, read.bytes.data, sizeof slot->uuid);
        return WIRE_OK;
    default:
        slot->bytes = read.bytes;
        return json_decode_said(type->code == PLAN_BINARY || policy->accept_utf8 ||
                                decode_utf8(&source->decoder, read.bytes));
    }
}

enum wire_fault transcode_read_leaf(struct transcode_source *source, const struct plan_type *type,
                                    bool field, bool key, union slot *slot)
{
    if (source->protocol == THRIFT_TJSON) {
        return tagged_json_read_leaf(&source->json, type, key, slot);
    }
    if (source->protocol == THRIFT_PLAIN_JSON) {
        return named_json_read_leaf(&source->json, type, key, slot);
    }
    if (source->protocol == THRIFT_COMPACT && field && type->code == PLAN_BOOL) {
        slot->boolean = source->truth;
        return WIRE_OK;
    }
    return binary_leaf(source, type, slot);
}

/* `type` NULL: the outermost. */
enum wire_fault transcode_read_struct(struct transcode_source *source, const struct plan_type *type)
{
    if (is_json(source) && type != NULL && json_peek(source->in) != '{') {
        return json_decode_misfit(&source->json, type,
                                  source->protocol == THRIFT_TJSON ? THRIFT_E_CORRUPT
                                                                   : THRIFT_E_TYPE,
                                  json_fault(source->in));
    }
    if (is_json(source)) {
        CHECK(json_need(source->in, '{'));
    }
    return check_depth(source, true);
}

/* ---- containers ---- */

/* Other elements than declared: the whole container, which begins at `begin`, is passed over. */
static enum wire_fault other_elements(struct transcode_source *source, const struct plan_type *type,
                                      const uint8_t *begin, uint8_t wire, bool *matches)
{
    *matches = false;
    if (!source->decoder.policy->accept_mismatch) {
        return json_decode_said(decode_element_mismatch(&source->decoder, type, wire));
    }
    source->in->at = begin;
    return pass(source, type->wire);
}

static void set_count(struct transcode_frame *frame, const struct plan_type *type, uint32_t count)
{
    frame->counted = true;
    frame->left = type->code == PLAN_MAP ? 2 * count : count;
}

static enum wire_fault binary_container(struct transcode_source *source,
                                        const struct plan_type *type, struct transcode_frame *frame,
                                        bool *matches)
{
    const uint8_t *begin = source->in->at;
    struct wire_container head = {0};

    CHECK(reader_container(&source->reader, type->wire, &head));
    CHECK(check_depth(source, false));
    if (head.count > 0 && (head.element != type->element->wire ||
                           (type->code == PLAN_MAP && head.key != type->key->wire))) {
        return other_elements(source, type, begin, head.element, matches);
    }
    set_count(frame, type, head.count);
    return WIRE_OK;
}

/* `["str","i32",`; *wire is the type that differs, WIRE_STOP when none does. */
static enum wire_fault read_types(struct cursor *in, const struct plan_type *type, uint8_t *wire)
{
    uint8_t key = 0, element = 0;

    CHECK(json_need(in, '['));
    if (type->code == PLAN_MAP) {
        CHECK(tjson_read_type(in, &key));
        CHECK(json_need(in, ','));
    }
    CHECK(tjson_read_type(in, &element));
    *wire = type->code == PLAN_MAP && key != type->key->wire ? key
            : element != type->element->wire                 ? element
                                                             : WIRE_STOP;
    return json_need(in, ',');
}

static enum wire_fault tagged_container(struct transcode_source *source,
                                        const struct plan_type *type, bool headed,
                                        struct transcode_frame *frame, bool *matches)
{
    struct cursor *in = source->in;
    const uint8_t *begin = in->at;
    uint8_t wire = WIRE_STOP;
    enum wire_fault fault;
    int64_t count;

    if (!headed) {
        CHECK(read_types(in, type, &wire));
    }
    if (wire != WIRE_STOP) {
        return other_elements(source, type, begin, wire, matches);
    }
    CHECK(check_depth(source, false));
    fault = json_read_integer(in, &count);
    if (fault != WIRE_OK || count < 0 || count > INT32_MAX) {
        return fault == WIRE_OK || fault == WIRE_RANGE ? WIRE_NEGATIVE_SIZE : fault;
    }
    CHECK(wire_count_check(in, (uint32_t)count, 2, source->reader.limits));
    set_count(frame, type, (uint32_t)count);
    if (type->code == PLAN_MAP) {
        CHECK(json_need(in, ','));
        CHECK(json_need(in, '{'));
    }
    return WIRE_OK;
}

static bool is_object(const struct plan_type *type)
{
    return type->code == PLAN_MAP && plan_is_leaf(type->key);
}

enum wire_fault transcode_read_container(struct transcode_source *source,
                                         const struct plan_type *type, bool headed,
                                         struct transcode_frame *frame, bool *matches)
{
    *matches = true;
    if (!is_json(source)) {
        return binary_container(source, type, frame, matches);
    }
    if (source->protocol == THRIFT_TJSON) {
        return tagged_container(source, type, headed, frame, matches);
    }
    if (!json_take(source->in, is_object(type) ? '{' : '[')) {
        return json_decode_misfit(&source->json, type, THRIFT_E_TYPE, json_fault(source->in));
    }
    return check_depth(source, false);
}

/* Of what says its count. */
static enum wire_fault counted_entry(struct transcode_source *source, struct transcode_frame *frame,
                                     bool *ended)
{
    bool map = frame->type->code == PLAN_MAP, fresh = frame->fresh_in;

    frame->fresh_in = false;
    if (frame->left == 0) {
        *ended = true;
        if (!is_json(source)) {
            return WIRE_OK;
        }
        if (map) {
            CHECK(json_need(source->in, '}'));
        }
        return json_need(source->in, ']');
    }
    frame->left -= map ? 2 : 1;
    return is_json(source) && !(map && fresh) ? json_need(source->in, ',') : WIRE_OK;
}

enum wire_fault transcode_read_entry(struct transcode_source *source, struct transcode_frame *frame,
                                     bool *ended)
{
    struct cursor *in = source->in;
    bool pairs = frame->type->code == PLAN_MAP && !is_object(frame->type);
    uint8_t close = is_object(frame->type) ? '}' : ']';

    if (frame->counted) {
        return counted_entry(source, frame, ended);
    }
    if (frame->fresh_in) {
        frame->fresh_in = false;
        *ended = json_take(in, close);
    } else {
        if (pairs) {
            CHECK(json_need(in, '}'));
        }
        if (!json_take(in, ',')) {
            *ended = true;
            return json_need(in, close);
        }
    }
    if (!*ended && frame->count >= source->reader.limits->max_container_count) {
        return WIRE_SIZE_LIMIT;
    }
    if (*ended || !pairs) {
        return WIRE_OK;
    }
    CHECK(json_need(in, '{'));
    return named_json_read_member(&source->json, "key");
}

enum wire_fault transcode_read_between(struct transcode_source *source,
                                       const struct transcode_frame *frame)
{
    if (!is_json(source)) {
        return WIRE_OK;
    }
    if (source->protocol == THRIFT_TJSON || is_object(frame->type)) {
        return json_need(source->in, ':');
    }
    CHECK(json_need(source->in, ','));
    return named_json_read_member(&source->json, "value");
}
