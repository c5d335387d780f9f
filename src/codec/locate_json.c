/*
 * One step of a path at a time, through text.
 */
#include "codec/locate_json.h"

#include "base/error.h"
#include "base/text.h"
#include "codec/locate.h"
#include "wire/tjson.h"

#define CHECK(call)                                                                                \
    do {                                                                                           \
        enum wire_fault fault_ = (call);                                                           \
        if (fault_ != WIRE_OK) {                                                                   \
            return fault_;                                                                         \
        }                                                                                          \
    } while (0)

thrift_status json_locator_begin(struct json_locator *locator, const struct plan *plan,
                                 thrift_protocol protocol, thrift_bytes input, thrift_error *err)
{
    locator->type = NULL;
    locator->plan = plan;
    locator->quotes = locator->absent = locator->damaged = false;
    locator->entry.kind = PATH_NO_ENTRY;
    transcode_source_begin(&locator->source, plan, protocol, input, &codec_policy_default, err);
    locator->source.json.plans = json_plans_of(plan->layout->all->schema, err);
    return locator->source.json.plans != NULL ? THRIFT_OK : THRIFT_E_NOMEM;
}

void json_locator_end(struct json_locator *locator) { transcode_source_end(&locator->source); }

static thrift_status status_of(struct json_locator *locator, enum wire_fault fault,
                               thrift_error *err)
{
    struct decoder *decoder = &locator->source.decoder;
    size_t offset = cursor_offset(locator->source.in);

    if (decoder->status == THRIFT_OK) {
        return fault == WIRE_NO_MEMORY ? arena_fail(&locator->source.root.arena, err)
                                       : wire_fail(fault, locator->source.in, err);
    }
    if (err != NULL) {
        err->offset = offset;
    }
    return decoder->status;
}

thrift_status json_locator_said(struct json_locator *locator, enum wire_fault fault,
                                thrift_error *err)
{
    thrift_status status;

    if (fault == WIRE_OK) {
        return THRIFT_OK;
    }
    status = status_of(locator, fault, err);
    path_prepend_entry(err, &locator->entry, locator->plan, locator->type);
    locator->damaged = true;
    return status;
}

enum wire_fault json_locator_pass(struct json_locator *locator, uint8_t wire)
{
    struct transcode_source *source = &locator->source;
    struct tjson_depth depth = {source->structs, source->depth};

    return json_locator_is_tagged(locator)
               ? tjson_skip(source->in, wire, false, depth, source->reader.limits)
               : json_skip(source->in, source->json.depth_most - source->depth);
}

static void enter(struct json_locator *locator, const struct plan_type *type)
{
    locator->type = type;
    locator->plan = type->record;
    locator->entry.kind = PATH_NO_ENTRY;
}

/* ---- fields ---- */

/* `"1":{"i32":` or `"name":`; *found when it is the field that is looked for, else passed over. */
static enum wire_fault member(struct json_locator *locator, const struct plan_op *wanted,
                              bool *found)
{
    struct transcode_source *source = &locator->source;
    const struct plan_op *op;
    bool null = false;
    uint8_t wire = 0;
    int16_t id = 0;

    locator->entry.kind = PATH_NO_ENTRY;
    if (json_locator_is_tagged(locator)) {
        CHECK(tjson_read_field(source->in, &id, &wire));
        locator->entry = (struct path_entry){PATH_MEMBER, id};
        *found = id == wanted->id && wire == wanted->wire;
        if (*found) {
            return WIRE_OK;
        }
        CHECK(json_locator_pass(locator, wire));
        return json_need(source->in, '}');
    }
    CHECK(named_json_read_name(&source->json, locator->plan, &op));
    if (op == NULL) {
        return WIRE_OK; /* passed */
    }
    locator->entry = (struct path_entry){PATH_MEMBER, op->id};
    CHECK(transcode_read_null(source, &null));
    *found = !null && op == wanted;
    return null || *found ? WIRE_OK : json_locator_pass(locator, op->wire);
}

static enum wire_fault find_field(struct json_locator *locator, const struct plan_op *wanted)
{
    struct cursor *in = locator->source.in;
    bool found = false;

    CHECK(transcode_read_struct(&locator->source, locator->type));
    transcode_source_nest(&locator->source, true, 1);
    locator->absent = json_take(in, '}');
    while (!locator->absent) {
        CHECK(member(locator, wanted, &found));
        if (found) {
            return WIRE_OK;
        }
        locator->absent = !json_take(in, ',');
        if (locator->absent) {
            CHECK(json_need(in, '}'));
        }
    }
    return WIRE_OK;
}

static thrift_status step_field(struct json_locator *locator, const struct path_step *step,
                                thrift_error *err)
{
    const struct plan_op *op = locator_field(locator->plan, step, err);
    thrift_status status;

    if (op == NULL) {
        return THRIFT_E_NAME;
    }
    status = json_locator_said(locator, find_field(locator, op), err);
    enter(locator, op->type);
    locator->quotes = op->field->field->json_quotes;
    return status;
}

/* ---- items and keys ---- */

/* Opens the container here; absent when its elements are others. */
static enum wire_fault open_container(struct json_locator *locator, struct transcode_frame *frame)
{
    bool matches = true;

    *frame = (struct transcode_frame){.type = locator->type, .fresh_in = true};
    CHECK(transcode_read_container(&locator->source, locator->type, false, frame, &matches));
    transcode_source_nest(&locator->source, false, 1);
    locator->absent = !matches;
    return WIRE_OK;
}

static enum wire_fault find_item(struct json_locator *locator, uint32_t index)
{
    struct transcode_frame frame;

    CHECK(open_container(locator, &frame));
    while (!locator->absent) {
        locator->entry.kind = PATH_NO_ENTRY;
        CHECK(transcode_read_entry(&locator->source, &frame, &locator->absent));
        locator->entry = (struct path_entry){PATH_ELEMENT, frame.count};
        frame.count += 1;
        if (locator->absent || frame.count > index) {
            break;
        }
        CHECK(json_locator_pass(locator, locator->type->element->wire));
    }
    return WIRE_OK;
}

static thrift_status step_item(struct json_locator *locator, const struct path_step *step,
                               thrift_error *err)
{
    thrift_status status;

    if (locator->type == NULL || locator->type->code != PLAN_LIST) {
        return FAIL(err, THRIFT_E_NAME, "[%u] of what is no list", (unsigned)step->index);
    }
    status = json_locator_said(locator, find_item(locator, step->index), err);
    enter(locator, locator->type->element);
    return status;
}

bool json_locator_same_key(const struct plan_type *key, const union slot *a, const union slot *b)
{
    if (key->code == PLAN_STRING || key->code == PLAN_BINARY) {
        return a->bytes.size == b->bytes.size &&
               (a->bytes.size == 0 || memcmp(a->bytes.data, b->bytes.data, a->bytes.size) == 0);
    }
    return memcmp(a, b, key->size) == 0;
}

static enum wire_fault find_key(struct json_locator *locator, const union slot *wanted)
{
    const struct plan_type *type = locator->type;
    struct transcode_source *source = &locator->source;
    struct transcode_frame frame;
    union slot key;
    bool same = false;

    CHECK(open_container(locator, &frame));
    while (!locator->absent && !same) {
        locator->entry.kind = PATH_NO_ENTRY;
        CHECK(transcode_read_entry(source, &frame, &locator->absent));
        locator->entry = (struct path_entry){PATH_ELEMENT, frame.count};
        frame.count += 1;
        if (locator->absent) {
            break;
        }
        CHECK(transcode_read_leaf(source, type->key, false, true, &key));
        CHECK(transcode_read_between(source, &frame));
        same = json_locator_same_key(type->key, &key, wanted);
        transcode_source_forget(source);
        if (!same) {
            CHECK(json_locator_pass(locator, type->element->wire));
        }
    }
    return WIRE_OK;
}

static thrift_status step_key(struct json_locator *locator, const struct path_step *step,
                              thrift_error *err)
{
    const struct plan_type *type = locator->type;
    char scratch[PATH_SCRATCH_SIZE], quoted[TEXT_QUOTED_SIZE];
    thrift_status status;
    union slot key;

    if (type == NULL || type->code != PLAN_MAP) {
        return locator_no_step(step, "no map has a key", err);
    }
    if (path_key(step, type->type->key, scratch, &key) != THRIFT_OK) {
        return FAIL(err, THRIFT_E_TYPE, "%s is no key of %s",
                    text_quote(step->text, step->size, quoted), type->type->spelling);
    }
    status = json_locator_said(locator, find_key(locator, &key), err);
    enter(locator, type->element);
    return status;
}

thrift_status json_locator_step(struct json_locator *locator, const struct path_step *step,
                                thrift_error *err)
{
    switch (step->kind) {
    case PATH_FIELD:
        return step_field(locator, step, err);
    case PATH_ITEM:
        return step_item(locator, step, err);
    case PATH_KEY:
        return step_key(locator, step, err);
    case PATH_END:
    case PATH_BAD:
        break;
    }
    return FAIL(err, THRIFT_E_NAME, "not a path");
}

/* ---- the value ---- */

thrift_status json_locator_leaf(struct json_locator *locator, union slot *out, thrift_error *err)
{
    const struct cursor *in = locator->source.in;
    enum wire_fault fault = transcode_read_leaf(&locator->source, locator->type, false, false, out);

    if (fault == WIRE_OK && in->at == in->end && in->at[-1] != '"') {
        fault = WIRE_TRUNCATED; /* more digits might have come */
    }
    return json_locator_said(locator, fault, err);
}

thrift_status json_locator_text(struct json_locator *locator, thrift_bytes *out, thrift_error *err)
{
    const uint8_t *begin;
    enum wire_fault fault;

    (void)json_peek(locator->source.in);
    begin = locator->source.in->at;
    fault = json_locator_pass(locator, locator->type->wire);
    if (fault == WIRE_OK) {
        *out = (thrift_bytes){begin, (size_t)(locator->source.in->at - begin)};
    }
    return json_locator_said(locator, fault, err);
}
