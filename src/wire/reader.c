/*
 * The streaming reader: each primitive of the protocol that it reads.
 */
#include "wire/reader.h"

#include "wire/binary.h"
#include "wire/compact.h"

enum wire_fault reader_field(struct reader *reader, int16_t *last_id, uint8_t *type, int16_t *id,
                             bool *truth)
{
    enum wire_fault fault;

    if (reader->protocol == THRIFT_COMPACT) {
        fault = compact_read_field(&reader->in, last_id, type, id, truth);
    } else {
        fault = binary_read_field(&reader->in, type, id) ? WIRE_OK : WIRE_TRUNCATED;
    }
    if (fault == WIRE_OK && *type != WIRE_STOP && !wire_type_valid(*type)) {
        fault = WIRE_BAD_TYPE;
    }
    return fault;
}

static enum wire_fault binary_value(struct cursor *in, struct wire_value *out)
{
    int8_t a;
    int16_t b;
    int32_t c;
    bool truth, read;

    switch (out->type) {
    case WIRE_BOOL:
        read = binary_read_bool(in, &truth);
        out->integer = read && truth;
        break;
    case WIRE_I8:
        read = binary_read_i8(in, &a);
        out->integer = read ? a : 0;
        break;
    case WIRE_I16:
        read = binary_read_i16(in, &b);
        out->integer = read ? b : 0;
        break;
    case WIRE_I32:
        read = binary_read_i32(in, &c);
        out->integer = read ? c : 0;
        break;
    case WIRE_I64:
        read = binary_read_i64(in, &out->integer);
        break;
    default:
        read = binary_read_double(in, &out->real);
        break;
    }
    return read ? WIRE_OK : WIRE_TRUNCATED;
}

static enum wire_fault compact_value(struct cursor *in, struct wire_value *out)
{
    enum wire_fault fault;
    int8_t a;
    int16_t b = 0;
    int32_t c = 0;
    bool truth = false;

    switch (out->type) {
    case WIRE_BOOL:
        fault = compact_read_bool(in, &truth) ? WIRE_OK : WIRE_TRUNCATED;
        out->integer = truth;
        return fault;
    case WIRE_I8:
        fault = compact_read_i8(in, &a) ? WIRE_OK : WIRE_TRUNCATED;
        out->integer = fault == WIRE_OK ? a : 0;
        return fault;
    case WIRE_I16:
        fault = compact_read_i16(in, &b);
        out->integer = b;
        return fault;
    case WIRE_I32:
        fault = compact_read_i32(in, &c);
        out->integer = c;
        return fault;
    case WIRE_I64:
        return compact_read_i64(in, &out->integer);
    default:
        return compact_read_double(in, &out->real) ? WIRE_OK : WIRE_TRUNCATED;
    }
}

enum wire_fault reader_value(struct reader *reader, uint8_t type, struct wire_value *out)
{
    struct cursor *in = &reader->in;
    bool compact = reader->protocol == THRIFT_COMPACT;
    size_t most = reader->limits->max_string_size;

    *out = (struct wire_value){.type = type};
    switch (type) {
    case WIRE_STRING:
        return compact ? compact_read_string(in, most, &out->bytes)
                       : binary_read_string(in, most, &out->bytes);
    case WIRE_UUID:
        if (!cursor_need(in, 16)) {
            return WIRE_TRUNCATED;
        }
        out->bytes = (thrift_bytes){in->at, 16};
        in->at += 16;
        return WIRE_OK;
    case WIRE_BOOL:
    case WIRE_I8:
    case WIRE_I16:
    case WIRE_I32:
    case WIRE_I64:
    case WIRE_DOUBLE:
        return compact ? compact_value(in, out) : binary_value(in, out);
    default:
        return WIRE_BAD_TYPE;
    }
}

static enum wire_fault read_head(struct reader *reader, uint8_t type, struct wire_container *out)
{
    struct cursor *in = &reader->in;
    bool compact = reader->protocol == THRIFT_COMPACT;
    enum wire_fault fault;

    if (type == WIRE_MAP) {
        return compact ? compact_read_map(in, &out->key, &out->element, &out->count)
                       : binary_read_map(in, &out->key, &out->element, &out->count);
    }
    fault = compact ? compact_read_list(in, &out->element, &out->count)
                    : binary_read_list(in, &out->element, &out->count);
    out->key = out->element;
    return fault;
}

enum wire_fault reader_container(struct reader *reader, uint8_t type, struct wire_container *out)
{
    const uint8_t *least = reader->protocol == THRIFT_COMPACT ? compact_least : binary_least;
    enum wire_fault fault = read_head(reader, type, out);

    if (fault != WIRE_OK || out->count == 0) {
        return fault;
    }
    if (!wire_type_valid(out->key) || !wire_type_valid(out->element)) {
        return WIRE_BAD_TYPE;
    }
    return wire_count_check(&reader->in, out->count,
                            least[out->element] + (type == WIRE_MAP ? least[out->key] : 0u),
                            reader->limits);
}
