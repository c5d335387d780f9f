/*
 * The bound: copying a payload's bytes, into the same place each time ("encode") and into memory
 * that is allocated and freed ("decode").
 *
 *   memory_copy DIRECTORY
 */
#include "timing.h"

struct work {
    const char *bytes;
    char *copy;
    size_t size;
};

static void copy(void *context)
{
    struct work *work = context;

    memcpy(work->copy, work->bytes, work->size);
    BENCH_KEEP(work->copy);
}

static void copy_fresh(void *context)
{
    struct work *work = context;
    char *fresh = malloc(work->size);

    if (fresh != NULL) {
        memcpy(fresh, work->bytes, work->size);
    }
    BENCH_KEEP(fresh);
    free(fresh);
}

int main(int argc, char **argv)
{
    static const char *const payloads[] = {"a", "b", "c", "d", "e", "f"};

    if (argc < 2) {
        fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
        return 2;
    }
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        struct work work;
        char file[32];

        snprintf(file, sizeof file, "%s.binary", payloads[i]);
        work.bytes = bench_load(argv[1], file, &work.size);
        work.copy = malloc(work.size);
        if (work.copy == NULL) {
            return 1;
        }
        bench_run("memcpy", payloads[i], "encode", work.size, copy, &work);
        bench_run("memcpy", payloads[i], "decode", work.size, copy_fresh, &work);
    }
    return 0;
}
