/*
 * Following files: an event starts a time of quiet, then the contents decide. A look at the
 * contents at intervals catches what events do not tell.
 *
 * What was attempted is remembered as a hash of all files' contents, so that a broken file is
 * attempted, and told, once. After a failure the files are tried again at intervals, in silence,
 * because what was missing may stand in a file that nobody knows yet.
 */
#include "rpc/watch.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "rpc/reload.h"
#include "transport/file_events.h"

#define SETTLE_MS 200
#define POLL_MS 1000

struct watch {
    thrift_server *server;
    thrift_allocator allocator;
    struct file_events *events;
    pthread_t thread;
    bool running;
    atomic_bool stopping, requested;
    atomic_bool following; /* settings are complete */
    struct reload_settings settings;
    /* of the thread */
    uint64_t seen; /* hash of the contents last attempted */
    bool failed;   /* the last attempt */
    bool settling; /* until */
    uint64_t settled_ns;
    uint64_t next_look_ns;
    thrift_error told;
};

struct watch *watch_new(thrift_server *server, const thrift_allocator *allocator, thrift_error *err)
{
    struct watch *watch = mem_alloc_zero(allocator, 1, sizeof *watch);

    if (watch == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    watch->server = server;
    watch->allocator = *allocator;
    watch->settings.options.struct_size = sizeof watch->settings.options;
    watch->events = file_events_new(allocator, err);
    if (watch->events == NULL) {
        mem_free(allocator, watch, sizeof *watch);
        return NULL;
    }
    return watch;
}

void watch_stop(struct watch *watch)
{
    if (watch->running) {
        atomic_store(&watch->stopping, true);
        file_events_wake(watch->events);
        (void)pthread_join(watch->thread, NULL);
        watch->running = false;
    }
}

void watch_free(struct watch *watch)
{
    thrift_allocator allocator;

    if (watch != NULL) {
        allocator = watch->allocator;
        watch_stop(watch);
        reload_settings_deinit(&watch->settings);
        file_events_free(watch->events);
        mem_free(&allocator, watch, sizeof *watch);
    }
}

void watch_request(struct watch *watch)
{
    atomic_store(&watch->requested, true);
    file_events_wake(watch->events);
}

/* ---- files ---- */

/* The running definition's files as one number; a file that cannot be read counts as well. */
static uint64_t look(const thrift_schema *schema)
{
    uint64_t all = schema->file_count;

    for (size_t i = 0; i < schema->file_count; i++) {
        char *text = NULL;
        size_t size = 0;
        uint64_t pair[2] = {all, 0};

        if (file_read(schema->files[i].path, schema->limits.max_file_size, &text, &size, NULL) ==
            THRIFT_OK) {
            pair[1] = hash_bytes(text, size);
        }
        file_release(text);
        all = hash_bytes(pair, sizeof pair);
    }
    return all;
}

static uint64_t loaded(const thrift_schema *schema)
{
    uint64_t all = schema->file_count;

    for (size_t i = 0; i < schema->file_count; i++) {
        const uint64_t pair[2] = {all, schema->files[i].content_hash};

        all = hash_bytes(pair, sizeof pair);
    }
    return all;
}

static void watch_directories(struct watch *watch, const thrift_schema *schema)
{
    bool all = true;

    for (size_t i = 0; i < schema->file_count; i++) {
        char *real = NULL;

        all &= file_events_add(watch->events, schema->files[i].path);
        if (file_real_path(schema->files[i].path, &real, NULL) == THRIFT_OK) {
            (void)file_events_add(watch->events, real); /* behind a symbolic link */
        }
        file_release(real);
    }
    if (!all) {
        log_write(&watch->server->serving.log, LOG_WARNING, "watch-limited",
                  "no events for some files; they are looked at every %u ms",
                  (unsigned)watch->settings.options.poll_ms);
    }
}

/* ---- attempts ---- */

static uint64_t in_ms(uint32_t ms) { return clock_now_ns() + (uint64_t)ms * 1000000; }

static void attempt(struct watch *watch, bool asked)
{
    static const thrift_reload_options defaults = THRIFT_RELOAD_OPTIONS_INIT;
    bool following = atomic_load(&watch->following);
    struct generation *current;
    thrift_status status;

    if (asked) {
        thrift_error_clear(&watch->told); /* whoever asks is told */
    }
    status = reload_attempt(watch->server, NULL, following ? &watch->settings.options : &defaults,
                            &watch->told, NULL);
    watch->failed = status != THRIFT_OK && status != THRIFT_E_INCOMPATIBLE;
    current = serving_generation(&watch->server->serving);
    if (following) {
        watch_directories(watch, current->schema);
    }
    generation_unref(current);
}

/* Attempts when the contents are not those of the last attempt. */
static void look_and_attempt(struct watch *watch, bool settle_first)
{
    struct generation *current = serving_generation(&watch->server->serving);
    uint64_t now = look(current->schema), number = current->number;

    generation_unref(current);
    if (now == watch->seen && !watch->failed) {
        return;
    }
    if (now != watch->seen && settle_first) {
        watch->settling = true;
        watch->settled_ns = in_ms(watch->settings.options.settle_ms);
        return;
    }
    attempt(watch, false);
    current = serving_generation(&watch->server->serving);
    watch->seen = current->number == number ? now : loaded(current->schema);
    generation_unref(current);
}

static void begin_following(struct watch *watch)
{
    struct generation *current = serving_generation(&watch->server->serving);

    watch_directories(watch, current->schema);
    watch->seen = loaded(current->schema);
    watch->next_look_ns = clock_now_ns(); /* what changed before the watch began */
    generation_unref(current);
}

static uint32_t time_left_ms(const struct watch *watch)
{
    uint64_t at = watch->settling ? watch->settled_ns : watch->next_look_ns;
    uint64_t now = clock_now_ns();

    return at <= now ? 0 : (uint32_t)((at - now + 999999) / 1000000);
}

static void follow_once(struct watch *watch)
{
    enum file_event event = file_events_wait(watch->events, time_left_ms(watch));

    if (event == FILE_EVENT_CHANGE) {
        watch->settling = true;
        watch->settled_ns = in_ms(watch->settings.options.settle_ms);
    } else if (watch->settling && clock_now_ns() >= watch->settled_ns) {
        watch->settling = false;
        look_and_attempt(watch, false);
        watch->next_look_ns = in_ms(watch->settings.options.poll_ms);
    } else if (!watch->settling && clock_now_ns() >= watch->next_look_ns) {
        look_and_attempt(watch, true);
        watch->next_look_ns = in_ms(watch->settings.options.poll_ms);
    }
}

static void *run_thread(void *data)
{
    struct watch *watch = data;
    bool following = false;

    while (!atomic_load(&watch->stopping)) {
        if (atomic_exchange(&watch->requested, false)) {
            attempt(watch, true);
        } else if (!atomic_load(&watch->following)) {
            (void)file_events_wait(watch->events, FILE_EVENTS_FOREVER);
        } else if (!following) {
            following = true;
            begin_following(watch);
        } else {
            follow_once(watch);
        }
    }
    return NULL;
}

thrift_status watch_start(struct watch *watch, thrift_error *err)
{
    int failed = pthread_create(&watch->thread, NULL, run_thread, watch);

    if (failed != 0) {
        return error_set_errno(err, THRIFT_E_IO, failed, "the reload thread cannot start");
    }
    watch->running = true;
    return THRIFT_OK;
}

thrift_status watch_follow(struct watch *watch, const thrift_reload_options *options,
                           thrift_error *err)
{
    thrift_status status;

    if (atomic_load(&watch->following)) {
        return FAIL(err, THRIFT_E_STATE, "the files are followed already");
    }
    status = reload_settings_init(&watch->settings, options, &watch->allocator, err);
    if (status != THRIFT_OK) {
        return status;
    }
    if (watch->settings.options.settle_ms == 0) {
        watch->settings.options.settle_ms = SETTLE_MS;
    }
    if (watch->settings.options.poll_ms == 0) {
        watch->settings.options.poll_ms = POLL_MS;
    }
    atomic_store(&watch->following, true);
    file_events_wake(watch->events);
    return THRIFT_OK;
}
