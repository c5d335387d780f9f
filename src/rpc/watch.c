/*
 * Following files: an event calls for a look at the contents; when these have not changed for a
 * while, the definition is attempted. Looks at intervals catch what events do not tell.
 *
 * Contents decide, not events: a busy directory does not put a reload off, and an editor's or a
 * package manager's detours do not cause one. What was attempted is remembered as a hash of all
 * files' contents, so that a broken file is attempted, and told, once. After a failed load the
 * files are tried again at intervals, in silence, because what was missing may stand in a file that
 * nobody knows yet.
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
#define LOOKS_PER_SETTLE 4
#define LOOK_SHARE 4 /* of the time, looking and trying again take at most one part in so many */

struct watch {
    struct reload_target *target;
    thrift_allocator allocator;
    struct file_events *events;
    pthread_t thread;
    bool running;
    atomic_bool stopping, requested;
    atomic_bool following; /* settings are complete */
    struct reload_settings settings;
    /* of the thread */
    bool begun;
    thrift_schema *last; /* the last that loaded: its files are looked at; NULL: no files are */
    uint64_t seen;       /* hash of the contents last attempted */
    bool failed;         /* they did not load */
    uint64_t unsettled;  /* hash of the contents at the last look */
    uint64_t settled_ns; /* when these have stayed long enough */
    uint64_t next_look_ns, soonest_look_ns;
    bool limited; /* some files give no events, and the log knows */
    thrift_error told;
};

struct watch *watch_new(struct reload_target *target, thrift_error *err)
{
    const thrift_allocator *allocator = target->allocator;
    struct watch *watch = mem_alloc_zero(allocator, 1, sizeof *watch);

    if (watch == NULL) {
        (void)FAIL_NOMEM(err);
        return NULL;
    }
    watch->target = target;
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
        thrift_schema_unref(watch->last);
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

/* The files of a definition as one number; a file that cannot be read counts as well. */
static uint64_t hash_files(const thrift_schema *schema)
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

/* The same of what was read when it was loaded. */
static uint64_t hash_loaded(const thrift_schema *schema)
{
    uint64_t all = schema->file_count;

    for (size_t i = 0; i < schema->file_count; i++) {
        const uint64_t pair[2] = {all, schema->files[i].content_hash};

        all = hash_bytes(pair, sizeof pair);
    }
    return all;
}

/* Directories may have gone and come back: each look asks for their events again. */
static void ask_for_events(struct watch *watch)
{
    bool all = true;

    for (size_t i = 0; watch->last != NULL && i < watch->last->file_count; i++) {
        char *real = NULL;

        all &= file_events_add(watch->events, watch->last->files[i].path);
        if (file_real_path(watch->last->files[i].path, &real, NULL) == THRIFT_OK) {
            (void)file_events_add(watch->events, real); /* behind a symbolic link */
        }
        file_release(real);
    }
    if (!all && !watch->limited) {
        watch->limited = true;
        log_write(watch->target->log, LOG_WARNING, "watch-limited",
                  "no events for some files; they are looked at every %u ms",
                  (unsigned)watch->settings.options.poll_ms);
    }
}

/* false: not to be known now. */
static bool look_at_source(const struct watch *watch, uint64_t *out)
{
    const struct reload_target *target = watch->target;

    if (target->look != NULL) {
        return target->look(target->owner, out);
    }
    *out = hash_files(watch->last);
    return true;
}

/* ---- attempts ---- */

static uint64_t ms(uint32_t count) { return (uint64_t)count * 1000000; }

static void attempt(struct watch *watch)
{
    static const thrift_reload_options defaults = THRIFT_RELOAD_OPTIONS_INIT;
    thrift_schema *loaded = NULL;
    thrift_status status =
        reload_attempt(watch->target, NULL, watch->begun ? &watch->settings.options : &defaults,
                       &watch->told, &loaded, NULL);

    watch->failed = status != THRIFT_OK && loaded == NULL;
    if (watch->last != NULL && loaded != NULL) {
        thrift_schema_unref(watch->last);
        watch->last = thrift_schema_ref(loaded);
        watch->seen = hash_loaded(loaded);
    }
    thrift_schema_unref(loaded);
}

static void attempt_contents(struct watch *watch, uint64_t contents)
{
    if (contents != watch->seen) {
        thrift_error_clear(&watch->told); /* another text is told of, even with the same mistake */
    }
    watch->seen = contents;
    attempt(watch);
    ask_for_events(watch);
}

/* Whoever asks is told. */
static void attempt_requested(struct watch *watch)
{
    uint64_t contents;

    thrift_error_clear(&watch->told);
    if (watch->begun && look_at_source(watch, &contents)) {
        attempt_contents(watch, contents);
    } else {
        attempt(watch);
    }
}

/* Attempts contents that are new and have settled, and again those that did not load. */
static void look(struct watch *watch)
{
    const thrift_reload_options *options = &watch->settings.options;
    uint64_t begin = clock_now_ns(), contents, spent;

    watch->next_look_ns = begin + ms(options->poll_ms);
    ask_for_events(watch);
    if (!look_at_source(watch, &contents)) {
        return;
    }
    if (contents != watch->unsettled) {
        watch->unsettled = contents;
        watch->settled_ns = begin + ms(options->settle_ms);
    }
    if (contents != watch->seen && begin < watch->settled_ns) {
        watch->next_look_ns = begin + ms(options->settle_ms) / LOOKS_PER_SETTLE;
        watch->next_look_ns =
            watch->next_look_ns < watch->settled_ns ? watch->next_look_ns : watch->settled_ns;
    } else if (contents != watch->seen || watch->failed) {
        attempt_contents(watch, contents);
    }
    spent = clock_now_ns() - begin;
    watch->soonest_look_ns = begin + LOOK_SHARE * spent;
    if (watch->soonest_look_ns < begin + ms(options->settle_ms) / LOOKS_PER_SETTLE) {
        watch->soonest_look_ns = begin + ms(options->settle_ms) / LOOKS_PER_SETTLE;
    }
}

static void begin_following(struct watch *watch)
{
    watch->begun = true;
    if (watch->target->look == NULL) {
        watch->last = reload_target_files(watch->target);
        watch->seen = watch->unsettled = hash_loaded(watch->last);
    }
    watch->next_look_ns = clock_now_ns(); /* what changed before the watch began */
}

static void follow_once(struct watch *watch)
{
    uint64_t now = clock_now_ns(), at = watch->next_look_ns;
    uint32_t left_ms = at <= now ? 0 : (uint32_t)((at - now + 999999) / 1000000);

    if (file_events_wait(watch->events, left_ms) == FILE_EVENT_CHANGE &&
        watch->soonest_look_ns < watch->next_look_ns) {
        watch->next_look_ns = watch->soonest_look_ns;
    }
    if (clock_now_ns() >= watch->next_look_ns) {
        look(watch);
    }
}

static void *run_thread(void *data)
{
    struct watch *watch = data;

    while (!atomic_load(&watch->stopping)) {
        if (atomic_exchange(&watch->requested, false)) {
            attempt_requested(watch);
        } else if (!atomic_load(&watch->following)) {
            (void)file_events_wait(watch->events, FILE_EVENTS_FOREVER);
        } else if (!watch->begun) {
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
    thrift_schema *files = reload_target_files(watch->target);
    thrift_status status;

    thrift_schema_unref(files);
    if (files == NULL && watch->target->look == NULL) {
        return FAIL(err, THRIFT_E_STATE, "only a definition that came from files can be watched");
    }
    if (atomic_load(&watch->following)) {
        return FAIL(err, THRIFT_E_STATE, "the files are followed already");
    }
    status = reload_settings_init(&watch->settings, options, &watch->allocator, err);
    if (status != THRIFT_OK) {
        return status;
    }
    if (watch->settings.options.settle_ms == 0 && watch->target->look == NULL) {
        watch->settings.options.settle_ms = SETTLE_MS;
    }
    if (watch->settings.options.poll_ms == 0) {
        watch->settings.options.poll_ms = POLL_MS;
    }
    atomic_store(&watch->following, true);
    file_events_wake(watch->events);
    return THRIFT_OK;
}
