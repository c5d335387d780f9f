/*
 * HTTP heads, written: put before a body that stands in the buffer already.
 */
#ifndef TRANSPORT_HTTP_WRITE_H
#define TRANSPORT_HTTP_WRITE_H

#include "wire/headers.h"

#define HTTP_THRIFT "application/x-thrift"

struct http_response {
    unsigned status;
    const char *content_type; /* NULL: HTTP_THRIFT */
    bool closes;              /* the connection ends after it */
    bool old;                 /* to an HTTP/1.0 peer: what does not close must say so */
    thrift_bytes headers;     /* as in wire/headers.h; fit for HTTP */
};

struct http_request {
    const char *path; /* "/…" */
    const char *host; /* with the port if it is not the usual one */
    const char *content_type;
    thrift_bytes headers;
};

/* The body is what stands in `out` from `begin` on. false: no memory; nothing is changed then. */
bool http_write_response(thrift_buffer *out, size_t begin, const struct http_response *response);
/* A POST. A path or host with blanks or control characters is the caller's care. */
bool http_write_request(thrift_buffer *out, size_t begin, const struct http_request *request);

/* A GET that asks for a WebSocket; its content type is not used. */
bool http_write_upgrade(thrift_buffer *out, const struct http_request *request, const char *key);

/* "Not Found"; "" for a status that has no name here. */
const char *http_reason(unsigned status);

#endif
