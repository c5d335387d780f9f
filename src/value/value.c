/*
 * Values by value: tagging what a program gives, reading what it gets.
 */
#include <rethrift/value.h>

#include "base/text.h"
#include "value/convert.h"
#include "value/list.h"
#include "value/mapping.h"
#include "value/record.h"

thrift_value thrift_value_bytes(thrift_bytes x)
{
    thrift_value v = {THRIFT_KIND_NONE, 0, NULL, {false}};

    if (x.data != NULL) {
        v.kind = THRIFT_KIND_BINARY;
        v.as.bytes = x;
    } else if (x.size > 0) {
        v.flags = VALUE_UNUSABLE;
    }
    return v;
}

thrift_value thrift_value_uuid(thrift_uuid x)
{
    thrift_value v = {THRIFT_KIND_UUID, 0, NULL, {false}};

    v.as.uuid = x;
    return v;
}

thrift_value thrift_value_record(const thrift_record *x)
{
    thrift_value v = {THRIFT_KIND_NONE, 0, NULL, {false}};

    if (x != NULL) {
        v.kind = THRIFT_KIND_RECORD;
        v.root = x->root;
        v.as.record = x;
    }
    return v;
}

thrift_value thrift_value_list(const thrift_list *x)
{
    thrift_value v = {THRIFT_KIND_NONE, 0, NULL, {false}};

    if (x != NULL) {
        v.kind = x->type != NULL ? x->type->kind : THRIFT_KIND_LIST;
        v.root = x->root;
        v.as.list = x;
    }
    return v;
}

thrift_value thrift_value_map(const thrift_map *x)
{
    thrift_value v = {THRIFT_KIND_NONE, 0, NULL, {false}};

    if (x != NULL) {
        v.kind = THRIFT_KIND_MAP;
        v.root = x->root;
        v.as.map = x;
    }
    return v;
}

static const char *kind_name(thrift_kind kind)
{
    static const char *const names[] = {"nothing", "bool",   "i8",     "i16",    "i32",
                                        "i64",     "double", "string", "binary", "uuid",
                                        "enum",    "struct", "list",   "set",    "map"};

    return names[kind];
}

/* Absence reads as zero; anything else that is not what was asked for is a mistake. */
static void misread(thrift_value value, const char *wanted)
{
    if (value.kind != THRIFT_KIND_NONE) {
        root_mistake(value.root, THRIFT_E_TYPE, NULL, "a value of kind %s was read as %s",
                     kind_name(value.kind), wanted);
    }
}

static int64_t as_integer(thrift_value value, int64_t least, int64_t most, const char *wanted)
{
    switch (value.kind) {
    case THRIFT_KIND_I8:
    case THRIFT_KIND_I16:
    case THRIFT_KIND_I32:
    case THRIFT_KIND_I64:
    case THRIFT_KIND_ENUM:
        if (value.as.integer >= least && value.as.integer <= most) {
            return value.as.integer;
        }
        root_mistake(value.root, THRIFT_E_RANGE, NULL, "%lld was read as %s",
                     (long long)value.as.integer, wanted);
        return 0;
    case THRIFT_KIND_NONE:
    case THRIFT_KIND_BOOL:
    case THRIFT_KIND_DOUBLE:
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
    case THRIFT_KIND_UUID:
    case THRIFT_KIND_RECORD:
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
    case THRIFT_KIND_MAP:
        break;
    }
    misread(value, wanted);
    return 0;
}

bool thrift_as_bool(thrift_value value)
{
    if (value.kind == THRIFT_KIND_BOOL) {
        return value.as.boolean;
    }
    misread(value, "bool");
    return false;
}

int8_t thrift_as_i8(thrift_value value)
{
    return (int8_t)as_integer(value, INT8_MIN, INT8_MAX, "i8");
}

int16_t thrift_as_i16(thrift_value value)
{
    return (int16_t)as_integer(value, INT16_MIN, INT16_MAX, "i16");
}

int32_t thrift_as_i32(thrift_value value)
{
    return (int32_t)as_integer(value, INT32_MIN, INT32_MAX, "i32");
}

int64_t thrift_as_i64(thrift_value value) { return as_integer(value, INT64_MIN, INT64_MAX, "i64"); }

double thrift_as_double(thrift_value value)
{
    if (value.kind == THRIFT_KIND_DOUBLE) {
        return value.as.real;
    }
    misread(value, "double");
    return 0;
}

const char *thrift_as_string(thrift_value value)
{
    const thrift_symbol *symbol;

    if (value.kind == THRIFT_KIND_STRING || value.kind == THRIFT_KIND_BINARY) {
        if (root_is_view(value.root, value.as.bytes)) {
            root_mistake(value.root, THRIFT_E_TYPE, NULL,
                         "a view into the input was read as a C string, not as bytes");
            return NULL;
        }
        return (const char *)value.as.bytes.data;
    }
    if (value.kind != THRIFT_KIND_ENUM) {
        misread(value, "string");
        return NULL;
    }
    symbol = thrift_enum_by_number(value.as.symbol.type, (int32_t)value.as.symbol.number);
    return thrift_symbol_name(symbol);
}

thrift_bytes thrift_as_bytes(thrift_value value)
{
    if (value.kind == THRIFT_KIND_STRING || value.kind == THRIFT_KIND_BINARY) {
        return value.as.bytes;
    }
    misread(value, "bytes");
    return (thrift_bytes){NULL, 0};
}

thrift_uuid thrift_as_uuid(thrift_value value)
{
    if (value.kind == THRIFT_KIND_UUID) {
        return value.as.uuid;
    }
    misread(value, "uuid");
    return (thrift_uuid){{0}};
}

const thrift_record *thrift_as_record(thrift_value value)
{
    if (value.kind == THRIFT_KIND_RECORD) {
        return value.as.record;
    }
    misread(value, "struct");
    return NULL;
}

const thrift_list *thrift_as_list(thrift_value value)
{
    if (value.kind == THRIFT_KIND_LIST || value.kind == THRIFT_KIND_SET) {
        return value.as.list;
    }
    misread(value, "list");
    return NULL;
}

const thrift_map *thrift_as_map(thrift_value value)
{
    if (value.kind == THRIFT_KIND_MAP) {
        return value.as.map;
    }
    misread(value, "map");
    return NULL;
}
