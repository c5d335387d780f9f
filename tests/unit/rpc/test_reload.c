/*
 * Reload as a transaction: attempts, policies, following files, methods that come and go.
 *
 * Covers also: watch.c, census.c, finding_list.c.
 */
#include <rethrift/client.h>
#include <rethrift/reload.h>

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "allocator.h"
#include "fixture.h"
#include "suite.h"

#define IDL_FIRST "struct User { 1: i32 id }\nservice S { User get(1: i32 id) }\n"
#define IDL_MORE                                                                                   \
    "struct User { 1: i32 id, 2: optional string name }\n"                                         \
    "service S { User get(1: i32 id), i32 count() }\n"
#define IDL_BREAKING "struct User { 1: string id }\nservice S { User get(1: i32 id) }\n"
#define IDL_BROKEN "struct User { 1: i32 id }\nservice S { User get(1: i32 id }\n"

struct rig {
    char directory[64], path[96], included[96];
    thrift_schema *schema;
    thrift_registry *registry;
    thrift_server *server;
    thrift_client *client;
    struct captured_log lines;
    atomic_int told[5]; /* by outcome */
    size_t breaking, findings;
    atomic_int inside; /* status of a reload from a callback */
};

static thrift_status on_get(thrift_call *call, const thrift_record *args, void *context)
{
    (void)context;
    return thrift_set(thrift_call_result(call), "id", thrift_get_i32(args, "id"));
}

static thrift_status on_count(thrift_call *call, const thrift_record *args, void *context)
{
    (void)args, (void)context;
    return thrift_return(call, (int32_t)thrift_call_generation(call));
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

/* As careful programs do it. */
static void replace_file(const char *path, const char *text)
{
    char other[128];

    (void)snprintf(other, sizeof other, "%s.new", path);
    write_file(other, text);
    ck_assert_int_eq(rename(other, path), 0);
}

static void note(const thrift_reload *attempt, void *data)
{
    struct rig *rig = data;

    rig->breaking = attempt->breaking_count;
    rig->findings = attempt->finding_count;
    atomic_store(&rig->inside, (int)thrift_server_reload(rig->server, NULL, NULL, NULL));
    atomic_fetch_add(&rig->told[attempt->outcome], 1);
}

static void open_rig(struct rig *rig, const char *text, const thrift_reload_options *watch)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;

    memset(rig, 0, sizeof *rig);
    (void)snprintf(rig->directory, sizeof rig->directory, "/tmp/rethrift-reload-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(rig->directory));
    (void)snprintf(rig->path, sizeof rig->path, "%s/s.thrift", rig->directory);
    (void)snprintf(rig->included, sizeof rig->included, "%s/inc.thrift", rig->directory);
    write_file(rig->included, "typedef i32 number\n");
    write_file(rig->path, text);
    captured_log_init(&rig->lines);
    options.early_handlers = true;
    options.log = captured_log_write;
    options.data = &rig->lines;
    rig->schema = thrift_load(rig->path, &err);
    rig->registry = thrift_registry_new();
    (void)thrift_bind(rig->registry, "S.get", on_get, NULL);
    (void)thrift_bind(rig->registry, "S.count", on_count, NULL);
    rig->server = thrift_server_new(rig->schema, rig->registry, &options, &err);
    (void)thrift_server_listen(rig->server, "unix:@rethrift-test-reload", &err);
    if (watch != NULL) {
        thrift_reload_options given = *watch;

        given.data = rig;
        given.done = note;
        (void)thrift_server_watch(rig->server, &given, &err);
    }
    ck_assert_msg(thrift_server_start(rig->server, &err) == THRIFT_OK, "%s", err.message);
    rig->client = thrift_client_open("unix:@rethrift-test-reload", rig->schema, NULL, NULL, &err);
    ck_assert_ptr_nonnull(rig->client);
}

static void close_rig(struct rig *rig)
{
    thrift_client_free(rig->client);
    thrift_server_free(rig->server);
    thrift_registry_free(rig->registry);
    thrift_schema_unref(rig->schema);
    (void)unlink(rig->path);
    (void)unlink(rig->included);
    (void)rmdir(rig->directory);
}

static void expect_served(struct rig *rig)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *out = thrift_client_call(rig->client, "get", THRIFT_ARGS(7), &err);

    ck_assert_msg(thrift_get_i32(thrift_outcome_record(out, &err), "id") == 7, "%s", err.message);
    thrift_outcome_free(out);
}

static void wait_told(struct rig *rig, thrift_reload_outcome outcome, int times)
{
    for (int i = 0; i < 10000 && atomic_load(&rig->told[outcome]) < times; i++) {
        (void)poll(NULL, 0, 1);
    }
    ck_assert_msg(atomic_load(&rig->told[outcome]) == times, "%d, not %d\n%s",
                  atomic_load(&rig->told[outcome]), times, rig->lines.text);
}

static const struct {
    const char *text;
    thrift_reload_options options;
    thrift_status status;
    uint64_t generation; /* afterwards */
    const char *source;  /* in the error's message or source */
} attempts[] = {
    {IDL_FIRST, {.struct_size = sizeof(thrift_reload_options)}, THRIFT_OK, 1, ""},
    {"/* a comment */ " IDL_FIRST,
     {.struct_size = sizeof(thrift_reload_options)},
     THRIFT_OK,
     1,
     ""},
    {IDL_MORE, {.struct_size = sizeof(thrift_reload_options)}, THRIFT_OK, 2, ""},
    {IDL_MORE, {.struct_size = sizeof(thrift_reload_options), .dry_run = true}, THRIFT_OK, 1, ""},
    {IDL_BREAKING, {.struct_size = sizeof(thrift_reload_options)}, THRIFT_E_INCOMPATIBLE, 1, "id"},
    {IDL_BREAKING,
     {.struct_size = sizeof(thrift_reload_options), .allow_breaking = true},
     THRIFT_OK,
     2,
     ""},
    {IDL_BROKEN, {.struct_size = sizeof(thrift_reload_options)}, THRIFT_E_SYNTAX, 1, "s.thrift"},
    {"", {.struct_size = sizeof(thrift_reload_options)}, THRIFT_E_INCOMPATIBLE, 1, ""},
};

START_TEST(one_attempt)
{
    struct rig rig;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_status status;

    open_rig(&rig, IDL_FIRST, NULL);
    replace_file(rig.path, attempts[_i].text);
    status = thrift_server_reload(rig.server, NULL, &attempts[_i].options, &err);
    ck_assert_msg(status == attempts[_i].status, "%s: %s", thrift_status_name(status), err.message);
    ck_assert_int_eq(err.code, status);
    ck_assert_uint_eq(thrift_server_generation(rig.server), attempts[_i].generation);
    ck_assert_msg(strstr(err.message, attempts[_i].source) != NULL ||
                      strstr(err.source, attempts[_i].source) != NULL,
                  "%s: %s", err.source, err.message);
    if (strcmp(attempts[_i].text, IDL_BREAKING) != 0) {
        expect_served(&rig);
    }
    close_rig(&rig);
}
END_TEST

START_TEST(rules_can_be_allowed)
{
    static const char *const other[] = {"method-removed", NULL};
    static const char *const right[] = {"User.id:field-type-changed", NULL};
    struct rig rig;

    open_rig(&rig, IDL_FIRST, NULL);
    replace_file(rig.path, IDL_BREAKING);
    ck_assert_int_eq(
        thrift_server_reload(rig.server, NULL, THRIFT_RELOAD_OPTIONS(.allow_rules = other), NULL),
        THRIFT_E_INCOMPATIBLE);
    ck_assert_int_eq(
        thrift_server_reload(rig.server, NULL, THRIFT_RELOAD_OPTIONS(.allow_rules = right), NULL),
        THRIFT_OK);
    close_rig(&rig);
}
END_TEST

static thrift_status say(const thrift_reload *attempt, void *data)
{
    ck_assert_ptr_nonnull(attempt->after);
    return *(thrift_status *)data;
}

START_TEST(a_policy_has_the_last_word)
{
    struct rig rig;
    thrift_status word = THRIFT_E_INCOMPATIBLE;

    open_rig(&rig, IDL_FIRST, NULL);
    replace_file(rig.path, IDL_MORE);
    ck_assert_int_eq(thrift_server_reload(rig.server, NULL,
                                          THRIFT_RELOAD_OPTIONS(.policy = say, .data = &word),
                                          NULL),
                     THRIFT_E_INCOMPATIBLE);
    replace_file(rig.path, IDL_BREAKING);
    word = THRIFT_OK;
    ck_assert_int_eq(thrift_server_reload(rig.server, NULL,
                                          THRIFT_RELOAD_OPTIONS(.policy = say, .data = &word),
                                          NULL),
                     THRIFT_OK);
    ck_assert_uint_eq(thrift_server_generation(rig.server), 2);
    close_rig(&rig);
}
END_TEST

START_TEST(methods_come_and_go_and_come_back)
{
    struct rig rig;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *more;
    thrift_client *next;

    open_rig(&rig, IDL_FIRST, NULL);
    more = thrift_load_text("more.thrift", IDL_MORE, NULL, &err);
    next = thrift_client_open("unix:@rethrift-test-reload", more, NULL, NULL, &err);
    ck_assert_int_eq(thrift_client_do(next, "count", THRIFT_NO_ARGS, &err), THRIFT_E_APPLICATION);
    for (uint64_t generation = 2; generation < 6; generation += 2) {
        thrift_outcome *out;

        ck_assert_int_eq(thrift_server_reload(rig.server, more, NULL, &err), THRIFT_OK);
        out = thrift_client_call(next, "count", THRIFT_NO_ARGS, &err);
        ck_assert_uint_eq((uint64_t)thrift_as_i32(thrift_outcome_result(out, &err)), generation);
        thrift_outcome_free(out);
        ck_assert_int_eq(thrift_server_rollback(rig.server, generation - 1, &err), THRIFT_OK);
        ck_assert_int_eq(thrift_client_do(next, "count", THRIFT_NO_ARGS, &err),
                         THRIFT_E_APPLICATION);
        expect_served(&rig);
    }
    ck_assert_int_eq(thrift_server_rollback(rig.server, 1, &err), THRIFT_E_NAME);
    ck_assert_int_eq(thrift_server_rollback(rig.server, 99, &err), THRIFT_E_NAME);
    ck_assert_uint_eq(thrift_server_generation(rig.server), 5);
    thrift_client_free(next);
    thrift_schema_unref(more);
    close_rig(&rig);
}
END_TEST

struct hooked {
    thrift_server *server;
    thrift_status word;
    uint64_t before, after, live, inside;
};

static thrift_status before_generation(const thrift_generation *next, void *data)
{
    struct hooked *hooked = data;

    ck_assert_ptr_nonnull(thrift_schema_struct(next->schema, "User"));
    ck_assert_uint_eq(thrift_server_generation(hooked->server) + 1, next->number);
    hooked->before = next->number;
    hooked->inside = thrift_server_reload(hooked->server, NULL, NULL, NULL);
    return hooked->word;
}

static void after_generation(const thrift_generation *now, void *data)
{
    struct hooked *hooked = data;

    ck_assert_uint_eq(thrift_server_generation(hooked->server), now->number);
    hooked->after = now->number;
    hooked->live = now->live;
}

START_TEST(hooks_see_each_generation_and_may_refuse)
{
    struct rig rig;
    struct hooked hooked = {.word = THRIFT_E_IO};
    thrift_error err = THRIFT_ERROR_INIT;

    open_rig(&rig, IDL_FIRST, NULL);
    hooked.server = rig.server;
    ck_assert_int_eq(
        thrift_server_on_generation(rig.server, before_generation, after_generation, &hooked, &err),
        THRIFT_OK);
    replace_file(rig.path, IDL_MORE);
    ck_assert_int_eq(
        thrift_server_reload(rig.server, NULL, THRIFT_RELOAD_OPTIONS(.dry_run = true), &err),
        THRIFT_OK);
    ck_assert_uint_eq(hooked.before, 0);
    ck_assert_int_eq(thrift_server_reload(rig.server, NULL, NULL, &err), THRIFT_E_IO);
    ck_assert_ptr_nonnull(strstr(err.message, "the program refuses generation 2"));
    ck_assert_uint_eq(thrift_server_generation(rig.server), 1);
    ck_assert_uint_eq(hooked.before, 2);
    ck_assert_uint_eq(hooked.inside, THRIFT_E_STATE);
    ck_assert_uint_eq(hooked.after, 0);
    hooked.word = THRIFT_OK;
    ck_assert_int_eq(thrift_server_reload(rig.server, NULL, NULL, &err), THRIFT_OK);
    ck_assert_uint_eq(hooked.after, 2);
    ck_assert_uint_ge(hooked.live, 2);
    ck_assert_int_eq(thrift_server_rebind(rig.server, &err), THRIFT_OK);
    ck_assert_uint_eq(hooked.after, 3);
    ck_assert_int_eq(thrift_server_rollback(rig.server, 1, &err), THRIFT_OK);
    ck_assert_uint_eq(hooked.after, 4);
    ck_assert_int_eq(thrift_server_on_generation(rig.server, NULL, NULL, NULL, &err), THRIFT_OK);
    ck_assert_int_eq(thrift_server_rebind(rig.server, &err), THRIFT_OK);
    ck_assert_uint_eq(hooked.after, 4);
    close_rig(&rig);
}
END_TEST

START_TEST(attempts_and_generations_are_counted)
{
    struct rig rig;
    thrift_reload_stats stats = THRIFT_RELOAD_STATS_INIT, none = {.struct_size = 0};
    static const char *const texts[] = {IDL_MORE, IDL_MORE, IDL_BREAKING, IDL_BROKEN, ""};

    open_rig(&rig, IDL_FIRST, NULL);
    ck_assert_int_eq(thrift_server_reload_stats(rig.server, &stats, NULL), THRIFT_OK);
    ck_assert_uint_eq(stats.generation, 1);
    ck_assert_uint_eq(stats.live_generations, 1);
    ck_assert_uint_eq(stats.last_duration_ns, 0);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        replace_file(rig.path, texts[i]);
        (void)thrift_server_reload(rig.server, NULL, THRIFT_RELOAD_OPTIONS(.dry_run = true), NULL);
        (void)thrift_server_reload(rig.server, NULL, NULL, NULL);
    }
    for (int i = 0; i < 1000 && (i == 0 || stats.live_generations > 1); i++) {
        (void)poll(NULL, 0, 1); /* the loop is told, and changes when it runs */
        ck_assert_int_eq(thrift_server_reload_stats(rig.server, &stats, NULL), THRIFT_OK);
    }
    ck_assert_uint_eq(stats.generation, 2);
    ck_assert_uint_eq(stats.oldest_generation, 2);
    ck_assert_uint_eq(stats.published, 1);
    ck_assert_uint_eq(stats.unchanged, 1);
    ck_assert_uint_eq(stats.refused, 2);
    ck_assert_uint_eq(stats.failed, 1);
    ck_assert_uint_gt(stats.last_duration_ns, 0);
    ck_assert_int_eq(thrift_server_reload_stats(rig.server, &none, NULL), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_server_reload_stats(NULL, &stats, NULL), THRIFT_E_ARGUMENT);
    close_rig(&rig);
}
END_TEST

/* A second service does not make calls without a service's name ambiguous for those who call. */
START_TEST(services_come_and_go)
{
    struct rig rig;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *both =
        thrift_load_text("b.thrift", IDL_FIRST "service Z { i32 count() }", NULL, &err);
    thrift_client *other;

    open_rig(&rig, IDL_FIRST, NULL);
    (void)thrift_bind(rig.registry, "Z.count", on_count, NULL);
    other = thrift_client_open("unix:@rethrift-test-reload?service=Z", both, "Z", NULL, &err);
    ck_assert_int_eq(thrift_client_do(other, "count", THRIFT_NO_ARGS, &err), THRIFT_E_APPLICATION);
    for (int i = 0; i < 2; i++) {
        replace_file(rig.path, IDL_FIRST "service Z { i32 count() }");
        ck_assert_int_eq(thrift_server_reload(rig.server, NULL, NULL, &err), THRIFT_OK);
        expect_served(&rig);
        ck_assert(captured_log_has(&rig.lines, "default-service-kept"));
        ck_assert_int_eq(thrift_client_do(other, "count", THRIFT_NO_ARGS, &err), THRIFT_OK);
        replace_file(rig.path, IDL_FIRST);
        ck_assert_int_eq(thrift_server_reload(rig.server, NULL, NULL, &err), THRIFT_E_INCOMPATIBLE);
        ck_assert_int_eq(thrift_client_do(other, "count", THRIFT_NO_ARGS, &err), THRIFT_OK);
        ck_assert_int_eq(thrift_server_reload(rig.server, NULL,
                                              THRIFT_RELOAD_OPTIONS(.allow_breaking = true), &err),
                         THRIFT_OK);
        expect_served(&rig);
        ck_assert_int_eq(thrift_client_do(other, "count", THRIFT_NO_ARGS, &err),
                         THRIFT_E_APPLICATION);
    }
    thrift_client_free(other);
    thrift_schema_unref(both);
    close_rig(&rig);
}
END_TEST

START_TEST(text_cannot_be_followed)
{
    struct fixture fixture;
    thrift_server *server;
    thrift_error err = THRIFT_ERROR_INIT;

    fixture_open(&fixture);
    server = thrift_server_new(fixture.schema, fixture.registry, NULL, &err);
    ck_assert_int_eq(thrift_server_watch(server, NULL, &err), THRIFT_E_STATE);
    ck_assert_int_eq(thrift_server_reload(server, NULL, NULL, &err), THRIFT_E_STATE);
    thrift_server_free(server);
    fixture_close(&fixture);
}
END_TEST

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
    {
        thrift_reload_options given = quick;

        given.data = &rig;
        given.done = note;
        ck_assert_int_eq(thrift_server_watch(rig.server, &given, NULL), THRIFT_OK);
    }
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

struct load {
    struct rig *rig;
    atomic_bool stop;
    int calls, failures;
};

static void *keep_calling(void *data)
{
    struct load *load = data;

    while (!atomic_load(&load->stop)) {
        thrift_outcome *out = thrift_client_call(load->rig->client, "get", THRIFT_ARGS(7), NULL);

        load->failures += thrift_get_i32(thrift_outcome_record(out, NULL), "id") != 7;
        load->calls++;
        thrift_outcome_free(out);
    }
    return NULL;
}

START_TEST(nobody_notices_a_hundred_reloads)
{
    struct rig rig;
    struct load load = {&rig, false, 0, 0};
    pthread_t thread;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *texts[2];

    open_rig(&rig, IDL_FIRST, NULL);
    texts[0] = thrift_load_text("a.thrift", IDL_MORE, NULL, &err);
    texts[1] = thrift_load_text("b.thrift", IDL_FIRST, NULL, &err);
    ck_assert_int_eq(pthread_create(&thread, NULL, keep_calling, &load), 0);
    for (int i = 0; i < 100; i++) {
        ck_assert_int_eq(thrift_server_reload(rig.server, texts[i % 2],
                                              THRIFT_RELOAD_OPTIONS(.allow_breaking = true), &err),
                         THRIFT_OK);
        (void)poll(NULL, 0, 1);
    }
    atomic_store(&load.stop, true);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_gt(load.calls, 50);
    ck_assert_int_eq(load.failures, 0);
    ck_assert_uint_eq(thrift_server_generation(rig.server), 101);
    thrift_schema_unref(texts[0]);
    thrift_schema_unref(texts[1]);
    close_rig(&rig);
}
END_TEST

/* Whatever allocation fails in an attempt: the old generation goes on, nothing leaks. */
START_TEST(every_allocation_may_fail)
{
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {0};
        thrift_allocator allocator = failing_allocator_of(&memory);
        struct fixture fixture;
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_schema *next;
        thrift_server *server;
        thrift_status status;
        bool ended;

        fixture_open(&fixture);
        next = thrift_load_text("next.thrift",
                                "service Base { void ping() }\nservice Users extends Base {}\n",
                                NULL, &err);
        server = thrift_server_new(fixture.schema, fixture.registry,
                                   THRIFT_SERVER_OPTIONS(.allocator = &allocator), &err);
        ck_assert_msg(server != NULL, "%s", err.message);
        memory.fail_at = memory.count + k;
        status =
            thrift_server_reload(server, next, THRIFT_RELOAD_OPTIONS(.allow_breaking = true), &err);
        ended = memory.count < memory.fail_at;
        /* What is remembered of an attempt may be lost, the attempt itself is whole. */
        ck_assert_int_eq(status,
                         thrift_server_generation(server) == 2 ? THRIFT_OK : THRIFT_E_NOMEM);
        ck_assert(status == THRIFT_OK || !ended);
        memory.fail_at = 0;
        ck_assert_int_eq(
            thrift_server_reload(server, next, THRIFT_RELOAD_OPTIONS(.allow_breaking = true), &err),
            THRIFT_OK);
        ck_assert_uint_eq(thrift_server_generation(server), 2);
        thrift_server_free(server);
        ck_assert_uint_eq(memory.live, 0);
        thrift_schema_unref(next);
        fixture_close(&fixture);
        if (ended) {
            ck_assert_uint_gt(k, 3);
            break;
        }
    }
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, one_attempt, 0, (int)COUNT_OF(attempts));
    tcase_add_test(tests, rules_can_be_allowed);
    tcase_add_test(tests, a_policy_has_the_last_word);
    tcase_add_test(tests, methods_come_and_go_and_come_back);
    tcase_add_test(tests, hooks_see_each_generation_and_may_refuse);
    tcase_add_test(tests, attempts_and_generations_are_counted);
    tcase_add_test(tests, services_come_and_go);
    tcase_add_test(tests, text_cannot_be_followed);
    tcase_add_test(tests, renamed_over);
    tcase_add_test(tests, written_in_pieces);
    tcase_add_test(tests, broken_is_told_once_and_mended);
    tcase_add_test(tests, deleted_and_back);
    tcase_add_test(tests, touched_without_change);
    tcase_add_test(tests, only_an_included_file_changes);
    tcase_add_test(tests, swapped_directory_behind_a_link);
    tcase_add_test(tests, requests_are_attempted);
    tcase_add_test(tests, nobody_notices_a_hundred_reloads);
    tcase_add_test(tests, every_allocation_may_fail);
}

SUITE_MAIN("rpc/reload")
