/*
 * Strings: copied as they are up to the next character that has to be escaped.
 *
 * Escapes as Apache C++ writes them: \" \\ \b \f \n \r \t, other control characters as \u00xx,
 * everything else raw.
 */
#include "wire/json_writer.h"

#include "base/base64.h"
#include "base/utf8.h"
#include "wire/json.h"

#define ESCAPE_SIZE 6u /* \u001f */

bool json_writer_grow(struct json_writer *out, size_t more)
{
    thrift_buffer *buffer = out->buffer;
    size_t before = buffer->size, written;

    if (more > SIZE_MAX / 2) {
        return false;
    }
    written = buffer->data != NULL ? (size_t)(out->at - buffer->data) : 0;
    buffer->size = written;
    if (!buffer_reserve(buffer, more + JSON_WRITER_SLOP)) {
        buffer->size = before;
        return false;
    }
    buffer->size = before;
    out->at = buffer->data + written;
    out->end = buffer->data + buffer->capacity;
    return true;
}

static void put_escape(struct json_writer *out, uint8_t c)
{
    static const char letters[32] = "\0\0\0\0\0\0\0\0btn\0fr";
    static const char digits[] = "0123456789abcdef";

    json_put_char(out, '\\');
    if (c >= 0x20) {
        json_put_char(out, (char)c);
    } else if (letters[c] != '\0') {
        json_put_char(out, letters[c]);
    } else {
        json_put(out, "u00", 3);
        json_put_char(out, digits[c >> 4]);
        json_put_char(out, digits[c & 15]);
    }
}

/* The rest of a text that holds something to escape at `at`. */
static enum wire_fault write_escaped(struct json_writer *out, const uint8_t *at, const uint8_t *end,
                                     bool *wide)
{
    while (at < end) {
        const uint8_t *stop = json_plain_end(at, end, wide);

        /* All that is left could be copied, this one escaped, and the quote put behind it. */
        if (!json_room(out, (size_t)(end - at) + ESCAPE_SIZE + 1)) {
            return WIRE_NO_MEMORY;
        }
        json_put(out, at, (size_t)(stop - at));
        if (stop < end) {
            put_escape(out, *stop++);
        }
        at = stop;
    }
    return WIRE_OK;
}

static inline enum wire_fault write_text(struct json_writer *out, thrift_bytes text, bool check)
{
    const uint8_t *stop, *end;
    bool wide = false;
    size_t plain;

    if (text.size == 0) {
        text.data = (const uint8_t *)"";
    }
    if (!json_room(out, text.size + 2)) {
        return WIRE_NO_MEMORY;
    }
    end = text.data + text.size;
    stop = json_plain_end(text.data, end, &wide);
    plain = (size_t)(stop - text.data);
    json_put_char(out, '"');
    json_put(out, text.data, plain);
    if (stop != end && write_escaped(out, stop, end, &wide) != WIRE_OK) {
        return WIRE_NO_MEMORY;
    }
    json_put_char(out, '"');
    return check && wide && utf8_check(text.data, text.size) != text.size ? WIRE_NOT_UTF8 : WIRE_OK;
}

enum wire_fault json_write_text(struct json_writer *out, thrift_bytes text)
{
    return write_text(out, text, true);
}

enum wire_fault json_write_text_unchecked(struct json_writer *out, thrift_bytes text)
{
    return write_text(out, text, false);
}

enum wire_fault json_write_base64(struct json_writer *out, thrift_bytes bytes, bool padded)
{
    if (bytes.size > SIZE_MAX / 4 || !json_room(out, base64_text_size(bytes.size, padded) + 2)) {
        return WIRE_NO_MEMORY;
    }
    json_put_char(out, '"');
    out->at = (uint8_t *)base64_write((char *)out->at, bytes.data, bytes.size, padded);
    json_put_char(out, '"');
    return WIRE_OK;
}
