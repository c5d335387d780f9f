/*
 * One client for every server: calls over many connections from one thread, closed loop or
 * pipelined. Each reply is checked; one line of figures is printed.
 *
 *   load_generator -a PORT|PATH [-c CONNECTIONS] [-p DEPTH] [-s SECONDS | -n REQUESTS]
 *                  [-m echo|blob|ping] [-b BLOB_SIZE] [-u] [-P SERVER_PID]
 *
 * -u: unframed. -n: so many requests, no warm-up. CPU of the server is read from /proc.
 */
#define _GNU_SOURCE
#include "connect.h"
#include "request.h"
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <time.h>

#define DEPTH_MOST 256u
#define EVENTS 256
#define LATENCIES_MOST ((size_t)1 << 22)
#define READ_AHEAD 65536u
#define WARM_UP_NS 300000000u

struct options {
    const char *address, *method;
    size_t connections, depth, blob_size, requests;
    double seconds;
    int unframed, server_pid;
};

struct connection {
    int fd;
    uint64_t sent_ns[DEPTH_MOST]; /* ring: when the calls in flight were sent */
    size_t first, last;
    unsigned char *in;
    size_t in_size;
    size_t out_left; /* bytes of calls not yet taken by the socket */
    size_t out_at;   /* position in the call being sent */
};

struct run {
    const struct options *options;
    struct request request;
    unsigned char *batch; /* `depth` requests in a row */
    struct connection *connections;
    int poll;
    uint32_t *latencies;
    size_t latency_count, answered;
    int measuring;
};

static uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void die(const char *what)
{
    fprintf(stderr, "load_generator: %s\n", what);
    exit(1);
}

/* CPU seconds of a process so far, dead threads included. */
static double cpu_seconds(int pid)
{
    char path[64], text[2048], *end;
    unsigned long user = 0, system = 0;
    FILE *file;
    size_t size;

    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    file = fopen(path, "r");
    if (file == NULL) {
        return 0;
    }
    size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = '\0';
    end = strrchr(text, ')');
    if (end == NULL || sscanf(end + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                              &system) != 2) {
        return 0;
    }
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static void watch(struct run *run, struct connection *connection, int operation, uint32_t events)
{
    struct epoll_event event = {events, {.ptr = connection}};

    if (epoll_ctl(run->poll, operation, connection->fd, &event) != 0) {
        die("epoll_ctl failed");
    }
}

/* Sends what is due; true when all of it went. */
static int flush_calls(struct run *run, struct connection *connection)
{
    size_t batch = run->request.size * run->options->depth;

    while (connection->out_left > 0) {
        size_t size = batch - connection->out_at;
        ssize_t sent =
            send(connection->fd, run->batch + connection->out_at,
                 size < connection->out_left ? size : connection->out_left, MSG_NOSIGNAL);

        if (sent < 0 && errno == EAGAIN) {
            return 0;
        }
        if (sent <= 0) {
            die("the server closed while a call was sent");
        }
        connection->out_left -= (size_t)sent;
        connection->out_at = (connection->out_at + (size_t)sent) % run->request.size;
    }
    return 1;
}

static void issue(struct run *run, struct connection *connection, size_t count)
{
    uint64_t now = now_ns();
    int was_blocked = connection->out_left > 0;

    for (size_t i = 0; i < count; i++) {
        connection->sent_ns[connection->last++ % DEPTH_MOST] = now;
    }
    connection->out_left += count * run->request.size;
    if (!was_blocked && !flush_calls(run, connection)) {
        watch(run, connection, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    }
}

static void note_latency(struct run *run, uint64_t ns)
{
    if (run->measuring && run->latency_count < LATENCIES_MOST) {
        run->latencies[run->latency_count++] = ns > UINT32_MAX ? UINT32_MAX : (uint32_t)ns;
    }
}

/* Takes all complete replies out of the input; returns how many. */
static size_t take_replies(struct run *run, struct connection *connection)
{
    size_t size = run->request.size, at = 0, count = 0;
    uint64_t now = now_ns();

    while (connection->in_size - at >= size) {
        if (!is_reply(&run->request, connection->in + at)) {
            die("the server answered with something else than a reply");
        }
        at += size;
        count++;
        note_latency(run, now - connection->sent_ns[connection->first++ % DEPTH_MOST]);
    }
    memmove(connection->in, connection->in + at, connection->in_size - at);
    connection->in_size -= at;
    return count;
}

static void receive(struct run *run, struct connection *connection)
{
    size_t room = run->request.size + READ_AHEAD - connection->in_size, replies;
    ssize_t got = read(connection->fd, connection->in + connection->in_size, room);

    if (got < 0 && errno == EAGAIN) {
        return;
    }
    if (got <= 0) {
        die("the server closed");
    }
    connection->in_size += (size_t)got;
    replies = take_replies(run, connection);
    run->answered += replies;
    if (replies > 0) {
        issue(run, connection, replies);
    }
}

static void wait_once(struct run *run)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(run->poll, events, EVENTS, 10000);

    if (count == 0) {
        die("no answer within ten seconds");
    }
    for (int i = 0; i < count; i++) {
        struct connection *connection = events[i].data.ptr;

        if ((events[i].events & EPOLLOUT) != 0 && flush_calls(run, connection)) {
            watch(run, connection, EPOLL_CTL_MOD, EPOLLIN);
        }
        if ((events[i].events & ~(uint32_t)EPOLLOUT) != 0) {
            receive(run, connection);
        }
    }
}

static void open_connections(struct run *run)
{
    run->connections = calloc(run->options->connections, sizeof *run->connections);
    if (run->connections == NULL) {
        die("no memory");
    }
    for (size_t i = 0; i < run->options->connections; i++) {
        struct connection *connection = &run->connections[i];

        connection->fd = connect_to(run->options->address);
        connection->in = malloc(run->request.size + READ_AHEAD);
        if (connection->fd < 0 || connection->in == NULL) {
            die("cannot connect");
        }
        fcntl(connection->fd, F_SETFL, O_NONBLOCK);
        watch(run, connection, EPOLL_CTL_ADD, EPOLLIN);
    }
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static double percentile_us(struct run *run, double part)
{
    return run->latency_count == 0
               ? 0
               : run->latencies[(size_t)((double)(run->latency_count - 1) * part)] / 1e3;
}

static void measure(struct run *run)
{
    const struct options *options = run->options;
    uint64_t begin = now_ns(), end;
    double cpu;

    while (options->requests == 0 && now_ns() - begin < WARM_UP_NS) {
        wait_once(run);
    }
    run->measuring = 1;
    run->answered = 0;
    cpu = cpu_seconds(options->server_pid);
    begin = now_ns();
    do {
        wait_once(run);
        end = now_ns();
    } while (options->requests > 0 ? run->answered < options->requests
                                   : (double)(end - begin) < options->seconds * 1e9);
    cpu = cpu_seconds(options->server_pid) - cpu;
    qsort(run->latencies, run->latency_count, sizeof run->latencies[0], compare);
    printf("requests=%zu per_second=%.0f p50_us=%.1f p99_us=%.1f cpu_per_100k=%.4f\n",
           run->answered, (double)run->answered / ((double)(end - begin) / 1e9),
           percentile_us(run, 0.5), percentile_us(run, 0.99), cpu / (double)run->answered * 1e5);
}

static struct options read_options(int argc, char **argv)
{
    struct options options = {
        .method = "echo", .connections = 1, .depth = 1, .seconds = 2, .server_pid = -1};
    int option;

    while ((option = getopt(argc, argv, "a:c:p:s:n:m:b:uP:")) != -1) {
        switch (option) {
        case 'a':
            options.address = optarg;
            break;
        case 'c':
            options.connections = (size_t)atol(optarg);
            break;
        case 'p':
            options.depth = (size_t)atol(optarg);
            break;
        case 's':
            options.seconds = atof(optarg);
            break;
        case 'n':
            options.requests = (size_t)atol(optarg);
            break;
        case 'm':
            options.method = optarg;
            break;
        case 'b':
            options.blob_size = (size_t)atol(optarg);
            break;
        case 'u':
            options.unframed = 1;
            break;
        case 'P':
            options.server_pid = atoi(optarg);
            break;
        default:
            exit(2);
        }
    }
    if (options.address == NULL || options.depth < 1 || options.depth > DEPTH_MOST ||
        options.connections < 1) {
        die("an address is needed (-a), at least one connection, a depth of 1 to 256");
    }
    return options;
}

int main(int argc, char **argv)
{
    struct options options = read_options(argc, argv);
    struct run run = {.options = &options, .poll = epoll_create1(EPOLL_CLOEXEC)};

    run.request = make_request(options.method, options.blob_size, !options.unframed);
    run.batch = malloc(run.request.size * options.depth);
    run.latencies = malloc(LATENCIES_MOST * sizeof run.latencies[0]);
    if (run.request.bytes == NULL || run.batch == NULL || run.latencies == NULL) {
        die("no memory");
    }
    for (size_t i = 0; i < options.depth; i++) {
        memcpy(run.batch + i * run.request.size, run.request.bytes, run.request.size);
    }
    open_connections(&run);
    for (size_t i = 0; i < options.connections; i++) {
        issue(&run, &run.connections[i], options.depth);
    }
    measure(&run);
    return 0;
}
