/*
 * Detection, by what cannot be confused: a strict binary header, a compact header, a JSON message
 * and a TLS record all begin with bytes that no sensible frame size has; HTTP's methods are letters
 * and would be frames of a gigabyte. A size is told from an old header's name size by what follows.
 *
 * Source: Apache Thrift lib/cpp THeaderTransport.cpp (the order of its tests), RFC 8446 5.1.
 */
#include "wire/detect.h"

#include <string.h>

#include "base/bytes.h"
#include "wire/message.h"

#define TLS_HANDSHAKE 0x16u
#define TLS_MAJOR 0x03u
#define ZLIB_METHOD 0x78u
#define ZLIB_DICTIONARY 0x20u
#define HEADER_MAGIC_HIGH 0x0fu
#define HEADER_MAGIC_LOW 0xffu

static const struct detection more = {.kind = DETECT_MORE};
static const struct detection unknown = {.kind = DETECT_UNKNOWN};

static struct detection message(thrift_protocol protocol, bool framed, bool old)
{
    return (struct detection){DETECT_MESSAGE, framed, old, protocol};
}

static bool is_name_start(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_part(uint8_t c)
{
    return is_name_start(c) || (c >= '0' && c <= '9') || c == '.' || c == ':' || c == '-';
}

/* RFC 1950, 2.2: the usual window, a sum that divides by 31, no preset dictionary. As a frame's
 * size it would be two gigabytes. */
static bool is_zlib(const uint8_t *at)
{
    return at[0] == ZLIB_METHOD && (at[1] & ZLIB_DICTIONARY) == 0 && load_big16(at) % 31 == 0;
}

/* HTTP's methods; their first four bytes, with the blank where it belongs. */
static bool is_http(const uint8_t *at)
{
    static const char methods[][5] = {"GET ", "POST", "HEAD", "OPTI", "PUT ",
                                      "DELE", "PATC", "CONN", "TRAC", "PRI "};

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (memcmp(at, methods[i], 4) == 0) {
            return true;
        }
    }
    return false;
}

/* At the name size of an old header: size, name, kind. */
static struct detection detect_old(thrift_bytes at, bool framed, const thrift_limits *limits)
{
    uint32_t size;
    size_t seen;

    if (at.size < 4) {
        return more;
    }
    size = load_big32(at.data);
    if (size == 0 || size > limits->max_method_name_size) {
        return unknown;
    }
    seen = at.size - 4 < size ? at.size - 4 : size;
    for (size_t i = 0; i < seen; i++) {
        uint8_t c = at.data[4 + i];

        if (i == 0 ? !is_name_start(c) : !is_name_part(c)) {
            return unknown;
        }
    }
    if (at.size - 4 <= size) {
        return more;
    }
    return message_kind_valid(at.data[4 + size]) ? message(THRIFT_BINARY, framed, true) : unknown;
}

static bool is_header(const uint8_t *at)
{
    return at[0] == HEADER_MAGIC_HIGH && at[1] == HEADER_MAGIC_LOW;
}

/* The frame has another one in it and nothing else: THeaderTransport over TFramedTransport. An old
 * header's name is never as long as that. */
static bool holds_frame(thrift_bytes first, uint32_t size)
{
    return size > 8 && first.size >= 8 && load_big32(first.data + 4) == size - 4;
}

/* A size and the first byte behind it are there. */
static struct detection detect_sized(thrift_bytes first, const thrift_limits *limits)
{
    uint32_t size = load_big32(first.data);
    uint8_t c = first.data[4];

    if (size > limits->max_frame_size) {
        return unknown;
    }
    if (holds_frame(first, size)) {
        return first.size < 10             ? more
               : is_header(first.data + 8) ? (struct detection){.kind = DETECT_HEADER}
                                           : unknown;
    }
    if (is_name_start(c)) {
        return detect_old(first, false, limits);
    }
    if (c == '[') {
        return message(THRIFT_TJSON, true, false);
    }
    if (c == 0) {
        return detect_old((thrift_bytes){first.data + 4, first.size - 4}, true, limits);
    }
    if (first.size < 6) {
        return more;
    }
    if (c == 0x80 && first.data[5] == 0x01) {
        return message(THRIFT_BINARY, true, false);
    }
    if (c == 0x82 && (first.data[5] & 0x1f) == 1) {
        return message(THRIFT_COMPACT, true, false);
    }
    if (is_header(first.data + 4)) {
        return (struct detection){.kind = DETECT_HEADER};
    }
    return unknown;
}

struct detection detect(thrift_bytes first, const thrift_limits *limits)
{
    const uint8_t *at = first.data;

    if (first.size < 2) {
        return first.size == 1 && at[0] > 0x82 ? unknown : more;
    }
    if (at[0] == TLS_HANDSHAKE && at[1] == TLS_MAJOR) {
        return (struct detection){.kind = DETECT_TLS};
    }
    if (at[0] == 0x80 && at[1] == 0x01) {
        return message(THRIFT_BINARY, false, false);
    }
    if (at[0] == 0x82 && (at[1] & 0x1f) == 1) {
        return message(THRIFT_COMPACT, false, false);
    }
    if (at[0] == '[' && at[1] == '1') {
        return message(THRIFT_TJSON, false, false);
    }
    if (is_zlib(at)) {
        return (struct detection){.kind = DETECT_ZLIB};
    }
    if (at[0] & 0x80) {
        return unknown;
    }
    if (first.size < 4) {
        return more;
    }
    if (is_http(at)) {
        return (struct detection){.kind = DETECT_HTTP};
    }
    return first.size < 5 ? (load_big32(at) > limits->max_frame_size ? unknown : more)
                          : detect_sized(first, limits);
}

const char *detection_name(const struct detection *found)
{
    static const char *const others[] = {
        [DETECT_MORE] = "nothing yet",
        [DETECT_MESSAGE] = "messages",
        [DETECT_HEADER] = "THeader frames",
        [DETECT_HTTP] = "HTTP",
        [DETECT_ZLIB] = "a zlib stream",
        [DETECT_TLS] = "TLS",
        [DETECT_UNKNOWN] = "no protocol that is known here",
    };
    static const char *const messages[][2] = {
        [THRIFT_BINARY] = {"unframed binary", "framed binary"},
        [THRIFT_COMPACT] = {"unframed compact", "framed compact"},
        [THRIFT_TJSON] = {"unframed TJSON", "framed TJSON"},
    };

    if (found->kind == DETECT_MESSAGE && found->protocol <= THRIFT_TJSON) {
        return messages[found->protocol][found->framed];
    }
    return others[found->kind];
}
