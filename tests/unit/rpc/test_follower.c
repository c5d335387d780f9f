/*
 * Clients that follow: files, a server's reflection, a switch by hand.
 *
 * Covers also: client_definition.c, served.c.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allocator.h"
#include "own_address.h"
#include "reload_rig.h"
#include "suite.h"

#define IDL_RENAMED "struct User { 1: i32 id }\nservice Other { User get(1: i32 id) }\n"
struct followed {
    char directory[64], path[96], included[96], address[64];
    thrift_schema *schema;
    thrift_registry *registry;
    thrift_server *server;
    thrift_client *client;
    atomic_int told[5]; /* by outcome */
    char rule[64];
};

static thrift_status on_get(thrift_call *call, const thrift_record *args, void *context)
{
    thrift_record *user = thrift_call_result(call);
    const thrift_field *name = thrift_struct_field(thrift_record_type(user), "name");

    (void)context;
    if (name != NULL) {
        (void)thrift_record_set(user, name, THRIFT_VALUE("Ada"));
    }
    return thrift_set(user, "id", thrift_get_i32(args, "id"));
}

static thrift_status on_count(thrift_call *call, const thrift_record *args, void *context)
{
    (void)args, (void)context;
    return thrift_return(call, 42);
}

static void count_told(const thrift_reload *attempt, void *data)
{
    struct followed *rig = data;

    if (attempt->finding_count > 0) {
        (void)snprintf(rig->rule, sizeof rig->rule, "%s", attempt->findings[0].rule);
    }
    atomic_fetch_add(&rig->told[attempt->outcome], 1);
}

/* The server has files of its own text; the client's definition is the same at first. */
static void open_followed(struct followed *rig, const char *text)
{
    thrift_error err = THRIFT_ERROR_INIT;

    memset(rig, 0, sizeof *rig);
    make_directory("rethrift-follow", rig->directory);
    (void)snprintf(rig->address, sizeof rig->address, "unix:@%s", strrchr(rig->directory, '/') + 1);
    (void)snprintf(rig->path, sizeof rig->path, "%s/s.thrift", rig->directory);
    (void)snprintf(rig->included, sizeof rig->included, "%s/inc.thrift", rig->directory);
    replace_file(rig->included, "struct Shared { 1: i32 x }\n");
    replace_file(rig->path, text);
    rig->schema = thrift_load(rig->path, &err);
    rig->registry = thrift_registry_new();
    (void)thrift_bind(rig->registry, "S.get", on_get, NULL);
    (void)thrift_bind(rig->registry, "S.count", on_count, NULL);
    rig->server =
        thrift_server_new(rig->schema, rig->registry,
                          THRIFT_SERVER_OPTIONS(.early_handlers = true, .reflection = true), &err);
    (void)thrift_server_listen(rig->server, rig->address, &err);
    ck_assert_msg(thrift_server_start(rig->server, &err) == THRIFT_OK, "%s", err.message);
    rig->client = thrift_client_open(rig->address, rig->schema, NULL, NULL, &err);
    ck_assert_msg(rig->client != NULL, "%s", err.message);
}

static void close_followed(struct followed *rig)
{
    thrift_client_free(rig->client);
    thrift_server_free(rig->server);
    thrift_registry_free(rig->registry);
    thrift_schema_unref(rig->schema);
    (void)unlink(rig->path);
    (void)unlink(rig->included);
    (void)rmdir(rig->directory);
}

static void follow(struct followed *rig, thrift_follow source, uint32_t poll_ms)
{
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_msg(thrift_client_follow(rig->client, source,
                                       THRIFT_RELOAD_OPTIONS(.settle_ms = 20, .poll_ms = poll_ms,
                                                             .done = count_told, .data = rig),
                                       &err) == THRIFT_OK,
                  "%s", err.message);
    ck_assert_int_eq(thrift_client_follow(rig->client, source, NULL, &err), THRIFT_E_STATE);
}

static void wait_for(struct followed *rig, thrift_reload_outcome outcome, int times)
{
    for (int i = 0; i < 10000 && atomic_load(&rig->told[outcome]) < times; i++) {
        (void)poll(NULL, 0, 1);
    }
    ck_assert_int_eq(atomic_load(&rig->told[outcome]), times);
}

static void expect_name(struct followed *rig, const char *name)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *out = thrift_client_call(rig->client, "get", THRIFT_ARGS(7), &err);
    const thrift_record *user = thrift_outcome_record(out, &err);

    ck_assert_msg(thrift_get_i32(user, "id") == 7, "%s", err.message);
    if (name != NULL) {
        ck_assert_str_eq(thrift_get_string(user, "name"), name);
    } else {
        ck_assert_ptr_null(thrift_struct_field(thrift_record_type(user), "name"));
    }
    thrift_outcome_free(out);
}

START_TEST(switched_by_hand)
{
    struct followed rig;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *more = thrift_load_text("more.thrift", IDL_MORE, NULL, &err);
    thrift_schema *renamed = thrift_load_text("renamed.thrift", IDL_RENAMED, NULL, &err), *now;
    thrift_record *early;
    thrift_outcome *out;

    open_followed(&rig, IDL_FIRST);
    ck_assert_int_eq(thrift_server_reload(rig.server, more, NULL, &err), THRIFT_OK);
    expect_name(&rig, NULL);
    ck_assert_int_eq(thrift_client_do(rig.client, "count", THRIFT_NO_ARGS, &err), THRIFT_E_NAME);
    early = thrift_client_args(rig.client, "get", &err);
    (void)thrift_set(early, "id", 9);
    ck_assert_int_eq(thrift_client_switch(rig.client, more, &err), THRIFT_OK);
    expect_name(&rig, "Ada");
    ck_assert_int_eq(thrift_client_do(rig.client, "count", THRIFT_NO_ARGS, &err), THRIFT_OK);
    out = thrift_client_send(rig.client, early, &err); /* by the definition that it is of */
    ck_assert_int_eq(thrift_get_i32(thrift_outcome_record(out, &err), "id"), 9);
    ck_assert_ptr_eq(thrift_record_type(thrift_outcome_record(out, &err)),
                     thrift_schema_struct(rig.schema, "User"));
    thrift_outcome_free(out);
    thrift_record_free(early);
    ck_assert_int_eq(thrift_client_switch(rig.client, renamed, &err), THRIFT_E_NAME);
    ck_assert_int_eq(thrift_client_switch(rig.client, NULL, NULL), THRIFT_E_ARGUMENT);
    now = thrift_client_schema(rig.client);
    ck_assert_ptr_eq(now, more);
    thrift_schema_unref(now);
    expect_name(&rig, "Ada");
    thrift_schema_unref(more);
    thrift_schema_unref(renamed);
    close_followed(&rig);
}
END_TEST

START_TEST(files_are_followed)
{
    struct followed rig;
    thrift_error err = THRIFT_ERROR_INIT;

    open_followed(&rig, IDL_FIRST);
    follow(&rig, THRIFT_FOLLOW_FILES, 100);
    replace_file(rig.path, IDL_MORE);
    wait_for(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    ck_assert_int_eq(thrift_client_do(rig.client, "count", THRIFT_NO_ARGS, &err),
                     THRIFT_E_APPLICATION); /* the client knows it, the server does not yet */
    ck_assert_int_eq(thrift_server_reload(rig.server, NULL, NULL, &err), THRIFT_OK);
    expect_name(&rig, "Ada");
    ck_assert_int_eq(thrift_client_do(rig.client, "count", THRIFT_NO_ARGS, &err), THRIFT_OK);
    replace_file(rig.path, IDL_BROKEN);
    wait_for(&rig, THRIFT_RELOAD_FAILED, 1);
    expect_name(&rig, "Ada");
    replace_file(rig.path, IDL_FIRST);
    wait_for(&rig, THRIFT_RELOAD_REFUSED, 1);
    ck_assert_str_eq(rig.rule, "field-removed");
    expect_name(&rig, "Ada");
    close_followed(&rig);
}
END_TEST

START_TEST(a_server_is_followed)
{
    static const char more[] =
        "include \"inc.thrift\"\nstruct User { 1: i32 id, 2: optional string "
        "name, 3: optional inc.Shared shared }\n"
        "service S { User get(1: i32 id), i32 count() }\n";
    struct followed rig;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *now;

    open_followed(&rig, IDL_FIRST);
    follow(&rig, THRIFT_FOLLOW_SERVER, 20);
    wait_for(&rig, THRIFT_RELOAD_UNCHANGED, 1);
    replace_file(rig.path, more);
    ck_assert_int_eq(thrift_server_reload(rig.server, NULL, NULL, &err), THRIFT_OK);
    wait_for(&rig, THRIFT_RELOAD_PUBLISHED, 1);
    expect_name(&rig, "Ada");
    now = thrift_client_schema(rig.client);
    ck_assert_ptr_nonnull(thrift_schema_struct(now, "inc.Shared"));
    thrift_schema_unref(now);
    replace_file(rig.path, IDL_FIRST); /* what the server serves is taken, whatever it breaks */
    ck_assert_int_eq(
        thrift_server_reload(rig.server, NULL, THRIFT_RELOAD_OPTIONS(.allow_breaking = true), &err),
        THRIFT_OK);
    wait_for(&rig, THRIFT_RELOAD_PUBLISHED, 2);
    expect_name(&rig, NULL);
    replace_file(rig.path, IDL_RENAMED);
    ck_assert_int_eq(
        thrift_server_reload(rig.server, NULL, THRIFT_RELOAD_OPTIONS(.allow_breaking = true), &err),
        THRIFT_OK);
    wait_for(&rig, THRIFT_RELOAD_FAILED, 1);
    close_followed(&rig);
}
END_TEST

START_TEST(a_server_that_went_changes_nothing)
{
    struct followed rig;

    open_followed(&rig, IDL_FIRST);
    follow(&rig, THRIFT_FOLLOW_SERVER, 20);
    wait_for(&rig, THRIFT_RELOAD_UNCHANGED, 1);
    thrift_server_free(rig.server);
    rig.server = NULL;
    (void)poll(NULL, 0, 100);
    ck_assert_int_eq(atomic_load(&rig.told[THRIFT_RELOAD_FAILED]), 0);
    close_followed(&rig);
}
END_TEST

static thrift_status refuse(const thrift_reload *attempt, void *data)
{
    (void)attempt, (void)data;
    return THRIFT_E_INCOMPATIBLE;
}

START_TEST(a_policy_refuses_what_the_server_serves)
{
    struct followed rig;
    thrift_error err = THRIFT_ERROR_INIT;

    open_followed(&rig, IDL_FIRST);
    ck_assert_int_eq(thrift_client_follow(rig.client, THRIFT_FOLLOW_SERVER,
                                          THRIFT_RELOAD_OPTIONS(.poll_ms = 20, .policy = refuse,
                                                                .done = count_told, .data = &rig),
                                          &err),
                     THRIFT_OK);
    replace_file(rig.path, IDL_MORE);
    ck_assert_int_eq(thrift_server_reload(rig.server, NULL, NULL, &err), THRIFT_OK);
    wait_for(&rig, THRIFT_RELOAD_REFUSED, 1);
    expect_name(&rig, NULL);
    close_followed(&rig);
}
END_TEST

START_TEST(text_has_no_files_to_follow)
{
    struct followed rig;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *text = thrift_load_text("s.thrift", IDL_FIRST, NULL, &err);
    thrift_client *client;

    open_followed(&rig, IDL_FIRST);
    client = thrift_client_open(rig.address, text, NULL, NULL, &err);
    ck_assert_int_eq(thrift_client_follow(client, THRIFT_FOLLOW_FILES, NULL, &err), THRIFT_E_STATE);
    ck_assert_int_eq(thrift_client_follow(NULL, THRIFT_FOLLOW_FILES, NULL, NULL),
                     THRIFT_E_ARGUMENT);
    thrift_client_free(client);
    thrift_schema_unref(text);
    close_followed(&rig);
}
END_TEST

START_TEST(an_address_is_enough)
{
    struct followed rig;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *served;
    char address[128];

    open_followed(&rig, "include \"inc.thrift\"\n" IDL_FIRST);
    (void)snprintf(address, sizeof address, "%s?protocol=compact&service=S&transport=framed",
                   rig.address);
    served = thrift_load_served(address, NULL, &err);
    ck_assert_msg(served != NULL, "%s", err.message);
    ck_assert_str_eq(thrift_schema_fingerprint(served), thrift_schema_fingerprint(rig.schema));
    ck_assert_uint_eq(thrift_schema_file_count(served), 2);
    thrift_schema_unref(served);
    ck_assert_ptr_null(thrift_load_served(own_address("test-nobody", ""), NULL, &err));
    ck_assert_int_eq(err.code, THRIFT_E_CONNECT);
    ck_assert_ptr_null(thrift_load_served(NULL, NULL, NULL));
    close_followed(&rig);
}
END_TEST

struct load {
    thrift_client *client;
    atomic_bool stop;
    int calls, failures;
};

static void *keep_calling(void *data)
{
    struct load *load = data;

    while (!atomic_load(&load->stop)) {
        thrift_outcome *out = thrift_client_call(load->client, "get", THRIFT_ARGS(7), NULL);

        load->failures += thrift_get_i32(thrift_outcome_record(out, NULL), "id") != 7;
        load->calls++;
        thrift_outcome_free(out);
    }
    return NULL;
}

START_TEST(no_call_fails_while_definitions_are_switched)
{
    struct followed rig;
    struct load loads[2];
    pthread_t threads[COUNT_OF(loads)];
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *more = thrift_load_text("more.thrift", IDL_MORE, NULL, &err);

    open_followed(&rig, IDL_FIRST);
    for (size_t i = 0; i < COUNT_OF(loads); i++) {
        loads[i] = (struct load){rig.client, false, 0, 0};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, keep_calling, &loads[i]), 0);
    }
    for (int i = 0; i < 200; i++) {
        ck_assert_int_eq(thrift_client_switch(rig.client, i % 2 == 0 ? more : rig.schema, &err),
                         THRIFT_OK);
        (void)poll(NULL, 0, 1);
    }
    for (size_t i = 0; i < COUNT_OF(loads); i++) {
        atomic_store(&loads[i].stop, true);
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert_int_gt(loads[i].calls, 10);
        ck_assert_int_eq(loads[i].failures, 0);
    }
    thrift_schema_unref(more);
    close_followed(&rig);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    struct followed rig;

    open_followed(&rig, IDL_FIRST);
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_allocator allocator = failing_allocator_of(&memory);
        thrift_error err = THRIFT_ERROR_INIT;
        thrift_schema *served =
            thrift_load_served(rig.address, THRIFT_CLIENT_OPTIONS(.allocator = &allocator), &err);

        ck_assert(served != NULL || err.code != THRIFT_OK);
        thrift_schema_unref(served);
        ck_assert_uint_eq(memory.live, 0);
        if (memory.count < k) {
            ck_assert_ptr_nonnull(served);
            break;
        }
    }
    close_followed(&rig);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_test(tests, switched_by_hand);
    tcase_add_test(tests, files_are_followed);
    tcase_add_test(tests, a_server_is_followed);
    tcase_add_test(tests, a_server_that_went_changes_nothing);
    tcase_add_test(tests, a_policy_refuses_what_the_server_serves);
    tcase_add_test(tests, text_has_no_files_to_follow);
    tcase_add_test(tests, an_address_is_enough);
    tcase_add_test(tests, no_call_fails_while_definitions_are_switched);
    tcase_add_test(tests, every_allocation_may_fail);
}

SUITE_MAIN("rpc/follower")
