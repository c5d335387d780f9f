/*
 * Peek: one value out of encoded bytes, the rest passed over.
 */
#include "base/error.h"
#include "base/limits.h"
#include "codec/codec.h"
#include "codec/expressible.h"
#include "codec/locate.h"
#include "codec/struct_named.h"
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
    } else {
        out->as.integer = read.integer;
    }
    return THRIFT_OK;
}

thrift_status thrift_peek(const thrift_schema *schema, const char *type, thrift_protocol protocol,
                          thrift_bytes input, const char *path, thrift_value *out_value,
                          thrift_error *err)
{
    const thrift_struct *found = schema != NULL ? struct_named(schema, type, err) : NULL;
    const struct plan *plan = found != NULL ? plan_of(schema, found, err) : NULL;
    struct locator locator;
    thrift_status status = THRIFT_OK;

    if (plan == NULL) {
        return found == NULL ? THRIFT_E_NAME : THRIFT_E_NOMEM;
    }
    if (!is_expressible(found, protocol)) {
        return refuse_float(found, protocol, err);
    }
    if (protocol != THRIFT_BINARY && protocol != THRIFT_COMPACT) {
        return FAIL(err, THRIFT_E_ARGUMENT, "protocol %d cannot be read in parts", (int)protocol);
    }
    locator = locator_at(plan, protocol, input, &limits_default);
    for (bool first = true; status == THRIFT_OK && !locator.absent; first = false) {
        struct path_step step = path_next(&path, first);

        if (step.kind == PATH_END) {
            return take_value(&locator, out_value, err);
        }
        status = locator_step(&locator, &step, err);
    }
    if (status == THRIFT_OK) {
        *out_value = (thrift_value){.kind = THRIFT_KIND_NONE};
    }
    return status;
}
