/*
 * File events: changes in a directory, wake-ups, time-outs.
 */
#include "transport/file_events.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allocator.h"
#include "suite.h"

static void write_file(const char *path)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fputs("text", file);
    fclose(file);
}

START_TEST(changes_wake_ups_and_time)
{
    char directory[] = "/tmp/rethrift-events-XXXXXX", path[64], other[64];
    struct file_events *events = file_events_new(NULL, NULL);

    ck_assert_ptr_nonnull(mkdtemp(directory));
    (void)snprintf(path, sizeof path, "%s/a", directory);
    (void)snprintf(other, sizeof other, "%s/b", directory);
    ck_assert(file_events_add(events, path));
    ck_assert(file_events_add(events, path));
    ck_assert(!file_events_add(events, "/nonexistent/x"));
    ck_assert_int_eq(file_events_wait(events, 1), FILE_EVENT_NONE);
    write_file(path);
    ck_assert_int_eq(file_events_wait(events, 1000), FILE_EVENT_CHANGE);
    ck_assert_int_eq(file_events_wait(events, 1), FILE_EVENT_NONE);
    ck_assert_int_eq(rename(path, other), 0);
    ck_assert_int_eq(file_events_wait(events, 1000), FILE_EVENT_CHANGE);
    ck_assert_int_eq(unlink(other), 0);
    ck_assert_int_eq(file_events_wait(events, 1000), FILE_EVENT_CHANGE);
    file_events_wake(events);
    file_events_wake(events);
    ck_assert_int_eq(file_events_wait(events, 1000), FILE_EVENT_WOKEN);
    ck_assert_int_eq(file_events_wait(events, 1), FILE_EVENT_NONE);
    file_events_free(events);
    file_events_free(NULL);
    ck_assert_int_eq(rmdir(directory), 0);
}
END_TEST

START_TEST(a_link_on_the_way_is_watched)
{
    char directory[] = "/tmp/rethrift-events-XXXXXX", path[64], link[64], next[64];
    struct file_events *events = file_events_new(NULL, NULL);

    ck_assert_ptr_nonnull(mkdtemp(directory));
    (void)snprintf(link, sizeof link, "%s/current", directory);
    (void)snprintf(next, sizeof next, "%s/next", directory);
    (void)snprintf(path, sizeof path, "%s/current/a", directory);
    ck_assert_int_eq(symlink("/proc/self", link), 0);
    ck_assert(file_events_add(events, path));
    ck_assert_int_eq(symlink("/", next) | rename(next, link), 0);
    ck_assert_int_eq(file_events_wait(events, 1000), FILE_EVENT_CHANGE);
    file_events_free(events);
    ck_assert_int_eq(unlink(link) | rmdir(directory), 0);
}
END_TEST

/* What the kernel drops must not look like silence. Events of two files in turns: equal ones that
 * follow each other would be one. */
START_TEST(an_overflow_is_an_event)
{
    char directory[] = "/tmp/rethrift-events-XXXXXX", paths[2][64];
    struct file_events *events = file_events_new(NULL, NULL);
    FILE *limit = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
    unsigned most = 16384;
    int fds[2];

    ck_assert(limit == NULL || fscanf(limit, "%u", &most) == 1);
    fclose(limit);
    ck_assert_ptr_nonnull(mkdtemp(directory));
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(paths[i], sizeof paths[i], "%s/%zu", directory, i);
        fds[i] = open(paths[i], O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    }
    ck_assert(file_events_add(events, paths[0]));
    for (unsigned i = 0; i < most + 100; i++) {
        ck_assert_int_eq(pwrite(fds[i % 2], "x", 1, 0), 1);
    }
    ck_assert_int_eq(file_events_wait(events, 1000), FILE_EVENT_CHANGE);
    ck_assert_int_eq(file_events_wait(events, 1), FILE_EVENT_NONE);
    ck_assert_int_eq(pwrite(fds[0], "y", 1, 0), 1);
    ck_assert_int_eq(file_events_wait(events, 1000), FILE_EVENT_CHANGE);
    file_events_free(events);
    ck_assert_int_eq(
        close(fds[0]) | close(fds[1]) | unlink(paths[0]) | unlink(paths[1]) | rmdir(directory), 0);
}
END_TEST

START_TEST(no_memory_is_reported)
{
    struct failing_allocator memory = {.fail_at = 1};
    thrift_allocator allocator = failing_allocator_of(&memory);
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_ptr_null(file_events_new(&allocator, &err));
    ck_assert_int_eq(err.code, THRIFT_E_NOMEM);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, changes_wake_ups_and_time);
    tcase_add_test(tests, a_link_on_the_way_is_watched);
    tcase_add_test(tests, an_overflow_is_an_event);
    tcase_add_test(tests, no_memory_is_reported);
}

SUITE_MAIN("transport/file_events")
