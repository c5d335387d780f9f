/*
 * Dump: bytes of which nothing is known as text, one field a line.
 *
 *     {
 *       1: i32 7
 *       2: list<struct>[1] [
 *         {
 *         }
 *       ]
 *     }
 *
 * A message's envelope is told first, when there is one. JSON is passed on as it is: it is text.
 */
#include <inttypes.h>
#include <rethrift/codec.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/number.h"
#include "base/text.h"
#include "wire/message.h"
#include "wire/reader.h"
#include "wire/walk.h"
#include "wire/wire_type.h"

struct level {
    bool is_struct;
    int16_t last_id;
    uint32_t left;    /* elements; of a map keys and values */
    uint8_t types[2]; /* by left & 1, as in walk.h */
    bool is_map;
};

struct dump {
    struct reader reader;
    FILE *to;
    struct level levels[WALK_DEPTH_MOST];
    uint32_t depth;
};

static void indent(const struct dump *d, uint32_t depth)
{
    fprintf(d->to, "%*s", (int)(2 * depth), "");
}

static enum wire_fault push(struct dump *d, struct level level, char bracket)
{
    if (d->depth >= d->reader.limits->max_depth || d->depth >= WALK_DEPTH_MOST) {
        return WIRE_DEPTH_LIMIT;
    }
    fprintf(d->to, "%c\n", bracket);
    d->levels[d->depth++] = level;
    return WIRE_OK;
}

static void pop(struct dump *d, char bracket)
{
    d->depth -= 1;
    indent(d, d->depth);
    fprintf(d->to, "%c\n", bracket);
}

static void print_value(const struct dump *d, const struct wire_value *value)
{
    char quoted[TEXT_QUOTED_SIZE], number[NUMBER_DOUBLE_SIZE];

    switch (value->type) {
    case WIRE_BOOL:
        fprintf(d->to, "%s\n", value->integer != 0 ? "true" : "false");
        break;
    case WIRE_DOUBLE:
        number_format_double(value->real, number);
        fprintf(d->to, "%s\n", number);
        break;
    case WIRE_STRING:
        fprintf(d->to, "(%zu) %s\n", value->bytes.size,
                text_quote_readable(value->bytes.data, value->bytes.size, quoted));
        break;
    case WIRE_UUID:
        for (size_t i = 0; i < 16; i++) {
            fprintf(d->to, "%02x%s", value->bytes.data[i],
                    i == 3 || i == 5 || i == 7 || i == 9 ? "-" : "");
        }
        fputc('\n', d->to);
        break;
    default:
        fprintf(d->to, "%" PRId64 "\n", value->integer);
        break;
    }
}

static enum wire_fault begin_container(struct dump *d, uint8_t type)
{
    struct wire_container head = {0};
    enum wire_fault fault = reader_container(&d->reader, type, &head);
    bool is_map = type == WIRE_MAP;

    if (fault != WIRE_OK) {
        return fault;
    }
    if (head.count == 0) {
        fprintf(d->to, "[0]\n");
        return WIRE_OK;
    }
    fprintf(d->to, "<%s%s%s>[%u] ", is_map ? wire_type_name(head.key) : "", is_map ? ", " : "",
            wire_type_name(head.element), (unsigned)head.count);
    return push(d,
                (struct level){.left = is_map ? 2 * head.count : head.count,
                               .types = {head.key, head.element},
                               .is_map = is_map},
                '[');
}

/* A value behind the name of its type. */
static enum wire_fault begin_value(struct dump *d, uint8_t type)
{
    struct wire_value value;
    enum wire_fault fault;

    if (type == WIRE_STRUCT) {
        return push(d, (struct level){.is_struct = true}, '{');
    }
    if (type == WIRE_LIST || type == WIRE_SET || type == WIRE_MAP) {
        return begin_container(d, type);
    }
    fault = reader_value(&d->reader, type, &value);
    if (fault == WIRE_OK) {
        print_value(d, &value);
    }
    return fault;
}

static enum wire_fault next_field(struct dump *d, struct level *level)
{
    uint8_t type;
    int16_t id = 0;
    bool truth = false;
    enum wire_fault fault = reader_field(&d->reader, &level->last_id, &type, &id, &truth);

    if (fault != WIRE_OK) {
        return fault;
    }
    if (type == WIRE_STOP) {
        pop(d, '}');
        return WIRE_OK;
    }
    indent(d, d->depth);
    fprintf(d->to, "%d: %s ", id, wire_type_name(type));
    if (type == WIRE_BOOL && reader_bool_in_head(&d->reader)) {
        fprintf(d->to, "%s\n", truth ? "true" : "false");
        return WIRE_OK;
    }
    return begin_value(d, type);
}

static enum wire_fault next_element(struct dump *d, struct level *level)
{
    uint8_t type = level->types[level->left & 1];
    bool is_value = level->is_map && (level->left & 1) != 0;

    level->left -= 1;
    indent(d, d->depth);
    if (is_value) {
        fprintf(d->to, "-> ");
    }
    return begin_value(d, type);
}

static enum wire_fault dump_struct(struct dump *d)
{
    enum wire_fault fault = begin_value(d, WIRE_STRUCT);

    while (fault == WIRE_OK && d->depth > 0) {
        struct level *level = &d->levels[d->depth - 1];

        if (level->is_struct) {
            fault = next_field(d, level);
        } else if (level->left == 0) {
            pop(d, ']');
        } else {
            fault = next_element(d, level);
        }
    }
    return fault;
}

/* The line about the envelope; a value that merely begins like one has no such name. */
static void dump_envelope(struct dump *d, thrift_bytes *input)
{
    static const char *const kinds[] = {"", "call", "reply", "exception", "oneway"};
    struct message_header header;
    char quoted[TEXT_QUOTED_SIZE];
    thrift_bytes rest = *input;

    if (input->size == 0 || (input->data[0] != 0x80 && input->data[0] != 0x82) ||
        message_read_begin(d->reader.protocol, &rest, d->reader.limits, &header, NULL) !=
            THRIFT_OK ||
        !message_kind_valid(header.kind)) {
        return;
    }
    fprintf(d->to, "%s %s, sequence id %d\n", kinds[header.kind],
            text_quote(header.name.data, header.name.size, quoted), (int)header.sequence_id);
    *input = rest;
}

thrift_status thrift_dump(thrift_protocol protocol, thrift_bytes input, FILE *to, thrift_error *err)
{
    const thrift_limits limits = limits_in_force(NULL);
    struct dump d;
    enum wire_fault fault;

    if (protocol != THRIFT_BINARY && protocol != THRIFT_COMPACT) {
        bool done = fwrite(input.data, 1, input.size, to) == input.size && fputc('\n', to) != EOF;

        return done ? THRIFT_OK : FAIL(err, THRIFT_E_IO, "the text could not be written");
    }
    d.to = to;
    d.depth = 0;
    d.reader = (struct reader){.protocol = protocol, .limits = &limits};
    dump_envelope(&d, &input);
    d.reader.in = cursor_of(input);
    while (cursor_left(&d.reader.in) > 0) { /* values may stand back to back */
        fault = dump_struct(&d);
        if (fault != WIRE_OK) {
            fputc('\n', to);
            return wire_fail(fault, &d.reader.in, err);
        }
    }
    return THRIFT_OK;
}
