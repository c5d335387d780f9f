/*
 * Jansson: text to tree ("decode") and tree to text ("encode") of the payloads as plain JSON.
 *
 *   jansson_json DIRECTORY
 */
#include "timing.h"
#include <jansson.h>

struct work {
    const char *text;
    size_t size;
    json_t *tree;
    char *out;
    size_t capacity;
};

static void encode(void *context)
{
    struct work *work = context;

    if (json_dumpb(work->tree, work->out, work->capacity, JSON_COMPACT) > work->capacity) {
        exit(1);
    }
    BENCH_KEEP(work->out);
}

static json_t *load(struct work *work)
{
    json_error_t error;
    json_t *tree = json_loadb(work->text, work->size, 0, &error);

    if (tree == NULL) {
        fprintf(stderr, "line %d: %s\n", error.line, error.text);
        exit(1);
    }
    return tree;
}

static void decode(void *context) { json_decref(load(context)); }

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

        snprintf(file, sizeof file, "%s.json", payloads[i]);
        work.text = bench_load(argv[1], file, &work.size);
        work.tree = load(&work);
        work.capacity = 2 * work.size + 64;
        work.out = malloc(work.capacity);
        if (work.out == NULL) {
            return 1;
        }
        bench_run("jansson", payloads[i], "encode", work.size, encode, &work);
        bench_run("jansson", payloads[i], "decode", work.size, decode, &work);
    }
    return 0;
}
