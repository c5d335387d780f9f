/*
 * Faults as statuses and sentences.
 */
#include "wire/cursor.h"

#include "base/error.h"

static const struct {
    thrift_status status;
    const char *text;
} faults[] = {
    [WIRE_OK] = {THRIFT_OK, "nothing is wrong"},
    [WIRE_TRUNCATED] = {THRIFT_E_TRUNCATED, "the input ends too early"},
    [WIRE_NEGATIVE_SIZE] = {THRIFT_E_CORRUPT, "a size is negative"},
    [WIRE_SIZE_LIMIT] = {THRIFT_E_LIMIT, "a size is over the limit"},
    [WIRE_DEPTH_LIMIT] = {THRIFT_E_LIMIT, "values are nested too deep"},
    [WIRE_BAD_TYPE] = {THRIFT_E_CORRUPT, "no such type code"},
    [WIRE_BAD_VALUE] = {THRIFT_E_CORRUPT, "the bytes are not a value of the protocol"},
    [WIRE_RANGE] = {THRIFT_E_RANGE, "a number does not fit its type"},
    [WIRE_NOT_UTF8] = {THRIFT_E_CORRUPT, "a string is not UTF-8"},
    [WIRE_BAD_VERSION] = {THRIFT_E_PROTOCOL, "not a message of this protocol version"},
    [WIRE_NO_MEMORY] = {THRIFT_E_NOMEM, "out of memory"},
};

thrift_status wire_fault_status(enum wire_fault fault) { return faults[fault].status; }

const char *wire_fault_text(enum wire_fault fault) { return faults[fault].text; }

thrift_status wire_fail(enum wire_fault fault, const struct cursor *cursor, thrift_error *err)
{
    size_t offset = cursor_offset(cursor);

    FAIL(err, faults[fault].status, "%s, at byte %zu", faults[fault].text, offset);
    if (err != NULL) {
        err->offset = offset;
    }
    return faults[fault].status;
}
