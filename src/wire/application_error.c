/*
 * TApplicationException: struct { 1: string message, 2: i32 type }.
 *
 * Source: Apache Thrift lib/cpp TApplicationException.cpp; writers leave fields out, so a reader
 * takes what is there.
 */
#include "base/buffer.h"
#include "base/error.h"
#include "wire/binary.h"
#include "wire/compact.h"
#include "wire/message.h"
#include "wire/skip.h"
#include "wire/tjson_message.h"

#define FIELD_TEXT 1
#define FIELD_CODE 2
#define STRUCT_SIZE_MOST 24u /* without the text, any protocol */

static const struct skip_depth inside_struct = {1, 1};

static enum wire_fault read_binary(struct cursor *in, const thrift_limits *limits,
                                   struct application_error *out)
{
    for (;;) {
        uint8_t type;
        int16_t id = 0;
        enum wire_fault fault = WIRE_OK;

        if (!binary_read_field(in, &type, &id)) {
            return WIRE_TRUNCATED;
        }
        if (type == WIRE_STOP) {
            return WIRE_OK;
        }
        if (id == FIELD_TEXT && type == WIRE_STRING) {
            fault = binary_read_string(in, limits->max_string_size, &out->text);
        } else if (id == FIELD_CODE && type == WIRE_I32) {
            fault = binary_read_i32(in, &out->code) ? WIRE_OK : WIRE_TRUNCATED;
        } else {
            fault = skip_value(THRIFT_BINARY, in, type, inside_struct, limits);
        }
        if (fault != WIRE_OK) {
            return fault;
        }
    }
}

static enum wire_fault read_compact(struct cursor *in, const thrift_limits *limits,
                                    struct application_error *out)
{
    int16_t last_id = 0;

    for (;;) {
        uint8_t type;
        int16_t id = 0;
        bool truth;
        enum wire_fault fault = compact_read_field(in, &last_id, &type, &id, &truth);

        if (fault != WIRE_OK || type == WIRE_STOP) {
            return fault;
        }
        if (id == FIELD_TEXT && type == WIRE_STRING) {
            fault = compact_read_string(in, limits->max_string_size, &out->text);
        } else if (id == FIELD_CODE && type == WIRE_I32) {
            fault = compact_read_i32(in, &out->code);
        } else if (type != WIRE_BOOL) {
            fault = skip_value(THRIFT_COMPACT, in, type, inside_struct, limits);
        }
        if (fault != WIRE_OK) {
            return fault;
        }
    }
}

thrift_status application_error_read(thrift_protocol protocol, thrift_bytes *input,
                                     const thrift_limits *limits, struct application_error *out,
                                     thrift_error *err)
{
    struct cursor in = cursor_of(*input);
    struct application_error error = {0};
    enum wire_fault fault;

    if (protocol == THRIFT_BINARY) {
        fault = read_binary(&in, limits, &error);
    } else if (protocol == THRIFT_COMPACT) {
        fault = read_compact(&in, limits, &error);
    } else if (protocol == THRIFT_TJSON) {
        fault = tjson_read_application_error(&in, limits, &error);
    } else {
        return FAIL(err, THRIFT_E_ARGUMENT, "protocol %d has no messages", (int)protocol);
    }
    if (fault != WIRE_OK) {
        return wire_fail(fault, &in, err);
    }
    *out = error;
    *input = (thrift_bytes){in.at, cursor_left(&in)};
    return THRIFT_OK;
}

static uint8_t *put_text(uint8_t *to, thrift_bytes text)
{
    if (text.size > 0) {
        memcpy(to, text.data, text.size);
    }
    return to + text.size;
}

static uint8_t *write_binary(uint8_t *to, const struct application_error *error)
{
    to = binary_write_field(to, WIRE_STRING, FIELD_TEXT);
    to = binary_write_i32(to, (int32_t)error->text.size);
    to = put_text(to, error->text);
    to = binary_write_field(to, WIRE_I32, FIELD_CODE);
    to = binary_write_i32(to, error->code);
    *to = WIRE_STOP;
    return to + 1;
}

static uint8_t *write_compact(uint8_t *to, const struct application_error *error)
{
    to = compact_write_field(to, wire_to_compact[WIRE_STRING], FIELD_TEXT, 0);
    to = varint_write32(to, (uint32_t)error->text.size);
    to = put_text(to, error->text);
    to = compact_write_field(to, wire_to_compact[WIRE_I32], FIELD_CODE, FIELD_TEXT);
    to = varint_write32(to, zigzag_encode32(error->code));
    *to = WIRE_STOP;
    return to + 1;
}

thrift_status application_error_write(thrift_protocol protocol,
                                      const struct application_error *error, thrift_buffer *out,
                                      thrift_error *err)
{
    uint8_t *to;

    if (protocol == THRIFT_TJSON) {
        return tjson_write_application_error(error, out) == WIRE_OK ? THRIFT_OK : FAIL_NOMEM(err);
    }
    if (protocol != THRIFT_BINARY && protocol != THRIFT_COMPACT) {
        return FAIL(err, THRIFT_E_ARGUMENT, "protocol %d has no messages", (int)protocol);
    }
    if (error->text.size > INT32_MAX - STRUCT_SIZE_MOST) {
        return FAIL(err, THRIFT_E_LIMIT, "an error text of %zu bytes", error->text.size);
    }
    if (!buffer_reserve(out, STRUCT_SIZE_MOST + error->text.size)) {
        return FAIL_NOMEM(err);
    }
    to = out->data + out->size;
    to = protocol == THRIFT_COMPACT ? write_compact(to, error) : write_binary(to, error);
    out->size = (size_t)(to - out->data);
    return THRIFT_OK;
}

const char *application_code_name(int32_t code)
{
    static const char *const names[] = {
        "UNKNOWN",           "UNKNOWN_METHOD",   "INVALID_MESSAGE_TYPE",    "WRONG_METHOD_NAME",
        "BAD_SEQUENCE_ID",   "MISSING_RESULT",   "INTERNAL_ERROR",          "PROTOCOL_ERROR",
        "INVALID_TRANSFORM", "INVALID_PROTOCOL", "UNSUPPORTED_CLIENT_TYPE",
    };
    return code >= 0 && (size_t)code < sizeof names / sizeof names[0] ? names[code] : NULL;
}
