/*
 * Constants and defaults as JSON.
 */
#include <string.h>

#include "describe.h"

#define DEPTH_MOST 512

static void put_value(struct json_out *out, const char *key, thrift_value value, unsigned depth);

static void put_symbol(struct json_out *out, const char *key, thrift_value value)
{
    const thrift_symbol *symbol =
        thrift_enum_by_number(value.as.symbol.type, (int32_t)value.as.symbol.number);

    if (symbol != NULL) {
        json_string(out, key, thrift_symbol_name(symbol));
    } else {
        json_integer(out, key, value.as.symbol.number);
    }
}

static void put_uuid(struct json_out *out, const char *key, thrift_uuid uuid)
{
    char text[40], *at = text;

    for (size_t i = 0; i < 16; i++) {
        at += snprintf(at, 4, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x",
                       uuid.bytes[i]);
    }
    json_string(out, key, text);
}

static void put_record(struct json_out *out, const char *key, const thrift_record *record,
                       unsigned depth)
{
    const thrift_struct *type = thrift_record_type(record);

    json_begin(out, key, '{');
    for (size_t i = 0; i < thrift_struct_count(type); i++) {
        const thrift_field *field = thrift_struct_at(type, i);

        if (thrift_has(record, thrift_field_name(field))) {
            put_value(out, thrift_field_name(field), thrift_record_get(record, field), depth);
        }
    }
    json_end(out, '}');
}

static void put_list(struct json_out *out, const char *key, const thrift_list *list, unsigned depth)
{
    json_begin(out, key, '[');
    for (size_t i = 0; i < thrift_list_count(list); i++) {
        put_value(out, NULL, thrift_list_at(list, i), depth);
    }
    json_end(out, ']');
}

static void put_map(struct json_out *out, const char *key, const thrift_map *map, unsigned depth)
{
    json_begin(out, key, '[');
    for (size_t i = 0; i < thrift_map_count(map); i++) {
        json_begin(out, NULL, '[');
        put_value(out, NULL, thrift_map_key(map, i), depth);
        put_value(out, NULL, thrift_map_at(map, i), depth);
        json_end(out, ']');
    }
    json_end(out, ']');
}

static void put_value(struct json_out *out, const char *key, thrift_value value, unsigned depth)
{
    if (depth > DEPTH_MOST) {
        json_null(out, key);
        return;
    }
    switch (value.kind) {
    case THRIFT_KIND_BOOL:
        json_boolean(out, key, value.as.boolean);
        break;
    case THRIFT_KIND_DOUBLE:
        json_real(out, key, value.as.real);
        break;
    case THRIFT_KIND_STRING:
        json_text(out, key, (const char *)value.as.bytes.data, value.as.bytes.size);
        break;
    case THRIFT_KIND_BINARY:
        json_bytes(out, key, value.as.bytes.data, value.as.bytes.size);
        break;
    case THRIFT_KIND_UUID:
        put_uuid(out, key, value.as.uuid);
        break;
    case THRIFT_KIND_ENUM:
        put_symbol(out, key, value);
        break;
    case THRIFT_KIND_RECORD:
        put_record(out, key, value.as.record, depth + 1);
        break;
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
        put_list(out, key, value.as.list, depth + 1);
        break;
    case THRIFT_KIND_MAP:
        put_map(out, key, value.as.map, depth + 1);
        break;
    case THRIFT_KIND_I8:
    case THRIFT_KIND_I16:
    case THRIFT_KIND_I32:
    case THRIFT_KIND_I64:
        json_integer(out, key, value.as.integer);
        break;
    case THRIFT_KIND_NONE:
    default:
        json_null(out, key);
        break;
    }
}

void describe_value(struct json_out *out, const char *key, thrift_value value)
{
    put_value(out, key, value, 0);
}
