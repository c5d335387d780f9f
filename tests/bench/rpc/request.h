/*
 * A call of the service Echo in the binary protocol, framed or not.
 *
 * Each reply has exactly the request's size: the result struct's field 0 is as long as the
 * argument's field 1, and a struct without fields is one byte on either side.
 */
#ifndef BENCH_REQUEST_H
#define BENCH_REQUEST_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_SIZE 4u
#define TYPE_STRUCT 12
#define TYPE_STRING 11
#define TYPE_I32 8

struct request {
    unsigned char *bytes;
    size_t size;
    size_t kind_at; /* where the message's kind stands: 1 call, 2 reply */
};

static inline unsigned char *put_i32(unsigned char *at, uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        *at++ = (unsigned char)(value >> shift);
    }
    return at;
}

static inline unsigned char *put_field(unsigned char *at, int type, int id)
{
    *at++ = (unsigned char)type;
    *at++ = (unsigned char)(id >> 8);
    *at++ = (unsigned char)id;
    return at;
}

static inline unsigned char *put_text(unsigned char *at, const char *text)
{
    size_t size = strlen(text);

    at = put_i32(at, (uint32_t)size);
    memcpy(at, text, size);
    return at + size;
}

static inline unsigned char *put_user(unsigned char *at)
{
    at = put_i32(put_field(at, TYPE_I32, 1), 123456);
    at = put_text(put_field(at, TYPE_STRING, 2), "Ada Lovelace");
    at = put_text(put_field(at, TYPE_STRING, 3), "ada.lovelace@example.org");
    *at++ = 0;
    return at;
}

/* Method echo, blob (with `blob_size` bytes) or ping. bytes is NULL when there is no memory. */
static inline struct request make_request(const char *method, size_t blob_size, int framed)
{
    struct request request = {calloc(1, 256 + blob_size), 0, framed ? FRAME_SIZE + 3 : 3};
    unsigned char *begin = request.bytes, *at;

    if (begin == NULL) {
        return request;
    }
    at = put_i32(framed ? begin + FRAME_SIZE : begin, 0x80010001u);
    at = put_i32(put_text(at, method), 7);
    if (strcmp(method, "echo") == 0) {
        at = put_user(put_field(at, TYPE_STRUCT, 1));
    } else if (strcmp(method, "blob") == 0) {
        at = put_field(put_field(at, TYPE_STRUCT, 1), TYPE_STRING, 1);
        at = put_i32(at, (uint32_t)blob_size) + blob_size;
        *at++ = 0;
    }
    *at++ = 0;
    request.size = (size_t)(at - begin);
    if (framed) {
        put_i32(begin, (uint32_t)(request.size - FRAME_SIZE));
    }
    return request;
}

/* Whether these bytes, as many as the request's, can be its reply. */
static inline int is_reply(const struct request *request, const unsigned char *bytes)
{
    return bytes[request->kind_at] == 2 &&
           (request->kind_at == 3 || memcmp(bytes, request->bytes, FRAME_SIZE) == 0);
}

#endif
