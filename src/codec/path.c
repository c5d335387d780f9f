/*
 * Steps of a path as text.
 */
#include "codec/path.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/error.h"
#include "base/text.h"

#define STEP_SIZE (TEXT_QUOTED_SIZE + 8)

void path_prepend_field(thrift_error *err, const struct layout_field *field)
{
    if (field != NULL) { /* behind the last field: the end of a struct has no name */
        error_prepend_path(err, field->field->node.name);
    }
}

void path_prepend_index(thrift_error *err, size_t index)
{
    char step[STEP_SIZE];

    (void)snprintf(step, sizeof step, "[%zu]", index);
    error_prepend_path(err, step);
}

static bool key_number(const struct plan_type *key, const union slot *slot, int64_t *out)
{
    switch ((enum plan_code)key->code) {
    case PLAN_BOOL:
        *out = slot->boolean;
        return true;
    case PLAN_I8:
        *out = slot->i8;
        return true;
    case PLAN_I16:
        *out = slot->i16;
        return true;
    case PLAN_I32:
    case PLAN_ENUM:
        *out = slot->i32;
        return true;
    case PLAN_I64:
        *out = slot->i64;
        return true;
    case PLAN_DOUBLE:
    case PLAN_UUID:
    case PLAN_STRING:
    case PLAN_BINARY:
    case PLAN_RECORD:
    case PLAN_LIST:
    case PLAN_MAP:
        break;
    }
    return false;
}

void path_prepend_key(thrift_error *err, const struct plan_type *key, const void *slot,
                      size_t index)
{
    char step[STEP_SIZE], quoted[TEXT_QUOTED_SIZE];
    const union slot *value = slot;
    int64_t number;

    if (slot == NULL) {
        (void)snprintf(step, sizeof step, "{#%zu}", index);
    } else if (key_number(key, value, &number)) {
        (void)snprintf(step, sizeof step, "{%" PRId64 "}", number);
    } else if (key->code == PLAN_STRING) {
        (void)snprintf(step, sizeof step, "{%s}",
                       text_quote(value->bytes.data, value->bytes.size, quoted));
    } else {
        (void)snprintf(step, sizeof step, "{#%zu}", index);
    }
    error_prepend_path(err, step);
}
