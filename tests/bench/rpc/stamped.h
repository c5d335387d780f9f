/*
 * The service of the reload benchmarks: every answer carries the marks of one definition.
 *
 * Version v of the definition has the constant VERSION = v, and in the answer the field `even` or
 * `odd`. An answer of generation g is whole when its version is g and exactly that field holds g.
 */
#ifndef BENCH_STAMPED_H
#define BENCH_STAMPED_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STAMPED_SERVICE "service Stamped { Answer answer(1: i64 x) }\n"

static inline uint64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static inline void die(const char *what)
{
    perror(what);
    exit(1);
}

/* `filler` structs make it long. */
static inline void stamped_write(FILE *file, long version, size_t filler)
{
    fprintf(file,
            "const i64 VERSION = %ld\n"
            "struct Answer { 1: i64 generation, 2: i64 version, %s }\n" STAMPED_SERVICE,
            version, version % 2 == 0 ? "3: optional i64 even" : "4: optional i64 odd");
    for (size_t i = 0; i < filler; i++) {
        fprintf(file,
                "struct Filler%zu { 1: i32 number, 2: string name, 3: optional list<i64> items, "
                "4: map<string, i32> counts, 5: bool is_set, 6: double amount }\n",
                i);
    }
}

static inline uint64_t stamped_read(const unsigned char *at, int bytes)
{
    uint64_t value = 0;

    for (int i = 0; i < bytes; i++) {
        value = value << 8 | at[i];
    }
    return value;
}

static inline void stamped_put(unsigned char *at, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        at[i] = (unsigned char)(value >> (8 * (bytes - 1 - i)));
    }
}

/* A framed strict call answer(x) with that sequence id; returns its size. */
static inline size_t stamped_call(unsigned char out[64], uint32_t sequence)
{
    unsigned char *at = out + 4;

    stamped_put(at, 0x80010001u, 4);
    stamped_put(at + 4, 6, 4);
    memcpy(at + 8, "answer", 6);
    stamped_put(at + 14, sequence, 4);
    at[18] = 10;
    stamped_put(at + 19, 1, 2);
    stamped_put(at + 21, sequence, 8);
    at[29] = 0;
    stamped_put(out, 30, 4);
    return 34;
}

enum stamped_verdict { STAMPED_WHOLE, STAMPED_FAILED, STAMPED_MIXED };

/* One message without its frame's size. */
static inline enum stamped_verdict stamped_check(const unsigned char *at, size_t size)
{
    const unsigned char *end = at + size;
    uint64_t values[5] = {0}, generation;
    unsigned seen = 0;

    if (size < 18 || at[3] != 2) {
        return STAMPED_FAILED; /* an exception */
    }
    at += 18;
    if (at + 3 > end || at[0] != 12 || stamped_read(at + 1, 2) != 0) {
        return STAMPED_FAILED;
    }
    for (at += 3; at + 11 <= end && at[0] == 10; at += 11) {
        uint64_t id = stamped_read(at + 1, 2);

        if (id < 1 || id > 4) {
            return STAMPED_MIXED;
        }
        seen |= 1u << id;
        values[id] = stamped_read(at + 3, 8);
    }
    generation = values[1];
    return at + 2 == end && values[2] == generation &&
                   values[generation % 2 == 0 ? 3 : 4] == generation &&
                   seen == (1u << 1 | 1u << 2 | 1u << (generation % 2 == 0 ? 3 : 4))
               ? STAMPED_WHOLE
               : STAMPED_MIXED;
}

#endif
