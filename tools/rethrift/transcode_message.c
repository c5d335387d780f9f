/*
 * Messages with their envelopes: each method's name says which struct its body is.
 */
#include <string.h>

#include "transcode.h"

/* Apache's TApplicationException, which every service may answer with. */
static const char application_error[] =
    "exception ApplicationError { 1: optional string message, 2: optional i32 type }";

thrift_schema *transcode_error_schema(thrift_error *err)
{
    return thrift_load_text("application error", application_error, NULL, err);
}

struct body {
    const thrift_schema *schema;
    char type[TRANSCODE_TYPE_SIZE];
    const char *member; /* of the JSON object */
};

/* "Users:getUser" of a multiplexed connection names the service. */
bool transcode_find_method(const struct transcode *t, thrift_bytes name,
                           char out[TRANSCODE_TYPE_SIZE])
{
    const uint8_t *colon = memchr(name.data, ':', name.size);
    size_t prefix = colon != NULL ? (size_t)(colon - name.data) : 0;
    size_t skip = colon != NULL ? prefix + 1 : 0;

    for (size_t i = 0; i < thrift_schema_count(t->schema); i++) {
        const thrift_service *service = thrift_node_service(thrift_schema_node(t->schema, i));
        const char *own = thrift_service_name(service);

        if (service == NULL || (t->service != NULL && strcmp(own, t->service) != 0) ||
            (colon != NULL && (strlen(own) != prefix || memcmp(own, name.data, prefix) != 0))) {
            continue;
        }
        snprintf(out, TRANSCODE_TYPE_SIZE, "%s.%.*s", own, (int)(name.size - skip),
                 name.data + skip);
        if (thrift_schema_method(t->schema, out) != NULL) {
            return true;
        }
    }
    return false;
}

static thrift_status find_body(const struct transcode *t, const thrift_message *message,
                               const thrift_schema *errors, struct body *out, thrift_error *err)
{
    bool request = message->kind == THRIFT_MESSAGE_CALL || message->kind == THRIFT_MESSAGE_ONEWAY;
    size_t size;

    if (message->kind == THRIFT_MESSAGE_EXCEPTION) {
        *out = (struct body){.schema = errors, .type = TRANSCODE_ERROR_TYPE, .member = "error"};
        return THRIFT_OK;
    }
    *out = (struct body){.schema = t->schema, .member = request ? "args" : "result"};
    if (!transcode_find_method(t, message->name, out->type)) {
        return transcode_fail(err, THRIFT_E_NAME, "the definition has no method \"%.*s\"",
                              message->name.size < 200 ? (int)message->name.size : 200,
                              (const char *)message->name.data);
    }
    size = strlen(out->type);
    snprintf(out->type + size, TRANSCODE_TYPE_SIZE - size, " %s", out->member);
    return THRIFT_OK;
}

static bool append_text(thrift_buffer *out, const char *text, thrift_error *err)
{
    return transcode_append(out, text, strlen(text), err);
}

/* {"message": "call", "name": "getUser", "sequence_id": 1, "args": {…}} */
static thrift_status append_json(const thrift_message *message, const struct body *body,
                                 thrift_bytes value, thrift_buffer *out, thrift_error *err)
{
    static const char *const kinds[] = {[THRIFT_MESSAGE_CALL] = "call",
                                        [THRIFT_MESSAGE_REPLY] = "reply",
                                        [THRIFT_MESSAGE_EXCEPTION] = "exception",
                                        [THRIFT_MESSAGE_ONEWAY] = "oneway"};
    char head[TRANSCODE_TYPE_SIZE];
    char name[TRANSCODE_TYPE_SIZE / 2];
    size_t size = 0;

    for (size_t i = 0; i < message->name.size && size + 2 < sizeof name; i++) {
        uint8_t c = message->name.data[i];

        if (c == '"' || c == '\\') {
            name[size++] = '\\';
        }
        name[size++] = c >= ' ' && c < 0x7f ? (char)c : '?';
    }
    name[size] = '\0';
    snprintf(head, sizeof head, "{\"message\":\"%s\",\"name\":\"%s\",\"sequence_id\":%ld,\"%s\":",
             kinds[message->kind], name, (long)message->sequence_id, body->member);
    return append_text(out, head, err) && transcode_append(out, value.data, value.size, err) &&
                   append_text(out, "}\n", err)
               ? THRIFT_OK
               : THRIFT_E_NOMEM;
}

struct messaging {
    const struct transcode *t;
    const thrift_schema *errors;
    thrift_buffer value;
};

static thrift_status write_message(struct messaging *messaging, const thrift_message *message,
                                   thrift_buffer *out, thrift_error *err)
{
    const struct transcode *t = messaging->t;
    thrift_buffer *value = &messaging->value;
    struct body body = {.schema = NULL, .type = ""};
    thrift_message written = *message;
    thrift_status status = THRIFT_OK;

    if (t->schema != NULL) {
        status = find_body(t, message, messaging->errors, &body, err);
    }
    value->size = 0;
    if (status == THRIFT_OK) {
        status = thrift_transcode(body.schema, body.type, message->protocol, message->body, t->to,
                                  &t->options, value, err);
    }
    if (status != THRIFT_OK) {
        return transcode_final(status, err);
    }
    written.protocol = t->to;
    written.body = (thrift_bytes){value->data, value->size};
    return t->to == THRIFT_PLAIN_JSON || t->to == THRIFT_SIMPLE_JSON
               ? append_json(message, &body, written.body, out, err)
               : thrift_message_append(&written, t->framed, out, err);
}

static thrift_status one_message(void *context, thrift_bytes *input, thrift_buffer *out,
                                 thrift_error *err)
{
    struct messaging *messaging = context;
    thrift_bytes rest = *input;
    thrift_message message;
    thrift_status status = thrift_message_next(&rest, &message, &messaging->t->limits, err);

    if (status == THRIFT_OK) {
        status = write_message(messaging, &message, out, err);
    }
    if (status == THRIFT_OK) {
        *input = rest;
    }
    return status;
}

thrift_status transcode_messages(struct transcode *t, struct byte_source *from,
                                 struct byte_sink *to, thrift_error *err)
{
    thrift_schema *errors = transcode_error_schema(err);
    struct messaging messaging = {t, errors, THRIFT_BUFFER_INIT};
    struct transcode_each each = {"message", one_message, &messaging, false};
    thrift_status status = errors != NULL ? transcode_each(t, &each, from, to, err) : err->code;

    thrift_buffer_deinit(&messaging.value);
    thrift_schema_unref(errors);
    return status;
}
