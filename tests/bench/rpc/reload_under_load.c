/*
 * Reloads while calls run: promises 16 and 17.
 *
 *   reload_under_load DIRECTORY RELOADS SECONDS
 *
 * A server in this process, calls from another one that keep half of the machine's processors busy,
 * each answer checked (stamped.h). One line of figures per phase: in turns without reloads and with
 * RELOADS good ones in SECONDS; with as many again, every second one broken or incompatible; with
 * one of 1 MB. Without reloads as many files are written all the same: the editor's cost is not the
 * server's.
 */
#include "stamped_load.h"
#include <dirent.h>
#include <rethrift/rethrift.h>
#include <sys/wait.h>

#define FILLER_OF_1_MB 6800
#define SLICES 10

struct bench {
    char path[512], next[520], aside[520], name[64];
    thrift_server *server;
    int orders, results;
    long version;       /* of the definition in force */
    uint32_t live_most; /* generations */
    double duration_most_us;
    long without_place; /* refused or failed ones that no finding with file, line, column tells */
    long wrong;         /* attempts that did not end as they should */
    thrift_reload_outcome outcome;
};

static const char *const allowed[] = {"field-removed:Answer", "field-added-in-middle:Answer", NULL};

/* ---- the service ---- */

static thrift_status on_answer(thrift_call *call, const thrift_record *args, void *context)
{
    const thrift_schema *schema = thrift_call_schema(call);
    thrift_value version = thrift_constant_value(thrift_schema_constant(schema, "VERSION"));
    int64_t number = thrift_as_i64(version);

    (void)args, (void)context;
    return thrift_set(thrift_call_result(call), "generation", thrift_call_generation(call),
                      "version", number, number % 2 == 0 ? "even" : "odd", number);
}

/* ---- definitions ---- */

static void replace(struct bench *bench, long version, size_t filler, const char *more)
{
    FILE *file = fopen(bench->next, "w");

    if (file == NULL) {
        die(bench->next);
    }
    stamped_write(file, version, filler);
    fputs(more, file);
    if (fclose(file) != 0 || rename(bench->next, bench->path) != 0) {
        die(bench->path);
    }
}

/* What is wrong with every second one of phase two, behind a good definition. */
static const char *const faults[] = {
    "struct Broken { 1: i32 a\n",
    "struct Broken { 1: i32 a, 1: i32 b }\n",
    "struct Broken { 1: Missing a }\n",
    "typedef Circle Circle\n",
    "struct Broken { 1: i32 a = \"text\" }\n",
    "service Stamped { void again() }\n",
    "struct Answer { 1: i32 a }\n",
    "union U { 1: list<i32 a }\n",
    "enum E { A = 1, A = 2 }\n",
    "/* not closed\n",
};

static void write_incompatible(struct bench *bench, long version)
{
    static const char *const texts[] = {
        /* each breaks something in another way */
        "struct Answer { 1: string generation, 2: i64 version }\n" STAMPED_SERVICE,
        "struct Answer { 1: i64 generation, 2: i64 version }\n"
        "service Stamped { Answer answer(1: string x) }\n",
        "struct Answer { 1: i64 generation, 2: i64 version }\nservice Stamped { }\n",
        "struct Answer { 1: i64 generation, 2: i64 version }\n"
        "service Other { Answer answer(1: i64 x) }\n",
        "struct Answer { 1: required i64 generation, 2: i64 version, 9: required i32 more }\n"
        "service Stamped { Answer answer(1: i64 x) }\n",
    };
    FILE *file = fopen(bench->next, "w");

    if (file == NULL) {
        die(bench->next);
    }
    fputs(texts[(size_t)version % (sizeof texts / sizeof texts[0])], file);
    if (fclose(file) != 0 || rename(bench->next, bench->path) != 0) {
        die(bench->path);
    }
}

/* ---- reloads ---- */

static void note(const thrift_reload *attempt, void *data)
{
    struct bench *bench = data;
    int has_place = 0;

    bench->outcome = attempt->outcome;
    for (size_t i = 0; i < attempt->finding_count; i++) {
        const thrift_finding *finding = &attempt->findings[i];
        const thrift_place *at = finding->at.line > 0 ? &finding->at : &finding->before;

        has_place |= (finding->severity == THRIFT_FINDING_ERROR ||
                      finding->severity == THRIFT_FINDING_BREAKING) &&
                     at->source != NULL && strcmp(at->source, bench->path) == 0 && at->line > 0 &&
                     at->column > 0 && finding->rule != NULL;
    }
    bench->without_place += attempt->outcome != THRIFT_RELOAD_PUBLISHED && !has_place;
    if ((double)attempt->duration_ns / 1e3 > bench->duration_most_us) {
        bench->duration_most_us = (double)attempt->duration_ns / 1e3;
    }
}

static void reload(struct bench *bench, thrift_reload_outcome expected)
{
    uint64_t before = thrift_server_generation(bench->server), after;
    thrift_reload_stats stats = THRIFT_RELOAD_STATS_INIT;
    thrift_error err = THRIFT_ERROR_INIT;

    (void)thrift_server_reload(
        bench->server, NULL,
        THRIFT_RELOAD_OPTIONS(.allow_rules = allowed, .done = note, .data = bench), &err);
    (void)thrift_server_reload_stats(bench->server, &stats, NULL);
    after = thrift_server_generation(bench->server);
    bench->live_most =
        stats.live_generations > bench->live_most ? stats.live_generations : bench->live_most;
    if (bench->outcome != expected ||
        after != before + (expected == THRIFT_RELOAD_PUBLISHED ? 1 : 0)) {
        fprintf(stderr, "outcome %d, not %d: %s\n", (int)bench->outcome, (int)expected,
                err.message);
        bench->wrong++;
    }
}

static void reload_good(struct bench *bench, size_t filler)
{
    replace(bench, bench->version + 1, filler, "");
    reload(bench, THRIFT_RELOAD_PUBLISHED);
    bench->version++;
}

/* Broken and incompatible ones in turns. */
static void reload_bad(struct bench *bench, long i)
{
    if (i % 2 == 0) {
        replace(bench, bench->version + 1, 0,
                faults[(size_t)i / 2 % (sizeof faults / sizeof faults[0])]);
        reload(bench, THRIFT_RELOAD_FAILED);
    } else {
        write_incompatible(bench, i / 2);
        reload(bench, THRIFT_RELOAD_REFUSED);
    }
}

/* ---- phases ---- */

static long resident_kb(void)
{
    long total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file == NULL || fscanf(file, "%ld %ld", &total, &resident) != 2) {
        die("/proc/self/statm");
    }
    fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static int descriptors(void)
{
    DIR *directory = opendir("/proc/self/fd");
    int count = 0;

    while (directory != NULL && readdir(directory) != NULL) {
        count++;
    }
    closedir(directory);
    return count;
}

static void order(struct bench *bench, double seconds, double per_second)
{
    struct load_order order = {seconds, per_second};

    if (write(bench->orders, &order, sizeof order) != (ssize_t)sizeof order) {
        die("order");
    }
}

static struct load_result result(struct bench *bench)
{
    struct load_result result;

    if (read(bench->results, &result, sizeof result) != (ssize_t)sizeof result) {
        die("result");
    }
    return result;
}

static void print(const char *phase, struct bench *bench, const struct load_result *load,
                  long reloads, double took)
{
    printf("phase=%s calls=%ld failed=%ld mixed=%ld per_second=%.0f p50_us=%.1f p99_us=%.1f "
           "worst_us=%.1f reloads=%ld took=%.2f live_most=%u duration_most_us=%.0f wrong=%ld "
           "without_place=%ld rss_kb=%ld fds=%d\n",
           phase, load->calls, load->failed, load->mixed, load->per_second, load->p50_us,
           load->p99_us, load->worst_us, reloads, took, bench->live_most, bench->duration_most_us,
           bench->wrong, bench->without_place, resident_kb(), descriptors());
    fflush(stdout);
    bench->live_most = 0;
    bench->duration_most_us = 0;
}

typedef void (*attempt_fn)(struct bench *bench, long i);

static void good(struct bench *bench, long i)
{
    (void)i;
    reload_good(bench, 0);
}

static void good_or_bad(struct bench *bench, long i)
{
    if (i % 2 == 0) {
        reload_good(bench, 0);
    } else {
        reload_bad(bench, i / 2);
    }
}

static void written_only(struct bench *bench, long i)
{
    FILE *file = fopen(bench->next, "w");

    (void)i;
    if (file == NULL) {
        die(bench->next);
    }
    stamped_write(file, bench->version, 0);
    if (fclose(file) != 0 || rename(bench->next, bench->aside) != 0) {
        die(bench->aside);
    }
}

static void large(struct bench *bench, long i)
{
    (void)i;
    reload_good(bench, FILLER_OF_1_MB);
}

/* `count` attempts, evenly over the time of the load but for its end. */
static void run(struct bench *bench, const char *phase, attempt_fn attempt, long count,
                double seconds, double per_second)
{
    uint64_t begin, end;
    struct load_result load;

    order(bench, seconds, per_second);
    begin = now_ns();
    for (long i = 0; i < count; i++) {
        uint64_t due = begin + (uint64_t)(0.95 * seconds * 1e9 * (double)i / (double)count);
        uint64_t now = now_ns();

        if (due > now) {
            usleep((useconds_t)((due - now) / 1000));
        }
        attempt(bench, i);
    }
    end = now_ns();
    load = result(bench);
    print(phase, bench, &load, count, (double)(end - begin) / 1e9);
}

/* The rate at which both processes together take half of the processors' time. */
static double half_load(struct bench *bench)
{
    double processors = (double)sysconf(_SC_NPROCESSORS_ONLN), most, busy;

    order(bench, 1, 0);
    most = result(bench).per_second;
    busy = load_processor_seconds();
    order(bench, 2, most / 4);
    busy = result(bench).processor_seconds + load_processor_seconds() - busy;
    return most / 4 * processors / 2 / (busy / 2);
}

/* Quiet and busy slices in turns, so that what else the machine does hits both. */
static void run_all(struct bench *bench, long reloads, double seconds)
{
    double per_second = half_load(bench);

    run(bench, "warm-up", good_or_bad, 300, 3, per_second);
    for (int i = 0; i < SLICES; i++) {
        run(bench, "quiet", written_only, reloads / SLICES / 2, seconds / SLICES / 2, per_second);
        run(bench, "good", good, reloads / SLICES, seconds / SLICES, per_second);
    }
    run(bench, "mixed", good_or_bad, reloads, seconds, per_second);
    run(bench, "quiet-after", written_only, 20, seconds / 4, per_second);
    run(bench, "large", large, 20, seconds / 4, per_second);
}

static void start_load(struct bench *bench, pid_t *out_child)
{
    int orders[2], results[2];

    if (pipe2(orders, O_CLOEXEC) != 0 || pipe2(results, O_CLOEXEC) != 0) {
        die("pipe");
    }
    *out_child = fork();
    if (*out_child == 0) {
        char go;

        close(orders[1]);
        if (read(orders[0], &go, 1) == 1) { /* the server listens */
            load_serve_orders(bench->name, orders[0], results[1]);
        }
        exit(1);
    }
    bench->orders = orders[1];
    bench->results = results[0];
    close(orders[0]);
    close(results[1]);
}

static void print_warning(int level, const char *line, void *data)
{
    (void)data;
    if (level <= 4 && strncmp(line, "reload-", 7) != 0) {
        fprintf(stderr, "%s\n", line);
    }
}

int main(int argc, char **argv)
{
    struct bench bench = {.version = 1};
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema;
    thrift_registry *handlers = thrift_registry_new();
    char address[96];
    pid_t child;

    if (argc != 4) {
        return 2;
    }
    snprintf(bench.path, sizeof bench.path, "%s/stamped.thrift", argv[1]);
    snprintf(bench.next, sizeof bench.next, "%s.next", bench.path);
    snprintf(bench.aside, sizeof bench.aside, "%s.aside", bench.path);
    snprintf(bench.name, sizeof bench.name, "rethrift-bench-reload-%d", (int)getpid());
    snprintf(address, sizeof address, "unix:@%s", bench.name);
    start_load(&bench, &child); /* before there are threads */
    replace(&bench, 1, 0, "");
    schema = thrift_load(bench.path, &err);
    thrift_bind(handlers, "Stamped.answer", on_answer, NULL);
    bench.server =
        thrift_server_new(schema, handlers, THRIFT_SERVER_OPTIONS(.log = print_warning), &err);
    thrift_server_listen(bench.server, address, &err);
    if (thrift_server_start(bench.server, &err) != THRIFT_OK || write(bench.orders, "g", 1) != 1) {
        thrift_error_print(&err, stderr);
        return 1;
    }
    run_all(&bench, atol(argv[2]), atof(argv[3]));
    close(bench.orders);
    waitpid(child, NULL, 0);
    thrift_server_free(bench.server);
    thrift_registry_free(handlers);
    thrift_schema_unref(schema);
    return 0;
}
