/*
 * Heads of requests and responses.
 */
#include "transport/http_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"

#define FIXED_SIZE 1024u

const char *http_reason(unsigned status)
{
    static const struct {
        unsigned status;
        const char *reason;
    } reasons[] = {{200, "OK"},
                   {400, "Bad Request"},
                   {403, "Forbidden"},
                   {405, "Method Not Allowed"},
                   {413, "Content Too Large"},
                   {415, "Unsupported Media Type"},
                   {417, "Expectation Failed"},
                   {426, "Upgrade Required"},
                   {431, "Request Header Fields Too Large"},
                   {500, "Internal Server Error"},
                   {501, "Not Implemented"},
                   {503, "Service Unavailable"},
                   {505, "HTTP Version Not Supported"}};

    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].status == status) {
            return reasons[i].reason;
        }
    }
    return "";
}

static size_t lines_size(thrift_bytes headers)
{
    struct header header;
    size_t size = 2;

    while (headers_next(&headers, &header)) {
        size += header.name.size + header.value.size + 4;
    }
    return size;
}

static uint8_t *put(uint8_t *to, const void *text, size_t size)
{
    if (size > 0) {
        memcpy(to, text, size);
    }
    return to + size;
}

/* The fixed part, the headers, an empty line; then what is there already. */
static bool insert(thrift_buffer *out, size_t begin, const char *fixed, size_t fixed_size,
                   thrift_bytes headers)
{
    size_t size = fixed_size + lines_size(headers), body = out->size - begin;
    struct header header;
    uint8_t *to;

    if (!buffer_reserve(out, size)) {
        return false;
    }
    to = out->data + begin;
    memmove(to + size, to, body);
    to = put(to, fixed, fixed_size);
    while (headers_next(&headers, &header)) {
        to = put(to, header.name.data, header.name.size);
        to = put(to, ": ", 2);
        to = put(to, header.value.data, header.value.size);
        to = put(to, "\r\n", 2);
    }
    (void)put(to, "\r\n", 2);
    out->size += size;
    return true;
}

bool http_write_response(thrift_buffer *out, size_t begin, const struct http_response *response)
{
    char fixed[FIXED_SIZE];
    const char *type = response->content_type != NULL ? response->content_type : HTTP_THRIFT;
    const char *connection = response->closes ? "Connection: close\r\n"
                             : response->old  ? "Connection: keep-alive\r\n"
                                              : "";
    int size = snprintf(fixed, sizeof fixed,
                        "HTTP/1.1 %u %s\r\nContent-Type: %s\r\nX-Content-Type-Options: nosniff\r\n"
                        "Content-Length: %zu\r\n%s",
                        response->status, http_reason(response->status), type, out->size - begin,
                        connection);

    return size > 0 && (size_t)size < sizeof fixed &&
           insert(out, begin, fixed, (size_t)size, response->headers);
}

bool http_write_request(thrift_buffer *out, size_t begin, const struct http_request *request)
{
    char fixed[FIXED_SIZE];
    int size = snprintf(fixed, sizeof fixed,
                        "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nAccept: %s\r\n"
                        "User-Agent: rethrift\r\nContent-Length: %zu\r\n",
                        request->path, request->host, request->content_type, request->content_type,
                        out->size - begin);

    return size > 0 && (size_t)size < sizeof fixed &&
           insert(out, begin, fixed, (size_t)size, request->headers);
}

bool http_write_upgrade(thrift_buffer *out, const struct http_request *request, const char *key)
{
    char fixed[FIXED_SIZE];
    int size = snprintf(fixed, sizeof fixed,
                        "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Key: %s\r\n"
                        "Sec-WebSocket-Version: 13\r\n",
                        request->path, request->host, key);

    return size > 0 && (size_t)size < sizeof fixed &&
           insert(out, out->size, fixed, (size_t)size, request->headers);
}
