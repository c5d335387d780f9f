/*
 * The decoder of TJSON.
 *
 * As on binary and compact, storage for the entries of a container is taken at once, after its
 * count was found to fit the bytes that are left.
 */
#include "base/error.h"
#include "codec/decode_json.h"
#include "wire/tjson.h"

#define J(name) tagged_json_##name
#define J_CONTROLS TJSON_CONTROLS
#define J_TAGGED true

static inline const struct json_key *tagged_json_keys(const struct json_decoder *json,
                                                      const struct plan *plan)
{
    return json->plans[plan->layout->index].tagged;
}

static inline enum wire_fault read_integer(struct json_decoder *json, bool key, int64_t least,
                                           int64_t most, int64_t *out)
{
    struct cursor *in = &json->in;
    const uint8_t *begin = in->at;

    if (key) {
        return tjson_read_integer(in, true, least, most, out);
    }
    enum wire_fault fault = json_read_integer(in, out);

    if (fault == WIRE_BAD_VALUE) {
        return tjson_read_integer(in, false, least, most, out);
    }
    if (fault == WIRE_OK && (*out < least || *out > most)) {
        in->at = begin;
        return WIRE_RANGE;
    }
    return fault;
}

static inline __attribute__((always_inline)) enum wire_fault read_leaf(struct json_decoder *json,
                                                                       const struct plan_type *type,
                                                                       uint8_t code, bool key,
                                                                       void *slot)
{
    int64_t x = 0;
    enum wire_fault fault;

    switch (code) {
    case PLAN_BOOL:
        fault = read_integer(json, key, 0, 1, &x);
        *(bool *)slot = x == 1;
        return fault;
    case PLAN_I8:
        fault = read_integer(json, key, INT8_MIN, INT8_MAX, &x);
        *(int8_t *)slot = (int8_t)x;
        return fault;
    case PLAN_I16:
        fault = read_integer(json, key, INT16_MIN, INT16_MAX, &x);
        *(int16_t *)slot = (int16_t)x;
        return fault;
    case PLAN_I32:
    case PLAN_ENUM:
        fault = read_integer(json, key, INT32_MIN, INT32_MAX, &x);
        *(int32_t *)slot = (int32_t)x;
        if (code == PLAN_ENUM && fault == WIRE_OK && !json->decoder->policy->accept_enum) {
            return json_decode_said(decode_enum(json->decoder, type, *(int32_t *)slot));
        }
        return fault;
    case PLAN_I64:
        return read_integer(json, key, INT64_MIN, INT64_MAX, slot);
    case PLAN_DOUBLE:
        return tjson_read_double(&json->in, key, slot);
    case PLAN_UUID:
        return json_decode_uuid(json, slot);
    case PLAN_STRING:
        return json_decode_string(json, slot);
    default:
        return json_decode_binary(json, slot);
    }
}

static inline __attribute__((always_inline)) enum wire_fault
tagged_json_leaf(struct json_decoder *json, const struct plan_type *type, uint8_t code, bool key,
                 void *slot)
{
    enum wire_fault fault = read_leaf(json, type, code, key, slot);

    return __builtin_expect(fault == WIRE_OK, 1)
               ? WIRE_OK
               : json_decode_misfit(json, type, THRIFT_E_CORRUPT, fault);
}

enum wire_fault tagged_json_read_leaf(struct json_decoder *json, const struct plan_type *type,
                                      bool key, void *slot)
{
    return tagged_json_leaf(json, type, type->code, key, slot);
}

static enum wire_fault skip(struct json_decoder *json, uint8_t type)
{
    struct tjson_depth depth = {json->structs, json->depth};

    return tjson_skip(&json->in, type, false, depth, json->decoder->policy->limits);
}

static enum wire_fault tagged_json_other_field(struct json_decoder *json,
                                               struct decode_frame *frame,
                                               const struct plan_op **op)
{
    struct decoder *decoder = json->decoder;
    const struct codec_policy *policy = decoder->policy;
    const struct plan_op *found;
    const uint8_t *begin;
    int16_t id;
    uint8_t type;
    enum wire_fault fault = tjson_read_field(&json->in, &id, &type);

    *op = NULL;
    if (fault != WIRE_OK) {
        return fault;
    }
    found = plan_find(frame->plan, id);
    if (found != NULL && found->wire == type) {
        *op = found;
        return WIRE_OK;
    }
    if (found != NULL) {
        frame->op = found;
        if (!policy->accept_mismatch) {
            return json_decode_said(decode_mismatch(decoder, found, type));
        }
    } else if (policy->unknown == THRIFT_UNKNOWN_REFUSE) {
        return json_decode_said(decode_unknown_refused(decoder, id));
    }
    begin = json->in.at;
    fault = skip(json, type);
    frame->op = NULL;
    if (fault == WIRE_OK && found == NULL && policy->unknown == THRIFT_UNKNOWN_KEEP &&
        !decode_unknown_keep(
            decoder, frame->base,
            &(struct unknown_field){.id = id,
                                    .wire_type = type,
                                    .protocol = THRIFT_TJSON,
                                    .bytes = {begin, (size_t)(json->in.at - begin)}})) {
        return WIRE_NO_MEMORY;
    }
    return fault == WIRE_OK ? json_need(&json->in, '}') : fault;
}

/* ---- containers ---- */

static inline enum wire_fault tagged_json_value_end(struct json_decoder *json);

/* The declared count of a container whose element types have been read. */
static enum wire_fault read_count(struct json_decoder *json, uint32_t least, uint32_t *count)
{
    struct cursor free;
    int64_t x;
    enum wire_fault fault = json_read_integer(&json->in, &x);

    if (fault != WIRE_OK || x < 0 || x > INT32_MAX) {
        return fault == WIRE_OK || fault == WIRE_RANGE ? WIRE_NEGATIVE_SIZE : fault;
    }
    free = json->in;
    free.end = json->reserved <= cursor_left(&free) ? free.end - json->reserved : free.at;
    *count = (uint32_t)x;
    return wire_count_check(&free, *count, least, json->decoder->policy->limits);
}

/* Another element type: `begin` is where the container stands. */
static enum wire_fault skip_mismatch(struct json_decoder *json, const struct plan_type *type,
                                     const uint8_t *begin, uint8_t wire)
{
    enum wire_fault fault;

    if (!json->decoder->policy->accept_mismatch) {
        return json_decode_said(decode_element_mismatch(json->decoder, type, wire));
    }
    json->in.at = begin;
    fault = skip(json, type->wire);
    return fault == WIRE_OK ? tagged_json_value_end(json) : fault;
}

static void push_container(struct json_decoder *json, const struct plan_type *type, void *object,
                           uint32_t count, uint32_t least)
{
    json->reserved += (uint64_t)count * least;
    json_decode_push(
        json, &(struct decode_frame){
                  .type = type, .container = object, .rest = count, .least = least, .fresh = true});
}

static enum wire_fault make_list(struct json_decoder *json, const struct plan_type *type,
                                 void *slot, uint32_t count, uint32_t least)
{
    struct thrift_root *root = json->decoder->root;
    thrift_list *list =
        arena_alloc_aligned(json->arena, sizeof *list + (size_t)count * type->element->size, 8);

    if (list == NULL) {
        return WIRE_NO_MEMORY;
    }
    *list = (thrift_list){type->type, root, list + 1, 0, count};
    *(thrift_list **)slot = list;
    push_container(json, type, list, count, least);
    return WIRE_OK;
}

static enum wire_fault tagged_json_open_list(struct json_decoder *json,
                                             const struct plan_type *type, void *slot, bool headed,
                                             bool *skipped)
{
    struct cursor *in = &json->in;
    uint32_t least = tjson_least[type->element->wire] + 1u, count = 0;
    const uint8_t *begin = in->at;
    uint8_t wire = WIRE_STOP;
    enum wire_fault fault = WIRE_OK;

    if (!headed) {
        fault = json_need(in, '[');
        fault = fault == WIRE_OK ? tjson_read_type(in, &wire) : fault;
        if (fault == WIRE_OK && wire != type->element->wire) {
            *skipped = true;
            if (json->frame->plan == NULL) { /* an element must be something */
                *(const thrift_list **)slot = &list_shared_empty;
            }
            return skip_mismatch(json, type, begin, wire);
        }
        fault = fault == WIRE_OK ? json_need(in, ',') : fault;
    }
    fault = fault == WIRE_OK ? json_decode_depth(json, false) : fault;
    fault = fault == WIRE_OK ? read_count(json, least, &count) : fault;
    if (fault != WIRE_OK) {
        return fault;
    }
    if (count == 0) {
        *(const thrift_list **)slot = &list_shared_empty;
        fault = json_need(in, ']');
        return fault == WIRE_OK ? tagged_json_value_end(json) : fault;
    }
    return make_list(json, type, slot, count, least);
}

static enum wire_fault make_map(struct json_decoder *json, const struct plan_type *type, void *slot,
                                uint32_t count, uint32_t least)
{
    struct thrift_root *root = json->decoder->root;
    thrift_map *map =
        arena_alloc_aligned(json->arena, sizeof *map + (size_t)count * type->entry_size, 8);

    if (map == NULL) {
        return WIRE_NO_MEMORY;
    }
    map->type = type->type;
    map->root = root;
    map->entries = map + 1;
    map->count = 0;
    map->capacity = count;
    atomic_init(&map->index, NULL);
    *(thrift_map **)slot = map;
    push_container(json, type, map, count, least);
    return WIRE_OK;
}

/* `["str","i32",`; *wire is the type that differs, WIRE_STOP when none does. */
static enum wire_fault read_map_types(struct cursor *in, const struct plan_type *type,
                                      uint8_t *wire)
{
    uint8_t key = 0, value = 0;
    enum wire_fault fault = json_need(in, '[');

    fault = fault == WIRE_OK ? tjson_read_type(in, &key) : fault;
    fault = fault == WIRE_OK ? json_need(in, ',') : fault;
    fault = fault == WIRE_OK ? tjson_read_type(in, &value) : fault;
    *wire = key != type->key->wire ? key : value != type->element->wire ? value : WIRE_STOP;
    return fault == WIRE_OK ? json_need(in, ',') : fault;
}

static enum wire_fault tagged_json_open_map(struct json_decoder *json, const struct plan_type *type,
                                            void *slot, bool headed, bool *skipped)
{
    struct cursor *in = &json->in;
    uint32_t least = tjson_least[type->element->wire] + tjson_least[type->key->wire] + 2u,
             count = 0;
    const uint8_t *begin = in->at;
    uint8_t wire = WIRE_STOP;
    enum wire_fault fault = headed ? WIRE_OK : read_map_types(in, type, &wire);

    if (fault == WIRE_OK && wire != WIRE_STOP) {
        *skipped = true;
        if (json->frame->plan == NULL) {
            *(const thrift_map **)slot = &mapping_shared_empty;
        }
        return skip_mismatch(json, type, begin, wire);
    }
    fault = fault == WIRE_OK ? json_decode_depth(json, false) : fault;
    fault = fault == WIRE_OK ? read_count(json, least, &count) : fault;
    fault = fault == WIRE_OK ? json_need(in, ',') : fault;
    fault = fault == WIRE_OK ? json_need(in, '{') : fault;
    if (fault != WIRE_OK) {
        return fault;
    }
    if (count == 0) {
        *(const thrift_map **)slot = &mapping_shared_empty;
        fault = json_need(in, '}');
        fault = fault == WIRE_OK ? json_need(in, ']') : fault;
        return fault == WIRE_OK ? tagged_json_value_end(json) : fault;
    }
    return make_map(json, type, slot, count, least);
}

static inline enum wire_fault tagged_json_next_item(struct json_decoder *json,
                                                    struct decode_frame *frame, bool *ended)
{
    if (frame->rest == 0) {
        *ended = true;
        return json_need(&json->in, ']');
    }
    frame->rest -= 1;
    json->reserved -= frame->least;
    return json_need(&json->in, ',');
}

static inline enum wire_fault tagged_json_next_entry(struct json_decoder *json,
                                                     struct decode_frame *frame, bool *ended)
{
    bool fresh = frame->fresh;
    enum wire_fault fault;

    frame->fresh = false;
    if (frame->rest == 0) {
        *ended = true;
        fault = json_need(&json->in, '}');
        return fault == WIRE_OK ? json_need(&json->in, ']') : fault;
    }
    frame->rest -= 1;
    json->reserved -= frame->least;
    return fresh ? WIRE_OK : json_need(&json->in, ',');
}

static inline enum wire_fault tagged_json_between(struct json_decoder *json,
                                                  const struct decode_frame *frame)
{
    (void)frame;
    return json_need(&json->in, ':');
}

#include "codec/decode_json_template.h"
