/*
 * One run of decode, encode or convert: the definition, the input, what is said of mistakes.
 */
#include <string.h>
#include <unistd.h>

#include "definition.h"
#include "transcode.h"

#define PARQUET_TAIL 8 /* the footer's size, "PAR1" */

/* … footer, its size in 4 bytes (little-endian), "PAR1" */
static thrift_status take_footer(struct byte_source *source, thrift_error *err)
{
    thrift_bytes file;
    const uint8_t *tail;
    size_t size;

    if (!byte_source_all(source, err)) {
        return err->code;
    }
    file = byte_source_view(source);
    tail = file.size < 4 + PARQUET_TAIL ? NULL : file.data + file.size - PARQUET_TAIL;
    if (tail == NULL || memcmp(file.data, "PAR1", 4) != 0 || memcmp(tail + 4, "PAR1", 4) != 0) {
        return transcode_fail(err, THRIFT_E_PROTOCOL, "the input is no Parquet file");
    }
    size = tail[0] | (size_t)tail[1] << 8 | (size_t)tail[2] << 16 | (size_t)tail[3] << 24;
    if (size > file.size - 4 - PARQUET_TAIL) {
        return transcode_fail(err, THRIFT_E_CORRUPT, "a footer of %zu bytes in a file of %zu", size,
                              file.size);
    }
    byte_source_take(source, file.size - PARQUET_TAIL - size);
    source->bytes.size -= PARQUET_TAIL;
    return THRIFT_OK;
}

static int report(const thrift_error *err)
{
    thrift_error_print(err, stderr);
    return err->code == THRIFT_E_IO || err->code == THRIFT_E_NOMEM ? EXIT_FAILED : EXIT_FINDINGS;
}

/* "user.json:4:13: " where text of one value is wrong there. */
static void report_place(const struct transcode *t, thrift_bytes input, uint64_t offset)
{
    thrift_bytes text = transcode_trimmed(t->from, input);
    unsigned long line = 1, column = 1;
    const uint8_t *at = input.data;

    if (!is_json(t->from) || offset == 0 || offset > text.size || t->stream || t->messages ||
        t->method != NULL || t->schema == NULL) {
        return;
    }
    for (; at < text.data + offset; at++) {
        column = *at == '\n' ? 1 : column + 1;
        line += *at == '\n';
    }
    fprintf(stderr, "%s:%lu:%lu: ", t->input != NULL ? t->input : "-", line, column);
}

static bool is_accepted(struct transcode other, thrift_bytes input)
{
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    bool done;

    transcode_allow(&other, input.size);
    done = transcode_value(&other, input, &out, &err) == THRIFT_OK;
    thrift_buffer_deinit(&out);
    return done;
}

/* What else could be tried on the value that was refused; NULL: nothing. */
static const char *hint(const struct transcode *t, thrift_bytes input, thrift_status status)
{
    struct transcode other;

    if (t->schema == NULL || t->options.refuse != 0 || is_json(t->from)) {
        return NULL;
    }
    if (status == THRIFT_E_NAME && thrift_schema_struct(t->schema, t->type) == NULL) {
        return access(t->type, F_OK) == 0 ? "that is a file; TYPE is missing before it" : NULL;
    }
    other = *t;
    other.options.accept = ~0u;
    if (is_accepted(other, input)) {
        return "--lenient accepts it";
    }
    other = *t;
    other.to = t->from;
    if (is_accepted(other, input)) {
        return NULL; /* it is what is to be written that cannot be */
    }
    return t->from == THRIFT_BINARY ? "rethrift decode -n --from binary shows what can be read"
                                    : "rethrift decode -n --from compact shows what can be read";
}

static thrift_status single(struct transcode *t, struct byte_source *from, struct byte_sink *to,
                            thrift_error *err)
{
    thrift_bytes view;
    thrift_status status;

    if (!byte_source_all(from, err)) {
        return err->code;
    }
    view = byte_source_view(from);
    transcode_allow(t, view.size);
    if (t->edits.count > 0) {
        return transcode_edited(t, view, &to->bytes, err);
    }
    status = transcode_value(t, view, &to->bytes, err);
    if (status != THRIFT_OK) {
        report_place(t, view, err->offset);
        t->hint = hint(t, view, status);
    }
    return status;
}

static thrift_status transcode(struct transcode *t, struct byte_source *from, struct byte_sink *to,
                               thrift_error *err)
{
    if (t->parquet && take_footer(from, err) != THRIFT_OK) {
        return err->code;
    }
    if (byte_sink_is(to, from->file) && !byte_source_all(from, err)) {
        return err->code;
    }
    return t->dump && t->to == THRIFT_PLAIN_JSON ? transcode_dump(t, from, to, err)
           : t->method != NULL                   ? transcode_envelopes(t, from, to, err)
           : t->messages                         ? transcode_messages(t, from, to, err)
           : t->stream                           ? transcode_stream(t, from, to, err)
                                                 : single(t, from, to, err);
}

static int open_and_transcode(struct transcode *t)
{
    thrift_error err = THRIFT_ERROR_INIT;
    struct byte_sink to = {.path = t->output, .form = t->out_form, .bytes = THRIFT_BUFFER_INIT};
    struct byte_source from;
    thrift_status status = THRIFT_E_IO;
    int result;

    if (byte_source_open(&from, t->input != NULL ? t->input : "-", t->in_form, &err)) {
        status = transcode(t, &from, &to, &err);
    }
    if (status == THRIFT_OK || to.bytes.size > 0 || to.to != NULL) {
        if (!byte_sink_close(&to) && status != THRIFT_E_IO) {
            status = byte_sink_fail(&to, &err);
        }
    }
    byte_source_close(&from);
    thrift_buffer_deinit(&to.bytes);
    if (status == THRIFT_OK) {
        return EXIT_OK;
    }
    result = report(&err);
    if (t->hint != NULL) {
        fprintf(stderr, "    hint: %s\n", t->hint);
    }
    return result;
}

int transcode_run(struct transcode *t)
{
    int status = EXIT_OK;

    if (t->definition != NULL) {
        t->schema = definition_load(t->definition, &t->include_dirs, false, &status);
        if (t->schema == NULL) {
            return status;
        }
    }
    status = open_and_transcode(t);
    thrift_schema_unref(t->schema);
    return status;
}
