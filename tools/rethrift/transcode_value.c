/*
 * One value, or value after value, from one protocol to another; and to text without a definition.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "transcode.h"

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

thrift_status transcode_frame(thrift_bytes input, thrift_bytes *out, thrift_error *err)
{
    uint32_t size;

    if (input.size < FRAME_HEAD) {
        return transcode_fail(err, THRIFT_E_TRUNCATED, "%zu bytes are left, too few for a frame",
                              input.size);
    }
    size = load_size(input.data);
    if (size > input.size - FRAME_HEAD) {
        return transcode_fail(err, THRIFT_E_TRUNCATED,
                              "a frame of %lu bytes begins with %zu bytes left",
                              (unsigned long)size, input.size - FRAME_HEAD);
    }
    *out = (thrift_bytes){input.data + FRAME_HEAD, size};
    return THRIFT_OK;
}

struct streaming {
    const struct transcode *t;
    thrift_record *record; /* NULL: there is no definition */
};

/* In a frame or on a line; `record` NULL: of `input` without a definition. */
static thrift_status append_value(const struct streaming *streaming, thrift_bytes input,
                                  thrift_buffer *out, thrift_error *err)
{
    const struct transcode *t = streaming->t;
    bool framed = t->framed && !is_json(t->to);
    size_t begin = out->size, size;
    thrift_status status;

    if (framed && !transcode_append(out, "\0\0\0\0", FRAME_HEAD, err)) {
        return THRIFT_E_NOMEM;
    }
    status = streaming->record != NULL
                 ? thrift_encode(streaming->record, t->to, &t->options, out, err)
                 : thrift_transcode(NULL, NULL, t->from, input, t->to, &t->options, out, err);
    if (status != THRIFT_OK) {
        out->size = begin;
        return status;
    }
    if (!framed) {
        return end_line(t, out, err);
    }
    size = out->size - begin - FRAME_HEAD;
    for (size_t i = 0; i < FRAME_HEAD; i++) {
        out->data[begin + i] = (uint8_t)(size >> (24 - 8 * i));
    }
    return THRIFT_OK;
}

static thrift_status one_of_stream(void *context, thrift_bytes *rest, thrift_buffer *out,
                                   thrift_error *err)
{
    struct streaming *streaming = context;
    thrift_bytes left = *rest;
    thrift_status status = thrift_decode_next(streaming->record, streaming->t->from, &left,
                                              &streaming->t->options, err);

    if (status == THRIFT_OK) {
        status = transcode_final(append_value(streaming, left, out, err), err);
    }
    if (status == THRIFT_OK) {
        *rest = left;
    }
    return status;
}

static thrift_status one_frame(void *context, thrift_bytes *rest, thrift_buffer *out,
                               thrift_error *err)
{
    struct streaming *streaming = context;
    const struct transcode *t = streaming->t;
    thrift_bytes frame, left;
    thrift_status status = transcode_frame(*rest, &frame, err);

    if (status != THRIFT_OK) {
        return status;
    }
    left = frame;
    if (streaming->record != NULL) {
        status = thrift_decode_next(streaming->record, t->from, &left, &t->options, err);
    }
    if (status == THRIFT_OK && streaming->record != NULL && left.size > 0) {
        return transcode_fail(err, THRIFT_E_TRAILING, "%zu bytes are left in the frame", left.size);
    }
    if (status == THRIFT_OK) {
        status = append_value(streaming, frame, out, err);
    }
    if (status == THRIFT_OK) {
        size_t size = FRAME_HEAD + frame.size;

        *rest = (thrift_bytes){rest->data + size, rest->size - size};
    }
    return transcode_final(status, err);
}

thrift_status transcode_stream(struct transcode *t, struct byte_source *from, struct byte_sink *to,
                               thrift_error *err)
{
    struct streaming streaming = {.t = t, .record = NULL};
    bool frames = t->framed && !is_json(t->from);
    struct transcode_each each = {"value", frames ? one_frame : one_of_stream, &streaming,
                                  is_json(t->from)};
    thrift_status status;

    if (t->schema != NULL) {
        streaming.record = thrift_record_new(t->schema, t->type, err);
    }
    status = t->schema != NULL && streaming.record == NULL
                 ? err->code
                 : transcode_each(t, &each, from, to, err);
    thrift_record_free(streaming.record);
    return status;
}
