/*
 * The server as programs hold it: options, addresses, loops, and how it ends.
 */
#include "rpc/server.h"

#include <errno.h>
#include <rethrift/reload.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/limits.h"
#include "rpc/options.h"
#include "rpc/parent.h"
#include "rpc/reflection.h"
#include "rpc/watch.h"
#include "wire/zlib_stream.h"

#define LOOPS_MOST 256

#define WIRES_SPOKEN                                                                               \
    (INBOUND_WIRES | (zlib_built() ? 1u << THRIFT_WIRE_ZLIB : 0) |                                 \
     (http_built() ? 1u << THRIFT_WIRE_HTTP | 1u << THRIFT_WIRE_WEBSOCKET : 0))

#define PROTOCOLS_SPOKEN (1u << THRIFT_BINARY | 1u << THRIFT_COMPACT | 1u << THRIFT_TJSON)

/* ---- options ---- */

static thrift_status check_options(const thrift_server_options *options, thrift_error *err)
{
    const struct {
        bool set;
        const char *name;
    } later[] = {
        {options->workers != 0, "workers"},
        {options->tls_certificate != NULL, "tls_certificate"},
        {options->tls_key != NULL, "tls_key"},
        {options->tls_client_ca != NULL, "tls_client_ca"},
    };

    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
        if (later[i].set) {
            return FAIL(err, THRIFT_E_ARGUMENT, "the server option \"%s\" is not supported yet",
                        later[i].name);
        }
    }
    if (options->loops > LOOPS_MOST) {
        return FAIL(err, THRIFT_E_ARGUMENT, "loops: %u, at most %u are possible",
                    (unsigned)options->loops, (unsigned)LOOPS_MOST);
    }
    if ((options->protocols & ~PROTOCOLS_SPOKEN) != 0) {
        return FAIL(err, THRIFT_E_ARGUMENT,
                    "protocols: only binary, compact and TJSON can be served");
    }
    if ((options->wires & ~WIRES_SPOKEN) != 0) {
        return FAIL(err, THRIFT_E_ARGUMENT, "wires: one of them is not in this build");
    }
    return THRIFT_OK;
}

static void set_policy(struct serving *serving, const thrift_server_options *options)
{
    thrift_codec_options codec = options->codec;

    codec.struct_size = sizeof codec; /* the server's options say how much of it there is */
    (void)codec_policy_of(&codec, &serving->policy);
    if (codec.limits == NULL) {
        codec_policy_limit(&serving->policy, &serving->limits);
    }
}

static bool copy_text(thrift_server *server, const char *text, char **out)
{
    if (text == NULL) {
        return true;
    }
    *out = mem_alloc(&server->serving.allocator, strlen(text) + 1);
    if (*out != NULL) {
        memcpy(*out, text, strlen(text) + 1);
    }
    return *out != NULL;
}

static thrift_status use_options(thrift_server *server, const thrift_server_options *options,
                                 thrift_error *err)
{
    struct serving *serving = &server->serving;

    if (options->allocator != NULL) {
        serving->allocator = *options->allocator;
    }
    serving->limits = limits_in_force(options->limits.struct_size != 0 ? &options->limits : NULL);
    serving->peers.allocator = serving->allocator;
    quota_init(&serving->quota, &serving->allocator, serving->limits.max_server_memory);
    serving->connection_memory = quota_allocator(&serving->quota);
    serving->log = (struct log){options->log, options->data};
    serving->protocols = options->protocols != 0 ? options->protocols : PROTOCOLS_SPOKEN;
    serving->wires = options->wires != 0 ? options->wires : WIRES_SPOKEN;
    set_policy(serving, options);
    server->early_handlers = options->early_handlers;
    server->every_method = options->every_method;
    server->keep_signals = options->keep_signals;
    server->started = options->started;
    if (!copy_text(server, options->default_service, &server->default_service)) {
        return FAIL_NOMEM(err);
    }
    return origins_init(&serving->origins, options->origins, &serving->allocator, err);
}

/* ---- making and freeing ---- */

static thrift_status make_workers(thrift_server *server, size_t count, thrift_error *err)
{
    server->workers = mem_alloc_zero(&server->serving.allocator, count, sizeof *server->workers);
    if (server->workers == NULL) {
        return FAIL_NOMEM(err);
    }
    server->worker_count = count;
    for (size_t i = 0; i < count; i++) {
        server->workers[i] = worker_new(&server->serving, err);
        if (server->workers[i] == NULL) {
            return THRIFT_E_NOMEM;
        }
    }
    return THRIFT_OK;
}

static void free_parts(thrift_server *server)
{
    thrift_allocator allocator = server->serving.allocator;

    watch_free(server->watch);
    for (size_t i = 0; i < server->worker_count; i++) {
        worker_free(server->workers[i]);
    }
    mem_free(&allocator, server->workers, server->worker_count * sizeof *server->workers);
    listener_free(server->listeners);
    if (server->default_service != NULL) {
        mem_free(&allocator, server->default_service, strlen(server->default_service) + 1);
    }
    origins_deinit(&server->serving.origins);
    serving_deinit(&server->serving);
    server_end_generations(server);
    thrift_registry_free(server->registry);
    thrift_registry_free(server->own_registry);
    thrift_schema_unref(server->own_schema);
    mem_free(&allocator, server, sizeof *server);
}

static thrift_server *allocate(const thrift_server_options *options, thrift_error *err)
{
    thrift_server *server = mem_alloc_zero(options->allocator, 1, sizeof *server);

    if (server == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    serving_init(&server->serving);
    if (use_options(server, options, err) != THRIFT_OK) {
        free_parts(server);
        return NULL;
    }
    return server;
}

static bool make_own_services(thrift_server *server, bool control, thrift_error *err)
{
    server->own_schema = reflection_schema(err);
    if (server->own_schema == NULL) {
        return false;
    }
    server->own_registry = reflection_registry(server, control);
    if (server->own_registry == NULL) {
        (void)FAIL_NOMEM(err);
    }
    return server->own_registry != NULL;
}

thrift_server *thrift_server_new(thrift_schema *schema, thrift_registry *registry,
                                 const thrift_server_options *options, thrift_error *err)
{
    thrift_server_options given;
    thrift_server *server;

    if (schema == NULL || registry == NULL) {
        (void)parent_failed(err, schema == NULL ? "schema" : "registry");
        return NULL;
    }
    OPTIONS_COPY(&given, options);
    if (check_options(&given, err) != THRIFT_OK ||
        thrift_registry_check(registry, err) != THRIFT_OK) {
        return NULL;
    }
    server = allocate(&given, err);
    if (server == NULL) {
        return NULL;
    }
    registry_ref(registry);
    server->registry = registry;
    if ((given.reflection || given.control) && !make_own_services(server, given.control, err)) {
        free_parts(server);
        return NULL;
    }
    if (server_begin_generations(server, schema, err) == THRIFT_OK) {
        server->watch = watch_new(&server->reloads, err);
    }
    if (server->watch == NULL ||
        make_workers(server, given.loops != 0 ? given.loops : 1, err) != THRIFT_OK) {
        free_parts(server);
        return NULL;
    }
    if (given.watch) {
        (void)thrift_server_watch(server, NULL, err); /* a failure stays with the server */
    }
    return server;
}

void thrift_server_free(thrift_server *server)
{
    if (server == NULL) {
        return;
    }
    if (server->state == SERVER_RUNNING) {
        thrift_server_shutdown(server);
        thrift_server_shutdown(server);
        (void)thrift_server_wait(server, NULL);
    }
    free_parts(server);
}

/* ---- addresses ---- */

thrift_status server_remember(thrift_server *server, const thrift_error *mistake, thrift_error *err)
{
    if (server->mistake.code == THRIFT_OK) {
        server->mistake = *mistake;
    }
    if (err != NULL) {
        *err = *mistake;
    }
    return mistake->code;
}

static thrift_status open_address(thrift_server *server, const char *text, thrift_error *err)
{
    struct address address;
    struct listener *opened = NULL;
    thrift_status status;

    if (server->state != SERVER_NEW) {
        return FAIL(err, THRIFT_E_STATE, "the server runs already");
    }
    status = address_parse(text, &address, err);
    if (status == THRIFT_OK && address.query[0] != '\0') {
        status = FAIL(err, THRIFT_E_ARGUMENT, "options behind '?' are for clients: %s", text);
    }
    if (status == THRIFT_OK) {
        status = listener_open(&address, &server->serving.allocator, &opened, err);
    }
    if (status != THRIFT_OK) {
        return status;
    }
    if (server->last_listener == NULL) {
        server->listeners = opened;
    } else {
        listener_chain(server->last_listener, opened);
    }
    for (; opened != NULL; opened = listener_next(opened)) {
        server->last_listener = opened;
    }
    return THRIFT_OK;
}

thrift_status thrift_server_listen(thrift_server *server, const char *address, thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_status status;

    if (server == NULL) {
        return parent_failed(err, "server");
    }
    status = open_address(server, address, &own);
    return status == THRIFT_OK ? THRIFT_OK : server_remember(server, &own, err);
}

const char *thrift_server_address(const thrift_server *server, size_t i)
{
    const struct listener *at = server != NULL ? server->listeners : NULL;

    for (; at != NULL && i > 0; i--) {
        at = listener_next(at);
    }
    return at != NULL ? listener_address(at) : NULL;
}

/* ---- running ---- */

static thrift_status check_ready(thrift_server *server, thrift_error *err)
{
    if (server == NULL) {
        return parent_failed(err, "server");
    }
    if (server->mistake.code != THRIFT_OK) {
        if (err != NULL) {
            *err = server->mistake;
        }
        return server->mistake.code;
    }
    if (server->state != SERVER_NEW) {
        return FAIL(err, THRIFT_E_STATE, "a server runs once");
    }
    if (server->listeners == NULL) {
        return FAIL(err, THRIFT_E_STATE, "the server has no address; call thrift_server_listen()");
    }
    return THRIFT_OK;
}

static void on_hangup(void *data) { thrift_server_request_reload(data); }

static void on_started(void *data)
{
    thrift_server *server = data;

    for (size_t i = 0; thrift_server_address(server, i) != NULL; i++) {
        log_write(&server->serving.log, LOG_NOTICE, "listening", "%s",
                  thrift_server_address(server, i));
    }
    if (server->started != NULL) {
        server->started(server, server->serving.log.data);
    }
}

static thrift_status start(thrift_server *server, bool signals, thrift_error *err)
{
    const struct worker_chief chief = {
        server->workers, server->worker_count, server->listeners, signals, on_hangup, on_started,
        server};
    thrift_status status = watch_start(server->watch, err);

    worker_make_chief(server->workers[0], &chief);
    server->state = SERVER_RUNNING;
    for (size_t i = 0; i < server->worker_count && status == THRIFT_OK; i++) {
        status = worker_start(server->workers[i], err);
    }
    if (status != THRIFT_OK) {
        thrift_server_shutdown(server);
        (void)thrift_server_wait(server, NULL);
        return status;
    }
    return THRIFT_OK;
}

thrift_status thrift_server_start(thrift_server *server, thrift_error *err)
{
    thrift_status status = check_ready(server, err);

    return status == THRIFT_OK ? start(server, false, err) : status;
}

thrift_status thrift_server_wait(thrift_server *server, thrift_error *err)
{
    if (server == NULL) {
        return parent_failed(err, "server");
    }
    if (loop_inside()) {
        return FAIL(err, THRIFT_E_STATE, "a handler cannot wait for its server");
    }
    if (server->state != SERVER_RUNNING) {
        return FAIL(err, THRIFT_E_STATE, "the server does not run");
    }
    for (size_t i = 0; i < server->worker_count; i++) {
        worker_join(server->workers[i]);
    }
    watch_stop(server->watch);
    server->state = SERVER_ENDED;
    log_write(&server->serving.log, LOG_NOTICE, "ended", "all connections are closed");
    return THRIFT_OK;
}

thrift_status thrift_server_run(thrift_server *server, thrift_error *err)
{
    thrift_status status = check_ready(server, err);

    if (status == THRIFT_OK) {
        status = start(server, !server->keep_signals, err);
    }
    return status == THRIFT_OK ? thrift_server_wait(server, err) : status;
}

void thrift_server_shutdown(thrift_server *server)
{
    if (server == NULL) {
        return;
    }
    atomic_fetch_add(&server->serving.shutdowns, 1);
    for (size_t i = 0; i < server->worker_count; i++) {
        worker_wake(server->workers[i]);
    }
}

thrift_status thrift_serve(thrift_schema *schema, thrift_registry *registry, const char *address,
                           const thrift_server_options *options, thrift_error *err)
{
    thrift_server *server = thrift_server_new(schema, registry, options, err);
    thrift_status status = thrift_server_listen(server, address, err);

    if (status == THRIFT_OK) {
        status = thrift_server_run(server, err);
    }
    thrift_server_free(server);
    return status;
}
