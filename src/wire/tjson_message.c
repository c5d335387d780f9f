/*
 * TJSON's envelope: an array of four around the struct.
 */
#include "wire/tjson_message.h"

#include "wire/json_writer.h"
#include "wire/tjson.h"

#define VERSION 1
#define FIELD_TEXT 1
#define FIELD_CODE 2

static const struct tjson_depth inside_struct = {1, 1};

static enum wire_fault read_name(struct cursor *in, const thrift_limits *limits, thrift_bytes *out)
{
    struct json_text name;
    enum wire_fault fault = json_read_string(in, &name);

    if (fault == WIRE_TRUNCATED && cursor_left(in) == 0 && in->at != name.data &&
        (size_t)(in->end - name.data) > limits->max_method_name_size) {
        return WIRE_SIZE_LIMIT;
    }
    fault = fault == WIRE_OK ? json_check_text(&name, JSON_CONTROLS_NONE) : fault;
    if (fault == WIRE_OK && name.size > limits->max_method_name_size) {
        return WIRE_SIZE_LIMIT;
    }
    *out = (thrift_bytes){name.data, name.size};
    return fault;
}

enum wire_fault tjson_read_message_begin(struct cursor *in, const thrift_limits *limits,
                                         struct message_header *out)
{
    int64_t version = 0, kind = 0, sequence_id = 0;
    thrift_bytes name = {NULL, 0};
    enum wire_fault fault = json_need(in, '[');

    fault = fault != WIRE_OK ? fault : json_read_integer(in, &version);
    if (fault == WIRE_OK && version != VERSION) {
        return WIRE_BAD_VERSION;
    }
    fault = fault != WIRE_OK ? fault : json_need(in, ',');
    fault = fault != WIRE_OK ? fault : read_name(in, limits, &name);
    fault = fault != WIRE_OK ? fault : json_need(in, ',');
    fault = fault != WIRE_OK ? fault : tjson_read_integer(in, false, 0, UINT8_MAX, &kind);
    fault = fault != WIRE_OK ? fault : json_need(in, ',');
    fault = fault != WIRE_OK ? fault
                             : tjson_read_integer(in, false, INT32_MIN, INT32_MAX, &sequence_id);
    fault = fault != WIRE_OK ? fault : json_need(in, ',');
    if (fault == WIRE_OK) {
        *out = (struct message_header){
            .kind = (uint8_t)kind, .sequence_id = (int32_t)sequence_id, .name = name};
    }
    return fault;
}

enum wire_fault tjson_read_message_end(struct cursor *in) { return json_need(in, ']'); }

bool tjson_write_message_begin(const struct message_header *header, thrift_buffer *out)
{
    struct json_writer to;

    json_writer_begin(&to, out);
    if (header->name.size > SIZE_MAX / 2 ||
        !json_room(&to, header->name.size + 2 * (size_t)INTEGER_SIZE + 8)) {
        return false;
    }
    json_put(&to, "[1,\"", 4);
    if (header->name.size > 0) {
        json_put(&to, header->name.data, header->name.size);
    }
    json_put(&to, "\",", 2);
    json_put_integer(&to, header->kind);
    json_put_char(&to, ',');
    json_put_integer(&to, header->sequence_id);
    json_put_char(&to, ',');
    json_writer_end(&to);
    return true;
}

bool tjson_write_message_end(thrift_buffer *out) { return buffer_append(out, "]", 1); }

/* ---- the application error ---- */

static enum wire_fault read_error_field(struct cursor *in, const thrift_limits *limits,
                                        struct application_error *out)
{
    int16_t id;
    uint8_t type;
    int64_t code;
    struct json_text text;
    enum wire_fault fault = tjson_read_field(in, &id, &type);

    if (fault != WIRE_OK) {
        return fault;
    }
    if (id == FIELD_TEXT && type == WIRE_STRING) {
        fault = json_read_string(in, &text);
        fault = fault == WIRE_OK ? json_check_text(&text, TJSON_CONTROLS) : fault;
        if (fault == WIRE_OK) {
            out->text = (thrift_bytes){text.data, text.size};
        }
    } else if (id == FIELD_CODE && type == WIRE_I32) {
        fault = tjson_read_integer(in, false, INT32_MIN, INT32_MAX, &code);
        if (fault == WIRE_OK) {
            out->code = (int32_t)code;
        }
    } else {
        fault = tjson_skip(in, type, false, inside_struct, limits);
    }
    return fault == WIRE_OK ? json_need(in, '}') : fault;
}

enum wire_fault tjson_read_application_error(struct cursor *in, const thrift_limits *limits,
                                             struct application_error *out)
{
    enum wire_fault fault = json_need(in, '{');

    if (fault == WIRE_OK && json_take(in, '}')) {
        return WIRE_OK;
    }
    do {
        fault = fault == WIRE_OK ? read_error_field(in, limits, out) : fault;
    } while (fault == WIRE_OK && json_take(in, ','));
    return fault == WIRE_OK ? json_need(in, '}') : fault;
}

enum wire_fault tjson_write_application_error(const struct application_error *error,
                                              thrift_buffer *out)
{
    static const char begin[] = "{\"1\":{\"str\":", middle[] = "},\"2\":{\"i32\":";
    struct json_writer to;
    enum wire_fault fault;

    json_writer_begin(&to, out);
    if (!json_room(&to, sizeof begin)) {
        return WIRE_NO_MEMORY;
    }
    json_put(&to, begin, sizeof begin - 1);
    fault = json_write_text_unchecked(&to, error->text);
    if (fault != WIRE_OK || !json_room(&to, sizeof middle + INTEGER_SIZE + 2)) {
        return WIRE_NO_MEMORY;
    }
    json_put(&to, middle, sizeof middle - 1);
    json_put_integer(&to, error->code);
    json_put(&to, "}}", 2);
    json_writer_end(&to);
    return WIRE_OK;
}

/* ---- the end ---- */

/* Passes over a string's bytes; true when it has ended. */
static bool pass_string(struct tjson_ending *ending, struct cursor *in)
{
    bool wide = false;

    while (in->at < in->end) {
        if (ending->escaped) {
            ending->escaped = false;
            in->at++;
            continue;
        }
        in->at = json_plain_end(in->at, in->end, &wide);
        if (in->at == in->end) {
            return false;
        }
        ending->escaped = *in->at == '\\';
        if (*in->at++ == '"') {
            ending->in_string = false;
            return true;
        }
    }
    return false;
}

enum wire_fault tjson_find_end(struct tjson_ending *ending, struct cursor *in, uint32_t most)
{
    for (;;) {
        uint8_t c;

        if (ending->in_string && !pass_string(ending, in)) {
            return WIRE_TRUNCATED;
        }
        if (in->at == in->end) {
            return WIRE_TRUNCATED;
        }
        c = *in->at;
        if (!ending->begun && c != '[' && !json_is_space(c)) {
            return WIRE_BAD_VALUE;
        }
        in->at++;
        if (c == '"') {
            ending->in_string = true;
        } else if (c == '[' || c == '{') {
            ending->begun = true;
            ending->depth += 1;
            if (ending->depth > most) {
                return WIRE_DEPTH_LIMIT;
            }
        } else if (c == ']' || c == '}') {
            ending->depth -= 1;
            if (ending->depth == 0) {
                return WIRE_OK;
            }
        }
    }
}
