/*
 * --set PATH=VALUE: one place of encoded bytes after the other replaced, everything else as it was.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "transcode.h"

/* The '=' behind the path, whose keys may have one in quotes; NULL: there is none. */
static const char *path_end(const char *edit)
{
    bool quoted = false;

    for (; *edit != '\0' && (quoted || *edit != '='); edit++) {
        if (quoted && *edit == '\\' && edit[1] != '\0') {
            edit++;
        } else if (*edit == '"') {
            quoted = !quoted;
        }
    }
    return *edit == '=' ? edit : NULL;
}

bool transcode_is_edit(const char *edit)
{
    const char *end = path_end(edit);

    return end != NULL && end != edit;
}

static thrift_value text_of(const char *word)
{
    size_t size = strlen(word);

    if (size >= 2 && word[0] == '"' && word[size - 1] == '"') {
        return thrift_value_bytes((thrift_bytes){(const uint8_t *)word + 1, size - 2});
    }
    return thrift_value_bytes((thrift_bytes){(const uint8_t *)word, size});
}

static thrift_value value_of(const char *word)
{
    bool number = isdigit((unsigned char)word[word[0] == '-']);
    char *end;
    long long integer;
    double real;

    if (strcmp(word, "null") == 0) {
        return thrift_value_none(NULL);
    }
    if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0) {
        return thrift_value_bool(word[0] == 't');
    }
    errno = 0;
    integer = strtoll(word, &end, 10);
    if (number && *end == '\0' && errno == 0) {
        return thrift_value_integer(integer);
    }
    real = strtod(word, &end);
    return number && *end == '\0' ? thrift_value_real(real) : text_of(word);
}

static thrift_status edit(const struct transcode *t, const char *path, const char *word,
                          thrift_bytes input, thrift_buffer *out, thrift_error *err)
{
    thrift_status status =
        thrift_patch(t->schema, t->type, t->from, input, path, value_of(word), out, err);

    if (status == THRIFT_E_TYPE) { /* text that looks like a number */
        thrift_error unfit = THRIFT_ERROR_INIT;

        if (thrift_patch(t->schema, t->type, t->from, input, path, text_of(word), out, &unfit) ==
            THRIFT_OK) {
            thrift_error_clear(err);
            return THRIFT_OK;
        }
    }
    return status;
}

/* The edited bytes replace what `bytes` had; they are edited further from there. */
static thrift_status edit_next(const struct transcode *t, const char *edited, thrift_bytes input,
                               thrift_buffer *bytes, thrift_error *err)
{
    const char *end = path_end(edited);
    size_t size = (size_t)(end - edited);
    char *path = malloc(size + 1);
    thrift_buffer out = THRIFT_BUFFER_INIT;
    thrift_status status;

    if (path == NULL) {
        return transcode_fail(err, THRIFT_E_NOMEM, "out of memory");
    }
    memcpy(path, edited, size);
    path[size] = '\0';
    status = edit(t, path, end + 1, input, &out, err);
    thrift_buffer_deinit(bytes);
    *bytes = out;
    free(path);
    return status;
}

thrift_status transcode_edited(const struct transcode *t, thrift_bytes input, thrift_buffer *out,
                               thrift_error *err)
{
    thrift_buffer bytes = THRIFT_BUFFER_INIT;
    thrift_status status = THRIFT_OK;

    input = transcode_trimmed(t->from, input);
    for (size_t i = 0; status == THRIFT_OK && i < t->edits.count; i++) {
        status = edit_next(t, t->edits.items[i], input, &bytes, err);
        input = (thrift_bytes){bytes.data, bytes.size};
    }
    if (status == THRIFT_OK && t->to != t->from) {
        status = transcode_value(t, input, out, err);
    } else if (status == THRIFT_OK) {
        status = transcode_append(out, input.data, input.size, err) ? THRIFT_OK : THRIFT_E_NOMEM;
    }
    thrift_buffer_deinit(&bytes);
    return status;
}
