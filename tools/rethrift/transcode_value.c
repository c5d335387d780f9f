/*
 * One value, or value after value, from one protocol to another; and to text without a definition.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "transcode.h"

#define FRAME_HEAD 4

thrift_status transcode_fail(thrift_error *err, thrift_status status, const char *format, ...)
{
    va_list arguments;

    thrift_error_clear(err);
    err->code = status;
    va_start(arguments, format);
    vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    return status;
}

bool transcode_append(thrift_buffer *out, const void *more, size_t size, thrift_error *err)
{
    if (size > out->capacity - out->size) {
        size_t capacity = 2 * out->capacity + size;
        uint8_t *data = realloc(out->data, capacity);

        if (data == NULL) {
            transcode_fail(err, THRIFT_E_NOMEM, "out of memory");
            return false;
        }
        out->data = data;
        out->capacity = capacity;
    }
    if (size > 0) {
        memcpy(out->data + out->size, more, size);
    }
    out->size += size;
    return true;
}

static bool is_blank(uint8_t c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

thrift_bytes transcode_trimmed(thrift_protocol protocol, thrift_bytes input)
{
    if (!is_json(protocol)) {
        return input;
    }
    while (input.size > 0 && is_blank(input.data[0])) {
        input.data++;
        input.size--;
    }
    while (input.size > 0 && is_blank(input.data[input.size - 1])) {
        input.size--;
    }
    return input;
}

static thrift_status end_line(const struct transcode *t, thrift_buffer *out, thrift_error *err)
{
    return !is_json(t->to) || transcode_append(out, "\n", 1, err) ? THRIFT_OK : THRIFT_E_NOMEM;
}

/* Converting leaves absent what is absent; a record has its defaults. */
static thrift_status with_defaults(const struct transcode *t, thrift_bytes input,
                                   thrift_buffer *out, thrift_error *err)
{
    thrift_record *record = thrift_decode(t->schema, t->type, t->from, input, &t->options, err);
    thrift_status status =
        record != NULL ? thrift_encode(record, t->to, &t->options, out, err) : err->code;

    thrift_record_free(record);
    return status;
}

thrift_status transcode_value(const struct transcode *t, thrift_bytes input, thrift_buffer *out,
                              thrift_error *err)
{
    thrift_status status;

    input = transcode_trimmed(t->from, input);
    status = t->schema != NULL && t->defaults ? with_defaults(t, input, out, err)
                                              : thrift_transcode(t->schema, t->type, t->from, input,
                                                                 t->to, &t->options, out, err);

    return status == THRIFT_OK ? end_line(t, out, err) : status;
}

/* ---- streams ---- */

static uint32_t load_size(const uint8_t head[FRAME_HEAD])
{
    return (uint32_t)head[0] << 24 | (uint32_t)head[1] << 16 | (uint32_t)head[2] << 8 | head[3];
}

/* The next frame's content, or all that is left. */
static thrift_status next_input(const struct transcode *t, thrift_bytes *rest, thrift_bytes *out,
                                thrift_error *err)
{
    uint32_t size;

    if (!t->framed || is_json(t->from)) {
        *out = *rest;
        return THRIFT_OK;
    }
    if (rest->size < FRAME_HEAD) {
        return transcode_fail(err, THRIFT_E_TRUNCATED, "%zu bytes are left, too few for a frame",
                              rest->size);
    }
    size = load_size(rest->data);
    if (size > rest->size - FRAME_HEAD) {
        return transcode_fail(err, THRIFT_E_TRUNCATED,
                              "a frame of %lu bytes begins with %zu bytes left",
                              (unsigned long)size, rest->size - FRAME_HEAD);
    }
    *out = (thrift_bytes){rest->data + FRAME_HEAD, size};
    return THRIFT_OK;
}

static thrift_status append_value(const struct transcode *t, const thrift_record *record,
                                  thrift_buffer *out, thrift_error *err)
{
    bool framed = t->framed && !is_json(t->to);
    size_t begin = out->size, size;
    thrift_status status;

    if (framed && !transcode_append(out, "\0\0\0\0", FRAME_HEAD, err)) {
        return THRIFT_E_NOMEM;
    }
    status = thrift_encode(record, t->to, &t->options, out, err);
    if (status != THRIFT_OK || !framed) {
        return status == THRIFT_OK ? end_line(t, out, err) : status;
    }
    size = out->size - begin - FRAME_HEAD;
    for (size_t i = 0; i < FRAME_HEAD; i++) {
        out->data[begin + i] = (uint8_t)(size >> (24 - 8 * i));
    }
    return THRIFT_OK;
}

static thrift_status one_of_stream(const struct transcode *t, thrift_record *record,
                                   thrift_bytes *rest, thrift_buffer *out, thrift_error *err)
{
    thrift_bytes input, left;
    thrift_status status = next_input(t, rest, &input, err);

    left = input;
    if (status == THRIFT_OK) {
        status = thrift_decode_next(record, t->from, &left, &t->options, err);
    }
    if (status == THRIFT_OK) {
        status = append_value(t, record, out, err);
    }
    if (status != THRIFT_OK) {
        return status;
    }
    if (t->framed && !is_json(t->from) && left.size > 0) {
        return transcode_fail(err, THRIFT_E_TRAILING, "%zu bytes are left in the frame", left.size);
    }
    *rest = (thrift_bytes){left.data, rest->size - (size_t)(left.data - rest->data)};
    return THRIFT_OK;
}

thrift_status transcode_stream(const struct transcode *t, thrift_bytes input, thrift_buffer *out,
                               thrift_error *err)
{
    thrift_record *record = thrift_record_new(t->schema, t->type, err);
    thrift_status status = record != NULL ? THRIFT_OK : err->code;

    input = transcode_trimmed(t->from, input);
    for (size_t count = 1; status == THRIFT_OK && input.size > 0; count++) {
        status = one_of_stream(t, record, &input, out, err);
        if (status != THRIFT_OK) {
            fprintf(stderr, "value %zu of the stream:\n", count);
        }
        input = transcode_trimmed(t->from, input);
    }
    thrift_record_free(record);
    return status;
}

/* ---- without a definition ---- */

static bool is_readable(thrift_protocol protocol, thrift_bytes input)
{
    thrift_error err = THRIFT_ERROR_INIT;
    FILE *nowhere = fopen("/dev/null", "w");
    bool done = nowhere != NULL && thrift_dump(protocol, input, nowhere, &err) == THRIFT_OK;

    if (nowhere != NULL) {
        fclose(nowhere);
    }
    return done;
}

/* The first protocol that reads all of it. */
static thrift_protocol guess(thrift_bytes input)
{
    thrift_bytes text = transcode_trimmed(THRIFT_TJSON, input);

    if (text.size > 0 && (text.data[0] == '{' || text.data[0] == '[')) {
        return THRIFT_TJSON;
    }
    return is_readable(THRIFT_BINARY, input) || !is_readable(THRIFT_COMPACT, input)
               ? THRIFT_BINARY
               : THRIFT_COMPACT;
}

static const char *const protocol_names[] = {
    [THRIFT_BINARY] = "binary", [THRIFT_COMPACT] = "compact", [THRIFT_TJSON] = "tjson"};
static const char *const kind_names[] = {[THRIFT_MESSAGE_CALL] = "call",
                                         [THRIFT_MESSAGE_REPLY] = "reply",
                                         [THRIFT_MESSAGE_EXCEPTION] = "exception",
                                         [THRIFT_MESSAGE_ONEWAY] = "oneway"};

/* Names come from peers. */
static void print_name(thrift_bytes name, FILE *to)
{
    for (size_t i = 0; i < name.size; i++) {
        fputc(name.data[i] >= ' ' && name.data[i] < 0x7f ? name.data[i] : '?', to);
    }
}

static thrift_status dump_messages(const struct transcode *t, thrift_bytes input, FILE *to,
                                   thrift_error *err)
{
    thrift_status status = THRIFT_OK;

    while (status == THRIFT_OK && input.size > 0) {
        thrift_message message;

        status = thrift_message_next(&input, &message, &t->limits, err);
        if (status == THRIFT_OK) {
            fprintf(to, "%s \"", kind_names[message.kind]);
            print_name(message.name, to);
            fprintf(to, "\", sequence id %ld, %s\n", (long)message.sequence_id,
                    protocol_names[message.protocol]);
            status = thrift_dump(message.protocol, message.body, to, err);
        }
    }
    return status;
}

thrift_status transcode_dump(const struct transcode *t, thrift_bytes input, FILE *to,
                             thrift_error *err)
{
    thrift_error unread = THRIFT_ERROR_INIT;
    thrift_bytes first = input;
    thrift_message message;

    if (t->messages ||
        (t->from == 0 && thrift_message_next(&first, &message, &t->limits, &unread) == THRIFT_OK)) {
        return dump_messages(t, input, to, err);
    }
    return thrift_dump(t->from != 0 ? t->from : guess(input), input, to, err);
}
