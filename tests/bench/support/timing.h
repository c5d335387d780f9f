/*
 * Timing of one operation in a loop, for every measuring program (C and C++).
 *
 * Thread CPU time, several samples, the median; one line of text per operation (harness/runner.py
 * reads it). Settings come from the environment:
 *   BENCH_MS         milliseconds per sample (20)
 *   BENCH_SAMPLES    samples (5)
 *   BENCH_PAYLOADS   letters of the payloads to run, e.g. "abc" (all)
 *   BENCH_OPERATION  the only operation to run (all)
 *   BENCH_ITERATIONS run so many times and print nothing: for instruction counts
 * Allocations are counted when support/allocation_counter.c is preloaded.
 */
#ifndef BENCH_TIMING_H
#define BENCH_TIMING_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Keeps the compiler from dropping work whose result is at `p`. */
#define BENCH_KEEP(p) __asm__ volatile("" : : "r"(p) : "memory")
#define BENCH_SAMPLES_MOST 64

typedef void (*bench_fn)(void *context);
typedef long (*bench_count_fn)(int bytes);

static inline double bench_now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline const char *bench_setting(const char *name, const char *fallback)
{
    const char *value = getenv(name);

    return value != NULL && *value != '\0' ? value : fallback;
}

static inline int bench_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static inline double bench_time_ns(bench_fn run, void *context, long times)
{
    double begin = bench_now_ns();

    for (long i = 0; i < times; i++) {
        run(context);
    }
    return bench_now_ns() - begin;
}

/* How many runs fill one sample. */
static inline long bench_calibrate(bench_fn run, void *context, double sample_ns)
{
    long times = 1;
    double ns = bench_time_ns(run, context, times);

    while (ns < sample_ns / 2) {
        times *= 2;
        ns = bench_time_ns(run, context, times);
    }
    times = (long)((double)times * sample_ns / ns);
    return times < 1 ? 1 : times;
}

/* Allocations of one warm run; -1 when nobody counts. */
static inline void bench_count(bench_fn run, void *context, long *out_count, long *out_bytes)
{
    bench_count_fn counter;

    *(void **)&counter = dlsym(RTLD_DEFAULT, "allocation_count");
    *out_count = *out_bytes = -1;
    if (counter != NULL) {
        long count = counter(0), bytes = counter(1);

        run(context);
        *out_count = counter(0) - count;
        *out_bytes = counter(1) - bytes;
    }
}

/* Those with a number behind their letter are larger ones, never asked for by themselves. */
static inline int bench_wanted_payload(const char *payload)
{
    const char *wanted = bench_setting("BENCH_PAYLOADS", "");

    return *wanted == '\0' || (payload[1] == '\0' && strchr(wanted, payload[0]) != NULL);
}

static inline int bench_wanted(const char *payload, const char *operation)
{
    return bench_wanted_payload(payload) &&
           strcmp(bench_setting("BENCH_OPERATION", operation), operation) == 0;
}

static inline void bench_run(const char *implementation, const char *payload, const char *operation,
                             size_t bytes, bench_fn run, void *context)
{
    const char *iterations = getenv("BENCH_ITERATIONS");
    double sample_ns = atof(bench_setting("BENCH_MS", "20")) * 1e6, ns[BENCH_SAMPLES_MOST];
    int samples = atoi(bench_setting("BENCH_SAMPLES", "5"));
    long times, allocations, allocated;

    if (!bench_wanted(payload, operation)) {
        return;
    }
    if (iterations != NULL) {
        bench_time_ns(run, context, atol(iterations));
        return;
    }
    if (samples < 1 || samples > BENCH_SAMPLES_MOST) {
        samples = 5;
    }
    bench_time_ns(run, context, 2);
    times = bench_calibrate(run, context, sample_ns);
    for (int i = 0; i < samples; i++) {
        ns[i] = bench_time_ns(run, context, times) / (double)times;
    }
    qsort(ns, (size_t)samples, sizeof ns[0], bench_compare);
    bench_count(run, context, &allocations, &allocated);
    printf("%s\t%s\t%s\t%.2f\t%zu\t%ld\t%ld\n", implementation, payload, operation, ns[samples / 2],
           bytes, allocations, allocated);
    fflush(stdout);
}

/* The whole file; 64 zero bytes follow it. Ends the program when it cannot be read. */
static inline char *bench_read(const char *path, size_t *out_size)
{
    FILE *file;
    long size;
    char *data;

    file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0) {
        perror(path);
        exit(1);
    }
    rewind(file);
    data = (char *)calloc(1, (size_t)size + 64);
    if (data == NULL || fread(data, 1, (size_t)size, file) != (size_t)size) {
        perror(path);
        exit(1);
    }
    fclose(file);
    *out_size = (size_t)size;
    return data;
}

static inline char *bench_load(const char *directory, const char *name, size_t *out_size)
{
    char path[512];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    return bench_read(path, out_size);
}

static inline void bench_save(const char *directory, const char *name, const void *data,
                              size_t size)
{
    char path[512];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", directory, name);
    file = fopen(path, "wb");
    if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

#endif
