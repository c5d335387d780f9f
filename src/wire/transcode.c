/*
 * Transcoding: what the reader reads, the writer writes. The levels are an explicit stack.
 */
#include "wire/transcode.h"

#include "base/buffer.h"
#include "base/error.h"
#include "wire/tjson.h"
#include "wire/transcode_tjson.h"
#include "wire/walk.h"
#include "wire/wire_type.h"
#include "wire/writer.h"

struct level {
    bool is_struct;
    int16_t read_id, written_id; /* the last ones, of a struct */
    uint32_t left;               /* elements; of a map keys and values */
    uint8_t types[2];            /* by left & 1, as in walk.h */
};

struct transcoder {
    struct reader reader;
    struct writer writer;
    struct level levels[WALK_DEPTH_MOST];
    uint32_t depth, structs;
};

static enum wire_fault push(struct transcoder *t, struct level level)
{
    const thrift_limits *limits = t->reader.limits;

    if (t->depth >= limits->max_depth || t->depth >= WALK_DEPTH_MOST ||
        (level.is_struct && t->structs >= limits->max_struct_depth)) {
        return WIRE_DEPTH_LIMIT;
    }
    t->structs += level.is_struct;
    t->levels[t->depth++] = level;
    return WIRE_OK;
}

static void pop(struct transcoder *t)
{
    t->depth -= 1;
    t->structs -= t->levels[t->depth].is_struct;
}

static enum wire_fault begin_value(struct transcoder *t, uint8_t type)
{
    struct wire_container container = {0};
    struct wire_value value;
    enum wire_fault fault;

    switch (type) {
    case WIRE_STRUCT:
        return push(t, (struct level){.is_struct = true});
    case WIRE_LIST:
    case WIRE_SET:
    case WIRE_MAP:
        fault = reader_container(&t->reader, type, &container);
        if (fault != WIRE_OK) {
            return fault;
        }
        if (container.count == 0 && !wire_type_valid(container.element)) {
            container.key = container.element = WIRE_I8; /* of nothing, but a type there must be */
        }
        writer_container(&t->writer, type, &container);
        return push(t,
                    (struct level){.left = type == WIRE_MAP ? 2 * container.count : container.count,
                                   .types = {container.key, container.element}});
    default:
        fault = reader_value(&t->reader, type, &value);
        if (fault == WIRE_OK) {
            writer_value(&t->writer, &value);
        }
        return fault;
    }
}

static enum wire_fault next_field(struct transcoder *t, struct level *level)
{
    uint8_t type;
    int16_t id = 0;
    bool truth = false;
    enum wire_fault fault = reader_field(&t->reader, &level->read_id, &type, &id, &truth);

    if (fault != WIRE_OK) {
        return fault;
    }
    if (type == WIRE_STOP) {
        writer_stop(&t->writer);
        pop(t);
        return WIRE_OK;
    }
    if (type != WIRE_BOOL) {
        writer_field(&t->writer, &level->written_id, type, id, truth);
        return begin_value(t, type);
    }
    if (!reader_bool_in_head(&t->reader)) {
        struct wire_value value;

        fault = reader_value(&t->reader, type, &value);
        truth = fault == WIRE_OK && value.integer != 0;
    }
    writer_field(&t->writer, &level->written_id, type, id, truth);
    if (fault == WIRE_OK && t->writer.protocol != THRIFT_COMPACT) {
        writer_value(&t->writer, &(struct wire_value){.type = type, .integer = truth});
    }
    return fault;
}

static enum wire_fault run(struct transcoder *t, uint8_t type)
{
    enum wire_fault fault = begin_value(t, type);

    while (fault == WIRE_OK && t->depth > 0) {
        struct level *level = &t->levels[t->depth - 1];

        if (level->is_struct) {
            fault = next_field(t, level);
        } else if (level->left == 0) {
            pop(t);
        } else {
            uint8_t next = level->types[level->left & 1];

            level->left -= 1;
            fault = begin_value(t, next);
        }
        if (t->writer.failed) {
            fault = WIRE_NO_MEMORY;
        }
    }
    return t->writer.failed ? WIRE_NO_MEMORY : fault;
}

/* Checked, and as it is. */
static enum wire_fault copy_tjson(struct transcoder *t, uint8_t type)
{
    const uint8_t *begin = t->reader.in.at;
    enum wire_fault fault =
        tjson_skip(&t->reader.in, type, false, (struct tjson_depth){0, 0}, t->reader.limits);

    if (fault == WIRE_OK &&
        !buffer_append(t->writer.out, begin, (size_t)(t->reader.in.at - begin))) {
        fault = WIRE_NO_MEMORY;
    }
    return fault;
}

thrift_status transcode_value(thrift_protocol from, thrift_bytes *input, uint8_t type,
                              thrift_protocol to, const thrift_limits *limits, thrift_buffer *out,
                              thrift_error *err)
{
    struct transcoder t;
    size_t before = out->size;
    enum wire_fault fault;

    if (from > THRIFT_TJSON || to > THRIFT_TJSON) {
        return FAIL(err, THRIFT_E_ARGUMENT, "protocol %d cannot become protocol %d here", (int)from,
                    (int)to);
    }
    t.reader = (struct reader){cursor_of(*input), from, limits};
    t.writer = (struct writer){out, to, false};
    t.depth = t.structs = 0;
    if (from == THRIFT_TJSON) {
        fault = to == THRIFT_TJSON ? copy_tjson(&t, type)
                                   : transcode_from_tjson(&t.reader.in, type, &t.writer, limits);
    } else {
        fault = to == THRIFT_TJSON ? transcode_to_tjson(&t.reader, type, out) : run(&t, type);
    }
    if (fault != WIRE_OK) {
        out->size = before;
        return wire_fail(fault, &t.reader.in, err);
    }
    *input = (thrift_bytes){t.reader.in.at, cursor_left(&t.reader.in)};
    return THRIFT_OK;
}
