/*
 * Attempts to change a running definition.
 *
 * All work happens in the thread that attempts, never on a loop. Files that change while they are
 * read are read again, so that what is compared is one state of all of them.
 */
#include "rpc/reload.h"

#include <errno.h>
#include <rethrift/compat.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "transport/loop.h"

#define READS_MOST 5

/* ---- one attempt ---- */

struct attempt {
    struct reload_target *target;
    const thrift_reload_options *options;
    struct finding_list findings;
    thrift_reload told;
    thrift_error err;
};

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

static thrift_schema *load_once(struct attempt *attempt, const thrift_schema *last)
{
    const struct schema_origin *origin = &last->origin;
    const thrift_load_options options = {
        .struct_size = sizeof options,
        .include_dirs = origin->include_dirs,
        .on_finding = finding_list_add,
        .data = &attempt->findings,
        .limits = &last->limits,
        .allocator = attempt->target->allocator,
        .root = origin->root,
        .ids = origin->ids,
        .strict = origin->strict,
    };

    finding_list_clear(&attempt->findings);
    return thrift_load_with(last->files[0].path, &options, &attempt->err);
}

static thrift_schema *load_files(struct attempt *attempt)
{
    const thrift_schema *last = attempt->target->from_files; /* `making` is locked */
    thrift_schema *loaded = NULL;

    if (last == NULL) {
        (void)FAIL(&attempt->err, THRIFT_E_STATE,
                   "the running definition did not come from files; give the new one");
        return NULL;
    }
    for (int i = 0; i < READS_MOST; i++) {
        thrift_schema_unref(loaded);
        loaded = load_once(attempt, last);
        if (loaded == NULL || is_current(loaded, last->limits.max_file_size)) {
            return loaded;
        }
    }
    thrift_schema_unref(loaded);
    (void)FAIL(&attempt->err, THRIFT_E_IO, "the files change faster than they can be read");
    return NULL;
}

static thrift_schema *load(struct attempt *attempt)
{
    struct reload_target *target = attempt->target;

    return target->load != NULL
               ? target->load(target->owner, finding_list_add, &attempt->findings, &attempt->err)
               : load_files(attempt);
}

static thrift_status compare(struct attempt *attempt)
{
    const thrift_reload_options *options = attempt->options;
    size_t breaking = 0;
    thrift_status status = thrift_schema_compare_with(
        attempt->told.before, attempt->told.after,
        THRIFT_COMPARE_OPTIONS(.direction = options->direction, .allow = options->allow_rules,
                               .on_finding = finding_list_add, .data = &attempt->findings),
        &breaking, &attempt->err);

    attempt->told.breaking_count = breaking;
    attempt->told.findings = attempt->findings.items;
    attempt->told.finding_count = attempt->findings.count;
    if (attempt->findings.incomplete) {
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
    attempt->told.findings = attempt->findings.items;
    attempt->told.finding_count = attempt->findings.count;
}

static thrift_status publish(struct attempt *attempt, thrift_schema *next)
{
    struct reload_target *target = attempt->target;
    bool rehearse = attempt->options->dry_run;
    thrift_status status = target->publish(target->owner, next, rehearse, finding_list_add,
                                           &attempt->findings, &attempt->err);

    if (status == THRIFT_OK && !rehearse && next->origin.files) {
        pthread_mutex_lock(&target->history.lock);
        thrift_schema_unref(target->from_files);
        target->from_files = thrift_schema_ref(next);
        pthread_mutex_unlock(&target->history.lock);
    }
    return status;
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
    status = publish(attempt, next);
    end_with(attempt, status == THRIFT_OK ? THRIFT_RELOAD_PUBLISHED : THRIFT_RELOAD_FAILED);
    return status;
}

/* ---- telling ---- */

/* As thrift_finding_print() begins them. */
static void log_finding(const struct log *log, const thrift_finding *finding)
{
    const thrift_place *at = finding_place(finding);

    log_write(log, LOG_ERROR, "reload-finding", "%s:%u:%u: %s: %s [%s]%s%s%s",
              at->source != NULL ? at->source : "definition", (unsigned)at->line,
              (unsigned)at->column,
              finding->severity == THRIFT_FINDING_BREAKING ? "breaking" : "error", finding->message,
              finding->rule, at == &finding->before ? " (place in the running definition)" : "",
              finding->hint != NULL ? "; " : "", finding->hint != NULL ? finding->hint : "");
}

static void log_findings(const struct attempt *attempt)
{
    for (size_t i = 0; i < attempt->findings.count; i++) {
        const thrift_finding *finding = &attempt->findings.items[i];

        if (finding->severity == THRIFT_FINDING_BREAKING ||
            finding->severity == THRIFT_FINDING_ERROR) {
            log_finding(attempt->target->log, finding);
        }
    }
}

/* The findings say it with their places; this is the sum of them, or what is no finding. */
static void log_kept(const struct attempt *attempt, const char *event)
{
    const struct log *log = attempt->target->log;
    unsigned long long generation = (unsigned long long)attempt->told.generation;
    size_t breaking = attempt->told.breaking_count;

    log_findings(attempt);
    if (attempt->told.outcome == THRIFT_RELOAD_REFUSED && breaking > 0) {
        log_write(log, LOG_ERROR, event, "%zu %s peers; generation %llu goes on", breaking,
                  breaking == 1 ? "change breaks" : "changes break", generation);
    } else {
        log_write(log, LOG_ERROR, event, "%s; generation %llu goes on", attempt->err.message,
                  generation);
    }
}

static void log_published(const struct attempt *attempt)
{
    const struct log *log = attempt->target->log;
    unsigned long long generation = (unsigned long long)attempt->told.generation;

    if (attempt->options->dry_run) {
        log_write(log, LOG_NOTICE, "reload-possible", "generation %llu goes on", generation);
    } else {
        log_write(log, LOG_NOTICE, "reload-published", "generation %llu runs after %.1f ms",
                  generation, (double)attempt->told.duration_ns / 1e6);
    }
}

static void log_outcome(const struct attempt *attempt)
{
    switch (attempt->told.outcome) {
    case THRIFT_RELOAD_PUBLISHED:
        log_published(attempt);
        break;
    case THRIFT_RELOAD_UNCHANGED:
        log_write(attempt->target->log, LOG_INFO, "reload-unchanged", "generation %llu goes on",
                  (unsigned long long)attempt->told.generation);
        break;
    case THRIFT_RELOAD_REFUSED:
        log_kept(attempt, "reload-refused");
        break;
    case THRIFT_RELOAD_FAILED:
    default:
        log_kept(attempt, "reload-failed");
        break;
    }
}

static bool was_told(const thrift_error *told, const thrift_error *err)
{
    return told != NULL && told->code == err->code && told->line == err->line &&
           strcmp(told->message, err->message) == 0 && strcmp(told->source, err->source) == 0;
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
    if (!attempt->options->dry_run) {
        reload_history_add(&attempt->target->history, &attempt->told, &attempt->err);
    }
    log_outcome(attempt);
    if (attempt->options->done != NULL) {
        attempt->options->done(&attempt->told, attempt->options->data);
    }
}

/* ---- the whole of it ---- */

static thrift_status run(struct attempt *attempt, thrift_schema *given, thrift_error *told,
                         thrift_schema **out_loaded)
{
    struct reload_target *target = attempt->target;
    uint64_t begin = clock_now_ns();
    thrift_schema *before = target->running(target->owner, &attempt->told.generation);
    thrift_schema *next = given != NULL ? thrift_schema_ref(given) : load(attempt);
    thrift_status status;

    attempt->told.struct_size = sizeof attempt->told;
    attempt->told.before = before;
    attempt->told.dry_run = attempt->options->dry_run;
    if (next != NULL) {
        status = change(attempt, next);
    } else {
        status = attempt->err.code;
        end_with(attempt, THRIFT_RELOAD_FAILED);
    }
    thrift_schema_unref(target->running(target->owner, &attempt->told.generation));
    attempt->told.duration_ns = clock_now_ns() - begin;
    tell(attempt, status, told);
    if (out_loaded != NULL) {
        *out_loaded = thrift_schema_ref(next);
    }
    thrift_schema_unref(next);
    thrift_schema_unref(before);
    return status;
}

thrift_status reload_attempt(struct reload_target *target, thrift_schema *schema,
                             const thrift_reload_options *options, thrift_error *told,
                             thrift_schema **out_loaded, thrift_error *err)
{
    struct attempt attempt = {.target = target, .options = options};
    thrift_status status;

    if (!reload_target_lock(target, err)) {
        return THRIFT_E_STATE;
    }
    finding_list_init(&attempt.findings, target->allocator);
    status = run(&attempt, schema, told, out_loaded);
    finding_list_deinit(&attempt.findings);
    reload_target_unlock(target);
    if (status != THRIFT_OK && err != NULL) {
        *err = attempt.err;
        err->code = status;
    }
    return status;
}

/* ---- targets ---- */

void reload_target_init(struct reload_target *target, thrift_schema *first)
{
    pthread_mutexattr_t telling;

    (void)pthread_mutexattr_init(&telling);
    (void)pthread_mutexattr_settype(&telling, PTHREAD_MUTEX_ERRORCHECK);
    (void)pthread_mutex_init(&target->making, &telling);
    (void)pthread_mutexattr_destroy(&telling);
    reload_history_init(&target->history, target->allocator);
    target->from_files = first->origin.files ? thrift_schema_ref(first) : NULL;
}

void reload_target_deinit(struct reload_target *target)
{
    thrift_schema_unref(target->from_files);
    reload_history_deinit(&target->history);
    (void)pthread_mutex_destroy(&target->making);
}

bool reload_target_lock(struct reload_target *target, thrift_error *err)
{
    if (loop_inside() || pthread_mutex_lock(&target->making) == EDEADLK) {
        (void)FAIL(err, THRIFT_E_STATE,
                   "handlers and callbacks cannot wait for a reload; request one");
        return false;
    }
    return true;
}

void reload_target_unlock(struct reload_target *target)
{
    (void)pthread_mutex_unlock(&target->making);
}

thrift_schema *reload_target_files(struct reload_target *target)
{
    thrift_schema *files;

    pthread_mutex_lock(&target->history.lock);
    files = thrift_schema_ref(target->from_files);
    pthread_mutex_unlock(&target->history.lock);
    return files;
}
