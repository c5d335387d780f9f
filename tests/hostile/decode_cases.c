/*
 * Decodes hostile bytes without a socket and says what each cost: decode-cases DEFINITION
 *
 * A line of the standard input is a case: name, protocol, type, hexadecimal bytes. The protocol
 * "message" stands for bytes with an envelope, in any protocol that is recognised; the type is the
 * service then, and the envelope must call one of its methods. Lines of the output: measure.h.
 * Every case is transcoded into all protocols besides.
 */
#include "measure.h"

struct input {
    const char *name, *protocol, *type;
    thrift_bytes bytes;
};

static const struct {
    const char *name;
    thrift_protocol protocol;
} protocols[] = {{"binary", THRIFT_BINARY},
                 {"compact", THRIFT_COMPACT},
                 {"tjson", THRIFT_TJSON},
                 {"json", THRIFT_PLAIN_JSON}};

static thrift_status failed(thrift_error *err, thrift_status status, const char *what)
{
    err->code = status;
    (void)snprintf(err->message, sizeof err->message, "%s", what);
    return status;
}

/* A request of a method that there is, and nothing behind it. */
static thrift_status take_request(const thrift_schema *schema, const struct input *input,
                                  thrift_message *message, char type[300], thrift_error *err)
{
    thrift_bytes rest = input->bytes;

    if (thrift_message_next(&rest, message, NULL, err) != THRIFT_OK) {
        return err->code;
    }
    if (message->kind != THRIFT_MESSAGE_CALL && message->kind != THRIFT_MESSAGE_ONEWAY) {
        return failed(err, THRIFT_E_CORRUPT, "the message is no request");
    }
    (void)snprintf(type, 300, "%s.%.*s", input->type,
                   message->name.size < 200 ? (int)message->name.size : 200,
                   (const char *)message->name.data);
    if (memchr(message->name.data, '\0', message->name.size) != NULL ||
        thrift_schema_method(schema, type) == NULL) {
        return failed(err, THRIFT_E_NAME, "there is no such method");
    }
    (void)snprintf(type + strlen(type), 300 - strlen(type), " args");
    return rest.size == 0 ? THRIFT_OK
                          : failed(err, THRIFT_E_TRAILING, "bytes are left after the message");
}

/* What is to be decoded: the input itself, or what its envelope holds. */
struct value {
    thrift_protocol protocol;
    char type[300];
    thrift_bytes bytes;
};

static thrift_status find_value(const thrift_schema *schema, const struct input *input,
                                struct value *out, thrift_error *err)
{
    thrift_message message;
    thrift_status status;

    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++) {
        if (strcmp(protocols[i].name, input->protocol) == 0) {
            out->protocol = protocols[i].protocol;
            (void)snprintf(out->type, sizeof out->type, "%s", input->type);
            out->bytes = input->bytes;
            return THRIFT_OK;
        }
    }
    status = take_request(schema, input, &message, out->type, err);
    out->protocol = message.protocol;
    out->bytes = message.body;
    return status;
}

/* Whatever does not decode becomes no bytes of another protocol either, unless a record would take
 * too much memory; and beside the output that takes no more memory than decoding may. */
static int check_transcoding(const thrift_schema *schema, const struct value *value,
                             const thrift_error *refused, struct failing_allocator *memory)
{
    bool may = refused->code == THRIFT_OK ||
               (refused->code == THRIFT_E_LIMIT && strstr(refused->message, "of memory") != NULL);
    int wrong = 0;

    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++) {
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_buffer out = THRIFT_BUFFER_INIT;
        size_t before = memory->peak = memory->live, most;
        thrift_status status;

        out.allocator = failing_allocator_of(memory);
        status = thrift_transcode(schema, value->type, value->protocol, value->bytes,
                                  protocols[i].protocol, NULL, &out, &err);
        most = 16 * value->bytes.size + 65536 + 3 * out.capacity;
        if ((status == THRIFT_OK && !may) || memory->peak - before > most) {
            (void)fprintf(stderr, "to %s: %s, %zu bytes of memory\n", protocols[i].name,
                          thrift_status_name(status), memory->peak - before);
            wrong = 1;
        }
        thrift_buffer_deinit(&out);
    }
    return wrong;
}

/* Layouts and plans belong to the definition, not to a message: they are made before. */
static void make_plans(const thrift_schema *schema)
{
    for (size_t i = 0; i < thrift_schema_count(schema); i++) {
        const thrift_struct *type = thrift_node_struct(thrift_schema_node(schema, i));

        if (type != NULL) {
            thrift_record_free(thrift_decode(schema, thrift_struct_name(type), THRIFT_TJSON,
                                             (thrift_bytes){(const uint8_t *)"{}", 2}, NULL, NULL));
        }
    }
}

/* Every case has a schema of its own, so that no memory is left over from the one before. */
static int run_case(const char *definition, const struct input *input)
{
    struct measure m = {.memory = {0}};
    thrift_allocator allocator = failing_allocator_of(&m.memory);
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema =
        thrift_load_with(definition, THRIFT_LOAD_OPTIONS(.allocator = &allocator), &err);
    thrift_record *record = NULL;
    struct value value = {.protocol = THRIFT_BINARY};
    bool found;
    int wrong = 0;

    if (schema == NULL) {
        thrift_error_print(&err, stderr);
        return 1;
    }
    make_plans(schema);
    measure_begin(&m);
    found = find_value(schema, input, &value, &err) == THRIFT_OK;
    if (found) {
        record = thrift_decode(schema, value.type, value.protocol, value.bytes, NULL, &err);
    }
    measure_print(&m, input->name, input->bytes.size, &err);
    thrift_record_free(record);
    if (found) {
        wrong = check_transcoding(schema, &value, &err, &m.memory);
    }
    thrift_schema_unref(schema);
    if (m.memory.live != 0) {
        (void)fprintf(stderr, "%s: %zu bytes were not given back\n", input->name, m.memory.live);
    }
    return wrong != 0 || m.memory.live != 0;
}

/* In a block of exactly their size, so that reading too far is seen. */
static uint8_t *bytes_of(const char *hex, size_t *out_size)
{
    size_t size = strlen(hex) / 2;
    uint8_t *bytes = malloc(size > 0 ? size : 1);

    for (size_t i = 0; bytes != NULL && i < size; i++) {
        const char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};

        bytes[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
    *out_size = size;
    return bytes;
}

static int run_line(const char *definition, char *line)
{
    struct input input = {.name = next_field(&line)};
    const char *hex;
    uint8_t *bytes;
    int status;

    input.protocol = next_field(&line);
    input.type = next_field(&line);
    hex = next_field(&line);
    bytes = bytes_of(hex != NULL ? hex : "", &input.bytes.size);
    if (bytes == NULL || input.type == NULL) {
        (void)fprintf(stderr, "a case has a name, a protocol, a type and bytes\n");
        free(bytes);
        return 1;
    }
    input.bytes.data = bytes;
    status = run_case(definition, &input);
    free(bytes);
    return status;
}

int main(int argc, char **argv)
{
    char *line = NULL;
    size_t room = 0;
    int status = argc == 2 ? 0 : 2;

    while (status == 0 && getline(&line, &room, stdin) > 0) {
        status = run_line(argv[1], line);
    }
    free(line);
    return status;
}
