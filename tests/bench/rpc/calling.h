/*
 * A client that calls for a while and prints how often (C and C++).
 */
#ifndef BENCH_CALLING_H
#define BENCH_CALLING_H

#include <stdio.h>
#include <time.h>

static inline double calling_now(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* `call` makes so many calls, and returns 0 when one failed. Returns the exit status. */
static inline int call_for(double seconds, int (*call)(void *context), int count, void *context)
{
    double begin, cpu, now;
    long calls = 0;

    for (int i = 0; i < 500; i++) {
        if (call(context) == 0) {
            return 1;
        }
    }
    begin = now = calling_now(CLOCK_MONOTONIC);
    cpu = calling_now(CLOCK_PROCESS_CPUTIME_ID);
    while (now - begin < seconds) {
        for (int i = 0; i < 50; i++) {
            if (call(context) == 0) {
                return 1;
            }
        }
        calls += 50L * count;
        now = calling_now(CLOCK_MONOTONIC);
    }
    cpu = calling_now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    printf("per_second=%.0f cpu_per_100k=%.4f\n", (double)calls / (now - begin),
           cpu / (double)calls * 1e5);
    return 0;
}

#endif
