/*
 * Reading paths. Field names never contain the characters that steps begin with.
 */
#include "value/path.h"

#include "base/integer.h"
#include "base/number.h"
#include "base/uuid.h"
#include "value/convert.h"

#define STEP_CHARACTERS ".[{"

static struct path_step bad(void) { return (struct path_step){.kind = PATH_BAD}; }

static struct path_step next_name(const char **at)
{
    size_t size = strcspn(*at, STEP_CHARACTERS "]}\"");
    struct path_step step = {.kind = PATH_FIELD, .text = *at, .size = size};

    *at += size;
    return size > 0 ? step : bad();
}

static struct path_step next_item(const char **at)
{
    struct path_step step = {.kind = PATH_ITEM};
    const char *digit = *at + 1;

    for (; *digit >= '0' && *digit <= '9'; digit++) {
        uint32_t value = (uint32_t)(*digit - '0');

        if (step.index > (UINT32_MAX - value) / 10) {
            return bad();
        }
        step.index = 10 * step.index + value;
    }
    if (digit == *at + 1 || *digit != ']') {
        return bad();
    }
    *at = digit + 1;
    return step;
}

static struct path_step next_key(const char **at)
{
    const char *from = *at + 1, *to = from;
    struct path_step step = {.kind = PATH_KEY, .quoted = *from == '"'};

    if (step.quoted) {
        for (to = ++from; *to != '"'; to++) {
            to += *to == '\\';
            if (*to == '\0') {
                return bad();
            }
        }
    } else {
        to += strcspn(to, "}");
    }
    step.text = from;
    step.size = (size_t)(to - from);
    to += step.quoted;
    if (*to != '}' || (!step.quoted && step.size == 0)) {
        return bad();
    }
    *at = to + 1;
    return step;
}

struct path_step path_next(const char **at, bool first)
{
    if (first) {
        return next_name(at);
    }
    switch (**at) {
    case '\0':
        return (struct path_step){.kind = PATH_END};
    case '.':
        ++*at;
        return next_name(at);
    case '[':
        return next_item(at);
    case '{':
        return next_key(at);
    default:
        return bad();
    }
}

static char unescaped(char escape)
{
    switch (escape) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return escape;
    }
}

static thrift_status string_key(const struct path_step *step, char scratch[PATH_SCRATCH_SIZE],
                                union slot *out)
{
    size_t size = 0;

    if (!step->quoted || memchr(step->text, '\\', step->size) == NULL) {
        out->bytes = (thrift_bytes){(const uint8_t *)step->text, step->size};
        return THRIFT_OK;
    }
    for (size_t i = 0; i < step->size; i++) {
        char c = step->text[i];

        if (size == PATH_SCRATCH_SIZE) {
            return THRIFT_E_LIMIT;
        }
        if (c == '\\') {
            c = unescaped(step->text[++i]);
        }
        scratch[size++] = c;
    }
    out->bytes = (thrift_bytes){(const uint8_t *)scratch, size};
    return THRIFT_OK;
}

static thrift_status bool_key(const struct path_step *step, union slot *out)
{
    bool truth = step->size == 4 && memcmp(step->text, "true", 4) == 0;

    if (!truth && (step->size != 5 || memcmp(step->text, "false", 5) != 0)) {
        return THRIFT_E_TYPE;
    }
    out->boolean = truth;
    return THRIFT_OK;
}

static thrift_status double_key(const struct path_step *step, union slot *out)
{
    return number_parse_double(step->text, step->size, &out->real) ? THRIFT_OK : THRIFT_E_TYPE;
}

/* Integers, and enums by number. */
static thrift_status integer_key(const struct path_step *step, const thrift_type *type,
                                 union slot *out)
{
    const uint8_t *at = (const uint8_t *)step->text, *end = at + step->size;
    int64_t number;

    if (integer_read_i64(&at, end, &number) != INTEGER_OK || at != end) {
        return THRIFT_E_TYPE;
    }
    return slot_take(type, thrift_value_integer(number), out);
}

thrift_status path_key(const struct path_step *step, const thrift_type *type,
                       char scratch[PATH_SCRATCH_SIZE], union slot *out)
{
    thrift_value text = {THRIFT_KIND_STRING, 0, NULL, {false}};

    text.as.bytes = (thrift_bytes){(const uint8_t *)step->text, step->size};
    switch (type->kind) {
    case THRIFT_KIND_STRING:
    case THRIFT_KIND_BINARY:
        return string_key(step, scratch, out);
    case THRIFT_KIND_BOOL:
        return bool_key(step, out);
    case THRIFT_KIND_I8:
    case THRIFT_KIND_I16:
    case THRIFT_KIND_I32:
    case THRIFT_KIND_I64:
        return integer_key(step, type, out);
    case THRIFT_KIND_DOUBLE:
        return double_key(step, out);
    case THRIFT_KIND_ENUM:
        return slot_take(type, text, out) == THRIFT_OK ? THRIFT_OK : integer_key(step, type, out);
    case THRIFT_KIND_UUID:
        return slot_take(type, text, out);
    case THRIFT_KIND_NONE:
    case THRIFT_KIND_RECORD:
    case THRIFT_KIND_LIST:
    case THRIFT_KIND_SET:
    case THRIFT_KIND_MAP:
        break;
    }
    return THRIFT_E_TYPE;
}
