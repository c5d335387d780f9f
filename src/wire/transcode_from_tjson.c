/*
 * TJSON to a binary protocol: the walk of tjson_skip.c, with a writer.
 */
#include "base/buffer.h"
#include "base/uuid.h"
#include "wire/tjson.h"
#include "wire/transcode_tjson.h"
#include "wire/walk.h"

struct level {
    uint32_t left;      /* entries to come; of a map keys and values */
    uint8_t kind;       /* WIRE_STRUCT, WIRE_MAP, WIRE_LIST (sets, too) */
    uint8_t types[2];   /* of a map [1] keys, [0] values; of a list both the same */
    bool first;         /* no field or entry was there yet */
    int16_t written_id; /* of a struct */
};

struct transcoder {
    struct cursor *in;
    struct writer *writer;
    const thrift_limits *limits;
    thrift_buffer scratch; /* of strings without their escapes */
    struct level levels[WALK_DEPTH_MOST];
    uint32_t depth, structs;
};

static enum wire_fault push(struct transcoder *t, struct level level)
{
    if (t->depth >= t->limits->max_depth || t->depth >= WALK_DEPTH_MOST ||
        (level.kind == WIRE_STRUCT && t->structs >= t->limits->max_struct_depth)) {
        return WIRE_DEPTH_LIMIT;
    }
    t->structs += level.kind == WIRE_STRUCT;
    t->levels[t->depth++] = level;
    return WIRE_OK;
}

static void pop(struct transcoder *t)
{
    t->depth -= 1;
    t->structs -= t->levels[t->depth].kind == WIRE_STRUCT;
}

static enum wire_fault read_string(struct transcoder *t, struct wire_value *value)
{
    struct json_text text;
    enum wire_fault fault = json_read_string(t->in, &text);

    fault = fault == WIRE_OK ? json_check_text(&text, TJSON_CONTROLS) : fault;
    if (fault != WIRE_OK || text.size > t->limits->max_string_size) {
        return fault == WIRE_OK ? WIRE_SIZE_LIMIT : fault;
    }
    value->bytes = (thrift_bytes){text.data, text.size};
    if (text.escaped) {
        t->scratch.size = 0;
        if (!buffer_reserve(&t->scratch, text.size)) {
            return WIRE_NO_MEMORY;
        }
        fault = json_unescape(&text, t->scratch.data, &t->scratch.size);
        value->bytes = buffer_bytes(&t->scratch);
    }
    return fault;
}

static enum wire_fault scalar(struct transcoder *t, uint8_t type, bool key)
{
    static const struct {
        int64_t least, most;
    } ranges[] = {[WIRE_BOOL] = {0, 1},
                  [WIRE_I8] = {INT8_MIN, INT8_MAX},
                  [WIRE_I16] = {INT16_MIN, INT16_MAX},
                  [WIRE_I32] = {INT32_MIN, INT32_MAX},
                  [WIRE_I64] = {INT64_MIN, INT64_MAX}};
    struct wire_value value = {.type = type};
    uint8_t uuid[UUID_SIZE];
    enum wire_fault fault;

    switch (type) {
    case WIRE_BOOL:
    case WIRE_I8:
    case WIRE_I16:
    case WIRE_I32:
    case WIRE_I64:
        fault =
            tjson_read_integer(t->in, key, ranges[type].least, ranges[type].most, &value.integer);
        break;
    case WIRE_DOUBLE:
        fault = tjson_read_double(t->in, key, &value.real);
        break;
    case WIRE_STRING:
        fault = read_string(t, &value);
        break;
    case WIRE_UUID:
        fault = tjson_read_uuid(t->in, uuid);
        value.bytes = (thrift_bytes){uuid, UUID_SIZE};
        break;
    default:
        return WIRE_BAD_TYPE;
    }
    if (fault == WIRE_OK) {
        writer_value(t->writer, &value);
    }
    return fault;
}

static enum wire_fault container(struct transcoder *t, uint8_t type)
{
    struct wire_container head = {0};
    struct level level = {.kind = type == WIRE_MAP ? WIRE_MAP : WIRE_LIST, .first = true};
    enum wire_fault fault;

    if (type == WIRE_MAP) {
        fault = tjson_read_map(t->in, &head.key, &head.element, &head.count);
    } else {
        fault = tjson_read_list(t->in, &head.element, &head.count);
        head.key = head.element;
    }
    if (fault == WIRE_OK) {
        fault = wire_count_check(t->in, head.count, 2, t->limits);
    }
    if (fault != WIRE_OK) {
        return fault;
    }
    writer_container(t->writer, type, &head);
    level.left = type == WIRE_MAP ? 2 * head.count : head.count;
    level.types[0] = head.element;
    level.types[1] = head.key;
    return push(t, level);
}

static enum wire_fault begin(struct transcoder *t, uint8_t type, bool key)
{
    enum wire_fault fault;

    switch (type) {
    case WIRE_STRUCT:
        fault = json_need(t->in, '{');
        return fault == WIRE_OK ? push(t, (struct level){.kind = WIRE_STRUCT, .first = true})
                                : fault;
    case WIRE_LIST:
    case WIRE_SET:
    case WIRE_MAP:
        return container(t, type);
    default:
        return scalar(t, type, key);
    }
}

/* A bool of compact stands in its field's head, so it is read before that is written. */
static enum wire_fault bool_field(struct transcoder *t, struct level *level, int16_t id)
{
    int64_t truth = 0;
    enum wire_fault fault = tjson_read_integer(t->in, false, 0, 1, &truth);

    writer_field(t->writer, &level->written_id, WIRE_BOOL, id, truth == 1);
    if (t->writer->protocol != THRIFT_COMPACT) {
        writer_value(t->writer, &(struct wire_value){.type = WIRE_BOOL, .integer = truth});
    }
    return fault;
}

static enum wire_fault next_field(struct transcoder *t, struct level *level)
{
    int16_t id = 0;
    uint8_t type = WIRE_STOP;
    enum wire_fault fault = level->first ? WIRE_OK : json_need(t->in, '}');

    if (fault != WIRE_OK) {
        return fault;
    }
    if (json_take(t->in, '}')) {
        writer_stop(t->writer);
        pop(t);
        return WIRE_OK;
    }
    fault = level->first ? WIRE_OK : json_need(t->in, ',');
    level->first = false;
    fault = fault == WIRE_OK ? tjson_read_field(t->in, &id, &type) : fault;
    if (fault != WIRE_OK) {
        return fault;
    }
    if (type == WIRE_BOOL) {
        return bool_field(t, level, id);
    }
    writer_field(t->writer, &level->written_id, type, id, false);
    return begin(t, type, false);
}

static enum wire_fault next_entry(struct transcoder *t, struct level *level)
{
    bool map = level->kind == WIRE_MAP, key = map && level->left % 2 == 0;
    enum wire_fault fault = WIRE_OK;

    if (level->left == 0) {
        fault = map ? json_need(t->in, '}') : WIRE_OK;
        pop(t);
        return fault == WIRE_OK ? json_need(t->in, ']') : fault;
    }
    if (map && !key) {
        fault = json_need(t->in, ':');
    } else if (!map || !level->first) {
        fault = json_need(t->in, ',');
    }
    level->first = false;
    level->left -= 1;
    return fault == WIRE_OK ? begin(t, level->types[key], key) : fault;
}

enum wire_fault transcode_from_tjson(struct cursor *in, uint8_t type, struct writer *writer,
                                     const thrift_limits *limits)
{
    struct transcoder t;
    enum wire_fault fault;

    t.in = in;
    t.writer = writer;
    t.limits = limits;
    t.scratch = (thrift_buffer){NULL, 0, 0, writer->out->allocator};
    t.depth = t.structs = 0;
    fault = begin(&t, type, false);
    while (fault == WIRE_OK && t.depth > 0) {
        struct level *level = &t.levels[t.depth - 1];

        fault = level->kind == WIRE_STRUCT ? next_field(&t, level) : next_entry(&t, level);
        if (fault == WIRE_OK && writer->failed) {
            fault = WIRE_NO_MEMORY;
        }
    }
    thrift_buffer_deinit(&t.scratch);
    return fault == WIRE_OK && writer->failed ? WIRE_NO_MEMORY : fault;
}
