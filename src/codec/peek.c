/*
 * Peek: one value out of encoded bytes, the rest passed over.
 */
#include "base/buffer.h"
#include "base/error.h"
#include "base/limits.h"
#include "codec/codec.h"
#include "codec/expressible.h"
#include "codec/locate.h"
#include "codec/locate_json.h"
#include "codec/struct_named.h"
#include "value/convert.h"
#include "wire/wire_type.h"

/* A container or struct as its bytes. */
static thrift_status take_bytes(struct locator *locator, thrift_value *out, thrift_error *err)
{
    const uint8_t *begin = locator->reader.in.at;
    enum wire_fault fault = locator_pass(locator, locator->type->wire);

    if (fault != WIRE_OK) {
        return locator_fail(locator, fault, err);
    }
    *out = (thrift_value){.kind = THRIFT_KIND_BINARY};
    out->as.bytes = (thrift_bytes){begin, (size_t)(locator->reader.in.at - begin)};
    return THRIFT_OK;
}

static thrift_status take_value(struct locator *locator, thrift_value *out, thrift_error *err)
{
    const struct plan_type *type = locator->type;
    struct wire_value read = {.type = WIRE_BOOL, .integer = locator->truth};
    enum wire_fault fault = WIRE_OK;

    if (!plan_is_leaf(type)) {
        return take_bytes(locator, out, err);
    }
    if (!locator->in_head) {
        fault = reader_value(&locator->reader, type->wire, &read);
    }
    if (fault != WIRE_OK) {
        return locator_fail(locator, fault, err);
    }
    *out = (thrift_value){.kind = type->type->kind};
    if (type->code == PLAN_DOUBLE) {
        out->as.real = read.real;
    } else if (type->code == PLAN_UUID) {
        memcpy(&out->as.uuid, read.bytes.data, sizeof out->as.uuid);
    } else if (type->code >= PLAN_STRING) {
        out->as.bytes = read.bytes;
    } else if (type->code == PLAN_BOOL) {
        out->as.boolean = read.integer != 0;
    } else if (type->code == PLAN_ENUM) {
        out->as.symbol.number = read.integer;
        out->as.symbol.type = type->type->symbols;
    } else {
        out->as.integer = read.integer;
    }
    return THRIFT_OK;
}

/* Along the path to a value of binary or compact. */
static thrift_status peek_bytes(const struct plan *plan, thrift_protocol protocol,
                                thrift_bytes input, const char *path, thrift_value *out,
                                thrift_error *err)
{
    struct locator locator = locator_at(plan, protocol, input, &limits_default);
    struct path_walk walk = path_walk_at(path);
    thrift_status status = THRIFT_OK;

    while (status == THRIFT_OK && !locator.absent && walk.step.kind != PATH_END) {
        path_walk_next(&walk);
        status = walk.step.kind == PATH_END ? take_value(&locator, out, err)
                                            : locator_step(&locator, &walk.step, err);
    }
    if (status != THRIFT_OK) {
        path_walk_prepend(&walk, !locator.damaged, err);
    }
    return status;
}

/* ---- JSON ---- */

/* What is no view goes into `memory`, if there is any. */
static thrift_status keep_string(const struct json_locator *locator, thrift_buffer *memory,
                                 thrift_bytes *bytes, thrift_error *err)
{
    const struct cursor *in = locator->source.in;

    if (bytes->size == 0 ||
        (uintptr_t)bytes->data - (uintptr_t)in->begin < (uintptr_t)in->end - (uintptr_t)in->begin) {
        return THRIFT_OK;
    }
    if (memory == NULL) {
        return FAIL(err, THRIFT_E_ARGUMENT,
                    "the value does not stand in the input as it is: thrift_peek_copy()");
    }
    memory->size = 0;
    if (!buffer_append(memory, bytes->data, bytes->size)) {
        return FAIL_NOMEM(err);
    }
    *bytes = buffer_bytes(memory);
    return THRIFT_OK;
}

static thrift_status take_json(struct json_locator *locator, thrift_buffer *memory,
                               thrift_value *out, thrift_error *err)
{
    const struct plan_type *type = locator->type;
    thrift_value value = {.kind = THRIFT_KIND_BINARY};
    thrift_status status;
    union slot slot;

    if (!plan_is_leaf(type)) {
        status = json_locator_text(locator, &value.as.bytes, err);
    } else {
        status = json_locator_leaf(locator, &slot, err);
        if (status == THRIFT_OK) {
            value = slot_value(type->type, &slot, NULL);
        }
        if (status == THRIFT_OK && (type->code == PLAN_STRING || type->code == PLAN_BINARY)) {
            status = keep_string(locator, memory, &value.as.bytes, err);
        }
    }
    if (status == THRIFT_OK) {
        *out = value;
    }
    return status;
}

static thrift_status peek_json(const struct plan *plan, thrift_protocol protocol,
                               thrift_bytes input, const char *path, thrift_buffer *memory,
                               thrift_value *out, thrift_error *err)
{
    struct json_locator locator;
    struct path_walk walk = path_walk_at(path);
    thrift_status status = json_locator_begin(&locator, plan, protocol, input, err);

    while (status == THRIFT_OK && !locator.absent && walk.step.kind != PATH_END) {
        path_walk_next(&walk);
        status = walk.step.kind == PATH_END ? take_json(&locator, memory, out, err)
                                            : json_locator_step(&locator, &walk.step, err);
    }
    if (status != THRIFT_OK) {
        path_walk_prepend(&walk, !locator.damaged, err);
    }
    json_locator_end(&locator);
    return status;
}

static thrift_status peek(const thrift_schema *schema, const char *type, thrift_protocol protocol,
                          thrift_bytes input, const char *path, thrift_buffer *memory,
                          thrift_value *out_value, thrift_error *err)
{
    const thrift_struct *found = schema != NULL ? struct_named(schema, type, err) : NULL;
    const struct plan *plan = found != NULL ? plan_of(schema, found, err) : NULL;
    thrift_value value = {.kind = THRIFT_KIND_NONE};
    thrift_status status;

    if (plan == NULL) {
        return found == NULL ? THRIFT_E_NAME : THRIFT_E_NOMEM;
    }
    if (!is_expressible(found, protocol)) {
        return refuse_float(found, protocol, err);
    }
    if (protocol == THRIFT_BINARY || protocol == THRIFT_COMPACT) {
        status = peek_bytes(plan, protocol, input, path, &value, err);
    } else if (protocol == THRIFT_TJSON || protocol == THRIFT_PLAIN_JSON) {
        status = peek_json(plan, protocol, input, path, memory, &value, err);
    } else {
        return FAIL(err, THRIFT_E_ARGUMENT, "protocol %d cannot be read", (int)protocol);
    }
    if (status == THRIFT_OK) {
        *out_value = value;
    }
    return status;
}

thrift_status thrift_peek(const thrift_schema *schema, const char *type, thrift_protocol protocol,
                          thrift_bytes input, const char *path, thrift_value *out_value,
                          thrift_error *err)
{
    return peek(schema, type, protocol, input, path, NULL, out_value, err);
}

thrift_status thrift_peek_copy(const thrift_schema *schema, const char *type,
                               thrift_protocol protocol, thrift_bytes input, const char *path,
                               thrift_buffer *memory, thrift_value *out_value, thrift_error *err)
{
    thrift_value value;
    thrift_bytes *bytes = &value.as.bytes;
    thrift_status status = peek(schema, type, protocol, input, path, memory, &value, err);

    if (status == THRIFT_OK &&
        (value.kind == THRIFT_KIND_STRING || value.kind == THRIFT_KIND_BINARY)) {
        if (bytes->data != memory->data) {
            memory->size = 0;
        }
        if ((bytes->data != memory->data && !buffer_append(memory, bytes->data, bytes->size)) ||
            !buffer_append(memory, "", 1)) {
            return FAIL_NOMEM(err);
        }
        *bytes = (thrift_bytes){memory->data, bytes->size};
    }
    if (status == THRIFT_OK) {
        *out_value = value;
    }
    return status;
}
