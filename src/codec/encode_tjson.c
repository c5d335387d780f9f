/*
 * The encoders of TJSON, byte for byte what Apache C++ writes, and of simple JSON, what Apache's
 * TSimpleJSONProtocol writes: the same scalars under names, binary padded, no reader.
 */
#include "codec/encode_json.h"
#include "wire/tjson.h"

/* Numbers are in quotes where they are keys. */
static inline __attribute__((always_inline)) bool write_integer(struct json_encoder *json,
                                                                int64_t x, bool key)
{
    if (key) {
        json_put_quoted_integer(&json->out, x);
    } else {
        json_put_integer(&json->out, x);
    }
    return true;
}

static inline __attribute__((always_inline)) bool
write_leaf(struct json_encoder *json, uint8_t code, bool key, const void *slot, bool padded)
{

    switch (code) {
    case PLAN_BOOL:
        return write_integer(json, *(const bool *)slot, key);
    case PLAN_I8:
        return write_integer(json, *(const int8_t *)slot, key);
    case PLAN_I16:
        return write_integer(json, *(const int16_t *)slot, key);
    case PLAN_I32:
    case PLAN_ENUM:
        return write_integer(json, *(const int32_t *)slot, key);
    case PLAN_I64:
        return write_integer(json, *(const int64_t *)slot, key);
    case PLAN_DOUBLE:
        json_put_double(&json->out, *(const double *)slot, true, key);
        return true;
    case PLAN_UUID:
        json_put_uuid(&json->out, ((const thrift_uuid *)slot)->bytes);
        return true;
    case PLAN_STRING:
        return json_encode_said(json, json_write_text(&json->out, *(const thrift_bytes *)slot));
    default:
        return json_encode_said(json,
                                json_write_base64(&json->out, *(const thrift_bytes *)slot, padded));
    }
}

#define J_PRETTY false
#define J_PAIRS false

#define J(name) tagged_json_##name
#define J_TAGGED true
static inline const struct json_key *tagged_json_keys(const struct json_encoder *json,
                                                      const struct plan *plan)
{
    return json->plans[plan->layout->index].tagged;
}

static inline bool tagged_json_leaf(struct json_encoder *json, const struct plan_type *type,
                                    uint8_t code, bool key, const void *slot)
{
    (void)type;
    return write_leaf(json, code, key, slot, false);
}

bool tagged_json_write_leaf(struct json_encoder *json, const struct plan_type *type, bool key,
                            const void *slot)
{
    return tagged_json_leaf(json, type, type->code, key, slot);
}

#include "codec/encode_json_template.h"
#undef J
#undef J_TAGGED

#define J(name) simple_json_##name
#define J_TAGGED false
static inline const struct json_key *simple_json_keys(const struct json_encoder *json,
                                                      const struct plan *plan)
{
    return json->plans[plan->layout->index].named;
}

static inline bool simple_json_leaf(struct json_encoder *json, const struct plan_type *type,
                                    uint8_t code, bool key, const void *slot)
{
    (void)type;
    return write_leaf(json, code, key, slot, true);
}

bool simple_json_write_leaf(struct json_encoder *json, const struct plan_type *type, bool key,
                            const void *slot)
{
    return simple_json_leaf(json, type, type->code, key, slot);
}

#include "codec/encode_json_template.h"
