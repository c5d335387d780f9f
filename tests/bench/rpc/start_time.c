/*
 * From exec of a server to its first answered call, in milliseconds.
 *
 *   start_time RUNS PORT|PATH PROGRAM [ARGUMENT…]
 *
 * Each run starts the program anew, connects as soon as somebody listens, makes one call, and ends
 * the program. One line per run.
 */
#define _GNU_SOURCE
#include "connect.h"
#include "request.h"
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#define PATIENCE_MS 20000.0

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static pid_t start(char **command)
{
    pid_t pid = fork();

    if (pid == 0) {
        execvp(command[0], command);
        perror(command[0]);
        _exit(127);
    }
    return pid;
}

static int connect_when_ready(const char *address, double begin)
{
    int fd = connect_to(address);

    while (fd < 0 && now_ms() - begin < PATIENCE_MS) {
        nanosleep(&(struct timespec){0, 20000}, NULL);
        fd = connect_to(address);
    }
    return fd;
}

/* Milliseconds, or a negative number when no reply came. */
static double once(const char *address, char **command, const struct request *request)
{
    unsigned char reply[256];
    double begin = now_ms(), end = -1;
    pid_t pid = start(command);
    int fd = connect_when_ready(address, begin);

    if (fd >= 0 && write_all(fd, request->bytes, request->size) == 0 &&
        read_all(fd, reply, request->size) == 0 && is_reply(request, reply)) {
        end = now_ms();
    }
    if (fd >= 0) {
        close(fd);
    }
    if (pid > 0) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    return end - begin;
}

int main(int argc, char **argv)
{
    struct request request = make_request("echo", 0, 1);
    int runs = argc > 3 ? atoi(argv[1]) : 0;

    if (runs < 1 || request.bytes == NULL) {
        fprintf(stderr, "usage: %s RUNS PORT|PATH PROGRAM [ARGUMENT...]\n", argv[0]);
        return 2;
    }
    for (int i = 0; i < runs; i++) {
        double ms = once(argv[2], argv + 3, &request);

        if (ms < 0) {
            fprintf(stderr, "start_time: %s did not answer\n", argv[3]);
            return 1;
        }
        printf("%.3f\n", ms);
    }
    free(request.bytes);
    return 0;
}
