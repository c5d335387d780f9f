/*
 * Reading, finding and appending pairs.
 *
 * Source of the characters: RFC 9110, 5.1 and 5.5; 5.6.2 "token".
 */
#include "wire/headers.h"

#include <string.h>

#include "base/buffer.h"
#include "wire/compact.h"

static enum wire_fault read_text(struct cursor *in, thrift_bytes *out)
{
    uint32_t size;

    if (varint_read32(in, &size) != WIRE_OK || !cursor_need(in, size)) {
        return WIRE_BAD_VALUE;
    }
    *out = (thrift_bytes){in->at, size};
    in->at += size;
    return WIRE_OK;
}

enum wire_fault headers_pass(struct cursor *in, uint32_t count)
{
    enum wire_fault fault = WIRE_OK;
    thrift_bytes text;

    for (uint64_t i = 0; i < 2 * (uint64_t)count && fault == WIRE_OK; i++) {
        fault = read_text(in, &text);
    }
    return fault;
}

bool headers_next(thrift_bytes *rest, struct header *out)
{
    struct cursor in = cursor_of(*rest);

    if (read_text(&in, &out->name) != WIRE_OK || read_text(&in, &out->value) != WIRE_OK) {
        return false;
    }
    *rest = (thrift_bytes){in.at, cursor_left(&in)};
    return true;
}

uint32_t headers_count(thrift_bytes headers)
{
    struct header header;
    uint32_t count = 0;

    while (headers_next(&headers, &header)) {
        count++;
    }
    return count;
}

static uint8_t lower(uint8_t c) { return c >= 'A' && c <= 'Z' ? (uint8_t)(c + ('a' - 'A')) : c; }

bool header_name_equal(thrift_bytes name, const char *other)
{
    size_t i = 0;

    while (i < name.size && other[i] != '\0' && lower(name.data[i]) == lower((uint8_t)other[i])) {
        i++;
    }
    return i == name.size && other[i] == '\0';
}

bool headers_find(thrift_bytes headers, const char *name, thrift_bytes *out_value)
{
    struct header header;
    bool found = false;

    while (headers_next(&headers, &header)) {
        if (header_name_equal(header.name, name)) {
            *out_value = header.value;
            found = true;
        }
    }
    return found;
}

static uint8_t *put(uint8_t *to, thrift_bytes text)
{
    to = varint_write32(to, (uint32_t)text.size);
    if (text.size > 0) {
        memcpy(to, text.data, text.size);
    }
    return to + text.size;
}

bool headers_append(thrift_buffer *headers, thrift_bytes name, thrift_bytes value)
{
    uint8_t *to;

    if (name.size > INT32_MAX || value.size > INT32_MAX ||
        !buffer_reserve(headers, name.size + value.size + 2 * (size_t)COMPACT_VARINT32_SIZE)) {
        return false;
    }
    to = put(put(headers->data + headers->size, name), value);
    headers->size = (size_t)(to - headers->data);
    return true;
}

static bool is_token(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

bool header_name_valid(thrift_bytes name)
{
    bool valid = name.size > 0;

    for (size_t i = 0; i < name.size && valid; i++) {
        valid = is_token(name.data[i]);
    }
    return valid;
}

bool header_value_valid(thrift_bytes value)
{
    bool valid = true;

    for (size_t i = 0; i < value.size && valid; i++) {
        valid = value.data[i] >= 0x20 && value.data[i] != 0x7f;
    }
    return valid;
}
