/*
 * Connections that end with a reset, one after the other: after nothing, in the middle of a frame,
 * and without reading the reply, in turn; every tenth calls first and reads the reply.
 *
 *   resets PORT|PATH COUNT SERVER_PID
 *
 * Prints descriptors and resident memory of the server before and after; the first thousand are not
 * part of it, so that the server is warm.
 */
#define _GNU_SOURCE
#include "connect.h"
#include "request.h"
#include <dirent.h>
#include <time.h>

#define WARM_UP 1000u

static long count_descriptors(int pid)
{
    char path[64];
    long count = 0;
    DIR *folder;

    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    folder = opendir(path);
    while (folder != NULL && readdir(folder) != NULL) {
        count++;
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return count;
}

static long resident_kib(int pid)
{
    char path[64], line[256];
    long kib = -1;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%d/status", pid);
    file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "VmRSS:", 6) == 0) {
            kib = atol(line + 6);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return kib;
}

static int reset(const char *address, const struct request *request, size_t i)
{
    const struct linger now = {1, 0};
    unsigned char reply[256];
    size_t size = i % 3 == 0 ? 0 : i % 3 == 1 ? request->size / 2 : request->size;
    int fd = connect_to(address), done;

    if (fd < 0) {
        return 0;
    }
    done = i % 10 != 0 || (write_all(fd, request->bytes, request->size) == 0 &&
                           read_all(fd, reply, request->size) == 0 && is_reply(request, reply));
    done = done && (size == 0 || write_all(fd, request->bytes, size) == 0);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
    return done;
}

int main(int argc, char **argv)
{
    size_t count = argc > 3 ? (size_t)atol(argv[2]) : 0;
    int pid = argc > 3 ? atoi(argv[3]) : 0;
    struct request request = make_request("echo", 0, 1);
    long descriptors = 0, memory = 0;

    if (count == 0 || request.bytes == NULL) {
        fprintf(stderr, "usage: %s PORT|PATH COUNT SERVER_PID\n", argv[0]);
        return 2;
    }
    for (size_t i = 0; i < WARM_UP + count; i++) {
        if (i == WARM_UP) {
            nanosleep(&(struct timespec){0, 500000000}, NULL);
            descriptors = count_descriptors(pid);
            memory = resident_kib(pid);
        }
        if (!reset(argv[1], &request, i)) {
            fprintf(stderr, "resets: the server does not answer any more\n");
            return 1;
        }
    }
    nanosleep(&(struct timespec){0, 500000000}, NULL);
    printf("descriptors_before=%ld descriptors_after=%ld kib_before=%ld kib_after=%ld\n",
           descriptors, count_descriptors(pid), memory, resident_kib(pid));
    return 0;
}
