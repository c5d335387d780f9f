/*
 * Destination: whom a client talks to, and how. Made from the text of an address, whose grammar is
 * in docs/reference/url.md.
 *
 *     tcp://host:9090?protocol=compact&transport=framed&service=Users
 */
#ifndef RPC_DESTINATION_H
#define RPC_DESTINATION_H

#include "transport/address.h"
#include "transport/form.h"

#define DESTINATION_HEADERS_SIZE 256

/* What stands around the messages. */
enum carriage {
    CARRIAGE_STREAM,
    CARRIAGE_ZLIB, /* a stream, all of it compressed */
    CARRIAGE_HTTP,
    CARRIAGE_WEBSOCKET,
    CARRIAGE_DATAGRAMS /* UDP: oneway calls alone */
};

struct destination {
    struct address address;
    enum carriage carriage;
    struct message_form form;     /* binary, unframed when the address does not say */
    bool old;                     /* binary, with the header that has no version */
    char service[96];             /* multiplexed: what stands before the ':'; empty: nothing does */
    char path[128];               /* HTTP, WebSocket */
    char host[ADDRESS_TEXT_SIZE]; /* HTTP: with the port */
    uint8_t headers[DESTINATION_HEADERS_SIZE]; /* as in wire/headers.h */
    size_t headers_size;
};

/* E_ARGUMENT. */
thrift_status destination_parse(const char *text, struct destination *out, thrift_error *err);

static inline thrift_bytes destination_headers(const struct destination *destination)
{
    return (thrift_bytes){destination->headers, destination->headers_size};
}

#endif
