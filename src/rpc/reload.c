/*
 * Attempts to change a server's definition.
 *
 * All work happens in the thread that attempts, never on a loop; publishing swaps one pointer and
 * wakes the loops. Files that change while they are read are read again, so that what is compared
 * is one state of all of them.
 */
#include "rpc/reload.h"

#include <errno.h>
#include <rethrift/compat.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "rpc/options.h"
#include "rpc/parent.h"
#include "transport/loop.h"

#define READS_MOST 5

/* ---- settings ---- */

static bool copy_rules(struct reload_settings *settings, const char *const *rules)
{
    size_t count = 0;
    const char **copies;

    while (rules[count] != NULL) {
        count++;
    }
    copies = arena_alloc_zero(&settings->arena, (count + 1) * sizeof *copies);
    for (size_t i = 0; i < count && copies != NULL; i++) {
        copies[i] = arena_strdup(&settings->arena, rules[i], strlen(rules[i]));
        if (copies[i] == NULL) {
            return false;
        }
    }
    settings->options.allow_rules = copies;
    return copies != NULL;
}

thrift_status reload_settings_init(struct reload_settings *settings,
                                   const thrift_reload_options *given,
                                   const thrift_allocator *allocator, thrift_error *err)
{
    OPTIONS_COPY(&settings->options, given);
    settings->options.struct_size = sizeof settings->options;
    arena_init(&settings->arena, allocator, SIZE_MAX);
    if (settings->options.allow_rules != NULL &&
        !copy_rules(settings, settings->options.allow_rules)) {
        reload_settings_deinit(settings);
        return FAIL_NOMEM(err);
    }
    return THRIFT_OK;
}

void reload_settings_deinit(struct reload_settings *settings) { arena_deinit(&settings->arena); }

/* ---- one attempt ---- */

struct attempt {
    thrift_server *server;
    const thrift_reload_options *options;
    struct arena arena; /* of the findings */
    thrift_finding *findings;
    size_t count, capacity;
    bool out_of_memory;
    thrift_reload told;
    thrift_error err;
};

static const char *keep_text(struct attempt *attempt, const char *text)
{
    const char *copy;

    if (text == NULL) {
        return NULL;
    }
    copy = arena_strdup(&attempt->arena, text, strlen(text));
    attempt->out_of_memory |= copy == NULL;
    return copy;
}

/* Findings live for one call only; the attempt's callbacks see all of them. */
static void keep_finding(const thrift_finding *finding, void *data)
{
    struct attempt *attempt = data;
    thrift_finding *to;

    if (attempt->count == attempt->capacity) {
        size_t capacity = attempt->capacity == 0 ? 16 : 2 * attempt->capacity;
        thrift_finding *grown = arena_alloc(&attempt->arena, capacity * sizeof *grown);

        if (grown == NULL) {
            attempt->out_of_memory = true;
            return;
        }
        if (attempt->count > 0) {
            memcpy(grown, attempt->findings, attempt->count * sizeof *grown);
        }
        attempt->findings = grown;
        attempt->capacity = capacity;
    }
    to = &attempt->findings[attempt->count++];
    *to = *finding;
    to->rule = keep_text(attempt, finding->rule);
    to->element = keep_text(attempt, finding->element);
    to->message = keep_text(attempt, finding->message);
    to->hint = keep_text(attempt, finding->hint);
    to->at.source = keep_text(attempt, finding->at.source);
    to->before.source = keep_text(attempt, finding->before.source);
}

/* Do the files still hold what was loaded from them? */
static bool is_current(const thrift_schema *schema, size_t max_size)
{
    bool same = true;

    for (size_t i = 0; i < schema->file_count && same; i++) {
        const struct schema_file *file = &schema->files[i];
        char *text = NULL;
        size_t size = 0;

        same = file_read(file->path, max_size, &text, &size, NULL) == THRIFT_OK &&
               hash_bytes(text, size) == file->content_hash;
        file_release(text);
    }
    return same;
}

static thrift_schema *load_files(struct attempt *attempt, const thrift_schema *running)
{
    const struct schema_origin *origin = &running->origin;
    const thrift_load_options options = {
        .struct_size = sizeof options,
        .include_dirs = origin->include_dirs,
        .on_finding = keep_finding,
        .data = attempt,
        .limits = &running->limits,
        .allocator = &attempt->server->serving.allocator,
        .root = origin->root,
        .ids = origin->ids,
        .strict = origin->strict,
    };
    thrift_schema *loaded = NULL;

    if (!origin->files) {
        (void)FAIL(&attempt->err, THRIFT_E_STATE,
                   "the running definition did not come from files; give the new one");
        return NULL;
    }
    for (int i = 0; i < READS_MOST; i++) {
        thrift_schema_unref(loaded);
        attempt->count = 0;
        loaded = thrift_load_with(running->files[0].path, &options, &attempt->err);
        if (loaded == NULL || is_current(loaded, running->limits.max_file_size)) {
            return loaded;
        }
    }
    thrift_schema_unref(loaded);
    (void)FAIL(&attempt->err, THRIFT_E_IO, "the files change faster than they can be read");
    return NULL;
}

static thrift_status compare(struct attempt *attempt)
{
    const thrift_reload_options *options = attempt->options;
    size_t breaking = 0;
    thrift_status status = thrift_schema_compare_with(
        attempt->told.before, attempt->told.after,
        THRIFT_COMPARE_OPTIONS(.direction = options->direction, .allow = options->allow_rules,
                               .on_finding = keep_finding, .data = attempt),
        &breaking, &attempt->err);

    attempt->told.breaking_count = breaking;
    attempt->told.findings = attempt->findings;
    attempt->told.finding_count = attempt->count;
    if (attempt->out_of_memory) {
        return FAIL_NOMEM(&attempt->err);
    }
    return status;
}

/* The policy's word: THRIFT_OK publishes. */
static thrift_status decide(struct attempt *attempt, thrift_status compared)
{
    const thrift_reload_options *options = attempt->options;
    thrift_status word;

    if (options->policy == NULL) {
        return options->allow_breaking ? THRIFT_OK : compared;
    }
    attempt->told.outcome = compared == THRIFT_OK || options->allow_breaking
                                ? THRIFT_RELOAD_PUBLISHED
                                : THRIFT_RELOAD_REFUSED;
    word = options->policy(&attempt->told, options->data);
    if (word != THRIFT_OK && compared == THRIFT_OK) {
        return FAIL(&attempt->err, THRIFT_E_INCOMPATIBLE, "the policy refuses the new definition");
    }
    return word == THRIFT_OK ? THRIFT_OK : THRIFT_E_INCOMPATIBLE;
}

static void end_with(struct attempt *attempt, thrift_reload_outcome outcome)
{
    attempt->told.outcome = outcome;
    attempt->told.findings = attempt->findings;
    attempt->told.finding_count = attempt->count;
}

static thrift_status change(struct attempt *attempt, thrift_schema *next)
{
    thrift_status status;

    attempt->told.after = next;
    if (strcmp(thrift_schema_fingerprint(attempt->told.before), thrift_schema_fingerprint(next)) ==
        0) {
        end_with(attempt, THRIFT_RELOAD_UNCHANGED);
        return THRIFT_OK;
    }
    status = compare(attempt);
    if (status != THRIFT_OK && status != THRIFT_E_INCOMPATIBLE) {
        end_with(attempt, THRIFT_RELOAD_FAILED);
        return status;
    }
    status = decide(attempt, status);
    if (status != THRIFT_OK) {
        end_with(attempt, THRIFT_RELOAD_REFUSED);
        return status;
    }
    if (!attempt->options->dry_run) {
        status = server_publish(attempt->server, next, &attempt->err);
    }
    end_with(attempt, status == THRIFT_OK ? THRIFT_RELOAD_PUBLISHED : THRIFT_RELOAD_FAILED);
    return status;
}

/* ---- telling ---- */

static void log_findings(const struct attempt *attempt, const char *event)
{
    for (size_t i = 0; i < attempt->count; i++) {
        const thrift_finding *finding = &attempt->findings[i];
        const thrift_place *at = finding->at.source != NULL ? &finding->at : &finding->before;

        if (finding->severity == THRIFT_FINDING_BREAKING ||
            finding->severity == THRIFT_FINDING_ERROR) {
            log_write(&attempt->server->serving.log, LOG_ERROR, event, "%s:%u:%u: %s: %s%s%s%s%s",
                      at->source != NULL ? at->source : "definition", (unsigned)at->line,
                      (unsigned)at->column, finding->rule,
                      finding->element != NULL ? finding->element : "",
                      finding->element != NULL ? ": " : "", finding->message,
                      finding->hint != NULL ? "; " : "",
                      finding->hint != NULL ? finding->hint : "");
        }
    }
}

static void log_outcome(const struct attempt *attempt)
{
    const struct log *log = &attempt->server->serving.log;
    unsigned long long generation = (unsigned long long)attempt->told.generation;

    switch (attempt->told.outcome) {
    case THRIFT_RELOAD_PUBLISHED:
        log_write(log, LOG_NOTICE,
                  attempt->options->dry_run ? "reload-possible" : "reload-published",
                  "generation %llu runs", generation);
        break;
    case THRIFT_RELOAD_UNCHANGED:
        log_write(log, LOG_INFO, "reload-unchanged", "generation %llu goes on", generation);
        break;
    case THRIFT_RELOAD_REFUSED:
        log_findings(attempt, "reload-finding");
        log_write(log, LOG_ERROR, "reload-refused", "%zu breaking changes; generation %llu goes on",
                  attempt->told.breaking_count, generation);
        break;
    case THRIFT_RELOAD_FAILED:
    default:
        log_findings(attempt, "reload-finding");
        log_write(log, LOG_ERROR, "reload-failed", "%s%s%s; generation %llu goes on",
                  attempt->err.source, attempt->err.source[0] != '\0' ? ": " : "",
                  attempt->err.message, generation);
        break;
    }
}

static bool was_told(const thrift_error *told, const thrift_error *err)
{
    return told != NULL && told->code == err->code && told->line == err->line &&
           strcmp(told->message, err->message) == 0 && strcmp(told->source, err->source) == 0;
}

/* For reflection. */
static void remember(const struct attempt *attempt)
{
    static const char *const names[] = {"none", "published", "unchanged", "refused", "failed"};
    struct reload_memory *last = &attempt->server->last_reload;
    bool failed = attempt->told.outcome == THRIFT_RELOAD_REFUSED ||
                  attempt->told.outcome == THRIFT_RELOAD_FAILED;

    pthread_mutex_lock(&attempt->server->serving.lock);
    last->outcome = names[attempt->told.outcome];
    last->attempts++;
    last->failures += failed;
    memcpy(last->message, failed ? attempt->err.message : "", failed ? sizeof last->message : 1);
    pthread_mutex_unlock(&attempt->server->serving.lock);
}

static void tell(struct attempt *attempt, thrift_status status, thrift_error *told)
{
    if (status != THRIFT_OK && was_told(told, &attempt->err)) {
        return;
    }
    if (told != NULL) {
        *told = attempt->err;
        told->code = status;
    }
    remember(attempt);
    log_outcome(attempt);
    if (attempt->options->done != NULL) {
        attempt->options->done(&attempt->told, attempt->options->data);
    }
}

/* ---- the whole of it ---- */

static thrift_status run(struct attempt *attempt, thrift_schema *given, thrift_error *told)
{
    thrift_server *server = attempt->server;
    struct generation *current = serving_generation(&server->serving);
    thrift_schema *next =
        given != NULL ? thrift_schema_ref(given) : load_files(attempt, current->schema);
    uint64_t begin = clock_now_ns();
    thrift_status status;

    attempt->told.struct_size = sizeof attempt->told;
    attempt->told.before = current->schema;
    if (next != NULL) {
        status = change(attempt, next);
    } else {
        status = attempt->err.code;
        end_with(attempt, THRIFT_RELOAD_FAILED);
    }
    attempt->told.generation = atomic_load(&server->serving.published);
    attempt->told.duration_ns = clock_now_ns() - begin;
    tell(attempt, status, told);
    thrift_schema_unref(next);
    generation_unref(current);
    return status;
}

thrift_status reload_attempt(thrift_server *server, thrift_schema *schema,
                             const thrift_reload_options *options, thrift_error *told,
                             thrift_error *err)
{
    struct attempt attempt = {.server = server, .options = options};
    thrift_status status;

    if (loop_inside() || pthread_mutex_lock(&server->making) == EDEADLK) {
        return FAIL(err, THRIFT_E_STATE,
                    "handlers and callbacks cannot wait for a reload; request one");
    }
    arena_init(&attempt.arena, &server->serving.allocator, SIZE_MAX);
    status = run(&attempt, schema, told);
    arena_deinit(&attempt.arena);
    pthread_mutex_unlock(&server->making);
    if (status != THRIFT_OK && err != NULL) {
        *err = attempt.err;
        err->code = status;
    }
    return status;
}

thrift_status thrift_server_reload(thrift_server *server, thrift_schema *schema,
                                   const thrift_reload_options *options, thrift_error *err)
{
    thrift_reload_options given;

    if (server == NULL) {
        return parent_failed(err, "server");
    }
    OPTIONS_COPY(&given, options);
    return reload_attempt(server, schema, &given, NULL, err);
}

thrift_status thrift_server_rollback(thrift_server *server, uint64_t generation, thrift_error *err)
{
    thrift_error own = THRIFT_ERROR_INIT;
    thrift_schema *schema;
    thrift_status status;

    if (server == NULL) {
        return parent_failed(err, "server");
    }
    if (loop_inside() || pthread_mutex_lock(&server->making) == EDEADLK) {
        return FAIL(err, THRIFT_E_STATE, "handlers and callbacks cannot wait for a reload");
    }
    schema = server_find_kept(server, generation);
    status = schema != NULL ? server_publish(server, schema, &own)
                            : FAIL(&own, THRIFT_E_NAME, "generation %llu is not kept",
                                   (unsigned long long)generation);
    pthread_mutex_unlock(&server->making);
    if (status != THRIFT_OK && err != NULL) {
        *err = own;
    }
    return status;
}
