/*
 * Reflection: a server asked about itself by a client that has nothing but its definition.
 */
#include "rpc/reflection.h"

#include <poll.h>
#include <rethrift/client.h>
#include <rethrift/reload.h>
#include <string.h>

#include "fixture.h"
#include "own_address.h"
#include "suite.h"

#define IDL_FIRST "service S { void a(), oneway void b() } service T extends S { void c() }"
#define IDL_BREAKING "service S { void a() } service T extends S { void c() }"

static thrift_status handle(thrift_call *call, const thrift_record *args, void *context)
{
    (void)call, (void)args, (void)context;
    return THRIFT_OK;
}

static thrift_outcome *ask(thrift_client *client, const char *method)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_outcome *out = thrift_client_call(client, method, THRIFT_NO_ARGS, &err);

    ck_assert_msg(thrift_outcome_check(out, &err) == THRIFT_OK, "%s", err.message);
    return out;
}

START_TEST(a_server_describes_itself)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("s.thrift", IDL_FIRST, NULL, &err);
    thrift_schema *breaking = thrift_load_text("s.thrift", IDL_BREAKING, NULL, &err);
    thrift_schema *reflection = reflection_schema(&err);
    thrift_registry *registry = thrift_registry_new();
    thrift_server *server;
    thrift_client *client, *own;
    thrift_outcome *out;
    const thrift_list *list;

    ck_assert_msg(reflection != NULL, "%s", err.message);
    (void)thrift_bind(registry, "S.a", handle, NULL);
    server = thrift_server_new(schema, registry, THRIFT_SERVER_OPTIONS(.reflection = true), &err);
    (void)thrift_server_listen(server, own_address("test-reflection", ""), &err);
    ck_assert_msg(thrift_server_start(server, &err) == THRIFT_OK, "%s", err.message);
    client = thrift_client_open(own_address("test-reflection", "?service=Reflection"), reflection,
                                "Reflection", NULL, &err);
    own = thrift_client_open(own_address("test-reflection", ""), schema, "T", NULL, &err);
    for (int i = 0; i < 2; i++) { /* calls of both definitions, in turns */
        out = ask(client, "services");
        list = thrift_as_list(thrift_outcome_result(out, &err));
        ck_assert_uint_eq(thrift_list_count(list), 2);
        ck_assert_str_eq(thrift_get_string(thrift_list_record(list, 1), "name"), "T");
        ck_assert_str_eq(thrift_get_string(thrift_list_record(list, 1), "extending"), "S");
        ck_assert_str_eq(thrift_get_string(thrift_list_record(list, 1), "methods[1].name"), "a");
        ck_assert(thrift_get_bool(thrift_list_record(list, 1), "methods[1].handled"));
        ck_assert(!thrift_get_bool(thrift_list_record(list, 1), "methods[0].handled"));
        ck_assert(thrift_get_bool(thrift_list_record(list, 0), "methods[1].one_way"));
        thrift_outcome_free(out);
        ck_assert_msg(thrift_client_do(own, "a", THRIFT_NO_ARGS, &err) == THRIFT_OK, "%s",
                      err.message);
    }
    out = ask(client, "files");
    list = thrift_as_list(thrift_outcome_result(out, &err));
    ck_assert_uint_eq(thrift_list_count(list), 1);
    ck_assert_str_eq(thrift_get_string(thrift_list_record(list, 0), "path"), "s.thrift");
    ck_assert_str_eq(thrift_get_string(thrift_list_record(list, 0), "text"), IDL_FIRST);
    thrift_outcome_free(out);
    ck_assert_int_eq(thrift_server_reload(server, breaking, NULL, NULL), THRIFT_E_INCOMPATIBLE);
    out = ask(client, "lastReload");
    ck_assert_str_eq(thrift_get_string(thrift_outcome_record(out, &err), "outcome"), "refused");
    ck_assert_uint_gt(strlen(thrift_get_string(thrift_outcome_record(out, &err), "message")), 0);
    ck_assert_int_eq(thrift_get_i64(thrift_outcome_record(out, &err), "failures"), 1);
    ck_assert_str_eq(thrift_get_string(thrift_outcome_record(out, &err), "findings[0].severity"),
                     "breaking");
    ck_assert_str_eq(thrift_get_string(thrift_outcome_record(out, &err), "findings[0].rule"),
                     "method-removed");
    ck_assert_str_eq(thrift_get_string(thrift_outcome_record(out, &err), "findings[0].element"),
                     "S.b");
    ck_assert_str_eq(thrift_get_string(thrift_outcome_record(out, &err), "findings[0].path"),
                     "s.thrift");
    ck_assert_int_eq(thrift_get_i32(thrift_outcome_record(out, &err), "findings[0].line"), 1);
    thrift_outcome_free(out);
    ck_assert_int_eq(
        thrift_server_reload(server, breaking, THRIFT_RELOAD_OPTIONS(.allow_breaking = true), NULL),
        THRIFT_OK);
    out = ask(client, "generation");
    ck_assert_int_eq(thrift_get_i64(thrift_outcome_record(out, &err), "number"), 2);
    ck_assert_str_eq(thrift_get_string(thrift_outcome_record(out, &err), "fingerprint"),
                     thrift_schema_fingerprint(breaking));
    ck_assert_int_gt(thrift_get_i64(thrift_outcome_record(out, &err), "since_ms"), 1700000000000);
    ck_assert_int_ge(thrift_get_i32(thrift_outcome_record(out, &err), "live"), 1);
    thrift_outcome_free(out);
    thrift_client_free(client);
    thrift_client_free(own);
    thrift_server_free(server);
    thrift_registry_free(registry);
    thrift_schema_unref(schema);
    thrift_schema_unref(breaking);
    thrift_schema_unref(reflection);
}
END_TEST

/* Asked for by a call, when the server lets itself be asked. */
START_TEST(control_is_there_when_it_is_wanted)
{
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("s.thrift", IDL_FIRST, NULL, &err);
    thrift_schema *reflection = reflection_schema(&err);
    thrift_registry *registry = thrift_registry_new();

    for (int wanted = 0; wanted < 2; wanted++) {
        thrift_server *server = thrift_server_new(
            schema, registry,
            THRIFT_SERVER_OPTIONS(.reflection = wanted == 0, .control = wanted == 1), &err);
        thrift_reload_stats stats = THRIFT_RELOAD_STATS_INIT;
        thrift_client *client;

        (void)thrift_server_listen(server, own_address("test-control", ""), &err);
        ck_assert_msg(thrift_server_start(server, &err) == THRIFT_OK, "%s", err.message);
        client = thrift_client_open(own_address("test-control", "?service=Control"), reflection,
                                    "Control", NULL, &err);
        ck_assert_int_eq(thrift_client_do(client, "reload", THRIFT_NO_ARGS, &err),
                         wanted == 1 ? THRIFT_OK : THRIFT_E_APPLICATION);
        for (int i = 0; i < 5000 && wanted == 1 && stats.failed == 0; i++) {
            (void)poll(NULL, 0, 1); /* text cannot be loaded again, but it is tried */
            ck_assert_int_eq(thrift_server_reload_stats(server, &stats, &err), THRIFT_OK);
        }
        ck_assert_uint_eq(stats.failed, (uint64_t)wanted);
        thrift_client_free(client);
        thrift_server_free(server);
    }
    thrift_registry_free(registry);
    thrift_schema_unref(schema);
    thrift_schema_unref(reflection);
}
END_TEST

static const char *published; /* the path of idl/reflection.thrift */

START_TEST(the_text_is_the_published_one)
{
    static char text[16384];
    FILE *file = fopen(published, "r");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_gt(fread(text, 1, sizeof text - 1, file), 0);
    fclose(file);
    ck_assert_str_eq(text, reflection_idl);
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("rpc/reflection");
    TCase *tests = tcase_create("all");
    SRunner *runner;
    int failed;

    published = argc > 1 ? argv[1] : "idl/reflection.thrift";
    tcase_add_test(tests, a_server_describes_itself);
    tcase_add_test(tests, control_is_there_when_it_is_wanted);
    tcase_add_test(tests, the_text_is_the_published_one);
    suite_add_tcase(suite, tests);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
