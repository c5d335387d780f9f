/*
 * Reading and writing bytes in text forms.
 */
#include "bytes_form.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_SIZE_MOST ((size_t)1 << 30)
#define READ_SIZE ((size_t)1 << 16)
#define LINE_GROUP 48 /* bytes of input in one line of base64 */

static const char digits64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

bool bytes_form_named(const char *name, enum bytes_form *out)
{
    static const char *const names[] = {
        [FORM_RAW] = "raw", [FORM_HEX] = "hex", [FORM_BASE64] = "base64"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum bytes_form)i;
            return true;
        }
    }
    return false;
}

static bool failed(thrift_error *err, thrift_status status, const char *what, const char *path)
{
    err->code = status;
    snprintf(err->message, sizeof err->message, "%s %s: %s", what, path,
             status == THRIFT_E_LIMIT ? "it has more than 1 GiB" : strerror(errno));
    return false;
}

static bool append(thrift_buffer *out, const uint8_t *more, size_t size)
{
    if (size > out->capacity - out->size) {
        size_t capacity = 2 * out->capacity + size;
        uint8_t *data = realloc(out->data, capacity);

        if (data == NULL) {
            return false;
        }
        out->data = data;
        out->capacity = capacity;
    }
    memcpy(out->data + out->size, more, size);
    out->size += size;
    return true;
}

static bool read_all(FILE *from, const char *path, thrift_buffer *out, thrift_error *err)
{
    uint8_t block[READ_SIZE];
    size_t size;

    while ((size = fread(block, 1, sizeof block, from)) > 0) {
        if (out->size + size > INPUT_SIZE_MOST) {
            return failed(err, THRIFT_E_LIMIT, "cannot read", path);
        }
        if (!append(out, block, size)) {
            errno = ENOMEM;
            return failed(err, THRIFT_E_NOMEM, "cannot read", path);
        }
    }
    return !ferror(from) || failed(err, THRIFT_E_IO, "cannot read", path);
}

bool bytes_read(const char *path, thrift_buffer *out, thrift_error *err)
{
    FILE *from;
    bool done;

    if (strcmp(path, "-") == 0) {
        return read_all(stdin, "the standard input", out, err);
    }
    from = fopen(path, "rb");
    if (from == NULL) {
        return failed(err, THRIFT_E_IO, "cannot open", path);
    }
    done = read_all(from, path, out, err);
    fclose(from);
    return done;
}

static bool is_blank(uint8_t c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

static int value_hex(uint8_t c)
{
    return c >= '0' && c <= '9'                     ? c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                    : -1;
}

/* The alphabet for files and names, too. */
static int value_64(uint8_t c)
{
    const char *at = c != '\0' ? strchr(digits64, c) : NULL;

    return at != NULL ? (int)(at - digits64) : c == '-' ? 62 : c == '_' ? 63 : -1;
}

static bool malformed(thrift_error *err, enum bytes_form form, size_t at)
{
    err->code = THRIFT_E_SYNTAX;
    snprintf(err->message, sizeof err->message, "the input is no %s at byte %zu",
             form == FORM_HEX ? "sequence of pairs of hexadecimal digits" : "base64", at);
    return false;
}

bool bytes_decode(enum bytes_form form, thrift_buffer *bytes, thrift_error *err)
{
    unsigned width = form == FORM_HEX ? 4 : 6, held = 0, bits = 0;
    size_t size = 0, at;

    if (form == FORM_RAW) {
        return true;
    }
    for (at = 0; at < bytes->size; at++) {
        uint8_t c = bytes->data[at];
        int value = form == FORM_HEX ? value_hex(c) : value_64(c);

        if (is_blank(c) || (form == FORM_BASE64 && c == '=')) {
            continue;
        }
        if (value < 0) {
            return malformed(err, form, at);
        }
        held = held << width | (unsigned)value;
        bits += width;
        if (bits >= 8) {
            bits -= 8;
            bytes->data[size++] = (uint8_t)(held >> bits);
            held &= (1u << bits) - 1;
        }
    }
    if (held != 0 || bits >= width) {
        return malformed(err, form, at);
    }
    bytes->size = size;
    return true;
}

static bool write_hex(FILE *to, thrift_bytes bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        fprintf(to, "%02x", bytes.data[i]);
    }
    return fputc('\n', to) != EOF;
}

static void write_group(FILE *to, const uint8_t *from, size_t size)
{
    uint32_t group = (uint32_t)from[0] << 16 | (size > 1 ? (uint32_t)from[1] << 8 : 0) |
                     (size > 2 ? from[2] : 0);

    for (size_t i = 0; i < 4; i++) {
        fputc(i <= size ? digits64[group >> (18 - 6 * i) & 63] : '=', to);
    }
}

static bool write_base64(FILE *to, thrift_bytes bytes)
{
    for (size_t at = 0; at < bytes.size; at += 3) {
        if (at > 0 && at % LINE_GROUP == 0) {
            fputc('\n', to);
        }
        write_group(to, bytes.data + at, bytes.size - at < 3 ? bytes.size - at : 3);
    }
    return fputc('\n', to) != EOF;
}

bool bytes_write(FILE *to, enum bytes_form form, thrift_bytes bytes)
{
    return form == FORM_HEX      ? write_hex(to, bytes)
           : form == FORM_BASE64 ? write_base64(to, bytes)
                                 : fwrite(bytes.data, 1, bytes.size, to) == bytes.size;
}
