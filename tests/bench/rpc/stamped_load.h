/*
 * Calls at a given rate from a process of its own. Latencies count from when a call was due, not
 * from when it was sent, so that a server that stalls is not spared the calls that would have come.
 */
#ifndef BENCH_STAMPED_LOAD_H
#define BENCH_STAMPED_LOAD_H

#include "stamped.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CONNECTIONS 8
#define WAITING_MOST 4096 /* calls in flight on one connection */
#define LATENCIES_MOST ((size_t)1 << 22)

struct load_order {
    double seconds, per_second; /* 0 per second: as many as go */
};

struct load_result {
    long calls, failed, mixed;
    double per_second, p50_us, p99_us, worst_us, processor_seconds;
};

struct load_connection {
    int fd;
    uint64_t due_ns[WAITING_MOST];
    size_t first, last;
    unsigned char in[65536];
    size_t in_size;
};

struct load {
    struct load_connection connections[CONNECTIONS];
    uint32_t *latencies;
    size_t latency_count;
    struct load_result result;
};

static inline int load_connect(const char *name)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    size_t size = strlen(name);

    memcpy(to.sun_path + 1, name, size);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + size)) != 0) {
        die("load: connect");
    }
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static inline void load_send(struct load_connection *connection, uint64_t due)
{
    unsigned char call[64];
    size_t size = stamped_call(call, (uint32_t)connection->last);

    if (connection->last - connection->first == WAITING_MOST) {
        fprintf(stderr, "load: the server does not keep up\n");
        exit(1);
    }
    connection->due_ns[connection->last++ % WAITING_MOST] = due;
    while (send(connection->fd, call, size, MSG_NOSIGNAL) < 0) {
        if (errno != EAGAIN) {
            die("load: send");
        }
        poll(&(struct pollfd){connection->fd, POLLOUT, 0}, 1, 1000);
    }
}

static inline void load_take(struct load *load, struct load_connection *connection)
{
    ssize_t got = read(connection->fd, connection->in + connection->in_size,
                       sizeof connection->in - connection->in_size);
    size_t at = 0;
    uint64_t now = now_ns();

    if (got <= 0) {
        if (got < 0 && errno == EAGAIN) {
            return;
        }
        die("load: the server closed");
    }
    connection->in_size += (size_t)got;
    while (connection->in_size - at >= 4) {
        size_t size = stamped_read(connection->in + at, 4);
        enum stamped_verdict verdict;
        uint64_t ns;

        if (connection->in_size - at < 4 + size) {
            break;
        }
        verdict = stamped_check(connection->in + at + 4, size);
        load->result.failed += verdict == STAMPED_FAILED;
        load->result.mixed += verdict == STAMPED_MIXED;
        load->result.calls++;
        ns = now - connection->due_ns[connection->first++ % WAITING_MOST];
        if (load->latency_count < LATENCIES_MOST) {
            load->latencies[load->latency_count++] = ns > UINT32_MAX ? UINT32_MAX : (uint32_t)ns;
        }
        at += 4 + size;
    }
    memmove(connection->in, connection->in + at, connection->in_size - at);
    connection->in_size -= at;
}

static inline void load_wait(struct load *load, uint64_t timeout_ns)
{
    struct timespec timeout = {(time_t)(timeout_ns / 1000000000), (long)(timeout_ns % 1000000000)};
    struct pollfd wanted[CONNECTIONS];

    for (int i = 0; i < CONNECTIONS; i++) {
        wanted[i] = (struct pollfd){load->connections[i].fd, POLLIN, 0};
    }
    if (ppoll(wanted, CONNECTIONS, &timeout, NULL) > 0) {
        for (int i = 0; i < CONNECTIONS; i++) {
            if (wanted[i].revents != 0) {
                load_take(load, &load->connections[i]);
            }
        }
    }
}

static inline int load_is_idle(const struct load *load)
{
    for (int i = 0; i < CONNECTIONS; i++) {
        if (load->connections[i].first != load->connections[i].last) {
            return 0;
        }
    }
    return 1;
}

static inline int load_compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static inline void load_sum_up(struct load *load, double seconds)
{
    size_t count = load->latency_count;

    qsort(load->latencies, count, sizeof load->latencies[0], load_compare);
    load->result.per_second = (double)load->result.calls / seconds;
    if (count > 0) {
        load->result.p50_us = load->latencies[count / 2] / 1e3;
        load->result.p99_us = load->latencies[count - 1 - count / 100] / 1e3;
        load->result.worst_us = load->latencies[count - 1] / 1e3;
    }
}

static inline double load_processor_seconds(void)
{
    struct rusage used;

    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static inline void load_run(struct load *load, const struct load_order *order)
{
    double used = load_processor_seconds();
    uint64_t begin = now_ns(), end = begin + (uint64_t)(order->seconds * 1e9), now, due;
    double step = order->per_second > 0 ? 1e9 / order->per_second : 0;
    size_t sent = 0;

    load->latency_count = 0;
    load->result = (struct load_result){0};
    while ((now = now_ns()) < end) {
        for (int i = 0; i < CONNECTIONS && order->per_second <= 0; i++) {
            if (load->connections[i].first == load->connections[i].last) {
                load_send(&load->connections[i], now);
            }
        }
        while (order->per_second > 0 && begin + (uint64_t)((double)sent * step) <= now) {
            load_send(&load->connections[sent % CONNECTIONS],
                      begin + (uint64_t)((double)sent * step));
            sent++;
        }
        now = now_ns();
        due = order->per_second > 0 ? begin + (uint64_t)((double)sent * step) : now + 1000000;
        load_wait(load, due > now ? due - now : 0);
    }
    while (!load_is_idle(load)) {
        load_wait(load, 1000000000);
    }
    load_sum_up(load, (double)(now_ns() - begin) / 1e9);
    load->result.processor_seconds = load_processor_seconds() - used;
}

/* The process of its own: orders in, results out, until there are no more orders. */
static inline void load_serve_orders(const char *name, int orders, int results)
{
    static struct load load;
    struct load_order order;

    load.latencies = malloc(LATENCIES_MOST * sizeof load.latencies[0]);
    if (load.latencies == NULL) {
        die("load: memory");
    }
    for (int i = 0; i < CONNECTIONS; i++) {
        load.connections[i].fd = load_connect(name);
    }
    prctl(PR_SET_TIMERSLACK, 1uL); /* calls go when they are due, not 50 us later in a crowd */
    while (read(orders, &order, sizeof order) == (ssize_t)sizeof order) {
        load_run(&load, &order);
        if (write(results, &load.result, sizeof load.result) != (ssize_t)sizeof load.result) {
            die("load: result");
        }
    }
    exit(0);
}

#endif
