/*
 * A server's generations: making, publishing, counting them.
 */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "rpc/parent.h"
#include "rpc/server.h"

#define LIVE_WARNED_OF 8 /* more live generations than this are told */

/* How a generation is made and what becomes of it. */
struct publication {
    bool early, rehearse;
    thrift_finding_fn on_finding; /* NULL: the log gets them */
    void *data;
};

static struct generation *make(thrift_server *server, thrift_schema *schema,
                               const struct publication *how, thrift_error *err)
{
    const struct served_service *former =
        server->serving.current != NULL ? server->serving.current->unprefixed : NULL;
    const struct generation_options options = {
        .own_schema = server->own_schema,
        .own_registry = server->own_registry,
        .early_handlers = server->early_handlers || how->early,
        .every_method = server->every_method,
        .default_service = server->default_service,
        .former_default = former != NULL ? former->service->node.name : NULL,
        .census = server->census,
        .log = &server->serving.log,
        .allocator = &server->serving.allocator,
        .on_finding = how->on_finding,
        .data = how->data,
    };

    return generation_new(schema, server->registry, server->last_number + 1, &options, err);
}

/* The number is taken, the definition kept for a rollback. */
static void keep(thrift_server *server, const struct generation *made)
{
    struct kept_definition *place = &server->kept[server->last_number % SERVER_GENERATIONS_KEPT];

    server->last_number++;
    thrift_schema_unref(place->schema);
    place->schema = thrift_schema_ref(made->schema);
    place->number = made->number;
}

static thrift_generation seen_by_hooks(const thrift_server *server, const struct generation *made)
{
    return (thrift_generation){
        .struct_size = sizeof(thrift_generation),
        .number = made->number,
        .schema = made->schema,
        .live = census_take(server->census).live,
    };
}

static thrift_status ask_hook(const thrift_server *server, const struct generation *next,
                              thrift_error *err)
{
    thrift_generation seen;
    thrift_status word;

    if (server->hooks.before == NULL) {
        return THRIFT_OK;
    }
    seen = seen_by_hooks(server, next);
    word = server->hooks.before(&seen, server->hooks.data);
    return word == THRIFT_OK ? THRIFT_OK
                             : FAIL(err, word, "the program refuses generation %llu",
                                    (unsigned long long)next->number);
}

/* Too many live ones are told once, until they are fewer again. */
static void warn_of_crowd(thrift_server *server)
{
    struct census_count count = census_take(server->census);

    if (count.live > LIVE_WARNED_OF && !server->crowded) {
        log_write(&server->serving.log, LOG_WARNING, "generations-many",
                  "%u generations live, the oldest is %llu: calls that do not end hold their "
                  "definitions",
                  (unsigned)count.live, (unsigned long long)count.oldest);
    }
    server->crowded = count.live > LIVE_WARNED_OF;
}

static void put_in_force(thrift_server *server, struct generation *next)
{
    thrift_generation seen = seen_by_hooks(server, next);

    generation_ref(next); /* the hook's: a later publication must not free it meanwhile */
    keep(server, next);
    log_write(&server->serving.log, LOG_NOTICE, "generation-published", "%llu, fingerprint %.16s",
              (unsigned long long)next->number, thrift_schema_fingerprint(next->schema));
    serving_publish(&server->serving, next);
    for (size_t i = 0; i < server->worker_count; i++) {
        worker_wake(server->workers[i]);
    }
    warn_of_crowd(server);
    if (server->hooks.after != NULL) {
        server->hooks.after(&seen, server->hooks.data);
    }
    generation_unref(next);
}

/* While `making` is locked. */
static thrift_status publish(thrift_server *server, thrift_schema *schema,
                             const struct publication *how, thrift_error *err)
{
    struct generation *next = make(server, schema, how, err);
    thrift_status status;

    if (next == NULL) {
        return err->code;
    }
    status = how->rehearse ? THRIFT_OK : ask_hook(server, next, err);
    if (how->rehearse || status != THRIFT_OK) {
        generation_unref(next);
        return status;
    }
    put_in_force(server, next);
    return THRIFT_OK;
}

/* ---- for attempts ---- */

static thrift_schema *running(void *owner, uint64_t *out_number)
{
    thrift_server *server = owner;
    struct generation *current = serving_generation(&server->serving);
    thrift_schema *schema = thrift_schema_ref(current->schema);

    *out_number = current->number;
    generation_unref(current);
    return schema;
}

/* Names that a new definition lacks are only reported. */
static thrift_status publish_loaded(void *owner, thrift_schema *next, bool rehearse,
                                    thrift_finding_fn on_finding, void *data, thrift_error *err)
{
    return publish(owner, next, &(const struct publication){true, rehearse, on_finding, data}, err);
}

thrift_status server_begin_generations(thrift_server *server, thrift_schema *schema,
                                       thrift_error *err)
{
    struct generation *first;

    server->census = census_new(&server->serving.allocator);
    if (server->census == NULL) {
        return FAIL_NOMEM(err);
    }
    server->reloads.owner = server;
    server->reloads.log = &server->serving.log;
    server->reloads.allocator = &server->serving.allocator;
    server->reloads.running = running;
    server->reloads.publish = publish_loaded;
    reload_target_init(&server->reloads, schema);
    first = make(server, schema, &(const struct publication){.early = false}, err);
    if (first == NULL) {
        return THRIFT_E_NAME; /* or another; err says it */
    }
    put_in_force(server, first);
    return THRIFT_OK;
}

void server_end_generations(thrift_server *server)
{
    if (server->census == NULL) {
        return;
    }
    for (size_t i = 0; i < SERVER_GENERATIONS_KEPT; i++) {
        thrift_schema_unref(server->kept[i].schema);
    }
    reload_target_deinit(&server->reloads);
    census_unref(server->census);
}

/* ---- for programs ---- */

thrift_status thrift_server_rebind(thrift_server *server, thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_schema *schema;
    uint64_t number;
    thrift_status status;

    if (server == NULL) {
        return parent_failed(err, "server");
    }
    if (pthread_mutex_lock(&server->reloads.making) == EDEADLK) {
        return FAIL(err, THRIFT_E_STATE, "a reload is under way in this very thread");
    }
    schema = running(server, &number);
    status = publish(server, schema, &(const struct publication){.early = false}, &own);
    thrift_schema_unref(schema);
    reload_target_unlock(&server->reloads);
    if (status != THRIFT_OK && err != NULL) {
        *err = own;
    }
    return status;
}

static thrift_schema *find_kept(const thrift_server *server, uint64_t number)
{
    for (size_t i = 0; i < SERVER_GENERATIONS_KEPT; i++) {
        if (server->kept[i].schema != NULL && server->kept[i].number == number) {
            return server->kept[i].schema;
        }
    }
    return NULL;
}

static thrift_status roll_back(thrift_server *server, uint64_t generation, thrift_error *err)
{
    thrift_schema *kept = thrift_schema_ref(find_kept(server, generation));
    thrift_status status;

    if (kept == NULL) {
        return FAIL(err, THRIFT_E_NAME, "generation %llu is not kept",
                    (unsigned long long)generation);
    }
    status = publish(server, kept, &(const struct publication){.early = true}, err);
    thrift_schema_unref(kept);
    return status;
}

thrift_status thrift_server_rollback(thrift_server *server, uint64_t generation, thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_status status;

    if (server == NULL) {
        return parent_failed(err, "server");
    }
    if (!reload_target_lock(&server->reloads, err)) {
        return THRIFT_E_STATE;
    }
    status = roll_back(server, generation, &own);
    reload_target_unlock(&server->reloads);
    if (status != THRIFT_OK && err != NULL) {
        *err = own;
    }
    return status;
}

thrift_status thrift_server_on_generation(thrift_server *server, thrift_publishing_fn before,
                                          thrift_published_fn after, void *data, thrift_error *err)
{
    if (server == NULL) {
        return parent_failed(err, "server");
    }
    if (!reload_target_lock(&server->reloads, err)) {
        return THRIFT_E_STATE;
    }
    server->hooks = (struct publication_hooks){before, after, data};
    reload_target_unlock(&server->reloads);
    return THRIFT_OK;
}

uint64_t thrift_server_generation(const thrift_server *server)
{
    return server != NULL ? atomic_load(&server->serving.published) : 0;
}

static thrift_server *for_its_locks(const thrift_server *server)
{
    return (thrift_server *)(uintptr_t)server;
}

thrift_schema *thrift_server_schema(const thrift_server *server)
{
    uint64_t number;

    return server != NULL ? running(for_its_locks(server), &number) : NULL;
}

static void take_stats(thrift_server *server, thrift_reload_stats *out)
{
    struct generation *current = serving_generation(&server->serving);
    struct census_count count = census_take(server->census);
    struct reload_history *history = &server->reloads.history;

    out->generation = current->number;
    out->age_ns = clock_now_ns() - current->made_ns;
    generation_unref(current);
    out->live_generations = count.live;
    out->oldest_generation = count.oldest;
    pthread_mutex_lock(&history->lock);
    out->published = history->attempts[THRIFT_RELOAD_PUBLISHED];
    out->unchanged = history->attempts[THRIFT_RELOAD_UNCHANGED];
    out->refused = history->attempts[THRIFT_RELOAD_REFUSED];
    out->failed = history->attempts[THRIFT_RELOAD_FAILED];
    out->last_duration_ns = history->duration_ns;
    pthread_mutex_unlock(&history->lock);
}

thrift_status thrift_server_reload_stats(const thrift_server *server, thrift_reload_stats *out,
                                         thrift_error *err)
{
    thrift_reload_stats all = THRIFT_RELOAD_STATS_INIT;

    if (server == NULL) {
        return parent_failed(err, "server");
    }
    if (out == NULL || out->struct_size == 0) {
        return FAIL(err, THRIFT_E_ARGUMENT, "there is no place for the figures");
    }
    take_stats(for_its_locks(server), &all);
    all.struct_size = out->struct_size;
    memcpy(out, &all, out->struct_size < sizeof all ? out->struct_size : sizeof all);
    return THRIFT_OK;
}
