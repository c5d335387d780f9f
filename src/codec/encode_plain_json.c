/*
 * The encoder of plain JSON: what people mean by JSON. docs/reference/plain-json.md.
 */
#include "codec/encode_json.h"
#include "wire/tjson.h"

#define J(name) named_json_##name
#define J_TAGGED false
#define J_PRETTY true
#define J_PAIRS true

static inline const struct json_key *named_json_keys(const struct json_encoder *json,
                                                     const struct plan *plan)
{
    return json->plans[plan->layout->index].plain;
}

static void write_bool(struct json_encoder *json, bool x, bool key)
{
    static const char *const words[2][2] = {{"false", "true"}, {"\"false\"", "\"true\""}};
    const char *word = words[key][x];

    json_put(&json->out, word, strlen(word));
}

static inline void write_integer(struct json_encoder *json, int64_t x, bool quoted)
{
    if (quoted) {
        json_put_quoted_integer(&json->out, x);
    } else {
        json_put_integer(&json->out, x);
    }
}

static inline bool named_json_leaf(struct json_encoder *json, const struct plan_type *type,
                                   uint8_t code, bool key, const void *slot)
{
    const struct codec_policy *policy = json->encoder->policy;
    bool quoted = key || (json->quotes & JSON_QUOTES_ALL) == JSON_QUOTES_ALL;

    switch (code) {
    case PLAN_BOOL:
        write_bool(json, *(const bool *)slot, key);
        return true;
    case PLAN_I8:
        write_integer(json, policy->i8_unsigned ? *(const uint8_t *)slot : *(const int8_t *)slot,
                      quoted);
        return true;
    case PLAN_I16:
        write_integer(json, *(const int16_t *)slot, quoted);
        return true;
    case PLAN_I32:
        write_integer(json, *(const int32_t *)slot, quoted);
        return true;
    case PLAN_ENUM:
        if (policy->enums_as_numbers) {
            write_integer(json, *(const int32_t *)slot, quoted);
            return true;
        }
        return json_encode_enum(json, type, *(const int32_t *)slot, key);
    case PLAN_I64:
        write_integer(json, *(const int64_t *)slot, key || json->quotes != JSON_QUOTES_NONE);
        return true;
    case PLAN_DOUBLE:
        json_put_double(&json->out, *(const double *)slot, false, quoted);
        return true;
    case PLAN_UUID:
        json_put_uuid(&json->out, ((const thrift_uuid *)slot)->bytes);
        return true;
    case PLAN_STRING:
        return json_encode_said(json, json_write_text(&json->out, *(const thrift_bytes *)slot));
    default:
        if (policy->binary_as_text) {
            return json_encode_said(json, json_write_text(&json->out, *(const thrift_bytes *)slot));
        }
        return json_encode_said(json,
                                json_write_base64(&json->out, *(const thrift_bytes *)slot, true));
    }
}

bool named_json_write_leaf(struct json_encoder *json, const struct plan_type *type, bool key,
                           const void *slot)
{
    return named_json_leaf(json, type, type->code, key, slot);
}

#include "codec/encode_json_template.h"
