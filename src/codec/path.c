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

void path_walk_next(struct path_walk *walk)
{
    walk->before = walk->behind;
    walk->step = path_next(&walk->behind, walk->behind == walk->text);
}

void path_walk_prepend(const struct path_walk *walk, bool with_step, thrift_error *err)
{
    const char *from = walk->text, *end = with_step ? walk->behind : walk->before;
    char part[THRIFT_ERROR_SOURCE_SIZE + 1];

    if (with_step && walk->step.kind == PATH_BAD) {
        end += strlen(end);
    }
    if (end - from > THRIFT_ERROR_SOURCE_SIZE) { /* its beginning is lost anyway */
        from = end - THRIFT_ERROR_SOURCE_SIZE;
    }
    if (end > from) {
        memcpy(part, from, (size_t)(end - from));
        part[end - from] = '\0';
        error_prepend_path(err, part);
    }
}

thrift_status path_check(const char *text, thrift_error *err)
{
    struct path_walk walk = path_walk_at(text);

    do {
        path_walk_next(&walk);
        if (walk.step.kind == PATH_BAD) {
            FAIL(err, THRIFT_E_NAME, "not a path");
            path_walk_prepend(&walk, true, err);
            return THRIFT_E_NAME;
        }
    } while (walk.step.kind != PATH_END);
    return THRIFT_OK;
}

void path_prepend_entry(thrift_error *err, const struct path_entry *entry, const struct plan *plan,
                        const struct plan_type *type)
{
    const struct plan_op *op;

    if (entry->kind == PATH_MEMBER && plan != NULL) {
        op = plan_find(plan, (int16_t)entry->number);
        path_prepend_field(err, op != NULL ? op->field : NULL);
    } else if (entry->kind == PATH_ELEMENT && type->code == PLAN_LIST) {
        path_prepend_index(err, (size_t)entry->number);
    } else if (entry->kind == PATH_ELEMENT) {
        path_prepend_key(err, type->key, NULL, (size_t)entry->number);
    }
}
