/*
 * TJSON's heads and numbers, read.
 */
#include "wire/tjson.h"

#include "base/uuid.h"

static const char *const texts[] = {
    [WIRE_BOOL] = "\"tf\"",    [WIRE_I8] = "\"i8\"",      [WIRE_DOUBLE] = "\"dbl\"",
    [WIRE_I16] = "\"i16\"",    [WIRE_I32] = "\"i32\"",    [WIRE_I64] = "\"i64\"",
    [WIRE_STRING] = "\"str\"", [WIRE_STRUCT] = "\"rec\"", [WIRE_MAP] = "\"map\"",
    [WIRE_SET] = "\"set\"",    [WIRE_LIST] = "\"lst\"",   [WIRE_UUID] = "\"uid\"",
};

const uint8_t tjson_least[256] = {
    [WIRE_BOOL] = 1, [WIRE_I8] = 1,  [WIRE_DOUBLE] = 1, [WIRE_I16] = 1,
    [WIRE_I32] = 1,  [WIRE_I64] = 1, [WIRE_STRING] = 2, [WIRE_STRUCT] = 2,
    [WIRE_MAP] = 15, [WIRE_SET] = 8, [WIRE_LIST] = 8,   [WIRE_UUID] = 38,
};

const char *tjson_type_text(uint8_t type)
{
    return type < sizeof texts / sizeof texts[0] ? texts[type] : NULL;
}

static uint8_t type_of(const uint8_t *name, size_t size)
{
    static const uint8_t types[] = {WIRE_I32,  WIRE_STRING, WIRE_STRUCT, WIRE_I64,
                                    WIRE_LIST, WIRE_DOUBLE, WIRE_MAP,    WIRE_I16,
                                    WIRE_SET,  WIRE_BOOL,   WIRE_I8,     WIRE_UUID};

    for (size_t i = 0; i < sizeof types; i++) {
        const char *text = texts[types[i]] + 1;

        if (text[size] == '"' && memcmp(name, text, size) == 0) {
            return types[i];
        }
    }
    return WIRE_STOP;
}

enum wire_fault tjson_read_type(struct cursor *in, uint8_t *type)
{
    struct json_text name;
    struct cursor next = *in;
    enum wire_fault fault = json_read_string(&next, &name);

    if (fault != WIRE_OK) {
        in->at = next.at;
        return fault;
    }
    *type = name.size == 2 || name.size == 3 ? type_of(name.data, name.size) : WIRE_STOP;
    if (*type == WIRE_STOP) {
        return WIRE_BAD_TYPE;
    }
    in->at = next.at;
    return WIRE_OK;
}

enum wire_fault tjson_read_field(struct cursor *in, int16_t *id, uint8_t *type)
{
    int64_t number = 0;
    enum wire_fault fault = tjson_read_integer(in, true, INT16_MIN, INT16_MAX, &number);

    fault = fault != WIRE_OK ? fault : json_need(in, ':');
    fault = fault != WIRE_OK ? fault : json_need(in, '{');
    fault = fault != WIRE_OK ? fault : tjson_read_type(in, type);
    fault = fault != WIRE_OK ? fault : json_need(in, ':');
    if (fault == WIRE_OK) {
        *id = (int16_t)number;
    }
    return fault;
}

static enum wire_fault read_count(struct cursor *in, uint32_t *count)
{
    int64_t number = 0;
    enum wire_fault fault = json_need(in, ',');

    fault = fault != WIRE_OK ? fault : json_read_integer(in, &number);
    if (fault == WIRE_OK && (number < 0 || number > INT32_MAX)) {
        return WIRE_NEGATIVE_SIZE;
    }
    if (fault == WIRE_OK) {
        *count = (uint32_t)number;
    }
    return fault == WIRE_RANGE ? WIRE_NEGATIVE_SIZE : fault;
}

enum wire_fault tjson_read_list(struct cursor *in, uint8_t *element, uint32_t *count)
{
    enum wire_fault fault = json_need(in, '[');

    fault = fault != WIRE_OK ? fault : tjson_read_type(in, element);
    return fault != WIRE_OK ? fault : read_count(in, count);
}

enum wire_fault tjson_read_map(struct cursor *in, uint8_t *key, uint8_t *value, uint32_t *count)
{
    enum wire_fault fault = json_need(in, '[');

    fault = fault != WIRE_OK ? fault : tjson_read_type(in, key);
    fault = fault != WIRE_OK ? fault : json_need(in, ',');
    fault = fault != WIRE_OK ? fault : tjson_read_type(in, value);
    fault = fault != WIRE_OK ? fault : read_count(in, count);
    fault = fault != WIRE_OK ? fault : json_need(in, ',');
    return fault != WIRE_OK ? fault : json_need(in, '{');
}

/* Leading zeros: npm's library writes "-000000000001" for an i64, and Apache's readers take it. */
static enum wire_fault read_padded(struct cursor *in, int64_t *out)
{
    struct cursor bare = *in;
    bool negative = bare.at < bare.end && *bare.at == '-';
    enum wire_fault fault;

    bare.at += negative;
    if (bare.at == bare.end || *bare.at != '0') {
        return WIRE_BAD_VALUE;
    }
    while (bare.end - bare.at > 1 && *bare.at == '0' && bare.at[1] >= '0' && bare.at[1] <= '9') {
        bare.at++;
    }
    fault = json_read_integer(&bare, out);
    if (fault == WIRE_OK) {
        *out = negative ? -*out : *out;
        in->at = bare.at;
    }
    return fault;
}

enum wire_fault tjson_read_integer(struct cursor *in, bool key, int64_t least, int64_t most,
                                   int64_t *out)
{
    const uint8_t *begin;
    int64_t x = 0;
    enum wire_fault fault = key ? json_need(in, '"') : WIRE_OK;

    begin = in->at;
    fault = fault != WIRE_OK ? fault : json_read_integer(in, &x);
    if (fault == WIRE_BAD_VALUE) {
        fault = read_padded(in, &x);
    }
    if (fault != WIRE_OK) {
        return fault;
    }
    if (x < least || x > most) {
        in->at = begin;
        return WIRE_RANGE;
    }
    if (key && (in->at == in->end || *in->at++ != '"')) {
        in->at -= in->at != in->end;
        return json_fault(in);
    }
    *out = x;
    return WIRE_OK;
}

/* A name of no finite number, without quotes. */
static enum wire_fault read_bare_special(struct cursor *in, double *out)
{
    const uint8_t *at = in->at;

    while (at < in->end && (*at == '-' || ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z'))) {
        at++;
    }
    if (!json_special_double(in->at, (size_t)(at - in->at), out)) {
        return at == in->end ? WIRE_TRUNCATED : WIRE_BAD_VALUE;
    }
    in->at = at;
    return WIRE_OK;
}

static enum wire_fault read_quoted_double(struct cursor *in, bool key, double *out)
{
    struct json_text text;
    struct cursor next = *in, inside;
    enum wire_fault fault = json_read_string(&next, &text);

    if (fault != WIRE_OK) {
        return fault;
    }
    if (!json_special_double(text.data, text.size, out)) {
        inside = cursor_of((thrift_bytes){text.data, text.size});
        fault = key && text.size > 0 && !json_is_space(text.data[0])
                    ? json_read_double(&inside, out)
                    : WIRE_BAD_VALUE;
        if (fault != WIRE_OK || inside.at != inside.end) {
            return fault == WIRE_RANGE ? fault : WIRE_BAD_VALUE;
        }
    }
    in->at = next.at;
    return WIRE_OK;
}

enum wire_fault tjson_read_double(struct cursor *in, bool key, double *out)
{
    uint8_t first = json_peek(in);

    if (first == '"') {
        return read_quoted_double(in, key, out);
    }
    if (key) {
        return json_fault(in);
    }
    if (first == '-' ? cursor_left(in) > 1 && in->at[1] > '9' : first > '9') {
        return read_bare_special(in, out);
    }
    return json_read_double(in, out);
}

enum wire_fault tjson_read_uuid(struct cursor *in, uint8_t *out)
{
    struct json_text text;
    enum wire_fault fault = json_read_string(in, &text);

    return fault == WIRE_OK && !uuid_read((const char *)text.data, text.size, out) ? WIRE_BAD_VALUE
                                                                                   : fault;
}
