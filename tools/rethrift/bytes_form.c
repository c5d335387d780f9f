/*
 * Reading and writing bytes in text forms.
 */
#include "bytes_form.h"

#include <string.h>

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

static bool malformed(thrift_error *err, enum bytes_form form, uint64_t at)
{
    err->code = THRIFT_E_SYNTAX;
    snprintf(err->message, sizeof err->message, "the input is no %s at byte %llu",
             form == FORM_HEX ? "sequence of pairs of hexadecimal digits" : "base64",
             (unsigned long long)at);
    return false;
}

static bool is_padding(enum bytes_form form, uint8_t c) { return form == FORM_BASE64 && c == '='; }

/* No digit waits for another one. */
static bool is_whole(enum bytes_form form, const struct bytes_reading *reading)
{
    return reading->held == 0 && reading->bits < (form == FORM_HEX ? 4u : 6u);
}

bool bytes_decode(enum bytes_form form, struct bytes_reading *reading, uint8_t *data, size_t size,
                  size_t *out_size, thrift_error *err)
{
    unsigned width = form == FORM_HEX ? 4 : 6;
    size_t made = 0;

    if (form == FORM_RAW) {
        *out_size = size;
        return true;
    }
    for (size_t i = 0; i < size; i++, reading->at++) {
        uint8_t c = data[i];
        int value = form == FORM_HEX ? value_hex(c) : value_64(c);

        if (is_blank(c) || (is_padding(form, c) && is_whole(form, reading))) {
            reading->bits = is_blank(c) ? reading->bits : 0;
            continue;
        }
        if (value < 0) {
            return malformed(err, form, reading->at);
        }
        reading->held = reading->held << width | (unsigned)value;
        reading->bits += width;
        if (reading->bits >= 8) {
            reading->bits -= 8;
            data[made++] = (uint8_t)(reading->held >> reading->bits);
            reading->held &= (1u << reading->bits) - 1;
        }
    }
    *out_size = made;
    return true;
}

bool bytes_decode_end(enum bytes_form form, const struct bytes_reading *reading, thrift_error *err)
{
    return form == FORM_RAW || is_whole(form, reading) || malformed(err, form, reading->at);
}

static void write_hex(FILE *to, thrift_bytes bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        fprintf(to, "%02x", bytes.data[i]);
    }
}

static void write_group(FILE *to, const uint8_t *from, size_t size)
{
    uint32_t group = (uint32_t)from[0] << 16 | (size > 1 ? (uint32_t)from[1] << 8 : 0) |
                     (size > 2 ? from[2] : 0);

    for (size_t i = 0; i < 4; i++) {
        fputc(i <= size ? digits64[group >> (18 - 6 * i) & 63] : '=', to);
    }
}

static void write_base64(FILE *to, thrift_bytes bytes, bool first)
{
    for (size_t at = 0; at < bytes.size; at += 3) {
        if (at % BYTES_PIECE == 0 && !(first && at == 0)) {
            fputc('\n', to);
        }
        write_group(to, bytes.data + at, bytes.size - at < 3 ? bytes.size - at : 3);
    }
}

bool bytes_write(FILE *to, enum bytes_form form, thrift_bytes piece, bool first)
{
    if (form == FORM_HEX) {
        write_hex(to, piece);
    } else if (form == FORM_BASE64) {
        write_base64(to, piece, first);
    } else if (piece.size > 0) {
        return fwrite(piece.data, 1, piece.size, to) == piece.size;
    }
    return !ferror(to);
}

bool bytes_write_end(FILE *to, enum bytes_form form)
{
    return form == FORM_RAW || fputc('\n', to) != EOF;
}
