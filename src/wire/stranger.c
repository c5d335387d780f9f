/*
 * The first bytes of protocols that are met on ports of Thrift servers, or on ports that were taken
 * for one. From either side of a connection.
 */
#include "wire/stranger.h"

#include <string.h>

#define AT(offset, text, name)                                                                     \
    {                                                                                              \
        offset, sizeof text - 1, text, name                                                        \
    }

static const struct {
    uint8_t offset, size;
    const char *bytes, *name;
} known[] = {
    AT(0, "\x16\x03", "a TLS handshake"),
    AT(0, "\x15\x03", "a TLS alert"),
    AT(0, "HTTP/", "an HTTP response"),
    AT(0, "PRI * HTTP/2", "HTTP/2, or gRPC over it"),
    AT(0, "GET ", "an HTTP request"),
    AT(0, "POST ", "an HTTP request"),
    AT(0, "HEAD ", "an HTTP request"),
    AT(0, "OPTIONS ", "an HTTP request"),
    AT(0, "PUT ", "an HTTP request"),
    AT(0, "DELETE ", "an HTTP request"),
    AT(0, "CONNECT ", "an HTTP request"),
    AT(0, "SSH-", "SSH"),
    AT(0, "*", "a Redis command"),
    AT(0, "PING\r\n", "a Redis command"),
    AT(0, "-ERR", "a Redis error"),
    AT(0, "-NOAUTH", "a Redis error"),
    AT(0, "+OK", "a Redis reply"),
    AT(0, "+PONG", "a Redis reply"),
    AT(0, "PROXY ", "the PROXY protocol"),
    AT(0, "\r\n\r\n\0\r\nQUIT\n", "the PROXY protocol"),
    AT(0, "AMQP", "AMQP"),
    AT(0, "220 ", "a greeting of SMTP or FTP"),
    AT(0, "EHLO ", "SMTP"),
    AT(0, "HELO ", "SMTP"),
    AT(0, "stats\r\n", "a memcached command"),
    AT(0, "get ", "a memcached command"),
    AT(0, "set ", "a memcached command"),
    AT(0, "ERROR\r\n", "a memcached error"),
    AT(4, "\x04\xd2\x16\x2f", "a PostgreSQL client"),
    AT(4, "\0\x03\0\0", "a PostgreSQL client"),
    AT(3, "\0\x0a", "a MySQL server"),
    AT(3, "\0\0\0\0\x04", "fbthrift's Rocket"),
    AT(4, "\x10\0", "Kitex's TTHeader, which is not THeader"),
    AT(4, "\xff\xaf", "Kitex's MeshHeader"),
    AT(4, "{\"metadata\"", "ThriftPy's own JSON, which is not Apache's"),
    AT(0, "\x10", "MQTT"),
};

const char *stranger_name(thrift_bytes first)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t end = (size_t)known[i].offset + known[i].size;

        if (first.size >= end &&
            memcmp(first.data + known[i].offset, known[i].bytes, known[i].size) == 0) {
            return known[i].name;
        }
    }
    return NULL;
}
