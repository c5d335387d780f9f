/*
 * Reload as a transaction: attempts, policies, hooks, methods that come and go, calls meanwhile.
 *
 * Covers also: census.c, finding_list.c.
 */
#include "reload_rig.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "allocator.h"
#include "suite.h"

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
    next = thrift_client_open(rig.address, more, NULL, NULL, &err);
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
    char address[96];

    open_rig(&rig, IDL_FIRST, NULL);
    (void)snprintf(address, sizeof address, "%s?service=Z", rig.address);
    (void)thrift_bind(rig.registry, "Z.count", rig_on_count, NULL);
    other = thrift_client_open(address, both, "Z", NULL, &err);
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

/* ---- changes that are refused, and texts that do not load ---- */

#define WIDE                                                                                       \
    "enum Color { RED = 1, BLUE = 2 }\n"                                                           \
    "struct User { 1: required i32 id, 2: optional string name, 3: optional Color color }\n"       \
    "service S { User get(1: i32 id), i32 count() }\n"

static const struct {
    const char *text, *rule;
    thrift_reload_outcome outcome;
    uint32_t line; /* 0: that of the running definition's */
} refusals[] = {
    {"enum Color { RED = 1, BLUE = 2 }\nstruct User { 1: required i64 id, 2: optional string name, "
     "3: optional Color color }\nservice S { User get(1: i32 id), i32 count() }\n",
     "field-type-changed", THRIFT_RELOAD_REFUSED, 2},
    {"enum Color { RED = 1, BLUE = 2 }\nstruct User { 1: required i32 id, 2: optional i32 age, "
     "3: optional Color color }\nservice S { User get(1: i32 id), i32 count() }\n",
     "field-id-reused", THRIFT_RELOAD_REFUSED, 2},
    {"enum Color { RED = 1, BLUE = 2 }\nstruct User { 1: required i32 id, 2: optional string name, "
     "3: optional Color color,\n 4: required i32 more }\nservice S { User get(1: i32 id), i32 "
     "count() }",
     "required-added", THRIFT_RELOAD_REFUSED, 3},
    {"enum Color { RED = 1, BLUE = 2 }\nstruct User { 1: required i32 id, 2: optional string name, "
     "3: optional Color color }\nservice S { User get(1: i32 id) }\n",
     "method-removed", THRIFT_RELOAD_REFUSED, 3},
    {"enum Color { RED = 1 }\nstruct User { 1: required i32 id, 2: optional string name, "
     "3: optional Color color }\nservice S { User get(1: i32 id), i32 count() }\n",
     "enum-value-removed", THRIFT_RELOAD_REFUSED, 1},
    {"service Other { i32 count() }\n", "service-removed", THRIFT_RELOAD_REFUSED, 3},
    {"", "service-removed", THRIFT_RELOAD_REFUSED, 3},
    {WIDE "struct X { 1: i32 a\n", "missing-brace", THRIFT_RELOAD_FAILED, 5},
    {WIDE "struct X {\n 1: Missing a }\n", "unknown-type", THRIFT_RELOAD_FAILED, 5},
    {WIDE "typedef X Y\ntypedef Y X\n", "typedef-cycle", THRIFT_RELOAD_FAILED, 5},
    {WIDE "struct X { 1: i32 a, 1: i32 b }\n", "duplicate-field-id", THRIFT_RELOAD_FAILED, 4},
    {WIDE "/* open", "unterminated-comment", THRIFT_RELOAD_FAILED, 4},
};

struct seen_finding {
    thrift_reload_outcome outcome;
    char rule[64], source[96];
    uint32_t line, column;
    bool hinted;
};

static void see_finding(const thrift_reload *attempt, void *data)
{
    struct seen_finding *seen = data;

    seen->outcome = attempt->outcome;
    for (size_t i = 0; i < attempt->finding_count; i++) {
        const thrift_finding *finding = &attempt->findings[i];
        const thrift_place *at = finding->at.line > 0 ? &finding->at : &finding->before;

        if (strcmp(finding->rule, seen->rule) == 0 &&
            (finding->severity == THRIFT_FINDING_BREAKING ||
             finding->severity == THRIFT_FINDING_ERROR)) {
            (void)snprintf(seen->source, sizeof seen->source, "%s", at->source);
            seen->line = at->line;
            seen->column = at->column;
            break;
        }
    }
}

START_TEST(refused_with_rule_and_place)
{
    struct rig rig;
    struct seen_finding seen = {.outcome = THRIFT_RELOAD_PUBLISHED};
    char place[160];

    open_rig(&rig, WIDE, NULL);
    (void)snprintf(seen.rule, sizeof seen.rule, "%s", refusals[_i].rule);
    replace_file(rig.path, refusals[_i].text);
    ck_assert_int_ne(thrift_server_reload(rig.server, NULL,
                                          THRIFT_RELOAD_OPTIONS(.done = see_finding, .data = &seen),
                                          NULL),
                     THRIFT_OK);
    ck_assert_msg(seen.outcome == refusals[_i].outcome, "%s", refusals[_i].rule);
    ck_assert_msg(strcmp(seen.source, rig.path) == 0, "%s: %s", seen.rule, seen.source);
    ck_assert_msg(seen.line == refusals[_i].line, "%s: line %u", seen.rule, (unsigned)seen.line);
    ck_assert_uint_gt(seen.column, 0);
    (void)snprintf(place, sizeof place, "%s:%u:%u: ", rig.path, (unsigned)seen.line,
                   (unsigned)seen.column);
    ck_assert_msg(captured_log_has(&rig.lines, place), "%s\n%s", place, rig.lines.text);
    ck_assert_uint_eq(thrift_server_generation(rig.server), 1);
    expect_served(&rig);
    close_rig(&rig);
}
END_TEST

START_TEST(too_many_includes_are_a_limit)
{
    static char text[64 * 1200];
    struct rig rig;
    thrift_error err = THRIFT_ERROR_INIT;
    char path[128];
    size_t size = 0;

    open_rig(&rig, IDL_FIRST, NULL);
    for (int i = 0; i < 1100; i++) {
        (void)snprintf(path, sizeof path, "%s/i%d.thrift", rig.directory, i);
        write_file(path, "");
        size += (size_t)snprintf(text + size, sizeof text - size, "include \"i%d.thrift\"\n", i);
    }
    (void)snprintf(text + size, sizeof text - size, "%s", IDL_MORE);
    replace_file(rig.path, text);
    ck_assert_int_eq(thrift_server_reload(rig.server, NULL, NULL, &err), THRIFT_E_LIMIT);
    expect_served(&rig);
    for (int i = 0; i < 1100; i++) {
        (void)snprintf(path, sizeof path, "%s/i%d.thrift", rig.directory, i);
        ck_assert_int_eq(unlink(path), 0);
    }
    close_rig(&rig);
}
END_TEST

/* ---- calls in flight ---- */

struct gate {
    sem_t entered, leave;
    atomic_bool closed;
    const thrift_field *name; /* a handle of the first definition */
    thrift_server *server;
    thrift_status inside;
};

static thrift_status on_gated_get(thrift_call *call, const thrift_record *args, void *context)
{
    struct gate *gate = context;
    thrift_record *user = thrift_call_result(call);

    if (thrift_get_i32(args, "id") == 1) {
        gate->inside = thrift_server_reload(gate->server, NULL, NULL, NULL);
        sem_post(&gate->entered);
        sem_wait(&gate->leave);
    }
    /* By a handle of another definition than the call's, later on. */
    (void)thrift_record_set(user, gate->name, THRIFT_VALUE("Ada"));
    return thrift_set(user, "id", thrift_get_i32(args, "id"));
}

struct slow_call {
    struct rig *rig;
    thrift_client *client;
    thrift_outcome *outcome;
};

static void *call_slowly(void *data)
{
    struct slow_call *slow = data;

    slow->outcome = thrift_client_call(slow->client, "get", THRIFT_ARGS(1), NULL);
    return NULL;
}

#define GATED_FIRST                                                                                \
    "struct User { 1: i32 id, 2: optional string name }\nservice S { User get(1: i32 id) }\n"

/* Two loops, and a call that lasts on one of them: it ends as it began, and holds one generation.
 */
START_TEST(a_long_call_pins_its_own_generation)
{
    struct rig rig;
    struct gate gate = {.closed = true};
    struct slow_call slow;
    pthread_t thread;
    thrift_reload_stats stats = THRIFT_RELOAD_STATS_INIT;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *texts[3];
    thrift_client *other;
    thrift_outcome *unknown;

    make_rig(&rig, GATED_FIRST);
    gate.server = rig.server;
    gate.name = thrift_struct_field(thrift_schema_struct(rig.schema, "User"), "name");
    sem_init(&gate.entered, 0, 0);
    sem_init(&gate.leave, 0, 0);
    (void)thrift_bind(rig.registry, "S.get", on_gated_get, &gate);
    ck_assert_int_eq(thrift_server_rebind(rig.server, &err), THRIFT_OK);
    start_rig(&rig);
    other = thrift_client_open(rig.address, rig.schema, NULL, NULL, &err); /* on the other loop */
    slow = (struct slow_call){&rig, rig.client, NULL};
    ck_assert_int_eq(pthread_create(&thread, NULL, call_slowly, &slow), 0);
    sem_wait(&gate.entered);
    ck_assert_int_eq(gate.inside, THRIFT_E_STATE);
    texts[0] = thrift_load_text("a.thrift",
                                "struct User { 1: i32 id, 3: i64 big, 2: optional string name }\n"
                                "service S { User get(1: i32 id) }\n",
                                NULL, &err);
    texts[1] = thrift_load_text("b.thrift",
                                "struct User { 5: double d, 2: optional string name, 1: i32 id }\n"
                                "service S { User get(1: i32 id) }\n",
                                NULL, &err);
    texts[2] = thrift_load_text("c.thrift", "service S { string other() }\n", NULL, &err);
    for (int i = 0; i < 50; i++) {
        thrift_outcome *out;

        ck_assert_int_eq(thrift_server_reload(rig.server, texts[i % 2],
                                              THRIFT_RELOAD_OPTIONS(.allow_breaking = true), &err),
                         THRIFT_OK);
        out = thrift_client_call(other, "get", THRIFT_ARGS(7), &err);
        ck_assert_int_eq(thrift_get_i32(thrift_outcome_record(out, &err), "id"), 7);
        ck_assert_str_eq(thrift_get_string(thrift_outcome_record(out, &err), "name"), "Ada");
        thrift_outcome_free(out);
        ck_assert_int_eq(thrift_server_reload_stats(rig.server, &stats, NULL), THRIFT_OK);
        ck_assert_uint_le(stats.live_generations, 3); /* one call in flight, and two */
        ck_assert_uint_eq(stats.oldest_generation, 2);
    }
    /* Its method goes, too: the next call is told so, this one ends as it began. */
    ck_assert_int_eq(thrift_server_reload(rig.server, texts[2],
                                          THRIFT_RELOAD_OPTIONS(.allow_breaking = true), &err),
                     THRIFT_OK);
    unknown = thrift_client_call(other, "get", THRIFT_ARGS(7), &err);
    ck_assert_int_eq(thrift_outcome_application_code(unknown), 1);
    thrift_outcome_free(unknown);
    sem_post(&gate.leave);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_str_eq(thrift_get_string(thrift_outcome_record(slow.outcome, NULL), "name"), "Ada");
    thrift_outcome_free(slow.outcome);
    thrift_client_free(other);
    for (int i = 0; i < 2000 && stats.live_generations > 1; i++) {
        (void)poll(NULL, 0, 1);
        ck_assert_int_eq(thrift_server_reload_stats(rig.server, &stats, NULL), THRIFT_OK);
    }
    ck_assert_uint_eq(stats.live_generations, 1);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        thrift_schema_unref(texts[i]);
    }
    close_rig(&rig);
    sem_destroy(&gate.entered);
    sem_destroy(&gate.leave);
}
END_TEST

#define CROWD 10

/* Each loop is held by a call of another generation: more than eight are told, once. */
START_TEST(a_crowd_of_generations_is_told)
{
    struct captured_log lines;
    struct gate gate = {.closed = true};
    struct slow_call calls[CROWD];
    pthread_t threads[CROWD];
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_reload_stats stats = THRIFT_RELOAD_STATS_INIT;
    thrift_schema *schema = thrift_load_text("g.thrift", GATED_FIRST, NULL, &err);
    thrift_registry *registry = thrift_registry_new();
    const char *first;

    captured_log_init(&lines);
    sem_init(&gate.entered, 0, 0);
    sem_init(&gate.leave, 0, 0);
    gate.name = thrift_struct_field(thrift_schema_struct(schema, "User"), "name");
    (void)thrift_bind(registry, "S.get", on_gated_get, &gate);
    gate.server = thrift_server_new(
        schema, registry,
        THRIFT_SERVER_OPTIONS(.loops = CROWD, .log = captured_log_write, .data = &lines), &err);
    (void)thrift_server_listen(gate.server, "tcp://127.0.0.1:0", &err);
    ck_assert_msg(thrift_server_start(gate.server, &err) == THRIFT_OK, "%s", err.message);
    for (size_t i = 0; i < CROWD; i++) { /* the loop that accepts will be held, too */
        calls[i].client =
            thrift_client_open(thrift_server_address(gate.server, 0), schema, NULL, NULL, &err);
        ck_assert_int_eq(thrift_client_do(calls[i].client, "get", THRIFT_ARGS(7), &err), THRIFT_OK);
    }
    for (size_t i = 0; i < CROWD; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, call_slowly, &calls[i]), 0);
        sem_wait(&gate.entered);
        ck_assert_int_eq(thrift_server_rebind(gate.server, &err), THRIFT_OK);
    }
    ck_assert_int_eq(thrift_server_reload_stats(gate.server, &stats, NULL), THRIFT_OK);
    ck_assert_uint_eq(stats.live_generations, CROWD + 1);
    ck_assert_uint_eq(stats.oldest_generation, 1);
    first = strstr(lines.text, "generations-many");
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_null(strstr(first + 1, "generations-many"));
    for (size_t i = 0; i < CROWD; i++) {
        sem_post(&gate.leave);
    }
    for (size_t i = 0; i < CROWD; i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert_int_eq(thrift_outcome_is(calls[i].outcome), THRIFT_OUTCOME_RESULT);
        thrift_outcome_free(calls[i].outcome);
        thrift_client_free(calls[i].client);
    }
    for (int i = 0; i < 2000 && stats.live_generations > 1; i++) {
        (void)poll(NULL, 0, 1);
        ck_assert_int_eq(thrift_server_reload_stats(gate.server, &stats, NULL), THRIFT_OK);
    }
    ck_assert_uint_eq(stats.live_generations, 1);
    thrift_server_free(gate.server);
    thrift_registry_free(registry);
    thrift_schema_unref(schema);
    sem_destroy(&gate.entered);
    sem_destroy(&gate.leave);
}
END_TEST

/* ---- under load ---- */

#define STAMPED "service S { User get(1: i32 id) }\n"

/* An even generation's answers have `even` alone, an odd one's `odd` alone; both their number. */
static thrift_status on_stamped(thrift_call *call, const thrift_record *args, void *context)
{
    const thrift_schema *schema = thrift_call_schema(call);
    int64_t version =
        thrift_as_i64(thrift_constant_value(thrift_schema_constant(schema, "VERSION")));

    (void)args, (void)context;
    return thrift_set(thrift_call_result(call), "generation", thrift_call_generation(call),
                      version % 2 == 0 ? "even" : "odd", version);
}

static void stamped_text(long version, char out[256])
{
    (void)snprintf(out, 256,
                   "const i64 VERSION = %ld\nstruct User { 1: i64 generation, %s }\n" STAMPED,
                   version, version % 2 == 0 ? "2: optional i64 even" : "3: optional i64 odd");
}

struct stamped_load {
    thrift_client *client;
    atomic_bool stop;
    long calls, failed, mixed;
};

static void *call_stamped(void *data)
{
    struct stamped_load *load = data;

    for (; !atomic_load(&load->stop); load->calls++) {
        thrift_outcome *out = thrift_client_call(load->client, "get", THRIFT_ARGS(1), NULL);
        const thrift_record *user = thrift_outcome_record(out, NULL);
        int64_t generation = thrift_get_i64(user, "generation");
        const char *own = generation % 2 == 0 ? "even" : "odd";

        load->failed += user == NULL;
        load->mixed += user != NULL && (thrift_get_i64(user, own) != generation ||
                                        thrift_has(user, generation % 2 == 0 ? "odd" : "even"));
        thrift_outcome_free(out);
    }
    return NULL;
}

/* Good ones, and between them broken and incompatible ones, while two clients call. */
START_TEST(no_answer_mixes_generations)
{
    static const char *const allowed[] = {"field-removed:User", "field-added-in-middle:User", NULL};
    static const char *const bad[] = {"struct User { 1: i64 generation\n",
                                      "struct User { 1: string generation }\n" STAMPED,
                                      "struct User { 1: Missing x }\n" STAMPED, "service T { }\n"};
    const thrift_reload_options *options = THRIFT_RELOAD_OPTIONS(.allow_rules = allowed);
    struct rig rig;
    struct stamped_load loads[2];
    pthread_t threads[COUNT_OF(loads)];
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *both = thrift_load_text(
        "both.thrift",
        "struct User { 1: i64 generation, 2: optional i64 even, 3: optional i64 odd }\n" STAMPED,
        NULL, &err);
    char text[256];

    stamped_text(1, text);
    make_rig(&rig, text);
    (void)thrift_bind(rig.registry, "S.get", on_stamped, NULL);
    stamped_text(2, text);
    replace_file(rig.path, text);
    ck_assert_int_eq(thrift_server_reload(rig.server, NULL, options, &err), THRIFT_OK);
    start_rig(&rig);
    for (size_t i = 0; i < COUNT_OF(loads); i++) {
        loads[i] = (struct stamped_load){
            .client = thrift_client_open(rig.address, both, NULL, NULL, &err)};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, call_stamped, &loads[i]), 0);
    }
    for (long version = 3; version < 83; version++) {
        replace_file(rig.path, bad[(size_t)version % COUNT_OF(bad)]);
        ck_assert_int_ne(thrift_server_reload(rig.server, NULL, options, &err), THRIFT_OK);
        stamped_text(version, text);
        replace_file(rig.path, text);
        ck_assert_msg(thrift_server_reload(rig.server, NULL, options, &err) == THRIFT_OK, "%s",
                      err.message);
        ck_assert_uint_eq(thrift_server_generation(rig.server), (uint64_t)version);
        (void)poll(NULL, 0, 1);
    }
    for (size_t i = 0; i < COUNT_OF(loads); i++) {
        atomic_store(&loads[i].stop, true);
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert_int_gt(loads[i].calls, 50);
        ck_assert_int_eq(loads[i].failed, 0);
        ck_assert_int_eq(loads[i].mixed, 0);
        thrift_client_free(loads[i].client);
    }
    thrift_schema_unref(both);
    close_rig(&rig);
}
END_TEST

struct reloader {
    struct rig *rig;
    thrift_schema *schemas[2];
    int failures;
};

static void *keep_reloading(void *data)
{
    struct reloader *reloader = data;

    for (int i = 0; i < 50; i++) {
        reloader->failures +=
            thrift_server_reload(reloader->rig->server, reloader->schemas[i % 2],
                                 THRIFT_RELOAD_OPTIONS(.allow_breaking = true), NULL) != THRIFT_OK;
    }
    return NULL;
}

START_TEST(attempts_of_several_threads_are_one_after_the_other)
{
    struct rig rig;
    struct reloader reloaders[3];
    pthread_t threads[COUNT_OF(reloaders)];
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *more = thrift_load_text("more.thrift", IDL_MORE, NULL, &err);
    thrift_reload_stats stats = THRIFT_RELOAD_STATS_INIT;

    open_rig(&rig, IDL_FIRST, NULL);
    for (size_t i = 0; i < COUNT_OF(reloaders); i++) {
        reloaders[i] = (struct reloader){&rig, {more, rig.schema}, 0};
        ck_assert_int_eq(pthread_create(&threads[i], NULL, keep_reloading, &reloaders[i]), 0);
    }
    for (size_t i = 0; i < COUNT_OF(reloaders); i++) {
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
        ck_assert_int_eq(reloaders[i].failures, 0);
    }
    ck_assert_int_eq(thrift_server_reload_stats(rig.server, &stats, NULL), THRIFT_OK);
    ck_assert_uint_eq(stats.published + stats.unchanged, 150);
    ck_assert_uint_eq(stats.generation, 1 + stats.published);
    expect_served(&rig);
    thrift_server_shutdown(rig.server); /* while draining, too */
    (void)keep_reloading(&reloaders[0]);
    ck_assert_int_eq(reloaders[0].failures, 0);
    thrift_schema_unref(more);
    close_rig(&rig);
}
END_TEST

struct large {
    struct rig *rig;
    atomic_bool done;
    thrift_status status;
};

static void *reload_large(void *data)
{
    struct large *large = data;

    large->status = thrift_server_reload(large->rig->server, NULL, NULL, NULL);
    atomic_store(&large->done, true);
    return NULL;
}

/* The loops answer while a definition of 1 MB is read, compared and prepared. */
START_TEST(calls_go_on_while_a_megabyte_is_loaded)
{
    struct rig rig;
    struct large large;
    pthread_t thread;
    int calls = 0;
    FILE *file;

    open_rig(&rig, IDL_FIRST, NULL);
    file = fopen(rig.path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(IDL_MORE, file);
    for (int i = 0; ftell(file) < 1 << 20; i++) {
        fprintf(file, "struct S%d { 1: i32 a, 2: string b, 3: optional list<i64> c }\n", i);
    }
    fclose(file);
    large.rig = &rig;
    atomic_init(&large.done, false);
    ck_assert_int_eq(pthread_create(&thread, NULL, reload_large, &large), 0);
    for (; !atomic_load(&large.done); calls++) {
        expect_served(&rig);
    }
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert_int_eq(large.status, THRIFT_OK);
    ck_assert_int_gt(calls, 1);
    ck_assert_uint_eq(thrift_server_generation(rig.server), 2);
    close_rig(&rig);
}
END_TEST

/* Whatever allocation fails while files are loaded, compared, refused and remembered. */
START_TEST(every_allocation_of_loading_may_fail)
{
    static const char *const texts[] = {IDL_MORE, IDL_BREAKING, IDL_BROKEN};
    char directory[64], path[96];

    make_directory("rethrift-sweep", directory);
    (void)snprintf(path, sizeof path, "%s/s.thrift", directory);
    for (size_t which = 0; which < COUNT_OF(texts); which++) {
        bool ended = false;

        for (size_t k = 1; !ended; k++) {
            struct failing_allocator memory = {0};
            thrift_allocator allocator = failing_allocator_of(&memory);
            thrift_registry *registry = thrift_registry_new();
            thrift_schema *schema;
            thrift_server *server;
            thrift_status status;

            write_file(path, IDL_FIRST);
            schema = thrift_load(path, NULL);
            server = thrift_server_new(schema, registry,
                                       THRIFT_SERVER_OPTIONS(.allocator = &allocator), NULL);
            ck_assert_ptr_nonnull(server);
            write_file(path, texts[which]);
            memory.fail_at = memory.count + k;
            status = thrift_server_reload(server, NULL, NULL, NULL);
            ended = memory.count < memory.fail_at;
            memory.fail_at = 0;
            ck_assert_uint_eq(thrift_server_generation(server), status == THRIFT_OK ? 2 : 1);
            ck_assert(which == 0 || status != THRIFT_OK);
            ck_assert(!ended || (status == THRIFT_OK) == (which == 0));
            write_file(path, IDL_MORE);
            ck_assert_int_eq(thrift_server_reload(server, NULL, NULL, NULL), THRIFT_OK);
            thrift_server_free(server);
            thrift_schema_unref(schema);
            thrift_registry_free(registry);
            ck_assert_uint_eq(memory.live, 0);
        }
    }
    ck_assert_int_eq(unlink(path) | rmdir(directory), 0);
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
    tcase_add_test(tests, nobody_notices_a_hundred_reloads);
    tcase_add_test(tests, every_allocation_may_fail);
    tcase_add_loop_test(tests, refused_with_rule_and_place, 0, (int)COUNT_OF(refusals));
    tcase_add_test(tests, too_many_includes_are_a_limit);
    tcase_add_test(tests, a_long_call_pins_its_own_generation);
    tcase_add_test(tests, a_crowd_of_generations_is_told);
    tcase_add_test(tests, no_answer_mixes_generations);
    tcase_add_test(tests, attempts_of_several_threads_are_one_after_the_other);
    tcase_add_test(tests, calls_go_on_while_a_megabyte_is_loaded);
    tcase_add_test(tests, every_allocation_of_loading_may_fail);
}

SUITE_MAIN("rpc/reload")
