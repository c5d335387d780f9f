/*
 * How soon a changed definition is in force: promise 18.
 *
 *   change_detection DIRECTORY ROUNDS [--no-events]
 *
 * Each way of changing files has a server of its own, all at once. One line per way; times from the
 * end of the change to its publication. --no-events: the kernel gives none, only looks remain.
 */
#include "stamped.h"
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <rethrift/rethrift.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROUNDS_MOST 1000
#define PATH_SIZE 600
#define TOUCH_WAIT_MS 350
#define LOST_MS 10000

struct way;
typedef void (*change_fn)(struct way *way, long version);

struct way {
    const char *name;
    change_fn begin; /* NULL: a plain file */
    change_fn change;
    int changes_nothing;
    char directory[500], path[PATH_SIZE], included[PATH_SIZE];
    thrift_server *server;
    atomic_long published, failed;
    _Atomic(uint64_t) published_ns;
    double ms[ROUNDS_MOST];
    long lost;
};

/* ---- files ---- */

static void text_of(long version, char out[512])
{
    snprintf(out, 512,
             "include \"inc.thrift\"\nstruct V%ld { 1: i32 x }\n"
             "service S { inc.number get(1: i32 id) }\n",
             version);
}

static void write_all(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text) || close(fd) != 0) {
        die(path);
    }
}

static void check(int failed, const char *what)
{
    if (failed != 0) {
        die(what);
    }
}

static const char *beside(const struct way *way, const char *name, char out[PATH_SIZE])
{
    snprintf(out, PATH_SIZE, "%s/%s", way->directory, name);
    return out;
}

/* ---- ways to change them ---- */

static void by_rename(struct way *way, long version)
{
    char text[512], other[PATH_SIZE];

    text_of(version, text);
    write_all(beside(way, "s.thrift.new", other), text);
    check(rename(other, way->path), "rename");
}

static void in_pieces(struct way *way, long version)
{
    char text[512];
    int fd = open(way->path, O_WRONLY | O_TRUNC | O_CLOEXEC);

    text_of(version, text);
    for (size_t at = 0, size = strlen(text); at < size; at += 8) {
        size_t part = size - at < 8 ? size - at : 8;

        check(write(fd, text + at, part) != (ssize_t)part, "write");
        (void)poll(NULL, 0, 10);
    }
    close(fd);
}

static void link_to(struct way *way, const char *target, const char *name)
{
    char other[PATH_SIZE], path[PATH_SIZE];

    check(symlink(target, beside(way, "link_tmp", other)), "symlink");
    check(rename(other, beside(way, name, path)), "rename");
}

static void make_version(struct way *way, long version)
{
    char text[512], path[PATH_SIZE], name[64];

    snprintf(name, sizeof name, "..v%ld", version);
    check(mkdir(beside(way, name, path), 0700), "mkdir");
    snprintf(name, sizeof name, "..v%ld/s.thrift", version);
    text_of(version, text);
    write_all(beside(way, name, path), text);
    snprintf(name, sizeof name, "..v%ld/inc.thrift", version);
    write_all(beside(way, name, path), "typedef i32 number\n");
}

static void remove_version(struct way *way, long version)
{
    static const char *const names[] = {"/s.thrift", "/inc.thrift", ""};
    char path[PATH_SIZE], name[64];

    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "..v%ld%s", version, names[i]);
        check(remove(beside(way, name, path)), "remove");
    }
}

/* Kubernetes: a new directory, ..data renamed over, the old directory removed. */
static void swap_data(struct way *way, long version)
{
    char name[64];

    make_version(way, version);
    snprintf(name, sizeof name, "..v%ld", version);
    link_to(way, name, "..data");
    remove_version(way, version - 1);
}

static void begin_data(struct way *way, long version)
{
    make_version(way, version);
    link_to(way, "..v0", "..data");
    link_to(way, "..data/s.thrift", "s.thrift");
    link_to(way, "..data/inc.thrift", "inc.thrift");
}

static void retarget(struct way *way, long version)
{
    char text[512], path[PATH_SIZE], name[64];

    snprintf(name, sizeof name, "s%ld.thrift", version % 2);
    text_of(version, text);
    write_all(beside(way, name, path), text);
    link_to(way, name, "s.thrift");
}

static void delete_and_write(struct way *way, long version)
{
    char text[512];

    check(unlink(way->path), "unlink");
    (void)poll(NULL, 0, 30);
    text_of(version, text);
    write_all(way->path, text);
}

static void include_only(struct way *way, long version)
{
    char text[128], other[PATH_SIZE];

    snprintf(text, sizeof text, "typedef i32 number\nstruct I%ld { 1: i32 x }\n", version);
    write_all(beside(way, "inc.thrift.new", other), text);
    check(rename(other, way->included), "rename");
}

/* Backup, a probe file, the file anew: what vim does. */
static void as_vim(struct way *way, long version)
{
    char text[512], other[PATH_SIZE];

    write_all(beside(way, "4913", other), "");
    check(unlink(other), "unlink");
    check(rename(way->path, beside(way, "s.thrift~", other)), "rename");
    text_of(version, text);
    write_all(way->path, text);
    check(chmod(way->path, 0644) | unlink(other), "unlink");
}

/* git checkout: gone, and there again. */
static void as_git(struct way *way, long version)
{
    char text[512];

    check(unlink(way->path), "unlink");
    text_of(version, text);
    write_all(way->path, text);
}

static void two_files(struct way *way, long version)
{
    include_only(way, version);
    (void)poll(NULL, 0, 20);
    by_rename(way, version);
}

static void touch(struct way *way, long version)
{
    char text[512], other[PATH_SIZE];

    text_of(0, text);
    write_all(beside(way, "s.thrift.new", other), text);
    check(rename(other, way->path), "rename");
    (void)version;
}

/* ---- rounds ---- */

static void note(const thrift_reload *attempt, void *data)
{
    struct way *way = data;

    if (attempt->outcome == THRIFT_RELOAD_PUBLISHED) {
        atomic_store(&way->published_ns, now_ns());
        atomic_fetch_add(&way->published, 1);
    } else if (attempt->outcome != THRIFT_RELOAD_UNCHANGED) {
        atomic_fetch_add(&way->failed, 1);
    }
}

static void start(struct way *way, const char *directory, int number)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_registry *handlers = thrift_registry_new();
    thrift_schema *schema;
    char address[96];

    snprintf(way->directory, sizeof way->directory, "%s/%s-%d", directory, way->name,
             (int)getpid());
    check(mkdir(way->directory, 0700), way->directory);
    beside(way, "s.thrift", way->path);
    beside(way, "inc.thrift", way->included);
    if (way->begin != NULL) {
        way->begin(way, 0);
    } else {
        write_all(way->included, "typedef i32 number\n");
        by_rename(way, 0);
    }
    schema = thrift_load(way->path, &err);
    way->server = thrift_server_new(schema, handlers, NULL, &err);
    snprintf(address, sizeof address, "unix:@rethrift-bench-change-%d-%d", (int)getpid(), number);
    thrift_server_listen(way->server, address, &err);
    thrift_server_watch(way->server,
                        THRIFT_RELOAD_OPTIONS(.allow_breaking = true, .done = note, .data = way),
                        &err);
    if (thrift_server_start(way->server, &err) != THRIFT_OK) {
        thrift_error_print(&err, stderr);
        exit(1);
    }
    thrift_registry_free(handlers);
    thrift_schema_unref(schema);
}

static long rounds;

static void *run_rounds(void *data)
{
    struct way *way = data;

    for (long i = 0; i < rounds; i++) {
        long before = atomic_load(&way->published);
        uint64_t changed;

        way->change(way, i + 1);
        changed = now_ns();
        if (way->changes_nothing) {
            (void)poll(NULL, 0, TOUCH_WAIT_MS);
            way->lost += atomic_load(&way->published) != before;
            continue;
        }
        for (int waited = 0; atomic_load(&way->published) == before && waited < LOST_MS; waited++) {
            (void)poll(NULL, 0, 1);
        }
        if (atomic_load(&way->published) == before) {
            way->lost++;
        }
        way->ms[i] = ((double)atomic_load(&way->published_ns) - (double)changed) / 1e6;
        (void)poll(NULL, 0, (int)(37 * (i % 7))); /* not always at the same time of a look */
    }
    return NULL;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void print(struct way *way)
{
    qsort(way->ms, (size_t)rounds, sizeof way->ms[0], compare);
    printf("way=%s rounds=%ld lost=%ld failed=%ld median_ms=%.1f worst_ms=%.1f\n", way->name,
           rounds, way->lost, atomic_load(&way->failed), way->ms[rounds / 2], way->ms[rounds - 1]);
}

/* In a user namespace of its own, where inotify is not to be had. */
static void take_events_away(void)
{
    int fd;

    if (unshare(CLONE_NEWUSER) != 0 ||
        (fd = open("/proc/sys/user/max_inotify_instances", O_WRONLY | O_CLOEXEC)) < 0 ||
        write(fd, "0", 1) != 1) {
        die("a user namespace without inotify");
    }
    close(fd);
}

int main(int argc, char **argv)
{
    static struct way ways[] = {
        {.name = "rename", .change = by_rename},
        {.name = "pieces", .change = in_pieces},
        {.name = "data-swap", .begin = begin_data, .change = swap_data},
        {.name = "retarget", .change = retarget},
        {.name = "delete", .change = delete_and_write},
        {.name = "include", .change = include_only},
        {.name = "vim", .change = as_vim},
        {.name = "git", .change = as_git},
        {.name = "two-files", .change = two_files},
        {.name = "touch", .change = touch, .changes_nothing = 1},
    };
    enum { COUNT = sizeof ways / sizeof ways[0] };
    pthread_t threads[COUNT];

    rounds = argc > 2 ? atol(argv[2]) : 0;
    if (rounds < 1 || rounds > ROUNDS_MOST) {
        return 2;
    }
    if (argc > 3) {
        take_events_away();
    }
    for (int i = 0; i < COUNT; i++) {
        start(&ways[i], argv[1], i);
    }
    for (int i = 0; i < COUNT; i++) {
        check(pthread_create(&threads[i], NULL, run_rounds, &ways[i]), "pthread_create");
    }
    for (int i = 0; i < COUNT; i++) {
        pthread_join(threads[i], NULL);
        print(&ways[i]);
        thrift_server_free(ways[i].server);
    }
    return 0;
}
