/*
 * Following files: every way in which they change, and every way in which the system fails to tell.
 */
#define _GNU_SOURCE /* unshare() */
#include "rpc/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reload_rig.h"
#include "suite.h"

static const thrift_reload_options quick = {
    .struct_size = sizeof(thrift_reload_options), .settle_ms = 30, .poll_ms = 100};

START_TEST(renamed_over)
{
    struct rig rig;

    open_rig(&rig, IDL_FIRST, &quick);
    replace_file(rig.path, IDL_MORE);
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    ck_assert_int_eq(atomic_load(&rig.inside), THRIFT_E_STATE);
    ck_assert_uint_eq(thrift_server_generation(rig.server), 2);
    expect_served(&rig);
    close_rig(&rig);
}
END_TEST

START_TEST(written_in_pieces)
{
    struct rig rig;
    const char *text = IDL_MORE;
    FILE *file;

    open_rig(&rig, IDL_FIRST, &quick);
    file = fopen(rig.path, "w");
    for (size_t i = 0; i < strlen(text); i++) {
        fputc(text[i], file);
        fflush(file);
        (void)poll(NULL, 0, 2);
    }
    fclose(file);
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    expect_served(&rig);
    close_rig(&rig);
}
END_TEST

START_TEST(broken_is_told_once_and_mended)
{
    struct rig rig;

    open_rig(&rig, IDL_FIRST, &quick);
    replace_file(rig.path, IDL_BROKEN);
    wait_told(&rig, THRIFT_RELOAD_FAILED, 1);
    (void)poll(NULL, 0, 400);
    ck_assert_int_eq(atomic_load(&rig.told[THRIFT_RELOAD_FAILED]), 1);
    ck_assert(captured_log_has(&rig.lines, "s.thrift:2:"));
    expect_served(&rig);
    replace_file(rig.path, IDL_BREAKING);
    wait_told(&rig, THRIFT_RELOAD_REFUSED, 1);
    ck_assert_uint_gt(rig.breaking, 0);
    ck_assert(captured_log_has(&rig.lines, "field-type-changed"));
    expect_served(&rig);
    replace_file(rig.path, IDL_MORE);
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    close_rig(&rig);
}
END_TEST

START_TEST(deleted_and_back)
{
    struct rig rig;

    open_rig(&rig, IDL_FIRST, &quick);
    ck_assert_int_eq(unlink(rig.path), 0);
    wait_told(&rig, THRIFT_RELOAD_FAILED, 1);
    expect_served(&rig);
    write_file(rig.path, IDL_MORE);
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    close_rig(&rig);
}
END_TEST

START_TEST(touched_without_change)
{
    struct rig rig;

    open_rig(&rig, IDL_FIRST, &quick);
    (void)poll(NULL, 0, 150);
    replace_file(rig.path, IDL_FIRST);
    (void)poll(NULL, 0, 300);
    ck_assert_uint_eq(thrift_server_generation(rig.server), 1);
    ck_assert_int_eq(atomic_load(&rig.told[THRIFT_RELOAD_PUBLISHED]), 0);
    close_rig(&rig);
}
END_TEST

START_TEST(only_an_included_file_changes)
{
    static const char root[] = "include \"inc.thrift\"\nstruct User { 1: inc.number id }\n"
                               "service S { User get(1: i32 id) }\n";
    struct rig rig;

    open_rig(&rig, root, &quick);
    replace_file(rig.included, "typedef i32 number\nstruct New { 1: i32 x }\n");
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    replace_file(rig.included, "typedef i64 number\n");
    wait_told(&rig, THRIFT_RELOAD_REFUSED, 1);
    close_rig(&rig);
}
END_TEST

/* Kubernetes: s.thrift -> ..data/s.thrift, ..data -> a directory; a rename swaps ..data. */
START_TEST(swapped_directory_behind_a_link)
{
    struct rig rig;
    char path[160], first[128], second[128], link_path[128], next_link[128];

    open_rig(&rig, IDL_FIRST, NULL);
    (void)snprintf(first, sizeof first, "%s/..1", rig.directory);
    (void)snprintf(second, sizeof second, "%s/..2", rig.directory);
    (void)snprintf(link_path, sizeof link_path, "%s/..data", rig.directory);
    (void)snprintf(next_link, sizeof next_link, "%s/..data_tmp", rig.directory);
    ck_assert_int_eq(mkdir(first, 0700) | mkdir(second, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/s.thrift", first);
    write_file(path, IDL_FIRST);
    (void)snprintf(path, sizeof path, "%s/s.thrift", second);
    write_file(path, IDL_MORE);
    ck_assert_int_eq(
        symlink("..1", link_path) | unlink(rig.path) | symlink("..data/s.thrift", rig.path), 0);
    watch_rig(&rig, &quick);
    (void)poll(NULL, 0, 50);
    ck_assert_int_eq(symlink("..2", next_link) | rename(next_link, link_path), 0);
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/s.thrift", first);
    (void)unlink(path);
    (void)unlink(link_path);
    (void)rmdir(first);
    (void)rmdir(second);
    close_rig(&rig);
}
END_TEST

START_TEST(requests_are_attempted)
{
    struct rig rig;

    open_rig(&rig, IDL_FIRST, NULL);
    replace_file(rig.path, IDL_MORE);
    for (int i = 0; i < 100; i++) {
        thrift_server_request_reload(rig.server);
    }
    for (int i = 0; i < 5000 && thrift_server_generation(rig.server) < 2; i++) {
        (void)poll(NULL, 0, 1);
    }
    ck_assert_uint_eq(thrift_server_generation(rig.server), 2);
    close_rig(&rig);
}
END_TEST

/* ---- ways of editors and tools ---- */

static void beside(const struct rig *rig, const char *name, char out[160])
{
    (void)snprintf(out, 160, "%s/%s", rig->directory, name);
}

static void as_vim(struct rig *rig, const char *text)
{
    char other[160];

    beside(rig, "4913", other);
    write_file(other, "");
    ck_assert_int_eq(unlink(other), 0);
    beside(rig, "s.thrift~", other);
    ck_assert_int_eq(rename(rig->path, other), 0);
    write_file(rig->path, text);
    ck_assert_int_eq(unlink(other), 0);
}

static void as_emacs(struct rig *rig, const char *text)
{
    char lock[160], backup[160];

    beside(rig, ".#s.thrift", lock);
    beside(rig, "s.thrift~", backup);
    ck_assert_int_eq(symlink("somebody@somewhere.1", lock), 0);
    ck_assert_int_eq(link(rig->path, backup), 0);
    replace_file(rig->path, text);
    ck_assert_int_eq(unlink(lock) | unlink(backup), 0);
}

static void as_sed(struct rig *rig, const char *text)
{
    char other[160];

    beside(rig, "sedXq3bZ1", other);
    write_file(other, text);
    ck_assert_int_eq(chmod(other, 0600) | rename(other, rig->path), 0);
}

static void as_git(struct rig *rig, const char *text)
{
    ck_assert_int_eq(unlink(rig->path), 0);
    write_file(rig->path, text);
}

static void in_place(struct rig *rig, const char *text) { write_file(rig->path, text); }

/* Another text, and a time before that of the first. */
static void into_the_past(struct rig *rig, const char *text)
{
    const struct timespec long_ago[2] = {{.tv_sec = 1000000}, {.tv_sec = 1000000}};
    char other[160];

    beside(rig, "old", other);
    write_file(other, text);
    ck_assert_int_eq(utimensat(AT_FDCWD, other, long_ago, 0) | rename(other, rig->path), 0);
}

static void by_link(struct rig *rig, const char *text)
{
    char other[160], link[160];

    beside(rig, "t.thrift", other);
    beside(rig, "link", link);
    write_file(other, text);
    ck_assert_int_eq(symlink("t.thrift", link) | rename(link, rig->path), 0);
}

static const struct {
    const char *name;
    void (*change)(struct rig *rig, const char *text);
} ways[] = {{"vim", as_vim},        {"emacs", as_emacs},     {"sed -i", as_sed},  {"git", as_git},
            {"in place", in_place}, {"past", into_the_past}, {"by link", by_link}};

START_TEST(changed_in_any_way)
{
    struct rig rig;
    char other[160];

    open_rig(&rig, IDL_FIRST, &quick);
    ways[_i].change(&rig, IDL_MORE);
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    expect_served(&rig);
    ck_assert_int_eq(atomic_load(&rig.told[THRIFT_RELOAD_FAILED]), 0);
    beside(&rig, "t.thrift", other);
    (void)unlink(other);
    close_rig(&rig);
}
END_TEST

/* ---- what no definition is ---- */

static void to_directory(struct rig *rig)
{
    ck_assert_int_eq(unlink(rig->path) | mkdir(rig->path, 0700), 0);
}

static void to_fifo(struct rig *rig)
{
    ck_assert_int_eq(unlink(rig->path) | mkfifo(rig->path, 0600), 0);
}

static void to_huge(struct rig *rig) { ck_assert_int_eq(truncate(rig->path, (off_t)1 << 30), 0); }

static void to_loop(struct rig *rig)
{
    ck_assert_int_eq(unlink(rig->path) | symlink("s.thrift", rig->path), 0);
}

static void to_nothing(struct rig *rig) { ck_assert_int_eq(unlink(rig->path), 0); }

static void to_unreadable(struct rig *rig)
{
    ck_assert_int_eq(chmod(rig->path, 0), 0);
    if (access(rig->path, R_OK) == 0) { /* nothing is unreadable for root */
        to_nothing(rig);
    }
}

static const struct {
    const char *name;
    void (*spoil)(struct rig *rig);
} spoilt[] = {{"directory", to_directory}, {"FIFO", to_fifo},       {"1 GB", to_huge},
              {"a loop", to_loop},         {"nothing", to_nothing}, {"unreadable", to_unreadable}};

START_TEST(what_cannot_be_read_changes_nothing)
{
    struct rig rig;

    open_rig(&rig, IDL_FIRST, &quick);
    spoilt[_i].spoil(&rig);
    wait_told(&rig, THRIFT_RELOAD_FAILED, 1);
    ck_assert_uint_eq(thrift_server_generation(rig.server), 1);
    expect_served(&rig);
    ck_assert_int_eq(remove(rig.path) != 0 && errno != ENOENT, 0);
    write_file(rig.path, IDL_MORE);
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    close_rig(&rig);
}
END_TEST

START_TEST(emptied_is_refused)
{
    struct rig rig;

    open_rig(&rig, IDL_FIRST, &quick);
    write_file(rig.path, "");
    wait_told(&rig, THRIFT_RELOAD_REFUSED, 1);
    ck_assert_uint_eq(thrift_server_generation(rig.server), 1);
    expect_served(&rig);
    close_rig(&rig);
}
END_TEST

/* A link that leads out of the root that the definition was loaded with. */
START_TEST(a_link_out_of_the_root_is_refused)
{
    struct rig rig;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *bounded;
    char elsewhere[64], outside[96];

    open_rig(&rig, IDL_FIRST, NULL);
    replace_file(rig.path, IDL_MORE);
    bounded = thrift_load_with(rig.path, THRIFT_LOAD_OPTIONS(.root = rig.directory), &err);
    ck_assert_int_eq(thrift_server_reload(rig.server, bounded, NULL, &err), THRIFT_OK);
    thrift_schema_unref(bounded);
    make_directory("rethrift-outside", elsewhere);
    (void)snprintf(outside, sizeof outside, "%s/s.thrift", elsewhere);
    write_file(outside, IDL_MORE "struct Another { 1: i32 x }\n");
    ck_assert_int_eq(unlink(rig.path) | symlink(outside, rig.path), 0);
    ck_assert_int_ne(thrift_server_reload(rig.server, NULL, NULL, &err), THRIFT_OK);
    ck_assert_uint_eq(thrift_server_generation(rig.server), 2);
    expect_served(&rig);
    ck_assert_int_eq(unlink(outside) | rmdir(elsewhere), 0);
    close_rig(&rig);
}
END_TEST

/* ---- several files ---- */

START_TEST(two_files_that_change_together)
{
    static const char first[] = "include \"inc.thrift\"\nstruct User { 1: inc.number id }\n"
                                "service S { User get(1: i32 id) }\n";
    static const char second[] = "include \"inc.thrift\"\nstruct User { 1: inc.id id }\n"
                                 "service S { User get(1: i32 id), inc.id more() }\n";
    struct rig rig;

    open_rig(&rig, first, &quick);
    replace_file(rig.included, "typedef i32 id\n"); /* half changed, it does not load */
    (void)poll(NULL, 0, 5);
    replace_file(rig.path, second);
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    ck_assert_int_eq(atomic_load(&rig.told[THRIFT_RELOAD_FAILED]), 0);
    expect_served(&rig);
    close_rig(&rig);
}
END_TEST

/* What is refused names a file that the running definition does not know. */
START_TEST(files_of_a_refused_definition_are_followed)
{
    struct rig rig;
    char fresh[160];

    open_rig(&rig, IDL_FIRST, &quick);
    beside(&rig, "fresh.thrift", fresh);
    write_file(fresh, "struct Shared { 1: string id }\n");
    replace_file(rig.path, "include \"fresh.thrift\"\nstruct User { 1: fresh.number id }\n"
                           "service S { User get(1: i32 id) }\n");
    wait_told(&rig, THRIFT_RELOAD_FAILED, 1);
    replace_file(fresh, "typedef string number\n");
    wait_told(&rig, THRIFT_RELOAD_REFUSED, 1);
    replace_file(fresh, "typedef i32 number\nstruct New { 1: i32 x }\n");
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    expect_served(&rig);
    ck_assert_int_eq(unlink(fresh), 0);
    close_rig(&rig);
}
END_TEST

START_TEST(the_same_mistake_in_another_text_is_told_again)
{
    struct rig rig;

    open_rig(&rig, IDL_FIRST, &quick);
    replace_file(rig.path, IDL_BROKEN);
    wait_told(&rig, THRIFT_RELOAD_FAILED, 1);
    replace_file(rig.path, IDL_BROKEN "// saved again\n");
    wait_told(&rig, THRIFT_RELOAD_FAILED, 2);
    close_rig(&rig);
}
END_TEST

/* ---- when events fail ---- */

struct noise {
    char path[160];
    atomic_bool stop;
};

static void *make_noise(void *data)
{
    struct noise *noise = data;

    while (!atomic_load(&noise->stop)) {
        write_file(noise->path, "x");
        (void)poll(NULL, 0, 3);
    }
    return NULL;
}

START_TEST(a_busy_directory_puts_nothing_off)
{
    struct rig rig;
    struct noise noise;
    pthread_t thread;

    open_rig(&rig, IDL_FIRST, &quick);
    beside(&rig, "log", noise.path);
    atomic_init(&noise.stop, false);
    ck_assert_int_eq(pthread_create(&thread, NULL, make_noise, &noise), 0);
    (void)poll(NULL, 0, 50);
    replace_file(rig.path, IDL_MORE);
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    atomic_store(&noise.stop, true);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(unlink(noise.path), 0);
    close_rig(&rig);
}
END_TEST

START_TEST(a_directory_goes_and_comes_back)
{
    struct rig rig;

    open_rig(&rig, IDL_FIRST, &quick);
    ck_assert_int_eq(unlink(rig.path) | unlink(rig.included) | rmdir(rig.directory), 0);
    wait_told(&rig, THRIFT_RELOAD_FAILED, 1);
    expect_served(&rig);
    ck_assert_int_eq(mkdir(rig.directory, 0700), 0);
    write_file(rig.path, IDL_MORE);
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    close_rig(&rig);
}
END_TEST

static sem_t entered, leave;

static thrift_status wait_inside(const thrift_reload *attempt, void *data)
{
    (void)data;
    if (attempt->generation == 1) {
        sem_post(&entered);
        sem_wait(&leave);
    }
    return THRIFT_OK;
}

/* More events than the kernel keeps, and among the lost ones that of the definition. */
START_TEST(the_queue_overflows)
{
    struct rig rig;
    thrift_reload_options options = quick;
    char swamp[2][160];
    int fds[2];
    unsigned most = 16384;
    FILE *limit = fopen("/proc/sys/fs/inotify/max_queued_events", "r");

    ck_assert(limit == NULL || fscanf(limit, "%u", &most) == 1);
    fclose(limit);
    sem_init(&entered, 0, 0);
    sem_init(&leave, 0, 0);
    options.policy = wait_inside;
    open_rig(&rig, IDL_FIRST, &options);
    replace_file(rig.path, IDL_MORE);
    sem_wait(&entered); /* the thread that would read events waits in the policy */
    for (size_t i = 0; i < 2; i++) {
        beside(&rig, i == 0 ? "swamp" : "marsh", swamp[i]);
        fds[i] = open(swamp[i], O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    }
    for (unsigned i = 0; i < most + 100; i++) { /* in turns: equal events would be one */
        ck_assert_int_eq(pwrite(fds[i % 2], "x", 1, 0), 1);
    }
    replace_file(rig.path, IDL_MORE "struct Another { 1: i32 x }\n");
    sem_post(&leave);
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 2);
    expect_served(&rig);
    ck_assert_int_eq(close(fds[0]) | close(fds[1]) | unlink(swamp[0]) | unlink(swamp[1]), 0);
    close_rig(&rig);
    sem_destroy(&entered);
    sem_destroy(&leave);
}
END_TEST

static bool write_limit(const char *name, const char *value)
{
    char path[64];
    int fd;
    bool written;

    (void)snprintf(path, sizeof path, "/proc/sys/user/%s", name);
    fd = open(path, O_WRONLY | O_CLOEXEC);
    written = fd >= 0 && write(fd, value, strlen(value)) > 0;
    (void)close(fd);
    return written;
}

static const char *const limits[] = {"max_inotify_instances", "max_inotify_watches"};

/* In a child, in a user namespace of its own, where the system has none to give. 77: not
 * possible.*/
static int follow_without_events(const char *limit)
{
    struct rig rig;
    const char *first;

    if (unshare(CLONE_NEWUSER) != 0 || !write_limit(limit, "0")) {
        return 77;
    }
    open_rig(&rig, IDL_FIRST, &quick);
    replace_file(rig.path, IDL_MORE);
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    replace_file(rig.path, IDL_BROKEN);
    wait_told(&rig, THRIFT_RELOAD_FAILED, 1);
    first = strstr(rig.lines.text, "watch-limited");
    if (first == NULL || strstr(first + 1, "watch-limited") != NULL) {
        return 1; /* one warning, not more */
    }
    close_rig(&rig);
    return 0;
}

START_TEST(no_events_to_be_had)
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        _exit(follow_without_events(limits[_i]));
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status));
    ck_assert(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77);
}
END_TEST

START_TEST(asked_before_the_start)
{
    struct rig rig;

    make_rig(&rig, IDL_FIRST);
    replace_file(rig.path, IDL_MORE);
    thrift_server_request_reload(rig.server);
    start_rig(&rig);
    for (int i = 0; i < 5000 && thrift_server_generation(rig.server) < 2; i++) {
        (void)poll(NULL, 0, 1);
    }
    ck_assert_uint_eq(thrift_server_generation(rig.server), 2);
    close_rig(&rig);
}
END_TEST

/* Other programs may reload, too; what was given by hand stays until files change. */
START_TEST(files_are_followed_beside_reloads_by_hand)
{
    struct rig rig;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *more = thrift_load_text("more.thrift", IDL_MORE, NULL, &err);

    open_rig(&rig, IDL_FIRST, &quick);
    ck_assert_int_eq(thrift_server_reload(rig.server, more, NULL, &err), THRIFT_OK);
    (void)poll(NULL, 0, 250);
    ck_assert_uint_eq(thrift_server_generation(rig.server), 2);
    replace_file(rig.path, IDL_MORE "struct Another { 1: i32 x }\n");
    wait_told(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    ck_assert_uint_eq(thrift_server_generation(rig.server), 3);
    thrift_schema_unref(more);
    close_rig(&rig);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, renamed_over);
    tcase_add_test(tests, written_in_pieces);
    tcase_add_test(tests, broken_is_told_once_and_mended);
    tcase_add_test(tests, deleted_and_back);
    tcase_add_test(tests, touched_without_change);
    tcase_add_test(tests, only_an_included_file_changes);
    tcase_add_test(tests, swapped_directory_behind_a_link);
    tcase_add_test(tests, requests_are_attempted);
    tcase_add_loop_test(tests, changed_in_any_way, 0, (int)COUNT_OF(ways));
    tcase_add_loop_test(tests, what_cannot_be_read_changes_nothing, 0, (int)COUNT_OF(spoilt));
    tcase_add_test(tests, emptied_is_refused);
    tcase_add_test(tests, a_link_out_of_the_root_is_refused);
    tcase_add_test(tests, two_files_that_change_together);
    tcase_add_test(tests, files_of_a_refused_definition_are_followed);
    tcase_add_test(tests, the_same_mistake_in_another_text_is_told_again);
    tcase_add_test(tests, a_busy_directory_puts_nothing_off);
    tcase_add_test(tests, a_directory_goes_and_comes_back);
    tcase_add_test(tests, the_queue_overflows);
    tcase_add_loop_test(tests, no_events_to_be_had, 0, (int)COUNT_OF(limits));
    tcase_add_test(tests, asked_before_the_start);
    tcase_add_test(tests, files_are_followed_beside_reloads_by_hand);
}

SUITE_MAIN("rpc/watch")
