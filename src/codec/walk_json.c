/*
 * The same tokens as locate_json.c reads, none of them left out.
 */
#include "codec/walk_json.h"

#include "wire/tjson.h"

#define CHECK(call)                                                                                \
    do {                                                                                           \
        enum wire_fault fault_ = (call);                                                           \
        if (fault_ != WIRE_OK) {                                                                   \
            return fault_;                                                                         \
        }                                                                                          \
    } while (0)

static struct cursor *input_of(const struct json_walk *walk) { return walk->at->source.in; }

static bool is_container(const struct json_walk *walk) { return walk->at->plan == NULL; }

/* Where the next token begins. */
static const uint8_t *next_token(struct cursor *in)
{
    (void)json_peek(in);
    return in->at;
}

static enum wire_fault pass_value(struct json_walk *walk, struct json_entry *entry, uint8_t wire)
{
    struct cursor *in = input_of(walk);

    entry->value = next_token(in);
    CHECK(json_locator_pass(walk->at, wire));
    entry->value_end = entry->end = in->at;
    return WIRE_OK;
}

/* ---- opening ---- */

/* The digits behind the types, in a head that was read before. */
static thrift_bytes count_of(const uint8_t *begin, const uint8_t *end, bool map)
{
    struct cursor in = cursor_of((thrift_bytes){begin, (size_t)(end - begin)});
    int64_t count = 0;

    for (int types = 0; types < 1 + map; types++) {
        const uint8_t *comma = memchr(in.at, ',', cursor_left(&in));

        in.at = comma != NULL ? comma + 1 : in.end;
    }
    begin = next_token(&in);
    (void)json_read_integer(&in, &count);
    return (thrift_bytes){begin, (size_t)(in.at - begin)};
}

static enum wire_fault open_container(struct json_walk *walk, bool *matches)
{
    struct json_locator *at = walk->at;
    struct cursor *in = input_of(walk);
    const uint8_t *begin = next_token(in);
    bool map = at->type->code == PLAN_MAP;

    CHECK(transcode_read_container(&at->source, at->type, false, &walk->frame, matches));
    if (*matches && json_locator_is_tagged(at)) {
        walk->count_text = count_of(begin, in->at, map);
        walk->led = !map;
    }
    return WIRE_OK;
}

enum wire_fault json_walk_open(struct json_walk *walk, struct json_locator *at,
                               const union slot *key, bool *matches)
{
    bool record = at->plan != NULL;

    *walk = (struct json_walk){
        .at = at, .key = key, .fresh = true, .frame = {.type = at->type, .fresh_in = true}};
    *matches = true;
    CHECK(record ? transcode_read_struct(&at->source, at->type) : open_container(walk, matches));
    walk->open = input_of(walk)->at;
    transcode_source_nest(&at->source, record, 1);
    return WIRE_OK;
}

/* ---- entries ---- */

/* `"1":{"i32":1}` */
static enum wire_fault tagged_member(struct json_walk *walk, struct json_entry *entry)
{
    struct cursor *in = input_of(walk);
    const struct plan_op *op;
    uint8_t wire = 0;
    int16_t id = 0;

    CHECK(tjson_read_field(in, &id, &wire));
    walk->at->entry = (struct path_entry){PATH_MEMBER, id};
    CHECK(pass_value(walk, entry, wire));
    CHECK(json_need(in, '}'));
    op = plan_find(walk->at->plan, id);
    entry->end = in->at;
    entry->id = id;
    entry->fits = op != NULL && op->wire == wire;
    return WIRE_OK;
}

/* `"name":1` */
static enum wire_fault named_member(struct json_walk *walk, struct json_entry *entry)
{
    const struct plan_op *op;

    CHECK(named_json_read_name(&walk->at->source.json, walk->at->plan, &op));
    entry->id = op != NULL ? op->id : JSON_ENTRY_NO_ID;
    entry->fits = op != NULL;
    entry->value = entry->value_end = entry->end = input_of(walk)->at;
    walk->at->entry = (struct path_entry){op != NULL ? PATH_MEMBER : PATH_NO_ENTRY, entry->id};
    return op != NULL ? pass_value(walk, entry, op->wire) : WIRE_OK;
}

static enum wire_fault next_member(struct json_walk *walk, struct json_entry *entry, bool *ended)
{
    struct cursor *in = input_of(walk);

    *ended = walk->fresh ? json_take(in, '}') : !json_take(in, ',');
    if (*ended) {
        return walk->fresh ? WIRE_OK : json_need(in, '}');
    }
    entry->lead = walk->fresh ? walk->open : in->at;
    entry->begin = next_token(in);
    walk->fresh = false;
    return json_locator_is_tagged(walk->at) ? tagged_member(walk, entry)
                                            : named_member(walk, entry);
}

static enum wire_fault read_key(struct json_walk *walk, struct json_entry *entry)
{
    struct transcode_source *source = &walk->at->source;
    const struct plan_type *type = walk->at->type->key;
    union slot key;

    CHECK(transcode_read_leaf(source, type, false, true, &key));
    CHECK(transcode_read_between(source, &walk->frame));
    entry->same = walk->key != NULL && json_locator_same_key(type, &key, walk->key);
    transcode_source_forget(source);
    return WIRE_OK;
}

static enum wire_fault next_element(struct json_walk *walk, struct json_entry *entry, bool *ended)
{
    struct cursor *in = input_of(walk);
    const struct plan_type *type = walk->at->type;

    CHECK(transcode_read_entry(&walk->at->source, &walk->frame, ended));
    if (*ended) {
        return WIRE_OK;
    }
    entry->lead = walk->fresh && !walk->led ? walk->open : in->at;
    entry->begin = next_token(in);
    walk->fresh = false;
    walk->at->entry = (struct path_entry){PATH_ELEMENT, walk->frame.count};
    walk->frame.count += 1;
    if (type->code == PLAN_MAP) {
        CHECK(read_key(walk, entry));
    }
    return pass_value(walk, entry, type->element->wire);
}

enum wire_fault json_walk_next(struct json_walk *walk, struct json_entry *entry, bool *ended)
{
    *ended = false;
    walk->at->entry.kind = PATH_NO_ENTRY;
    *entry = (struct json_entry){.id = JSON_ENTRY_NO_ID};
    return is_container(walk) ? next_element(walk, entry, ended) : next_member(walk, entry, ended);
}
