/*
 * The decoder of plain JSON: names instead of ids and types. What stands where is described in
 * docs/reference/plain-json.md.
 *
 * Lists and maps do not say how long they are, so they grow as their entries come (R3).
 */
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "codec/decode_json.h"
#include "schema/lookup.h"
#include "wire/wire_type.h"

#define J(name) named_json_##name
#define J_TAGGED false
#define J_CONTROLS JSON_CONTROLS_NONE
#define NAME_SIZE_MOST 256u

static inline const struct json_key *named_json_keys(const struct json_decoder *json,
                                                     const struct plan *plan)
{
    return json->plans[plan->layout->index].plain;
}

/* ---- values without parts ---- */

/* An integer, bare or in quotes; as a key always in quotes. */
static inline enum wire_fault read_integer(struct json_decoder *json, bool key, int64_t least,
                                           int64_t most, int64_t *out)
{
    struct cursor next = json->in;
    bool quoted = json_take(&next, '"');
    enum wire_fault fault;

    if (key && !quoted) {
        return json_fault(&next);
    }
    if (quoted && next.at < next.end && json_is_space(*next.at)) {
        return WIRE_BAD_VALUE;
    }
    fault = json_read_integer(&next, out);
    if (fault == WIRE_OK && (*out < least || *out > most)) {
        return WIRE_RANGE;
    }
    if (fault == WIRE_OK && quoted && next.at == next.end) {
        return WIRE_TRUNCATED;
    }
    if (fault == WIRE_OK && quoted && *next.at++ != '"') {
        return WIRE_BAD_VALUE;
    }
    if (fault == WIRE_OK) {
        json->in.at = next.at;
    }
    return fault;
}

static enum wire_fault read_bool(struct json_decoder *json, bool key, bool *out)
{
    static const char *const words[2][2] = {{"false", "true"}, {"\"false\"", "\"true\""}};
    struct cursor *in = &json->in;

    (void)json_peek(in);
    for (int truth = 0; truth < 2; truth++) {
        const char *word = words[key][truth];
        size_t size = strlen(word), left = cursor_left(in);

        if (memcmp(in->at, word, left < size ? left : size) == 0) {
            if (left < size) {
                return WIRE_TRUNCATED;
            }
            in->at += size;
            *out = truth != 0;
            return WIRE_OK;
        }
    }
    return WIRE_BAD_VALUE;
}

static enum wire_fault read_double(struct json_decoder *json, bool key, double *out)
{
    struct json_text text;
    struct cursor next = json->in, inside;
    enum wire_fault fault;

    if (!key && json_peek(&json->in) != '"') {
        return json_read_double(&json->in, out);
    }
    fault = json_read_string(&next, &text);
    if (fault != WIRE_OK) {
        return fault;
    }
    if (!json_special_double(text.data, text.size, out)) {
        inside = cursor_of((thrift_bytes){text.data, text.size});
        fault = text.size > 0 && !json_is_space(text.data[0]) ? json_read_double(&inside, out)
                                                              : WIRE_BAD_VALUE;
        if (fault != WIRE_OK || inside.at != inside.end) {
            return fault == WIRE_RANGE ? fault : WIRE_BAD_VALUE;
        }
    }
    json->in.at = next.at;
    return WIRE_OK;
}

/* A symbol's name, or a number (as a key in quotes). */
static enum wire_fault read_enum(struct json_decoder *json, const struct plan_type *type, bool key,
                                 int32_t *out)
{
    struct json_text name;
    struct cursor next = json->in;
    const thrift_symbol *symbol;
    int64_t number;
    char quoted[TEXT_QUOTED_SIZE];
    enum wire_fault fault;

    if (json_peek(&next) != '"' ||
        (cursor_left(&next) > 1 && (next.at[1] == '-' || (uint8_t)(next.at[1] - '0') <= 9))) {
        fault = read_integer(json, key, INT32_MIN, INT32_MAX, &number);
        *out = fault == WIRE_OK ? (int32_t)number : 0;
        if (fault == WIRE_OK && !json->decoder->policy->accept_enum) {
            return json_decode_said(decode_enum(json->decoder, type, *out));
        }
        return fault;
    }
    fault = json_read_string(&next, &name);
    if (fault != WIRE_OK) {
        return fault;
    }
    symbol = enum_find_symbol(type->type->symbols, (const char *)name.data, name.size);
    if (symbol == NULL) {
        json->decoder->status =
            FAIL(json->decoder->err, THRIFT_E_NAME, "%s is no symbol of %s",
                 text_quote(name.data, name.size, quoted), type->type->symbols->full_name);
        return WIRE_BAD_VALUE;
    }
    *out = symbol->number;
    json->in.at = next.at;
    return WIRE_OK;
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
        return read_bool(json, key, slot);
    case PLAN_I8:
        fault = read_integer(json, key, INT8_MIN,
                             json->decoder->policy->i8_unsigned ? UINT8_MAX : INT8_MAX, &x);
        *(int8_t *)slot = (int8_t)x;
        return fault;
    case PLAN_I16:
        fault = read_integer(json, key, INT16_MIN, INT16_MAX, &x);
        *(int16_t *)slot = (int16_t)x;
        return fault;
    case PLAN_I32:
        fault = read_integer(json, key, INT32_MIN, INT32_MAX, &x);
        *(int32_t *)slot = (int32_t)x;
        return fault;
    case PLAN_ENUM:
        return read_enum(json, type, key, slot);
    case PLAN_I64:
        return read_integer(json, key, INT64_MIN, INT64_MAX, slot);
    case PLAN_DOUBLE:
        return read_double(json, key, slot);
    case PLAN_UUID:
        return json_decode_uuid(json, slot);
    case PLAN_STRING:
        return json_decode_string(json, slot);
    default:
        return json->decoder->policy->binary_as_text ? json_decode_string(json, slot)
                                                     : json_decode_binary(json, slot);
    }
}

static inline __attribute__((always_inline)) enum wire_fault
named_json_leaf(struct json_decoder *json, const struct plan_type *type, uint8_t code, bool key,
                void *slot)
{
    enum wire_fault fault = read_leaf(json, type, code, key, slot);

    return __builtin_expect(fault == WIRE_OK, 1)
               ? WIRE_OK
               : json_decode_misfit(json, type, THRIFT_E_TYPE, fault);
}

enum wire_fault named_json_read_leaf(struct json_decoder *json, const struct plan_type *type,
                                     bool key, void *slot)
{
    return named_json_leaf(json, type, type->code, key, slot);
}

/* ---- fields ---- */

/* The operation of a name, which may be written with escapes; NULL: not declared. */
static const struct plan_op *find_named(const struct plan *plan, const struct json_text *name)
{
    uint8_t plain[NAME_SIZE_MOST];
    const uint8_t *text = name->data;
    size_t size = name->size;
    const struct layout_field *field;

    if (name->escaped) {
        if (size > sizeof plain || json_unescape(name, plain, &size) != WIRE_OK) {
            return NULL;
        }
        text = plain;
    }
    field = layout_field_in_json(plan->layout, (const char *)text, size);
    return field != NULL ? plan_find(plan, field->field->id) : NULL;
}

enum wire_fault named_json_read_name(struct json_decoder *json, const struct plan *plan,
                                     const struct plan_op **op)
{
    struct decoder *decoder = json->decoder;
    struct json_text name;
    char quoted[TEXT_QUOTED_SIZE];
    enum wire_fault fault = json_read_string(&json->in, &name);

    *op = NULL;
    fault = fault == WIRE_OK ? json_check_text(&name, JSON_CONTROLS_NONE) : fault;
    fault = fault == WIRE_OK ? json_need(&json->in, ':') : fault;
    if (fault != WIRE_OK) {
        return fault;
    }
    *op = find_named(plan, &name);
    if (*op != NULL) {
        return WIRE_OK;
    }
    if (decoder->policy->unknown == THRIFT_UNKNOWN_REFUSE) {
        decoder->status = FAIL(decoder->err, THRIFT_E_NAME, "field %s is not declared",
                               text_quote(name.data, name.size, quoted));
        return WIRE_BAD_VALUE;
    }
    return json_skip(&json->in, json->depth_most - json->depth);
}

static enum wire_fault named_json_other_field(struct json_decoder *json, struct decode_frame *frame,
                                              const struct plan_op **op)
{
    return named_json_read_name(json, frame->plan, op);
}

/* ---- containers ---- */

static enum wire_fault misfit(struct json_decoder *json, const struct plan_type *type)
{
    return json_decode_misfit(json, type, THRIFT_E_TYPE, json_fault(&json->in));
}

static inline void push_container(struct json_decoder *json, const struct plan_type *type,
                                  void *object)
{
    json_decode_push(json,
                     &(struct decode_frame){.type = type, .container = object, .fresh = true});
}

static enum wire_fault named_json_open_list(struct json_decoder *json, const struct plan_type *type,
                                            void *slot, bool headed, bool *skipped)
{
    struct thrift_root *root = json->decoder->root;
    thrift_list *list;
    enum wire_fault fault;

    (void)headed;
    (void)skipped;
    if (!json_take(&json->in, '[')) {
        return misfit(json, type);
    }
    fault = json_decode_depth(json, false);
    if (fault != WIRE_OK) {
        return fault;
    }
    if (json_take(&json->in, ']')) {
        *(const thrift_list **)slot = &list_shared_empty;
        return WIRE_OK;
    }
    list = arena_alloc_aligned(json->arena, sizeof *list, 8);
    if (list == NULL) {
        return WIRE_NO_MEMORY;
    }
    *list = (thrift_list){.type = type->type, .root = root};
    *(thrift_list **)slot = list;
    push_container(json, type, list);
    return WIRE_OK;
}

static enum wire_fault named_json_open_map(struct json_decoder *json, const struct plan_type *type,
                                           void *slot, bool headed, bool *skipped)
{
    struct thrift_root *root = json->decoder->root;
    bool object = plan_is_leaf(type->key);
    thrift_map *map;
    enum wire_fault fault;

    (void)headed;
    (void)skipped;
    if (!json_take(&json->in, object ? '{' : '[')) {
        return misfit(json, type);
    }
    fault = json_decode_depth(json, false);
    if (fault != WIRE_OK) {
        return fault;
    }
    if (json_take(&json->in, object ? '}' : ']')) {
        *(const thrift_map **)slot = &mapping_shared_empty;
        return WIRE_OK;
    }
    map = arena_alloc_aligned(json->arena, sizeof *map, 8);
    if (map == NULL) {
        return WIRE_NO_MEMORY;
    }
    map->type = type->type;
    map->root = root;
    map->entries = NULL;
    map->count = map->capacity = 0;
    atomic_init(&map->index, NULL);
    *(thrift_map **)slot = map;
    push_container(json, type, map);
    return WIRE_OK;
}

static inline enum wire_fault named_json_next_item(struct json_decoder *json,
                                                   struct decode_frame *frame, bool *ended)
{
    if (frame->fresh) {
        frame->fresh = false;
    } else if (!json_take(&json->in, ',')) {
        *ended = true;
        return json_need(&json->in, ']');
    }
    return frame->count < json->decoder->policy->limits->max_container_count ? WIRE_OK
                                                                             : WIRE_SIZE_LIMIT;
}

/* The name of a member of an entry that is an object of its own. */
enum wire_fault named_json_read_member(struct json_decoder *json, const char *member)
{
    struct json_text name;
    enum wire_fault fault = json_read_string(&json->in, &name);

    if (fault == WIRE_OK &&
        (name.size != strlen(member) || memcmp(name.data, member, name.size) != 0)) {
        json->decoder->status =
            FAIL(json->decoder->err, THRIFT_E_TYPE, "an entry is {\"key\": …, \"value\": …}");
        return WIRE_BAD_VALUE;
    }
    return fault == WIRE_OK ? json_need(&json->in, ':') : fault;
}

static inline enum wire_fault named_json_next_entry(struct json_decoder *json,
                                                    struct decode_frame *frame, bool *ended)
{
    bool object = plan_is_leaf(frame->type->key);
    enum wire_fault fault = WIRE_OK;

    if (!frame->fresh && !object) {
        fault = json_need(&json->in, '}');
    }
    if (frame->fresh) {
        frame->fresh = false;
    } else if (fault == WIRE_OK && !json_take(&json->in, ',')) {
        *ended = true;
        return json_need(&json->in, object ? '}' : ']');
    }
    if (fault == WIRE_OK && frame->count >= json->decoder->policy->limits->max_container_count) {
        return WIRE_SIZE_LIMIT;
    }
    if (object || fault != WIRE_OK) {
        return fault;
    }
    fault = json_need(&json->in, '{');
    return fault == WIRE_OK ? named_json_read_member(json, "key") : fault;
}

static inline enum wire_fault named_json_between(struct json_decoder *json,
                                                 const struct decode_frame *frame)
{
    enum wire_fault fault;

    if (plan_is_leaf(frame->type->key)) {
        return json_need(&json->in, ':');
    }
    fault = json_need(&json->in, ',');
    return fault == WIRE_OK ? named_json_read_member(json, "value") : fault;
}

#include "codec/decode_json_template.h"
