/*
 * Values into messages: around each the envelope of one method, as the options say.
 */
#include <string.h>

#include "transcode.h"

struct enveloper {
    const struct transcode *t;
    const thrift_schema *schema; /* of the bodies */
    char type[TRANSCODE_TYPE_SIZE];
    thrift_message message;
    thrift_record *record;
    thrift_buffer value;
};

/* "Users.get", "get", or "Users:get" as a multiplexed connection has it. `*out_name` is what the
 * message says: answers carry the bare name. */
static bool find_method(const struct transcode *t, char type[TRANSCODE_TYPE_SIZE],
                        thrift_bytes *out_name)
{
    const char *dot = strrchr(t->method, '.');
    const char *colon = strchr(t->method, ':');
    const char *name = dot != NULL ? dot + 1 : t->method;

    if (colon != NULL && t->envelope != THRIFT_MESSAGE_CALL) {
        *out_name = (thrift_bytes){(const uint8_t *)colon + 1, strlen(colon + 1)};
        return transcode_find_method(t, (thrift_bytes){(const uint8_t *)name, strlen(name)}, type);
    }
    *out_name = (thrift_bytes){(const uint8_t *)name, strlen(name)};
    if (dot == NULL) {
        return transcode_find_method(t, *out_name, type);
    }
    snprintf(type, TRANSCODE_TYPE_SIZE, "%s", t->method);
    return thrift_schema_method(t->schema, type) != NULL;
}

static thrift_status begin(struct enveloper *e, const thrift_schema *errors, thrift_error *err)
{
    const struct transcode *t = e->t;
    size_t size;

    e->message = (thrift_message){t->to, t->envelope, t->sequence_id, {NULL, 0}, {NULL, 0}};
    if (!find_method(t, e->type, &e->message.name)) {
        return transcode_fail(err, THRIFT_E_NAME, "the definition has no method \"%.200s\"",
                              t->method);
    }
    if (t->envelope == THRIFT_MESSAGE_CALL &&
        thrift_method_oneway(thrift_schema_method(t->schema, e->type))) {
        e->message.kind = THRIFT_MESSAGE_ONEWAY;
    }
    e->schema = t->envelope == THRIFT_MESSAGE_EXCEPTION ? errors : t->schema;
    size = strlen(e->type);
    if (t->envelope == THRIFT_MESSAGE_EXCEPTION) {
        snprintf(e->type, sizeof e->type, TRANSCODE_ERROR_TYPE);
    } else {
        snprintf(e->type + size, sizeof e->type - size, " %s",
                 t->envelope == THRIFT_MESSAGE_CALL ? "args" : "result");
    }
    return THRIFT_OK;
}

/* The next value of the input in an envelope. */
static thrift_status envelop(void *context, thrift_bytes *input, thrift_buffer *out,
                             thrift_error *err)
{
    struct enveloper *e = context;
    const struct transcode *t = e->t;
    thrift_bytes rest = *input;
    thrift_status status = thrift_decode_next(e->record, t->from, &rest, &t->options, err);

    e->value.size = 0;
    if (status == THRIFT_OK && !t->stream && transcode_trimmed(t->from, rest).size > 0) {
        return transcode_fail(err, THRIFT_E_TRAILING, "%zu bytes are left after the value",
                              rest.size);
    }
    if (status == THRIFT_OK) {
        status = thrift_encode(e->record, t->to, &t->options, &e->value, err);
    }
    e->message.body = (thrift_bytes){e->value.data, e->value.size};
    if (status == THRIFT_OK) {
        status = thrift_message_append(&e->message, t->framed, out, err);
    }
    if (status == THRIFT_OK) {
        e->message.sequence_id = (int32_t)((uint32_t)e->message.sequence_id + 1);
        *input = rest;
    }
    return status;
}

static thrift_status envelop_all(struct transcode *t, struct enveloper *e, struct byte_source *from,
                                 struct byte_sink *to, thrift_error *err)
{
    struct transcode_each each = {t->stream ? "value" : NULL, envelop, e, is_json(t->from)};

    e->record = thrift_record_new(e->schema, e->type, err);
    if (e->record == NULL || (!t->stream && !byte_source_all(from, err))) {
        return err->code;
    }
    if (!t->stream && transcode_trimmed(t->from, byte_source_view(from)).size == 0) {
        return transcode_fail(err, THRIFT_E_TRUNCATED, "the input has no value");
    }
    return transcode_each(t, &each, from, to, err);
}

thrift_status transcode_envelopes(struct transcode *t, struct byte_source *from,
                                  struct byte_sink *to, thrift_error *err)
{
    thrift_schema *errors = transcode_error_schema(err);
    struct enveloper e = {.t = t, .value = THRIFT_BUFFER_INIT};
    thrift_status status = errors != NULL ? begin(&e, errors, err) : err->code;

    if (status == THRIFT_OK) {
        status = envelop_all(t, &e, from, to, err);
    }
    thrift_record_free(e.record);
    thrift_buffer_deinit(&e.value);
    thrift_schema_unref(errors);
    return status;
}
