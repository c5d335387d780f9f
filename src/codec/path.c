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

static bool key_number(const struct plan_type *key, const void *slot, int64_t *out)
{
    switch ((enum plan_code)key->code) {
    case PLAN_BOOL:
        *out = *(const bool *)slot;
        return true;
    case PLAN_I8:
        *out = *(const int8_t *)slot;
        return true;
    case PLAN_I16:
        *out = *(const int16_t *)slot;
        return true;
    case PLAN_I32:
    case PLAN_ENUM:
        *out = *(const int32_t *)slot;
        return true;
    case PLAN_I64:
        *out = *(const int64_t *)slot;
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
    int64_t number;

    if (slot == NULL) {
        (void)snprintf(step, sizeof step, "{#%zu}", index);
    } else if (key_number(key, slot, &number)) {
        (void)snprintf(step, sizeof step, "{%" PRId64 "}", number);
    } else if (key->code == PLAN_STRING) {
        const thrift_bytes *text = slot;

        (void)snprintf(step, sizeof step, "{%s}", text_quote(text->data, text->size, quoted));
    } else {
        (void)snprintf(step, sizeof step, "{#%zu}", index);
    }
    error_prepend_path(err, step);
}
