/*
 * Registries: which names can be bound, the first mistake, binding again, unbinding.
 */
#include "rpc/registry.h"

#include <string.h>

#include "suite.h"

static thrift_status handle(thrift_call *call, const thrift_record *args, void *context)
{
    (void)call, (void)args, (void)context;
    return THRIFT_OK;
}

static thrift_status handle_raw(thrift_call *call, thrift_bytes args, void *context)
{
    (void)call, (void)args, (void)context;
    return THRIFT_OK;
}

static const struct {
    const char *name;
    bool good;
} names[] = {
    {"*", true},     {"S.*", true},   {"S.m", true},    {"file.S.m", true},  {"f-1.S.m", true},
    {"_s._m", true}, {"f.S.*", true}, {NULL, false},    {"", false},         {"S", false},
    {".m", false},   {"S.", false},   {"S..m", false},  {"a.b.c.d", false},  {"S.m*", false},
    {"*.m", false},  {"S m", false},  {"S.m\n", false}, {"S.get-it", false}, {"**", false},
};

START_TEST(names_that_can_be_bound)
{
    thrift_registry *registry = thrift_registry_new();
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_status status = names[_i].good ? THRIFT_OK : THRIFT_E_ARGUMENT;

    ck_assert_int_eq(thrift_bind(registry, names[_i].name, handle, NULL), status);
    ck_assert_int_eq(thrift_registry_check(registry, &err), status);
    ck_assert(names[_i].good || strstr(err.message, "Service.method") != NULL);
    thrift_registry_free(registry);
}
END_TEST

START_TEST(the_first_mistake_stays)
{
    thrift_registry *registry = thrift_registry_new();
    thrift_error err = THRIFT_ERROR_INIT;

    ck_assert_int_eq(thrift_bind(registry, "S.m", NULL, NULL), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_bind(registry, "bad", handle, NULL), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_bind(registry, "S.m", handle, NULL), THRIFT_OK);
    ck_assert_int_eq(thrift_intercept(registry, "bad", NULL, NULL, NULL), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_registry_check(registry, &err), THRIFT_E_ARGUMENT);
    ck_assert_str_eq(err.message, "no handler is given for \"S.m\"");
    ck_assert_int_eq(thrift_bind(NULL, "S.m", handle, NULL), THRIFT_E_ARGUMENT);
    ck_assert_int_eq(thrift_registry_check(NULL, &err), THRIFT_E_ARGUMENT);
    thrift_registry_free(registry);
    thrift_registry_free(NULL);
}
END_TEST

static void count_name(const char *name, void *data)
{
    (void)name;
    (*(int *)data)++;
}

START_TEST(binding_again_replaces_and_unbinding_removes)
{
    thrift_registry *registry = thrift_registry_new();
    int a, b, count = 0;

    ck_assert_int_eq(thrift_bind(registry, "S.m", handle, &a), THRIFT_OK);
    ck_assert_int_eq(thrift_bind(registry, "S.n", handle, &a), THRIFT_OK);
    ck_assert_int_eq(thrift_bind_raw(registry, "S.m", handle_raw, &b), THRIFT_OK);
    registry_lock(registry);
    ck_assert_int_eq(registry_find(registry, "S.m").kind, HANDLER_RAW);
    ck_assert_ptr_eq(registry_find(registry, "S.m").context, &b);
    ck_assert_int_eq(registry_find(registry, "S.x").kind, HANDLER_NONE);
    registry_unlock(registry);
    ck_assert_int_eq(thrift_unbind(registry, "S.m"), THRIFT_OK);
    ck_assert_int_eq(thrift_unbind(registry, "S.m"), THRIFT_E_NAME);
    registry_lock(registry);
    ck_assert_int_eq(registry_find(registry, "S.m").kind, HANDLER_NONE);
    registry_visit(registry, count_name, &count);
    registry_unlock(registry);
    ck_assert_int_eq(count, 1);
    thrift_registry_free(registry);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, names_that_can_be_bound, 0, (int)COUNT_OF(names));
    tcase_add_test(tests, the_first_mistake_stays);
    tcase_add_test(tests, binding_again_replaces_and_unbinding_removes);
}

SUITE_MAIN("rpc/registry")
