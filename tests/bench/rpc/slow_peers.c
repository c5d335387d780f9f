/*
 * Peers that hold a server up: COUNT of them send a byte of a frame now and then, COUNT send
 * nothing at all. Whoever is closed comes again.
 *
 *   slow_peers PORT|PATH COUNT SECONDS
 *
 * The bytes of a second are spread over it. Prints how many were closed, and how long the one lived
 * that lived longest; those that are open at the end count with the time that they have lived.
 */
#define _GNU_SOURCE
#include "connect.h"
#include <stdint.h>
#include <sys/epoll.h>
#include <time.h>

#define TICKS 100u /* of a second */

struct peer {
    int fd, is_slow;
    uint64_t opened_ns;
    size_t sent;
};

static uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* A frame of 1,000 bytes that begins as a call does, byte by byte. */
static void dribble(struct peer *peer)
{
    static const unsigned char begin[] = {0, 0, 3, 0xe8, 0x80, 1, 0, 1, 0, 0, 0, 4, 'e', 'c'};
    unsigned char byte = peer->sent < sizeof begin ? begin[peer->sent] : 'h';

    peer->sent += send(peer->fd, &byte, 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1;
}

/* Time counts from the first byte, or from now for who sends none. */
static int come(int poll, struct peer *peer, const char *address)
{
    struct epoll_event event = {EPOLLIN | EPOLLRDHUP, {.ptr = peer}};

    peer->fd = connect_to(address);
    peer->opened_ns = now_ns();
    peer->sent = 0;
    if (peer->fd >= 0 && peer->is_slow) {
        dribble(peer);
    }
    return peer->fd >= 0 && epoll_ctl(poll, EPOLL_CTL_ADD, peer->fd, &event) == 0;
}

struct run {
    const char *address;
    int poll;
    struct peer *peers; /* every second one is slow, the others are silent */
    size_t count, closed;
    uint64_t longest_ns;
};

static void note_life(struct run *run, const struct peer *peer)
{
    uint64_t lived = now_ns() - peer->opened_ns;

    run->longest_ns = lived > run->longest_ns ? lived : run->longest_ns;
}

/* Until that time. */
static int take_closed(struct run *run, uint64_t until_ns)
{
    struct epoll_event events[64];
    uint64_t now;

    while ((now = now_ns()) < until_ns) {
        int ready = epoll_wait(run->poll, events, 64, (int)((until_ns - now) / 1000000 + 1));

        for (int i = 0; i < ready; i++) {
            struct peer *peer = events[i].data.ptr;

            run->closed++;
            note_life(run, peer);
            close(peer->fd);
            if (!come(run->poll, peer, run->address)) {
                return 0;
            }
        }
    }
    return 1;
}

static int run_for(struct run *run, uint64_t seconds)
{
    uint64_t begin = now_ns();

    for (size_t i = 0; i < run->count; i++) {
        run->peers[i].is_slow = i % 2 == 0;
        if (!come(run->poll, &run->peers[i], run->address)) {
            return 0;
        }
    }
    printf("ready\n");
    fflush(stdout);
    for (size_t tick = 1; now_ns() - begin < seconds * 1000000000u; tick++) {
        if (!take_closed(run, begin + tick * (1000000000u / TICKS))) {
            return 0;
        }
        for (size_t i = tick % TICKS; i < run->count; i += TICKS) {
            if (run->peers[i].is_slow) {
                dribble(&run->peers[i]);
            }
        }
    }
    for (size_t i = 0; i < run->count; i++) {
        note_life(run, &run->peers[i]);
    }
    return 1;
}

int main(int argc, char **argv)
{
    struct run run = {.poll = epoll_create1(EPOLL_CLOEXEC)};

    if (argc < 4 || atol(argv[2]) <= 0) {
        fprintf(stderr, "usage: %s PORT|PATH COUNT SECONDS\n", argv[0]);
        return 2;
    }
    run.address = argv[1];
    run.count = 2 * (size_t)atol(argv[2]);
    run.peers = calloc(run.count, sizeof *run.peers);
    if (run.peers == NULL || !run_for(&run, (uint64_t)atol(argv[3]))) {
        fprintf(stderr, "slow_peers: cannot connect\n");
        return 1;
    }
    printf("closed=%zu longest_s=%.2f\n", run.closed, (double)run.longest_ns / 1e9);
    return 0;
}
