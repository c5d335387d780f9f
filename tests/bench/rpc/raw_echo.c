/*
 * The physical limit: an epoll echo of frames that looks at nothing but their length and sends the
 * same bytes back, marked as a reply. One read and one write per wake-up, one shared buffer.
 *
 *   raw_echo PORT|PATH [result]
 *
 * With "result" argument 1 comes back as field 0, so that real clients take it for the result.
 */
#define _GNU_SOURCE
#include "connect.h"
#include <errno.h>
#include <sys/epoll.h>

#define BUFFER_SIZE (1u << 16)
#define EVENTS 256

struct connection {
    int fd;
    size_t size, capacity; /* of the part of a frame that waits for the rest */
    unsigned char *bytes;
};

static int listen_on(const char *text)
{
    union any_address address;
    socklen_t size = address_of(text, &address);
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

    if (address.any.sa_family == AF_UNIX) {
        unlink(text);
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd < 0 || bind(fd, &address.any, size) != 0 || listen(fd, 1024) != 0) {
        perror(text);
        exit(1);
    }
    return fd;
}

static void accept_one(int poll, int listener)
{
    struct connection *connection = calloc(1, sizeof *connection);
    struct epoll_event event = {EPOLLIN, {.ptr = connection}};
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

    if (fd < 0 || connection == NULL) {
        free(connection);
        return;
    }
    set_no_delay(fd);
    connection->fd = fd;
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
}

static void drop(struct connection *connection)
{
    close(connection->fd);
    free(connection->bytes);
    free(connection);
}

static int as_result;

/* Frame 4, version 4, name with its size, sequence id 4, type of the field 1, id 2. */
static void make_result(unsigned char *frame)
{
    size_t name = (size_t)frame[10] << 8 | frame[11];

    frame[12 + name + 4 + 2] = 0;
}

/* Marks all complete frames as replies and returns their size; *out_next: of the first that is not
 * complete, when its length is known. */
static size_t answer(unsigned char *bytes, size_t size, size_t *out_next)
{
    size_t at = 0;

    *out_next = 0;
    while (size - at >= 4) {
        size_t frame = 4 + ((size_t)bytes[at] << 24 | (size_t)bytes[at + 1] << 16 |
                            (size_t)bytes[at + 2] << 8 | bytes[at + 3]);

        if (size - at < frame) {
            *out_next = frame;
            break;
        }
        bytes[at + 7] = 2;
        if (as_result) {
            make_result(bytes + at);
        }
        at += frame;
    }
    return at;
}

static void send_all(int fd, const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);

        if (sent < 0 && errno == EAGAIN) {
            continue;
        }
        if (sent <= 0) {
            return;
        }
        bytes += sent;
        size -= (size_t)sent;
    }
}

/* Keeps the beginning of a frame with its connection until the rest comes. */
static void keep(struct connection *connection, const unsigned char *rest, size_t size, size_t next)
{
    size_t wanted = next > BUFFER_SIZE ? next : BUFFER_SIZE;

    if (size == 0) {
        free(connection->bytes);
        connection->bytes = NULL;
        connection->capacity = 0;
    } else if (wanted > connection->capacity) {
        unsigned char *grown = malloc(wanted);

        if (grown == NULL) {
            exit(1);
        }
        memcpy(grown, rest, size);
        free(connection->bytes);
        connection->bytes = grown;
        connection->capacity = wanted;
    } else {
        memmove(connection->bytes, rest, size);
    }
    connection->size = size;
}

static void serve(struct connection *connection)
{
    static unsigned char shared[BUFFER_SIZE];
    int own = connection->size > 0;
    unsigned char *bytes = own ? connection->bytes : shared;
    size_t capacity = own ? connection->capacity : sizeof shared, done, next;
    ssize_t got = read(connection->fd, bytes + connection->size, capacity - connection->size);

    if (got <= 0) {
        drop(connection);
        return;
    }
    connection->size += (size_t)got;
    done = answer(bytes, connection->size, &next);
    send_all(connection->fd, bytes, done);
    keep(connection, bytes + done, connection->size - done, next);
}

int main(int argc, char **argv)
{
    int listener = argc > 1 ? listen_on(argv[1]) : -1, poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {EPOLLIN, {.ptr = NULL}}, events[EVENTS];

    if (listener < 0 || poll < 0) {
        fprintf(stderr, "usage: %s PORT|PATH\n", argv[0]);
        return 2;
    }
    as_result = argc > 2;
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(poll, events, EVENTS, -1);

        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == NULL) {
                accept_one(poll, listener);
            } else {
                serve(events[i].data.ptr);
            }
        }
    }
}
