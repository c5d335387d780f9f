/*
 * What idle connections cost a server: its own memory, no file's, before, with the connections
 * open, and after one answered call on each.
 *
 *   idle_connections PORT|PATH COUNT SERVER_PID
 */
#define _GNU_SOURCE
#include "connect.h"
#include "request.h"
#include <time.h>

static long memory_kib(int pid)
{
    char path[64], line[256];
    long kib = -1;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
    file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "Pss_Anon:", 9) == 0) {
            kib = atol(line + 9);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return kib;
}

static void rest(void) { nanosleep(&(struct timespec){0, 400000000}, NULL); }

/* How many of them answer one call. */
static size_t call_each(const int *fds, size_t count)
{
    struct request request = make_request("echo", 0, 1);
    struct timeval patience = {3, 0};
    unsigned char reply[256];
    size_t answered = 0;

    for (size_t i = 0; i < count && request.bytes != NULL; i++) {
        setsockopt(fds[i], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        if (write_all(fds[i], request.bytes, request.size) != 0 ||
            read_all(fds[i], reply, request.size) != 0 || !is_reply(&request, reply)) {
            break;
        }
        answered++;
    }
    free(request.bytes);
    return answered;
}

int main(int argc, char **argv)
{
    size_t count = argc > 3 ? (size_t)atol(argv[2]) : 0, answered;
    int pid = argc > 3 ? atoi(argv[3]) : 0, *fds = calloc(count, sizeof *fds);
    long before, open, after;

    if (count == 0 || fds == NULL) {
        fprintf(stderr, "usage: %s PORT|PATH COUNT SERVER_PID\n", argv[0]);
        return 2;
    }
    before = memory_kib(pid);
    for (size_t i = 0; i < count; i++) {
        fds[i] = connect_to(argv[1]);
        if (fds[i] < 0) {
            perror("connect");
            return 1;
        }
    }
    rest();
    open = memory_kib(pid);
    answered = call_each(fds, count);
    rest();
    after = memory_kib(pid);
    printf("answered=%zu before_kib=%ld open_kib=%.3f after_kib=%.3f\n", answered, before,
           (double)(open - before) / (double)count, (double)(after - before) / (double)count);
    return 0;
}
