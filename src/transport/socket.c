/*
 * Non-blocking sockets and poll(), so that every step ends at its deadline. MSG_NOSIGNAL on every
 * write: no thread of the program ever sees a SIGPIPE of ours.
 */
#include "transport/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "transport/resolve.h"

/* Returns 0 when ready, ETIMEDOUT, or another errno. */
static int wait_until(int fd, short events, uint64_t deadline_ns)
{
    for (;;) {
        struct pollfd wanted = {fd, events, 0};
        uint64_t now = clock_now_ns();
        uint64_t left_ms = deadline_ns > now ? (deadline_ns - now + 999999) / 1000000 : 0;
        int found = poll(&wanted, 1, left_ms < INT_MAX ? (int)left_ms : INT_MAX);

        if (found > 0) {
            return 0;
        }
        if (found < 0 && errno != EINTR) {
            return errno;
        }
        if (clock_now_ns() >= deadline_ns) {
            return ETIMEDOUT;
        }
    }
}

/* Closes `fd` when it fails; returns an errno. */
static int finish_connect(int fd, const struct sockaddr *to, socklen_t size, uint64_t deadline_ns)
{
    int failed = connect(fd, to, size) == 0 ? 0 : errno;
    socklen_t failed_size = sizeof failed;

    if (failed == EINPROGRESS) {
        failed = wait_until(fd, POLLOUT, deadline_ns);
        if (failed == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &failed_size) != 0) {
            failed = errno;
        }
    }
    if (failed != 0) {
        (void)close(fd);
    }
    return failed;
}

static int try_connect(const struct sockaddr *to, socklen_t size, int type, uint64_t deadline_ns,
                       int *out_fd)
{
    const int on = 1;
    int fd = socket(to->sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int failed;

    if (fd < 0) {
        return errno;
    }
    failed = finish_connect(fd, to, size, deadline_ns);
    if (failed == 0) {
        if (to->sa_family != AF_UNIX && type == SOCK_STREAM) {
            (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        }
        *out_fd = fd;
    }
    return failed;
}

static thrift_status report(const struct address *address, int failed, thrift_error *err)
{
    char text[ADDRESS_TEXT_SIZE];
    thrift_status status;

    (void)address_print(address, text);
    if (failed == ETIMEDOUT) {
        status = FAIL(err, THRIFT_E_DEADLINE, "no connection to %s in time", text);
    } else {
        status = error_set_errno(err, THRIFT_E_CONNECT, failed, "no connection to %s", text);
    }
    error_set_source(err, text);
    return status;
}

/* An address that does not answer may use half of what is left, so that the next has its turn. */
static uint64_t share_of(uint64_t deadline_ns, bool last)
{
    uint64_t now = clock_now_ns();

    return last || deadline_ns <= now ? deadline_ns : now + (deadline_ns - now) / 2;
}

static thrift_status connect_tcp(const struct address *address, uint64_t deadline_ns, int *out_fd,
                                 thrift_error *err)
{
    struct addrinfo *found = NULL;
    int failed = EADDRNOTAVAIL;
    thrift_status status = resolve_host(address, deadline_ns, &found, err);

    if (status != THRIFT_OK) {
        return status;
    }
    for (struct addrinfo *at = found; at != NULL && failed != 0; at = at->ai_next) {
        failed = try_connect(at->ai_addr, at->ai_addrlen,
                             address->kind == ADDRESS_UDP ? SOCK_DGRAM : SOCK_STREAM,
                             share_of(deadline_ns, at->ai_next == NULL), out_fd);
    }
    freeaddrinfo(found);
    return failed == 0 ? THRIFT_OK : report(address, failed, err);
}

thrift_status socket_connect(const struct address *address, uint64_t deadline_ns, int *out_fd,
                             thrift_error *err)
{
    struct sockaddr_storage to;
    socklen_t size;
    int failed;

    if (address->kind == ADDRESS_TCP || address->kind == ADDRESS_UDP) {
        return connect_tcp(address, deadline_ns, out_fd, err);
    }
    if (address->kind != ADDRESS_UNIX) {
        char text[ADDRESS_TEXT_SIZE];

        return FAIL(err, THRIFT_E_ARGUMENT, "%s is an address for servers",
                    address_print(address, text));
    }
    size = address_to_unix(address, &to);
    failed = try_connect((struct sockaddr *)&to, size, SOCK_STREAM, deadline_ns, out_fd);
    return failed == 0 ? THRIFT_OK : report(address, failed, err);
}

void socket_close(int fd)
{
    if (fd >= 0) {
        (void)close(fd);
    }
}

void socket_finish(int fd) { (void)shutdown(fd, SHUT_RDWR); }

static thrift_status lost(int failed, const char *what, thrift_error *err)
{
    if (failed == ETIMEDOUT) {
        return FAIL(err, THRIFT_E_DEADLINE, "%s did not end in time", what);
    }
    if (failed == EMSGSIZE) {
        return FAIL(err, THRIFT_E_LIMIT, "a message is too large for a datagram");
    }
    if (failed == EPIPE || failed == ECONNRESET) {
        return error_set_errno(err, THRIFT_E_CLOSED, failed, "%s", what);
    }
    return error_set_errno(err, THRIFT_E_IO, failed, "%s", what);
}

thrift_status socket_send(int fd, thrift_bytes bytes, uint64_t deadline_ns, size_t *out_sent,
                          thrift_error *err)
{
    *out_sent = 0;
    while (*out_sent < bytes.size) {
        ssize_t sent =
            send(fd, bytes.data + *out_sent, bytes.size - *out_sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        int failed = sent < 0 ? errno : 0;

        if (failed == EAGAIN) {
            failed = wait_until(fd, POLLOUT, deadline_ns);
        } else if (failed == EINTR) {
            failed = 0;
        } else if (failed == 0) {
            *out_sent += (size_t)sent;
        }
        if (failed != 0) {
            return lost(failed, "sending", err);
        }
    }
    return THRIFT_OK;
}

thrift_status socket_receive(int fd, uint8_t *into, size_t room, uint64_t deadline_ns,
                             size_t *out_size, thrift_error *err)
{
    for (;;) {
        int failed = wait_until(fd, POLLIN, deadline_ns);
        ssize_t size = failed == 0 ? recv(fd, into, room, MSG_DONTWAIT) : -1;

        if (size > 0) {
            *out_size = (size_t)size;
            return THRIFT_OK;
        }
        if (size == 0) {
            return FAIL(err, THRIFT_E_CLOSED, "the peer closed the connection");
        }
        failed = failed != 0 ? failed : errno;
        if (failed != EAGAIN && failed != EINTR) {
            return lost(failed, "receiving", err);
        }
    }
}

bool socket_is_stale(int fd)
{
    uint8_t byte;
    ssize_t size = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

    return size >= 0 || (errno != EAGAIN && errno != EINTR);
}
