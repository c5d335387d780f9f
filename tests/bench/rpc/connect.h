/*
 * Addresses of the measuring programs: a port of 127.0.0.1, or the path of a Unix socket.
 */
#ifndef BENCH_CONNECT_H
#define BENCH_CONNECT_H

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

union any_address {
    struct sockaddr any;
    struct sockaddr_in tcp;
    struct sockaddr_un local;
};

/* Returns the address's size. */
static inline socklen_t address_of(const char *text, union any_address *out)
{
    memset(out, 0, sizeof *out);
    if (strchr(text, '/') != NULL) {
        out->local.sun_family = AF_UNIX;
        snprintf(out->local.sun_path, sizeof out->local.sun_path, "%s", text);
        return sizeof out->local;
    }
    out->tcp.sin_family = AF_INET;
    out->tcp.sin_port = htons((uint16_t)atoi(text));
    out->tcp.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof out->tcp;
}

static inline void set_no_delay(int fd)
{
    int on = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/* -1 when nobody listens. */
static inline int connect_to(const char *text)
{
    union any_address address;
    socklen_t size = address_of(text, &address);
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && connect(fd, &address.any, size) != 0) {
        close(fd);
        return -1;
    }
    if (fd >= 0 && address.any.sa_family == AF_INET) {
        set_no_delay(fd);
    }
    return fd;
}

static inline int write_all(int fd, const unsigned char *data, size_t size)
{
    while (size > 0) {
        ssize_t written = write(fd, data, size);

        if (written <= 0) {
            return -1;
        }
        data += written;
        size -= (size_t)written;
    }
    return 0;
}

static inline int read_all(int fd, unsigned char *data, size_t size)
{
    while (size > 0) {
        ssize_t got = read(fd, data, size);

        if (got <= 0) {
            return -1;
        }
        data += got;
        size -= (size_t)got;
    }
    return 0;
}

#endif
