/*
 * Rows of children.
 */
#include "value/object.h"

#include <inttypes.h>

#include "base/text.h"

uint32_t object_count(const thrift_type *type, const void *object)
{
    if (object == NULL) {
        return 0;
    }
    if (type->kind == THRIFT_KIND_RECORD) {
        return ((const thrift_record *)object)->layout->field_count;
    }
    if (type->kind == THRIFT_KIND_MAP) {
        return 2 * ((const thrift_map *)object)->count;
    }
    return ((const thrift_list *)object)->count;
}

const void *object_child(const thrift_type *type, const void *object, uint32_t i,
                         const thrift_type **out_type)
{
    if (type->kind == THRIFT_KIND_RECORD) {
        const thrift_record *record = object;
        const struct layout_field *field = &record->layout->fields[i];

        *out_type = field->type;
        return record_meaning(record, field);
    }
    if (type->kind == THRIFT_KIND_MAP) {
        const thrift_map *map = object;
        struct mapping_entry entry = mapping_entry_of(type);

        *out_type = i % 2 == 0 ? type->key : type->element;
        return (const uint8_t *)map->entries + (size_t)(i / 2) * entry.size +
               (i % 2 == 0 ? 0 : entry.value_offset);
    }
    *out_type = type->element;
    return (const uint8_t *)((const thrift_list *)object)->items +
           (size_t)i * slot_size(type->element->kind);
}

static void write_key(const thrift_map *map, uint32_t entry, char *out, size_t room)
{
    thrift_value key = thrift_map_key(map, entry);
    char quoted[TEXT_QUOTED_SIZE];

    switch (key.kind) {
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
        text_quote(key.as.bytes.data, key.as.bytes.size, quoted);
        (void)snprintf(out, room, "{%s}", quoted);
        break;
    case THRIFT_KIND_BOOL:
        (void)snprintf(out, room, "{%s}", key.as.boolean ? "true" : "false");
        break;
    case THRIFT_KIND_I8:
    case THRIFT_KIND_I16:
    case THRIFT_KIND_I32:
    case THRIFT_KIND_I64:
    case THRIFT_KIND_ENUM:
        (void)snprintf(out, room, "{%" PRId64 "}", key.as.integer);
        break;
    case THRIFT_KIND_NONE:
    case THRIFT_KIND_DOUBLE:
    case THRIFT_KIND_UUID:
    case THRIFT_KIND_RECORD:
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
    case THRIFT_KIND_MAP:
        (void)snprintf(out, room, "{entry %u}", (unsigned)entry);
        break;
    }
}

void object_prepend_path(const thrift_type *type, const void *object, uint32_t i, thrift_error *err)
{
    char step[TEXT_QUOTED_SIZE + 2];

    if (err == NULL) {
        return;
    }
    if (type->kind == THRIFT_KIND_RECORD) {
        error_prepend_path(err,
                           ((const thrift_record *)object)->layout->fields[i].field->node.name);
        return;
    }
    if (type->kind == THRIFT_KIND_MAP) {
        write_key(object, i / 2, step, sizeof step);
    } else {
        (void)snprintf(step, sizeof step, "[%u]", (unsigned)i);
    }
    error_prepend_path(err, step);
}
