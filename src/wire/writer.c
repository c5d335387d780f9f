/*
 * The streaming writer.
 */
#include "wire/writer.h"

#include "base/buffer.h"
#include "wire/binary.h"
#include "wire/compact.h"

#define ROOM 16u /* for any head and any number */

static uint8_t *begin(struct writer *writer, size_t size)
{
    if (writer->failed || !buffer_reserve(writer->out, size)) {
        writer->failed = true;
        return NULL;
    }
    return writer->out->data + writer->out->size;
}

static void end(struct writer *writer, const uint8_t *to)
{
    writer->out->size = (size_t)(to - writer->out->data);
}

void writer_field(struct writer *writer, int16_t *last_id, uint8_t type, int16_t id, bool truth)
{
    uint8_t *to = begin(writer, ROOM);

    if (to == NULL) {
        return;
    }
    if (writer->protocol == THRIFT_COMPACT) {
        uint8_t code = wire_to_compact[type];

        code = type == WIRE_BOOL && !truth ? COMPACT_FALSE : code;
        end(writer, compact_write_field(to, code, id, *last_id));
    } else {
        end(writer, binary_write_field(to, type, id));
    }
    *last_id = id;
}

void writer_stop(struct writer *writer)
{
    uint8_t *to = begin(writer, 1);

    if (to != NULL) {
        *to = WIRE_STOP;
        end(writer, to + 1);
    }
}

static uint8_t *binary_value(uint8_t *to, const struct wire_value *value)
{
    switch (value->type) {
    case WIRE_BOOL:
    case WIRE_I8:
        return binary_write_i8(to, (int8_t)value->integer);
    case WIRE_I16:
        return binary_write_i16(to, (int16_t)value->integer);
    case WIRE_I32:
        return binary_write_i32(to, (int32_t)value->integer);
    case WIRE_I64:
        return binary_write_i64(to, value->integer);
    default:
        return binary_write_double(to, value->real);
    }
}

static uint8_t *compact_value(uint8_t *to, const struct wire_value *value)
{
    switch (value->type) {
    case WIRE_BOOL:
        *to = value->integer != 0 ? COMPACT_TRUE : COMPACT_FALSE;
        return to + 1;
    case WIRE_I8:
        *to = (uint8_t)value->integer;
        return to + 1;
    case WIRE_I16:
    case WIRE_I32:
        return varint_write32(to, zigzag_encode32((int32_t)value->integer));
    case WIRE_I64:
        return varint_write64(to, zigzag_encode64(value->integer));
    default:
        return compact_write_double(to, value->real);
    }
}

void writer_value(struct writer *writer, const struct wire_value *value)
{
    bool compact = writer->protocol == THRIFT_COMPACT;
    uint8_t *to = begin(writer, ROOM + value->bytes.size);

    if (to == NULL) {
        return;
    }
    if (value->type == WIRE_STRING) {
        uint32_t size = (uint32_t)value->bytes.size;

        to = compact ? varint_write32(to, size) : binary_write_i32(to, (int32_t)size);
    } else if (value->type != WIRE_UUID) {
        end(writer, compact ? compact_value(to, value) : binary_value(to, value));
        return;
    }
    if (value->bytes.size > 0) {
        memcpy(to, value->bytes.data, value->bytes.size);
    }
    end(writer, to + value->bytes.size);
}

void writer_container(struct writer *writer, uint8_t type, const struct wire_container *container)
{
    bool compact = writer->protocol == THRIFT_COMPACT;
    uint8_t *to = begin(writer, ROOM);

    if (to == NULL) {
        return;
    }
    if (type == WIRE_MAP) {
        to = compact ? compact_write_map(to, container->key, container->element, container->count)
                     : binary_write_map(to, container->key, container->element, container->count);
    } else {
        to = compact ? compact_write_list(to, container->element, container->count)
                     : binary_write_list(to, container->element, container->count);
    }
    end(writer, to);
}
