/*
 * Opening listening sockets and accepting on them.
 *
 * Accepted sockets are ours before libuv sees them: they can go to any loop, and a failing accept
 * can be met with a pause. TCP_NODELAY is inherited from the listening socket.
 */
#define _GNU_SOURCE /* accept4 */
#include "transport/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"
#include "transport/inherited.h"
#include "transport/loop_private.h"

#define BACKLOG 1024
#define ACCEPTS_PER_WAKE_UP 64
#define ACCEPT_PAUSE_MS 100
#define DATAGRAMS_PER_WAKE_UP 64

struct listener {
    struct listener *next;
    int fd; /* -1: closed */
    bool started;
    bool datagrams;
    char text[ADDRESS_TEXT_SIZE];
    char path[ADDRESS_PATH_SIZE]; /* the Unix path that is ours to remove, or empty */
    struct stat path_at_bind;     /* so that a successor's socket is left alone */
    uv_poll_t poll;
    uv_timer_t pause;
    struct listener_events events;
    struct loop *loop;
    struct log log;
    thrift_allocator allocator;
};

struct listener *listener_next(const struct listener *listener)
{
    return listener != NULL ? listener->next : NULL;
}

void listener_chain(struct listener *last, struct listener *more) { last->next = more; }

const char *listener_address(const struct listener *listener) { return listener->text; }

static void set_option(int fd, int level, int name, int value)
{
    (void)setsockopt(fd, level, name, &value, sizeof value);
}

static struct listener *adopt(int fd, bool datagrams, const thrift_allocator *allocator)
{
    struct listener *listener = mem_alloc_zero(allocator, 1, sizeof *listener);
    struct sockaddr_storage own = {0};
    socklen_t size = sizeof own;

    if (listener == NULL) {
        (void)close(fd);
        return NULL;
    }
    listener->fd = fd;
    if (allocator != NULL) {
        listener->allocator = *allocator;
    }
    listener->datagrams = datagrams;
    if (getsockname(fd, (struct sockaddr *)&own, &size) == 0) {
        (void)address_print_socket((struct sockaddr *)&own, size, listener->text);
    }
    if (datagrams && memcmp(listener->text, "tcp", 3) == 0) {
        memcpy(listener->text, "udp", 3);
    }
    return listener;
}

/* Returns a listening descriptor, or -1 with errno. */
static int listen_at(const struct sockaddr *at, socklen_t size, bool datagrams)
{
    int fd = socket(at->sa_family,
                    (datagrams ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int saved;

    if (fd < 0) {
        return -1;
    }
    if (at->sa_family != AF_UNIX && !datagrams) {
        set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
        set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    }
    if (at->sa_family == AF_INET6) {
        set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0); /* [::] takes IPv4 as well */
    }
    if (bind(fd, at, size) == 0 && (datagrams || listen(fd, BACKLOG) == 0)) {
        return fd;
    }
    saved = errno;
    (void)close(fd);
    errno = saved;
    return -1;
}

static thrift_status cannot_listen(const struct address *address, int sys_errno, thrift_error *err)
{
    char text[ADDRESS_TEXT_SIZE];
    thrift_status status = error_set_errno(err, THRIFT_E_IO, sys_errno, "cannot listen on %s",
                                           address_print(address, text));

    if (err != NULL) {
        error_set_source(err, text);
    }
    return status;
}

/* A socket file that nobody answers on is left from a process that died. */
static bool is_dead(const struct sockaddr_storage *at, socklen_t size)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool dead;

    if (fd < 0) {
        return false;
    }
    dead = connect(fd, (const struct sockaddr *)at, size) != 0 && errno == ECONNREFUSED;
    (void)close(fd);
    return dead;
}

static int listen_unix(const struct address *address)
{
    struct sockaddr_storage at;
    socklen_t size = address_to_unix(address, &at);
    int fd = listen_at((struct sockaddr *)&at, size, false);
    struct stat found;

    if (fd >= 0 || errno != EADDRINUSE || address->path[0] == '@') {
        return fd;
    }
    if (lstat(address->path, &found) == 0 && S_ISSOCK(found.st_mode) && is_dead(&at, size)) {
        (void)unlink(address->path);
        return listen_at((struct sockaddr *)&at, size, false);
    }
    errno = EADDRINUSE;
    return -1;
}

static thrift_status open_unix(const struct address *address, const thrift_allocator *allocator,
                               struct listener **out_first, thrift_error *err)
{
    int fd = listen_unix(address);
    struct listener *listener;

    if (fd < 0) {
        return cannot_listen(address, errno, err);
    }
    listener = adopt(fd, false, allocator);
    if (listener == NULL) {
        return FAIL_NOMEM(err);
    }
    if (address->path[0] != '@' && lstat(address->path, &listener->path_at_bind) == 0) {
        memcpy(listener->path, address->path, sizeof listener->path);
    }
    *out_first = listener;
    return THRIFT_OK;
}

static uint16_t port_of(const struct listener *listener)
{
    struct address address;

    return address_parse(listener->text, &address, NULL) == THRIFT_OK ? address.port : 0;
}

static void set_port(struct sockaddr *at, uint16_t port)
{
    if (at->sa_family == AF_INET6) {
        ((struct sockaddr_in6 *)(void *)at)->sin6_port = htons(port);
    } else {
        ((struct sockaddr_in *)(void *)at)->sin_port = htons(port);
    }
}

/* Every address of the name, on one port; those that this machine lacks are passed over when
 * another works. */
static thrift_status open_all(const struct address *address, struct addrinfo *found,
                              const thrift_allocator *allocator, struct listener **out_first,
                              thrift_error *err)
{
    struct listener *first = NULL, **end = &first;
    int failed = EADDRNOTAVAIL;
    uint16_t port = address->port;
    bool datagrams = address->kind == ADDRESS_UDP;

    for (struct addrinfo *at = found; at != NULL; at = at->ai_next) {
        set_port(at->ai_addr, port);
        int fd = listen_at(at->ai_addr, at->ai_addrlen, datagrams);

        if (fd < 0) {
            failed = errno;
            if (failed != EADDRNOTAVAIL && failed != EAFNOSUPPORT) {
                break;
            }
            continue;
        }
        failed = 0;
        *end = adopt(fd, datagrams, allocator);
        if (*end == NULL) {
            failed = ENOMEM;
            break;
        }
        port = port_of(*end);
        end = &(*end)->next;
    }
    if (first == NULL || (failed != 0 && failed != EADDRNOTAVAIL && failed != EAFNOSUPPORT)) {
        listener_free(first);
        return failed == ENOMEM ? FAIL_NOMEM(err) : cannot_listen(address, failed, err);
    }
    *out_first = first;
    return THRIFT_OK;
}

static thrift_status open_tcp(const struct address *address, const thrift_allocator *allocator,
                              struct listener **out_first, thrift_error *err)
{
    const struct addrinfo wanted = {.ai_flags = AI_PASSIVE,
                                    .ai_socktype =
                                        address->kind == ADDRESS_UDP ? SOCK_DGRAM : SOCK_STREAM};
    struct addrinfo *found = NULL;
    thrift_status status;
    int failed = getaddrinfo(address->host, NULL, &wanted, &found);

    if (failed != 0) {
        return FAIL(err, THRIFT_E_IO, "cannot listen on host '%s': %s", address->host,
                    failed == EAI_SYSTEM ? uv_strerror(uv_translate_sys_error(errno))
                                         : gai_strerror(failed));
    }
    status = open_all(address, found, allocator, out_first, err);
    freeaddrinfo(found);
    return status;
}

static thrift_status open_descriptors(const int *fds, int count, const thrift_allocator *allocator,
                                      struct listener **out_first, thrift_error *err)
{
    struct listener *first = NULL, **end = &first;

    for (int i = 0; i < count; i++) {
        bool datagrams;
        thrift_status status = inherited_prepare(fds[i], &datagrams, err);

        if (status != THRIFT_OK) {
            listener_free(first);
            return status;
        }
        *end = adopt(fds[i], datagrams, allocator);
        if (*end == NULL) {
            listener_free(first);
            return FAIL_NOMEM(err);
        }
        end = &(*end)->next;
    }
    *out_first = first;
    return THRIFT_OK;
}

static thrift_status open_inherited(const char *name, const thrift_allocator *allocator,
                                    struct listener **out_first, thrift_error *err)
{
    int fds[INHERITED_MOST];
    int count = inherited_sockets(name, fds);

    if (count == 0) {
        return FAIL(err, THRIFT_E_IO,
                    "no sockets were inherited%s%s: LISTEN_FDS and LISTEN_PID tell of them",
                    name[0] != '\0' ? " of the name " : "", name);
    }
    return open_descriptors(fds, count, allocator, out_first, err);
}

thrift_status listener_open(const struct address *address, const thrift_allocator *allocator,
                            struct listener **out_first, thrift_error *err)
{
    const int fd = address->port;

    switch (address->kind) {
    case ADDRESS_UNIX:
        return open_unix(address, allocator, out_first, err);
    case ADDRESS_INHERITED:
        return open_inherited(address->path, allocator, out_first, err);
    case ADDRESS_DESCRIPTOR:
        return open_descriptors(&fd, 1, allocator, out_first, err);
    case ADDRESS_TCP:
    case ADDRESS_UDP:
        break;
    }
    return open_tcp(address, allocator, out_first, err);
}

static void on_connection(uv_poll_t *poll, int status, int events);

static void on_pause_over(uv_timer_t *pause)
{
    struct listener *listener = pause->data;

    if (listener->fd >= 0) {
        (void)uv_poll_start(&listener->poll, UV_READABLE, on_connection);
    }
}

/* Out of descriptors or memory: the backlog waits, the processor rests. */
static void pause_accepting(struct listener *listener, int sys_errno)
{
    log_write(&listener->log, LOG_WARNING, "accept-paused", "%s: %s", listener->text,
              uv_strerror(uv_translate_sys_error(sys_errno)));
    (void)uv_poll_stop(&listener->poll);
    (void)uv_timer_start(&listener->pause, on_pause_over, ACCEPT_PAUSE_MS, 0);
}

/* Bounded, so that a flood leaves the loop's connections their turn. */
static void receive_datagrams(struct listener *listener)
{
    for (int i = 0; i < DATAGRAMS_PER_WAKE_UP && listener->fd >= 0; i++) {
        struct sockaddr_storage from = {0};
        socklen_t size = sizeof from;
        char peer[ADDRESS_TEXT_SIZE];
        ssize_t got = recvfrom(listener->fd, listener->loop->read_buffer, LOOP_READ_SIZE, 0,
                               (struct sockaddr *)&from, &size);

        if (got < 0 && errno != EINTR) {
            return; /* nothing more, or an error of an earlier send, which was not ours */
        }
        if (got > 0) {
            (void)address_print_socket((struct sockaddr *)&from, size, peer);
            listener->events.received(listener->events.data,
                                      (thrift_bytes){listener->loop->read_buffer, (size_t)got},
                                      peer);
        }
    }
}

static void on_connection(uv_poll_t *poll, int status, int events)
{
    struct listener *listener = poll->data;

    (void)status, (void)events;
    if (listener->datagrams) {
        receive_datagrams(listener);
        return;
    }
    for (int i = 0; i < ACCEPTS_PER_WAKE_UP && listener->fd >= 0; i++) {
        int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (fd >= 0) {
            listener->events.accepted(listener->events.data, fd);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            pause_accepting(listener, errno);
            return;
        } else if (errno == EAGAIN) {
            return;
        } /* anything else (ECONNABORTED, EINTR, the network's errors) concerns that one only */
    }
}

thrift_status listener_start(struct listener *listener, struct loop *loop,
                             const struct listener_events *events, const struct log *log,
                             thrift_error *err)
{
    int failed = uv_poll_init(loop->uv, &listener->poll, listener->fd);

    if (failed != 0) {
        return loop_fail(err, failed, "cannot accept connections");
    }
    (void)uv_timer_init(loop->uv, &listener->pause); /* cannot fail */
    listener->poll.data = listener->pause.data = listener;
    listener->started = true;
    listener->events = *events;
    listener->loop = loop;
    listener->log = *log;
    failed = uv_poll_start(&listener->poll, UV_READABLE, on_connection);
    return failed == 0 ? THRIFT_OK : loop_fail(err, failed, "cannot accept connections");
}

static void close_socket(struct listener *listener)
{
    struct stat now;

    if (listener->fd < 0) {
        return;
    }
    (void)close(listener->fd);
    listener->fd = -1;
    if (listener->path[0] != '\0' && lstat(listener->path, &now) == 0 &&
        now.st_ino == listener->path_at_bind.st_ino &&
        now.st_dev == listener->path_at_bind.st_dev) {
        (void)unlink(listener->path);
    }
}

void listener_stop(struct listener *listener)
{
    if (listener->started) {
        listener->started = false;
        uv_close((uv_handle_t *)&listener->poll, NULL);
        uv_close((uv_handle_t *)&listener->pause, NULL);
    }
    close_socket(listener);
}

void listener_free(struct listener *listener)
{
    while (listener != NULL) {
        struct listener *next = listener->next;

        close_socket(listener);
        mem_free(&listener->allocator, listener, sizeof *listener);
        listener = next;
    }
}
