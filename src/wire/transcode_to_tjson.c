/*
 * A binary protocol to TJSON: what the reader reads, in Apache's text.
 */
#include <math.h>

#include "base/utf8.h"
#include "base/uuid.h"
#include "wire/json_writer.h"
#include "wire/tjson.h"
#include "wire/transcode_tjson.h"
#include "wire/walk.h"

#define ROOM 96u /* for any head or number with what stands around it */

struct level {
    uint32_t left;    /* entries to come; of a map keys and values */
    uint8_t kind;     /* WIRE_STRUCT, WIRE_MAP, WIRE_LIST (sets, too) */
    uint8_t types[2]; /* of a map [1] keys, [0] values; of a list both the same */
    bool first;       /* no field or entry was there yet */
    int16_t read_id;  /* of a struct */
};

struct transcoder {
    struct reader *reader;
    struct json_writer out;
    struct level levels[WALK_DEPTH_MOST];
    uint32_t depth, structs;
};

static enum wire_fault push(struct transcoder *t, struct level level)
{
    const thrift_limits *limits = t->reader->limits;

    if (t->depth >= limits->max_depth || t->depth >= WALK_DEPTH_MOST ||
        (level.kind == WIRE_STRUCT && t->structs >= limits->max_struct_depth)) {
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

static void put_double(struct json_writer *out, double x, bool quoted)
{
    const char *special = isnan(x) ? "\"NaN\"" : x < 0 ? "\"-Infinity\"" : "\"Infinity\"";

    if (!isfinite(x)) {
        json_put(out, special, strlen(special));
        return;
    }
    if (quoted) {
        json_put_char(out, '"');
    }
    out->at += number_format_17(x, (char *)out->at);
    if (quoted) {
        json_put_char(out, '"');
    }
}

static void put_integer(struct json_writer *out, int64_t x, bool quoted)
{
    if (quoted) {
        json_put_char(out, '"');
    }
    json_put_integer(out, x);
    if (quoted) {
        json_put_char(out, '"');
    }
}

static enum wire_fault put_value(struct json_writer *out, const struct wire_value *value, bool key)
{
    switch (value->type) {
    case WIRE_STRING:
        return utf8_check(value->bytes.data, value->bytes.size) == value->bytes.size
                   ? json_write_text_unchecked(out, value->bytes)
                   : json_write_base64(out, value->bytes, false);
    case WIRE_UUID:
        json_put_char(out, '"');
        uuid_write((char *)out->at, value->bytes.data);
        out->at += UUID_TEXT_SIZE;
        json_put_char(out, '"');
        return WIRE_OK;
    case WIRE_DOUBLE:
        put_double(out, value->real, key);
        return WIRE_OK;
    default:
        put_integer(out, value->integer, key);
        return WIRE_OK;
    }
}

static void put_type(struct json_writer *out, uint8_t type)
{
    const char *text = tjson_type_text(type);

    json_put(out, text, strlen(text));
}

/* `["i32",3`, of a map `["i32","str",2,{` */
static enum wire_fault container(struct transcoder *t, uint8_t type)
{
    struct wire_container head = {0};
    struct level level = {.kind = type == WIRE_MAP ? WIRE_MAP : WIRE_LIST, .first = true};
    enum wire_fault fault = reader_container(t->reader, type, &head);

    if (fault != WIRE_OK) {
        return fault;
    }
    if (head.count == 0 && !(wire_type_valid(head.element) && wire_type_valid(head.key))) {
        head.key = head.element = WIRE_I8; /* of nothing, but a type there must be */
    }
    json_put_char(&t->out, '[');
    if (type == WIRE_MAP) {
        put_type(&t->out, head.key);
        json_put_char(&t->out, ',');
    }
    put_type(&t->out, head.element);
    json_put_char(&t->out, ',');
    json_put_integer(&t->out, head.count);
    if (type == WIRE_MAP) {
        json_put(&t->out, ",{", 2);
    }
    level.left = type == WIRE_MAP ? 2 * head.count : head.count;
    level.types[0] = head.element;
    level.types[1] = head.key;
    return push(t, level);
}

static enum wire_fault begin(struct transcoder *t, uint8_t type, bool key)
{
    struct wire_value value;
    enum wire_fault fault;

    if (!json_room(&t->out, ROOM)) {
        return WIRE_NO_MEMORY;
    }
    switch (type) {
    case WIRE_STRUCT:
        json_put_char(&t->out, '{');
        return push(t, (struct level){.kind = WIRE_STRUCT, .first = true});
    case WIRE_LIST:
    case WIRE_SET:
    case WIRE_MAP:
        return container(t, type);
    default:
        fault = reader_value(t->reader, type, &value);
        return fault == WIRE_OK ? put_value(&t->out, &value, key) : fault;
    }
}

static enum wire_fault next_field(struct transcoder *t, struct level *level)
{
    uint8_t type = WIRE_STOP;
    int16_t id = 0;
    bool truth = false;
    enum wire_fault fault = reader_field(t->reader, &level->read_id, &type, &id, &truth);

    if (fault != WIRE_OK || !json_room(&t->out, ROOM)) {
        return fault == WIRE_OK ? WIRE_NO_MEMORY : fault;
    }
    if (!level->first) {
        json_put_char(&t->out, '}');
    }
    if (type == WIRE_STOP) {
        json_put_char(&t->out, '}');
        pop(t);
        return WIRE_OK;
    }
    if (!level->first) {
        json_put_char(&t->out, ',');
    }
    level->first = false;
    put_integer(&t->out, id, true);
    json_put(&t->out, ":{", 2);
    put_type(&t->out, type);
    json_put_char(&t->out, ':');
    if (type == WIRE_BOOL && reader_bool_in_head(t->reader)) {
        json_put_integer(&t->out, truth);
        return WIRE_OK;
    }
    return begin(t, type, false);
}

static enum wire_fault next_entry(struct transcoder *t, struct level *level)
{
    bool map = level->kind == WIRE_MAP, key = map && level->left % 2 == 0;

    if (!json_room(&t->out, ROOM)) {
        return WIRE_NO_MEMORY;
    }
    if (level->left == 0) {
        json_put(&t->out, map ? "}]" : "]", map ? 2 : 1);
        pop(t);
        return WIRE_OK;
    }
    if (map && !key) {
        json_put_char(&t->out, ':');
    } else if (!map || !level->first) {
        json_put_char(&t->out, ',');
    }
    level->first = false;
    level->left -= 1;
    return begin(t, level->types[key], key);
}

enum wire_fault transcode_to_tjson(struct reader *reader, uint8_t type, thrift_buffer *out)
{
    struct transcoder t;
    enum wire_fault fault;

    t.reader = reader;
    t.depth = t.structs = 0;
    json_writer_begin(&t.out, out);
    fault = begin(&t, type, false);
    while (fault == WIRE_OK && t.depth > 0) {
        struct level *level = &t.levels[t.depth - 1];

        fault = level->kind == WIRE_STRUCT ? next_field(&t, level) : next_entry(&t, level);
    }
    if (fault == WIRE_OK) {
        json_writer_end(&t.out);
    }
    return fault;
}
