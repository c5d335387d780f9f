/*
 * Generations: which handler answers which name, default services, names that mean nothing.
 *
 * Covers also: binding.c.
 */
#include "rpc/generation.h"

#include <string.h>

#include "allocator.h"
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

static const char family[] = "service A { void a(), void b() }\n"
                             "service B extends A { void c() }\n"
                             "service C extends B { void d() }\n";

/* What is bound, by its own name as context; what is called; what answers. */
static const struct {
    const char *bound[4];
    const char *called;
    const char *answers; /* NULL: nothing */
} resolved[] = {
    {{"C.d", "*"}, "d", "C.d"},
    {{"A.a", "*"}, "a", "A.a"},
    {{"A.a", "B.a", "*"}, "a", "B.a"},
    {{"A.a", "B.a", "C.a"}, "a", "C.a"},
    {{"A.a", "C.*"}, "a", "A.a"},
    {{"C.*", "*"}, "a", "C.*"},
    {{"A.*", "*"}, "a", "A.*"},
    {{"A.*", "*"}, "d", "*"},
    {{"C.*"}, "A:a", NULL},
    {{"C.*", "A.*"}, "A:a", "A.*"},
    {{"f.C.d"}, "d", "f.C.d"},
    {{"f.A.a"}, "C:a", "f.A.a"},
    {{"A.b"}, "a", NULL},
};

START_TEST(who_answers)
{
    struct generation_options options = {0};
    struct log silence = {0};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("f.thrift", family, NULL, &err);
    thrift_registry *registry = thrift_registry_new();
    const struct served_service *service;
    const struct endpoint *endpoint;
    struct generation *generation;
    thrift_bytes name = {(const uint8_t *)resolved[_i].called, strlen(resolved[_i].called)};
    thrift_bytes bare;

    options.log = &silence;
    for (size_t i = 0; i < 4 && resolved[_i].bound[i] != NULL; i++) {
        (void)thrift_bind(registry, resolved[_i].bound[i], handle,
                          (void *)(uintptr_t)resolved[_i].bound[i]);
    }
    generation = generation_new(schema, registry, 1, &options, &err);
    ck_assert_msg(generation != NULL, "%s", err.message);
    endpoint = generation_find(generation, name, &service, &bare);
    ck_assert_ptr_nonnull(endpoint);
    ck_assert_uint_eq(bare.size, 1);
    if (resolved[_i].answers == NULL) {
        ck_assert_int_eq(endpoint->handler.kind, HANDLER_NONE);
    } else {
        ck_assert_str_eq(endpoint->handler.context, resolved[_i].answers);
    }
    generation_unref(generation);
    thrift_registry_free(registry);
    thrift_schema_unref(schema);
}
END_TEST

static const struct {
    const char *idl, *bound, *default_service;
    bool every_method;
    const char *mentions; /* in the refusal; NULL: it is made */
} made[] = {
    {"service S { void get() }", "S.get", NULL, true, NULL},
    {"service S { void get() }", "S.gte", NULL, false, "did you mean \"S.get\"?"},
    {"service S { void get() }", "T.get", NULL, false, "did you mean \"S.get\"?"},
    {"service S { void get() }", "Xylophone.play", NULL, false, "does not have it"},
    {"service S { void get() }", "T.*", NULL, false, "\"T.*\""},
    {"service S { void get(), void put() }", "S.get", NULL, true, "\"S.put\""},
    {"service S { void get() }", "S.*", NULL, true, NULL},
    {"service S { void get() } service T { void get() }", "*", "T", true, NULL},
    {"service S { void get() } service T { void get() }", "*", "U", true, "there are: S, T"},
};

START_TEST(names_and_defaults_are_checked)
{
    struct log silence = {0};
    const struct generation_options options = {.every_method = made[_i].every_method,
                                               .default_service = made[_i].default_service,
                                               .log = &silence};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("f.thrift", made[_i].idl, NULL, &err);
    thrift_registry *registry = thrift_registry_new();
    struct generation *generation;

    (void)thrift_bind(registry, made[_i].bound, handle, NULL);
    generation = generation_new(schema, registry, 1, &options, &err);
    ck_assert_msg((generation != NULL) == (made[_i].mentions == NULL), "%s", err.message);
    if (made[_i].mentions != NULL) {
        ck_assert_int_eq(err.code, THRIFT_E_NAME);
        ck_assert_msg(strstr(err.message, made[_i].mentions) != NULL, "%s", err.message);
    }
    generation_unref(generation);
    thrift_registry_free(registry);
    thrift_schema_unref(schema);
}
END_TEST

/* A float has no form in any message; the method without it can be served. */
START_TEST(what_no_message_can_carry)
{
    static const char *const bound[] = {"S.get", "S.put", "S.*"};
    static const char idl[] = "struct T { 1: float x } service S { T get(), void put(1: i32 a) }";
    const struct generation_options options = {.log = &(struct log){0}};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("f.thrift", idl, NULL, &err);
    thrift_registry *registry = thrift_registry_new();
    struct generation *generation;

    (void)thrift_bind(registry, bound[_i], handle, NULL);
    generation = generation_new(schema, registry, 1, &options, &err);
    ck_assert_msg((generation != NULL) == (_i == 1), "%s", err.message);
    if (_i != 1) {
        ck_assert_int_eq(err.code, THRIFT_E_TYPE);
        ck_assert_ptr_nonnull(strstr(err.message, "'success.x' is a float"));
    }
    generation_unref(generation);
    thrift_registry_free(registry);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(several_services_need_a_name)
{
    struct log silence = {0};
    const struct generation_options options = {.log = &silence};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text(
        "f.thrift", "service S { void get() } service T { void get() }", NULL, &err);
    thrift_registry *registry = thrift_registry_new();
    struct generation *generation;
    const struct served_service *service;
    thrift_bytes bare;

    (void)thrift_bind_raw(registry, "*", handle_raw, NULL);
    generation = generation_new(schema, registry, 1, &options, &err);
    ck_assert_ptr_null(
        generation_find(generation, (thrift_bytes){(const uint8_t *)"get", 3}, &service, &bare));
    ck_assert_ptr_null(service);
    ck_assert_int_eq(generation->rest.handler.kind, HANDLER_RAW);
    ck_assert_ptr_nonnull(
        generation_find(generation, (thrift_bytes){(const uint8_t *)"T:get", 5}, &service, &bare));
    ck_assert_ptr_null(
        generation_find(generation, (thrift_bytes){(const uint8_t *)"T:x", 3}, &service, &bare));
    ck_assert_str_eq(service->service->node.name, "T");
    ck_assert_int_eq(service->rest.handler.kind, HANDLER_RAW);
    generation_unref(generation);
    thrift_registry_free(registry);
    thrift_schema_unref(schema);
}
END_TEST

START_TEST(every_allocation_may_fail)
{
    struct log silence = {0};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text("f.thrift", family, NULL, &err);
    thrift_registry *registry = thrift_registry_new();

    (void)thrift_bind(registry, "*", handle, NULL);
    for (size_t k = 1;; k++) {
        struct failing_allocator memory = {.fail_at = k};
        thrift_allocator allocator = failing_allocator_of(&memory);
        const struct generation_options options = {.log = &silence, .allocator = &allocator};
        struct generation *generation = generation_new(schema, registry, 1, &options, &err);

        ck_assert(generation != NULL || err.code == THRIFT_E_NOMEM);
        generation_unref(generation);
        ck_assert_uint_eq(memory.live, 0);
        if (generation != NULL) {
            ck_assert_uint_gt(k, 3);
            break;
        }
    }
    thrift_registry_free(registry);
    thrift_schema_unref(schema);
}
END_TEST

static void add_tests(TCase *tests)
{
    tcase_add_loop_test(tests, who_answers, 0, (int)COUNT_OF(resolved));
    tcase_add_loop_test(tests, names_and_defaults_are_checked, 0, (int)COUNT_OF(made));
    tcase_add_loop_test(tests, what_no_message_can_carry, 0, 3);
    tcase_add_test(tests, several_services_need_a_name);
    tcase_add_test(tests, every_allocation_may_fail);
}

SUITE_MAIN("rpc/generation")
