/*
 * Directory events by inotify (libuv would not tell of an overflow), wake-ups by eventfd.
 */
#include "transport/file_events.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/error.h"

#define EVENTS                                                                                     \
    (IN_CLOSE_WRITE | IN_MODIFY | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO |            \
     IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF)

struct file_events {
    int inotify; /* -1: none to be had */
    int wake;
    thrift_allocator allocator;
};

struct file_events *file_events_new(const thrift_allocator *allocator, thrift_error *err)
{
    struct file_events *events = mem_alloc_zero(allocator, 1, sizeof *events);

    if (events == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    if (allocator != NULL) {
        events->allocator = *allocator;
    }
    events->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    events->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (events->wake < 0) {
        (void)error_set_errno(err, THRIFT_E_IO, errno, "files cannot be watched");
        file_events_free(events);
        return NULL;
    }
    return events;
}

void file_events_free(struct file_events *events)
{
    thrift_allocator allocator;

    if (events == NULL) {
        return;
    }
    allocator = events->allocator;
    if (events->inotify >= 0) {
        (void)close(events->inotify);
    }
    if (events->wake >= 0) {
        (void)close(events->wake);
    }
    mem_free(&allocator, events, sizeof *events);
}

/* The directory that `path` up to `size` names something in. */
static bool add_directory_of(const struct file_events *events, const char *path, size_t size)
{
    char directory[PATH_MAX];

    while (size > 0 && path[size - 1] != '/') {
        size--;
    }
    if (size >= sizeof directory) {
        return false;
    }
    memcpy(directory, path, size);
    directory[size] = '\0';
    return inotify_add_watch(events->inotify, size == 0 ? "." : directory, EVENTS) >= 0;
}

/* A link among the directories of the path may be turned to somewhere else: that is an event of the
 * directory in which it stands. */
static void add_links(const struct file_events *events, const char *path)
{
    char part[PATH_MAX];
    struct stat about;

    for (size_t i = 1; path[i] != '\0' && i < sizeof part; i++) {
        if (path[i] != '/') {
            continue;
        }
        memcpy(part, path, i);
        part[i] = '\0';
        if (lstat(part, &about) == 0 && S_ISLNK(about.st_mode)) {
            (void)add_directory_of(events, part, i);
        }
    }
}

bool file_events_add(struct file_events *events, const char *path)
{
    if (events->inotify < 0 || path[0] == '\0') {
        return false;
    }
    add_links(events, path);
    return add_directory_of(events, path, strlen(path));
}

/* Reads everything that is there. */
static bool empty(int fd)
{
    _Alignas(8) char bytes[4096];
    bool any = false;

    while (fd >= 0 && read(fd, bytes, sizeof bytes) > 0) {
        any = true;
    }
    return any;
}

enum file_event file_events_wait(struct file_events *events, uint32_t timeout_ms)
{
    struct pollfd wanted[] = {{events->wake, POLLIN, 0}, {events->inotify, POLLIN, 0}};

    int most = timeout_ms < INT_MAX ? (int)timeout_ms : -1;

    if (poll(wanted, 2, most) <= 0) {
        return FILE_EVENT_NONE;
    }
    if ((wanted[0].revents & POLLIN) != 0 && empty(events->wake)) {
        return FILE_EVENT_WOKEN;
    }
    return empty(events->inotify) ? FILE_EVENT_CHANGE : FILE_EVENT_NONE;
}

void file_events_wake(struct file_events *events)
{
    const uint64_t one = 1;
    int saved = errno;

    /* Full means that a wake-up waits already. */
    if (write(events->wake, &one, sizeof one) < 0) {
        errno = saved;
    }
}
