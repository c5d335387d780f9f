/*
 * Edits encoded bytes in place: edit DEFINITION TYPE PROTOCOL [PATH VALUE]... <BYTES >BYTES
 *
 * VALUE is "remove", "integer:5", "real:0.5", "text:abc", or "Point:{…}": a record in JSON.
 */
#include <rethrift/codec.h>
#include <stdlib.h>
#include <string.h>

#define SIZE_MOST ((size_t)1 << 20)

struct edit {
    thrift_schema *schema;
    const char *type;
    thrift_protocol protocol;
    thrift_buffer bytes;
};

static const char *after(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0 ? text + strlen(prefix) : NULL;
}

/* `*record` is what the value borrows; NULL when it borrows none. */
static thrift_value value_of(const struct edit *edit, const char *text, thrift_record **record,
                             thrift_error *err)
{
    const char *colon = strchr(text, ':');
    char type[64];
    thrift_bytes json;

    if (strcmp(text, "remove") == 0 || colon == NULL) {
        return thrift_value_none(NULL);
    }
    if (after(text, "integer:") != NULL) {
        return thrift_value_integer(strtoll(colon + 1, NULL, 10));
    }
    if (after(text, "real:") != NULL) {
        return thrift_value_real(strtod(colon + 1, NULL));
    }
    if (after(text, "text:") != NULL) {
        return thrift_value_string(colon + 1);
    }
    (void)snprintf(type, sizeof type, "%.*s", (int)(colon - text), text);
    json = (thrift_bytes){(const uint8_t *)colon + 1, strlen(colon + 1)};
    *record = thrift_decode(edit->schema, type, THRIFT_PLAIN_JSON, json, NULL, err);
    return thrift_value_record(*record);
}

static thrift_status apply(struct edit *edit, const char *path, const char *text, thrift_error *err)
{
    thrift_record *record = NULL;
    thrift_value value = value_of(edit, text, &record, err);
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_status status = err->code;

    if (status == THRIFT_OK) {
        status = thrift_patch(edit->schema, edit->type, edit->protocol,
                              (thrift_bytes){edit->bytes.data, edit->bytes.size}, path, value, &out,
                              err);
    }
    thrift_record_free(record);
    thrift_buffer_deinit(&edit->bytes);
    edit->bytes = out;
    return status;
}

static bool read_input(thrift_buffer *bytes)
{
    bytes->data = malloc(SIZE_MOST);
    bytes->capacity = SIZE_MOST;
    bytes->size = bytes->data != NULL ? fread(bytes->data, 1, SIZE_MOST, stdin) : 0;
    return bytes->size > 0;
}

int main(int argc, char **argv)
{
    thrift_error err = THRIFT_ERROR_INIT;
    struct edit edit = {.bytes = THRIFT_BUFFER_INIT};
    bool done;

    if (argc < 4 || argc % 2 != 0) {
        return 2;
    }
    edit.schema = thrift_load(argv[1], &err);
    edit.type = argv[2];
    edit.protocol = strcmp(argv[3], "compact") == 0 ? THRIFT_COMPACT
                    : strcmp(argv[3], "tjson") == 0 ? THRIFT_TJSON
                                                    : THRIFT_BINARY;
    done = edit.schema != NULL && read_input(&edit.bytes);
    for (int i = 4; done && i + 1 < argc; i += 2) {
        done = apply(&edit, argv[i], argv[i + 1], &err) == THRIFT_OK;
    }
    done = done && fwrite(edit.bytes.data, 1, edit.bytes.size, stdout) == edit.bytes.size;
    thrift_error_print(&err, stderr);
    thrift_buffer_deinit(&edit.bytes);
    thrift_schema_unref(edit.schema);
    return done ? 0 : 1;
}
