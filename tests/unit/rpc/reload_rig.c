/*
 * The server that the tests of reloading reload.
 */
#include "reload_rig.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"

static thrift_status on_get(thrift_call *call, const thrift_record *args, void *context)
{
    (void)context;
    return thrift_set(thrift_call_result(call), "id", thrift_get_i32(args, "id"));
}

thrift_status rig_on_count(thrift_call *call, const thrift_record *args, void *context)
{
    (void)args, (void)context;
    return thrift_return(call, (int32_t)thrift_call_generation(call));
}

void make_directory(const char *name, char *out)
{
    (void)snprintf(out, 64, "%s/%s-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp",
                   name);
    ck_assert_ptr_nonnull(mkdtemp(out));
}

void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

void replace_file(const char *path, const char *text)
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

void watch_rig(struct rig *rig, const thrift_reload_options *watch)
{
    thrift_reload_options given = *watch;
    thrift_error err = THRIFT_ERROR_INIT;

    given.data = rig;
    given.done = note;
    ck_assert_msg(thrift_server_watch(rig->server, &given, &err) == THRIFT_OK, "%s", err.message);
}

void make_rig(struct rig *rig, const char *text)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_server_options options = THRIFT_SERVER_OPTIONS_INIT;

    memset(rig, 0, sizeof *rig);
    make_directory("rethrift-reload", rig->directory);
    (void)snprintf(rig->path, sizeof rig->path, "%s/s.thrift", rig->directory);
    (void)snprintf(rig->address, sizeof rig->address, "unix:@%s", strrchr(rig->directory, '/') + 1);
    (void)snprintf(rig->included, sizeof rig->included, "%s/inc.thrift", rig->directory);
    write_file(rig->included, "typedef i32 number\n");
    write_file(rig->path, text);
    captured_log_init(&rig->lines);
    options.early_handlers = true;
    options.loops = 2;
    options.log = captured_log_write;
    options.data = &rig->lines;
    rig->schema = thrift_load(rig->path, &err);
    rig->registry = thrift_registry_new();
    (void)thrift_bind(rig->registry, "S.get", on_get, NULL);
    (void)thrift_bind(rig->registry, "S.count", rig_on_count, NULL);
    rig->server = thrift_server_new(rig->schema, rig->registry, &options, &err);
    (void)thrift_server_listen(rig->server, rig->address, &err);
}

void start_rig(struct rig *rig)
{
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_msg(thrift_server_start(rig->server, &err) == THRIFT_OK, "%s", err.message);
    rig->client = thrift_client_open(rig->address, rig->schema, NULL, NULL, &err);
    ck_assert_ptr_nonnull(rig->client);
}

void open_rig(struct rig *rig, const char *text, const thrift_reload_options *watch)
{
    make_rig(rig, text);
    if (watch != NULL) {
        watch_rig(rig, watch);
    }
    start_rig(rig);
}

void close_rig(struct rig *rig)
{
    thrift_client_free(rig->client);
    thrift_server_free(rig->server);
    thrift_registry_free(rig->registry);
    thrift_schema_unref(rig->schema);
    (void)unlink(rig->path);
    (void)unlink(rig->included);
    (void)rmdir(rig->directory);
}

void expect_served(struct rig *rig)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *out = thrift_client_call(rig->client, "get", THRIFT_ARGS(7), &err);

    ck_assert_msg(thrift_get_i32(thrift_outcome_record(out, &err), "id") == 7, "%s", err.message);
    thrift_outcome_free(out);
}

void wait_told(struct rig *rig, thrift_reload_outcome outcome, int times)
{
    for (int i = 0; i < 10000 && atomic_load(&rig->told[outcome]) < times; i++) {
        (void)poll(NULL, 0, 1);
    }
    ck_assert_msg(atomic_load(&rig->told[outcome]) == times, "%d, not %d\n%s",
                  atomic_load(&rig->told[outcome]), times, rig->lines.text);
}
