/*
 * Definition text in memory to a schema ("load"), and to a schema whose first record can be
 * encoded, with layouts and plans made ("ready").
 *
 *   load FILE      the payload's name is the file's name
 *
 * "cold" is the first load of the process: the memory for it comes from the kernel, page by page.
 * After it the process keeps what it freed, so that the other two count our work, not the
 * kernel's, which differs by a factor of fifty between machines.
 */
#include "timing.h"
#include <malloc.h>
#include <rethrift/codec.h>
#include <rethrift/schema.h>

struct work {
    const char *name, *text;
    thrift_buffer out;
};

static void fail(const thrift_error *err)
{
    thrift_error_print(err, stderr);
    exit(1);
}

static void load(void *context)
{
    struct work *work = context;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text(work->name, work->text, NULL, &err);

    if (schema == NULL) {
        fail(&err);
    }
    thrift_schema_unref(schema);
}

/* "Failure" is in every generated file and has no required field. */
static void ready(void *context)
{
    struct work *work = context;
    thrift_error err = THRIFT_ERROR_INIT;
    thrift_schema *schema = thrift_load_text(work->name, work->text, NULL, &err);
    thrift_record *record = thrift_record_new(schema, "Failure", &err);

    work->out.size = 0;
    if (thrift_encode(record, THRIFT_BINARY, NULL, &work->out, &err) != THRIFT_OK) {
        fail(&err);
    }
    thrift_record_free(record);
    thrift_schema_unref(schema);
}

static void measure_cold(struct work *work, const char *name, size_t size)
{
    double begin = bench_now_ns();

    load(work);
    if (bench_wanted(name, "cold")) {
        printf("rethrift\t%s\tcold\t%.0f\t%zu\t-1\t-1\n", name, bench_now_ns() - begin, size);
    }
}

int main(int argc, char **argv)
{
    size_t size;
    struct work work = {NULL, NULL, THRIFT_BUFFER_INIT};
    const char *name;

    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE\n", argv[0]);
        return 2;
    }
    name = strrchr(argv[1], '/') != NULL ? strrchr(argv[1], '/') + 1 : argv[1];
    work.name = argv[1];
    work.text = bench_read(argv[1], &size);
    measure_cold(&work, name, size);
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    bench_run("rethrift", name, "load", size, load, &work);
    bench_run("rethrift", name, "ready", size, ready, &work);
    thrift_buffer_deinit(&work.out);
    return 0;
}
