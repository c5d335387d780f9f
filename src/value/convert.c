/*
 * What fits where: integers by range, enums by number or symbol, uuids by text, 0 and 1 as bools,
 * whole numbers as doubles when no digit is lost; strings and binaries alike; containers of the
 * same type.
 */
#include "value/convert.h"

#include <inttypes.h>

#include "base/text.h"
#include "base/uuid.h"
#include "schema/lookup.h"
#include "schema/type.h"
#include "value/copy.h"
#include "value/list.h"
#include "value/mapping.h"
#include "value/record.h"

#define EXACT_IN_DOUBLE (INT64_C(1) << 53)

thrift_value slot_value(const thrift_type *type, const void *slot, const struct thrift_root *root)
{
    thrift_value value = {type->kind, 0, root, {false}};
    union slot at;

    memcpy(&at, slot, slot_size(type->kind));
    switch (type->kind) {
    case THRIFT_KIND_BOOL:
        value.as.boolean = at.boolean;
        break;
    case THRIFT_KIND_I8:
        value.as.integer = at.i8;
        break;
    case THRIFT_KIND_I16:
        value.as.integer = at.i16;
        break;
    case THRIFT_KIND_I32:
        value.as.integer = at.i32;
        break;
    case THRIFT_KIND_ENUM:
        value.as.symbol.number = at.i32;
        value.as.symbol.type = type->symbols;
        break;
    case THRIFT_KIND_I64:
        value.as.integer = at.i64;
        break;
    case THRIFT_KIND_DOUBLE:
        value.as.real = at.real;
        break;
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
        value.as.bytes = at.bytes;
        value.kind = at.bytes.data != NULL ? type->kind : THRIFT_KIND_NONE;
        break;
    case THRIFT_KIND_UUID:
        value.as.uuid = at.uuid;
        break;
    case THRIFT_KIND_RECORD:
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
    case THRIFT_KIND_MAP:
        value.as.record = at.record;
        value.kind = at.object != NULL ? type->kind : THRIFT_KIND_NONE;
        break;
    case THRIFT_KIND_NONE:
        break;
    }
    return value;
}

static bool is_integer(thrift_kind kind)
{
    return (kind >= THRIFT_KIND_I8 && kind <= THRIFT_KIND_I64) || kind == THRIFT_KIND_ENUM;
}

static bool is_text(thrift_kind kind)
{
    return kind == THRIFT_KIND_STRING || kind == THRIFT_KIND_BINARY;
}

static thrift_status take_integer(thrift_value value, int64_t least, int64_t most, int64_t *out)
{
    if (!is_integer(value.kind)) {
        return THRIFT_E_TYPE;
    }
    if (value.as.integer < least || value.as.integer > most) {
        return THRIFT_E_RANGE;
    }
    *out = value.as.integer;
    return THRIFT_OK;
}

static thrift_status take_bool(thrift_value value, bool *out)
{
    int64_t number = 0;
    thrift_status status = THRIFT_OK;

    if (value.kind == THRIFT_KIND_BOOL) {
        number = value.as.boolean;
    } else {
        status = take_integer(value, 0, 1, &number);
    }
    *out = number != 0;
    return status;
}

static thrift_status take_double(thrift_value value, double *out)
{
    int64_t number;
    thrift_status status;

    if (value.kind == THRIFT_KIND_DOUBLE) {
        *out = value.as.real;
        return THRIFT_OK;
    }
    status = take_integer(value, -EXACT_IN_DOUBLE, EXACT_IN_DOUBLE, &number);
    if (status == THRIFT_OK) {
        *out = (double)number;
    }
    return status;
}

static thrift_status take_enum(const thrift_enum *symbols, thrift_value value, int32_t *out)
{
    int64_t number;
    thrift_status status;

    if (is_text(value.kind)) {
        const thrift_symbol *symbol =
            enum_find_symbol(symbols, (const char *)value.as.bytes.data, value.as.bytes.size);

        if (symbol == NULL) {
            return THRIFT_E_NAME;
        }
        *out = symbol->number;
        return THRIFT_OK;
    }
    status = take_integer(value, INT32_MIN, INT32_MAX, &number);
    if (status == THRIFT_OK) {
        *out = (int32_t)number;
    }
    return status;
}

static thrift_status take_uuid(thrift_value value, thrift_uuid *out)
{
    if (value.kind == THRIFT_KIND_UUID) {
        *out = value.as.uuid;
        return THRIFT_OK;
    }
    return is_text(value.kind) &&
                   uuid_read((const char *)value.as.bytes.data, value.as.bytes.size, out->bytes)
               ? THRIFT_OK
               : THRIFT_E_TYPE;
}

/* The shared empty list and map are of no type. */
static bool fits_container(const thrift_type *given, const thrift_type *type)
{
    return given == NULL || type_equal(given, type);
}

static thrift_status take_object(const thrift_type *type, thrift_value value, void **out)
{
    bool fits = value.kind == type->kind;

    if (type->kind == THRIFT_KIND_RECORD) {
        const thrift_struct *given = fits ? value.as.record->layout->type : NULL;

        fits = given == type->record || (fits && given->schema != type->record->schema &&
                                         strcmp(given->node.name, type->record->node.name) == 0);
    } else if (type->kind == THRIFT_KIND_MAP) {
        fits = fits && fits_container(value.as.map->type, type);
    } else {
        bool list = value.kind == THRIFT_KIND_LIST || value.kind == THRIFT_KIND_SET;

        fits = list && fits_container(value.as.list->type, type);
    }
    if (!fits) {
        return THRIFT_E_TYPE;
    }
    /* Borrowed as const, copied by slot_own() before anybody writes. */
    *out = (void *)(uintptr_t)value.as.record;
    return THRIFT_OK;
}

thrift_status slot_take(const thrift_type *type, thrift_value value, union slot *out)
{
    int64_t number = 0;
    union slot taken = {.i64 = 0};
    thrift_status status = THRIFT_E_TYPE;

    if (value.flags != 0 || value.kind == THRIFT_KIND_NONE) {
        return THRIFT_E_TYPE;
    }
    switch (type->kind) {
    case THRIFT_KIND_BOOL:
        status = take_bool(value, &taken.boolean);
        break;
    case THRIFT_KIND_I8:
        status = take_integer(value, INT8_MIN, INT8_MAX, &number);
        taken.i8 = (int8_t)number;
        break;
    case THRIFT_KIND_I16:
        status = take_integer(value, INT16_MIN, INT16_MAX, &number);
        taken.i16 = (int16_t)number;
        break;
    case THRIFT_KIND_I32:
        status = take_integer(value, INT32_MIN, INT32_MAX, &number);
        taken.i32 = (int32_t)number;
        break;
    case THRIFT_KIND_I64:
        status = take_integer(value, INT64_MIN, INT64_MAX, &taken.i64);
        break;
    case THRIFT_KIND_ENUM:
        status = take_enum(type->symbols, value, &taken.i32);
        break;
    case THRIFT_KIND_DOUBLE:
        status = take_double(value, &taken.real);
        break;
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
        status = is_text(value.kind) ? THRIFT_OK : THRIFT_E_TYPE;
        taken.bytes = value.as.bytes;
        break;
    case THRIFT_KIND_UUID:
        status = take_uuid(value, &taken.uuid);
        break;
    case THRIFT_KIND_RECORD:
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
    case THRIFT_KIND_MAP:
        status = take_object(type, value, &taken.object);
        break;
    case THRIFT_KIND_NONE:
        break;
    }
    if (status == THRIFT_OK) {
        *out = taken;
    }
    return status;
}

static const char *type_of_value(thrift_value value)
{
    switch (value.kind) {
    case THRIFT_KIND_NONE:
        return value.flags != 0 ? "an unusable value" : "nothing";
    case THRIFT_KIND_BOOL:
        return "a bool";
    case THRIFT_KIND_I8:
    case THRIFT_KIND_I16:
    case THRIFT_KIND_I32:
    case THRIFT_KIND_I64:
        return value.flags != 0 ? "an integer beyond i64" : "an integer";
    case THRIFT_KIND_DOUBLE:
        return "a double";
    case THRIFT_KIND_STRING:
        return "a string";
    case THRIFT_KIND_BINARY:
        return "bytes";
    case THRIFT_KIND_UUID:
        return "a uuid";
    case THRIFT_KIND_ENUM:
        return thrift_enum_name(value.as.symbol.type);
    case THRIFT_KIND_RECORD:
        return value.as.record->layout->type->full_name;
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
        return value.as.list->type != NULL ? value.as.list->type->spelling : "a list";
    case THRIFT_KIND_MAP:
        return value.as.map->type != NULL ? value.as.map->type->spelling : "a map";
    }
    return "a value";
}

thrift_status slot_complain(const struct thrift_root *root, const char *path,
                            const thrift_type *type, thrift_value value, thrift_status status)
{
    char quoted[TEXT_QUOTED_SIZE];

    if (status == THRIFT_E_RANGE) {
        return root_mistake(root, status, path, "%" PRId64 " does not fit %s", value.as.integer,
                            type->spelling);
    }
    if (status == THRIFT_E_NAME) {
        return root_mistake(root, status, path, "%s has no symbol %s", type->spelling,
                            text_quote(value.as.bytes.data, value.as.bytes.size, quoted));
    }
    if (type->kind == THRIFT_KIND_UUID && is_text(value.kind)) {
        return root_mistake(root, status, path, "%s is not a uuid",
                            text_quote(value.as.bytes.data, value.as.bytes.size, quoted));
    }
    return root_mistake(root, status, path, "%s does not fit %s", type_of_value(value),
                        type->spelling);
}

thrift_status slot_own(struct thrift_root *root, const thrift_type *type, union slot *slot)
{
    switch (type->kind) {
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
        return copy_bytes(root, &slot->bytes) ? THRIFT_OK : root_no_memory(root);
    case THRIFT_KIND_RECORD:
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
    case THRIFT_KIND_MAP:
        return copy_object(root, type, &slot->object);
    case THRIFT_KIND_NONE:
    case THRIFT_KIND_BOOL:
    case THRIFT_KIND_I8:
    case THRIFT_KIND_I16:
    case THRIFT_KIND_I32:
    case THRIFT_KIND_I64:
    case THRIFT_KIND_DOUBLE:
    case THRIFT_KIND_UUID:
    case THRIFT_KIND_ENUM:
        break;
    }
    return THRIFT_OK;
}
